"""Accounts of a test's own, with hashes that cost little."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import argon2
import pytest
from factories_accounts import Office

from agent.review import passwords


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2 with the least parameters, which tests nothing else of it."""
    cheap = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(argon2, "PasswordHasher", cheap)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("accounts") / "home"
    Office(home).db.close()
    return home


@pytest.fixture
def office(_empty: Path, tmp_path: Path, cheap_hashes: None) -> Iterator[Office]:
    shutil.copytree(_empty, tmp_path / "home")
    opened = Office(tmp_path / "home")
    yield opened
    opened.db.close()
