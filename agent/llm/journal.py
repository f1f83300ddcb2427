"""Answers kept with a run, so that resuming it never pays for the same answer twice."""

from __future__ import annotations

from typing import Protocol, TypeVar

from pydantic import BaseModel

from agent.llm.answer import check_canary, parse_answer
from agent.llm.port import ChatModel, Completion, Prompt, Usage, request_key
from agent.schemas.base import Value

T = TypeVar("T", bound=BaseModel)


class StoredAnswer(Value):
    """An accepted answer as a journal keeps it."""

    text: str
    usage: Usage
    model: str
    finish_reason: str
    recorded: bool
    sample: int = 0
    """Which of several independent drafts it is."""


class Journal(Protocol):
    """The answers of one run by request key. Safe to use from several threads."""

    def get(self, key: str) -> StoredAnswer | None:
        """The stored answer, or `None`."""
        ...

    def put(self, key: str, prompt_label: str, answer: StoredAnswer) -> None:
        """Keep an answer; a key that is already there stays as it is."""
        ...


class JournaledModel:
    """Returns a stored answer without a call, and stores every new one before it is returned."""

    def __init__(self, inner: ChatModel, journal: Journal) -> None:
        self._inner = inner
        self._journal = journal

    @property
    def label(self) -> str:
        """The label of the model that answers."""
        return self._inner.label

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        """See ChatModel."""
        key = request_key(prompt, schema, sample)
        stored = self._journal.get(key)
        if stored is None:
            completion = self._inner.complete(prompt, schema, sample=sample, canary=canary)
            self._journal.put(
                key,
                prompt.label,
                StoredAnswer(
                    text=completion.text,
                    usage=completion.usage,
                    model=completion.model,
                    finish_reason=completion.finish_reason,
                    recorded=completion.recorded,
                    sample=sample,
                ),
            )
            return completion
        value = parse_answer(stored.text, schema, prompt)
        check_canary(value, canary, prompt)
        return Completion(
            value=value,
            text=stored.text,
            usage=stored.usage,
            model=stored.model,
            finish_reason=stored.finish_reason,
            recorded=stored.recorded,
        )
