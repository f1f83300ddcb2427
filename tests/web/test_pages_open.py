"""The application opens: for whoever has the key or a token, and for nobody else."""

from __future__ import annotations

from factories_web import Stock, Web

from agent.review.identity import Scope


def test_the_queue_opens_with_the_key_that_the_server_printed_and_not_without(web: Web, stock: Stock) -> None:
    assert web.visitor().get("/").headers["location"] == "/login"
    page = web.browser().get("/")
    assert page.status_code == 200
    assert all(assessment in page.text for assessment in (stock.inputs, stock.other, stock.publication))


def test_a_wrong_key_opens_nothing(web: Web) -> None:
    visitor = web.visitor()
    answer = visitor.get("/login", params={"key": f"{web.key.secret}x"})
    assert (answer.status_code, answer.headers.get("set-cookie")) == (200, None)
    assert visitor.get("/").status_code == 303


def test_a_token_is_good_for_its_scopes_only(web: Web, stock: Stock) -> None:
    reader = web.script("Ben", Scope.READ)
    assert reader.get("/").status_code == 200
    refused = reader.post(f"/queue/{stock.inputs}/claim")
    assert (refused.status_code, web.desk.waiting(stock.inputs).claimed_by) == (403, None)


def test_the_key_opens_nothing_once_somebody_has_an_account(web: Web) -> None:
    browser = web.browser()
    web.account("Ben")
    assert (browser.get("/").status_code, browser.get("/login", params={"key": web.key.secret}).status_code) == (
        303,
        200,
    )
