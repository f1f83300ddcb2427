"""Which version runs."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _version

NOT_INSTALLED = "not installed"


def version_of(distribution: str) -> str:
    """The installed version of a distribution, or NOT_INSTALLED: the checkout also runs without being installed."""
    try:
        return _version(distribution)
    except PackageNotFoundError:
        return NOT_INSTALLED
