"""Everything a run needs, wired from settings: corpus, model, graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from agent.drafting.prompts import PromptLibrary
from agent.errors import InvalidInput, NeedsModel, Prerequisite
from agent.evidence.corpus import Corpus
from agent.llm.budget import TokenBook
from agent.llm.openai_endpoint import OpenAIModel
from agent.llm.port import ChatModel
from agent.llm.recorded import THREE_WAYS
from agent.llm.recording import Recording, find_recording, load_recordings
from agent.review.identity import Scope
from agent.review.service import Reviewer
from agent.scoring import AGREEMENT
from agent.settings import Settings
from agent.shipped import shipped_path
from agent.store.stamps import Stamps
from agent.workflow.acting import acting
from agent.workflow.corpora import corpus_of
from agent.workflow.progress import Progress, silent
from agent.workflow.runner import Runner, open_checkpoints
from agent.workflow.titles import check_role, check_seniority
from agent.workflow.tracing import NO_TRACES, Tracer
from agent.workflow.wiring import Stores, open_stores
from agent.workflow.workbench import Request, Workbench


@dataclass(frozen=True)
class Engine:
    """One process's way to run assessments."""

    settings: Settings
    stores: Stores
    corpus: Corpus
    bench: Workbench
    runner: Runner

    def acting(self, name: str | None, channel: str, scope: Scope) -> Reviewer:
        """See `agent.workflow.acting`."""
        return acting(self.settings, self.stores.accounts, name, channel, scope)

    def requester(self, channel: str = "script") -> str:
        """Who asks for an assessment here."""
        return self.acting(None, channel, Scope.RUN).name


def connection(settings: Settings) -> Callable[[TokenBook], ChatModel] | None:
    """Makes the connected model, or `None` when none is configured. Raises Prerequisite for half a configuration."""
    if not settings.connected:
        return None
    name = settings.model_name

    def connect(book: TokenBook) -> ChatModel:
        return OpenAIModel(
            settings.base_url,
            settings.api_key.get_secret_value() if settings.api_key else None,
            name,
            timeout_s=settings.timeout_s,
            max_output_tokens=settings.max_output_tokens,
            max_concurrency=settings.max_concurrency,
            book=book,
        )

    return connect


@contextmanager
def open_tracer(settings: Settings, progress: Progress) -> Iterator[Tracer]:
    """What takes the spans of this process: nothing, unless a receiver is configured. Nothing about traces stops a run:
    what is wrong with them is progress, and a finding of `doctor`."""
    with ExitStack() as stack:
        tracer = NO_TRACES
        if settings.traces_endpoint is not None:
            # The SDK is loaded for whoever asked for it.
            from agent.workflow.otel import exported

            try:
                tracer = stack.enter_context(exported(settings, lambda words: progress("traces", words)))
            except Prerequisite as error:
                progress("traces", error.message)
        yield tracer


@contextmanager
def open_runner(
    settings: Settings,
    *,
    stamps: Stamps | None = None,
    progress: Progress = silent,
    connect: Callable[[TokenBook], ChatModel] | None = None,
    recordings: tuple[Recording, ...] | None = None,
) -> Iterator[Engine]:
    """The engine over a home folder; the bundled corpus is taken over on first use.

    `connect` and `recordings` replace what settings and package give. Raises StorageFailed, Prerequisite.
    """
    with open_tracer(settings, progress) as tracer, open_stores(settings, stamps) as stores:
        corpus = corpus_of(settings, stores.db, lambda words: progress("corpus", words), stamps=stores.stamps)
        try:
            progress("corpus", "opening the corpus")
            report = corpus.ensure_bundled(shipped_path("corpus"))
            if report is not None:
                progress("corpus", f"took over {len(report.added)} bundled articles, {report.passages} passages")
            saver = open_checkpoints(settings.home / "checkpoints.sqlite")
            try:
                bench = Workbench(
                    assessments=stores.assessments,
                    review=stores.review,
                    publications=stores.publications,
                    evidence=corpus,
                    prompts=PromptLibrary(shipped_path("prompts")),
                    recordings=load_recordings(shipped_path("recordings")) if recordings is None else recordings,
                    connect=connect or connection(settings),
                    stamps=stores.stamps,
                    publish_dir=settings.publish_dir,
                    progress=progress,
                    tracer=tracer,
                )
                runner = Runner(bench=bench, saver=saver, locks=settings.home / "locks")
                yield Engine(settings=settings, stores=stores, corpus=corpus, bench=bench, runner=runner)
            finally:
                saver.conn.close()
        finally:
            corpus.close()


def check_drafts(count: int) -> None:
    """Raises InvalidInput when an assessment cannot be drafted that often."""
    if count not in AGREEMENT.drafts:
        raise InvalidInput(f"{count} independent drafts were asked for; expected {AGREEMENT.drafts}.")


def request_for(
    engine: Engine,
    role: str,
    *,
    seniority: str | None = None,
    recorded: bool = False,
    max_tokens: int | None = None,
    drafts: int = 1,
) -> Request:
    """What to run: live when a model is connected, otherwise from a recording.

    `recorded` replays even when a model is connected. Raises NeedsModel when neither is at hand, InvalidInput for a
    title that cannot be one and for a number of drafts that is out of bounds.
    """
    check_drafts(drafts)
    title, seniority = check_role(role), check_seniority(seniority)
    live = engine.bench.connect is not None and not recorded
    recording = None if live else find_recording(engine.bench.recordings, title, seniority)
    if not live and recording is None:
        level = f" ({seniority})" if seniority else ""
        known = ", ".join(f"{r.role} ({r.seniority})" for r in engine.bench.recordings) or "none"
        raise NeedsModel(
            f"There is no recording of {title}{level} and no model is connected. Recorded roles: {known}.",
            hint=THREE_WAYS,
        )
    return Request(
        role=title if recording is None else recording.role,
        seniority=seniority if recording is None else recording.seniority,
        as_of=engine.bench.stamps.now()[:10] if recording is None else recording.as_of,
        recorded=recording is not None,
        max_tokens=max_tokens,
        drafts=drafts,
    )
