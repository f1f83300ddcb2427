"""Names: another known one, an organisation that does not exist, a tool that does not exist."""

from __future__ import annotations

import random
import re

from evals.seeded.sample import Sample
from evals.seeded.sentences import lower_first, without_stop
from evals.seeded.sources import World

ORGANISATIONS = (
    "Indeed Hiring Lab", "Stanford Digital Economy Lab", "Federal Reserve Bank of New York", "New York Fed",
    "Federal Reserve Bank of Dallas", "Dallas Fed", "U.S. Census Bureau", "Census Bureau", "Bureau of Labor Statistics",
    "World Economic Forum", "International Monetary Fund", "Economic Policy Institute", "Pew Research Center",
    "Center for AI Safety", "Cloud Native Computing Foundation", "Inside Higher Ed", "Business Today", "Rains News",
    "Policy Edge", "AlgeriaTech News", "AI Haberleri", "Robert Half", "Mordor Intelligence", "JobZone Risk", "Mneme HQ",
    "Data Center Dynamics", "University of Illinois", "University of Hong Kong", "Spotify Engineering",
    "Financial Times",
    "Management Science", "PE Magazine", "CIO Dive", "CIO News", "IT Brief", "CBS News", "dbt Labs", "Cast AI",
    "Postlark",
    "Metosys", "Fivetran", "Veritone", "Veracode", "Techzine", "OCDevel", "Rework", "Ravio", "dltHub", "AIWire",
    "CloseIT",
    "Mondaq", "Klarna", "Spotify", "Anthropic", "OpenAI", "Microsoft", "Accenture", "Snowflake", "Salesforce", "Amazon",
    "Google", "Gartner", "LinkedIn", "Technavio", "Spacelift", "Acceler8 Talent", "METR", "NSPE", "NCEES", "NACE",
    "CNCF",
    "CNBC", "PwC", "IBM", "IMF", "BLS", "EPI", "WEF", "Meta", "Axios", "Baidu", "YouTubeSummary", "SERP-P", "Pew",
    "Indeed",
    "Stanford", "Hasura PromptQL", "UC Berkeley",
)  # fmt: skip
"""Organisations of the corpus, the longer name before one that it holds."""
PEOPLE = (
    "Vijay Kumar", "Adrian Brudaru", "Nickle LaMoreaux", "Natasha Pillay-Bemath", "Laura Ullrich", "Alexandr Wang",
    "Sebastian Siemiatkowski", "Jeff Gottfried", "Chris Child", "Thomas Kwa", "Dave Treadwell", "Dario Amodei",
    "Sam Altman",
    "Yann LeCun", "Gary Marcus", "Andrew Ng", "Brudaru", "LaMoreaux", "Ullrich",
)  # fmt: skip
TOOLS = (
    "GitHub Copilot", "Cursor Pro", "Claude Code", "Claude Opus 4.6", "Claude Opus 4.5", "Claude Opus 4.7",
    "Gemini 3.1 Pro",
    "Gemini 3 Pro", "Gemini 2.5 Flash", "GPT-5-mini", "GPT-5.5", "GPT-5.2", "GPT-5", "Fable 5", "Opus 4.8", "Opus 4.6",
    "DeepSeek V3.2", "Kimi K2", "Grok 4", "Manus 1.6 Max", "Qwen3.7 Max", "o1-preview", "gpt-5-codex", "gpt-4o",
    "TBD Lab",
    "Kubeflow Pipelines", "SageMaker Pipelines", "SageMaker", "Vertex AI", "Databricks", "Dagster", "Prefect",
    "WhyLabs",
    "Evidently AI", "Karpenter", "Kueue", "Kubernetes", "BigQuery", "HyperPod", "Kiro", "Amazon Q Developer", "MLflow",
    "Weights & Biases", "TensorRT", "vLLM", "TheAgentCompany", "ELT-Bench-Verified", "ELT-Bench", "MLE-bench",
    "ITBench-AA",
    "SWE-bench Verified", "Spider 2.0", "BIRD", "Remote Labor Index", "Data Agent Benchmark", "PromptQL", "SAR-Agent",
    "ClearML", "Llama 3", "ARIA", "Honk", "Backstage", "PostgreSQL", "MongoDB", "DuckDB", "ChatGPT", "AIDE", "Gemini",
)  # fmt: skip
"""Products, models and benchmarks of the corpus."""
_KINDS = (ORGANISATIONS, PEOPLE, TOOLS)

_FIRST = (
    "Halvorsen", "Northbridge", "Kestrel", "Meridian", "Altavia", "Brightwater", "Corvane", "Delphine", "Eastmark",
    "Fennimore", "Glasswing", "Harrowgate", "Ironbark", "Juniper Hill", "Lindqvist", "Marlowe", "Oakhurst", "Pellucid",
    "Quillon", "Ravenscourt", "Silverbeck", "Tamarisk", "Umbria", "Verdane", "Westerholm", "Zephyrine",
)  # fmt: skip
_LAST = (
    "Institute", "Research Group", "Labour Observatory", "Partners", "Analytics", "Workforce Lab", "Foundation",
    "Council",
    "University", "Consulting", "Center for the Future of Work", "Data Collective", "Ventures", "Policy Forum",
)  # fmt: skip
_TOOL_FIRST = (
    "Flux", "Pipe", "Deploy", "Quanta", "Neuro", "Orbit", "Cinder", "Vector", "Loom", "Strato", "Grid", "Tensor",
    "Ember",
    "Shard", "Lattice", "Syntho", "Ferro", "Pulse", "Nimbo", "Helio",
)  # fmt: skip
_TOOL_LAST = (
    "Pilot",
    "Forge",
    "Mind",
    "Ops AI",
    "Weaver",
    "Smith",
    "Agent 2",
    "Bench",
    "Sense",
    "Coder Pro",
    "Flow X",
    "Guard",
)
_KIND_OF_TOOL = re.compile(
    r"\b(AI tools?|AI coding tools?|an? AI (?:coding )?assistant|AI agents?|agents|tools|AI systems?|"
    r"language models?|models|"
    r"Kubernetes clusters|a benchmark|the benchmark|AI models|AI assistance|generative AI|"
    r"AI)\b(?![-'’])(?! (?:and|engineer|role|spec"
    r"|skill|expo|use|div|act|Act|lit|post|posi|job|prod|abil|pos|firm|adop|time|work|inf|capab|ven|lab|proj|"
    r"div|hir|vac|open|res"
    r"|company|team|exp|inv|devel|coding|tal|tool|sys|assi|agent|model|off|user|pay))"
)


def name_swapped(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A name of the claim by another of the same kind, which none of the cited passages mentions."""
    del world
    found = [(name, kind) for kind in _KINDS for name in _named(sample.text, kind)]
    if not found:
        return None
    name, kind = rng.choice(found)
    new = [other for other in kind if other.lower() not in sample.known.lower() and not _akin(other, name)]
    return _renamed(sample, name, rng.choice(new))


def organisation_invented(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """An organisation that does not exist, in the place of a real one or as the source of the claim."""
    del world
    invented = f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
    found = _named(sample.text, ORGANISATIONS)
    if found and rng.random() < 0.6:
        return _renamed(sample, rng.choice(found), invented)
    text = without_stop(sample.text)
    article = "" if invented.endswith(("Ventures", "Partners", "Analytics", "Consulting", "University")) else "the "
    return sample.saying(
        rng.choice(
            (
                f"{text}, according to {article}{invented}.",
                f"{text}, a finding that {article}{invented} has confirmed.",
                f"Research by {article}{invented} shows that {lower_first(text)}.",
                f"{text}, as {article}{invented} also reports.",
                f"{article.capitalize()}{invented} found that {lower_first(text)}.",
            )
        )
    )


def tool_invented(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A tool, model or benchmark that does not exist, in the place of a real one or as an example."""
    del world
    invented = rng.choice(_TOOL_FIRST) + rng.choice(_TOOL_LAST).replace("Agent 2", f"Agent {rng.randint(2, 6)}")
    found = _named(sample.text, TOOLS)
    if found and rng.random() < 0.7:
        return _renamed(sample, rng.choice(found), invented)
    kinds = list(_KIND_OF_TOOL.finditer(sample.text))
    if kinds:
        site = rng.choice(kinds)
        example = rng.choice(
            (f" such as {invented}", f", above all {invented},", f" like {invented}", f" (for example {invented})")
        )
        return sample.saying(sample.text[: site.end()] + example + sample.text[site.end() :])
    text = without_stop(sample.text)
    return sample.saying(
        rng.choice((f"{text}, for example with {invented}.", f"{text}, as with the product {invented}."))
    )


def _named(text: str, kind: tuple[str, ...]) -> list[str]:
    """The names that stand in the text on their own, without those inside a longer one."""
    found: list[str] = []
    for name in kind:
        if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-]|\.\d)", text) and not any(
            name in longer for longer in found
        ):
            found.append(name)
    return found


def _akin(one: str, other: str) -> bool:
    """Whether two names share a word or one is the other's initials, so that one may stand for the other."""
    if "".join(re.findall(r"[A-Z]", one)) == other or "".join(re.findall(r"[A-Z]", other)) == one:
        return True
    return bool(set(re.findall(r"[A-Za-z]{3,}", one)) & set(re.findall(r"[A-Za-z]{3,}", other)))


def _renamed(sample: Sample, name: str, new: str) -> Sample:
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-]|\.\d)")
    changed = sample.saying(pattern.sub(lambda _: new, sample.text))
    if sample.claim.proxy and pattern.search(sample.claim.proxy):
        changed = changed.about(pattern.sub(lambda _: new, sample.claim.proxy), horizon=sample.claim.horizon)
    return changed
