"""What went wrong with one HTTP attempt, whether another could help, and how long to wait before it."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

TRANSIENT = frozenset({408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})


@dataclass(frozen=True)
class Fault:
    """One failed attempt."""

    reason: str
    """One line, safe to print."""
    transient: bool
    status: int | None = None
    """HTTP status; `None` when no answer came."""
    body: str = ""
    """What the server said, for deciding on a dialect; not for printing."""
    retry_after_s: float | None = None
    """What the server asked to wait."""
    hint: str | None = None


@dataclass(frozen=True)
class RetryPolicy:
    """Bounded attempts with exponential backoff and jitter."""

    retries: int = 3
    """Further attempts after the first."""
    first_wait_s: float = 1.0
    longest_wait_s: float = 30.0
    """Bounds every wait, also one that a server asks for."""

    def wait_s(self, retry: int, fault: Fault, jitter: float) -> float:
        """Seconds before retry number `retry` (from 0); `jitter` is in 0..1.

        The server's own Retry-After, or a doubling wait of which jitter takes away up to half.
        """
        if fault.retry_after_s is not None:
            return min(fault.retry_after_s, self.longest_wait_s)
        return min(self.first_wait_s * 2.0**retry, self.longest_wait_s) * (1 - jitter / 2)


def is_transient(status: int) -> bool:
    """Whether the same request may succeed later."""
    return status in TRANSIENT


def retry_after_s(value: str | None, now_s: float) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as an HTTP date (RFC 9110, 10.2.3).

    `now_s` is the current Unix time. `None` if the header is absent or cannot be read.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - now_s
        except ValueError:
            return None
    return max(0.0, seconds) if seconds < float("inf") else None
