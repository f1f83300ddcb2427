"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from agent.errors import Forbidden, NotFound
from agent.review.oidc import OpenIdSignIn
from agent.web.desk import Desk, desk_of
from agent.web.pages import page
from agent.web.visitor import COOKIE, NotSignedIn

router = APIRouter(include_in_schema=False)
BACK = "/login/elsewhere/back"
"""Where an issuer sends the browser: what is registered there as the client's redirect address."""
BEGUN = "assess_role_signing_in"
"""The cookie of a browser that signs in elsewhere."""


@router.get("/login")
def form(request: Request, key: str = "") -> Response:
    """The form; with the key that the server printed, and no accounts, the cookie at once."""
    door = desk_of(request).door
    if not door.has_accounts and key and door.local.opens(key):
        return _welcome(request, door.local.cookie)
    return _form(request)


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
        return _form(request, failed=error.message, name=name)
    return _welcome(request, secret)


@router.get("/login/elsewhere")
def go_elsewhere(request: Request) -> Response:
    """To the issuer of OpenID Connect, where one is configured; a link, since forms may not lead elsewhere."""
    desk = desk_of(request)
    begun = _issuer(desk).begin(_back(request))
    answer = RedirectResponse(begun.address, status_code=303)
    # It comes back from another site, so that a strict cookie would not be sent with it.
    answer.set_cookie(
        BEGUN, begun.browser, path=BACK, httponly=True, samesite="lax", secure=_secure(request), max_age=600
    )
    return answer


@router.get(BACK)
def come_back(
    request: Request,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str | None, Query(max_length=500)] = None,
    error: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The issuer's answer: a session for the account that was linked beforehand, or the form again."""
    from agent.review.accounts import OIDC, open_session
    from agent.review.oidc import linked_account

    desk = desk_of(request)
    try:
        subject = _issuer(desk).finish(
            state=state, code=code, browser=request.cookies.get(BEGUN, ""), issuer=iss, error=error
        )
        account = linked_account(desk.door.accounts, subject)
        secret, _ = open_session(desk.door.accounts, desk.engine.stores.stamps, account, OIDC)
    except Forbidden as refused:
        return _form(request, failed=refused.message)
    # A page and no redirect: with one that another site began, a browser sends no strict cookie.
    answer = page(request, "signed_in.html.j2")
    answer.delete_cookie(BEGUN, path=BACK)
    return _with_session(request, answer, secret)


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


def _form(request: Request, *, failed: str | None = None, name: str = "") -> Response:
    desk = desk_of(request)
    return page(
        request,
        "login.html.j2",
        status=200 if failed is None else 403,
        accounts=desk.door.has_accounts,
        elsewhere=desk.issuer is not None,
        failed=failed,
        name=name,
    )


def _issuer(desk: Desk) -> OpenIdSignIn:
    if desk.issuer is None:
        raise NotFound("Nobody signs in elsewhere here.")
    return desk.issuer


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _back(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers['host']}{BACK}"


def _welcome(request: Request, secret: str) -> Response:
    return _with_session(request, RedirectResponse("/", status_code=303), secret)


def _with_session(request: Request, answer: Response, secret: str) -> Response:
    answer.set_cookie(COOKIE, secret, path="/", httponly=True, samesite="strict", secure=_secure(request))
    return answer
