"""What a site asks of programs that read it: robots.txt, pauses, and being left alone for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from agent.evidence.addresses import Limit, Unreachable
from agent.evidence.web_client import Answer, Unfetchable, WebClient, body

MAX_BYTES = 500 * 1024
"""What is read of a robots.txt (RFC 9309, section 2.5); the rest is not looked at."""
MAX_RULES = 1_000_000
"""Most user agents times other lines of a robots.txt. Reading takes as much memory in the worst case."""
MAX_PAUSE_S = 10.0
"""Longest pause between two requests to one host; a site that asks for a longer one gets this one."""
DEFAULT_BUSY_S = 60.0
"""How long a host is left alone that asked for it without saying how long."""


@dataclass(frozen=True)
class _Rules:
    allows: Callable[[str], bool]
    """Whether an address may be fetched."""
    pause_s: float = 0.0
    refusal: str | None = None
    """Why nothing of this origin may be fetched."""


class Manners:
    """Asked before each request for a page. Pages only: robots.txt itself is fetched once an origin and not paused."""

    def __init__(
        self,
        web: WebClient,
        *,
        product: str,
        timeout_s: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        """`product` is the name that robots.txt is searched for; `timeout_s` is for one robots.txt."""
        self._web = web
        self._product = product
        self._timeout_s = timeout_s
        self._clock = clock
        self._sleep = sleep
        self._rules: dict[str, _Rules] = {}
        self._asked: dict[str, float] = {}
        self._busy: dict[str, float] = {}

    def admit(self, address: str) -> None:
        """Waits as long as the site asks for. Raises Unfetchable when it does not want this address to be fetched."""
        host = _host(address)
        left = self._busy.get(host, 0.0) - self._clock()
        if host in self._busy and left > 0:
            raise Unfetchable(f"its host has just asked to be left alone for another {left:.0f} s")
        rules = self._rules_of(address)
        if rules.refusal is not None:
            raise Unfetchable(rules.refusal)
        if not rules.allows(address):
            raise Unfetchable("its site's robots.txt does not allow it")
        if host in self._asked:
            pause = rules.pause_s - (self._clock() - self._asked[host])
            if pause > 0:
                self._sleep(pause)
        self._asked[host] = self._clock()

    def leave_alone(self, address: str, seconds: float | None) -> None:
        """Nothing of this host is fetched for so long; None for a host that did not say how long."""
        self._busy[_host(address)] = self._clock() + (DEFAULT_BUSY_S if seconds is None else seconds)

    def _rules_of(self, address: str) -> _Rules:
        origin = _origin(address)
        if origin not in self._rules:
            self._rules[origin] = self._read(origin)
        return self._rules[origin]

    def _read(self, origin: str) -> _Rules:
        asked = [origin]
        try:
            with self._web.get(f"{origin}/robots.txt", Limit(self._timeout_s, self._clock), asked.append) as answer:
                return self._parsed(answer)
        except Unfetchable as error:
            return _refused(f"its site's robots.txt cannot be read: {error}")
        except Unreachable as error:
            # The page is on the same host, so this is said of the page, except where robots.txt led elsewhere.
            same = _origin(asked[-1]) == origin
            return _refused(str(error) if same else f"its site's robots.txt cannot be read: {error}")

    def _parsed(self, answer: Answer) -> _Rules:
        from protego import Protego

        if 400 <= answer.status < 500 and answer.status != 429:
            return _Rules(allows=lambda address: True)
        if not 200 <= answer.status < 300:
            raise Unfetchable(f"it was answered with status {answer.status}")
        text = b"".join(body(answer, MAX_BYTES, cut=True)).decode("utf-8-sig", "replace")
        lines = [line.strip().lower() for line in text.splitlines()]
        # Protego also takes "user agent" and "useragent", with and without a colon.
        if sum(line.startswith("user") for line in lines) * len(lines) > MAX_RULES:
            raise Unfetchable("it holds more rules than are looked at")
        parsed = Protego.parse(text)
        return _Rules(
            allows=lambda address: parsed.can_fetch(address, self._product),
            pause_s=_pause(parsed.crawl_delay(self._product), parsed.request_rate(self._product)),
        )


def _refused(reason: str) -> _Rules:
    return _Rules(allows=lambda address: False, refusal=reason)


def _pause(delay_s: float | None, rate: tuple[int, int, object, object] | None) -> float:
    """Seconds between two requests, from `Crawl-delay` and `Request-rate`, whichever is longer."""
    pause = min(delay_s or 0.0, MAX_PAUSE_S)
    if rate is not None:
        requests, seconds = rate[0], rate[1]
        # Compared as whole numbers: a site may write numbers that no float holds.
        pause = max(pause, MAX_PAUSE_S if seconds >= MAX_PAUSE_S * requests else seconds / requests)
    return pause


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
