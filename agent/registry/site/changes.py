"""What changed from one published version of a role to the next, in words and numbers of the two documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from agent.publishing import words
from agent.publishing.sentences import refreshed
from agent.registry.site.versions import SiteVersion
from agent.schemas.assessment import Assessment
from agent.schemas.draft import TaskDraft
from agent.schemas.scored import ScoreResult
from agent.scoring.lens import OUTCOMES

NONE = "none"
Name = TypeVar("Name", bound=StrEnum)


class Difference(NamedTuple):
    """One number that differs."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A version against the one before it."""

    sentences: tuple[str, ...]
    """What a refresh took up, score, zone or label, policy, inputs and sources, in that order."""
    totals: tuple[Difference, ...]
    """What the formula works with, and the day of the evidence."""
    inputs: tuple[Difference, ...]
    """Tasks, dimensions, barriers, growth and principles, in printed order."""


def first_words(version: SiteVersion) -> tuple[str, ...]:
    """What a first publication says."""
    return (f"First publication: {version.result.score:.1f} of 100, {version.result.label}.",)


def change(before: SiteVersion, after: SiteVersion) -> Change:
    """What changed from `before` to `after`. Tasks are the same when their names are, case and spacing aside: ids are
    stable only within one assessment."""
    totals, inputs = tuple(_totals(before, after)), tuple(_inputs(before, after))
    counted = f"{len(inputs)} {'number' if len(inputs) == 1 else 'numbers'} of the inputs" if inputs else "No input"
    sentences = (
        *refreshed(after.document.record)[:1],
        *_score(before.result, after.result),
        f"{counted} changed.",
        *_sources(before, after),
    )
    return Change(sentences, totals, inputs)


def _score(was: ScoreResult, now: ScoreResult) -> Iterator[str]:
    moved = (round(now.score * 10) - round(was.score * 10)) / 10
    if moved:
        yield f"The score moved from {was.score:.1f} to {now.score:.1f} ({words.signed(moved)})."
    else:
        yield f"The score is {now.score:.1f} as before."
    if was.zone is not now.zone:
        yield f"The zone changed from {words.ZONES[was.zone]} to {words.ZONES[now.zone]}."
    elif was.label != now.label:
        yield f"The label changed from {was.label} to {now.label}; the zone did not."
    if was.policy != now.policy:
        yield f"It was scored by another version of the method: {was.policy} before, {now.policy} now."


def _sources(before: SiteVersion, after: SiteVersion) -> Iterator[str]:
    old, new = ({source.article for source in v.document.assessment.sources} for v in (before, after))
    came, went = len(new - old), len(old - new)
    if came or went:
        yield f"Of the cited articles {came or 'none'} {_be(came)} new, {went or 'none'} {_be(went)} no longer cited."


def _be(count: int) -> str:
    return "are" if count > 1 else "is"


def _totals(before: SiteVersion, after: SiteVersion) -> Iterator[Difference]:
    old, new = _of(before), _of(after)
    return (Difference(name, old[name], new[name]) for name in new if old[name] != new[name])


def _of(version: SiteVersion) -> Mapping[str, str]:
    content, result = version.document.assessment, version.result
    return {
        "Score of record": f"{result.score:.1f}",
        "Label": result.label,
        "Formula score": f"{result.formula_score:.1f}",
        "Override": NONE if result.override is None else f"{result.override.score:.1f}",
        "Task resistance": result.task_resistance,
        "Evidence total": words.signed(result.evidence),
        "Barrier total": str(result.barriers),
        "Principles total": str(result.protective),
        "AI-driven lens": _lens(content),
        "Evidence as of": content.as_of,
        "Policy": result.policy,
    }


def _lens(content: Assessment) -> str:
    if content.lens is None:
        return NONE
    outcome = OUTCOMES[content.lens.outcome]
    return outcome if content.lens_result is None else f"{content.lens_result.score:.1f}, {outcome}"


def _inputs(before: SiteVersion, after: SiteVersion) -> Iterator[Difference]:
    old, new = before.document.assessment.inputs, after.document.assessment.inputs
    yield from _tasks(old.tasks, new.tasks)
    yield from _rated(words.EVIDENCE, *({n: _evidence(d.score) for n, d in one.evidence.items()} for one in (old, new)))
    yield from _rated(words.BARRIERS, *({n: str(d.score) for n, d in one.barriers.items()} for one in (old, new)))
    if old.growth.score != new.growth.score:
        yield Difference("Growth", words.signed(old.growth.score), words.signed(new.growth.score))
    yield from _rated(words.PRINCIPLES, *({n: str(d.score) for n, d in one.principles.items()} for one in (old, new)))


def _evidence(score: int | None) -> str:
    return "unknown" if score is None else words.signed(score)


def _rated(names: Mapping[Name, str], old: Mapping[Name, str], new: Mapping[Name, str]) -> Iterator[Difference]:
    for key, name in names.items():
        was, now = old.get(key, NONE), new.get(key, NONE)
        if was != now:
            yield Difference(name, was, now)


def _tasks(old: Iterable[TaskDraft], new: Iterable[TaskDraft]) -> Iterator[Difference]:
    was, now = ({" ".join(task.name.split()).casefold(): task for task in tasks} for tasks in (old, new))
    for key, task in now.items():
        former = was.get(key)
        if former is None:
            yield Difference(f"Task “{task.name}”", NONE, _task(task))
            continue
        for name, before, after in (
            ("share", f"{former.share}%", f"{task.share}%"),
            ("score", str(former.score), str(task.score)),
            ("bucket", words.BUCKETS[former.bucket], words.BUCKETS[task.bucket]),
        ):
            if before != after:
                yield Difference(f"Task “{task.name}”: {name}", before, after)
    for key, task in was.items():
        if key not in now:
            yield Difference(f"Task “{task.name}”", _task(task), NONE)


def _task(task: TaskDraft) -> str:
    return f"{task.share}%, score {task.score}, {words.BUCKETS[task.bucket].lower()}"
