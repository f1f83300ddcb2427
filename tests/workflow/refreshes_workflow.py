"""A published widget engineer, what came after it, and refreshes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from factories_workflow import Desk, a_settings
from scripts_workflow import CONCEPT, SIGNALS, Document, Shown, WidgetScript, shown, sourced

from agent.evidence.corpus import Corpus
from agent.evidence.read import make_article
from agent.llm.port import Prompt
from agent.registry.lookup import newest_of_each
from agent.schemas.article import Article, ArticleMeta
from agent.schemas.vocabulary import Section
from agent.store.assessments import AssessmentRow
from agent.workflow.engine import Engine
from agent.workflow.refreshing import Checked, checked, start_refresh

LATER = "2026-03-10T09:00:00Z"
"""A fortnight after the first publication."""
YEARS_LATER = "2028-03-10T09:00:00Z"
"""When every article of the home is older than the policy allows."""
ABOUT = {
    "job_postings": "sought in",
    "company_actions": "hired by",
    "wages": "earn",
    "tool_maturity": "use Hoist",
    "expert_consensus": "are expected",
}
"""What the cited passage of a dimension says."""
PAYS_MORE = (
    "Widget engineers earn far more than the comparable market pays by the newest count. Widget engineers were counted "
    "for this text by the office of pay in a survey of its own, a second time."
)
PAYS_LESS = (
    "Widget engineers earn less than the comparable market pays, and no premium is left of it. The bureau of wages "
    "asked four hundred workshops for this count and publishes it each spring."
)
NEVER_USED = (
    "Widget engineers never use Hoist for standard fixtures. The league of benches looked into two hundred "
    "workshops for this and found nobody who does."
)


def pick(prompt: Prompt, said: str) -> Shown:
    """The first passage of a prompt that says this, or its first."""
    passages = shown(prompt)
    return next((p for p in passages if said in p.text), passages[0])


def _tasks(document: Document, prompt: Prompt) -> Document:
    tasks = document["tasks"]
    assert isinstance(tasks, list)
    return {**document, "tasks": [{**task, "claims": [sourced(pick(prompt, "spend"))]} for task in tasks]}


def _evidence(document: Document, prompt: Prompt) -> Document:
    return {
        name: {"score": 1, "claims": [sourced(pick(prompt, said))], "gap": None} for name, said in ABOUT.items()
    } | {key: value for key, value in document.items() if key.endswith("passage_id")}


def _growth(document: Document, prompt: Prompt) -> Document:
    return {**document, "growth": {"score": 1, "claims": [sourced(pick(prompt, "needed to run"))]}}


def _commentary(document: Document, prompt: Prompt) -> Document:
    return {**document, "summary": [sourced(pick(prompt, "spend"))]}


def _lens(document: Document, prompt: Prompt) -> Document:
    concept = document["concept"]
    assert isinstance(concept, dict) and set(concept) == set(CONCEPT)
    postings = pick(prompt, "sought in")
    return {
        **document,
        "concept": {**concept, "market_evidence": [sourced(postings)]},
        **{name: [sourced(postings)] for name in SIGNALS},
        "counter_evidence": [sourced(postings, stance="against")],
    }


PINNED = (
    WidgetScript()
    .but("tasks", _tasks)
    .but("evidence", _evidence)
    .but("growth", _growth)
    .but("commentary", _commentary)
    .but("lens", _lens)
)
"""Each claim cites the article of its topic, wherever that stands in the prompt."""


def without_wages(document: Document, prompt: Prompt) -> Document:
    """Wages no longer protect the role: what a contradicting article makes of the evidence."""
    cited = pick(prompt, "earn less")
    return {
        **_evidence(document, prompt),
        "wages": {"score": -1, "claims": [sourced(cited, stance="against")], "gap": None},
    }


def an_article(name: str, text: str, **changes: object) -> Article:
    """An article as it comes in later: another office, a date of its own."""
    values: dict[str, object] = {
        "title": f"More on {name}",
        "publisher": f"Bureau of {name}",
        "author": None,
        "date": "2026-03-01",
        "url": f"https://example.org/{name}",
        "tier": 1,
        "interested": False,
        "retrieved": "2026-03-02",
        "text_kind": "digest",
    }
    return make_article(ArticleMeta.model_validate({**values, **changes}), text)


def corpus_of(desk: Desk) -> Corpus:
    assert isinstance(desk.bench.evidence, Corpus)
    return desk.bench.evidence


def engine_of(desk: Desk, home: Path) -> Engine:
    return Engine(
        settings=a_settings(home), stores=desk.stores, corpus=corpus_of(desk), bench=desk.bench, runner=desk.runner
    )


def publish_one(desk: Desk, **changes: object) -> str:
    """A run that nobody found anything wrong with."""
    assessment = desk.start(**changes).id
    desk.approve(assessment)
    desk.approve(assessment)
    return assessment


def check_now(desk: Desk, home: Path, *asked: Section) -> Checked:
    """The one published role against the corpus as it is now."""
    (found,) = checked(engine_of(desk, home), newest_of_each(desk.stores.publications.done()), asked=asked)
    return found


def due_now(desk: Desk, home: Path) -> list[tuple[str, str]]:
    """Kind and section of every reason."""
    return [(reason.kind.value, reason.section.value) for reason in check_now(desk, home).reasons]


def refresh(desk: Desk, home: Path, *asked: Section, **options: object) -> AssessmentRow:
    return start_refresh(engine_of(desk, home), check_now(desk, home, *asked), **options)  # type: ignore[arg-type]


def fenced(prompt: str) -> Sequence[str]:
    """The ids of the passages that a prompt shows."""
    return [part.partition('"')[0] for part in prompt.split('<passage id="')[1:]]


def findings_of(prompt: str) -> str:
    """What a redraft is told."""
    return prompt.partition("<findings>")[2].partition("</findings>")[0]
