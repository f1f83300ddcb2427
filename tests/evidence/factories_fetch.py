"""Servers on this machine, and a network in which names and addresses are made up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agent.evidence.fetch import Fetched, NotFetched, Surroundings, fetch

PUBLIC = "93.184.216.34"
HTML = b"<html><body><p>Postings rose.</p></body></html>"
NOW = datetime(2025, 11, 20, 13, 30, tzinfo=UTC)
DAY = "2025-11-20"

Page = Callable[[BaseHTTPRequestHandler], None]


def page(content: bytes = HTML, *, status: int = 200, **headers: str) -> Page:
    """An answer with these headers (`content_type` for Content-Type); `text/html` unless said otherwise."""
    named = {"Content-Type": "text/html", "Content-Length": str(len(content))}
    named |= {name.replace("_", "-").title(): value for name, value in headers.items()}

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in named.items():
            if value:
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def redirect(place: str, status: int = 302) -> Page:
    return page(b"", status=status, location=place)


def robots(text: str) -> Page:
    return page(text.encode(), content_type="text/plain")


@dataclass
class Site:
    """A server on 127.0.0.1 and what it was asked."""

    port: int
    asked: list[str] = field(default_factory=list)
    """Paths, robots.txt left out."""
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of each request, names in lower case."""
    robots_asked: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    """Set when the test is done: what is slow on purpose ends."""

    def at(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def a_site(pages: Mapping[str, Page] | None = None) -> Iterator[Site]:
    """Serves `pages` by path (an HTML page at `/` unless given), else 404; no robots.txt unless given."""
    known = {"/": page()} | dict(pages or {})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/robots.txt":
                site.robots_asked += 1
            else:
                site.asked.append(self.path)
            site.headers.append({name.lower(): value for name, value in self.headers.items()})
            answer = known.get(self.path.partition("?")[0], page(b"", status=404))
            try:
                answer(self)
            except OSError:
                # The client has had enough and left.
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_address[1])
    server.site = site  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte every 50 ms for as long as anybody listens, without an end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    _send_slowly(handler)


def drip_in_the_head(handler: BaseHTTPRequestHandler) -> None:
    """The same within a header that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _send_slowly(handler)


def silence(handler: BaseHTTPRequestHandler) -> None:
    """No answer at all until the test is over."""
    handler.server.site.over.wait(5)  # type: ignore[attr-defined]


def _send_slowly(handler: BaseHTTPRequestHandler) -> None:
    over: threading.Event = handler.server.site.over  # type: ignore[attr-defined]
    for _ in range(100):
        if over.wait(0.05):
            return
        handler.wfile.write(b"a")
        handler.wfile.flush()


@dataclass
class MadeUpNetwork:
    """Names that resolve as told and addresses that all lead to one server, whatever they are."""

    names: dict[str, list[list[str]]]
    """By name, the answer to the first look-up, the second and so on; the last one stays."""
    port: int
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    time_s: float | None = None
    """What the clock shows; None for the real one. Sleeping moves it on."""

    def resolve(self, host: str, port: int) -> list[str]:
        answers = self.names.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answer = answers[min(self.looked_up.count(host), len(answers) - 1)]
        self.looked_up.append(host)
        return answer

    def connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.time_s is not None:
            self.time_s += seconds

    def clock(self) -> float:
        assert self.time_s is not None
        return self.time_s

    def surroundings(self, **changes: Any) -> Surroundings:
        parts: dict[str, Any] = {"resolve": self.resolve, "connect": self.connect, "sleep": self.sleep}
        if self.time_s is not None:
            parts["clock"] = self.clock
        return Surroundings(**parts | {"now": lambda: NOW} | changes)


def a_network(port: int, *, time_s: float | None = None, **names: str | list[list[str]]) -> MadeUpNetwork:
    """`a_network(port, good=PUBLIC)` knows `good.example`."""
    told = {f"{name}.example": [[found]] if isinstance(found, str) else found for name, found in names.items()}
    return MadeUpNetwork(told, port, time_s=time_s)


def a_fetched(url: str, **changes: object) -> Fetched:
    values: dict[str, object] = {
        "url": url,
        "final_url": url,
        "content": HTML,
        "content_type": "text/html",
        "charset": None,
        "retrieved": DAY,
    }
    return Fetched(**values | changes)  # type: ignore[arg-type]


def one(url: str, **options: Any) -> Fetched | NotFetched:
    """The outcome of one address; on this machine's servers, and at once, unless told otherwise."""
    options = {"allow_private": True, "timeout_s": 5.0, "outside": Surroundings(now=lambda: NOW)} | options
    (outcome,) = fetch([url], **options)
    return outcome


def reason(url: str, **options: Any) -> str:
    """Why one address gives nothing."""
    outcome = one(url, **options)
    assert isinstance(outcome, NotFetched), outcome
    return outcome.reason
