"""What one server understands: how it takes an answer schema and an output limit, and what it was found to refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import IntEnum
from threading import Lock
from typing import Literal

from pydantic import BaseModel

from agent.llm.port import Message
from agent.llm.wire import strict_schema

BAD_REQUEST = frozenset({400, 422})
ABOUT_FORMAT = (
    "response_format",
    "response format",
    "json_schema",
    "json schema",
    "json_object",
    "json mode",
    "structured",
)


class Rung(IntEnum):
    """The steps of the ladder, from the most to the least that a server promises."""

    JSON_SCHEMA = 0
    JSON_OBJECT = 1
    TEXT = 2


@dataclass(frozen=True)
class Dialect:
    """How to ask one server. The default is what OpenAI's own endpoint takes."""

    rung: Rung = Rung.JSON_SCHEMA
    limit_field: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"

    def after_refusal(self, status: int | None, body: str) -> Dialect | None:
        """The next dialect to try when a server answered `status` with `body`; `None` if it would not help."""
        if status not in BAD_REQUEST:
            return None
        said = body.casefold()
        if self.limit_field == "max_completion_tokens" and self.limit_field in said:
            return replace(self, limit_field="max_tokens")
        if self.rung is not Rung.TEXT and any(word in said for word in ABOUT_FORMAT):
            return replace(self, rung=Rung(self.rung + 1))
        return None

    def fields(self, schema: type[BaseModel], max_output_tokens: int) -> dict[str, object]:
        """The request fields of this dialect. Never a temperature: reasoning models refuse it."""
        fields: dict[str, object] = {self.limit_field: max_output_tokens}
        if self.rung is Rung.JSON_SCHEMA:
            form = {"name": _form_name(schema), "strict": True, "schema": strict_schema(schema)}
            fields["response_format"] = {"type": "json_schema", "json_schema": form}
        elif self.rung is Rung.JSON_OBJECT:
            fields["response_format"] = {"type": "json_object"}
        return fields

    def messages(self, messages: tuple[Message, ...], schema: type[BaseModel]) -> list[dict[str, str]]:
        """The messages of a request; the schema stands at the very end where the server does not take it itself."""
        sent = [{"role": message.role, "content": message.content} for message in messages]
        if self.rung is not Rung.JSON_SCHEMA:
            sent[-1]["content"] += "\n\n" + schema_in_words(schema)
        return sent


def _form_name(schema: type[BaseModel]) -> str:
    """The model's name as the API takes names: ASCII letters, digits, `_` and `-`, at most 64."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in schema.__name__)[:64]


def schema_in_words(schema: type[BaseModel]) -> str:
    """What a server without JSON schema is told instead."""
    return (
        "Answer with one JSON object and nothing else: no other text, no code fence. "
        f"It must satisfy this JSON schema:\n{json.dumps(strict_schema(schema), ensure_ascii=False)}"
    )


@dataclass
class DialectMemory:
    """The dialects that worked, by endpoint and model. Safe to use from several threads."""

    _known: dict[tuple[str, str], Dialect] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, base_url: str, model: str) -> Dialect:
        """The dialect that worked last, or the default."""
        with self._lock:
            return self._known.get((base_url, model), Dialect())

    def remember(self, base_url: str, model: str, dialect: Dialect) -> None:
        """Keep a dialect that a request was just answered in."""
        with self._lock:
            self._known[(base_url, model)] = dialect


PROCESS_MEMORY = DialectMemory()
"""Shared by every model of the process, so that a refused step costs one request a process."""
