"""Opening the corpus for one command, without what only an assessment needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import typer

from agent.cli.output import Terminal
from agent.evidence.corpus import Corpus
from agent.settings import read_settings
from agent.shipped import shipped_path
from agent.store.database import Database
from agent.workflow.corpora import corpus_of

INTERRUPTED = 130
AGAIN = "Type the same command again; what was done is kept."


@dataclass(frozen=True)
class OpenCorpus:
    """A corpus and the store it lives in."""

    corpus: Corpus
    db: Database


@contextmanager
def open_corpus(
    terminal: Terminal, *, bundled: bool = True, embeds: bool = False, again: str = AGAIN
) -> Iterator[OpenCorpus]:
    """The home folder's corpus; with `bundled`, the bundled articles are taken over first.

    `embeds` says that something will be embedded, so that the model is loaded meanwhile.

    Errors end in words, and so does Ctrl-C, also at a question: `again` says how to go on.
    """
    with terminal.outcome(), _interruptible(terminal, again):
        settings = read_settings()
        with closing(Database.of_home(settings.home)) as db:
            corpus = corpus_of(settings, db, terminal.words, embeds=embeds)
            try:
                if bundled:
                    corpus.ensure_bundled(shipped_path("corpus"))
                yield OpenCorpus(corpus, db)
            finally:
                corpus.close()


@contextmanager
def _interruptible(terminal: Terminal, again: str) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, typer.Abort):
        terminal.interrupted(again)
        raise typer.Exit(INTERRUPTED) from None
