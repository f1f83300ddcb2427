"""What the rest of the house knows of a language model: a rendered prompt in, one validated value out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, Field

from agent.llm.wire import strict_schema
from agent.schemas.base import Value, content_hash

T = TypeVar("T", bound=BaseModel)
AnswerT_co = TypeVar("AnswerT_co", bound=BaseModel, covariant=True)


class Message(Value):
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


class Prompt(Value):
    """A rendered prompt: everything a model sees except the answer's schema."""

    id: str = Field(pattern=r"^[^@\s]{1,40}$")
    version: str = Field(pattern=r"^[^@\s]{1,19}$")
    messages: tuple[Message, ...] = Field(min_length=1)

    @property
    def label(self) -> str:
        """`id@version`, as provenance and recordings name it."""
        return f"{self.id}@{self.version}"


class Usage(Value):
    """What answers cost when they were made."""

    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    calls: int = Field(ge=0)
    """Answers that a model gave, a re-asked one counted twice; failed attempts without an answer are not counted."""
    estimated: bool = False
    """At least one answer came without a count and was estimated from its length."""

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            calls=self.calls + other.calls,
            estimated=self.estimated or other.estimated,
        )


NO_USAGE = Usage(input_tokens=0, output_tokens=0, calls=0)


@dataclass(frozen=True)
class Completion(Generic[AnswerT_co]):
    """One accepted answer."""

    value: AnswerT_co
    text: str
    """The answer as the model gave it; parsing it again gives `value`."""
    usage: Usage
    """What the answer cost when it was made, re-asks included. Nothing was spent now if `recorded`."""
    model: str
    """The model that answered, as the endpoint named it."""
    finish_reason: str
    recorded: bool
    """Replayed from a bundled recording: no model was called in this run."""


@runtime_checkable
class ChatModel(Protocol):
    """A language model behind one method. Implementations are safe to call from several threads."""

    @property
    def label(self) -> str:
        """Names the model in a page's provenance, for example `gpt-5-mini` or `recorded: desk`."""
        ...

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        """Answer `prompt` with a value of the wire model `schema`.

        `sample` tells independent drafts of one prompt apart. `canary` holds the first and last passage id of the
        evidence in the prompt; the answer's `first_passage_id` and `last_passage_id` must repeat them, or the
        prompt was cut on the way.

        Raises UpstreamFailed when no usable answer came, BudgetSpent when the call was not made for its cost,
        NeedsModel when only recordings are at hand and none fits.
        """
        ...


def request_key(prompt: Prompt, schema: type[BaseModel], sample: int) -> str:
    """`sha256:` over what the model is asked: prompt id and version, messages, answer schema and sample index.

    Never the model, its address or the time: an answer can be replayed for the same question anywhere.
    """
    return content_hash(
        {
            "prompt": prompt.id,
            "version": prompt.version,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
            "schema": strict_schema(schema),
            "sample": sample,
        }
    )
