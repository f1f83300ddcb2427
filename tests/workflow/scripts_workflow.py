"""A language model that reads its prompt and answers every section with quotes that stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html import unescape

from pydantic import BaseModel

from agent.llm.port import Prompt

ROLE = "Widget Engineer"
TASKS = (
    ("Design widget lines", 25, 2, "augmentation"),
    ("Write widget controllers", 20, 3, "augmentation"),
    ("Generate standard fixtures", 15, 4, "displacement"),
    ("Inspect widget batches", 15, 3, "augmentation"),
    ("Settle supplier disputes", 15, 1, "not_involved"),
    ("Maintain widget presses", 10, 2, "augmentation"),
)
DIMENSIONS = ("job_postings", "company_actions", "wages", "tool_maturity", "expert_consensus")
BARRIERS = ("regulatory", "physical", "union", "liability", "cultural")
PARTS = (
    "summary",
    "score_against_reality",
    "not_captured",
    "who_should_worry",
    "who_should_not",
    "separator",
    "outlook",
    "survival_strategy",
    "timeline",
)
CONCEPT = ("subject_or_method", "market_evidence", "base_consistency", "spine")
SIGNALS = ("postings_signal", "durability_signal", "counter_evidence")
IMPACTS = ("leverage", "headcount", "compounding", "verification_burden", "skill_ceiling")
BUCKETS = {"displacement": "displaced", "augmentation": "enhanced", "not_involved": "unchanged"}
TOOL = "Hoist"
_BASE_TASK = re.compile(r"^- (t\d+): .*: (\d+) percent, (\d), (\w+)$", re.MULTILINE)
_PASSAGE = re.compile(r'<passage id="(?P<id>[^"]+)" tier="(?P<tier>\d)"[^>]*>\n(?P<text>.*?)\n</passage>', re.DOTALL)

Document = dict[str, object]
Change = Callable[[Document, Prompt], Document]
"""Makes another answer of the usual one."""


@dataclass(frozen=True)
class Shown:
    """A passage as the prompt shows it."""

    id: str
    tier: int
    text: str

    def quote(self) -> str:
        return " ".join(self.text.split()[:9])


def user_text(prompt: Prompt) -> str:
    return prompt.messages[-1].content


def is_redraft(prompt: Prompt) -> bool:
    return "<draft>" in user_text(prompt)


def shown(prompt: Prompt) -> list[Shown]:
    """The passages of a prompt, in order."""
    return [Shown(m["id"], int(m["tier"]), unescape(m["text"])) for m in _PASSAGE.finditer(user_text(prompt))]


def sourced(passage: Shown, text: str | None = None, *, stance: str = "for") -> Document:
    """A claim that says what its quote says, unless told otherwise."""
    citation = {"passage_id": passage.id, "quote": passage.quote()}
    return {
        "text": passage.quote() if text is None else text,
        "kind": "sourced",
        "stance": stance,
        "proxy": None,
        "horizon": None,
        "citations": [citation],
    }


def judged(text: str = "Nothing more is known to the drafter.", *, horizon: str | None = None) -> Document:
    return {
        "text": text,
        "kind": "judgement",
        "stance": "context",
        "proxy": None,
        "horizon": horizon,
        "citations": [],
    }


@dataclass(frozen=True)
class WidgetScript:
    """Answers without a memory, so that a fresh process answers the same."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    """By section: what is different from the usual answer."""

    def __call__(self, prompt: Prompt, schema: type[BaseModel], sample: int) -> BaseModel:
        document = getattr(self, f"_{prompt.id}")(prompt)
        if prompt.id != "frame":
            passages = shown(prompt)
            document = {"first_passage_id": passages[0].id, "last_passage_id": passages[-1].id, **document}
        change = self.changes.get(prompt.id)
        return schema.model_validate(document if change is None else change(document, prompt))

    def but(self, section: str, change: Change) -> WidgetScript:
        """The script with another answer for one section."""
        return replace(self, changes={**self.changes, section: change})

    def _frame(self, prompt: Prompt) -> Document:
        return {
            "is_a_role": True,
            "not_a_role_reason": None,
            "title": ROLE,
            "seniority": "mid-level",
            "function": "Builds widgets and keeps the lines that make them running.",
            "aliases": ["widget developer"],
            "proxies": ["gadget engineers"],
            "is_not": [{"title": "widget seller", "difference": "sells widgets and builds none"}],
            "experience": "Some years with widgets.",
            "seniority_note": "Seniors decide more; a hypothesis.",
            "tags": ["widgets"],
            "tasks_queries": ["widget engineers tasks"],
            "evidence_queries": {name: [f"widget engineers {name.replace('_', ' ')}"] for name in DIMENSIONS},
            "barriers_queries": ["widget engineers liability"],
            "growth_queries": ["demand for widget engineers"],
        }

    def _tasks(self, prompt: Prompt) -> Document:
        passages = shown(prompt)
        return {
            "tasks": [
                {
                    "name": name,
                    "share_percent": share,
                    "score": score,
                    "bucket": bucket,
                    "claims": [sourced(passages[at % len(passages)])],
                }
                for at, (name, share, score, bucket) in enumerate(TASKS)
            ],
            "reinstatement": [judged("Checking the work of tools becomes a task.")],
            "not_enough_evidence": None,
        }

    def _evidence(self, prompt: Prompt) -> Document:
        strong = [p for p in shown(prompt) if p.tier < 4]
        return {
            name: {"score": 1, "claims": [sourced(strong[at % len(strong)])], "gap": None}
            for at, name in enumerate(DIMENSIONS)
        }

    def _barriers(self, prompt: Prompt) -> Document:
        return {name: {"score": int(name == "liability"), "claims": [judged()]} for name in BARRIERS}

    def _growth(self, prompt: Prompt) -> Document:
        parts = {name: {"score": 1, "claims": [judged()]} for name in ("physicality", "interpersonal", "judgment")}
        return {**parts, "growth": {"score": 1, "claims": [sourced(shown(prompt)[0])]}}

    def _commentary(self, prompt: Prompt) -> Document:
        passage = shown(prompt)[0]
        document: Document = {name: [judged("People who lead keep their work.")] for name in PARTS}
        return {
            **document,
            "summary": [sourced(passage)],
            "timeline": [judged("The change is slow.", horizon="2 to 4 years")],
        }

    def _lens(self, prompt: Prompt) -> Document:
        """The base of the prompt, five points of time moved from the third task to the first, and a barrier more."""
        passages = shown(prompt)
        (tool,) = (p for p in passages if f" {TOOL} " in p.text)
        moves = {"t1": 5, "t3": -5}
        tasks = [
            {
                "task_id": name,
                "share_percent": int(share) + moves.get(name, 0),
                "score": int(score),
                "bucket": BUCKETS[bucket],
                "tools": [TOOL] if name in moves else [],
                "share_claims": [sourced(tool)] if name in moves else [],
                "score_claims": [],
            }
            for name, share, score, bucket in _BASE_TASK.findall(user_text(prompt))
        ]
        told = [judged("People answer for what machines built.")]
        return {
            "outcome": "transforms",
            "concept": {**dict.fromkeys(CONCEPT, told), "market_evidence": [sourced(passages[0])]},
            "tasks": tasks,
            **{name: [sourced(passages[0])] for name in SIGNALS},
            "counter_evidence": [sourced(passages[0], stance="against")],
            "evidence_deltas": [],
            "barrier_deltas": [{"barrier": "liability", "delta": 1, "claims": told}],
            "growth": None,
            **dict.fromkeys(IMPACTS, told),
        }


def invented_quote(path: tuple[str | int, ...], *, until_redraft: bool) -> Change:
    """The claims at `path` quote what stands nowhere: in the first answer only, or in every one."""

    def change(document: Document, prompt: Prompt) -> Document:
        if until_redraft and is_redraft(prompt):
            return document
        claim = sourced(shown(prompt)[0])
        claim["citations"] = [{"passage_id": shown(prompt)[0].id, "quote": "words that stand in no passage at all"}]
        return _put(document, path, [claim])

    return change


def named(path: tuple[str | int, ...], *names: str) -> Change:
    """The claims at `path` name somebody unknown: the first name in a first draft, the next in a redraft."""

    def change(document: Document, prompt: Prompt) -> Document:
        name = names[min(int(is_redraft(prompt)), len(names) - 1)]
        return _put(document, path, [judged(f"People at {name} keep their work.")])

    return change


def unknown_dimensions(count: int) -> Change:
    """The first dimensions have no evidence."""

    def change(document: Document, prompt: Prompt) -> Document:
        gap = {"score": None, "claims": [], "gap": "Nothing was found."}
        return {**document, **dict.fromkeys(DIMENSIONS[:count], gap)}

    return change


def on_redraft(path: tuple[str | int, ...], value: object) -> Change:
    """A redraft has another value at `path`."""

    def change(document: Document, prompt: Prompt) -> Document:
        return _put(document, path, value) if is_redraft(prompt) else document

    return change


def no_role(document: Document, prompt: Prompt) -> Document:
    return {**document, "is_a_role": False, "not_a_role_reason": "it is a joke"}


def _put(document: Document, path: tuple[str | int, ...], value: object) -> Document:
    key, rest = path[0], path[1:]
    inner = value if not rest else _inside(document[str(key)], rest, value)
    return {**document, str(key): inner}


def _inside(part: object, path: tuple[str | int, ...], value: object) -> object:
    if isinstance(part, list):
        at = int(path[0])
        return [*part[:at], value if len(path) == 1 else _inside(part[at], path[1:], value), *part[at + 1 :]]
    assert isinstance(part, dict)
    return _put(part, path, value)
