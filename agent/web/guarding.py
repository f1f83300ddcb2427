"""What holds for every request and answer: size, host, headers, errors without traces."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

LOG = logging.getLogger("assess-role")
MAX_BODY = 2_000_000
"""Bytes of a request's body: an edited assessment has some 200,000."""
API = "/api/"
"""Below it every answer is a document."""
TOO_LARGE = "The request is too large."
FAULT = "This should not have happened. The server's log says more."
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)
FRAMED = CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
HEADERS = {
    "x-content-type-options": "nosniff",
    # Not `no-referrer`: with it a browser sends a form with the origin `null`, as a foreign page would.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: App, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts
        """Names that the server is asked for by; another one is a page elsewhere that reaches for it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen, begun = 0, False

        async def bounded() -> MutableMapping[str, Any]:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > MAX_BODY:
                raise _TooLarge
            return message

        async def headed(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                present = {name.decode().lower() for name, _ in message["headers"]}
                more = {"content-security-policy": CSP, "x-frame-options": "DENY", **HEADERS}
                if "content-security-policy" in present:
                    more.pop("x-frame-options")
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), value.encode()) for name, value in more.items() if name not in present),
                ]
            await send(message)

        refused = self._refused(scope, Headers(scope=scope))
        if refused is not None:
            await refused(scope, receive, headed)
            return
        try:
            await self._app(scope, bounded, headed)
        except Exception:
            LOG.exception("%s %s failed", scope["method"], scope["path"])
            if begun:
                raise
            await _said(scope, FAULT, 500)(scope, receive, headed)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if host not in self._hosts:
            return _said(scope, "The server is not known by this name.", 421)
        if not headers.get("content-length", "0").isdecimal() or int(headers.get("content-length", "0")) > MAX_BODY:
            return _said(scope, TOO_LARGE, 413)
        origin = headers.get("origin")
        if scope["method"] not in ("GET", "HEAD") and origin is not None and urlsplit(origin).netloc != host:
            return _said(scope, "The request comes from another site.", 403)
        return None


class _TooLarge(HTTPException):
    """More bytes came than are read. Of this kind, so that whoever reads a body passes it on."""

    def __init__(self) -> None:
        super().__init__(413, TOO_LARGE)


def _said(scope: Scope, text: str, status: int) -> Response:
    if scope["path"].startswith(API):
        kind = "forbidden" if status in (403, 421) else "fault" if status == 500 else "invalid_input"
        error: dict[str, object] = {"kind": kind, "message": text, "hint": None, "problems": []}
        return JSONResponse({"ok": False, "error": error}, status_code=status)
    return PlainTextResponse(f"{text}\n", status_code=status)
