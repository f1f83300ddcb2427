"""What the commands of `inbox` do once their arguments are read."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from agent.cli.files import read_document
from agent.cli.interrupt import interruptible
from agent.cli.output import Terminal
from agent.cli.session import open_engine
from agent.cli.walk import finish
from agent.errors import InvalidInput
from agent.review.identity import Scope
from agent.review.inbox import HumanInterrupt, answer, decide, inbox, response_of, revision_named
from agent.settings import Settings
from agent.workflow.wiring import open_stores


def list_inbox(terminal: Terminal, settings: Settings) -> None:
    """Print every review that waits, the riskiest first: one document, or the descriptions."""
    with open_stores(settings) as stores:
        items = inbox(stores.review)
    if terminal.as_json:
        terminal.document({"ok": True, "items": [item.model_dump(mode="json") for item in items]})
        return
    for item in items:
        terminal.data(_shown(item))
    terminal.words("Next: assess-role inbox answer ID FILE" if items else "Nothing waits for review.")


def take_answer(
    terminal: Terminal,
    assessment: str,
    file: Path,
    revision: str | None,
    reviewer: str | None,
    publish_dir: Path | None,
) -> None:
    """Record an answer from a file, carry the thread on and print where it stands."""
    with terminal.outcome():
        response = response_of(read_document(file))
        named = revision or revision_named(response)
        if named is None:
            raise InvalidInput(
                "The answer names no revision.", hint="Give the one you saw: --revision sha256:…, as `inbox` shows it."
            )
        with open_engine(terminal, publish_dir) as engine:
            known = engine.stores.assessments.get(assessment).id
            by = engine.acting(reviewer, "inbox", Scope.DECIDE)
            if response.type == "ignore":
                answer(engine.stores.review, known, named, by, response)
                terminal.words("Left for later.")
            else:
                work = partial(engine.runner.decide, known, lambda service: decide(service, known, named, by, response))
                interruptible(terminal, engine, work, again=f"assess-role resume {known}")
            finish(terminal, engine, known, offer=False)


def _shown(item: HumanInterrupt) -> str:
    return f"{item.action_request.args['id']}\n\n{item.description or ''}\n"
