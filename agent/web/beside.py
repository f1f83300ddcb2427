"""What stood at each place of a revision before: of its numbers, its texts and its claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from agent.review.diff import numbered_as
from agent.review.edit import frame_texts
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Claim, Commentary
from agent.schemas.vocabulary import Gate
from agent.store.assessments import RevisionRow

Parsed = Callable[[RevisionRow], Assessment]


def drafts_of(rows: Mapping[str, RevisionRow], revision: str, parsed: Parsed) -> tuple[Assessment, ...]:
    """What a model drafted of a revision that persons edited, of each gate at which they did, the latest first.

    `rows` are the revisions of the assessment by hash.
    """
    found = []
    at: RevisionRow | None = rows[revision]
    while at is not None:
        edited = at
        while at is not None and at.origin == "edit":
            at = rows.get(at.parent or "")
        if at is None:
            break
        if at is not edited:
            found.append(parsed(at))
        before = rows.get(at.parent or "")
        passed = at.gate is Gate.PUBLICATION and before is not None and before.gate is Gate.INPUTS
        at = before if passed else None
    return tuple(found)


def beside(before: Assessment, now: Assessment, *, new: str, was: str, other: str) -> dict[str, str]:
    """A note for every place of `now` that was different in `before`, by the name of its field or the claim's path.

    `new` says that a claim was not there, `was` is followed by what stood there, `other` says that only citations,
    kind or stance of a claim are different.
    """
    before = numbered_as(now, before)
    order = {task.id: at for at, task in enumerate(now.inputs.tasks)}
    old, present = _values(before, order), _values(now, order)
    notes = {
        place: f"{was} {_shown(old[place])}" for place, value in present.items() if place in old and old[place] != value
    }
    groups = dict(_groups(before, order))
    for place, claims in _groups(now, order):
        if place in groups:
            notes |= dict(_claims(place, groups[place], claims, new=new, was=was, other=other))
    return notes


def _claims(
    place: str, old: tuple[Claim, ...], claims: tuple[Claim, ...], *, new: str, was: str, other: str
) -> Iterator[tuple[str, str]]:
    texts = {claim.text for claim in claims}
    taken: set[int] = set()
    for at, claim in enumerate(claims):
        if claim in old:
            continue
        if any(one.text == claim.text for one in old):
            yield f"{place}.{at}", other
        elif at < len(old) and old[at].text not in texts:
            taken.add(at)
            yield f"{place}.{at}", f"{was} “{old[at].text}”"
        else:
            yield f"{place}.{at}", new
    gone = [claim.text for at, claim in enumerate(old) if claim.text not in texts and at not in taken]
    if gone:
        yield place, f"{was} " + "; ".join(f"“{text}”" for text in gone)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(str(one) for one in value) or "nothing"
    return "nothing" if value is None else f"“{value}”" if isinstance(value, str) else str(value)


def _values(content: Assessment, order: Mapping[str, int]) -> dict[str, object]:
    """Every number and text of the content by the place of its field; a task stands where `order` has its id."""
    inputs, role = content.inputs, content.role
    values: dict[str, object] = dict(frame_texts(role))
    for name in ("aliases", "proxies", "tags"):
        values[f"frame.{name}"] = getattr(role, name)
    tasks = [(f"inputs.tasks.{order[task.id]}", task) for task in inputs.tasks if task.id in order]
    for place, task in tasks:
        values |= {f"{place}.{name}": getattr(task, name) for name in ("name", "share", "score", "bucket")}
    for group in ("evidence", "barriers", "principles"):
        values |= {f"inputs.{group}.{name}.score": part.score for name, part in getattr(inputs, group).items()}
    values |= {f"inputs.evidence.{name}.gap": part.gap for name, part in inputs.evidence.items()}
    values |= {"inputs.growth.score": inputs.growth.score, "inputs.gaps": inputs.gaps}
    if content.lens is not None:
        for at, part in enumerate(content.lens.tasks):
            values |= {f"lens.tasks.{at}.{name}": getattr(part, name) for name in ("share", "score", "bucket")}
    return values


def _groups(content: Assessment, order: Mapping[str, int]) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    """Every group of claims by its path; those of a task stand where `order` has its id."""
    inputs = content.inputs
    yield from ((f"tasks.{order[task.id]}.claims", task.claims) for task in inputs.tasks if task.id in order)
    yield "reinstatement", inputs.reinstatement
    for group in ("evidence", "barriers", "principles"):
        yield from ((f"{group}.{name}.claims", part.claims) for name, part in getattr(inputs, group).items())
    yield "growth.claims", inputs.growth.claims
    if content.commentary is not None:
        yield from ((f"commentary.{name}", getattr(content.commentary, name)) for name in Commentary.model_fields)
    if content.lens is not None:
        yield from content.lens.groups()
