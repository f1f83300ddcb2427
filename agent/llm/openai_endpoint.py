"""Chat completions on OpenAI and every server that speaks its protocol: vLLM, Ollama, LM Studio, gateways."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel

from agent.errors import InvalidInput, UpstreamFailed
from agent.llm.answer import UnusableAnswer, check_canary, parse_answer
from agent.llm.budget import TokenBook
from agent.llm.dialect import PROCESS_MEMORY, DialectMemory, schema_in_words
from agent.llm.openai_client import OpenAIClient
from agent.llm.port import Completion, Message, Prompt, Usage
from agent.llm.reply import read_reply, usable_text
from agent.llm.retry import Fault, RetryPolicy
from agent.llm.tokens import most_input_tokens

T = TypeVar("T", bound=BaseModel)

OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True)
class Waiting:
    """Clock, sleep and chance, injected so that tests neither wait nor gamble."""

    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    """Unix time in seconds."""
    jitter: Callable[[], float] = random.random
    """A number in 0..1."""


@dataclass(frozen=True)
class _Exchange:
    text: str
    usage: Usage
    model: str
    finish_reason: str


class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint. Every answer's tokens are booked, usable or not."""

    def __init__(
        self,
        base_url: str | None,
        api_key: str | None,
        model: str,
        *,
        timeout_s: float = 120.0,
        max_output_tokens: int = 16_000,
        max_concurrency: int = 4,
        retries: int = RetryPolicy.retries,
        book: TokenBook | None = None,
        memory: DialectMemory = PROCESS_MEMORY,
        waiting: Waiting | None = None,
    ) -> None:
        """Connects to nothing yet. `base_url` `None` is OpenAI's own; `api_key` `None` suits servers without one.

        `timeout_s` bounds each attempt's connecting and each wait for data. `book` carries the run's token limit.
        Raises InvalidInput for a setting that cannot work.
        """
        self._base_url = (base_url or OPENAI_URL).strip().rstrip("/")
        self._key = (api_key or "").strip()
        self._model = model.strip()
        _check_settings(self._base_url, self._key, self._model)
        self._max_output_tokens = max_output_tokens
        self._policy = RetryPolicy(retries=retries)
        self._book = book or TokenBook()
        self._memory = memory
        self._waiting = waiting or Waiting()
        self._slots = BoundedSemaphore(max_concurrency)
        self._client = OpenAIClient(self._base_url, self._key, timeout_s=timeout_s, now=self._waiting.now)

    @property
    def label(self) -> str:
        """The model as it was asked for."""
        return self._model

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        """See ChatModel. An answer that does not fit is asked for once more, with what is wrong with it.

        `sample` is not sent: without a fixed seed the same request gives an independent answer.
        """
        exchange = self._ask(prompt, prompt.messages, schema)
        usage = exchange.usage
        try:
            value = parse_answer(exchange.text, schema, prompt)
        except UnusableAnswer as unusable:
            again = (*prompt.messages, *_ask_again(exchange.text, unusable, schema))
            exchange = self._ask(prompt, again, schema)
            usage = usage + exchange.usage
            value = _parse_second(exchange.text, schema, prompt)
        check_canary(value, canary, prompt)
        return Completion(
            value=value,
            text=exchange.text,
            usage=usage,
            model=exchange.model,
            finish_reason=exchange.finish_reason,
            recorded=False,
        )

    def _ask(self, prompt: Prompt, messages: tuple[Message, ...], schema: type[BaseModel]) -> _Exchange:
        most = most_input_tokens(messages, schema) + self._max_output_tokens
        with self._book.reserve(prompt.label, most):
            document = self._send(prompt, messages, schema)
            reply = read_reply(document, messages, self._model)
            self._book.book(prompt.label, reply.usage)
        subject = f"The answer of {self._model} to {prompt.label}"
        text = usable_text(reply, messages, self._max_output_tokens, subject)
        return _Exchange(text=text, usage=reply.usage, model=reply.model, finish_reason=reply.finish_reason)

    def _send(self, prompt: Prompt, messages: tuple[Message, ...], schema: type[BaseModel]) -> dict[str, object]:
        """One answered request. Steps down the ladder without counting it as a failure; retries what may pass."""
        dialect = self._memory.get(self._base_url, self._model)
        retry = 0
        while True:
            request = {
                "model": self._model,
                "messages": dialect.messages(messages, schema),
                **dialect.fields(schema, self._max_output_tokens),
            }
            with self._slots:
                outcome = self._client.create(request)
            if not isinstance(outcome, Fault):
                self._memory.remember(self._base_url, self._model, dialect)
                return outcome
            lower = dialect.after_refusal(outcome.status, outcome.body)
            if lower is not None:
                dialect = lower
            elif outcome.transient and retry < self._policy.retries:
                self._waiting.sleep(self._policy.wait_s(retry, outcome, self._waiting.jitter()))
                retry += 1
            else:
                raise self._failure(prompt, outcome, attempts=retry + 1)

    def _failure(self, prompt: Prompt, fault: Fault, *, attempts: int) -> UpstreamFailed:
        tried = f" ({attempts} attempts)" if attempts > 1 else ""
        message = (
            f"{self._model} at {shown_url(self._base_url)} gave no answer to {prompt.label}{tried}: {fault.reason}"
        )
        return UpstreamFailed(message, hint=fault.hint)


def shown_url(base_url: str) -> str:
    """An endpoint's address for messages, without user, password and query."""
    parts = urlsplit(base_url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def _check_settings(base_url: str, key: str, model: str) -> None:
    problems = []
    try:
        parts = urlsplit(base_url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        problems.append("OPENAI_BASE_URL is not an address; expected one like http://localhost:11434/v1.")
    if not key.isascii() or not key.isprintable() or " " in key:
        problems.append("OPENAI_API_KEY has characters that no key has; expected printable ASCII without blanks.")
    if not model:
        problems.append("ASSESS_ROLE_MODEL is empty; expected the name of a model on that server.")
    if problems:
        raise InvalidInput(" ".join(problems), problems=problems)


def _ask_again(text: str, unusable: UnusableAnswer, schema: type[BaseModel]) -> tuple[Message, Message]:
    problems = "\n".join(f"- {problem}" for problem in unusable.problems)
    request = f"That answer cannot be used:\n{problems}\n\nGive the whole answer again. {schema_in_words(schema)}"
    return Message(role="assistant", content=text), Message(role="user", content=request)


def _parse_second(text: str, schema: type[T], prompt: Prompt) -> T:
    try:
        return parse_answer(text, schema, prompt)
    except UnusableAnswer as unusable:
        raise UpstreamFailed(
            f"{unusable.message} (after it was asked again)",
            hint="Use a model or server that supports structured output (JSON schema).",
        ) from None
