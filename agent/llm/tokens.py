"""Token counts from text length, where no tokenizer is known: each bound errs to the side its use needs."""

from __future__ import annotations

import json
import re
from math import ceil

from pydantic import BaseModel

from agent.llm.port import Message
from agent.llm.wire import strict_schema

_RUN = re.compile(r"(\s)\s+|([^\w\s])\2{2,}")


def likely_tokens(text: str) -> int:
    """A fair guess: 4 ASCII characters a token, 1.5 of any other script. Used where a server reports no count."""
    ascii_chars = _ascii(text)
    return ceil(ascii_chars / 4 + (len(text) - ascii_chars) / 1.5)


def most_tokens(text: str) -> int:
    """A high guess, for reservations: figures, ids and JSON take about 2.5 characters a token."""
    ascii_chars = _ascii(text)
    return ceil(ascii_chars / 2.5 + (len(text) - ascii_chars) * 1.5)


def fewest_tokens(messages: tuple[Message, ...]) -> int:
    """A count no usual tokenizer stays below: 60 % of 4 characters a token.

    English prose takes 4 to 5 characters a token with today's vocabularies, other languages, figures and code
    fewer, so 6.7 leaves a wide margin. Runs of blanks, dashes and the like count once: tokenizers merge them.
    """
    chars = sum(len(_RUN.sub(r"\1\2", message.content)) for message in messages)
    return int(chars / 4 * 0.6)


def most_input_tokens(messages: tuple[Message, ...], schema: type[BaseModel]) -> int:
    """A high guess of what a request costs to read: its messages, their frames and the answer's schema."""
    read = sum(most_tokens(message.content) + 10 for message in messages)
    return read + most_tokens(json.dumps(strict_schema(schema)))


def _ascii(text: str) -> int:
    return len(text.encode("ascii", "ignore"))
