"""The published versions that a site shows, read from their folders and checked against the registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from agent.errors import InvalidInput, NotFound
from agent.publishing import bytes_hash, render_html, render_markdown
from agent.publishing.files import FILES
from agent.registry.export import check_whole
from agent.registry.published import FILE
from agent.registry.published_file import parse_published
from agent.registry.roles import Subject, subject_of_document
from agent.schemas.record import PublishedAssessment
from agent.schemas.scored import ScoreResult
from agent.store.publications import PublicationRow, Withdrawal

PAGE = "index.html"
MARKDOWN = "assessment.md"
OTHERWISE = "made by another version of assess-role, or changed since"


@dataclass(frozen=True)
class SiteVersion:
    """One published version, whole and as it was approved."""

    row: PublicationRow
    document: PublishedAssessment
    result: ScoreResult
    files: Mapping[str, bytes]
    """Its published files by name, byte for byte."""

    @property
    def number(self) -> int:
        """1 is the first."""
        return self.row.version

    @property
    def day(self) -> str:
        """The day of its publication: YYYY-MM-DD, UTC."""
        return self.row.published_at[:10]

    @property
    def withdrawn(self) -> Withdrawal | None:
        """Who withdrew it and why; `None` for a version that stands."""
        return self.row.withdrawn

    @property
    def subject(self) -> Subject:
        """What a comparison reads of it."""
        return subject_of_document(self.document, self.row)


@dataclass(frozen=True)
class SiteRole:
    """A role at one level with its versions."""

    slug: str
    versions: tuple[SiteVersion, ...]
    """Oldest first, at least one; also what was withdrawn."""

    @property
    def standing(self) -> tuple[SiteVersion, ...]:
        """Those that nobody withdrew, oldest first."""
        return tuple(version for version in self.versions if version.withdrawn is None)

    @property
    def withdrawals(self) -> tuple[tuple[SiteVersion, Withdrawal], ...]:
        """The others with their withdrawals, oldest version first."""
        return tuple((version, version.withdrawn) for version in self.versions if version.withdrawn is not None)

    @property
    def newest(self) -> SiteVersion:
        """The version that is shown at the role's own address: the newest that stands. Where none does, the newest."""
        return (self.standing or self.versions)[-1]

    @property
    def day(self) -> str:
        """The day on which what its own address shows changed last: a publication or a withdrawal."""
        return max(self.newest.day, *(withdrawal.day for _, withdrawal in self.withdrawals), "")

    @property
    def title(self) -> str:
        """The role as its newest version names it."""
        return self.newest.document.assessment.role.title

    @property
    def seniority(self) -> str:
        """The level as its newest version names it."""
        return self.newest.document.assessment.role.seniority


class Remark(NamedTuple):
    """What is said of one publication."""

    slug: str
    version: int
    reason: str

    def line(self) -> str:
        """All of it in one line."""
        return f"{self.slug} v{self.version}: {self.reason}"


@dataclass(frozen=True)
class Registry:
    """Everything published, as far as it can be shown."""

    roles: tuple[SiteRole, ...]
    """Those of which a version stands, by title and level."""
    withdrawn: tuple[SiteRole, ...]
    """Those of which every version that can be shown was withdrawn, by title and level."""
    left_out: tuple[Remark, ...]
    """Publications whose files are missing or are not what was published."""
    lost: tuple[PublicationRow, ...]
    """The rows of those, in the same order."""
    notes: tuple[Remark, ...]
    """Publications that are shown and whose page or Markdown is not what this version of the software makes of them."""


def read_registry(rows: Iterable[PublicationRow]) -> Registry:
    """Read every publication from its folder; what cannot be shown is named and left out.

    A version is shown when its `assessment.json` has the hash that the registry holds, its record is of this very
    publication, its page and its Markdown state that hash, every file has the bytes that were published as far as the
    audit trail holds their hashes, and nothing is missing in it that tables and comparisons
    read. Where page or Markdown is not byte for byte what the document gives today, that is noted: another version of
    the software made it, or somebody changed it since.
    """
    whole: list[SiteVersion] = []
    left_out: list[Remark] = []
    lost: list[PublicationRow] = []
    notes: list[Remark] = []
    for row in rows:
        try:
            version = _read(row)
        except (NotFound, InvalidInput) as error:
            left_out.append(Remark(row.slug, row.version, error.message))
            lost.append(row)
            continue
        whole.append(version)
        odd = tuple(_odd(version))
        if odd:
            notes.append(Remark(row.slug, row.version, f"{' and '.join(odd)} {OTHERWISE}"))
    whole.sort(key=lambda version: (version.row.slug, version.number))
    roles = [SiteRole(slug, tuple(of)) for slug, of in groupby(whole, key=lambda version: version.row.slug)]
    roles.sort(key=lambda role: (role.title.casefold(), role.seniority.casefold(), role.slug))
    return Registry(
        roles=tuple(role for role in roles if role.standing),
        withdrawn=tuple(role for role in roles if not role.standing),
        left_out=tuple(left_out),
        lost=tuple(lost),
        notes=tuple(notes),
    )


def _read(row: PublicationRow) -> SiteVersion:
    files = {name: _bytes(Path(row.path) / name) for name in FILES}
    for other in FILES:
        if row.files.get(other, bytes_hash(files[other])) != bytes_hash(files[other]):
            raise InvalidInput(f"{Path(row.path) / other} is not the file that was published: it was changed since.")
    name = str(Path(row.path) / FILE)
    try:
        text = files[FILE].decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{name} is not UTF-8 text: {error.reason} at byte {error.start}.") from error
    document, found = parse_published(text, name)
    record, result = document.record, document.assessment.result
    if not row.revision == found == document.revision == record.revision:
        raise InvalidInput(f"{name} is not what was published: its content has the hash {found}, not {row.revision}.")
    if (record.assessment, record.slug, record.version, record.published_at) != (
        row.assessment,
        row.slug,
        row.version,
        row.published_at,
    ):
        raise InvalidInput(f"{name} has the review record of another publication.")
    if result is None:
        raise InvalidInput(f"{name} has no score.")
    for other in FILES:
        if row.revision.encode("ascii") not in files[other]:
            raise InvalidInput(f"{Path(row.path) / other} does not belong to {FILE}: it names another revision.")
    # Whatever a site shows, its tables hold and its comparisons read.
    check_whole(document, row.path)
    subject_of_document(document, row)
    return SiteVersion(row, document, result, files)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"There is no file {file}.") from error
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror or error}.") from error


def _odd(version: SiteVersion) -> Iterator[str]:
    content, record = version.document.assessment, version.document.record
    made = {PAGE: render_html(content, record), MARKDOWN: render_markdown(content, record)}
    for name, text in made.items():
        if version.files[name] != text.encode("utf-8"):
            yield name
