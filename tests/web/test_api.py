"""The JSON interface: the documents of the command line, decisions about exactly what was read, and nobody unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories_web import Stock, Web
from factories_workflow import REASON
from fastapi.testclient import TestClient
from httpx import Response

from agent.review.identity import Scope
from agent.schemas.base import content_hash
from agent.schemas.vocabulary import Gate, Status
from agent.scoring import outcome_report, parse_inputs
from agent.store.accounts import AccountRole
from agent.workflow.summary import summary

INPUTS: dict[str, Any] = {
    "role": "Release Engineer",
    "tasks": [{"name": f"Task {at}", "share": 20, "score": 3, "bucket": "augmentation"} for at in range(5)],
    "evidence": dict.fromkeys(("job_postings", "company_actions", "wages", "tool_maturity", "expert_consensus"), 1),
    "barriers": dict.fromkeys(("regulatory", "physical", "union", "liability", "cultural"), 0),
    "growth": 0,
    "principles": dict.fromkeys(("physicality", "interpersonal", "judgment"), 1),
}


def error(answer: Response) -> tuple[int, str]:
    document = answer.json()
    assert document["ok"] is False and set(document["error"]) == {"kind", "message", "hint", "problems"}
    return answer.status_code, document["error"]["kind"]


def at(assessment: str, *more: str) -> str:
    return "/".join(("/api/v1/assessments", assessment, *more))


@pytest.fixture
def ben(web: Web) -> TestClient:
    """A script that may do everything."""
    return web.script("Ben")


# reading


def test_the_queue_has_the_order_the_counts_and_the_pages_of_the_one_in_the_browser(
    web: Web, ben: TestClient, stock: Stock
) -> None:
    whole = ben.get("/api/v1/queue").json()
    assert [item["id"] for item in whole["items"]] == [stock.inputs, stock.other, stock.publication]
    assert (whole["found"], whole["next"]) == (3, None)
    assert whole["counts"]["gates"] == {"inputs": 2, "publication": 1}
    first = ben.get("/api/v1/queue", params={"limit": 2}).json()
    rest = ben.get("/api/v1/queue", params={"limit": 2, "start": first["next"]}).json()
    assert [*first["items"], *rest["items"]] == whole["items"]
    assert (first["next"], rest["next"]) == (2, None)


def test_the_queue_is_narrowed_by_gate_words_and_holder(ben: TestClient, stock: Stock) -> None:
    def ids(**asked: object) -> list[str]:
        answer = ben.get("/api/v1/queue", params=asked)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert ids(gate="publication") == [stock.publication]
    assert ids(q=stock.other) == [stock.other]
    assert (ids(holder="ben"), len(ids(free="true"))) == ([], 3)
    assert ben.post(at(stock.other, "claim"), json={}).status_code == 200
    assert (ids(holder="ben"), len(ids(free="true"))) == ([stock.other], 2)
    assert error(ben.get("/api/v1/queue", params={"gate": "both"})) == (422, "invalid_input")
    assert error(ben.get("/api/v1/queue", params={"limit": 201})) == (422, "invalid_input")


def test_an_assessment_is_the_document_of_show_with_an_address_for_its_folder(
    web: Web, ben: TestClient, stock: Stock
) -> None:
    for assessment in (stock.inputs, stock.publication, stock.published):
        expected = summary(web.desk.stores, assessment)
        found = ben.get(at(assessment)).json()
        assert found.pop("error") is None
        address = (found["published"] or {}).pop("address", None)
        path = (expected["published"] or {}).pop("path", None)  # type: ignore[attr-defined]
        assert found == expected
        assert (address is None) == (path is None) == (assessment != stock.published)
        assert path is None or path not in str(found)


def test_a_revision_is_given_with_the_content_that_has_its_hash(web: Web, ben: TestClient, stock: Stock) -> None:
    revision = web.revision(stock.publication)
    found = ben.get(at(stock.publication, "revisions", revision)).json()
    assert (found["revision"], found["gate"], content_hash(found["content"])) == (revision, "publication", revision)


def test_an_id_is_whole_everywhere(web: Web, ben: TestClient, stock: Stock) -> None:
    revision = web.revision(stock.inputs)
    short = stock.inputs[:-1]
    approve = {"action": "approve", "revision": revision}
    said = {"revision": revision, "text": REASON}
    for answer in (
        ben.get(at(short)),
        ben.get(at("widget")),
        ben.get(at(short, "revisions", revision)),
        ben.get(at(short, "comments")),
        ben.post(at(short, "claim"), json={}),
        ben.post(at(short, "release")),
        ben.post(at(short, "decisions"), json=approve),
        ben.post(at(short, "comments"), json=said),
    ):
        assert error(answer) == (404, "not_found")
        assert stock.inputs not in answer.text
    assert web.revision(stock.inputs) == revision


def test_what_is_published_is_listed_and_read_back(web: Web, ben: TestClient, stock: Stock) -> None:
    listed = ben.get("/api/v1/published").json()
    [item] = listed["items"]
    assert (item["id"], item["version"], item["withdrawn"], listed["found"]) == (stock.published, 1, None, 1)
    found = ben.get(f"/api/v1/published/{item['slug']}/1").json()
    assert found["published"] == item
    assert content_hash(found["document"]["assessment"]) == item["revision"] == found["document"]["revision"]
    assert error(ben.get(f"/api/v1/published/{item['slug']}/2")) == (404, "not_found")
    assert ben.get("/api/v1/published", params={"start": 1}).json()["items"] == []


# starting, scoring


def test_a_started_assessment_is_the_callers_and_is_drafted_behind_the_answer(web: Web, ben: TestClient) -> None:
    answer = ben.post("/api/v1/assessments", json={"role": "Widget Engineer"})
    assert (answer.status_code, answer.json()["status"]) == (202, "running")
    web.settle()
    begun = answer.json()["id"]
    assert web.desk.stores.assessments.get(begun).requested_by == "Ben"
    assert ben.get(at(begun)).json()["gate"] == "inputs"


@pytest.mark.parametrize(
    "body", [{}, {"role": ""}, {"role": "x" * 201}, {"role": 5}, {"role": "Nurse", "requested_by": "Anna"}, [], "Nurse"]
)
def test_a_start_that_does_not_fit_starts_nothing(web: Web, ben: TestClient, body: object) -> None:
    before = web.desk.stores.assessments.unfinished()
    assert error(ben.post("/api/v1/assessments", json=body)) == (422, "invalid_input")
    assert web.desk.stores.assessments.unfinished() == before


def test_a_role_without_a_recording_says_that_it_takes_a_model(ben: TestClient) -> None:
    answer = ben.post("/api/v1/assessments", json={"role": "Widget Engineer", "recorded": True})
    assert error(answer) == (409, "needs_model")


def test_a_score_is_the_one_of_the_command_line(ben: TestClient) -> None:
    answer = ben.post("/api/v1/score", json=INPUTS)
    assert answer.json() == {"ok": True, **outcome_report(parse_inputs(INPUTS))}
    unknown = {**INPUTS, "evidence": dict.fromkeys(INPUTS["evidence"])}
    assert ben.post("/api/v1/score", json=unknown).json() == {"ok": True, **outcome_report(parse_inputs(unknown))}


def test_every_breach_of_a_score_input_is_named(ben: TestClient) -> None:
    tasks = [{**task, "share": 10} for task in INPUTS["tasks"]]
    answer = ben.post("/api/v1/score", json={**INPUTS, "tasks": tasks, "evidence": {}})
    assert error(answer) == (422, "invalid_input")
    assert len(answer.json()["error"]["problems"]) > 1


# claiming, deciding, commenting


def test_a_claim_says_who_holds_and_keeps_others_away_until_they_say_why(
    web: Web, ben: TestClient, stock: Stock
) -> None:
    eva = web.script("Eva")
    held = ben.post(at(stock.inputs, "claim"), json={}).json()
    assert (held["claimed_by"], ben.get(at(stock.inputs)).json()["claimed"]["by"]) == ("Ben", "Ben")
    assert error(eva.post(at(stock.inputs, "claim"), json={})) == (409, "conflict")
    assert eva.post(at(stock.inputs, "release")).json()["released"] is False
    assert eva.post(at(stock.inputs, "claim"), json={"over": REASON}).json()["claimed_by"] == "Eva"
    assert eva.post(at(stock.inputs, "release")).json()["released"] is True
    assert web.desk.waiting(stock.inputs).claimed_by is None


def test_both_gates_are_approved_and_the_page_is_published(web: Web, ben: TestClient, stock: Stock) -> None:
    for gate in Gate:
        revision = ben.get(at(stock.inputs)).json()["revision"]
        taken = ben.post(at(stock.inputs, "decisions"), json={"action": "approve", "revision": revision}).json()
        assert (taken["gate"], taken["revision"], taken["reviewer"]) == (gate.value, revision, "Ben")
        assert web.desk.stores.reviews.decision(taken["decision"]).auth == "token"
        web.settle()
    found = ben.get(at(stock.inputs)).json()
    assert (found["status"], found["published"]["version"]) == ("published", 2)


def test_a_revision_that_does_not_wait_is_not_decided_about(web: Web, ben: TestClient, stock: Stock) -> None:
    gone = next(r.hash for r in web.desk.stores.assessments.revisions(stock.publication))
    waits = web.revision(stock.publication)
    change = {"place": "inputs.tasks.0.score", "value": 4}
    more: dict[str, dict[str, object]] = {
        "approve": {},
        "defer": {},
        "reject": {"reason": REASON},
        "send_back": {"reason": REASON},
        "edit": {"changes": [change]},
    }
    for action, rest in more.items():
        body = {"action": action, "revision": gone, **rest}
        answer = ben.post(at(stock.publication, "decisions"), json=body)
        assert error(answer) == (409, "conflict"), action
    assert (web.revision(stock.publication), len(web.desk.stores.reviews.decisions(stock.publication))) == (waits, 1)


def test_a_section_is_sent_back_with_a_reason_and_its_redraft_waits(web: Web, ben: TestClient, stock: Stock) -> None:
    body = {"action": "send_back", "revision": web.revision(stock.inputs), "reason": REASON, "sections": ["tasks"]}
    assert ben.post(at(stock.inputs, "decisions"), json={**body, "sections": ["lens"]}).status_code == 422
    assert ben.post(at(stock.inputs, "decisions"), json={**body, "reason": "no"}).status_code == 422
    assert ben.post(at(stock.inputs, "decisions"), json=body).status_code == 200
    web.settle()
    [decision] = web.desk.stores.reviews.decisions(stock.inputs)
    assert (decision.action, decision.reason, decision.document) == ("send_back", REASON, {"sections": ["tasks"]})
    assert web.desk.waiting(stock.inputs).gate is Gate.INPUTS


def test_changes_make_a_new_revision_that_waits_for_approval_of_its_own(
    web: Web, ben: TestClient, stock: Stock
) -> None:
    before = web.revision(stock.inputs)
    change = {"place": "inputs.tasks.0.score", "value": 4}
    body = {"action": "edit", "revision": before, "changes": [change]}
    wrong = {**body, "changes": [{"place": "inputs.tasks.99.score", "value": 4}]}
    assert error(ben.post(at(stock.inputs, "decisions"), json=wrong)) == (422, "invalid_input")
    assert ben.post(at(stock.inputs, "decisions"), json=body).json()["action"] == "edit"
    web.settle()
    after = web.revision(stock.inputs)
    assert after != before
    assert ben.get(at(stock.inputs, "revisions", after)).json()["content"]["inputs"]["tasks"][0]["score"] == 4
    assert ben.get(at(stock.inputs, "revisions", after)).json()["parent"] == before


def test_a_rejection_ends_it_and_a_deferral_does_not(web: Web, ben: TestClient, stock: Stock) -> None:
    revision = web.revision(stock.inputs)
    put_off = ben.post(at(stock.inputs, "decisions"), json={"action": "defer", "revision": revision}).json()
    assert (put_off["decision"], web.revision(stock.inputs)) == (None, revision)
    assert web.desk.events(stock.inputs)[-1] == "deferred"
    ended = {"action": "reject", "revision": revision, "reason": REASON}
    assert ben.post(at(stock.inputs, "decisions"), json=ended).status_code == 200
    web.settle()
    assert web.desk.stores.assessments.get(stock.inputs).status is Status.REJECTED
    again = ben.post(at(stock.inputs, "decisions"), json=ended)
    assert error(again) == (409, "conflict")
    assert "Ben already decided reject" in again.json()["error"]["message"]


def test_an_approval_that_waits_for_another_one_says_so(web: Web, stock: Stock) -> None:
    ben, eva = web.script("Ben"), web.script("Eva")
    begun = ben.post("/api/v1/assessments", json={"role": "Widget Engineer"}).json()["id"]
    web.settle()
    body = {"action": "approve", "revision": web.revision(begun)}
    alone = ben.post(at(begun, "decisions"), json=body).json()
    assert (alone["decision"], alone["waits_for"]) == (None, "somebody other than Ben")
    web.settle()
    assert ben.get(at(begun)).json()["approvals"][0]["reviewer"] == "Ben"
    both = eva.post(at(begun, "decisions"), json=body).json()
    assert (both["reviewer"], both["waits_for"]) == ("Eva", None)
    decision = web.desk.stores.reviews.decision(both["decision"])
    assert (decision.reviewer, decision.auth, decision.channel) == ("Eva", "token", "script")


def test_a_comment_is_kept_at_its_claim_and_resolved_once(web: Web, ben: TestClient, stock: Stock) -> None:
    revision, place = web.revision(stock.inputs), "evidence.wages.claims.0"
    body = {"revision": revision, "place": place, "text": "Is this figure of the right year?"}
    kept = ben.post(at(stock.inputs, "comments"), json=body)
    assert kept.status_code == 201
    comment = kept.json()["comment"]
    assert (comment["author"], comment["place"], comment["fate"]) == ("Ben", place, "same")
    assert ben.get(at(stock.inputs, "comments")).json()["items"] == [comment]
    done = ben.post(at(stock.inputs, "comments", comment["id"], "resolve")).json()["comment"]
    assert (done["resolved_by"], done["id"]) == ("Ben", comment["id"])
    assert error(ben.post(at(stock.inputs, "comments", comment["id"], "resolve"))) == (409, "conflict")
    assert error(ben.post(at(stock.inputs, "comments"), json={**body, "place": "evidence.nothing"})) == (
        404,
        "not_found",
    )


def test_a_part_is_accepted_taken_back_and_decides_nothing(web: Web, ben: TestClient, stock: Stock) -> None:
    revision, where = web.revision(stock.inputs), at(stock.inputs, "parts")
    assert ben.get(at(stock.inputs)).json()["parts"] == {"accepted": 0, "of": 20, "items": []}
    body = {"revision": revision, "place": "tasks.t3", "accepted": True}
    item = {"place": "tasks.t3", "name": "Generate standard fixtures", "accepted_by": ["Ben"]}
    for _ in range(2):
        assert ben.post(where, json=body).json() == {
            "ok": True,
            "id": stock.inputs,
            "parts": {"accepted": 1, "of": 20, "items": [item]},
        }
    assert ben.get(at(stock.inputs)).json()["parts"]["items"] == [item]
    assert ben.get(at(stock.inputs)).json()["revision"] == revision
    assert ben.post(where, json={**body, "accepted": False}).json()["parts"]["items"] == []
    for place in ("", "tasks.2", "tasks.t3.claims.0", "commentary"):
        assert error(ben.post(where, json={**body, "place": place})) == (404, "not_found")
    for wrong in ({"accepted": "yes"}, {"accepted": None}, {"place": 3}, {"reviewer": "Eva"}):
        assert error(ben.post(where, json={**body, **wrong})) == (422, "invalid_input")
    eva = web.script("Eva")
    eva.post(at(stock.inputs, "claim"), json={})
    assert error(ben.post(where, json=body)) == (409, "conflict")
    eva.post(at(stock.inputs, "decisions"), json={"action": "approve", "revision": revision})
    web.settle()
    assert error(eva.post(where, json=body)) == (409, "conflict")
    assert eva.get(at(stock.published)).json()["parts"] is None


# who


CALLS: tuple[tuple[Scope, Callable[[TestClient, Stock, str], Response]], ...] = (
    (Scope.READ, lambda c, s, r: c.get("/api/v1/queue")),
    (Scope.READ, lambda c, s, r: c.get(at(s.inputs))),
    (Scope.READ, lambda c, s, r: c.get(at(s.inputs, "revisions", r))),
    (Scope.READ, lambda c, s, r: c.get(at(s.inputs, "comments"))),
    (Scope.READ, lambda c, s, r: c.get("/api/v1/published")),
    (Scope.READ, lambda c, s, r: c.post("/api/v1/score", json=INPUTS)),
    (Scope.RUN, lambda c, s, r: c.post(at(s.inputs, "comments"), json={"revision": r, "text": REASON})),
    (Scope.RUN, lambda c, s, r: c.post("/api/v1/assessments", json={"role": "Widget Engineer"})),
    (Scope.DECIDE, lambda c, s, r: c.post(at(s.inputs, "claim"), json={})),
    (Scope.DECIDE, lambda c, s, r: c.post(at(s.inputs, "release"))),
    (
        Scope.DECIDE,
        lambda c, s, r: c.post(at(s.inputs, "parts"), json={"revision": r, "place": "growth", "accepted": True}),
    ),
    (Scope.DECIDE, lambda c, s, r: c.post(at(s.inputs, "decisions"), json={"action": "approve", "revision": r})),
)


def test_every_call_takes_its_scope_and_somebody_known(web: Web, stock: Stock) -> None:
    revision = web.revision(stock.inputs)
    scripts = {scope: web.script("Ben", *(s for s in Scope if s is not scope)) for scope in Scope}
    nobody = (web.visitor(), web.visitor(authorization="Bearer nothing"), web.visitor(cookie="assess_role_session=x"))
    before = web.desk.events(stock.inputs)
    for scope, call in CALLS:
        assert error(call(scripts[scope], stock, revision)) == (403, "forbidden")
        for visitor in nobody:
            answer = call(visitor, stock, revision)
            assert error(answer) == (401, "forbidden")
            assert answer.headers["www-authenticate"] == "Bearer"
    assert web.desk.events(stock.inputs) == before


def test_a_token_that_was_revoked_or_whose_account_was_closed_opens_nothing(web: Web) -> None:
    accounts = web.desk.stores.accounts
    ben, eva = web.script("Ben"), web.script("Eva")
    assert (ben.get("/api/v1/queue").status_code, eva.get("/api/v1/queue").status_code) == (200, 200)
    [token] = accounts.tokens("Ben")
    accounts.revoke_token(token.id, "operator", "script")
    accounts.disable("Eva", "operator", "script")
    assert error(ben.get("/api/v1/queue")) == error(eva.get("/api/v1/queue")) == (401, "forbidden")


def test_a_requester_starts_and_comments_and_decides_nothing(web: Web, stock: Stock) -> None:
    web.account("Rita", AccountRole.REQUESTER)
    rita, revision = web.script("Rita"), web.revision(stock.inputs)
    for scope, call in CALLS[1:]:
        assert (error(call(rita, stock, revision))[0] if scope is Scope.DECIDE else 0) in (0, 403)
        assert scope is Scope.DECIDE or call(rita, stock, revision).is_success
    assert web.revision(stock.inputs) == revision


def test_a_session_takes_the_secret_of_its_forms_for_whatever_changes_anything(web: Web, stock: Stock) -> None:
    browser, revision = web.browser(), web.revision(stock.inputs)
    approve = {"action": "approve", "revision": revision}
    assert browser.get("/api/v1/queue").status_code == 200
    for header in ({}, {"x-csrf": ""}, {"x-csrf": "wrong"}, {"x-csrf": "ü".encode()}):
        refused = browser.post(at(stock.inputs, "decisions"), json=approve, headers=header)
        assert error(refused) == (403, "forbidden")
    assert web.revision(stock.inputs) == revision
    taken = browser.post(at(stock.inputs, "decisions"), json=approve, headers={"x-csrf": web.csrf(browser)})
    assert taken.json()["reviewer"] == "Anna"


def test_the_description_names_every_call_and_every_way_to_be_known(web: Web) -> None:
    description = web.visitor().get("/api/openapi.json").json()
    calls = {(method, path) for path, found in description["paths"].items() for method in found}
    assert len(calls) == 15
    assert all(path.startswith("/api/v1/") for _, path in calls)
    assert {kind["type"] for kind in description["components"]["securitySchemes"].values()} == {"http", "apiKey"}
    assert all(description["paths"][path][method]["security"] for method, path in calls)
    assert "HTTPValidationError" not in str(description)
