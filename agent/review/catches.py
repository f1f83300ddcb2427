"""Whether a known error was caught: judged from the decisions alone, each person by what they did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from math import sqrt

from agent.review.controls import section_of
from agent.review.edit import Edit
from agent.review.rules import Action
from agent.schemas.base import Value
from agent.schemas.draft import Claim, Inputs
from agent.schemas.vocabulary import INPUT_SECTIONS, EvidenceName, Section
from agent.store.controls import ControlRow
from agent.store.reviews import ApprovalRow, DecisionRow

_Z = 1.959963984540054
"""Two-sided 95 % of the normal distribution."""


class Catch(Value):
    """What one person made of one control."""

    assessment: str
    kind: str
    reviewer: str
    caught: bool


class CatchRate(Value):
    """How many of the controls that somebody decided about were caught."""

    caught: int
    of: int
    low: float
    """Lower end of the 95 % interval of the share, after Wilson (1927)."""
    high: float


def caught(control: ControlRow, decision: DecisionRow, planted: Inputs, decided: Inputs) -> bool | None:
    """Whether a decision caught the error; `None` for an edit elsewhere, after which the review goes on.

    Caught is a rejection, a send-back that names the place or its section, and an edit at the very place. `planted` are
    the inputs with the error, `decided` those that the decision is about.
    """
    match Action(decision.action):
        case Action.REJECT:
            return True
        case Action.APPROVE:
            return False
        case Action.SEND_BACK:
            return _names(control.place, decision, decided)
        case Action.EDIT:
            return True if _mended(control.place, planted, Edit.model_validate(decision.document).inputs) else None


def catches(
    control: ControlRow,
    decisions: Sequence[DecisionRow],
    approvals: Iterable[ApprovalRow],
    planted: Inputs,
    decided: Inputs,
) -> tuple[Catch, ...]:
    """What each person made of a control that has ended; inputs as for `caught` of the last decision.

    Who planted it is not counted; neither is who only edited elsewhere. An approval that waited for another one is one.
    """
    end = caught(control, decisions[-1], planted, decided) if decisions else None
    if end is None:
        return ()
    made = {approval.reviewer: False for approval in approvals} | {decisions[-1].reviewer: end}
    return tuple(
        Catch(assessment=control.assessment, kind=control.kind, reviewer=name, caught=it)
        for name, it in sorted(made.items())
        if name.casefold() != control.planted_by.casefold()
    )


def catch_rate(found: Iterable[Catch]) -> CatchRate | None:
    """The share with its interval, or `None` where nobody decided about any."""
    known = [one.caught for one in found]
    if not known:
        return None
    low, high = wilson(sum(known), len(known))
    return CatchRate(caught=sum(known), of=len(known), low=low, high=high)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927), both ends rounded to three decimals."""
    share, z2 = hits / of, _Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return round(max(middle - half, 0.0), 3), round(min(middle + half, 1.0), 3)


def _mended(places: str, planted: Inputs, after: Inputs) -> bool:
    """Whether what stands at one of the places is another thing now."""
    return any(_changed(place, planted, after) for place in places.split())


def _changed(place: str, planted: Inputs, after: Inputs) -> bool:
    group, name, part, *at = place.split(".")
    if part == "claims":
        bad = _claims(planted, group, name)[int(at[0])]
        return bad not in _claims(after, group, name)
    if group == "tasks":
        return _task_value(planted, name, part) != _task_value(after, name, part)
    return _stand(planted, name) != _stand(after, name)


def _claims(inputs: Inputs, group: str, name: str) -> tuple[Claim, ...]:
    if group == "evidence":
        return inputs.evidence[EvidenceName(name)].claims
    return next((task.claims for task in inputs.tasks if task.id == name), ())


def _task_value(inputs: Inputs, name: str, part: str) -> object:
    return next((getattr(task, part) for task in inputs.tasks if task.id == name), None)


def _stand(inputs: Inputs, name: str) -> object:
    """What a dimension is scored, and what its claims are said to speak for."""
    draft = inputs.evidence[EvidenceName(name)]
    return draft.score, [claim.stance for claim in draft.claims]


def _names(places: str, decision: DecisionRow, inputs: Inputs) -> bool:
    """Whether a send-back names the place or its section: as the section that is drafted again, in a comment on a claim
    there, or in the words of the reason. All sections at once name none."""
    document, section = decision.document or {}, section_of(places)
    chosen = document.get("sections")
    if isinstance(chosen, list) and section.value in chosen and not {s.value for s in INPUT_SECTIONS} <= set(chosen):
        return True
    reasons = document.get("reasons")
    commented = [one["place"] for one in reasons] if isinstance(reasons, list) else []
    if any(f"{path}.".startswith(start) for path in commented for start in _paths(places, inputs)):
        return True
    said = decision.reason or ""
    return any(re.search(rf"\b{re.escape(word)}\b", said, re.IGNORECASE) for word in _words(places, section, inputs))


def _paths(places: str, inputs: Inputs) -> Iterator[str]:
    """Where the places and their claims stand, as comments name them: claims of tasks by number."""
    for place in places.split():
        group, name, *_ = place.split(".")
        yield f"{group}.{name}."
        for at, task in enumerate(inputs.tasks if group == "tasks" else ()):
            if task.id == name:
                yield f"tasks.{at}."


def _words(places: str, section: Section, inputs: Inputs) -> Iterator[str]:
    """What the places and their section are called."""
    yield section.value
    if section is Section.TASKS:
        yield "task"
    for place in places.split():
        name = place.split(".")[1]
        yield from (name, name.replace("_", " "))
        yield from (task.name for task in inputs.tasks if task.id == name)
