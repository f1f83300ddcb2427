"""Published assessments: listing them, and reading one back with its hash checked."""

from __future__ import annotations

import json
from pathlib import Path

from agent.errors import InvalidInput, NotFound
from agent.schemas.base import content_hash
from agent.store.publications import PublicationRow

FILE = "assessment.json"


def listed(rows: tuple[PublicationRow, ...]) -> list[dict[str, object]]:
    """The items of `assess-role published --json`."""
    return [
        {
            "id": row.assessment,
            "role": row.role,
            "seniority": row.seniority,
            "version": row.version,
            "revision": row.revision,
            "score": row.score,
            "zone": row.zone,
            "label": row.label,
            "published_at": row.published_at,
            "path": row.path,
            "withdrawn": None if row.withdrawn is None else row.withdrawn.model_dump(),
        }
        for row in rows
    ]


def withdrawn_words(row: PublicationRow) -> str:
    """Day and reason of a withdrawal; empty for a version that stands."""
    return "" if row.withdrawn is None else f"{row.withdrawn.day}: {row.withdrawn.reason}"


def read_published(path: Path) -> dict[str, object]:
    """The document of a published file or of the folder that holds it.

    Raises NotFound when there is none, InvalidInput when it is not whole or not what its hash says.
    """
    file = path / FILE if path.is_dir() else path
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        content = document.get("assessment") if isinstance(document, dict) else None
        genuine = isinstance(content, dict) and content_hash(content) == document.get("revision")
    except FileNotFoundError as error:
        raise NotFound(f"There is no published assessment at {file}.") from error
    except (OSError, ValueError, RecursionError) as error:
        # A number or a character that canonical JSON does not have is a ValueError too.
        raise InvalidInput(f"The published assessment {file} cannot be read: {error}.") from error
    if not genuine:
        raise not_as_published(file)
    return dict(document)


def not_as_published(file: Path) -> InvalidInput:
    """The error for a file whose content is another than its hash says."""
    return InvalidInput(f"{file} is not what was published: its content does not have the hash it states.")
