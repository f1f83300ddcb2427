"""A published document in a file, read without trusting it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from pydantic import ValidationError

from agent.errors import InvalidInput, NotFound
from agent.registry.published import FILE, not_as_published
from agent.schemas.base import content_hash
from agent.schemas.record import PUBLISHED_FORMAT, PublishedAssessment


class PublishedFile(NamedTuple):
    """A published document as a file says it, and the hash that its content has."""

    document: PublishedAssessment
    found: str
    """`content_hash` of the content as it stands in the file; `document.revision` is what the file states."""


def read_assessment(path: Path) -> PublishedAssessment:
    """The published assessment of a file, or of the folder that holds it, with its hash checked.

    Raises NotFound when there is none, InvalidInput when it is not whole or not what its hash says.
    """
    file = path
    try:
        file = path / FILE if path.is_dir() else path
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(f"There is no published assessment at {file}.") from error
    except (OSError, ValueError) as error:
        raise InvalidInput(f"The published assessment {file} cannot be read: {error}.") from error
    document, found = parse_published(text, str(file))
    if found != document.revision:
        raise not_as_published(file)
    return document


def parse_published(text: str, name: str) -> PublishedFile:
    """The published document in the JSON `text` of the file `name`, whatever hash it states.

    Raises InvalidInput when it is no JSON, holds a key twice, or is no published assessment.
    """
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{name} is not JSON: {str(error) or 'it is nested too deep'}.") from error
    form = document.get("format") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or form != PUBLISHED_FORMAT:
        raise InvalidInput(
            f"{name} is no published assessment: expected the format '{PUBLISHED_FORMAT}'.",
            hint="`assess-role published` lists the folders; the file is their assessment.json.",
        )
    try:
        published = PublishedAssessment.model_validate_json(text.lstrip())
        return PublishedFile(published, content_hash(document["assessment"]))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors(include_url=False)]
        message = f"{name} is not a whole published assessment: {'; '.join(problems)}"
        raise InvalidInput(message, problems=problems) from error
    except ValueError as error:
        raise InvalidInput(f"{name} holds what canonical JSON does not have: {error}.") from error


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys stand once: of two, one reader takes the first and another the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"the key {twice[:60]!r} stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
