"""The base of every domain value, and the canonical form that revisions are hashed in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import rfc8785
from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable domain value: unknown keys are errors, nothing is coerced silently across kinds."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def canonical_json(document: Mapping[str, object]) -> bytes:
    """RFC 8785 bytes of a JSON document: the same value gives the same bytes on any machine."""
    return rfc8785.dumps(dict(document))  # type: ignore[arg-type]


def content_hash(document: Mapping[str, object]) -> str:
    """`sha256:` and 64 hex digits over the canonical JSON of `document`."""
    return "sha256:" + hashlib.sha256(canonical_json(document)).hexdigest()


def text_hash(text: str) -> str:
    """`sha256:` and 64 hex digits over the UTF-8 bytes of `text`."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()
