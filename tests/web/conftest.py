"""Homes for the tests of the web application, made once and copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories_web import Stock, Web, open_web
from factories_workflow import copy_home, make_home, open_desk


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    home = make_home(tmp_path_factory.mktemp("web") / "home")
    with open_desk(home) as desk:
        inputs, other, publication, published = (desk.start().id for _ in range(4))
        for assessment in (publication, published, published):
            desk.approve(assessment)
    return Stock(home, inputs, other, publication, published)


@pytest.fixture
def web(stock: Stock, tmp_path: Path) -> Iterator[Web]:
    """The application over a copy of the stock. What is published stays in the first home's folder."""
    with open_web(copy_home(stock.home, tmp_path / "home")) as web:
        yield web
