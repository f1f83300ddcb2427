"""Articles from the web: addresses in, bytes with their type out.

How it behaves towards a site: it says who it is (`assess-role/VERSION (+corpus add)`), asks for one page at a time and
for nothing it was not told to, obeys robots.txt for `assess-role`, pauses between two requests to one host as long as
`Crawl-delay` or `Request-rate` ask for (10 s at most), and leaves a host alone that answers 429 or Retry-After. It
sends no cookies, no referrer and no machine headers, and keeps none.

How it protects the user: http and https only, on any port; no user names in addresses; no connection to a private,
loopback, link-local or otherwise special address unless allowed, judged on the address that is connected to, for every
redirect anew (addresses.py); TLS verified against the bundled list of authorities; time and size limited. Nothing is
taken from the environment, so a machine that reaches the web through a proxy only cannot fetch: save the page and add
the file.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version

from agent.evidence.addresses import Connect, Limit, Network, Resolve, Unreachable, look_up, open_socket
from agent.evidence.robots import Manners
from agent.evidence.web_client import Answer, Unfetchable, WebClient, body, shown, web_address

PRODUCT = "assess-role"
"""The name that robots.txt is searched for."""

READ = frozenset(
    {
        *("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown"),
        *("application/pdf", "application/x-pdf", "application/epub+zip", "message/rfc822"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        *("application/json", "application/jsonl", "application/jsonlines", "application/x-jsonlines"),
        *("application/ndjson", "application/x-ndjson", "text/csv", "application/csv"),
        *("application/warc", "application/x-warc"),
    }
)
"""Content types that are taken at their word; a reader checks the content."""
UNSURE = frozenset(
    {
        *("", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/download"),
        *("application/force-download", "application/zip", "application/x-zip-compressed", "application/gzip"),
        "application/x-gzip",
    }
)
"""Content types that say too little; the first bytes decide."""
_MAGIC = (
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"PK\x03\x04"), "application/zip"),
    (re.compile(rb"WARC/[01]\."), "application/warc"),
    (re.compile(rb"\x1f\x8b\x08"), "application/gzip"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s{0,64}<(?:!doctype\s+html|html)\b", re.IGNORECASE), "text/html"),
)
_HEAD = 256
"""Bytes that decide about a type."""

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9][A-Za-z0-9_.:-]{0,39})", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,9}")
_CREDENTIALS = re.compile(r"^(\s*[A-Za-z][A-Za-z0-9+.-]*:[/\\]*)[^/\\?#]*@")


@dataclass(frozen=True)
class Fetched:
    """What stood at an address."""

    url: str
    """As it was asked for."""
    final_url: str
    """Where the redirects led, in normal form and without fragment."""
    content: bytes
    """Unpacked, not empty."""
    content_type: str
    """In lower case, without parameters: `text/html`. Told from the first bytes when the server said too little."""
    charset: str | None
    """As the server said it, in lower case; None when it did not. Not checked."""
    retrieved: str
    """`YYYY-MM-DD`, UTC."""


@dataclass(frozen=True)
class NotFetched:
    """An address that gave nothing."""

    url: str
    """As it was asked for, without user name and password."""
    reason: str
    """Half a sentence for the user: "its site's robots.txt does not allow it"."""


@dataclass(frozen=True)
class Surroundings:
    """What lies outside of this program."""

    resolve: Resolve = look_up
    connect: Connect = open_socket
    clock: Callable[[], float] = time.monotonic
    """Seconds from any start, never going back."""
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    tls: ssl.SSLContext | None = None
    """How servers are verified; None for httpx's bundled list of authorities."""


def own_user_agent() -> str:
    """`assess-role/VERSION (+corpus add)`, without version in a checkout that is not installed."""
    try:
        return f"{PRODUCT}/{version(PRODUCT)} (+corpus add)"
    except PackageNotFoundError:
        return f"{PRODUCT} (+corpus add)"


def fetch(
    urls: Iterable[str],
    *,
    allow_private: bool = False,
    timeout_s: float = 20.0,
    max_bytes: int = 20_000_000,
    max_redirects: int = 5,
    user_agent: str | None = None,
    outside: Surroundings | None = None,
) -> Iterator[Fetched | NotFetched]:
    """One outcome for each address, in order, each when it is there; nothing raises.

    `timeout_s` holds for one address with all its redirects, from the look-up of its name to the last byte, whatever
    the server does; robots.txt (once an origin) has as much of its own, and pauses do not count. `max_bytes` holds for
    what is sent and for what it unpacks to. `user_agent` of None is `own_user_agent()`; its first word, up to `/`, is
    what robots.txt is searched for. `allow_private` lifts the rules about addresses, also for redirects, but not for
    those at which a cloud hands out credentials.
    """
    outside = outside or Surroundings()
    agent = user_agent or own_user_agent()
    network = Network(allow_private, outside.resolve, outside.connect, Limit(timeout_s, outside.clock))
    web = WebClient(network, user_agent=agent, max_redirects=max_redirects, tls=outside.tls)
    manners = Manners(
        web,
        product=re.split(r"[/\s]", agent, maxsplit=1)[0],
        timeout_s=timeout_s,
        clock=outside.clock,
        sleep=outside.sleep,
    )
    try:
        for url in urls:
            try:
                yield _fetched(url, web, manners, outside, timeout_s=timeout_s, max_bytes=max_bytes)
            except (Unfetchable, Unreachable) as error:
                yield NotFetched(_CREDENTIALS.sub(r"\1", url), str(error))
    finally:
        web.close()


def _fetched(
    url: str, web: WebClient, manners: Manners, outside: Surroundings, *, timeout_s: float, max_bytes: int
) -> Fetched:
    with web.get(web_address(url), Limit(timeout_s, outside.clock), manners.admit) as answer:
        if answer.status != HTTPStatus.OK:
            raise Unfetchable(_refusal(answer, manners, outside.now()))
        kind, charset = _declared(answer.headers.get("content-type", ""))
        if kind not in READ and kind not in UNSURE:
            raise Unfetchable(f"it is of type {shown(kind)}, which is not read")
        content = bytearray()
        for piece in body(answer, max_bytes):
            content += piece
            if kind in UNSURE and len(content) >= _HEAD:
                kind = _told_by(bytes(content[:_HEAD]), kind)
        if not content:
            raise Unfetchable("its answer is empty")
        if kind in UNSURE:
            kind = _told_by(bytes(content[:_HEAD]), kind)
        return Fetched(url, answer.address, bytes(content), kind, charset, _day(outside.now()))


def _day(now: datetime) -> str:
    return date.isoformat(now.astimezone(UTC).date())


def _declared(content_type: str) -> tuple[str, str | None]:
    """Type and charset of a Content-Type header; the first of several."""
    charset = _CHARSET.search(content_type)
    kind = re.split("[;,]", content_type, maxsplit=1)[0].strip().lower()
    return kind, charset.group(1).lower() if charset else None


def _told_by(head: bytes, kind: str) -> str:
    for magic, told in _MAGIC:
        if magic.match(head):
            return told
    named = f"of type {kind}" if kind else "without a type"
    raise Unfetchable(f"it is {named}, and its first bytes are of no kind that is read")


def _refusal(answer: Answer, manners: Manners, now: datetime) -> str:
    """Why an answer that is no 200 gave nothing; a host that asks for it is left alone from now on."""
    wait = answer.headers.get("retry-after", "")
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or (answer.status >= 500 and wait):
        seconds = _wait_s(wait, now)
        manners.leave_alone(answer.address, seconds)
        how_long = "later" if seconds is None else f"in {seconds:.0f} s"
        return f"its host asks to come back {how_long} (status {answer.status})"
    try:
        phrase = f" ({HTTPStatus(answer.status).phrase})"
    except ValueError:
        phrase = ""
    return f"it was answered with status {answer.status}{phrase}"


def _wait_s(wait: str, now: datetime) -> float | None:
    """Seconds of a Retry-After header, which holds seconds or a date; None for anything else."""
    if _SECONDS.fullmatch(wait.strip()):
        return float(wait)
    try:
        until = parsedate_to_datetime(wait)
        # A date without zone is UTC.
        return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None
