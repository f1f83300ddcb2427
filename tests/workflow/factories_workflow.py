"""A home with a small corpus of its own, fixed stamps and a scripted model: everything a run needs, on every run the
same."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import numpy as np
from scripts_workflow import ROLE, WidgetScript

from agent.drafting.prompts import PromptLibrary
from agent.evidence.corpus import Corpus
from agent.evidence.read import article_files, read_articles
from agent.llm.budget import TokenBook
from agent.llm.port import ChatModel
from agent.llm.recording import Recording
from agent.llm.scripted import Call, Script, ScriptedModel
from agent.review.service import Reviewer
from agent.schemas.assessment import Assessment
from agent.settings import Settings
from agent.shipped import shipped_path
from agent.store.assessments import AssessmentRow
from agent.store.reviews import ReviewRow
from agent.workflow.evidence import Evidence
from agent.workflow.runner import Runner, open_checkpoints
from agent.workflow.tracing import NO_TRACES, Tracer
from agent.workflow.wiring import Stores, open_stores
from agent.workflow.workbench import Request, Workbench

ANNA = Reviewer(name="Anna", channel="script")
BEN = Reviewer(name="Ben", channel="script")
NOW = "2026-02-25T10:00:00Z"
REASON = "The shares of time look wrong to me."
TOPICS = (
    ("tasks", "spend their week on designing lines, writing controllers and inspecting batches of widgets"),
    ("postings", "were sought in more advertisements than in the year before, and entry levels held up as well"),
    ("hiring", "are hired by named factories that build up teams, and no cut of such a team named a machine"),
    ("pay", "earn more than the comparable market pays, and the premium has held for several years by now"),
    ("tools", "use Hoist for standard fixtures, while the core of the work still fails in every test"),
    ("outlook", "are expected to be needed in most forecasts, with a change of their work and not an end of it"),
    ("liability", "sign for the safety of a line in person, and no rule lets a machine sign in their place"),
    ("demand", "are needed to run the machines that others adopt, so that every adoption asks for more of them"),
    ("opinion", "will be gone tomorrow in the opinion of a columnist who names no figures and no sources at all"),
)


class FixedStamps:
    """A clock that stands still and tokens that count, from a start of one's own."""

    def __init__(self, *, now: str = NOW, first: int = 1) -> None:
        self._now = now
        self._tokens = count(first)

    def now(self) -> str:
        return self._now

    def token(self) -> str:
        return f"{next(self._tokens):08x}"


class HashEmbedder:
    """Each word of a text points in a direction of its own."""

    identity = "words-of-the-test"
    dimensions = 24

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.array([self._row(text) for text in texts], np.float32).reshape(len(texts), self.dimensions)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def _row(self, text: str) -> np.ndarray:
        row = np.full(self.dimensions, 0.01)
        for word in text.lower().split():
            row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimensions] += 1
        return row


def write_articles(folder: Path, *, about: str = "Widget engineers") -> Path:
    """Nine short articles by nine publishers of all tiers."""
    folder.mkdir(parents=True, exist_ok=True)
    for at, (name, fact) in enumerate(TOPICS):
        tier = 4 if name == "opinion" else 1 + at % 3
        body = f"{about} {fact}. {about} were counted for this text by the office of {name} in a survey of its own."
        (folder / f"{name}.md").write_text(
            f'---\ntitle: "On {name}"\npublisher: "Office of {name}"\nauthor: null\ndate: 2025-11-0{at + 1}\n'
            f"url: https://example.org/{name}\ntier: {tier}\ninterested: false\nretrieved: 2026-01-02\n"
            f"text_kind: digest\n---\n{body}\n",
            encoding="utf-8",
        )
    return folder


def make_home(home: Path, *, about: str | None = "Widget engineers") -> Path:
    """A home whose corpus is about something, or empty."""
    home.mkdir(parents=True)
    with open_stores(a_settings(home), FixedStamps()) as stores:
        if about is not None:
            corpus = Corpus(stores.db, home, HashEmbedder(), clock=stores.stamps.now)
            corpus.take(
                item.article for item in read_articles(article_files([write_articles(home / "articles", about=about)]))
            )
            corpus.close()
    return home


def a_settings(home: Path) -> Settings:
    return Settings(home=home, publish_dir=home / "published", reviewer="Anna")


def a_request(**changes: object) -> Request:
    values: dict[str, object] = {"role": ROLE, "seniority": None, "as_of": NOW[:10], "recorded": False}
    return Request.model_validate({**values, **changes})


@dataclass
class Desk:
    """One process's way to run assessments in a home."""

    stores: Stores
    bench: Workbench
    runner: Runner
    models: list[ChatModel] = field(default_factory=list)
    """The models that were connected, one an assessment and request."""
    before: tuple[Call, ...] = ()
    """What reached a model in this home before the desk was opened."""

    def made(self) -> tuple[Call, ...]:
        """What reached a model, in the order it came."""
        scripted = [model for model in self.models if isinstance(model, ScriptedModel)]
        return (*self.before, *(call for model in scripted for call in model.calls))

    def calls(self) -> list[str]:
        """The prompts that reached a model, in the order they came."""
        return [call.prompt.id for call in self.made()]

    def prompts(self, section: str) -> list[str]:
        """What a section's model was asked, in order."""
        return [call.prompt.messages[-1].content for call in self.made() if call.prompt.id == section]

    def start(self, **changes: object) -> AssessmentRow:
        return self.runner.start(a_request(**changes))

    def waiting(self, assessment: str) -> ReviewRow:
        review = self.stores.reviews.open_review(assessment)
        assert review is not None, self.stores.assessments.get(assessment)
        return review

    def content(self, assessment: str) -> Assessment:
        """What waits for a decision."""
        return self.stores.review.revision(assessment, self.waiting(assessment).revision)

    def approve(self, assessment: str, by: Reviewer = ANNA) -> AssessmentRow:
        revision = self.waiting(assessment).revision
        return self.runner.decide(assessment, lambda service: service.approve(assessment, revision, by))

    def events(self, assessment: str) -> list[str]:
        return [entry.event for entry in self.stores.assessments.history(assessment)]


Connect = Callable[[TokenBook], ChatModel]


@contextmanager
def open_desk(
    home: Path,
    script: Script | None = None,
    *,
    connect: Connect | None = None,
    connected: bool = True,
    recordings: tuple[Recording, ...] = (),
    stamps: FixedStamps | None = None,
    evidence: Evidence | None = None,
    before: tuple[Call, ...] = (),
    tracer: Tracer = NO_TRACES,
) -> Iterator[Desk]:
    """A desk in a home; the scripted model answers unless something else is connected."""
    settings = a_settings(home)
    with open_stores(settings, stamps or FixedStamps()) as stores:
        corpus = Corpus(stores.db, home, HashEmbedder(), clock=stores.stamps.now)
        saver = open_checkpoints(home / "checkpoints.sqlite")
        models: list[ChatModel] = []
        answers = WidgetScript() if script is None else script

        def scripted(book: TokenBook) -> ChatModel:
            models.append(ScriptedModel(answers, book=book) if connect is None else connect(book))
            return models[-1]

        bench = Workbench(
            assessments=stores.assessments,
            review=stores.review,
            publications=stores.publications,
            evidence=evidence or corpus,
            prompts=PromptLibrary(shipped_path("prompts")),
            recordings=recordings,
            connect=scripted if connected else None,
            stamps=stores.stamps,
            publish_dir=settings.publish_dir,
            tracer=tracer,
        )
        try:
            yield Desk(stores, bench, Runner(bench=bench, saver=saver, locks=home / "locks"), models, before)
        finally:
            saver.conn.close()
            corpus.close()


def copy_home(template: Path, home: Path) -> Path:
    shutil.copytree(template, home)
    return home


def published_bytes(folder: Path) -> dict[str, bytes]:
    """Every published file by its path below `folder`."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}
