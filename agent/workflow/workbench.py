"""Everything the nodes call, wired once a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from agent.drafting.drafter import Drafter
from agent.drafting.prompts import PromptLibrary
from agent.errors import Conflict, NeedsModel
from agent.llm.budget import TokenBook
from agent.llm.journal import JournaledModel, StoredAnswer
from agent.llm.port import ChatModel, Usage
from agent.llm.recorded import THREE_WAYS, RecordedModel, find_recording
from agent.llm.recording import Recording
from agent.review.service import ReviewService
from agent.schemas.article import Passage
from agent.schemas.base import Value
from agent.schemas.refresh import Refresh
from agent.store.assessments import AssessmentStore, StoredCall
from agent.store.publications import PublicationStore
from agent.store.stamps import Stamps
from agent.workflow.evidence import Evidence
from agent.workflow.fallback import RecordedFirst
from agent.workflow.progress import Progress, silent
from agent.workflow.tracing import NO_TRACES, TracedEvidence, TracedModel, Tracer


class Request(Value):
    """What was asked for, kept with the assessment."""

    role: str
    seniority: str | None
    as_of: str
    recorded: bool
    """Answers come from the bundled recordings."""
    max_tokens: int | None = None
    """Bound on input and output tokens together."""
    drafts: int = 1
    """How many independent drafts of the inputs are made; the first is the one that is reviewed."""
    by_hand: bool = False
    """Where a redraft has no model, leave the draft and its findings to the reviewer."""
    without_commentary: bool = False
    """Go on to gate 2 without a commentary."""
    without_lens: bool = False
    """Go on to gate 2 without an AI-driven lens."""
    refresh: Refresh | None = None
    """The published version that is taken up instead of beginning with the role's title."""


class KeptAnswer(Value):
    """A stored answer with the prompt it answers and when it came."""

    prompt: str
    answer: StoredAnswer
    created_at: str


@dataclass
class SqlJournal:
    """The answers of one assessment, kept in the store."""

    assessments: AssessmentStore
    assessment: str

    def get(self, key: str) -> StoredAnswer | None:
        """See Journal."""
        call = self.assessments.call(self.assessment, key)
        return None if call is None else StoredAnswer.model_validate(call.document)

    def put(self, key: str, prompt_label: str, answer: StoredAnswer) -> None:
        """See Journal."""
        self.assessments.put_call(
            self.assessment,
            key,
            StoredCall(
                document=answer.model_dump(mode="json"),
                prompt=prompt_label,
                input_tokens=answer.usage.input_tokens,
                output_tokens=answer.usage.output_tokens,
            ),
        )

    def everything(self) -> tuple[tuple[str, KeptAnswer], ...]:
        """Every stored answer by its request's key, sorted by key."""
        return tuple(
            (
                key,
                KeptAnswer(
                    prompt=call.prompt,
                    answer=StoredAnswer.model_validate(call.document),
                    created_at=call.created_at,
                ),
            )
            for key, call in self.assessments.calls(self.assessment)
        )


@dataclass
class Workbench:
    """The stations a run passes through."""

    assessments: AssessmentStore
    review: ReviewService
    publications: PublicationStore
    evidence: Evidence
    prompts: PromptLibrary
    recordings: tuple[Recording, ...]
    connect: Callable[[TokenBook], ChatModel] | None
    """Makes the connected model; `None` when no model is configured."""
    stamps: Stamps
    publish_dir: Path
    progress: Progress = silent
    tracer: Tracer = NO_TRACES
    _models: dict[str, tuple[Request, ChatModel]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        if self.tracer is not NO_TRACES:
            self.evidence = TracedEvidence(self.evidence, self.tracer)

    def request(self, assessment: str) -> Request:
        """What was asked for."""
        return Request.model_validate(self.assessments.get(assessment).request)

    def recording(self, request: Request) -> Recording | None:
        """The recording that a replayed run follows."""
        return find_recording(self.recordings, request.role, request.seniority) if request.recorded else None

    def drafter(self, assessment: str) -> Drafter:
        """The drafter of one assessment; parallel nodes share its model, budget and journal until options change.

        Raises Conflict for a control, for which no model is ever called.
        """
        if self.review.controls.find(assessment) is not None:
            raise Conflict(f"{assessment} holds an error that was planted; no model is called for it.")
        request = self.request(assessment)
        with self._lock:
            known = self._models.get(assessment)
            if known is None or known[0] != request:
                known = self._models[assessment] = (request, self._model(assessment, request))
            return Drafter(model=known[1], prompts=self.prompts)

    def _model(self, assessment: str, request: Request) -> ChatModel:
        def keep(prompt: str, usage: Usage) -> None:
            self.assessments.spend(
                assessment,
                prompt,
                calls=usage.calls,
                input_tokens=usage.input_tokens,
                output_tokens=usage.output_tokens,
            )

        spent = Usage(**self.assessments.spent(assessment))
        book = TokenBook(request.max_tokens, spent=spent, on_book=keep)
        source = self._source(request, book)
        if self.tracer is not NO_TRACES:
            provider = "recording" if self.connect is None else "openai"
            source = TracedModel(source, self.tracer, assessment, provider)
        return JournaledModel(source, self.journal(assessment))

    def journal(self, assessment: str) -> SqlJournal:
        """The stored answers of one assessment."""
        return SqlJournal(self.assessments, assessment)

    def _source(self, request: Request, book: TokenBook) -> ChatModel:
        recorded = RecordedModel(self.recordings)
        if self.connect is None:
            if not request.recorded:
                raise NeedsModel("No model is connected.", hint=THREE_WAYS)
            return recorded
        connected = self.connect(book)
        return RecordedFirst(recorded, connected) if request.recorded else connected

    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """Stored passages by id, also those that have left the corpus; unknown ids are left out."""
        return self.review.corpus.find_passages(ids)
