"""A model that answers from a script: for tests, demonstrations and integrations without a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from pydantic import BaseModel

from agent.llm.answer import check_canary, parse_answer
from agent.llm.budget import TokenBook
from agent.llm.port import Completion, Prompt, Usage
from agent.llm.tokens import likely_tokens

T = TypeVar("T", bound=BaseModel)

Answer = BaseModel | str | Exception
Script = Callable[[Prompt, type[BaseModel], int], Answer] | Mapping[str, Sequence[Answer]]


class ScriptExhausted(LookupError):
    """The script has no answer for this call: a mistake in the script, not an outcome of a model."""


@dataclass(frozen=True)
class Call:
    """One request that reached the model."""

    prompt: Prompt
    schema: type[BaseModel]
    sample: int


class ScriptedModel:
    """Answers with what the script says: a wire value, raw text, or an exception that is raised.

    The script is a function of prompt, schema and sample, or lists of answers by prompt id, each used once, in
    order. Token counts are guessed from lengths, so that they are the same on every run.
    """

    def __init__(self, answers: Script, *, label: str = "scripted", book: TokenBook | None = None) -> None:
        self.label = label
        self._book = book or TokenBook()
        self._function = answers if callable(answers) else None
        self._lists = {} if callable(answers) else {name: list(items) for name, items in answers.items()}
        self._calls: list[Call] = []
        self._lock = Lock()

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every request so far, in the order it came."""
        with self._lock:
            return tuple(self._calls)

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """The prompts of every request so far, in the order they came."""
        return tuple(call.prompt for call in self.calls)

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        """See ChatModel. Raises ScriptExhausted when the script has nothing left for this prompt."""
        answer = self._next(prompt, schema, sample)
        if isinstance(answer, Exception):
            raise answer
        text = answer if isinstance(answer, str) else answer.model_dump_json(by_alias=True)
        usage = Usage(
            input_tokens=sum(likely_tokens(message.content) for message in prompt.messages),
            output_tokens=likely_tokens(text),
            calls=1,
        )
        with self._book.reserve(prompt.label, usage.tokens):
            self._book.book(prompt.label, usage)
        value = parse_answer(text, schema, prompt)
        check_canary(value, canary, prompt)
        return Completion(value=value, text=text, usage=usage, model=self.label, finish_reason="stop", recorded=False)

    def _next(self, prompt: Prompt, schema: type[BaseModel], sample: int) -> Answer:
        with self._lock:
            self._calls.append(Call(prompt=prompt, schema=schema, sample=sample))
            if self._function is None:
                left = self._lists.get(prompt.id)
                if not left:
                    raise ScriptExhausted(f"The script has no answer left for {prompt.label}, sample {sample}.")
                return left.pop(0)
        return self._function(prompt, schema, sample)
