"""Published assessments as flat tables, for spreadsheets and notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from agent.errors import AssessorError, InvalidInput
from agent.publishing.sentences import approvals_of, joined
from agent.registry.exported import (
    Export,
    ExportedAssessment,
    ExportedCitation,
    ExportedDimension,
    ExportedTask,
    Group,
    Unreadable,
)
from agent.registry.holdings import citations_of, cited_in
from agent.registry.published import read_published
from agent.schemas.draft import Claim
from agent.schemas.places import placed_claims
from agent.schemas.record import PublishedAssessment
from agent.schemas.scored import ScoreResult
from agent.schemas.vocabulary import BarrierName, EvidenceName, Gate, PrincipleName
from agent.store.publications import PublicationRow, Withdrawal


def export(rows: Sequence[PublicationRow]) -> Export:
    """The tables of these publications, read from their files. One whose file is missing or damaged is named in
    `unreadable`, whatever is wrong with it."""
    whole: list[PublishedAssessment] = []
    unreadable: list[Unreadable] = []
    for row in rows:
        try:
            whole.append(_published(row))
        except AssessorError as error:
            unreadable.append(Unreadable(slug=row.slug, version=row.version, reason=error.message))
    withdrawn = {(row.assessment, row.revision): row.withdrawn for row in rows if row.withdrawn is not None}
    return tables(whole, unreadable, withdrawn)


def tables(
    whole: Sequence[PublishedAssessment],
    unreadable: Sequence[Unreadable] = (),
    withdrawn: Mapping[tuple[str, str], Withdrawal] = MappingProxyType({}),
) -> Export:
    """The tables of these documents, in their order; each has to be one that `check_whole` lets pass. `withdrawn` has
    those that do not stand, by run and revision."""
    return Export(
        ok=not unreadable,
        assessments=tuple(_assessment(one, withdrawn.get((one.record.assessment, one.revision))) for one in whole),
        tasks=tuple(task for one in whole for task in _tasks(one)),
        dimensions=tuple(dimension for one in whole for dimension in _dimensions(one)),
        citations=tuple(citation for one in whole for citation in _citations(one)),
        unreadable=tuple(unreadable),
    )


def _published(row: PublicationRow) -> PublishedAssessment:
    """The published document of this very row. Raises NotFound, InvalidInput."""
    document = read_published(Path(row.path))
    try:
        published = PublishedAssessment.model_validate(document)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors(include_url=False)]
        raise InvalidInput(f"{row.path} holds no whole published assessment: {'; '.join(problems)}.") from error
    if published.revision != row.revision:
        raise InvalidInput(f"{row.path} holds {published.revision}, expected {row.revision}.")
    check_whole(published, row.path)
    return published


def check_whole(published: PublishedAssessment, place: str) -> None:
    """Raises InvalidInput, naming `place`, when a score or a cited source is missing."""
    content = published.assessment
    lost = set(cited_in(content)) - {source.passage for source in content.sources}
    if content.result is None or lost:
        missing = "score" if content.result is None else f"source {min(lost)}"
        raise InvalidInput(f"{place} holds an assessment without its {missing}.")


def _key(published: PublishedAssessment) -> dict[str, object]:
    record, role = published.record, published.assessment.role
    return {"slug": record.slug, "version": record.version, "role": role.title, "seniority": role.seniority}


def _result(published: PublishedAssessment) -> ScoreResult:
    result = published.assessment.result
    if result is None:
        raise ValueError("what has no score is not published")
    return result


def _assessment(published: PublishedAssessment, withdrawn: Withdrawal | None) -> ExportedAssessment:
    content, record, result = published.assessment, published.record, _result(published)
    return ExportedAssessment.model_validate(
        {
            **_key(published),
            "revision": published.revision,
            "score": result.score,
            "formula_score": result.formula_score,
            "unrounded": float(result.unrounded),
            "zone": result.zone,
            "label": result.label,
            "task_resistance": float(result.task_resistance),
            "evidence": result.evidence,
            "barriers": result.barriers,
            "growth": result.growth,
            "protective": result.protective,
            "unknown": len(result.unknown),
            "overridden": result.override is not None,
            "policy": result.policy,
            "as_of": content.as_of,
            "published_at": record.published_at,
            "drafted_by": content.provenance.model,
            "recorded": content.provenance.recorded,
            "approved_inputs_by": _approver(published, Gate.INPUTS),
            "approved_by": _approver(published, Gate.PUBLICATION),
            "assessment": record.assessment,
            "withdrawn_at": None if withdrawn is None else withdrawn.withdrawn_at,
            "withdrawn_reason": None if withdrawn is None else withdrawn.reason,
        }
    )


def _approver(published: PublishedAssessment, gate: Gate) -> str:
    """Whose approval counts at this gate; empty when the record names nobody, which `verify` reports."""
    return joined([person.reviewer for d in approvals_of(published.record) if d.gate is gate for person in d.people])


def _tasks(published: PublishedAssessment) -> Iterator[ExportedTask]:
    for task in published.assessment.inputs.tasks:
        parts = {"task": task.id, "name": task.name, "share": task.share, "score": task.score, "bucket": task.bucket}
        yield ExportedTask.model_validate({**_key(published), **parts})


def _dimensions(published: PublishedAssessment) -> Iterator[ExportedDimension]:
    inputs = published.assessment.inputs
    # In printed order, whatever order the file has: canonical JSON does not keep one.
    scored: list[tuple[Group, str, int | None, str | None]] = [
        *((Group.EVIDENCE, n.value, inputs.evidence[n].score, inputs.evidence[n].gap) for n in EvidenceName),
        *((Group.BARRIERS, n.value, inputs.barriers[n].score, None) for n in BarrierName),
        *((Group.PRINCIPLES, n.value, inputs.principles[n].score, None) for n in PrincipleName),
        (Group.GROWTH, Group.GROWTH.value, inputs.growth.score, None),
    ]
    for group, name, score, gap in scored:
        yield ExportedDimension.model_validate(
            {**_key(published), "group": group, "dimension": name, "score": score, "gap": gap}
        )


def _citations(published: PublishedAssessment) -> Iterator[ExportedCitation]:
    content = published.assessment
    claims: dict[str, Claim] = {
        p.path: p.claim for p in placed_claims(content.inputs, content.commentary, content.lens)
    }
    sources = {source.passage: source for source in content.sources}
    for placed in citations_of(content):
        path = placed.place.rpartition(".citations.")[0]
        claim, source = claims.get(path), sources[placed.citation.passage]
        meta = source.meta
        yield ExportedCitation.model_validate(
            {
                **_key(published),
                "place": placed.place,
                "claim": None if claim is None else claim.text,
                "stance": None if claim is None else claim.stance,
                "verdict": content.guard.verdicts.get(path),
                "passage": source.passage,
                "quote": placed.citation.quote,
                "text_kind": meta.text_kind,
                "article": source.article,
                "title": meta.title,
                "publisher": meta.publisher,
                "date": meta.date,
                "tier": meta.tier,
                "interested": meta.interested,
                "url": meta.url,
            }
        )
