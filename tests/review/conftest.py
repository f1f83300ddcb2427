"""Accounts of a test's own, with hashes that cost little."""

from __future__ import annotations

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


@pytest.fixture
def office(tmp_path: Path, cheap_hashes: None) -> Iterator[Office]:
    opened = Office(tmp_path / "home")
    yield opened
    opened.db.close()
