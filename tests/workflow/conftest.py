"""Homes for the workflow's tests, made once and copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from factories_workflow import Desk, copy_home, make_home, open_desk
from refreshes_workflow import PINNED, publish_one


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
