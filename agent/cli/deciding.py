"""What the decision commands do once their arguments are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from agent.cli.files import read_text
from agent.cli.interrupt import interruptible
from agent.cli.naming import check_named
from agent.cli.output import Terminal
from agent.cli.session import open_engine
from agent.cli.walk import finish
from agent.review.edit import Edit, edit_from, edit_of, parse_edit
from agent.review.identity import Scope
from agent.review.service import Reviewer, ReviewService
from agent.schemas.assessment import Assessment
from agent.settings import read_settings
from agent.store.reviews import Taken

Change: TypeAlias = Callable[[Assessment], Edit]
"""Makes an edit of the content that is under review."""


def take(
    terminal: Terminal,
    assessment: str,
    reviewer: str | None,
    decide: Callable[[ReviewService, str, Reviewer], Taken],
    publish_dir: Path | None = None,
) -> None:
    """Record a script's decision, carry the thread on and print where it stands."""
    with terminal.outcome():
        check_named(read_settings(), reviewer)
        with open_engine(terminal, publish_dir) as engine:
            known = engine.stores.assessments.get(assessment).id
            by = engine.acting(reviewer, "script", Scope.DECIDE)
            work = partial(engine.runner.decide, known, lambda service: decide(service, known, by))
            interruptible(terminal, engine, work, again=f"assess-role resume {known}")
            finish(terminal, engine, known, offer=False)


def take_edit(terminal: Terminal, assessment: str, revision: str, reviewer: str | None, change: Change) -> None:
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
        return accepted_edit(content, [(name, reason) for name in findings])

    return change


def overriding(score: float, reason: str, passage: str, quote: str) -> Change:
    """Move the score by hand."""

    def change(content: Assessment) -> Edit:
        return overridden_edit(content, score, reason, passage, quote)

    return change


def accepted_edit(content: Assessment, accepted: Sequence[tuple[str, str]]) -> Edit:
    """`content` with (finding, reason) accepted besides. Raises InvalidInput for a reason that says nothing."""
    more = [{"finding": finding, "reason": " ".join(reason.split())} for finding, reason in accepted]
    document = edit_of(content).model_dump(mode="json")
    return edit_from({**document, "accepted": [*document["accepted"], *more]})


def overridden_edit(content: Assessment, score: float, reason: str, passage: str, quote: str) -> Edit:
    """`content` with its score moved by hand. Raises InvalidInput with every breach."""
    override = {
        "score": score,
        "reason": " ".join(reason.split()),
        "citations": [{"passage": passage.strip(), "quote": quote.strip()}],
    }
    return edit_from({**edit_of(content).model_dump(mode="json"), "override": override})


def edited_file(file: Path) -> Change:
    """Take the content from a file, whatever was there before."""

    def change(content: Assessment) -> Edit:
        return parse_edit(read_text(file))

    return change
