"""One GET after another: addresses checked, redirects followed by hand, time and size limited."""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import cast

from agent.evidence.addresses import Limit, Network, Unreachable
from agent.schemas.text import one_line

MAX_ADDRESS = 2_000
"""Longest address, in characters."""
MAX_MEMBERS = 1_000
"""Most gzip streams in one answer."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_ACCEPT = "text/html,application/xhtml+xml,text/markdown,application/pdf;q=0.9,*/*;q=0.5"
_LENGTH = re.compile(r"[0-9]{1,18}")


class Unfetchable(Exception):
    """The address gave nothing that can be used; the message is the reason, as half a sentence."""


@dataclass(frozen=True)
class Answer:
    """The head of an answer that is no redirect; `body` reads the rest."""

    address: str
    """Where the last redirect led, without fragment."""
    status: int
    headers: Mapping[str, str]
    """By name, in whatever case."""
    chunks: Iterator[bytes]
    """The body as it was sent, packed if the server packed it."""


def web_address(text: str, base: str | None = None) -> str:
    """A checked http or https address, in normal form and without fragment; a relative one is taken from `base`.

    Raises Unfetchable.
    """
    import httpx

    try:
        url = httpx.URL(text.strip()) if base is None else httpx.URL(base).join(text.strip())
        address = str(url.copy_with(fragment=None))
        host, scheme, port, credentials = url.host, url.scheme, url.port, url.userinfo
    except (httpx.InvalidURL, ValueError) as error:
        raise Unfetchable("it is no valid web address") from error
    if scheme not in ("http", "https"):
        raise Unfetchable(f"it is no http or https address but {shown(scheme)}" if scheme else "it is no web address")
    if not host:
        raise Unfetchable("it names no host")
    if port is not None and not 0 < port < 65_536:
        raise Unfetchable(f"it names port {port}, which does not exist")
    if credentials or "@" in url.netloc.decode("ascii", "replace"):
        raise Unfetchable("it holds a user name or password")
    if len(address) > MAX_ADDRESS:
        raise Unfetchable(f"its address is longer than {MAX_ADDRESS:,} characters")
    return address


def shown(text: str) -> str:
    """A server's words, fit for a reason: one short line."""
    line = one_line(text)
    return line if len(line) <= 60 else line[:60] + "…"


class WebClient:
    """Keeps no cookies and no connections, reads no environment (proxies, netrc, certificates), verifies TLS."""

    def __init__(self, network: Network, *, user_agent: str, max_redirects: int, tls: ssl.SSLContext | None) -> None:
        import httpcore
        import httpx

        self._network = network
        self._max_redirects = max_redirects
        pool = httpcore.ConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(trust_env=False),
            max_keepalive_connections=0,
            # A backend in all but its base class, which would have to be imported with the module.
            network_backend=cast(httpcore.NetworkBackend, network),
        )

        # httpx's own transport takes no network backend.
        class OverNetwork(httpx.BaseTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                url = httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                )
                answer = pool.handle_request(httpcore.Request(request.method, url, headers=request.headers.raw))
                return httpx.Response(
                    answer.status,
                    headers=answer.headers,
                    stream=_Body(answer.iter_stream(), answer.close),
                    extensions=answer.extensions,
                )

            def close(self) -> None:
                pool.close()

        class _Body(httpx.SyncByteStream):
            def __init__(self, chunks: Iterator[bytes], close: Callable[[], None]) -> None:
                self._chunks = chunks
                self._close = close

            def __iter__(self) -> Iterator[bytes]:
                yield from self._chunks

            def close(self) -> None:
                self._close()

        self._client = httpx.Client(
            transport=OverNetwork(),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "User-Agent": user_agent,
                "Accept": _ACCEPT,
                "Accept-Encoding": "gzip",
                "Connection": "close",
            },
        )

    def close(self) -> None:
        """Lets go of everything."""
        self._client.close()

    @contextmanager
    def get(self, address: str, limit: Limit, before: Callable[[str], None] | None = None) -> Iterator[Answer]:
        """The answer at the end of the redirects, to be read inside the `with`.

        `before` is called with each address that is about to be asked, outside of the limit; it may raise Unfetchable
        or Unreachable. Raises Unfetchable for everything that goes wrong, also while the answer is read, except
        Unreachable for a host that no connection is made to.
        """
        for _ in range(self._max_redirects + 1):
            if before is not None:
                limit.outside(partial(before, address))
            with self._ask(address, limit) as answer:
                if answer.status not in REDIRECTS:
                    yield answer
                    return
                if "location" not in answer.headers:
                    raise Unfetchable(f"it redirects without saying where to (status {answer.status})")
                place = answer.headers["location"]
            address = self._next(address, place)
        raise Unfetchable(f"it redirects more than {self._max_redirects} times")

    def _next(self, address: str, place: str) -> str:
        try:
            return web_address(place, base=address)
        except Unfetchable as error:
            raise Unfetchable(f"it redirects to an address that is not fetched: {error}") from error

    @contextmanager
    def _ask(self, address: str, limit: Limit) -> Iterator[Answer]:
        import httpcore
        import httpx

        self._network.limit = limit
        try:
            with self._client.stream("GET", address) as answer:
                yield Answer(address, answer.status_code, answer.headers, answer.iter_raw())
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise Unfetchable(f"it was not all there within {limit.seconds:g} s") from error
        except ssl.SSLCertVerificationError as error:
            raise Unreachable(f"its host's certificate is not accepted ({shown(error.verify_message)})") from error
        except ssl.SSLError as error:
            raise Unfetchable("no secure connection to its host came about, or it broke off") from error
        except OSError as error:
            raise Unfetchable(f"its connection broke off ({error.strerror or type(error).__name__})") from error
        except (httpcore.ProtocolError, httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise Unfetchable("its answer broke off or is no valid HTTP") from error


def body(answer: Answer, max_bytes: int, *, cut: bool = False) -> Iterator[bytes]:
    """The unpacked body piece by piece, none of them empty; `cut` ends it at `max_bytes` instead of refusing it.

    Never holds more than `max_bytes` and one byte, however well it is packed. Raises Unfetchable.
    """
    too_large = Unfetchable(f"it is larger than {size_of(max_bytes)}")
    length = answer.headers.get("content-length", "")
    if not cut and _LENGTH.fullmatch(length) and int(length) > max_bytes:
        raise too_large
    unpacker = _unpacker(answer.headers.get("content-encoding", ""))
    received = given = 0
    for chunk in answer.chunks:
        received += len(chunk)
        piece = unpacker.unpack(chunk, max_bytes - given)
        over = max(received, given + len(piece)) > max_bytes
        if over and not cut:
            raise too_large
        piece = piece[: max_bytes - given]
        given += len(piece)
        if piece:
            yield piece
        if over:
            return
    if not unpacker.complete:
        raise Unfetchable("its answer broke off")


def size_of(count: int) -> str:
    """A number of bytes in words: `20 MB`, `1.5 kB`, `300 bytes`."""
    if count < 1_000:
        return f"{count} bytes"
    return f"{count / 1_000:.4g} kB" if count < 1_000_000 else f"{count / 1_000_000:.4g} MB"


class _Plain:
    complete = True

    def unpack(self, data: bytes, room: int) -> bytes:
        return data


class _Gzip:
    """Unpacks at most `room` and one byte a time; whoever gets the one byte more does not ask again."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._members = 1
        self._started = False

    @property
    def complete(self) -> bool:
        return self._member.eof or not self._started

    def unpack(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        self._started = self._started or bool(data)
        while data and len(out) <= room:
            if self._member.eof:
                # Zeros after the end are padding.
                if not data.startswith(b"\x1f"):
                    break
                self._next_member()
            try:
                out += self._member.decompress(data, room - len(out) + 1)
            except zlib.error as error:
                raise Unfetchable("its answer cannot be unpacked") from error
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return bytes(out)

    def _next_member(self) -> None:
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise Unfetchable(f"its answer is packed in more than {MAX_MEMBERS:,} pieces")
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)


def _unpacker(encoding: str) -> _Plain | _Gzip:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _Plain()
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    raise Unfetchable(f"it is packed as {shown(name)}, which was not asked for")
