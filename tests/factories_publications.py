"""Published roles of a few tasks, as documents, as subjects of a comparison, and in a home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.publishing.page import render_json
from agent.registry.matching import Similarities
from agent.registry.roles import Subject, subject_of_file
from agent.schemas.assessment import Assessment, CitedOverride, Provenance
from agent.schemas.draft import (
    BarrierDraft,
    Citation,
    Claim,
    ClaimKind,
    EvidenceDraft,
    GrowthDraft,
    Inputs,
    PrincipleDraft,
    RoleFrame,
    Stance,
    TaskDraft,
)
from agent.schemas.finding import GuardReport
from agent.schemas.record import ModelUsage, ReviewRecord
from agent.schemas.scored import Override
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, Gate, PrincipleName, Section
from agent.scoring import POLICY, score
from agent.store.assessments import AssessmentStore
from agent.store.database import Database
from agent.store.publications import Publication, PublicationRow, PublicationStore
from agent.store.stamps import SystemStamps

Task = tuple[str, int, int]
"""Name, share, score."""
FIVE: tuple[Task, ...] = (
    ("planning", 20, 3),
    ("building", 20, 3),
    ("checking", 20, 3),
    ("shipping", 20, 3),
    ("advising", 20, 3),
)
FUNCTION = "Does the work of a"
SAID = (Claim(text="A judgement.", kind=ClaimKind.JUDGEMENT, stance=Stance.CONTEXT),)


def a_content(
    title: str = "Release Engineer",
    *,
    seniority: str = "Senior",
    tasks: Sequence[Task] = FIVE,
    evidence: Sequence[int] = (0, 0, 0, 0, 0),
    barriers: Sequence[int] = (0, 0, 0, 0, 0),
    growth: int = 0,
    overridden: float | None = None,
    policy: str = POLICY.version,
    function: str = "",
) -> Assessment:
    """A content as it is published, without sources."""
    inputs = Inputs(
        tasks=tuple(
            TaskDraft(id=f"t{at}", name=name, share=share, score=points, bucket=_bucket(points), claims=SAID)
            for at, (name, share, points) in enumerate(tasks, 1)
        ),
        reinstatement=(),
        evidence={
            name: EvidenceDraft(score=points, claims=SAID) for name, points in zip(EvidenceName, evidence, strict=True)
        },
        barriers={
            name: BarrierDraft(score=points, claims=SAID) for name, points in zip(BarrierName, barriers, strict=True)
        },
        principles={name: PrincipleDraft(score=1, claims=SAID) for name in PrincipleName},
        growth=GrowthDraft(score=growth, claims=SAID),
    )
    override = None
    if overridden is not None:
        cited = (Citation(passage="p-1", quote="a quote of a passage"),)
        override = CitedOverride(score=overridden, reason="A reviewer knew more.", citations=cited)
    plain = None if override is None else Override(score=override.score, reason=override.reason)
    prompts: dict[Section, str] = {}
    return Assessment(
        gate=Gate.PUBLICATION,
        as_of="2026-11-20",
        role=RoleFrame(
            title=title,
            seniority=seniority,
            function=function or f"{FUNCTION} {title}",
            aliases=(),
            proxies=(),
            is_not=(),
            experience="Several years",
            seniority_note="A hypothesis",
            tags=(),
        ),
        inputs=inputs,
        result=score(inputs.scored(), override=plain).model_copy(update={"policy": policy}),
        guard=GuardReport(findings=(), verified=0, judgement=1, speaking_sources=(), admissible={}),
        override=override,
        sources=(),
        provenance=Provenance(
            model="desk-1", recorded=True, prompts=prompts, policy=policy, corpus="sha256:0", embedding="words-1"
        ),
    )


def _bucket(points: int) -> Bucket:
    return {1: Bucket.NOT_INVOLVED, 5: Bucket.DISPLACEMENT}.get(points, Bucket.AUGMENTATION)


def slug_of(content: Assessment) -> str:
    return f"{content.role.title} {content.role.seniority}".lower().replace(" ", "-")


def a_record(content: Assessment, *, version: int = 1, slug: str | None = None) -> ReviewRecord:
    name = slug or slug_of(content)
    return ReviewRecord(
        assessment=f"{name}-{version:08x}",
        revision=content.revision(),
        slug=name,
        version=version,
        requested_at="2026-11-20T09:00:00Z",
        published_at="2026-11-20T10:30:00Z",
        decisions=(),
        usage=ModelUsage(calls=6, input_tokens=1, output_tokens=1),
        draft_score=None,
        final_score=0.0 if content.result is None else content.result.score,
        edits=(),
    )


def a_file(folder: Path, content: Assessment, *, version: int = 1) -> Path:
    """The assessment.json of a content."""
    file = folder / slug_of(content) / f"v{version}" / "assessment.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(render_json(content, a_record(content, version=version)))
    return file


def a_subject(folder: Path, content: Assessment, *, version: int = 1) -> Subject:
    """A published role as it is read from its file."""
    return subject_of_file(a_file(folder, content, version=version), ())


def publish(home: Path, content: Assessment) -> PublicationRow:
    """Put a content among the publications of a home, as the next version of its role."""
    result, name = content.result, slug_of(content)
    assert result is not None
    db, stamps = Database.of_home(home), SystemStamps()
    try:
        store = PublicationStore(db, stamps)
        version = 1 + sum(row.slug == name for row in store.done())
        assessment, request = f"{name}-{version:08x}", {"role": content.role.title}
        AssessmentStore(db, stamps).create(
            assessment, role=content.role.title, seniority=content.role.seniority, request=request, graph_version="1"
        )
        row = store.claim(
            Publication(
                assessment=assessment,
                revision=content.revision(),
                slug=name,
                role=content.role.title,
                seniority=content.role.seniority,
                score=result.score,
                zone=result.zone.value,
                label=result.label,
            ),
            str(home / "published"),
        )
        a_file(home / "published", content, version=version)
        store.finish(assessment, row.revision)
        return row
    finally:
        db.close()


def likeness(alike: Mapping[tuple[str, str], float], *, roles: float = 0.6) -> Similarities:
    """Similarities of texts, either way round: those of task names that are named, `roles` of any two role functions,
    0 of everything else."""

    def similarities(left: Sequence[str], right: Sequence[str]) -> list[list[float]]:
        def value(a: str, b: str) -> float:
            return roles if a.startswith(FUNCTION) else alike.get((a, b), alike.get((b, a), 0.0))

        return [[value(a, b) for b in right] for a in left]

    return similarities
