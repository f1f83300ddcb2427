"""The roles that ship with recorded answers, each run once: its coverage, and the page that comes of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from factories_cli import BY, _in_home, accepted, run_here

from agent.drafting.frame import Framed
from agent.grounding.coverage import coverage_of
from agent.settings import read_settings
from agent.workflow.wiring import open_stores

RECORDED = ("ML Platform Engineer", "Data Engineer", "Junior Software Developer")
LIMIT_BYTES = 154_000
"""The heaviest of these pages with little to spare. Two thirds are words: claims, passages, sources, numbers."""


@dataclass(frozen=True)
class RecordedRun:
    """A role that waits at gate 1, and the coverage that was said before."""

    home: Path
    coverage: dict[str, Any]
    document: dict[str, Any]


@pytest.fixture(scope="module", params=RECORDED)
def recorded(
    request: pytest.FixtureRequest, _corpus_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> RecordedRun:
    """One of the roles in a home of its own."""
    folder = tmp_path_factory.mktemp("recorded") / "home"
    shutil.copytree(_corpus_home, folder)
    with _in_home(folder):
        coverage = run_here("corpus", "coverage", request.param, "--json").document
        return RecordedRun(folder, coverage, run_here("run", request.param, "--json").document)


@pytest.fixture
def run(recorded: RecordedRun, home: Path) -> Iterator[RecordedRun]:
    """The same, with its home in force."""
    with _in_home(recorded.home):
        yield recorded


def test_coverage_of_a_recorded_role_has_the_figures_that_decide_in_its_run(run: RecordedRun) -> None:
    before = run.coverage
    with open_stores(read_settings()) as stores:
        frame = Framed.model_validate(stores.assessments.draft(run.document["id"], "frame")["draft"]).frame
        packs = stores.assessments.draft(run.document["id"], "packs")
        found = {name: stores.corpus.passages(ids) for name, ids in packs.items()}
    assert frame is not None
    decided = coverage_of(frame, found, as_of=before["as_of"])
    assert (before["sources"], before["stops"]) == (decided.sources, decided.stops)
    assert (before["stops"], run.document["status"] == "abstained") == ("", False)
    assert (before["recorded"], tuple(before["aliases"]), tuple(before["proxies"])) == (
        True,
        frame.aliases,
        frame.proxies,
    )


def test_the_page_of_a_recorded_role_is_no_heavier_than_it_has_to_be(run: RecordedRun) -> None:
    document = run.document
    for _ in range(2):
        revision = accepted(document["id"], document["revision"])
        document = run_here("approve", document["id"], "--revision", revision, *BY).document
    assert document["status"] == "published", document
    page = Path(document["published"]["path"]) / "index.html"
    assert len(page.read_bytes()) <= LIMIT_BYTES
