"""What is told of a run while it goes on: a span a run, node, search and model call. Nothing here knows where they go.

Names of attributes are those of the GenAI conventions of OpenTelemetry (github.com/open-telemetry/
semantic-conventions-genai, 0.1.0), or begin with `assess_role.`. A span holds ids and numbers; prompts, answers and
queries only where the tracer asks for texts. What went wrong is told by its kind, never in its words, which may quote a
model or an address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from pydantic import BaseModel

from agent.llm.port import ChatModel, Completion, Prompt
from agent.schemas.article import FoundPassage
from agent.schemas.vocabulary import DRAFTED_SECTIONS
from agent.workflow.evidence import Evidence
from agent.workflow.state import State

T = TypeVar("T", bound=BaseModel)
Attribute: TypeAlias = str | bool | int | float | Sequence[str]

WORKFLOW = "assess-role"
DATA_SOURCE = "corpus"
DRAFTS = "draft_"
"""How the names of the nodes begin that ask the model for a section."""


class Span(Protocol):
    """One thing that goes on."""

    def note(self, attributes: Mapping[str, Attribute]) -> None:
        """Add what is known by now."""
        ...

    def fail(self, kind: str) -> None:
        """It ended in an error of this kind."""
        ...


class Tracer(Protocol):
    """Takes spans. Safe to use from several threads; a span belongs to the one that is open where it begins."""

    @property
    def texts(self) -> bool:
        """Whether spans hold texts."""
        ...

    def span(
        self, name: str, attributes: Mapping[str, Attribute], *, client: bool = False
    ) -> AbstractContextManager[Span]:
        """Open while the block runs; an exception that leaves the block fails it. `client` says that something else
        than this program is asked."""
        ...


class _NoSpan:
    def note(self, attributes: Mapping[str, Attribute]) -> None:
        """Nothing is told."""

    def fail(self, kind: str) -> None:
        """Nothing is told."""


class _NoTraces:
    texts = False

    @contextmanager
    def span(self, name: str, attributes: Mapping[str, Attribute], *, client: bool = False) -> Iterator[Span]:
        """Nothing is told."""
        yield _NoSpan()


NO_TRACES: Tracer = _NoTraces()


class Benched(Protocol):
    """Where a node finds the tracer when it runs."""

    @property
    def tracer(self) -> Tracer:
        """Takes the spans."""
        ...


@contextmanager
def run_span(tracer: Tracer, assessment: str) -> Iterator[Span]:
    """A run carried on, from a start or a decision up to the next gate or its end: a trace of its own. Those of one
    assessment have its id in common."""
    named = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.agent.name": WORKFLOW, **_of(assessment)}
    with tracer.span(f"invoke_workflow {WORKFLOW}", named) as span:
        yield span


@dataclass(frozen=True)
class TracedNode:
    """A node of the graph in a span. The tracer is looked up when the node runs: Studio opens the bench only then."""

    bench: Benched
    name: str
    node: Callable[[State], State]

    def __call__(self, state: State) -> State:
        """What the node returns."""
        named: dict[str, Attribute] = {"assess_role.node": self.name, **_of(state["assessment"])}
        section = self.name.removeprefix(DRAFTS)
        if self.name.startswith(DRAFTS) and section in DRAFTED_SECTIONS:
            # 0 is a first draft, also after a send-back; those above follow from findings.
            done = state.get("rounds", {}).get(section, -1)
            named["assess_role.redraft"] = done + 1
        with self.bench.tracer.span(self.name, named | _revision(state)) as span:
            update = self.node(state)
            span.note(_revision(update))
            return update


@dataclass(frozen=True)
class TracedEvidence:
    """A corpus whose searches are spans."""

    inner: Evidence
    tracer: Tracer

    @property
    def embedding(self) -> str:
        """Identity of the embedding model."""
        return self.inner.embedding

    @property
    def digest(self) -> str:
        """Digest of the corpus as it is now."""
        return self.inner.digest

    def search(self, queries: Sequence[str], *, opposed: Sequence[str], limit: int, as_of: str) -> list[FoundPassage]:
        """See Evidence."""
        named: dict[str, Attribute] = {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.data_source.id": DATA_SOURCE,
            "gen_ai.request.model": self.inner.embedding,
            "gen_ai.retrieval.top_k": limit,
        }
        if self.tracer.texts:
            named["gen_ai.retrieval.query.text"] = "\n".join((*queries, *opposed))
        with self.tracer.span(f"retrieval {DATA_SOURCE}", named, client=True) as span:
            found = self.inner.search(queries, opposed=opposed, limit=limit, as_of=as_of)
            span.note({"assess_role.corpus": self.inner.digest, "assess_role.passages": len(found)})
            if self.tracer.texts:
                documents = [{"id": hit.passage.id, "score": hit.score} for hit in found]
                span.note({"gen_ai.retrieval.documents": json.dumps(documents)})
            return found


@dataclass(frozen=True)
class TracedModel:
    """A model whose calls are spans, each with the retries and the second asking that it took."""

    inner: ChatModel
    tracer: Tracer
    assessment: str
    provider: str
    """`openai` for a server that speaks its protocol, `recording` where nothing but recordings is asked."""

    @property
    def label(self) -> str:
        """The label of the model that answers."""
        return self.inner.label

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        """See ChatModel."""
        named: dict[str, Attribute] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": self.provider,
            "gen_ai.request.model": self.label,
            "gen_ai.output.type": "json",
            "gen_ai.prompt.name": prompt.id,
            "gen_ai.prompt.version": prompt.version,
            "assess_role.sample": sample,
            **_of(self.assessment),
        }
        if self.tracer.texts:
            asked = [_message(message.role, message.content) for message in prompt.messages]
            named["gen_ai.input.messages"] = json.dumps(asked, ensure_ascii=False)
        with self.tracer.span(f"chat {self.label}", named, client=True) as span:
            completion = self.inner.complete(prompt, schema, sample=sample, canary=canary)
            span.note(
                {
                    "gen_ai.response.model": completion.model,
                    "gen_ai.response.finish_reasons": (completion.finish_reason,),
                    "gen_ai.usage.input_tokens": completion.usage.input_tokens,
                    "gen_ai.usage.output_tokens": completion.usage.output_tokens,
                    "assess_role.answers": completion.usage.calls,
                    "assess_role.estimated": completion.usage.estimated,
                    "assess_role.recorded": completion.recorded,
                }
            )
            if self.tracer.texts:
                given = {**_message("assistant", completion.text), "finish_reason": completion.finish_reason}
                span.note({"gen_ai.output.messages": json.dumps([given], ensure_ascii=False)})
            return completion


def _of(assessment: str) -> dict[str, Attribute]:
    """The id of the assessment, which is also that of its thread."""
    return {"gen_ai.conversation.id": assessment}


def _revision(state: State) -> dict[str, Attribute]:
    revision = state.get("revision")
    return {"assess_role.revision": revision} if revision else {}


def _message(role: str, content: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": content}]}
