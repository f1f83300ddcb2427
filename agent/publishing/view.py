"""Everything a page shows of one published assessment, in printed order. Markdown and HTML print the same view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.errors import NotPublishable
from agent.publishing import charts, sentences, words
from agent.publishing.answers import answers
from agent.publishing.citations import Bibliography, CitationView, ClaimView, Group, Place, SourceView
from agent.publishing.drafts import DraftsView, drafts_view
from agent.publishing.lens_view import LensView, lens_view
from agent.publishing.personal import WeekView, week_view
from agent.publishing.watch import WatchList, watch_list
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Citation, Claim, Inputs, Stance
from agent.schemas.places import placed_claims
from agent.schemas.record import ReviewRecord
from agent.schemas.scored import ScoreResult, Step
from agent.schemas.vocabulary import Bucket, Section
from agent.scoring.moved import label_after


@dataclass(frozen=True)
class TaskView:
    """One line of the task table."""

    anchor: str
    name: str
    share: int
    score: int
    bucket: str
    bucket_words: str
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True)
class DimensionView:
    """One evidence dimension. `score` is "unknown" when nothing admissible was found."""

    anchor: str
    name: str
    score: str
    unknown: bool
    sides: tuple[tuple[str, str, tuple[ClaimView, ...]], ...]
    """Stance, its words and its claims: for and against, and context where there is any."""
    gap: str | None


@dataclass(frozen=True)
class RatedView:
    """A barrier, a principle or growth with its score out of its range."""

    anchor: str
    name: str
    score: str
    top: str
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True)
class FlipView:
    """A single step that changes the zone."""

    input: str
    change: str
    score: str
    zone: str
    label: str


@dataclass(frozen=True)
class AcceptedView:
    """A weak point that a reviewer accepted."""

    code: str
    place: str
    message: str
    reason: str


@dataclass(frozen=True)
class OverrideView:
    """What a reviewer changed by hand."""

    by: str
    reason: str
    citations: tuple[CitationView, ...]


@dataclass(frozen=True)
class PageView:
    """One published assessment."""

    assessment: Assessment
    result: ScoreResult
    record: ReviewRecord
    named: Mapping[str, str]
    """What was published of each other role that this one names, by its title as drafted; empty on older pages."""
    proxies: Sequence[tuple[str, str]]
    """Named proxies, each published one by itself and the others together, with what was published of them; the second
    part is empty on pages from before they were looked up."""
    refreshed: tuple[str, ...]
    """Which version it refreshes, then why; empty for one that was drafted whole."""
    byline: str
    """Who drafted and who approved."""
    distance: str
    """The distance to the nearest line as a sentence."""
    joint: str
    """How far the score goes when everything moves one step together."""
    answers: tuple[tuple[str, str], ...]
    """The two questions of every reader, each with its answer."""
    basis: str
    """The sources in one sentence."""
    checked: Mapping[str, str]
    """For each section, what the check found its claims to be, in one sentence."""
    summary: tuple[ClaimView, ...]
    tasks: tuple[TaskView, ...]
    task_basis: str
    """How much of the tasks is judgement."""
    gaps: tuple[str, ...]
    split: tuple[tuple[str, str, int], ...]
    """Bucket, its words and its percent of the time."""
    reinstatement: tuple[ClaimView, ...]
    evidence: tuple[DimensionView, ...]
    barriers: tuple[RatedView, ...]
    principles: tuple[RatedView, ...]
    growth: RatedView
    override: OverrideView | None
    flips: tuple[FlipView, ...]
    drafts: DraftsView
    """How far independent drafts agree, or that there was one."""
    watch: WatchList
    commentary: tuple[Group, ...]
    lens: LensView | None
    sources: tuple[SourceView, ...]
    uses: Mapping[int, tuple[Place, ...]]
    """The places that cite a source, by its number."""
    shared: Mapping[int, tuple[str, ...]]
    """The inputs that a source supports, by its number, where it is more than one."""
    method_cited: int | None
    """The number of a source from the publisher of the method."""
    accepted: tuple[AcceptedView, ...]
    tiers: tuple[tuple[int, str], ...]
    not_a_score: tuple[str, ...]
    scale: charts.Scale
    task_mix: charts.TaskMix
    contributions: charts.Chart
    sensitivity: charts.Chart
    balance: charts.Chart
    week: WeekView


def page_view(assessment: Assessment, record: ReviewRecord) -> PageView:
    """The view of `assessment`. Raises NotPublishable when it has no score."""
    result = assessment.result
    if result is None:
        raise NotPublishable(
            f"Revision {assessment.revision()} has no score, and a page needs one.",
            hint="Correct the inputs that the guard's findings name and approve the new revision.",
        )
    books = Bibliography(
        assessment.sources,
        cited=_cited(assessment),
        verdicts=assessment.verdicts(),
        strongest=assessment.strongest(),
        as_of=assessment.as_of,
    )
    inputs, words_of = assessment.inputs, assessment.commentary
    # The order of these lines is the order of the page, and it numbers the sources.
    summary = books.claims(words_of.summary if words_of else (), at=Place("summary", "Summary", is_input=False))
    tasks = _tasks(assessment, books)
    reinstatement = books.claims(
        inputs.reinstatement, at=Place("new-tasks", "New tasks that AI creates", is_input=False)
    )
    evidence = _evidence(assessment, books)
    barriers = tuple(
        _rated(Place(key.value, name), str(draft.score), "2", draft.claims, books)
        for key, name in words.BARRIERS.items()
        for draft in [inputs.barriers[key]]
    )
    principles = tuple(
        _rated(Place(key.value, name), str(draft.score), "3", draft.claims, books)
        for key, name in words.PRINCIPLES.items()
        for draft in [inputs.principles[key]]
    )
    growth = _rated(Place("growth", "Growth"), words.signed(inputs.growth.score), "2", inputs.growth.claims, books)
    override = _override(assessment, result, books)
    commentary = tuple(
        Group(part, title, books.claims(getattr(words_of, part), at=Place(part, title, is_input=False)))
        for part, title in words.COMMENTARY.items()
        if words_of
    )
    lens = lens_view(assessment, books)
    named = sentences.named(record)
    return PageView(
        assessment=assessment,
        result=result,
        record=record,
        named=named,
        proxies=sentences.proxies(assessment.role.proxies, named),
        refreshed=sentences.refreshed(record),
        byline=sentences.byline(assessment.provenance, record),
        distance=f"{result.score:.1f} is {result.distance}.",
        joint=sentences.joint(result.robustness),
        answers=answers(assessment),
        basis=sentences.basis(books.sources),
        checked={section.value: sentences.checked(assessment.guard.counts.get(section, {})) for section in Section},
        summary=summary,
        tasks=tasks,
        task_basis=sentences.task_basis(inputs.tasks),
        gaps=inputs.gaps,
        split=tuple((bucket.value, words.BUCKETS[bucket], result.split.get(bucket, 0)) for bucket in Bucket),
        reinstatement=reinstatement,
        evidence=evidence,
        barriers=barriers,
        principles=principles,
        growth=growth,
        override=override,
        flips=tuple(_flip(step, inputs) for step in result.robustness.flips),
        drafts=drafts_view(assessment),
        watch=watch_list(assessment, result),
        commentary=tuple(group for group in commentary if group.claims),
        lens=lens,
        sources=books.sources,
        uses=books.uses,
        shared=books.shared,
        method_cited=sentences.method_cited(books.sources),
        accepted=_accepted(assessment),
        tiers=tuple(words.TIERS.items()),
        not_a_score=words.NOT_A_SCORE,
        scale=charts.scale(result),
        task_mix=charts.task_mix(inputs.tasks),
        contributions=charts.waterfall(result.contributions, result.score),
        balance=charts.balance(assessment.inputs.evidence),
        sensitivity=charts.tornado(result.robustness, result.score),
        week=week_view(assessment, result),
    )


def _cited(assessment: Assessment) -> Iterator[Sequence[Citation]]:
    for placed in placed_claims(assessment.inputs, assessment.commentary, assessment.lens):
        yield placed.claim.citations
    if assessment.override:
        yield assessment.override.citations


def _tasks(assessment: Assessment, books: Bibliography) -> tuple[TaskView, ...]:
    return tuple(
        TaskView(
            anchor=task.id,
            name=task.name,
            share=task.share,
            score=task.score,
            bucket=task.bucket.value,
            bucket_words=words.BUCKETS[task.bucket],
            claims=books.claims(task.claims, at=Place(task.id, f"task “{task.name}”")),
        )
        for task in assessment.inputs.tasks
    )


def _evidence(assessment: Assessment, books: Bibliography) -> tuple[DimensionView, ...]:
    titles = {Stance.FOR: "For the role", Stance.AGAINST: "Against the role", Stance.CONTEXT: "Context"}
    views = []
    for key, name in words.EVIDENCE.items():
        draft, at = assessment.inputs.evidence[key], Place(key.value, name)
        sides = tuple(
            (
                stance.value,
                title,
                books.claims((claim for claim in draft.claims if claim.stance is stance), at=at, opposed=True),
            )
            for stance, title in titles.items()
        )
        views.append(
            DimensionView(
                anchor=at.anchor,
                name=name,
                score="unknown" if draft.score is None else words.signed(draft.score),
                unknown=draft.score is None,
                sides=tuple(side for side in sides if side[2] or (draft.claims and side[0] != Stance.CONTEXT)),
                gap=draft.gap,
            )
        )
    return tuple(views)


def _rated(at: Place, score: str, top: str, claims: Sequence[Claim], books: Bibliography) -> RatedView:
    return RatedView(at.anchor, at.name, score, top, books.claims(claims, at=at))


def _override(assessment: Assessment, result: ScoreResult, books: Bibliography) -> OverrideView | None:
    if assessment.override is None:
        return None
    moved = round(result.score * 10) - round(result.formula_score * 10)
    return OverrideView(
        by=words.signed(moved / 10),
        reason=assessment.override.reason,
        citations=books.citations(assessment.override.citations, at=Place("override", "Override", is_input=False)),
    )


def _flip(step: Step, inputs: Inputs) -> FlipView:
    return FlipView(
        input=words.lever(step.input),
        change=f"{step.from_} → {step.to}".replace("-", "−"),
        score=f"{step.score:.1f}",
        zone=step.zone.value,
        label=label_after(inputs.scored(), (step,)),
    )


def _accepted(assessment: Assessment) -> tuple[AcceptedView, ...]:
    findings = {finding.id: finding for finding in assessment.guard.findings}
    return tuple(
        AcceptedView(
            code=acceptance.finding.partition("@")[0],
            place=acceptance.finding.partition("@")[2],
            message=findings[acceptance.finding].message if acceptance.finding in findings else "",
            reason=acceptance.reason,
        )
        for acceptance in assessment.accepted
    )
