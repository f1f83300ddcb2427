"""The tables of an export: one row a published assessment, task, dimension or citation. Columns stand in field order.

A column may be added at the end of its table, none is renamed or moved. `None` is unknown, and an empty cell in CSV.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.registry.choices import TableName
from agent.schemas.article import TextKind
from agent.schemas.base import Value
from agent.schemas.draft import Stance
from agent.schemas.finding import Verdict
from agent.schemas.vocabulary import Bucket, Zone

EXPORT_FORMAT: Literal["assess-role/export/1"] = "assess-role/export/1"


class Group(StrEnum):
    """What a dimension belongs to."""

    EVIDENCE = "evidence"
    BARRIERS = "barriers"
    PRINCIPLES = "principles"
    GROWTH = "growth"


class ExportedRow(Value):
    """What every table begins with. `slug` and `version` together are the key by which tables are joined."""

    slug: str
    """The role and its level as the publish folder names them."""
    version: int
    """1 is the first publication of the slug."""
    role: str
    seniority: str


class ExportedAssessment(ExportedRow):
    """One published assessment."""

    revision: str
    """The hash of the published content."""
    score: float
    """The score of record, 0 to 100, one decimal; after an override, if there is one."""
    formula_score: float
    """What the formula gives, one decimal."""
    unrounded: float
    """The formula's value before clamping and rounding, 12 decimals."""
    zone: Zone
    label: str
    task_resistance: float
    """TR: 6 minus the time-weighted score of the tasks."""
    evidence: int
    """E: the sum of the evidence dimensions; an unknown one counts 0."""
    barriers: int
    """B: the sum of the barriers."""
    growth: int
    """G."""
    protective: int
    """P: the sum of the protective principles, which is shown and not scored."""
    unknown: int
    """How many evidence dimensions are unknown."""
    overridden: bool
    """A reviewer moved the score."""
    policy: str
    """The version of the policy that it was scored with."""
    as_of: str
    """YYYY-MM-DD: evidence published later was not considered."""
    published_at: str
    """ISO 8601, UTC."""
    drafted_by: str
    """The model, as the endpoint or the recording names it."""
    recorded: bool
    """The model's answers were replayed from recordings."""
    approved_inputs_by: str
    """Whose approval of the inputs counts, under the names that were given."""
    approved_by: str
    """Whose approval of the publication counts."""
    assessment: str
    """The id of the run."""
    withdrawn_at: str | None
    """ISO 8601, UTC: when it was withdrawn; `None` for a version that stands."""
    withdrawn_reason: str | None
    """Why it was withdrawn; `None` for a version that stands."""


class ExportedTask(ExportedRow):
    """One task of an assessment, in printed order."""

    task: str
    """Its id, t1 and so on; stable within one assessment."""
    name: str
    share: int
    """Share of working time, whole percent."""
    score: int
    """1 only a human, 5 an agent does it end to end."""
    bucket: Bucket


class ExportedDimension(ExportedRow):
    """One dimension that was scored, in printed order."""

    group: Group
    dimension: str
    """The name within its group; `growth` for the one of that group."""
    score: int | None
    """Evidence and growth -2 to 2, barriers 0 to 2, principles 0 to 3; `None` is unknown, 0 is read and balanced."""
    gap: str | None
    """What the draft could not find; of evidence only."""


class ExportedCitation(ExportedRow):
    """One citation of a claim, in printed order; those of an override last."""

    place: str
    """Where it stands, for example `evidence.wages.claims.0.citations.0`."""
    claim: str | None
    """The sentence that it supports; `None` for an override."""
    stance: Stance | None
    """Whether the claim speaks for or against the role; `None` for an override."""
    verdict: Verdict | None
    """What the guard made of the claim; `None` for an override."""
    passage: str
    quote: str
    """A stretch of the stored passage, word for word. With `text_kind` digest these are our words, not the
    publisher's."""
    text_kind: TextKind
    article: str
    title: str
    publisher: str
    date: str
    """YYYY, YYYY-MM, YYYY-MM-DD or `unknown`."""
    tier: int
    """1 primary data, 2 named research or reporting with method, 3 vendor or trade, 4 opinion or unsourced."""
    interested: bool
    """The publisher sells what the text praises."""
    url: str
    """Where the source stands; `local:` and the name of a file that has no public address."""


class Unreadable(Value):
    """A publication that the home lists and whose file is missing or damaged: it is in no table."""

    slug: str
    version: int
    reason: str


class Export(BaseModel):
    """Every table at once: the JSON form."""

    # Keys may be added, as to every document of the command line.
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    ok: bool
    """False when a publication could not be read."""
    format: Literal["assess-role/export/1"] = EXPORT_FORMAT
    assessments: tuple[ExportedAssessment, ...]
    """By slug and version."""
    tasks: tuple[ExportedTask, ...]
    dimensions: tuple[ExportedDimension, ...]
    citations: tuple[ExportedCitation, ...]
    unreadable: tuple[Unreadable, ...]

    def table(self, name: TableName) -> tuple[ExportedRow, ...]:
        """The rows of one table."""
        rows: tuple[ExportedRow, ...] = getattr(self, name.value)
        return rows


ROWS: dict[TableName, type[ExportedRow]] = {
    TableName.ASSESSMENTS: ExportedAssessment,
    TableName.TASKS: ExportedTask,
    TableName.DIMENSIONS: ExportedDimension,
    TableName.CITATIONS: ExportedCitation,
}
"""The columns of each table are the fields of its row."""
