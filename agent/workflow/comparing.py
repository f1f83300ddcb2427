"""Comparing published roles: the registry's rules over this home's publications, mappings and embedding model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from agent.errors import InvalidInput, NotFound
from agent.evidence.embedding import MiniLM
from agent.evidence.queries import QueryEmbedder
from agent.registry.carrying import ConfirmedMappings, confirmed
from agent.registry.lookup import newest_of_each, subject_named
from agent.registry.mapping import TaskMapping, check_pairs
from agent.registry.matching import Similarities, suggested
from agent.registry.next_roles import LeftOut, MappingOf, NextRoles, next_roles
from agent.registry.roles import Subject, subject_of_row
from agent.registry.transitions import Transition, check_different, transition
from agent.review.rules import check_reviewer
from agent.review.service import Reviewer
from agent.settings import Settings
from agent.store.accounts import AccountStore
from agent.store.database import Database
from agent.store.publications import PublicationRow, PublicationStore
from agent.store.query_vectors import QueryVectors
from agent.store.stamps import Stamps, SystemStamps
from agent.store.task_mappings import TaskMappingStore


@dataclass(frozen=True)
class Comparer:
    """Compares what has been published."""

    publications: PublicationStore
    mappings: TaskMappingStore
    similarities: Similarities
    embedding: str
    """Identity of the model behind `similarities`."""
    accounts: AccountStore

    def subject(self, asked: str) -> Subject:
        """The published role that is meant (`subject_named`). Raises NotFound, InvalidInput."""
        return subject_named(asked, self.publications.done())

    def mapping_of(self) -> MappingOf:
        """What gives the mapping of two roles: what a person confirmed of these revisions or of earlier ones with the
        same tasks (`ConfirmedMappings`), or else a suggestion. What is confirmed is read now, once for all pairs."""
        known = ConfirmedMappings(self.mappings.all(), self.publications.done())

        def mapping(a: Subject, b: Subject) -> TaskMapping:
            return known.of(a, b) or suggested(a, b, self.similarities, embedding=self.embedding)

        return mapping

    def compare(self, a: Subject, b: Subject) -> Transition:
        """The way from `a` to `b`. Raises InvalidInput for a role and itself."""
        check_different(a, b)
        return transition(a, b, self.mapping_of()(a, b))

    def confirm(self, a: Subject, b: Subject, pairs: Sequence[tuple[str, str]], by: Reviewer) -> Transition:
        """Keep a mapping that a person confirmed, and compare by it. Raises InvalidInput."""
        check_different(a, b)
        check_pairs(pairs, a, b)
        kept = self.mappings.confirm(
            a.revision,
            b.revision,
            pairs,
            assessments={a.revision: a.assessment, b.revision: b.assessment},
            reviewer=check_reviewer(by.name),
            auth=by.auth,
            channel=by.channel,
        )
        return transition(a, b, confirmed(a.revision, b.revision, kept))

    def next_from(self, of: Subject) -> NextRoles:
        """Where to look next from `of`: among the newest version of every other role."""
        others: list[Subject] = []
        left_out: list[LeftOut] = []
        for row in newest_of_each(self.publications.done()):
            if row.slug == of.role.slug:
                continue
            try:
                others.append(subject_of_row(row))
            except (NotFound, InvalidInput) as error:
                left_out.append(_left_out(row, error.message))
        return next_roles(of, others, self.mapping_of(), left_out)


@contextmanager
def open_comparer(settings: Settings, stamps: Stamps | None = None) -> Iterator[Comparer]:
    """What compares the publications of a home. Raises StorageFailed, Prerequisite.

    Tasks are always matched by the bundled model, whichever one searches: the threshold belongs to it.
    """
    clock = stamps or SystemStamps()
    db = Database.of_home(settings.home)
    embedder, accounts = QueryEmbedder(MiniLM(), QueryVectors(db)), AccountStore(db, clock)

    def similarities(left: Sequence[str], right: Sequence[str]) -> list[list[float]]:
        vectors = embedder.embed([*left, *right])
        cosines: list[list[float]] = (vectors[: len(left)] @ vectors[len(left) :].T).astype(float).tolist()
        return cosines

    try:
        yield Comparer(
            PublicationStore(db, clock), TaskMappingStore(db, clock), similarities, embedder.identity, accounts
        )
    finally:
        db.close()


def _left_out(row: PublicationRow, reason: str) -> LeftOut:
    return LeftOut(role=row.role, seniority=row.seniority, slug=row.slug, version=row.version, reason=reason)
