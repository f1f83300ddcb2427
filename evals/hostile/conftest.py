"""The hostile corpus, built once, and the figures that are printed after the tests whether they passed or not."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

OFF = {"ANONYMIZED_TELEMETRY": "False", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1", "LANGSMITH_TRACING": "false"}
os.environ.update(OFF)
for _name in tuple(os.environ):
    if _name.startswith(("OPENAI_", "ASSESS_ROLE_", "LANGSMITH_API", "LANGCHAIN_API")):
        del os.environ[_name]

# After the environment: the libraries read it when they are imported.
from evals.hostile.corpora import Home, open_home  # noqa: E402
from evals.hostile.payloads import payloads  # noqa: E402
from evals.hostile.planting import articles_of, write  # noqa: E402
from evals.hostile.prompting import HostileCorpus, gathered  # noqa: E402

FIGURES = "figures"
"""Name of the property under which a test hands over lines for the report."""


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> HostileCorpus:
    """Every payload at every position, taken in as `corpus add` does and searched for. Never written to.

    Made by the first of the processes that run the tests, and read by the others.
    """
    if not hasattr(request.config, "workerinput"):
        return _taken_in(tmp_path_factory.mktemp("hostile"))
    made = tmp_path_factory.getbasetemp().parent / "hostile.pickle"
    with FileLock(made.with_suffix(".lock")):
        if not made.exists():
            made.write_bytes(pickle.dumps(_taken_in(tmp_path_factory.mktemp("hostile"))))
        corpus = pickle.loads(made.read_bytes())
    assert isinstance(corpus, HostileCorpus)
    return corpus


def _taken_in(folder: Path) -> HostileCorpus:
    articles = [article for number, payload in enumerate(payloads()) for article in articles_of(payload, number)]
    with open_home(folder / "home") as home:
        report = home.add(write(folder / "articles", articles))
        return gathered(home.corpus, articles, home.passages(), [left.file for left in report.skipped])


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """An empty home."""
    with open_home(tmp_path_factory.mktemp("home")) as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    reports = [report for group in ("passed", "failed") for report in terminalreporter.stats.get(group, [])]
    lines = [
        str(value) for report in reports for name, value in getattr(report, "user_properties", ()) if name == FIGURES
    ]
    if lines:
        terminalreporter.section("hostile articles: what was measured")
        for line in lines:
            terminalreporter.write_line(line)
