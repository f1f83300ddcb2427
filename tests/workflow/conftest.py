"""Homes for the workflow's tests, made once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from factories_workflow import Desk, copy_home, make_home, open_desk
from refreshes_workflow import PINNED, publish_one
from scripts_workflow import WidgetScript
from waiting_workflow import WaitingHomes

from agent.schemas.vocabulary import Gate


@pytest.fixture(scope="session")
def widget_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with articles about widget engineers. Never written to: copy it."""
    return make_home(tmp_path_factory.mktemp("widgets") / "home")


@pytest.fixture(scope="session")
def published_home(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same home with one published version. Never written to: copy it."""
    home = copy_home(widget_home, tmp_path_factory.mktemp("published") / "home")
    with open_desk(home, PINNED) as desk:
        publish_one(desk)
    return home


@pytest.fixture
def home(widget_home: Path, tmp_path: Path) -> Path:
    """A home of the test's own."""
    return copy_home(widget_home, tmp_path / "home")


@pytest.fixture
def open_at(home: Path) -> Iterator[Callable[..., Desk]]:
    """Opens desks at the test's home and closes them at its end."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(open_desk(home, *args, **options))


@pytest.fixture(scope="session")
def waiting_homes(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> WaitingHomes:
    return WaitingHomes(widget_home, tmp_path_factory.mktemp("waiting"))


@pytest.fixture
def waiting_at(waiting_homes: WaitingHomes, home: Path) -> Iterator[Callable[..., tuple[Desk, str]]]:
    """Opens a desk at an assessment that waits at a gate, with its id, and closes it at the test's end. Its home takes
    the place of the test's, and what the model was asked until then is among the desk's calls."""
    with ExitStack() as stack:

        def waiting(
            gate: Gate, script: WidgetScript | None = None, *, then: WidgetScript | None = None
        ) -> tuple[Desk, str]:
            shutil.rmtree(home)
            return stack.enter_context(waiting_homes.desk(home, gate, script, then=then))

        yield waiting
