"""A store of accounts with a clock that a test moves."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from agent.review.keeping import add_account
from agent.review.service import Reviewer
from agent.store.accounts import AccountRole, AccountRow, AccountStore
from agent.store.database import Database
from agent.store.stamps import later

NOW = "2026-02-25T10:00:00Z"
SECRET = "a long night in Lisbon"
OPERATOR = Reviewer(name="operator", channel="script")
"""Somebody at the command line of the home."""


class HandClock:
    """A clock that stands still until it is moved, and tokens that count."""

    def __init__(self) -> None:
        self._now, self._tokens = NOW, count(1)

    def now(self) -> str:
        return self._now

    def token(self) -> str:
        return f"{next(self._tokens):08x}"

    def move(self, *, minutes: float) -> None:
        self._now = later(self._now, minutes)


class Office:
    """Accounts over one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.db = Database.of_home(folder)
        self.accounts = AccountStore(self.db, self.clock)

    def add(
        self,
        name: str,
        role: AccountRole = AccountRole.REVIEWER,
        *,
        password: str | None = SECRET,
        subject: str | None = None,
    ) -> AccountRow:
        return add_account(self.accounts, name, role, OPERATOR, password=password, subject=subject)

    def bytes_kept(self) -> bytes:
        """Everything in the files of the home, the write-ahead log among them."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())
