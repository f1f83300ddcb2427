"""Whole assessments in a temporary home: the product's workflow, a scripted model, decisions by a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from agent.drafting.prompts import PromptLibrary
from agent.errors import AssessorError
from agent.llm.scripted import ScriptedModel
from agent.review.edit import edit_of
from agent.review.service import Reviewer
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Acceptance, Tier
from agent.settings import Settings
from agent.shipped import shipped_path
from agent.store.assessments import AssessmentRow
from agent.workflow.runner import Runner, open_checkpoints
from agent.workflow.wiring import Stores, open_stores
from agent.workflow.workbench import Request, Workbench
from evals.hostile.answers import Answers
from evals.hostile.corpora import AS_OF, NOW, WordEmbedder, open_home
from evals.hostile.planting import Planted, honest, write
from evals.hostile.prompting import FRAME

BY = Reviewer(name="Eve", channel="script")
REASON = "Read in full by the script of this evaluation."
PUBLISHERS = 6


class FixedStamps:
    """A clock that stands still and tokens that count."""

    def __init__(self) -> None:
        self._tokens = count(1)

    def now(self) -> str:
        """The same moment each time."""
        return NOW

    def token(self) -> str:
        """The next one."""
        return f"{next(self._tokens):08x}"


@dataclass
class Desk:
    """One assessment's way through the workflow."""

    stores: Stores
    runner: Runner
    publish_dir: Path

    def start(self) -> AssessmentRow:
        """Up to the first checkpoint, or to where it stops."""
        request = Request(role=FRAME.title, seniority=None, as_of=AS_OF, recorded=False)
        return self.runner.start(request)

    def content(self, assessment: str) -> Assessment | None:
        """What waits for a decision; `None` when nothing does."""
        review = self.stores.reviews.open_review(assessment)
        return None if review is None else self.stores.review.revision(assessment, review.revision)

    def push_through(self, assessment: str, decisions: int = 8) -> None:
        """Accept what can be accepted and approve, as a careless reviewer would, to the end or to a refusal."""
        for _ in range(decisions):
            content = self.content(assessment)
            if content is None:
                return
            known = {acceptance.finding for acceptance in content.accepted}
            weak = [f.id for f in content.guard.findings if f.tier is Tier.REVIEW and f.id not in known]
            try:
                self._accept(assessment, content, weak) if weak else self._approve(assessment, content)
            except AssessorError:
                return

    def published(self) -> str:
        """Every published file in one text; empty when there is none."""
        files = sorted(self.publish_dir.rglob("*")) if self.publish_dir.exists() else []
        return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())

    def _accept(self, assessment: str, content: Assessment, findings: list[str]) -> None:
        accepted = tuple(Acceptance(finding=finding, reason=REASON) for finding in findings)
        edit = edit_of(content).model_copy(update={"accepted": (*content.accepted, *accepted)})
        revision = content.revision()
        self.runner.decide(assessment, lambda service: service.edit(assessment, revision, BY, edit))

    def _approve(self, assessment: str, content: Assessment) -> None:
        revision = content.revision()
        self.runner.decide(assessment, lambda service: service.approve(assessment, revision, BY))


def some_articles(publishers: int = PUBLISHERS) -> list[Planted]:
    """Honest articles, each by a publisher of its own."""
    names = [f"desk-{number}" for number in range(publishers)]
    return [Planted(name=name, kind="markdown", position="start", sentences=honest(name)) for name in names]


@contextmanager
def open_desk(
    folder: Path, answers: Answers, *, articles: list[Planted] | None = None, prompts: Path | None = None
) -> Iterator[Desk]:
    """A desk over a corpus of these articles, with the shipped prompts or others."""
    planted = some_articles() if articles is None else articles
    settings = Settings(home=folder / "home", publish_dir=folder / "published", reviewer=BY.name)
    with open_home(settings.home, WordEmbedder()) as home, open_stores(settings, FixedStamps()) as stores:
        if planted:
            home.add(write(folder / "articles", planted))
        saver = open_checkpoints(settings.home / "checkpoints.sqlite")
        bench = Workbench(
            assessments=stores.assessments,
            review=stores.review,
            publications=stores.publications,
            evidence=home.corpus,
            prompts=PromptLibrary(prompts or shipped_path("prompts")),
            recordings=(),
            connect=lambda book: ScriptedModel(answers, book=book),
            stamps=stores.stamps,
            publish_dir=settings.publish_dir,
        )
        try:
            yield Desk(stores, Runner(bench=bench, saver=saver, locks=settings.home / "locks"), settings.publish_dir)
        finally:
            saver.conn.close()
