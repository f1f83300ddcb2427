"""Finding a published role by what a person calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from agent.errors import InvalidInput, NotFound
from agent.registry.roles import Subject, subject_of_file, subject_of_row
from agent.schemas.text import one_line
from agent.store.publications import PublicationRow

AT = "@"
"""Before the version in `SLUG@2`."""
NAMED = 12
"""Roles that an error names."""


def find_published(
    asked: str, rows: Sequence[PublicationRow], version: int | None = None, *, also_withdrawn: bool = False
) -> PublicationRow:
    """The publication that is meant by a slug, a title (also with its level in brackets), or an assessment's id or the
    beginning of one; the newest version that stands, or `version`, or that after an `@`. Case does not matter.

    A version that is named is found also when it was withdrawn; with `also_withdrawn` so is the newest one of which
    none stands. Raises NotFound, which names what is published, or says who withdrew what is meant, and InvalidInput
    for what fits several roles.
    """
    found = _named(asked, rows)
    if found:
        slug = _slug(found, asked)
        return _newest(found, asked, also_withdrawn) if version is None else _version(slug, str(version), rows)
    name, at, suffix = asked.rpartition(AT)
    of_role = _named(name, rows) if at and version is None else ()
    if not of_role:
        raise NotFound(f"No published role is called {one_line(asked)!r}. {published_words(rows)}", hint=_hint(rows))
    return _version(_slug(of_role, name), suffix.strip().lower().removeprefix("v"), rows)


def _version(slug: str, number: str, rows: Sequence[PublicationRow]) -> PublicationRow:
    of_role = [row for row in rows if row.slug == slug]
    for row in of_role:
        if number.isascii() and number.isdigit() and row.version == int(number):
            return row
    versions = ", ".join(str(row.version) for row in of_role)
    role = of_role[0]
    raise NotFound(
        f"{role.role} ({role.seniority}) has no published version {one_line(number)!r}; published: {versions}."
    )


def subject_named(asked: str, rows: Sequence[PublicationRow]) -> Subject:
    """The published role that is meant, with its content: by its name in the registry (`find_published`), or by the
    path of an assessment.json or of its folder.

    Raises NotFound, InvalidInput.
    """
    try:
        row = find_published(asked, rows)
    except NotFound:
        if _is_path(asked):
            return subject_of_file(Path(asked), tuple(rows))
        raise
    return subject_of_row(row)


def _is_path(asked: str) -> bool:
    """Titles have slashes too ("UI/UX Designer"): only a file that is named like one, or that is there."""
    try:
        return asked.endswith(".json") or (bool(asked.strip()) and Path(asked).exists())
    except (OSError, ValueError):
        return False


def published_words(rows: Sequence[PublicationRow]) -> str:
    """What is published, in a sentence."""
    if not rows:
        return "Nothing is published yet."
    newest = newest_of_each(rows)
    if not newest:
        return "Nothing that was published stands: every version was withdrawn."
    named = ", ".join(f"{row.role} ({row.seniority}) v{row.version}" for row in newest[:NAMED])
    more = f" and {len(newest) - NAMED} more" if len(newest) > NAMED else ""
    return f"Published: {named}{more}."


def newest_of_each(rows: Sequence[PublicationRow]) -> tuple[PublicationRow, ...]:
    """The newest version of each role that stands, by slug; of a role whose versions were all withdrawn none."""
    newest = {row.slug: row for row in sorted(rows, key=lambda row: row.version) if row.withdrawn is None}
    return tuple(newest[slug] for slug in sorted(newest))


def roles_called(title: str, rows: Sequence[PublicationRow]) -> tuple[PublicationRow, ...]:
    """The newest version that stands of each role of this title, also with its level in brackets or in the plural, by
    slug. Several where it is published at several levels: none of them is preferred. Case does not matter."""
    name, standing = one_line(title).casefold(), newest_of_each(rows)
    ways = (lambda row: (_title(row),), lambda row: (_full_title(row),), _plurals)
    found = (tuple(row for row in standing if name in way(row)) for way in ways)
    return next((fits for fits in found if fits), ())


def _plurals(row: PublicationRow) -> tuple[str, ...]:
    """The role's title in the plural: data engineers, coaches, actuaries."""
    title = _title(row)
    return (f"{title}s", f"{title}es", *([f"{title[:-1]}ies"] if title.endswith("y") else []))


def _title(row: PublicationRow) -> str:
    return one_line(row.role).casefold()


def _full_title(row: PublicationRow) -> str:
    return one_line(f"{row.role} ({row.seniority})").casefold()


def _named(asked: str, rows: Sequence[PublicationRow]) -> tuple[PublicationRow, ...]:
    """The rows that fit in the first way in which any does."""
    name = one_line(asked).casefold()
    if not name:
        return ()
    ways: tuple[Callable[[PublicationRow], bool], ...] = (
        lambda row: row.slug.casefold() == name,
        lambda row: _title(row) == name,
        lambda row: _full_title(row) == name,
        lambda row: row.assessment.casefold() == name,
        lambda row: row.assessment.casefold().startswith(name),
    )
    return next((found for way in ways if (found := tuple(row for row in rows if way(row)))), ())


def _slug(found: Sequence[PublicationRow], asked: str) -> str:
    slugs = sorted({row.slug for row in found})
    if len(slugs) > 1:
        raise InvalidInput(
            f"{one_line(asked)!r} fits {len(slugs)} published roles: {', '.join(slugs)}.",
            hint="Give the one that is meant by its name in this list.",
        )
    return slugs[0]


def _newest(found: Sequence[PublicationRow], asked: str, also_withdrawn: bool) -> PublicationRow:
    standing = newest_of_each(found)
    last = standing[0] if standing else max(found, key=lambda row: row.version)
    if last.withdrawn is None or also_withdrawn:
        return last
    which = "the newest version" if len(found) > 1 else "version"
    raise NotFound(
        f"Nothing stands of what {one_line(asked)!r} names: {which} v{last.version} of {last.role} ({last.seniority}) "
        f"was withdrawn {one_line(last.withdrawn.words)}",
        hint=f"A withdrawn version can be named: {last.slug}{AT}{last.version}",
    )


def _hint(rows: Sequence[PublicationRow]) -> str:
    listed = "`assess-role published` lists what is" if rows else "`assess-role ROLE` begins one"
    return f"{listed}; the path of an assessment.json will do too."
