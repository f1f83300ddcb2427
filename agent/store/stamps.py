"""The clock and the source of ids, as a port: injected, so that a run can be repeated byte for byte."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Stamps(Protocol):
    """What makes two runs differ."""

    def now(self) -> str:
        """The time, ISO 8601 UTC with seconds: `2026-02-25T10:00:00Z`."""
        ...

    def token(self) -> str:
        """Eight lower-case hex digits that no other call returns."""
        ...


class SystemStamps:
    """The machine's clock and random ids."""

    def now(self) -> str:
        """The present second in UTC."""
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def token(self) -> str:
        """Random."""
        return secrets.token_hex(4)


def later(at: str, minutes: float) -> str:
    """The time `minutes` after `at`, in the same form."""
    return (datetime.fromisoformat(at) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
