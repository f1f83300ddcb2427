"""What a chat completions server answered, read without trusting its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.errors import UpstreamFailed
from agent.llm.answer import json_object
from agent.llm.port import Message, Usage
from agent.llm.tokens import fewest_tokens, likely_tokens

LONG_PROMPT_CHARS = 2000
"""Below this a chat template's own tokens blur the count."""
LONGEST_LABEL = 200
MOST_TOKENS = 10**9
"""A count above is no count."""


@dataclass(frozen=True)
class Reply:
    """One answer of a server, usable or not."""

    text: str | None
    """The answer's text; `None` when there is none."""
    refusal: str | None
    finish_reason: str
    model: str
    usage: Usage
    read_tokens: int | None
    """Prompt tokens as reported, cached ones included; `None` when not reported."""
    choices: int


def read_reply(document: Mapping[str, object], messages: tuple[Message, ...], model: str) -> Reply:
    """Read a chat completion. `model` stands in where the server does not name one."""
    choices = document.get("choices")
    choice = _mapping(choices[0]) if isinstance(choices, list) and choices else {}
    message = _mapping(choice.get("message"))
    text = _text(message.get("content")) or _reasoned(message)
    counts = _mapping(document.get("usage"))
    read, written = _count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens"))
    cached = _count(_mapping(counts.get("prompt_tokens_details")).get("cached_tokens")) or 0
    return Reply(
        text=text,
        refusal=_text(message.get("refusal")),
        finish_reason=_text(choice.get("finish_reason")) or "unknown",
        model=one_line(_text(document.get("model")) or model, LONGEST_LABEL),
        usage=Usage(
            input_tokens=read or sum(likely_tokens(m.content) for m in messages),
            output_tokens=likely_tokens(text or "") if written is None else written,
            calls=1,
            estimated=not read or written is None,
        ),
        read_tokens=read + cached if read else None,
        choices=len(choices) if isinstance(choices, list) else 0,
    )


def usable_text(reply: Reply, messages: tuple[Message, ...], max_output_tokens: int, subject: str) -> str:
    """The text to parse. Raises UpstreamFailed for every outcome that is no answer; `subject` names the request."""
    if not reply.choices:
        raise UpstreamFailed(f"{subject} came back with no choices: the server gave no answer.")
    if reply.refusal:
        raise UpstreamFailed(f"{subject} was refused: {one_line(reply.refusal)}")
    if reply.finish_reason == "length":
        raise UpstreamFailed(
            f"{subject} was cut off after {reply.usage.output_tokens} tokens (finish_reason length; "
            f"max_output_tokens is {max_output_tokens}).",
            hint="Raise max_output_tokens, give the model a longer context, or use one that thinks less.",
        )
    if reply.finish_reason == "content_filter":
        raise UpstreamFailed(f"{subject} was stopped by the server's content filter (finish_reason content_filter).")
    _check_read_whole(reply, messages, subject)
    if reply.text is None:
        raise UpstreamFailed(f"{subject} came back empty (finish_reason {one_line(reply.finish_reason)}).")
    return reply.text


def one_line(text: str, limit: int = 300) -> str:
    """Outside text for an error message: printable characters only, on one line, at most `limit` of them."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _check_read_whole(reply: Reply, messages: tuple[Message, ...], subject: str) -> None:
    """Servers such as Ollama cut a long prompt without an error; the count of what they read gives it away."""
    least = fewest_tokens(messages)
    if reply.read_tokens is None or sum(len(m.content) for m in messages) < LONG_PROMPT_CHARS:
        return
    if reply.read_tokens < least:
        raise UpstreamFailed(
            f"{subject} was given to a cut prompt: the server read {reply.read_tokens} tokens of at least {least}.",
            hint="Give the model a longer context (with Ollama: num_ctx or OLLAMA_CONTEXT_LENGTH; "
            "an old Ollama also leaves cached tokens out of its count: update it).",
        )


def _reasoned(message: Mapping[str, object]) -> str | None:
    """JSON that a server put into the reasoning field and left the content empty (vLLM does, by version)."""
    for name in ("reasoning_content", "reasoning"):
        text = _text(message.get(name))
        if text is not None and json_object(text) is not None:
            return text
    return None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    """A text that says something. Half a surrogate pair, which nothing can store, becomes U+FFFD."""
    if not isinstance(value, str) or not value.strip():
        return None
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS else None
