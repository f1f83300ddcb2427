"""How a run tells what it does."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, str], None]
"""Called with a node's name and what it does now; from several threads."""


def silent(step: str, detail: str) -> None:
    """No progress."""
