"""What the decision commands do once their arguments are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from agent.cli.files import read_text
from agent.cli.output import Terminal
from agent.cli.session import open_engine
from agent.cli.walk import finish
from agent.review.edit import Edit, edit_of, parse_edit
from agent.review.service import Reviewer, ReviewService
from agent.schemas.assessment import Assessment, CitedOverride
from agent.schemas.draft import Citation
from agent.schemas.finding import Acceptance
from agent.store.reviews import DecisionRow

Change: TypeAlias = Callable[[Assessment], Edit]
"""Makes an edit of the content that is under review."""


def take(
    terminal: Terminal,
    assessment: str,
    reviewer: str,
    decide: Callable[[ReviewService, str, Reviewer], DecisionRow],
    publish_dir: Path | None = None,
) -> None:
    """Record a script's decision, carry the thread on and print where it stands."""
    with terminal.outcome(), open_engine(terminal, publish_dir) as engine:
        known = engine.stores.assessments.get(assessment).id
        by = Reviewer(name=reviewer, channel="script")
        engine.runner.decide(known, lambda service: decide(service, known, by))
        finish(terminal, engine, known, offer=False)


def take_edit(terminal: Terminal, assessment: str, revision: str, reviewer: str, change: Change) -> None:
    """Record a script's edit of exactly this revision."""
    take(
        terminal,
        assessment,
        reviewer,
        lambda service, known, by: service.edit(known, revision, by, change(service.revision(known, revision))),
    )


def accepting(findings: Sequence[str], reason: str) -> Change:
    """Accept findings by name, all with the same reason."""

    def change(content: Assessment) -> Edit:
        more = tuple(Acceptance(finding=name, reason=reason) for name in findings)
        return edit_of(content).model_copy(update={"accepted": (*content.accepted, *more)})

    return change


def overriding(score: float, reason: str, passage: str, quote: str) -> Change:
    """Move the score by hand."""

    def change(content: Assessment) -> Edit:
        cited = CitedOverride(score=score, reason=reason, citations=(Citation(passage=passage, quote=quote),))
        return edit_of(content).model_copy(update={"override": cited})

    return change


def edited_file(file: Path) -> Change:
    """Take the content from a file, whatever was there before."""

    def change(content: Assessment) -> Edit:
        return parse_edit(read_text(file))

    return change
