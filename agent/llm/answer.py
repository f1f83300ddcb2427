"""From an answer's raw text to a validated value: the same way for a live, a recorded and a scripted answer."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from agent.errors import UpstreamFailed
from agent.llm.port import Prompt

T = TypeVar("T", bound=BaseModel)

MAX_PROBLEMS = 20
FENCE = "```"
THOUGHT_END = "</think>"


class UnusableAnswer(UpstreamFailed):
    """An answer that is no JSON or does not fit the wire model. `problems` lists what is wrong, for a re-ask."""

    def __init__(self, message: str, *, problems: tuple[str, ...]) -> None:
        super().__init__(message)
        self.problems = problems


def parse_answer(text: str, schema: type[T], prompt: Prompt) -> T:
    """The value in `text`, which is a JSON object, alone or in its one ``` fence, or after a model's thoughts.

    Nothing is repaired or coerced: a number in quotation marks is not a number. Raises UnusableAnswer.
    """
    document = json_object(text)
    if document is None:
        problems: tuple[str, ...] = (_not_json(text),)
    else:
        try:
            return schema.model_validate_json(document, strict=True)
        except ValidationError as error:
            problems = _problems(error)
    raise UnusableAnswer(
        f"The answer to {prompt.label} does not fit {schema.__name__}: {'; '.join(problems[:3])}"
        + (f"; and {len(problems) - 3} more" if len(problems) > 3 else ""),
        problems=problems,
    )


def json_object(text: str) -> str | None:
    """The JSON object that `text` is or carries, unchanged; `None` if there is none."""
    after_thoughts = text.rpartition(THOUGHT_END)[2]
    for candidate in (text, after_thoughts, _fenced(after_thoughts)):
        try:
            if isinstance(json.loads(candidate), dict):
                return candidate
        except (ValueError, RecursionError):
            continue
    return None


def check_canary(value: BaseModel, canary: tuple[str, str] | None, prompt: Prompt) -> None:
    """Raise UpstreamFailed unless the answer repeats the ids at both ends of the evidence it was given."""
    if canary is None:
        return
    fields = ("first_passage_id", "last_passage_id")
    missing = [field for field in fields if field not in type(value).model_fields]
    if missing:
        raise TypeError(f"{type(value).__name__} has no field {' and '.join(missing)}, which a canary needs")
    for field, end, expected in zip(fields, ("beginning", "end"), canary, strict=True):
        found = getattr(value, field)
        if found != expected:
            raise UpstreamFailed(
                f"The answer to {prompt.label} gives {field} {str(found)[:40]!r} where the prompt has {expected!r}: "
                f"the {end} of the prompt was cut, or the model did not copy the id.",
                hint="Give the model a longer context (with Ollama: num_ctx or OLLAMA_CONTEXT_LENGTH), "
                "or use a model that follows instructions better.",
            )


def _fenced(text: str) -> str:
    """The inside of the only fenced block of `text`; empty if there is none or more than one."""
    parts = text.split(FENCE)
    if len(parts) != 3:
        return ""
    language, newline, body = parts[1].partition("\n")
    return body if newline and not language.strip().startswith("{") else parts[1]


def _not_json(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"not a JSON object ({error})"
    return "JSON, but not an object"


def _problems(error: ValidationError) -> tuple[str, ...]:
    lines = []
    for item in error.errors(include_url=False, include_context=False)[:MAX_PROBLEMS]:
        place = ".".join(str(step) for step in item["loc"]) or "the answer"
        found = "" if item["type"] == "missing" else f", found {repr(item['input'])[:80]}"
        lines.append(f"{place}: {item['msg']}{found}")
    rest = error.error_count() - len(lines)
    return (*lines, f"and {rest} more") if rest else tuple(lines)
