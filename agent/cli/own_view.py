"""What `assess-role personal` prints and saves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.cli.output import Terminal
from agent.cli.own_week import Published
from agent.cli.views import table
from agent.llm.atomic import write_atomically
from agent.schemas.scored import ScoreResult
from agent.schemas.text import one_line
from agent.scoring import POLICY
from agent.scoring.personal import SCALED, is_scaled, personal_score
from agent.scoring.personal_file import fragment_of, personal_document

NOT_AN_ASSESSMENT = (
    "This is your view, not an assessment: nobody has reviewed it. Only the shares are yours; task scores, evidence, "
    "barriers and growth are the published ones."
)
OVERRIDDEN = (
    "The published score {score:.1f} was set by a reviewer; the formula gives {formula:.1f}. An override does not "
    "carry over to your view, which is the formula's."
)
KEPT = (
    *("score", "unrounded", "zone", "label", "label_reason", "distance", "task_resistance", "share_at_3_plus"),
    *("unknown", "unknown_low", "unknown_high", "robustness", "policy"),
)
"""The fields of `ScoreResult` that a personal view has."""


def report(terminal: Terminal, published: Published, shares: Mapping[str, int], *, save: Path | None) -> None:
    """Print the view at `shares`, every task's by id, and save them where asked. Raises StorageFailed."""
    view = View(published, shares, personal_score(published.document.assessment.inputs.scored(), shares))
    if save is not None:
        role = one_line(published.document.assessment.role.title)
        document = personal_document(role, published.document.revision, shares)
        write_atomically(save, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    if terminal.as_json:
        terminal.document({"ok": True, **view.document()})
        return
    for line in view.lines():
        terminal.data(line)
    for note in view.withdrawal():
        terminal.words(note)
    if save is not None:
        terminal.words(f"Saved in {save}.")


@dataclass(frozen=True)
class View:
    """A published assessment at a person's shares."""

    published: Published
    shares: Mapping[str, int]
    own: ScoreResult

    def document(self) -> dict[str, object]:
        """The JSON document without `ok`."""
        page, official = self.published.document, self.published.result
        result = self.own.model_dump(mode="json", by_alias=True)
        return {
            "view": "personal",
            "role": page.assessment.role.title,
            "seniority": page.assessment.role.seniority,
            "version": page.record.version,
            "revision": page.revision,
            **{name: result[name] for name in KEPT},
            "published": official.model_dump(mode="json", include={"score", "formula_score", "zone", "label"}),
            "difference": _tenths(self.own.score, official.score) / 10,
            "difference_to_formula": _tenths(self.own.score, official.formula_score) / 10,
            "tasks": [
                {"id": t.id, "name": t.name, "score": t.score, "published": t.share, "share": self.shares[t.id]}
                for t in self.published.tasks
            ],
            "notes": [*self.withdrawal(), *self._notes()],
            "fragment": fragment_of(self.shares, page.revision),
        }

    def lines(self) -> list[str]:
        """The view as a person reads it."""
        own, official, robust = self.own, self.published.result, self.own.robustness
        role, shares = self.published.document.assessment.role, self.shares
        at = " at the published shares" if shares == self.published.shares else ""
        against = _against(own.score, official.score, "published score")
        if official.override is not None:
            against += f", {_against(own.score, official.formula_score, 'formula score')}"
        rows = [
            (t.id, t.name, f"{t.share}%", f"{shares[t.id]}%" if shares[t.id] else "-", str(t.score))
            for t in self.published.tasks
        ]
        unknown = (
            f"Unknown, entered as 0: {', '.join(own.unknown)}; with -1 to +1 each: {own.unknown_low} to "
            f"{own.unknown_high}"
        )
        return [
            f"Your view of {one_line(role.title)} ({one_line(role.seniority)}){at}, not an assessment: "
            f"{own.score:.1f} of 100, {own.label}",
            f"It is {against}.",
            f"{own.distance}. {robust.verdict}",
            own.label_reason,
            "Joint worst and best case, each task score and the totals E, B and G one step: "
            f"{robust.joint_low:.1f} to {robust.joint_high:.1f}",
            *(f"Watch: {crossing.signal}" for crossing in robust.crossings),
            *([unknown] if own.unknown else []),
            "",
            table(("ID", "TASK", "PUBLISHED", "YOURS", "SCORE"), rows, flexible=("TASK",)),
            "",
            *self._notes(),
            f"On the page: index.html{fragment_of(shares, self.published.document.revision)}",
        ]

    def withdrawal(self) -> list[str]:
        """That the version was withdrawn, by whom, when and why; empty for one that stands."""
        found = self.published.withdrawn
        return [] if found is None else [one_line(f"It was withdrawn {found.words}")]

    def _notes(self) -> list[str]:
        official = self.published.result
        notes = [NOT_AN_ASSESSMENT]
        if is_scaled(self.published.shares, self.shares):
            notes.append(SCALED.format(total=POLICY.share_total))
        if official.override is not None:
            notes.append(OVERRIDDEN.format(score=official.score, formula=official.formula_score))
        return notes


def _tenths(own: float, other: float) -> int:
    """The difference in tenths: both are held with one decimal."""
    return round(own * 10) - round(other * 10)


def _against(own: float, other: float, name: str) -> str:
    by = _tenths(own, other)
    if not by:
        return f"the same as the {name} {other:.1f}"
    return f"{abs(by) / 10:.1f} points {'above' if by > 0 else 'below'} the {name} {other:.1f}"
