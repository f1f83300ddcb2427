"""Attacks on the web application: what is sent, by whom, from where, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import quote

import pytest
from factories_web import ORIGIN, Stock, Web, open_web
from factories_workflow import REASON, copy_home, make_home, open_desk
from fastapi.routing import APIRoute, APIRouter
from fastapi.testclient import TestClient
from scripts_workflow import Document, WidgetScript

import agent.web as web_package
from agent.llm.port import Prompt
from agent.review.keeping import add_account
from agent.review.service import Reviewer
from agent.store.accounts import AccountRole
from agent.web.guarding import MAX_BODY
from agent.web.visitor import COOKIE

MARKUP = "<script>alert(1)</script>"
BREAKOUT = "\"'><img src=x onerror=alert(2)>"
PASSWORD = "a long night in Lisbon"
HOSTILE = (
    *(f"{MARKUP}{BREAKOUT}", "{{7*7}}${7*7}#{7*7}", "{% include '/etc/passwd' %}", "'; DROP TABLE reviews;--"),
    *("' OR '1'='1", "\x00", "../../etc/passwd", "a" * 5000, "-1e999", "99999999999999999999", "\r\nx-injected: 1"),
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
TRACES = ("Traceback", 'File "', "/agent/", "sqlalchemy", "site-packages")


def hostile_claims(path: tuple[str, ...]) -> object:
    """Has the first claim at a path say markup."""

    def change(document: Document, prompt: Prompt) -> Document:
        at: object = document
        for part in path:
            at = at[part]  # type: ignore[index]
        claim = at[0]  # type: ignore[index]
        claim["text"] = f"{claim['text']} {MARKUP} {BREAKOUT}"
        return document

    return change


def routes(web: Web) -> Iterator[tuple[str, str]]:
    """(method, path) of every call there is: the public ones of the description, and those of the modules' routers."""
    described = web.app.openapi()["paths"]
    yield from ((method.upper(), path) for path, found in described.items() for method in found)
    modules = [import_module(f"agent.web.{found.name}") for found in iter_modules(web_package.__path__)]
    for router in (found for module in modules if isinstance(found := getattr(module, "router", None), APIRouter)):
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield from ((method, route.path) for method in sorted(route.methods))


def test_the_routes_are_found(web: Web) -> None:
    found = set(routes(web))
    assert {("GET", "/"), ("POST", "/review/{assessment}/approve"), ("GET", "/published/{path:path}")} <= found
    assert ("POST", "/api/v1/assessments/{assessment}/decisions") in found


# stored XSS


@pytest.fixture(scope="session")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose articles and claims hold markup, with a review at either gate."""
    home = make_home(tmp_path_factory.mktemp("hostile") / "home", about=f"Widget engineers {MARKUP}")
    said = WidgetScript().but("evidence", hostile_claims(("wages", "claims")))  # type: ignore[arg-type]
    with open_desk(home, said) as desk:
        desk.start()
        desk.stores.assessments.create(
            "hostile-1", role=f"Nurse {MARKUP}{BREAKOUT}", seniority=BREAKOUT, request={}, graph_version="1"
        )
    return home


def test_markup_in_articles_quotes_claims_names_and_comments_is_text_on_every_page(
    hostile_home: Path, tmp_path: Path
) -> None:
    with open_web(copy_home(hostile_home, tmp_path / "home")) as web:
        [row] = web.desk.stores.reviews.waiting()
        comment = f"Look here: {MARKUP} {BREAKOUT} {{{{7*7}}}}"
        by = Reviewer(name=f"Eve {MARKUP}", channel="web")
        web.desk.stores.review.comment(row.assessment, row.revision, by, "evidence.wages.claims.0", comment)
        web.desk.stores.review.comment(row.assessment, row.revision, by, "evidence.wages", comment)
        web.desk.stores.review.claim(row.id, by)
        web.desk.stores.review.accept_part(row.assessment, row.revision, by, "evidence.wages", accepted=True)
        browser = web.browser()
        pages = [
            browser.get("/"),
            browser.get("/", params={"q": f"{MARKUP}{BREAKOUT}"}),
            browser.get(f"/review/{row.assessment}"),
            browser.get(f"/review/{row.assessment}/evidence", params={"path": "evidence.wages.claims.0"}),
            browser.get(f"/review/{row.assessment}/evidence", params={"path": BREAKOUT}),
            browser.get(f"/review/{row.assessment}/search", params={"q": "Widget engineers"}),
            browser.get(f"/review/{row.assessment}/page"),
            browser.get(f"/review/{BREAKOUT}"),
            browser.get(f"/published/{MARKUP}"),
            browser.get("/login", params={"key": BREAKOUT}),
            web.visitor().post("/login", data={"name": f"{MARKUP}{BREAKOUT}", "password": "x"}),
            browser.get("/api/v1/queue", params={"gate": f"{MARKUP}{BREAKOUT}"}),
        ]
        shown = "".join(page.text for page in pages[:6])
        assert "&lt;script&gt;alert(1)" in shown and "Eve &lt;script&gt;" in shown
        for page in pages:
            assert "<script>alert" not in page.text and "<img src=x" not in page.text, page.url
            assert page.headers["x-content-type-options"] == "nosniff"
            assert page.status_code < 500


# CSRF


def changing_forms(web: Web, stock: Stock) -> list[tuple[str, dict[str, str]]]:
    """Every form that changes something, filled in."""
    revision, here = web.revision(stock.inputs), f"/review/{stock.inputs}"
    about = {"revision": revision, "reason": REASON}
    return [
        (f"/queue/{stock.inputs}/claim", {}),
        (f"/queue/{stock.inputs}/release", {}),
        (f"/queue/{stock.inputs}/resume", {}),
        (f"{here}/approve", about),
        (f"{here}/send_back", about),
        (f"{here}/reject", about),
        (f"{here}/defer", about),
        (f"{here}/comment", {**about, "text": REASON, "place": ""}),
        (f"{here}/part", {**about, "path": "growth", "accepted": "yes"}),
        (f"{here}/resolve", {"comment": "c-1"}),
        (f"{here}/edit", {**about, "confirmed": "yes", "at:inputs.tasks.0.score": "4"}),
        (f"{here}/preview", {"at:inputs.tasks.0.score": "4"}),
        (f"{here}/renew", {}),
        ("/logout", {}),
    ]


def test_the_list_of_forms_is_complete(web: Web, stock: Stock) -> None:
    pages = {path for method, path in routes(web) if method == "POST" and not path.startswith("/api/")} - {"/login"}
    filled = {re.sub(rf"/{stock.inputs}/", "/{assessment}/", path) for path, _ in changing_forms(web, stock)}
    assert filled == pages


def test_a_form_without_the_secret_of_its_own_session_changes_nothing(web: Web, stock: Stock) -> None:
    browser, before = web.browser(), web.desk.events(stock.inputs)
    other = "x" * len(web.csrf(browser))
    for path, fields in changing_forms(web, stock):
        for csrf in ({}, {"csrf": ""}, {"csrf": other}, {"csrf": "ü"}):
            assert browser.post(path, data={**fields, **csrf}).status_code == 403, (path, csrf)
    assert (web.desk.events(stock.inputs), browser.get("/").status_code) == (before, 200)


def test_a_form_with_the_secret_of_somebody_else_s_session_changes_nothing(web: Web, stock: Stock) -> None:
    ben, eva = signed_in(web, "Ben"), signed_in(web, "Eva")
    revision = web.revision(stock.inputs)
    stolen = {"revision": revision, "csrf": web.csrf(eva)}
    assert ben.post(f"/review/{stock.inputs}/approve", data=stolen).status_code == 403
    header = {"x-csrf": web.csrf(eva)}
    approve = {"action": "approve", "revision": revision}
    assert ben.post(f"/api/v1/assessments/{stock.inputs}/decisions", json=approve, headers=header).status_code == 403
    assert web.revision(stock.inputs) == revision


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example", "http://testserver:81"]
)
def test_a_request_from_another_site_is_refused_whatever_it_carries(web: Web, stock: Stock, origin: str) -> None:
    browser = web.browser()
    fields = {"csrf": web.csrf(browser)}
    refused = browser.post(f"/queue/{stock.inputs}/claim", data=fields, headers={"origin": origin})
    assert (refused.status_code, web.desk.waiting(stock.inputs).claimed_by) == (403, None)
    own = browser.post(f"/queue/{stock.inputs}/claim", data=fields, headers={"origin": ORIGIN})
    assert (own.status_code, web.desk.waiting(stock.inputs).claimed_by) == (303, "Anna")


def test_nothing_is_changed_by_reading(web: Web, stock: Stock) -> None:
    browser, before = web.browser(), web.desk.events(stock.inputs)
    for path, _ in changing_forms(web, stock):
        assert browser.get(path).status_code in (404, 405)
    assert web.desk.events(stock.inputs) == before


# IDOR and roles


def signed_in(web: Web, name: str, role: AccountRole = AccountRole.REVIEWER) -> TestClient:
    """A browser of somebody who signed in with a password."""
    accounts = web.desk.stores.accounts
    if accounts.find(name) is None:
        add_account(accounts, name, role, Reviewer(name="operator", channel="script"), password=PASSWORD, subject=None)
    browser = web.visitor()
    assert browser.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
    return browser


def test_ids_of_another_assessment_reach_nothing_through_this_one(web: Web, stock: Stock) -> None:
    ben = web.script("Ben")
    theirs = web.revision(stock.other)
    kept = web.desk.stores.review.comment(stock.other, theirs, Reviewer(name="Ben", channel="web"), "", REASON)
    here = f"/api/v1/assessments/{stock.inputs}"
    assert ben.get(f"{here}/revisions/{web.revision(stock.publication)}").status_code == 404
    assert ben.post(f"{here}/comments/{kept.id}/resolve").status_code == 404
    gate_2 = web.revision(stock.publication)
    for body in (
        {"action": "approve", "revision": gate_2},
        {"action": "defer", "revision": gate_2},
        {"action": "reject", "revision": gate_2, "reason": REASON},
        {"action": "send_back", "revision": gate_2, "reason": REASON},
        {"action": "edit", "revision": gate_2, "changes": [{"place": "inputs.growth.score", "value": 1}]},
    ):
        assert ben.post(f"{here}/decisions", json=body).status_code in (404, 409), body
    assert ben.post(f"{here}/comments", json={"revision": gate_2, "text": REASON}).status_code == 404
    [comment] = web.desk.stores.review.remarks.of(stock.other)
    assert comment.resolved_at is None
    assert web.desk.stores.reviews.decisions(stock.inputs) == ()


def test_a_requester_decides_nothing_in_a_browser_either(web: Web, stock: Stock) -> None:
    rita, before = signed_in(web, "Rita", AccountRole.REQUESTER), web.desk.events(stock.inputs)
    csrf, may = web.csrf(rita), ("comment", "resolve", "resume", "preview", "logout")
    for path, fields in changing_forms(web, stock):
        if not path.endswith(may):
            assert rita.post(path, data={**fields, "csrf": csrf}).status_code == 403, path
    assert web.desk.events(stock.inputs) == before


def test_a_name_in_a_form_or_a_header_is_nobody(web: Web, stock: Stock) -> None:
    ben = signed_in(web, "Ben")
    web.account("Eva")
    fields = {"csrf": web.csrf(ben), "reviewer": "Eva", "name": "Eva", "by": "Eva"}
    ben.post(f"/queue/{stock.inputs}/claim", data=fields, headers={"x-forwarded-user": "Eva", "x-remote-user": "Eva"})
    assert web.desk.waiting(stock.inputs).claimed_by == "Ben"
    body = {"action": "defer", "revision": web.revision(stock.inputs), "reviewer": "Eva"}
    answer = ben.post(f"/api/v1/assessments/{stock.inputs}/decisions", json=body, headers={"x-csrf": web.csrf(ben)})
    assert answer.status_code == 422


# sessions


def test_signing_in_gives_a_new_secret_whatever_the_browser_brought(web: Web) -> None:
    browser = web.visitor()
    browser.cookies.set(COOKIE, "chosen-by-the-attacker")
    add_account(
        web.desk.stores.accounts,
        "Ben",
        AccountRole.REVIEWER,
        Reviewer("operator", "script"),
        password=PASSWORD,
        subject=None,
    )
    first = browser.post("/login", data={"name": "Ben", "password": PASSWORD}).headers["set-cookie"]
    second = browser.post("/login", data={"name": "Ben", "password": PASSWORD}).headers["set-cookie"]
    secrets = [re.match(rf"{COOKIE}=([^;]+)", header) for header in (first, second)]
    assert None not in secrets and secrets[0][1] != secrets[1][1] != "chosen-by-the-attacker"  # type: ignore[index]
    assert web.visitor(cookie=f"{COOKIE}=chosen-by-the-attacker").get("/").status_code == 303
    flags = {part.strip().casefold() for part in first.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= flags and not any(f.startswith("domain") for f in flags)


def test_a_session_ends_with_signing_out_and_its_cookie_opens_nothing_after(web: Web) -> None:
    ben = signed_in(web, "Ben")
    cookie = ben.cookies[COOKIE]
    assert ben.post("/logout", data={"csrf": web.csrf(ben)}).status_code == 303
    assert web.visitor(cookie=f"{COOKIE}={cookie}").get("/").status_code == 303


def test_a_cookie_over_https_is_sent_over_https_only(web: Web) -> None:
    client = TestClient(web.app, base_url="https://testserver", follow_redirects=False)
    client.portal = web.first.portal
    assert "secure" in client.get("/login", params={"key": web.key.secret}).headers["set-cookie"].casefold()


def test_logins_are_limited_by_name_and_the_right_password_does_not_help(web: Web) -> None:
    signed_in(web, "Ben")
    guesses = [web.visitor().post("/login", data={"name": "Ben", "password": f"guess {n}"}) for n in range(6)]
    assert {guess.status_code for guess in guesses} == {403}
    assert "Too many logins failed" in guesses[-1].text
    late = web.visitor().post("/login", data={"name": "Ben", "password": PASSWORD})
    assert (late.status_code, "set-cookie" in late.headers) == (403, False)


def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nothing(web: Web) -> None:
    signed_in(web, "Ben")
    wrong = web.visitor().post("/login", data={"name": "Ben", "password": "no"})
    nobody = web.visitor().post("/login", data={"name": "Ban", "password": "no"})
    assert wrong.status_code == nobody.status_code == 403
    assert wrong.text == nobody.text.replace("Ban", "Ben")


# host, frames, headers, methods


@pytest.mark.parametrize(
    "host", ["evil.example", "", "testserver:81", "testserver.evil.example", "testserver@evil", "TESTSERVER\t"]
)
def test_a_server_asked_by_another_name_answers_nothing(web: Web, host: str) -> None:
    answer = web.browser().get("/", headers={"host": host})
    assert (answer.status_code, "Review queue" in answer.text) == (421, False)


def test_a_forwarded_host_leads_nowhere(web: Web) -> None:
    answer = web.visitor().get("/", headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})
    assert answer.headers["location"] == "/login"


def test_every_answer_has_the_headers_that_keep_browsers_strict(web: Web, stock: Stock) -> None:
    browser = web.browser()
    answers = [
        browser.get("/"),
        browser.get("/login"),
        browser.get("/nothing"),
        browser.get(f"/review/{stock.inputs}"),
        browser.get("/published/"),
        browser.get("/static/app.js"),
        browser.get("/api/v1/queue"),
        browser.get("/api/openapi.json"),
        browser.get("/", headers={"host": "evil.example"}),
        browser.post("/logout"),
        browser.post("/logout", headers={"origin": "https://evil.example"}),
        browser.post("/logout", headers={"content-length": str(MAX_BODY + 1)}),
        browser.request("DELETE", "/"),
        web.visitor().get("/api/v1/queue"),
    ]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer.url
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and answer.headers["x-frame-options"] == "DENY"
    assert browser.get("/").headers["cache-control"] == "no-store"


def test_a_page_has_no_script_and_no_style_of_its_own(web: Web, stock: Stock) -> None:
    browser = web.browser()
    for path in ("/", "/login", "/nothing", f"/review/{stock.inputs}", f"/review/{stock.publication}"):
        text = browser.get(path).text
        assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text) == []
        assert (
            re.findall(r"<style|\son\w+=|\sstyle=|javascript:|https?://(?!www\.w3\.org)[^\"' ]*\.(?:js|css)", text)
            == []
        )


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "OPTIONS", "BREW"])
def test_an_odd_method_does_nothing(web: Web, stock: Stock, method: str) -> None:
    browser = web.browser()
    for path in ("/", f"/queue/{stock.inputs}/claim", f"/api/v1/assessments/{stock.inputs}/decisions", "/published/"):
        answer = browser.request(method, path)
        assert answer.status_code in (404, 405), (method, path)
        assert "access-control-allow-origin" not in answer.headers


# paths


TRAVERSALS = (
    *("../store.sqlite", "..%2fstore.sqlite", "%2e%2e/store.sqlite", "%2e%2e%2fstore.sqlite", "..%252fstore.sqlite"),
    *("%252e%252e%252fstore.sqlite", "/etc/passwd", "%2fetc%2fpasswd", "..\\store.sqlite", "..%5cstore.sqlite"),
    *("index.html%00.css", "%00", "index.html%00", "./index.html/../../store.sqlite", "....//store.sqlite"),
    *(".assess-role-site", "roles/../../store.sqlite", "file:///etc/passwd", "~root", "index.html/", "INDEX.HTML"),
    *("%c0%ae%c0%ae/store.sqlite", "app.css%2f..%2f..%2fapp.py", "app.py", "../templates/base.html.j2", "%ff%fe"),
)


def test_no_path_leads_out_of_what_is_served(web: Web) -> None:
    web.site.bring_up_to_date()
    browser = web.browser()
    for room in ("/published/", "/static/"):
        for name in TRAVERSALS:
            answer = browser.get(f"{room}{name}")
            # A client may take `..` out of an address itself; the queue or the form is then all there is.
            assert answer.status_code in (404, 303, 307), (room, name)
            assert b"SQLite format" not in answer.content and b"root:" not in answer.content


# injection and sizes


def test_nothing_that_is_sent_is_run_or_breaks_the_server(web: Web, stock: Stock) -> None:
    ben, revision, seen = web.script("Ben"), web.revision(stock.inputs), []
    for text in HOSTILE:
        quoted = quote(text[:300], safe="/.\\'%{}")
        api = f"/api/v1/assessments/{stock.inputs}"
        seen += [
            ben.get("/", params={"q": text, "gate": text, "zone": text, "only": text, "start": text}),
            ben.get("/", params={"q": text[:200]}),
            ben.get(f"/review/{quoted}"),
            ben.get(f"/review/{stock.inputs}/evidence", params={"path": text[:200]}),
            ben.get(f"/review/{stock.inputs}/search", params={"q": text[:400]}),
            ben.get(f"/published/{quoted}"),
            ben.get(f"/static/{quoted}"),
            ben.get("/login", params={"key": text}),
            ben.post(f"/review/{stock.inputs}/approve", data={"revision": text}),
            ben.post(f"/review/{stock.inputs}/comment", data={"revision": revision, "place": text, "text": text}),
            ben.post(f"/review/{stock.inputs}/edit", data={"revision": revision, f"at:{text}": text}),
            ben.get("/api/v1/queue", params={"q": text[:200], "holder": text[:100]}),
            ben.get(f"/api/v1/assessments/{quoted}"),
            ben.get(f"{api}/revisions/{quoted}"),
            ben.get(f"/api/v1/published/{quoted}/1"),
            ben.get(f"/api/v1/published/widget/{quoted}"),
            ben.post(f"{api}/decisions", json={"action": text, "revision": text}),
            ben.post(f"{api}/comments", json={"revision": revision, "place": text[:200], "text": REASON}),
            ben.post(f"{api}/comments/{quoted}/resolve"),
            ben.post("/api/v1/assessments", json={"role": text, "seniority": text, "recorded": True}),
            ben.post("/api/v1/score", json={"role": text, "tasks": text}),
            web.visitor().post("/login", data={"name": text, "password": text}),
        ]
    for answer in seen:
        assert answer.status_code < 500, (answer.url, answer.text)
        assert not any(trace in answer.text for trace in TRACES), (answer.url, answer.text[-300:])
        assert "x-injected" not in answer.headers
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert "7*7" in answer.text or "49" not in re.sub(r"[0-9a-f]{8,}|\d{4}-\d\d-\d\d\S*", "", answer.text)
    assert web.revision(stock.inputs) == revision


def stream(size: int) -> Iterator[bytes]:
    for _ in range(size // 50_000):
        yield b"x" * 50_000


def test_a_body_too_large_is_refused_said_to_be_or_not(web: Web, stock: Stock) -> None:
    ben, address = web.script("Ben"), f"/api/v1/assessments/{stock.inputs}/decisions"
    form, document = "application/x-www-form-urlencoded", "application/json"
    for path, kind in ((address, document), (f"/queue/{stock.inputs}/claim", form), ("/login", form)):
        assert ben.post(path, content=b"x" * (MAX_BODY + 1)).status_code == 413
        assert ben.post(path, content=stream(2 * MAX_BODY), headers={"content-type": kind}).status_code == 413, path
    assert ben.post(address, content=b"{}", headers={"content-length": "-5"}).status_code == 413
    assert ben.post(address, content=b"{}", headers={"content-length": "many"}).status_code == 413
    assert ben.post(address, content=b"x" * (MAX_BODY + 1)).json()["error"]["kind"] == "invalid_input"


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"action":"edit","revision":"x","changes":[{"place":"inputs","value":' + b"[" * 900 + b"]" * 900 + b"}]}",
        b'{"\\ud800": 1}',
        b'{"role": "\\ud800\\udfff\\ud800"}',
        b'{"role": NaN}',
        b'{"role": 1' + b"0" * 5000 + b"}",
        b"\xff\xfe\x00",
        b"",
        b"null",
        b'{"role": "a", "role": "b", "x": ' + b'{"y": 1},' * 1000 + b"1}",
        b"{" + b",".join(b'"k%d": 1' % at for at in range(5000)) + b"}",
    ],
    ids=str,
)
def test_a_document_that_is_none_or_nested_too_deep_is_refused_in_a_few_words(
    web: Web, stock: Stock, body: bytes
) -> None:
    ben = web.script("Ben")
    for path in (
        "assessments",
        f"assessments/{stock.inputs}/decisions",
        f"assessments/{stock.inputs}/comments",
        "score",
    ):
        answer = ben.post(f"/api/v1/{path}", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422), (path, answer.status_code, answer.text[:300])
        assert answer.json()["error"]["kind"] == "invalid_input"
        assert len(answer.content) < 150_000


@pytest.mark.parametrize(
    "value", ["NaN", "1e999", "-Infinity", "1" + "0" * 400, "[" * 40 + "]" * 40, '"\\ud800"', '{"a": {"b": "\\ud800"}}']
)
def test_a_value_that_no_document_can_hold_is_no_edit(web: Web, stock: Stock, value: str) -> None:
    revision = web.revision(stock.inputs)
    body = (
        f'{{"action": "edit", "revision": "{revision}", "changes": [{{"place": "inputs.gaps.+", "value": {value}}}]}}'
    )
    address = f"/api/v1/assessments/{stock.inputs}/decisions"
    answer = web.script("Ben").post(address, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, web.revision(stock.inputs)) == (422, revision)


# faults


def test_a_fault_is_told_without_what_is_inside(web: Web, stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = web.browser()

    def broken(self: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("agent.review.service.ReviewService.waiting", broken)
    for path in ("/", "/api/v1/queue"):
        answer = browser.get(path)
        assert answer.status_code == 500
        assert "secret of the house" not in answer.text and not any(trace in answer.text for trace in TRACES)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert browser.get("/api/v1/queue").json()["error"]["kind"] == "fault"
