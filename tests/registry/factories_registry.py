"""A published file made from a few passages, as the review assembles one."""

from __future__ import annotations

import json
from collections.abc import Mapping

from factories_lens import a_lens

from agent.registry.holdings import Holdings
from agent.registry.published_file import PublishedFile, parse_published
from agent.review.revision import Material, assemble
from agent.schemas.article import ArticleMeta, Passage, TextKind
from agent.schemas.assessment import Assessment, CitedOverride, Provenance
from agent.schemas.base import text_hash
from agent.schemas.draft import (
    BarrierDraft,
    Citation,
    Claim,
    ClaimKind,
    Commentary,
    EvidenceDraft,
    GrowthDraft,
    Inputs,
    PrincipleDraft,
    RoleFrame,
    Stance,
    TaskDraft,
)
from agent.schemas.finding import Acceptance, Tier
from agent.schemas.lens import Lens, LensTask
from agent.schemas.record import DecisionRecord, ModelUsage, PublishedAssessment, ReviewRecord
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, Gate, LensBucket, PrincipleName, Section
from agent.scoring import POLICY
from agent.store.corpus_view import Standing

DAY = "2026-11-20"
PAY = "Release engineers earned 12% more than comparable software engineers in the survey of 2026."
STAFF = "Release engineers are hired by every third of the firms that the institute asked about their software teams."


def a_passage(name: str, text: str, *, date: str = "2026-05", publisher: str = "Institute One") -> Passage:
    meta = ArticleMeta(
        title=f"Article {name}",
        publisher=publisher,
        author=None,
        date=date,
        url=f"https://example.org/{name}",
        tier=1,
        interested=False,
        retrieved=DAY,
        text_kind=TextKind.FULL,
    )
    return Passage(
        id=f"p-{name}", article=f"a-{name}", meta=meta, text=text, start=0, end=len(text), text_hash=text_hash(text)
    )


PASSAGES = (a_passage("pay", PAY), a_passage("staff", STAFF, publisher="Institute Two"))


def judged(text: str) -> Claim:
    return Claim(text=text, kind=ClaimKind.JUDGEMENT, stance=Stance.CONTEXT)


def sourced(text: str, passage: str, quote: str) -> Claim:
    cited = (Citation(passage=passage, quote=quote),)
    return Claim(text=text, kind=ClaimKind.SOURCED, stance=Stance.FOR, citations=cited)


EARNED = sourced("Release engineers earned 12% more than comparable software engineers.", "p-pay", PAY.rstrip("."))


def a_frame() -> RoleFrame:
    return RoleFrame(
        title="Release Engineer",
        seniority="Senior",
        function="Builds and ships releases of software",
        aliases=(),
        proxies=(),
        is_not=(),
        experience="Several years",
        seniority_note="A hypothesis",
        tags=(),
    )


def some_inputs(*, pay: Claim = EARNED, task: str = "A person leads.") -> Inputs:
    names = ("planning", "building", "checking", "shipping", "advising")
    unknown = EvidenceDraft(score=None, claims=(), gap="Nothing on this.")
    return Inputs(
        tasks=tuple(
            TaskDraft(id=f"t{at}", name=name, share=20, score=3, bucket=Bucket.AUGMENTATION, claims=(judged(task),))
            for at, name in enumerate(names, 1)
        ),
        reinstatement=(),
        evidence={**dict.fromkeys(EvidenceName, unknown), EvidenceName.WAGES: EvidenceDraft(score=1, claims=(pay,))},
        barriers={name: BarrierDraft(score=0, claims=(judged("No such barrier."),)) for name in BarrierName},
        principles={name: PrincipleDraft(score=1, claims=(judged("Some of it."),)) for name in PrincipleName},
        growth=GrowthDraft(score=0, claims=(judged("No effect either way."),)),
    )


def a_commentary() -> Commentary:
    return Commentary(**{name: (judged("A judgement."),) for name in Commentary.model_fields})


def some_lens() -> Lens:
    """Every task as in the base; every claim the one about pay."""
    tasks = (LensTask(id=f"t{at}", share=20, score=3, bucket=LensBucket.ENHANCED) for at in range(1, 6))
    return a_lens(claim=EARNED, against=EARNED.model_copy(update={"stance": Stance.AGAINST}), tasks=tuple(tasks))


def content(
    *,
    inputs: Inputs | None = None,
    override: CitedOverride | None = None,
    lens: Lens | None = None,
    passages: tuple[Passage, ...] = PASSAGES,
) -> Assessment:
    """An assessment whose REVIEW findings are all accepted."""
    known = {passage.id: passage for passage in passages}
    prompts: dict[Section, str] = {}
    made = Provenance(
        model="desk-1", recorded=True, prompts=prompts, policy=POLICY.version, corpus="sha256:0", embedding="words-1"
    )
    material = Material(as_of=DAY, frame=a_frame(), passages=known, packs={}, provenance=made)
    parts = {"inputs": inputs or some_inputs(), "commentary": a_commentary(), "override": override, "lens": lens}
    first = assemble(gate=Gate.PUBLICATION, material=material, **parts)
    asked = [finding.id for finding in first.guard.findings if finding.tier is Tier.REVIEW]
    accepted = tuple(Acceptance(finding=name, reason="Read, and good enough.") for name in asked)
    return assemble(gate=Gate.PUBLICATION, material=material, accepted=accepted, **parts)


def a_file(made: Assessment) -> PublishedFile:
    """The file that publishes this content."""
    result, revision = made.result, made.revision()
    decision = DecisionRecord(
        gate=Gate.PUBLICATION,
        revision=revision,
        action="approve",
        reviewer="Ada Marsh",
        auth="local-unverified",
        channel="script",
        decided_at="2026-11-20T10:30:00Z",
        reason=None,
    )
    record = ReviewRecord(
        assessment="release-engineer-1",
        revision=revision,
        slug="release-engineer-senior",
        version=1,
        requested_at="2026-11-20T09:00:00Z",
        published_at="2026-11-20T10:30:00Z",
        decisions=(decision,),
        usage=ModelUsage(calls=6, input_tokens=1, output_tokens=1),
        draft_score=None,
        final_score=0.0 if result is None else result.score,
        edits=(),
    )
    document = PublishedAssessment(revision=revision, assessment=made, record=record)
    return parse_published(json.dumps(document.model_dump(mode="json", by_alias=True)), "assessment.json")


def held(
    *passages: Passage, active: bool = True, in_corpus: bool = True, pack: Mapping[str, Passage] | None = None
) -> Holdings:
    """A store that holds these passages, all standing alike."""
    stored = passages or PASSAGES
    return Holdings(
        passages={p.id: p for p in stored},
        standings={
            p.id: Standing(active, in_corpus, "2026-12-01T00:00:00Z", frozenset({p.meta.date, "2026-05"}))
            for p in stored
        },
        drafted_from=pack,
    )
