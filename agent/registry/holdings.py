"""What a store holds of the passages that an assessment cites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.errors import NotFound
from agent.schemas.article import Passage
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Citation
from agent.schemas.places import placed_claims
from agent.schemas.record import PublishedAssessment
from agent.store.assessments import LENS_PACK_PART, AssessmentStore
from agent.store.corpus import CorpusStore
from agent.store.corpus_view import Standing
from agent.store.publications import PublicationStore, Withdrawal


class PlacedCitation(NamedTuple):
    """A citation and where it stands."""

    citation: Citation
    place: str
    """For example `evidence.wages.claims.0.citations.0`."""


@dataclass(frozen=True)
class Holdings:
    """The cited passages as they are stored now."""

    passages: Mapping[str, Passage]
    """Those cited ones that the store has, also those that have left the corpus."""
    standings: Mapping[str, Standing]
    drafted_from: Mapping[str, Passage] | None = field(default=None)
    """Every passage that the drafts were made from; `None` when the assessment was not made in this store."""
    withdrawn: Withdrawal | None = field(default=None)
    """Who withdrew it, where the publication stands in this store and was withdrawn."""


def citations_of(content: Assessment) -> Iterator[PlacedCitation]:
    """Every citation in printed order, those of the override last."""
    for placed in placed_claims(content.inputs, content.commentary, content.lens):
        for at, citation in enumerate(placed.claim.citations):
            yield PlacedCitation(citation, f"{placed.path}.citations.{at}")
    for at, citation in enumerate(content.override.citations if content.override else ()):
        yield PlacedCitation(citation, f"override.citations.{at}")


def cited_in(content: Assessment) -> tuple[str, ...]:
    """The ids of every cited passage once, sorted."""
    return tuple(sorted({placed.citation.passage for placed in citations_of(content)}))


def holdings_for(
    published: PublishedAssessment,
    corpus: CorpusStore,
    assessments: AssessmentStore,
    publications: PublicationStore,
) -> Holdings:
    """What these stores hold of a published assessment's passages, in one consistent state, and whether it stands."""
    ids = cited_in(published.assessment)
    pack = _pack(published, assessments)
    with corpus.view() as view:
        return Holdings(
            passages=view.find_passages(ids),
            standings=view.standings(ids),
            drafted_from=None if pack is None else view.find_passages(pack),
            withdrawn=_withdrawn(published, publications),
        )


def _withdrawn(published: PublishedAssessment, publications: PublicationStore) -> Withdrawal | None:
    here = (published.record.assessment, published.revision)
    found = (row.withdrawn for row in publications.done() if (row.assessment, row.revision) == here)
    return next(found, None)


def _pack(published: PublishedAssessment, assessments: AssessmentStore) -> tuple[str, ...] | None:
    """The ids of all passages that its sections were drafted from; `None` where this very revision is unknown."""
    name = published.record.assessment
    try:
        assessments.revision(name, published.revision)
        packs = assessments.draft(name, "packs")
    except NotFound:
        return None
    with suppress(NotFound):
        packs = {**packs, **assessments.draft(name, LENS_PACK_PART)}
    return tuple(sorted({str(i) for ids in packs.values() if isinstance(ids, list) for i in ids}))
