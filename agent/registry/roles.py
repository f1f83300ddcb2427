"""A published role as everything refers to it, and what is read of it to compare it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent.errors import InvalidInput, NotFound
from agent.registry.published_file import read_assessment
from agent.schemas.assessment import Assessment
from agent.schemas.base import Value
from agent.schemas.draft import TaskDraft
from agent.schemas.record import PublishedAssessment
from agent.schemas.scored import ScoreResult
from agent.schemas.vocabulary import Zone
from agent.store.publications import PublicationRow, Withdrawal

ELSEWHERE = "Move the folder back, or give the path of its assessment.json where it is now."


class PublishedRole(Value):
    """A (role, version) pair of the registry with what was published of it. Nothing refers to a role by less."""

    role: str
    seniority: str
    slug: str
    version: int
    revision: str
    """Hash of the content."""
    path: str
    """Folder of its files, or the file that was given."""
    registered: bool
    """It stands in this home's registry; otherwise role and version are what the file says."""
    as_of: str
    """Day that its evidence is as of."""
    score: float
    """Score of record, one decimal."""
    formula_score: float
    """Another one than `score` where a reviewer overrode it."""
    zone: Zone
    label: str
    policy: str
    """Version of the policy that it was scored with."""
    withdrawn: Withdrawal | None = None
    """By whom, when and why it was withdrawn, as far as this home's registry says so."""

    @property
    def name(self) -> str:
        """Role and level."""
        return f"{self.role} ({self.seniority})"

    @property
    def words(self) -> str:
        """The pair in words: role, level and version."""
        return f"{self.name} v{self.version}"


@dataclass(frozen=True)
class Subject:
    """A published role with its content: what a comparison reads."""

    role: PublishedRole
    content: Assessment
    result: ScoreResult
    assessment: str
    """Id of the run that it was published from."""

    @property
    def revision(self) -> str:
        """Hash of the content."""
        return self.role.revision

    @property
    def tasks(self) -> tuple[TaskDraft, ...]:
        """The tasks in printed order."""
        return self.content.inputs.tasks


def subject_of_row(row: PublicationRow) -> Subject:
    """What stands published under a row of the registry. Raises as `document_of_row` and `subject_of_document` do."""
    return subject_of_document(document_of_row(row), row)


def document_of_row(row: PublicationRow) -> PublishedAssessment:
    """The document that stands published under a row of the registry.

    Raises NotFound when its files are gone, InvalidInput when they are not what was published.
    """
    name, place = f"{row.role} ({row.seniority}) v{row.version}", Path(row.path)
    try:
        document = read_assessment(place)
    except NotFound as error:
        raise NotFound(f"The files of {name} are not where they were published: {row.path}.", hint=ELSEWHERE) from error
    except InvalidInput as error:
        raise InvalidInput(f"{name} cannot be read. {error.message}", hint=error.hint) from error
    if document.revision != row.revision:
        raise InvalidInput(
            f"{name} cannot be read: its file holds revision {document.revision}, published was {row.revision}.",
            hint="Put the published file back.",
        )
    return document


def subject_of_file(path: Path, rows: tuple[PublicationRow, ...]) -> Subject:
    """What the assessment.json at `path`, or in the folder there, holds; `rows` is this home's registry.

    Raises NotFound, InvalidInput.
    """
    document = read_assessment(path)
    same = [row for row in rows if row.revision == document.revision]
    # Two versions can have one content, and only one of them be withdrawn.
    exact = [row for row in same if row.assessment == document.record.assessment]
    return subject_of_document(document, next(iter(exact or same), None) or _unregistered(document, path))


def _unregistered(document: PublishedAssessment, path: Path) -> PublicationRow:
    content, record, result = document.assessment, document.record, _scored(document.assessment, document.revision)
    return PublicationRow(
        assessment=record.assessment,
        revision=document.revision,
        slug=record.slug,
        version=record.version,
        role=content.role.title,
        seniority=content.role.seniority,
        score=result.score,
        zone=result.zone.value,
        label=result.label,
        status="",
        path=str(path),
        published_at=record.published_at,
    )


def subject_of_document(document: PublishedAssessment, row: PublicationRow) -> Subject:
    """What was published under a row, from its document, which the caller checked. Raises InvalidInput when it has no
    score, or several tasks of one id."""
    content, result = document.assessment, _scored(document.assessment, document.revision)
    role = PublishedRole(
        role=row.role,
        seniority=row.seniority,
        slug=row.slug,
        version=row.version,
        revision=row.revision,
        path=row.path,
        registered=bool(row.status),
        as_of=content.as_of,
        score=result.score,
        formula_score=result.formula_score,
        zone=result.zone,
        label=result.label,
        policy=result.policy,
        withdrawn=row.withdrawn,
    )
    return Subject(role=role, content=content, result=result, assessment=row.assessment)


def _scored(content: Assessment, revision: str) -> ScoreResult:
    if content.result is None:
        raise InvalidInput(f"Revision {revision} has no score, so that there is nothing to compare.")
    ids = [task.id for task in content.inputs.tasks]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise InvalidInput(f"Revision {revision} has several tasks of the id {', '.join(twice)}; expected one each.")
    return content.result
