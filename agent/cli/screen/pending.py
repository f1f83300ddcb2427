"""Changes that a reviewer made on the screen and nobody recorded yet, with the score as they make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from agent.errors import InvalidInput
from agent.review.changing import Change, edit_with
from agent.review.edit import Edit, edit_of
from agent.schemas.assessment import Assessment
from agent.schemas.scored import Override, ScoreResult
from agent.scoring import problems, score


@dataclass(frozen=True)
class Outlook:
    """What changed content would score."""

    result: ScoreResult | None
    """`None` while the changes break a rule."""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pending:
    """The content under review and the changes to it, the last one last."""

    content: Assessment
    changes: tuple[Change, ...] = ()

    def having(self, change: Change) -> Pending:
        """One change more. Raises InvalidInput for a value that its place does not take."""
        more = replace(self, changes=(*self.changes, change))
        more.edit()
        return more

    def without_last(self) -> Pending:
        """As it was before the last change."""
        return replace(self, changes=self.changes[:-1])

    def edit(self) -> Edit:
        """Everything that is editable, changed. Raises InvalidInput."""
        return edit_with(self.content, self.changes)

    def shown(self) -> Assessment:
        """The content with the changes in it, for reading: guard and result are still those of the revision."""
        edit = self.edit()
        return self.content.model_copy(
            update={
                "inputs": edit.inputs,
                "commentary": edit.commentary,
                "lens": edit.lens,
                "accepted": edit.accepted,
            }
        )

    def outlook(self, change: Change | None = None) -> Outlook:
        """The score by the formula alone, without the guard: fast enough for every key. `change` comes on top."""
        try:
            inputs = (self if change is None else self.having(change)).edit().inputs.scored()
        except InvalidInput as error:
            return Outlook(None, error.problems)
        wrong = problems(inputs)
        if wrong:
            return Outlook(None, wrong)
        by_hand = self.content.override
        try:
            plain = None if by_hand is None else Override(score=by_hand.score, reason=by_hand.reason)
            return Outlook(score(inputs, override=plain))
        except InvalidInput as error:
            return Outlook(None, error.problems or (error.message,))

    def were(self) -> Mapping[str, str]:
        """By place: what stood there before the changes."""
        document = edit_of(self.content).model_dump(mode="json")
        return {
            change.place: value for change in self.changes if (value := value_at(document, change.place)) is not None
        }


def value_at(document: object, place: str) -> str | None:
    """The value at a place of an edit's document as a text; `None` where there is no such place."""
    at = document
    for part in place.split("."):
        if isinstance(at, dict) and part in at:
            at = at[part]
        elif isinstance(at, list) and part.isdecimal() and int(part) < len(at):
            at = at[int(part)]
        else:
            return None
    return "unknown" if at is None else str(at)
