"""Inputs and evidence in, the content of a revision out: guard, score and sources, always computed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.grounding.drafts import disagreements
from agent.grounding.personal import redacted
from agent.grounding.quotes import locate
from agent.grounding.report import check, check_citations, repairer
from agent.schemas.agreement import Agreement
from agent.schemas.article import Passage
from agent.schemas.assessment import Assessment, CitedOverride, Provenance, Source
from agent.schemas.draft import Citation, Commentary, Inputs, RoleFrame
from agent.schemas.finding import Acceptance, Tier
from agent.schemas.lens import Lens
from agent.schemas.places import placed_claims
from agent.schemas.scored import Override
from agent.schemas.vocabulary import Gate, Section
from agent.scoring import POLICY, lens_problems, lens_score, problems, score


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
    told: str = ""
    """The instructions of the drafting model: their words may not come back."""


def cited(
    inputs: Inputs | None,
    commentary: Commentary | None = None,
    override: CitedOverride | None = None,
    lens: Lens | None = None,
) -> tuple[str, ...]:
    """The ids of every cited passage once, in the order of first citation."""
    citations: list[Citation] = []
    citations += [citation for placed in placed_claims(inputs, commentary, lens) for citation in placed.claim.citations]
    if override is not None:
        citations += override.citations
    return tuple(dict.fromkeys(citation.passage for citation in citations))


def _quoted(
    passage: Passage,
    inputs: Inputs,
    commentary: Commentary | None,
    override: CitedOverride | None,
    lens: Lens | None,
) -> list[tuple[int, int]]:
    """The spans of a passage that are quoted from it."""
    citations = [c for placed in placed_claims(inputs, commentary, lens) for c in placed.claim.citations]
    citations += override.citations if override is not None else ()
    spans = (locate(c.quote, passage.text) for c in citations if c.passage == passage.id)
    return [span for span in spans if span is not None]


def source_of(passage: Passage, quoted: Sequence[tuple[int, int]]) -> Source:
    """The passage as it is published: without personal data, and its pages counted in what is left of its text."""
    return Source(
        passage=passage.id,
        article=passage.article,
        text=redacted(passage.text, keep=quoted),
        text_hash=passage.text_hash,
        meta=passage.meta,
        suspicious=passage.suspicious,
        page=passage.page,
        pages=tuple((len(redacted(passage.text[:at], keep=quoted)), page) for at, page in passage.pages),
        work=passage.work,
    )


def assemble(
    *,
    gate: Gate,
    inputs: Inputs,
    material: Material,
    commentary: Commentary | None = None,
    lens: Lens | None = None,
    override: CitedOverride | None = None,
    accepted: tuple[Acceptance, ...] = (),
    agreement: Agreement | None = None,
) -> Assessment:
    """The content of a revision, slips in quotes repaired. Acceptances of findings that no longer stand are dropped.
    Where independent drafts disagree, that is among the findings.

    A draft that breaks a rule of the formula has no result and carries the BLOCK findings that say why; so has a lens.
    An override further than the policy allows raises InvalidInput.
    """
    exact = repairer(material.passages, POLICY)
    inputs = inputs.map_claims(exact)
    commentary = None if commentary is None else commentary.map_claims(exact)
    lens = None if lens is None else lens.map_claims(exact)
    report = check(
        inputs=inputs,
        commentary=commentary,
        lens=lens,
        passages=material.passages,
        packs=material.packs,
        frame=material.frame,
        policy=POLICY,
        as_of=material.as_of,
        told=material.told,
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
    if agreement is not None:
        report = report.model_copy(update={"findings": (*report.findings, *disagreements(agreement))})
    scored = inputs.scored()
    plain = None if override is None else Override(score=override.score, reason=override.reason)
    result = None if problems(scored) else score(scored, override=plain)
    sound = lens is not None and result is not None and not lens_problems(lens, inputs)
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
        lens=lens,
        lens_result=lens_score(lens, inputs) if lens is not None and sound else None,
        agreement=agreement,
        sources=tuple(
            source_of(p, _quoted(p, inputs, commentary, override, lens))
            for p in (known[i] for i in sorted(cited(inputs, commentary, override, lens)) if i in known)
        ),
        provenance=material.provenance,
    )
