"""The process that reads an index to check it, forked from one that has loaded Chroma instead of loading it anew."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from agent.evidence import index_check


@contextmanager
def index_checks_forked() -> Iterator[None]:
    """Each check is read by a new process all the same. The commands of `test_cli_corpus_terminal` start it from
    nothing, as everybody else does."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["agent.evidence.index_check", "chromadb"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_check, "multiprocessing", SimpleNamespace(get_context=lambda _: forks))
        yield
