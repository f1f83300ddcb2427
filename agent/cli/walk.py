"""After a run has stopped: say where it stands and what to type next, or offer the review at once."""

from __future__ import annotations

import typer

from agent.cli.output import Terminal
from agent.cli.views import next_step, summary_lines
from agent.schemas.vocabulary import Status
from agent.workflow.engine import Engine
from agent.workflow.summary import exit_code, summary


def finish(terminal: Terminal, engine: Engine, assessment: str, *, offer: bool = True) -> None:
    """Print the outcome, offer the review where a person sits, exit with the outcome's code."""
    document = summary(engine.stores, assessment)
    if terminal.as_json:
        terminal.document(document)
    else:
        for line in summary_lines(document):
            terminal.data(line)
        offered = offer and terminal.interactive and document["status"] == Status.WAITING
        if offered and typer.confirm("Review it now?", default=True):
            from agent.cli.reviewing import review_in_terminal

            review_in_terminal(terminal, engine, assessment, None)
            return
        for line in next_step(document):
            terminal.words(line)
    code = exit_code(engine.stores, assessment)
    if code:
        raise typer.Exit(code)
