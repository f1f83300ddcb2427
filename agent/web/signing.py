"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from agent.errors import Forbidden
from agent.web.desk import desk_of
from agent.web.pages import page
from agent.web.visitor import COOKIE, NotSignedIn

router = APIRouter(include_in_schema=False)


@router.get("/login")
def form(request: Request, key: str = "") -> Response:
    """The form; with the key that the server printed, and no accounts, the cookie at once."""
    door = desk_of(request).door
    if not door.has_accounts and key and door.local.opens(key):
        return _welcome(request, door.local.cookie)
    return page(request, "login.html.j2", accounts=door.has_accounts, failed=None, name="")


@router.post("/login")
def sign_in(request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()]) -> Response:
    """A new session, or the form again."""
    from agent.review import accounts

    desk = desk_of(request)
    address = request.client.host if request.client else ""
    try:
        secret, _ = accounts.sign_in(
            desk.door.accounts, desk.engine.stores.stamps, name=name, password=password, address=address
        )
    except Forbidden as error:
        return page(request, "login.html.j2", status=403, accounts=True, failed=error.message, name=name)
    return _welcome(request, secret)


@router.post("/logout")
def sign_out(request: Request, csrf: Annotated[str, Form()] = "") -> Response:
    """End the session."""
    desk = desk_of(request)
    try:
        visitor = desk.visitor(request)
    except NotSignedIn:
        return RedirectResponse("/login", status_code=303)
    visitor.check_form(csrf)
    if visitor.digest:
        desk.door.accounts.end_session(visitor.digest)
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _welcome(request: Request, secret: str) -> Response:
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(COOKIE, secret, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return answer
