"""Signing in at an issuer: the browser goes there and comes back, and an account that was linked gets a session."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from factories_web import Web
from fastapi.testclient import TestClient

from agent.errors import Forbidden
from agent.review.oidc import Begun, OpenIdSignIn
from agent.store.accounts import AccountRole
from agent.web.visitor import COOKIE

SUBJECT = "https://login.example|248289761001"


class AnsweringIssuer(OpenIdSignIn):
    """An issuer of which only the way of the browser is real; tests/review/test_oidc.py has the rest."""

    def __init__(self, subject: str) -> None:
        self._who = subject
        self.redirects: list[str] = []

    def begin(self, redirect: str) -> Begun:
        self.redirects.append(redirect)
        return Begun(address=f"https://login.example/authorize?redirect_uri={redirect}", browser="of this browser")

    def finish(
        self, *, state: str, code: str, browser: str, issuer: str | None = None, error: str | None = None
    ) -> str:
        if (state, code, browser, error) != ("the state", "the code", "of this browser", None):
            raise Forbidden("This sign-in was begun in another browser.")
        return self._who


def went(web: Web, issuer: AnsweringIssuer) -> TestClient:
    """A browser that was sent to the issuer."""
    web.app.state.desk = replace(web.app.state.desk, issuer=issuer)
    browser = web.visitor()
    answer = browser.get("/login/elsewhere")
    assert answer.status_code == 303
    assert urlsplit(answer.headers["location"]).netloc == "login.example"
    assert parse_qs(urlsplit(answer.headers["location"]).query)["redirect_uri"] == issuer.redirects
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    return browser


def test_who_was_linked_comes_back_with_a_session_of_their_own(web: Web) -> None:
    web.desk.stores.accounts.add(
        "Ada", AccountRole.REVIEWER, password=None, subject=SUBJECT, by="operator", auth="script"
    )
    browser = went(web, AnsweringIssuer(SUBJECT))
    answer = browser.get("/login/elsewhere/back", params={"state": "the state", "code": "the code"})
    assert answer.status_code == 200
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    page = browser.get("/")
    assert page.status_code == 200
    assert "Ada" in page.text


@pytest.mark.parametrize(
    "answer",
    [
        {"state": "another", "code": "the code"},
        {"state": "the state", "code": ""},
        {"state": "the state", "code": "the code", "error": "access_denied"},
        {},
    ],
)
def test_an_answer_that_does_not_hold_gives_no_session(web: Web, answer: dict[str, str]) -> None:
    web.desk.stores.accounts.add(
        "Ada", AccountRole.REVIEWER, password=None, subject=SUBJECT, by="operator", auth="script"
    )
    browser = went(web, AnsweringIssuer(SUBJECT))
    found = browser.get("/login/elsewhere/back", params=answer)
    assert found.status_code == 403
    assert COOKIE not in browser.cookies
    assert browser.get("/").status_code == 303


def test_somebody_whom_no_admin_linked_is_no_reviewer(web: Web) -> None:
    web.account("Ada")
    browser = went(web, AnsweringIssuer("https://login.example|a stranger"))
    found = browser.get("/login/elsewhere/back", params={"state": "the state", "code": "the code"})
    assert found.status_code == 403
    assert COOKIE not in browser.cookies


def test_without_an_issuer_nobody_is_sent_anywhere(web: Web) -> None:
    web.account("Ada")
    assert web.visitor().get("/login/elsewhere").status_code == 404
    assert "elsewhere" not in web.visitor().get("/login").text
