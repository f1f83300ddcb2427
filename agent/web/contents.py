"""Revisions under review, read once: a hash never has another content."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from agent.schemas.assessment import Assessment

KEPT = 32
"""Revisions that are kept parsed: those that reviewers have open. One takes about a megabyte."""


class Contents:
    """The revisions that were asked for last, shared by all that ask: nobody may change one."""

    def __init__(self, read: Callable[[str, str], Assessment]) -> None:
        self._read, self._lock = read, Lock()
        self._kept: OrderedDict[tuple[str, str], Assessment] = OrderedDict()

    def __call__(self, assessment: str, revision: str) -> Assessment:
        """The content of a revision of this assessment. Raises NotFound."""
        key = (assessment, revision)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = self._read(assessment, revision)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found
