"""Inputs and evidence in, the content of a revision out: guard, score and sources, always computed together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.grounding.report import check, check_citations
from agent.schemas.article import Passage
from agent.schemas.assessment import Assessment, CitedOverride, Provenance, Source
from agent.schemas.draft import Citation, Claim, Commentary, Inputs, RoleFrame
from agent.schemas.finding import Acceptance, Tier
from agent.schemas.scored import Override
from agent.schemas.vocabulary import Gate, Section
from agent.scoring import POLICY, problems, score


@dataclass(frozen=True)
class Material:
    """What a revision rests on beside the drafts."""

    as_of: str
    frame: RoleFrame
    passages: Mapping[str, Passage]
    """At least every stored passage that is cited."""
    packs: Mapping[Section, frozenset[str]]
    """The passage ids each section was drafted from."""
    provenance: Provenance


def claims_of(inputs: Inputs) -> tuple[Claim, ...]:
    """Every claim of the inputs, in printed order."""
    groups = [
        *(task.claims for task in inputs.tasks),
        inputs.reinstatement,
        *(dimension.claims for dimension in inputs.evidence.values()),
        *(barrier.claims for barrier in inputs.barriers.values()),
        *(principle.claims for principle in inputs.principles.values()),
        inputs.growth.claims,
    ]
    return tuple(claim for group in groups for claim in group)


def commentary_claims(commentary: Commentary) -> tuple[Claim, ...]:
    """Every claim of the commentary, in printed order."""
    return tuple(claim for name in Commentary.model_fields for claim in getattr(commentary, name))


def cited(
    inputs: Inputs | None, commentary: Commentary | None = None, override: CitedOverride | None = None
) -> tuple[str, ...]:
    """The ids of every cited passage once, in the order of first citation."""
    citations: list[Citation] = []
    if inputs is not None:
        citations += [citation for claim in claims_of(inputs) for citation in claim.citations]
    if commentary is not None:
        citations += [citation for claim in commentary_claims(commentary) for citation in claim.citations]
    if override is not None:
        citations += override.citations
    return tuple(dict.fromkeys(citation.passage for citation in citations))


def assemble(
    *,
    gate: Gate,
    inputs: Inputs,
    material: Material,
    commentary: Commentary | None = None,
    override: CitedOverride | None = None,
    accepted: tuple[Acceptance, ...] = (),
) -> Assessment:
    """The content of a revision. Acceptances of findings that no longer stand are dropped.

    A draft that breaks a rule of the formula has no result and carries the BLOCK findings that say why. An override
    further than the policy allows raises InvalidInput.
    """
    report = check(
        inputs=inputs,
        commentary=commentary,
        passages=material.passages,
        packs=material.packs,
        frame=material.frame,
        policy=POLICY,
        as_of=material.as_of,
    )
    if override is not None:
        extra = check_citations(
            override.citations,
            section=Section.EVIDENCE,
            path="override",
            passages=material.passages,
            policy=POLICY,
            as_of=material.as_of,
        )
        report = report.model_copy(update={"findings": (*report.findings, *extra)})
    scored = inputs.scored()
    plain = None if override is None else Override(score=override.score, reason=override.reason)
    result = None if problems(scored) else score(scored, override=plain)
    standing = {finding.id for finding in report.findings if finding.tier is Tier.REVIEW}
    known = material.passages
    return Assessment(
        gate=gate,
        as_of=material.as_of,
        role=material.frame,
        inputs=inputs,
        result=result,
        guard=report,
        accepted=tuple(a for a in accepted if a.finding in standing),
        override=override,
        commentary=commentary,
        sources=tuple(
            Source(
                passage=p.id,
                article=p.article,
                text=p.text,
                text_hash=p.text_hash,
                meta=p.meta,
                suspicious=p.suspicious,
                page=p.page,
                work=p.work,
            )
            for p in (known[i] for i in sorted(cited(inputs, commentary, override)) if i in known)
        ),
        provenance=material.provenance,
    )
