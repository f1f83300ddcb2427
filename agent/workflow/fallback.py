"""Continuing a replayed run with a model that was connected later."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from agent.errors import NeedsModel
from agent.llm.port import ChatModel, Completion, Prompt

T = TypeVar("T", bound=BaseModel)


class RecordedFirst:
    """Asks the recordings, and the connected model for what was never recorded."""

    def __init__(self, recorded: ChatModel, connected: ChatModel) -> None:
        self._recorded = recorded
        self._connected = connected

    @property
    def label(self) -> str:
        """Both labels."""
        return f"{self._recorded.label}; {self._connected.label}"

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        """See ChatModel."""
        try:
            return self._recorded.complete(prompt, schema, sample=sample, canary=canary)
        except NeedsModel:
            return self._connected.complete(prompt, schema, sample=sample, canary=canary)
