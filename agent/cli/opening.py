"""Opening the corpus for one command, without what only an assessment needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from agent.cli.output import Terminal
from agent.settings import read_settings
from agent.workflow.corpora import OpenCorpus, home_corpus

INTERRUPTED = 130
AGAIN = "Type the same command again; what was done is kept."


@contextmanager
def open_corpus(
    terminal: Terminal, *, bundled: bool = True, embeds: bool = False, again: str = AGAIN
) -> Iterator[OpenCorpus]:
    """The home folder's corpus; with `bundled`, the bundled articles are taken over first.

    `embeds` says that something will be embedded, so that the model is loaded meanwhile.

    Errors end in words, and so does Ctrl-C, also at a question: `again` says how to go on.
    """
    with (
        terminal.outcome(),
        _interruptible(terminal, again),
        home_corpus(read_settings(), terminal.words, bundled=bundled, embeds=embeds) as opened,
    ):
        yield opened


@contextmanager
def _interruptible(terminal: Terminal, again: str) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, typer.Abort):
        terminal.interrupted(again)
        raise typer.Exit(INTERRUPTED) from None
