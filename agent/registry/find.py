"""The publication that somebody means by a slug, a title or an id."""

from __future__ import annotations

from collections.abc import Sequence

from agent.errors import InvalidInput, NotFound
from agent.schemas.text import one_line
from agent.store.publications import PublicationRow


def find_publication(rows: Sequence[PublicationRow], wanted: str, version: int | None = None) -> PublicationRow:
    """The publication named by slug, by title (also with its level, as `published` prints it), or by the id of its
    assessment or a beginning of one; case aside. The newest version unless `version` is given.

    Raises NotFound when there is none, InvalidInput when several roles are meant.
    """
    name = one_line(wanted).casefold()
    found = (
        [row for row in rows if row.slug.casefold() == name]
        or [row for row in rows if name in (row.role.casefold(), f"{row.role} ({row.seniority})".casefold())]
        or [row for row in rows if row.assessment == name]
        or [row for row in rows if name and row.assessment.startswith(name)]
    )
    if not found:
        raise NotFound(
            f"Nothing is published under {wanted!r}.",
            hint="`assess-role published` lists what is; a slug, a title, an id or the path of an assessment.json "
            "names one.",
        )
    slugs = sorted({row.slug for row in found})
    if len(slugs) > 1:
        raise InvalidInput(f"{wanted!r} names several published roles: {', '.join(slugs)}.", hint="Give one of these.")
    if version is None:
        return max(found, key=lambda row: row.version)
    for row in found:
        if row.version == version:
            return row
    versions = ", ".join(str(row.version) for row in found)
    raise NotFound(f"{slugs[0]} has no published version {version}; found here: {versions}.")
