"""Replaying recorded answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel

from agent.errors import NeedsModel
from agent.llm.answer import check_canary, parse_answer
from agent.llm.port import Completion, Prompt, Usage, request_key
from agent.llm.recording import (
    Answered,
    RecordedAnswer,
    Recording,
    find_recording,
    load_recordings,
    read_recording,
    write_recording,
)

__all__ = [
    "THREE_WAYS",
    "RecordedAnswer",
    "RecordedModel",
    "Recording",
    "find_recording",
    "load_recordings",
    "read_recording",
    "write_recording",
]

T = TypeVar("T", bound=BaseModel)

THREE_WAYS = (
    "Connect a model in one of three ways: "
    "(1) OpenAI: set OPENAI_API_KEY; "
    "(2) any OpenAI-compatible server such as vLLM: set OPENAI_BASE_URL and ASSESS_ROLE_MODEL; "
    "(3) Ollama on this machine: set OPENAI_BASE_URL=http://localhost:11434/v1 and ASSESS_ROLE_MODEL to a model "
    "you have pulled."
)


class RecordedModel:
    """Answers requests that were answered before, and only those."""

    def __init__(self, recordings: Sequence[Answered]) -> None:
        self._answers: dict[str, RecordedAnswer] = {}
        for recording in recordings:
            for answer in recording.answers:
                self._answers.setdefault(answer.key, answer)
        self.label = "recorded: " + (", ".join(sorted({recording.model for recording in recordings})) or "nothing")

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        """See ChatModel. Raises NeedsModel, saying what changed, when this request was not recorded."""
        answer = self._answers.get(request_key(prompt, schema, sample))
        if answer is None:
            raise NeedsModel(self._miss(prompt, sample), hint=THREE_WAYS)
        value = parse_answer(answer.text, schema, prompt)
        check_canary(value, canary, prompt)
        return Completion(
            value=value,
            text=answer.text,
            usage=Usage(input_tokens=answer.input_tokens, output_tokens=answer.output_tokens, calls=1),
            model=answer.model,
            finish_reason=answer.finish_reason,
            recorded=True,
        )

    def _miss(self, prompt: Prompt, sample: int) -> str:
        start = f"No recorded answer for the prompt {prompt.label}"
        related = [answer for answer in self._answers.values() if answer.prompt.partition("@")[0] == prompt.id]
        if not related:
            return f"{start}: nothing was recorded for this prompt."
        same_version = [answer for answer in related if answer.prompt == prompt.label]
        if not same_version:
            versions = ", ".join(sorted({answer.prompt for answer in related}))
            return f"{start}: the prompt changed, the recording has {versions}."
        samples = sorted({answer.sample for answer in same_version})
        if sample not in samples:
            return f"{start}, sample {sample}: the recording has sample {', '.join(map(str, samples))}."
        return (
            f"{start}: its inputs changed since it was recorded (another role, other evidence, an edit or "
            "findings to repair), or its answer schema did, or the words of the prompt did without a new version."
        )
