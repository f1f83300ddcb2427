"""Errors as answers: a page for a browser, a document for a script, never a trace."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from agent.errors import AssessorError, ErrorKind, InvalidInput
from agent.web.guarding import API
from agent.web.pages import page
from agent.web.visitor import NotSignedIn

STATUS = {
    ErrorKind.INVALID_INPUT: 422,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.NOT_PUBLISHABLE: 409,
    ErrorKind.NEEDS_MODEL: 409,
}
"""Of every other kind 503: something has to be set up, freed or waited for."""
MAX_PROBLEMS = 50
MAX_MESSAGE = 2000
"""Characters of a message; it may repeat what was sent."""


def answer_failures(app: FastAPI) -> None:
    """Have every error that a user can meet answered."""

    @app.exception_handler(AssessorError)
    def failed(request: Request, error: AssessorError) -> Response:
        problems = list(error.problems) if isinstance(error, InvalidInput) else []
        return _answer(
            request, STATUS.get(error.kind, 503), error.kind.value, error.message, error.hint, problems[:MAX_PROBLEMS]
        )

    @app.exception_handler(NotSignedIn)
    def unknown(request: Request, error: NotSignedIn) -> Response:
        if request.url.path.startswith(API):
            answer = _answer(request, 401, "forbidden", "This takes a session or a token.", None, [])
            answer.headers["www-authenticate"] = "Bearer"
            return answer
        return RedirectResponse("/login", status_code=303)

    @app.exception_handler(RequestValidationError)
    def unfit(request: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        problems = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in found[:MAX_PROBLEMS]]
        if len(found) > MAX_PROBLEMS:
            problems.append(f"and {len(found) - MAX_PROBLEMS} more")
        return _answer(request, 422, "invalid_input", "The request does not fit.", None, problems)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        kind = "not_found" if error.status_code == 404 else "invalid_input"
        answer = _answer(request, error.status_code, kind, str(error.detail), None, [])
        answer.headers.update(error.headers or {})
        return answer


def _answer(request: Request, status: int, kind: str, message: str, hint: str | None, problems: list[str]) -> Response:
    message, problems = _said(message), [_said(problem) for problem in problems]
    asks_for_data = request.url.path.startswith(API) or "application/json" in request.headers.get("accept", "")
    if asks_for_data:
        error = {"kind": kind, "message": message, "hint": hint, "problems": problems}
        return JSONResponse({"ok": False, "error": error}, status_code=status)
    return page(
        request,
        "failure.html.j2",
        status=status,
        message=message,
        hint=hint,
        problems=problems,
        conflict=kind == ErrorKind.CONFLICT.value,
        here=_review_of(request),
    )


def _review_of(request: Request) -> str | None:
    """The page of the review that a request acted on."""
    parts = request.url.path.split("/")
    acted = request.method == "POST" and len(parts) == 4 and parts[1] in ("review", "queue")
    return f"/review/{quote(parts[2], safe='')}" if acted else None


def _said(text: str) -> str:
    """Words that can hold what was sent: cut, and without halves of a surrogate pair, which no encoding has."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= MAX_MESSAGE else f"{whole[:MAX_MESSAGE]}…"
