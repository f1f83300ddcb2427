"""The AI-driven lens as a page shows it. Every number in it is computed or approved; none is written here."""

from __future__ import annotations

from dataclasses import dataclass

from agent.publishing import words
from agent.publishing.citations import Bibliography, ClaimView, Group, Place
from agent.schemas.assessment import Assessment
from agent.schemas.draft import TaskDraft
from agent.schemas.lens import Lens, LensReread, LensResult, LensTask
from agent.scoring.lens import OUTCOMES, without_composite

Titled = tuple[Group, ...]
"""In printed order."""


@dataclass(frozen=True)
class LensTaskView:
    """One task, as it is in the base and under the lens."""

    anchor: str
    name: str
    share: str
    """From the base to the lens, for example `20% → 22%`; one number where they are the same."""
    score: str
    bucket: str
    bucket_words: str
    tools: str
    """Deployed tools by name; empty where none is named."""
    reasons: tuple[tuple[str, tuple[ClaimView, ...]], ...]
    """Titles with their claims."""


@dataclass(frozen=True)
class RereadView:
    """The score with some inputs read more conservatively."""

    name: str
    point: str
    score: str
    zone: str
    zone_words: str


@dataclass(frozen=True)
class ChangeView:
    """What the lens changes of the totals."""

    anchor: str
    name: str
    change: str
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True)
class LensView:
    """The lens of one published assessment."""

    outcome: str
    verdict: str
    """Outcome and score in a sentence, or why there is no score."""
    result: LensResult | None
    distance: str
    concept: Titled
    tasks: tuple[LensTaskView, ...]
    split: tuple[tuple[str, str, int], ...]
    """Bucket, its words and its percent of the time."""
    signals: Titled
    changes: tuple[ChangeView, ...]
    same: str
    """Which totals stand as in the base; empty where there is no composite."""
    rereads: tuple[RereadView, ...]
    impacts: Titled


def lens_view(assessment: Assessment, books: Bibliography) -> LensView | None:
    """The view of the assessment's lens; `None` when it has none. It numbers the sources that it cites first."""
    lens, result = assessment.lens, assessment.lens_result
    if lens is None:
        return None
    concept = _titled(lens.concept, words.LENS_CONCEPT, books)
    base = {task.id: task for task in assessment.inputs.tasks}
    tasks = tuple(_task(task, base[task.id], books) for task in lens.tasks if task.id in base)
    signals = _titled(lens, words.LENS_SIGNALS, books)
    changes = _changes(lens, assessment, books)
    impacts = _titled(lens, words.LENS_IMPACTS, books)
    return LensView(
        outcome=OUTCOMES[lens.outcome],
        verdict=result.verdict if result else without_composite(lens.outcome) or OUTCOMES[lens.outcome],
        result=result,
        distance=f"{result.score:.1f} is {result.distance}." if result else "",
        concept=concept,
        tasks=tasks,
        split=tuple((b.value, name, result.split.get(b, 0)) for b, name in words.LENS_BUCKETS.items() if result),
        signals=signals,
        changes=changes,
        same=_same(lens),
        rereads=tuple(_reread(reread) for reread in result.rereads) if result else (),
        impacts=impacts,
    )


def _titled(part: object, titles: dict[str, str], books: Bibliography) -> Titled:
    groups = []
    for name, title in titles.items():
        anchor = f"lens-{name}"
        groups.append(Group(anchor, title, books.claims(getattr(part, name), at=_place(anchor, title))))
    return tuple(group for group in groups if group.claims)


def _place(anchor: str, name: str) -> Place:
    return Place(anchor, f"lens, {name}", is_input=False)


def _task(task: LensTask, as_is: TaskDraft, books: Bibliography) -> LensTaskView:
    at = _place(f"lens-{task.id}", f"task “{as_is.name}”")
    moved, rescored = books.claims(task.share_claims, at=at), books.claims(task.score_claims, at=at)
    reasons = (("Why the share moves", moved), ("Why the score changes", rescored))
    return LensTaskView(
        anchor=at.anchor,
        name=as_is.name,
        share=_moved(as_is.share, task.share, "%"),
        score=_moved(as_is.score, task.score),
        bucket=task.bucket.value,
        bucket_words=words.LENS_BUCKETS[task.bucket],
        tools=", ".join(task.tools),
        reasons=tuple((title, claims) for title, claims in reasons if claims),
    )


def _moved(base: int, now: int, unit: str = "") -> str:
    return f"{now}{unit}" if base == now else f"{base}{unit} → {now}{unit}"


def _changes(lens: Lens, assessment: Assessment, books: Bibliography) -> tuple[ChangeView, ...]:
    rows = [(e.name.value, words.EVIDENCE[e.name], words.signed(e.delta), e.claims) for e in lens.evidence]
    rows += [(b.name.value, words.BARRIERS[b.name], words.signed(b.delta), b.claims) for b in lens.barriers]
    if lens.growth is not None:
        was, now = words.signed(assessment.inputs.growth.score), words.signed(lens.growth.score)
        because = ", the role exists because of AI" if lens.growth.exists_because_of_ai else ""
        rows.append(("growth", "Growth", f"{was} → {now}{because}", lens.growth.claims))
    return tuple(
        ChangeView(f"lens-{key}", name, change, books.claims(claims, at=_place(f"lens-{key}", name)))
        for key, name, change, claims in rows
    )


def _same(lens: Lens) -> str:
    if not lens.outcome.has_composite:
        return ""
    parts = [("evidence", lens.evidence), ("barriers", lens.barriers), ("growth", lens.growth)]
    kept = [name for name, changed in parts if not changed]
    if not kept:
        return ""
    listed = kept[0] if len(kept) == 1 else f"{', '.join(kept[:-1])} and {kept[-1]}"
    return f"As in the base: {listed}."


def _reread(reread: LensReread) -> RereadView:
    point = (
        f"TR {reread.task_resistance}, E {words.signed(reread.evidence)}, B {reread.barriers}, "
        f"G {words.signed(reread.growth)}"
    )
    return RereadView(
        name=reread.name[:1].upper() + reread.name[1:],
        point=point,
        score=f"{reread.score:.1f}",
        zone=reread.zone.value,
        zone_words=words.ZONES[reread.zone],
    )
