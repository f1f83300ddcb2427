"""Refreshing what is published: which versions are due and why, and the run that drafts again what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from filelock import FileLock, Timeout

from agent.errors import AssessorError, Conflict
from agent.registry.roles import Subject, document_of_row, subject_of_document
from agent.schemas.refresh import Due, Refresh, RefreshReason
from agent.schemas.vocabulary import Section
from agent.store.assessments import AssessmentRow, AssessmentStore
from agent.store.publications import PublicationRow
from agent.workflow.engine import Engine
from agent.workflow.freshness import reasons_to_refresh
from agent.workflow.runner import LOCK_WAIT_S
from agent.workflow.standing import Standing, standing
from agent.workflow.workbench import Request

ASKED = "a person asked for it"


@dataclass(frozen=True)
class Checked:
    """A published version, held against the corpus as it is now."""

    row: PublicationRow
    as_of: str
    """Day of its evidence; empty for one that cannot be read."""
    reasons: tuple[RefreshReason, ...]
    """Why it is due; empty when it is not."""
    running: str = ""
    """Id of the refresh of it that has not ended yet."""
    unreadable: str = ""
    """Why it could not be checked."""
    standing: tuple[Standing, ...] = ()
    """What the last refresh was for and a person left as it was; nothing is drafted again for it."""

    @property
    def refresh(self) -> Refresh:
        """What a refresh of it starts from."""
        return Refresh(
            assessment=self.row.assessment,
            revision=self.row.revision,
            slug=self.row.slug,
            version=self.row.version,
            score=self.row.score,
            reasons=self.reasons,
        )

    def document(self) -> dict[str, object]:
        """What `assess-role refresh --json` prints of it."""
        return {
            "role": self.row.role,
            "seniority": self.row.seniority,
            "slug": self.row.slug,
            "version": self.row.version,
            "revision": self.row.revision,
            "score": self.row.score,
            "label": self.row.label,
            "as_of": self.as_of or None,
            "due": bool(self.reasons),
            "sections": [section.value for section in self.refresh.sections],
            "reasons": [reason.model_dump(mode="json") for reason in self.reasons],
            "running": self.running or None,
            "unreadable": self.unreadable or None,
            "standing": [left.document() for left in self.standing],
        }


def checked(engine: Engine, rows: Sequence[PublicationRow], *, asked: Sequence[Section] = ()) -> tuple[Checked, ...]:
    """Each of these publications against the corpus as it is now; the sections that a person `asked` for are due.

    A publication whose files are missing or damaged is not due: it says why it could not be checked.
    """
    running = _running(engine.stores.assessments)
    return tuple(_checked(engine, row, asked, running.get(row.revision, "")) for row in rows)


def _checked(engine: Engine, row: PublicationRow, asked: Sequence[Section], running: str) -> Checked:
    try:
        document = document_of_row(row)
        subject = subject_of_document(document, row)
    except AssessorError as error:
        return Checked(row, "", (), running, unreadable=error.message)
    since = engine.stores.assessments.get(row.assessment).created_at
    found = reasons_to_refresh(subject.content, engine.corpus, since=since, as_of=_today(engine, subject))
    wanted = dict.fromkeys(asked)
    named = [RefreshReason(kind=Due.ASKED, section=section, places=(), message=ASKED) for section in wanted]
    stands = standing(engine.bench, document, found)
    return Checked(row, subject.content.as_of, (*found, *named), running, standing=stands)


def _today(engine: Engine, subject: Subject) -> str:
    """A clock that was set back never makes evidence younger than it was."""
    return max(engine.stores.stamps.now()[:10], subject.content.as_of)


def _running(assessments: AssessmentStore) -> dict[str, str]:
    """Refreshes that have not ended, by the revision that they take up."""
    found: dict[str, str] = {}
    for name in assessments.unfinished():
        refresh = assessments.get(name).request.get("refresh")
        if isinstance(refresh, dict):
            found[str(refresh["revision"])] = name
    return found


def start_refresh(
    engine: Engine, due: Checked, *, max_tokens: int | None = None, by_hand: bool = False
) -> AssessmentRow:
    """Draft again what is due, up to gate 1. With `by_hand` and without a model, what is due is left to the reviewer.

    Raises Conflict when a refresh of the same version has not ended, and for a version that was withdrawn or is not the
    newest any more. A refresh that has begun goes on whatever becomes of the version.
    """
    engine.runner.locks.mkdir(parents=True, exist_ok=True)
    lock = FileLock(engine.runner.locks / f"refresh-{due.row.slug}.lock", timeout=LOCK_WAIT_S)
    try:
        with lock:
            _check_free(engine, due.row)
            return _start(engine, due, max_tokens=max_tokens, by_hand=by_hand)
    except Timeout as error:
        _check_free(engine, due.row)
        raise Conflict(f"Another process begins to refresh {due.row.words}.", hint="Wait for it.") from error


def _check_free(engine: Engine, row: PublicationRow) -> None:
    running = _running(engine.stores.assessments).get(row.revision)
    if running:
        raise Conflict(
            f"{row.words} is being refreshed already: {running}.",
            hint=f"Go on with `assess-role review {running}` or `assess-role resume {running}`, or end it with "
            f"`assess-role discard {running}`.",
        )
    versions = {other.version: other for other in engine.stores.publications.done() if other.slug == row.slug}
    withdrawn = versions[row.version].withdrawn
    if withdrawn is not None:
        raise Conflict(f"{row.words} was withdrawn {withdrawn.words}", hint="What was withdrawn is not refreshed.")
    newest = max(other.version for other in versions.values() if other.withdrawn is None)
    if newest != row.version:
        raise Conflict(
            f"{row.words} is not the newest version any more, which is v{newest}.",
            hint=f"Check that one: assess-role refresh {row.slug}",
        )


def _start(engine: Engine, due: Checked, *, max_tokens: int | None, by_hand: bool) -> AssessmentRow:
    former = engine.bench.request(due.row.assessment)
    return engine.runner.start(
        Request(
            role=due.row.role,
            seniority=former.seniority,
            as_of=max(engine.stores.stamps.now()[:10], due.as_of),
            recorded=False,
            max_tokens=max_tokens,
            by_hand=by_hand,
            refresh=due.refresh,
        ),
        engine.requester(),
    )
