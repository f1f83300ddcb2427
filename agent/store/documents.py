"""Documents as the store keeps them: canonical JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping

from agent.schemas.base import canonical_json


def to_text(document: Mapping[str, object]) -> str:
    """Canonical JSON, so that equal documents are equal rows."""
    return canonical_json(document).decode("utf-8")


def from_text(text: str) -> dict[str, object]:
    """The document of a stored text."""
    document: dict[str, object] = json.loads(text)
    return document
