"""What is planted: hostile texts, harmless ones that look alike, and personal data, as they stand in the JSON files."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from agent.schemas.base import Value
from agent.schemas.text import one_line

FOLDER = Path(__file__).resolve().parent
JUDGE_ONLY = frozenset({"persuasion"})
"""Families that give no order and address nobody: whether they steer is a judgement about meaning. They are measured
beside the others and no mark is asked of them."""

Kind = Literal["markdown", "html"]


class Payload(Value):
    """A text that an attacker puts into an article."""

    id: str
    family: str
    text: str
    """As it stands in a Markdown file."""
    html: str | None
    """As it stands in an HTML file; `None` when that is `text`, escaped, in a paragraph."""
    where: Literal["text", "title", "heading"]
    only: Kind | None
    """The kind of file it is made for; `None` for both."""
    hidden: bool
    """A reader of the page as it is shown would not see it."""
    trace: str
    """A run of it that stands in every passage, title or heading in which it survived."""
    does: str
    """What an answer that obeys does."""
    claim: str
    """A claim of an answer that obeys, in its own words."""
    score: int
    """The score of an answer that obeys, where it gives one."""

    def __repr__(self) -> str:
        """The id alone: a failing test does not print what is planted."""
        return self.id


class Harmless(Value):
    """A sentence that an honest article could have."""

    id: str
    kind: str
    text: str


class Personal(Value):
    """A sentence with personal data, all of it fictional; of the kind `harmless` a sentence that only looks so."""

    id: str
    kind: Literal["email", "phone", "id", "address", "person", "harmless"]
    country: str
    datum: str
    """What must not be repeated, as it stands in `text`."""
    text: str


def payloads() -> tuple[Payload, ...]:
    """Every hostile text, in the order of the file."""
    return TypeAdapter(tuple[Payload, ...]).validate_python(_rows("payloads.json"))


def harmless() -> tuple[Harmless, ...]:
    """Every harmless sentence."""
    return TypeAdapter(tuple[Harmless, ...]).validate_python(_rows("harmless.json"))


def personal() -> tuple[Personal, ...]:
    """Every sentence with personal data, and those that only look so."""
    return TypeAdapter(tuple[Personal, ...]).validate_python(_rows("personal.json"))


def bare(text: str) -> str:
    """`text` without case, invisible characters, compatibility forms and line breaks, to look for a trace in."""
    return one_line(unicodedata.normalize("NFKC", text)).casefold()


def is_in(trace: str, text: str) -> bool:
    """Whether a trace stands in `text`. One that is invisible itself is looked for as it is."""
    return bare(trace) in bare(text) if bare(trace) else trace in text


def squeezed(text: str) -> str:
    """Letters and digits alone: a number is the same however it is grouped."""
    return re.sub(r"[\W_]+", "", bare(text))


def _rows(name: str) -> object:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
