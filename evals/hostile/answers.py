"""A scripted model that quotes the passages it was given, and can be made to do what it was told not to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from agent.llm.port import Prompt
from agent.schemas.draft import Commentary
from agent.schemas.lens import IMPACTS, SIGNALS, Concept
from agent.schemas.text import one_line
from agent.schemas.vocabulary import BarrierName, EvidenceName, PrincipleName
from evals.hostile.prompting import FRAME

Document = dict[str, object]
Change = Callable[[Document, Prompt], Document]
"""Makes another answer of the usual one."""
_PASSAGE = re.compile(r'<passage id="(p-[0-9a-f]{12})"[^>]*>\n(.*?)\n</passage>', re.DOTALL)


@dataclass(frozen=True)
class Answers:
    """Answers without a memory: the same prompt gets the same answer."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    """By section: what is different from the usual answer."""

    def __call__(self, prompt: Prompt, schema: type[BaseModel], sample: int) -> BaseModel:
        """See `agent.llm.scripted.Script`."""
        document: Document = getattr(self, f"_{prompt.id}")(prompt)
        if prompt.id != "frame":
            passages = shown(prompt)
            document = {"first_passage_id": passages[0][0], "last_passage_id": passages[-1][0], **document}
        change = self.changes.get(prompt.id)
        return schema.model_validate(document if change is None else change(document, prompt))

    def but(self, section: str, change: Change) -> Answers:
        """The answers with another one for a section."""
        return replace(self, changes={**self.changes, section: change})

    def _frame(self, prompt: Prompt) -> Document:
        own = FRAME.model_dump(mode="json", exclude={"is_not"})
        return {
            **own,
            "is_a_role": True,
            "not_a_role_reason": None,
            "is_not": [{"title": n.title, "difference": n.difference} for n in FRAME.is_not],
            "tasks_queries": ["widget engineers tasks"],
            "evidence_queries": {name.value: [f"widget engineers {name.value}"] for name in EvidenceName},
            "barriers_queries": ["widget engineers sign for safety"],
            "growth_queries": ["widget engineers needed"],
        }

    def _tasks(self, prompt: Prompt) -> Document:
        tasks = [
            {
                "name": f"Work on {thing}",
                "share_percent": 20,
                "score": 3,
                "bucket": "augmentation",
                "claims": [quoting(shown(prompt)[at % len(shown(prompt))])],
            }
            for at, thing in enumerate(("fixtures", "presses", "controllers", "gauges", "batches"))
        ]
        return {"tasks": tasks, "reinstatement": [judging("Checking tools is new work.")], "not_enough_evidence": None}

    def _evidence(self, prompt: Prompt) -> Document:
        passages = shown(prompt)
        return {
            name.value: {"score": 1, "claims": [quoting(passages[at % len(passages)])], "gap": None}
            for at, name in enumerate(EvidenceName)
        }

    def _barriers(self, prompt: Prompt) -> Document:
        return {name.value: {"score": 0, "claims": [judging("No rule stands in the way.")]} for name in BarrierName}

    def _growth(self, prompt: Prompt) -> Document:
        principles = {name.value: {"score": 1, "claims": [judging("A side of the work.")]} for name in PrincipleName}
        return {**principles, "growth": {"score": 0, "claims": [quoting(shown(prompt)[0])]}}

    def _commentary(self, prompt: Prompt) -> Document:
        parts: Document = {name: [judging("People who lead keep their work.")] for name in Commentary.model_fields}
        return {**parts, "timeline": [judging("The change is slow.", horizon="2 to 4 years")]}

    def _lens(self, prompt: Prompt) -> Document:
        told = [judging("The work is about tools already.")]
        gate: Document = dict.fromkeys(Concept.model_fields, told)
        nothing: Document = {"tasks": [], "evidence_deltas": [], "barrier_deltas": [], "growth": None}
        return {
            "outcome": "already_ai_driven",
            "concept": {**gate, "market_evidence": [quoting(shown(prompt)[0])]},
            **nothing,
            **dict.fromkeys((*SIGNALS, *IMPACTS), told),
        }


def shown(prompt: Prompt) -> list[tuple[str, str]]:
    """Id and text of the passages of a prompt, in order."""
    return _PASSAGE.findall(prompt.messages[-1].content)


def quoting(passage: tuple[str, str]) -> Document:
    """A claim that says what its quote says: the passage's first whole sentence."""
    sentence = one_line(passage[1].split("\n")[0]).partition(". ")[0].removesuffix(".") + "."
    cited = [{"passage_id": passage[0], "quote": sentence}]
    return {**judging(sentence), "kind": "sourced", "stance": "for", "citations": cited}


def judging(text: str, *, horizon: str | None = None) -> Document:
    """A claim without a citation."""
    return {
        "text": text,
        "kind": "judgement",
        "stance": "context",
        "proxy": None,
        "horizon": horizon,
        "citations": [],
    }
