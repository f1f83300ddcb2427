"""The review page: every route keeps the rules of the service, whatever a browser sends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pytest
from factories_web import Stock, Web, open_web
from factories_workflow import REASON, copy_home
from fastapi.testclient import TestClient
from scripts_workflow import Document, WidgetScript, shown, sourced

from agent.llm.port import Prompt
from agent.review.accounts import PASSWORD, open_session
from agent.review.evidence import evidence_of
from agent.schemas.assessment import Assessment
from agent.schemas.vocabulary import EvidenceName
from agent.store.accounts import AccountRole
from agent.web.forms import edit_of_form
from agent.web.visitor import COOKIE

ACTIONS = ("approve", "reject", "send_back", "defer", "edit", "comment", "part", "renew", "preview")
PART = {"path": "tasks.t1", "accepted": "yes"}
LONG_REASON = "This is a reason that is long enough."


@dataclass
class Seat:
    """Somebody's browser at one assessment."""

    web: Web
    client: TestClient
    csrf: str
    assessment: str

    def get(self, part: str = "", **params: str) -> httpx.Response:
        return self.client.get(f"/review/{self.assessment}{part}", params=params)

    def post(self, action: str, fields: dict[str, str] | None = None, **more: str) -> httpx.Response:
        data = {"csrf": self.csrf, "revision": more.pop("revision", None) or self.web.revision(self.assessment)}
        return self.client.post(f"/review/{self.assessment}/{action}", data={**data, **more, **(fields or {})})

    def record(self, fields: dict[str, str]) -> Assessment:
        """Record an edit; the content that waits then."""
        answer = self.post("edit", {**fields, "confirmed": "yes"})
        assert answer.status_code == 303, answer.text
        self.web.settle()
        return self.content()

    def content(self) -> Assessment:
        return self.web.desk.content(self.assessment)

    def decisions(self) -> list[tuple[str, str]]:
        rows = self.web.desk.stores.reviews.decisions(self.assessment)
        return [(row.reviewer, row.action) for row in rows]


def words(answer: httpx.Response) -> str:
    """What a page says, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def session(web: Web, name: str, assessment: str, role: AccountRole = AccountRole.REVIEWER) -> Seat:
    """The browser of somebody who signed in; they get an account where there is none."""
    stores = web.desk.stores
    account = stores.accounts.find(name) or stores.accounts.find(web.account(name, role))
    assert account is not None
    secret, row = open_session(stores.accounts, stores.stamps, account, PASSWORD)
    client = web.visitor()
    client.cookies.set(COOKIE, secret)
    return Seat(web, client, row.csrf, assessment)


@pytest.fixture
def anna(web: Web, stock: Stock) -> Seat:
    client = web.browser()
    return Seat(web, client, web.csrf(client), stock.inputs)


def test_nothing_is_done_for_a_form_of_another_session(anna: Seat) -> None:
    before = anna.web.desk.events(anna.assessment)
    for action in ACTIONS:
        for csrf in ("", "wrong", "ü"):
            fields = {"reason": LONG_REASON, "text": LONG_REASON, "confirmed": "yes", **PART}
            answer = anna.post(action, {**fields, "csrf": csrf})
            assert (answer.status_code, "not one of this session" in answer.text) == (403, True), (action, csrf)
    assert anna.web.desk.events(anna.assessment) == before


def test_a_form_is_taken_from_pages_of_the_server_only_and_they_say_where_it_comes_from(anna: Seat) -> None:
    assert anna.get().headers["referrer-policy"] == "same-origin"
    for origin, status in (("null", 403), ("http://elsewhere.example", 403), ("http://testserver", 303)):
        anna.client.headers["origin"] = origin
        assert anna.post("comment", text=LONG_REASON).status_code == status, origin


def test_who_is_not_signed_in_is_sent_to_the_login(anna: Seat) -> None:
    nobody = Seat(anna.web, anna.web.visitor(), anna.csrf, anna.assessment)
    for action in ACTIONS:
        answer = nobody.post(action, {"reason": LONG_REASON, "text": LONG_REASON, **PART})
        assert (answer.status_code, answer.headers["location"]) == (303, "/login"), action


def test_a_revision_that_does_not_wait_is_a_conflict_that_names_who_decided_and_what_waits(anna: Seat) -> None:
    waits = anna.web.revision(anna.assessment)
    anna.record({"at:inputs.tasks.0.score": "3"})
    for action in ("approve", "reject", "send_back", "defer", "edit", "comment", "part", "preview"):
        answer = anna.post(action, {"reason": LONG_REASON, "text": LONG_REASON, **PART}, revision=waits)
        assert answer.status_code == 409, action
        assert f"Anna already decided edit on gate inputs at {anna.web.desk.stores.stamps.now()}." in words(answer)
        assert anna.web.revision(anna.assessment) in words(answer)
        assert f'href="/review/{anna.assessment}"' in answer.text
    assert anna.decisions() == [("Anna", "edit")]


def test_two_posts_of_one_form_are_one_decision_and_the_second_is_told_who_took_it(anna: Seat) -> None:
    revision = anna.web.revision(anna.assessment)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: anna.post("approve", revision=revision), range(2)))
    anna.web.settle()
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert anna.decisions() == [("Anna", "approve")]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Anna already decided approve on gate inputs at" in words(refused)
    assert "Nothing of yours was recorded." in words(refused)


def test_a_preview_scores_the_form_as_it_stands_and_records_nothing(anna: Seat) -> None:
    result = anna.content().result
    assert result is not None
    before = anna.web.desk.events(anna.assessment)
    made = anna.post("preview", {"at:inputs.tasks.0.score": "3"}).json()
    assert made["ok"] and made["before"] == result.score
    assert made["score"] < result.score
    assert {part["factor"] for part in made["contributions"]} == {part.factor for part in result.contributions}
    after = anna.record({"at:inputs.tasks.0.score": "3"}).result
    assert after is not None
    assert (made["score"], made["label"], made["robustness"]) == (after.score, after.label, after.robustness.verdict)
    assert before == anna.web.desk.events(anna.assessment)[: len(before)]


BROKEN: tuple[tuple[dict[str, str], str], ...] = (
    ({"at:inputs.tasks.0.share": "99"}, "sum"),
    ({"at:inputs.tasks.0.score": "nine"}, "'nine' is no whole number"),
    ({"at:inputs.tasks.77.score": "3"}, "there is no such place"),
    ({"at:inputs.tasks.0.score": "9"}, "inputs.tasks.0.score"),
    ({"at:inputs.tasks.0.claims": "x"}, "cannot be edited here"),
    ({"lines:inputs.tasks": "x"}, "no list of texts"),
    ({"add:inputs.gaps": "{"}, "inputs.gaps"),
    ({"cite:inputs.nowhere.citations:p-1": "some words"}, "there is no nowhere"),
    ({"at:__class__": "x"}, "there is no such place"),
)
"""Fields and what is said of them."""


def test_a_form_that_breaks_a_rule_is_answered_with_the_rule(anna: Seat) -> None:
    anna.client.headers["accept"] = "application/json"
    for fields, said in BROKEN:
        answer = anna.post("preview", fields).json()
        assert not answer["ok"]
        assert said in " ".join(answer.get("problems") or answer["error"]["problems"]), fields


def test_a_form_with_a_file_is_refused(anna: Seat) -> None:
    url = f"/review/{anna.assessment}/preview"
    answer = anna.client.post(url, data={"csrf": anna.csrf}, files={"at:inputs.tasks.0.score": ("x", b"3")})
    assert answer.status_code in (400, 422)


def test_an_edit_is_shown_with_its_findings_before_it_is_recorded(anna: Seat) -> None:
    fields = {"at:inputs.tasks.0.score": "3", "at:inputs.tasks.0.name": "Design the lines"}
    answer = anna.post("edit", fields)
    assert answer.status_code == 200
    assert "task Design the lines: score 2 to 3" in words(answer)
    assert anna.decisions() == []
    kept = dict(re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', answer.text, re.DOTALL))
    assert {**kept, **fields} == kept
    assert anna.record(kept).inputs.tasks[0].name == "Design the lines"
    assert anna.decisions() == [("Anna", "edit")]


def test_an_edit_that_changes_nothing_is_refused(anna: Seat) -> None:
    score = anna.content().inputs.tasks[0].score
    answer = anna.post("edit", {"at:inputs.tasks.0.score": str(score), "confirmed": "yes"})
    assert (answer.status_code, anna.decisions()) == (422, [])


def test_every_text_of_the_frame_and_every_gap_can_be_edited(anna: Seat) -> None:
    before = anna.content()
    dimension = next(iter(before.inputs.evidence))
    after = anna.record(
        {
            "at:frame.function": "Builds lines.",
            "at:frame.experience": "Five years.",
            "at:frame.seniority_note": "Juniors build less.",
            "lines:frame.aliases": "Line Engineer\r\n\r\n  Fixture   Engineer ",
            "lines:frame.proxies": "",
            "lines:frame.tags": "lines",
            "lines:inputs.gaps": "Nothing on wages of juniors.",
            f"at:inputs.evidence.{dimension}.gap": "No figures.",
        }
    )
    role = after.role
    assert (role.function, role.experience, role.seniority_note) == (
        "Builds lines.",
        "Five years.",
        "Juniors build less.",
    )
    assert (role.aliases, role.proxies, role.tags) == (("Line Engineer", "Fixture Engineer"), (), ("lines",))
    assert (after.inputs.gaps, after.inputs.evidence[dimension].gap) == (
        ("Nothing on wages of juniors.",),
        "No figures.",
    )
    assert anna.record({f"at:inputs.evidence.{dimension}.gap": " "}).inputs.evidence[dimension].gap is None


def test_the_fields_of_the_page_as_they_stand_change_nothing(anna: Seat) -> None:
    assert "changes nothing" in words(anna.post("edit", form_of(anna.get().text)))


def test_at_gate_two_too_the_fields_as_they_stand_change_nothing(anna: Seat, stock: Stock) -> None:
    anna.assessment = stock.publication
    page = anna.get().text
    assert "at:commentary.summary.0.text" in form_of(page)
    assert "changes nothing" in words(anna.post("edit", form_of(page)))


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the edit's fields when nobody touched them."""
    fields = {
        name: unescape(value)
        for name, value in re.findall(
            r'<textarea name="((?:at|lines):[^"]+)"[^>]*>(.*?)</textarea>', page, flags=re.DOTALL
        )
    }
    for tag in re.findall(r'<input [^>]*name="at:[^>]*>', page):
        found = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        assert found[0] is not None and found[1] is not None
        fields[found[0][1]] = unescape(found[1][1])
    for name, options in re.findall(r'<select name="(at:[^"]+)"[^>]*>(.*?)</select>', page):
        chosen = re.search(r'<option value="([^"]+)" selected', options)
        assert chosen is not None, name
        fields[name] = chosen[1]
    return fields


def test_a_passage_is_found_attached_and_taken_out_again(anna: Seat) -> None:
    path = next(path for path, one in evidence_of(anna.content()).items() if one.passages)
    found = anna.get("/search", q="pay premium market", path=path)
    passage = next(
        key for key in re.findall(r'data-passage="([^"]+)"', found.text) if key != passages(anna.content(), path)[0]
    )
    text = unescape(re.search(rf'data-passage="{passage}".*?<blockquote>(.*?)</blockquote>', found.text, re.S)[1])  # type: ignore[index]
    quote = " ".join(text.split()[:6])
    field = re.search(rf'name="(cite:[^"]+:{passage})"', found.text)
    assert field is not None
    before = passages(anna.content(), path)
    after = anna.record({field[1]: quote, field[1].replace(passage, "p-none"): "  "})
    assert passages(after, path) == [*before, passage]
    assert quote in words(anna.get("/evidence", path=path))
    again = anna.record({f"out:inputs.{path}.citations.{len(before)}": "yes"})
    assert passages(again, path) == before


def passages(content: Assessment, path: str) -> list[str]:
    return [passage.passage for passage in evidence_of(content)[path].passages]


def test_entries_are_taken_out_in_an_order_in_which_the_right_ones_go(anna: Seat) -> None:
    base = anna.content()
    names = ("out:inputs.gaps.2", "out:inputs.gaps.10", "at:inputs.gaps.3", "add:inputs.gaps", "out:inputs.gaps.0")
    gaps = tuple(f"gap {at}" for at in range(11))
    content = base.model_copy(update={"inputs": base.inputs.model_copy(update={"gaps": gaps})})
    fields = [(name, '"new"' if name.startswith("add:") else "changed") for name in names]
    left = edit_of_form(fields, content).inputs.gaps
    assert left == ("gap 1", "changed", *(f"gap {at}" for at in range(4, 10)), "new")


def test_the_score_is_moved_by_hand_with_a_reason_and_a_citation_and_back(anna: Seat) -> None:
    content = anna.content()
    assert content.result is not None
    source = content.sources[0]
    fields = {
        "override_score": str(content.result.score + 2),
        "override_reason": "The survey of this year is not in the corpus.",
        "override_passage": source.passage,
        "override_quote": " ".join(source.text.split()[:6]),
    }
    too_far = anna.post("edit", {**fields, "override_score": "99", "confirmed": "yes"})
    assert (too_far.status_code, anna.decisions()) == (422, [])
    moved = anna.record(fields)
    assert moved.result is not None and moved.result.score == pytest.approx(content.result.score + 2)
    assert "Moved by hand" in words(anna.get())
    assert anna.record({"override_out": "yes"}).override is None


def test_what_the_model_drafted_stands_beside_what_a_reviewer_changed(anna: Seat) -> None:
    before = anna.content()
    task = before.inputs.tasks[0]
    claim = "Nobody knows how long this will hold."
    anna.record({"at:inputs.tasks.0.score": "3", "at:inputs.tasks.0.claims.0.text": claim})
    anna.record({"at:inputs.tasks.1.score": "4"})
    page = anna.get().text
    beside = re.search(r'name="at:inputs.tasks.0.score"[^>]*><small class="was">([^<]+)<', page)
    assert beside is not None and beside[1] == f"Drafted: {task.score}"
    other = re.search(r'id="c-tasks.0.claims.0".*?<p class="was">(.*?)</p>', page, re.DOTALL)
    assert other is not None and unescape(other[1]) == f"Drafted: “{task.claims[0].text}”"
    assert page.count('class="was"') == 3


def test_a_comment_follows_its_claim_through_an_edit_and_goes_with_a_send_back(anna: Seat) -> None:
    path = next(path for path, one in evidence_of(anna.content()).items() if one.section == "tasks")
    answer = anna.post("comment", text="Is this so in small factories too?", path=path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/review/{anna.assessment}#c-{path}")
    old = evidence_of(anna.content())[path].claim.text
    anna.record({f"at:inputs.{path}.text": "Nobody has counted this so far."})
    page = words(anna.get())
    assert "Is this so in small factories too? " in page and f"on other words: “{old}”" in page
    anna.post("send_back", reason=REASON)
    anna.web.settle()
    decision = anna.web.desk.stores.reviews.decisions(anna.assessment)[-1]
    assert (decision.action, decision.reason) == ("send_back", REASON)
    assert decision.document is not None
    assert [(one["place"], one["text"]) for one in decision.document["reasons"]] == [  # type: ignore[attr-defined]
        (path, "Is this so in small factories too?")
    ]
    assert any("Is this so in small factories too?" in prompt for prompt in anna.web.desk.prompts("tasks"))
    assert f"It was sent back: {REASON}" in words(anna.get())


def test_a_comment_is_resolved_once_and_only_at_its_own_assessment(anna: Seat, stock: Stock) -> None:
    anna.post("comment", text="A remark on the whole of it.")
    found = re.search(r'name="comment" value="([^"]+)"', anna.get().text)
    assert found is not None
    elsewhere = Seat(anna.web, anna.client, anna.csrf, stock.other)
    assert elsewhere.post("resolve", comment=found[1]).status_code == 404
    assert anna.post("resolve", comment=found[1]).status_code == 303
    assert "Resolved by Anna." in words(anna.get())
    assert anna.post("resolve", comment=found[1]).status_code == 409


def test_a_part_is_accepted_commented_on_and_taken_back_where_it_stands(web: Web, stock: Stock) -> None:
    anna, ben = session(web, "Anna", stock.inputs), session(web, "Ben", stock.inputs)
    rita = session(web, "Rita", stock.inputs, AccountRole.REQUESTER)
    assert "0 of 20 parts accepted." in words(anna.get())
    for seat in (anna, ben):
        answer = seat.post("part", path="evidence.wages", accepted="yes")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/review/{stock.inputs}#p-evidence.wages")
    answer = ben.post("comment", text="Which year are these of?", path="evidence.wages")
    assert answer.headers["location"] == f"/review/{stock.inputs}#p-evidence.wages"
    for seat, button in ((anna, "Take back Wages"), (rita, "")):
        part = part_of(seat.get(), "evidence.wages")
        assert "accepted by Anna, Ben" in part and "Which year are these of?" in part
        assert button in part and ("Accept Wages" in part) is False
        assert "1 of 20 parts accepted." in words(seat.get())
    assert anna.post("part", path="evidence.wages", accepted="no").status_code == 303
    part = part_of(anna.get(), "evidence.wages")
    assert "accepted by Ben" in part and "Accept Wages" in part
    assert anna.post("part", path="evidence.nothing", accepted="yes").status_code == 404
    assert anna.post("part", path="evidence.wages", accepted="perhaps").status_code == 422
    assert rita.post("part", path="evidence.wages", accepted="yes").status_code == 403
    ben.client.post(f"/queue/{stock.inputs}/claim", data={"csrf": ben.csrf})
    assert anna.post("part", path="growth", accepted="yes").status_code == 409
    assert "Accept" not in part_of(anna.get(), "growth")
    assert (anna.decisions(), web.desk.waiting(stock.inputs).gate) == ([], "inputs")


def part_of(answer: httpx.Response, place: str) -> str:
    """What the page says between the head of a part and its first claim."""
    found = re.search(rf'id="p-{re.escape(place)}"(.*?)<ul class="claims">', answer.text, re.DOTALL)
    assert found is not None, place
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def test_what_is_held_by_another_is_read_only_and_every_decision_refused(web: Web, stock: Stock) -> None:
    anna, ben = session(web, "Anna", stock.inputs), session(web, "Ben", stock.inputs)
    taken = anna.client.post(f"/queue/{stock.inputs}/claim", data={"csrf": anna.csrf})
    assert taken.headers["location"] == f"/review/{stock.inputs}"
    page = ben.get()
    assert "Anna holds it until" in words(page)
    assert 'id="edit"' not in page.text and "/approve" not in page.text
    assert re.search(r'name="at:inputs.tasks.0.score"[^>]*disabled', page.text)
    for action in ("approve", "reject", "send_back"):
        refused = ben.post(action, reason=LONG_REASON)
        assert refused.status_code == 409
        assert "Anna" in words(refused)
    refused = ben.post("edit", {"at:inputs.tasks.0.score": "3", "confirmed": "yes"})
    assert (refused.status_code, ben.decisions()) == (409, [])
    over = ben.client.post(f"/queue/{stock.inputs}/claim", data={"csrf": ben.csrf, "over": "Anna is on holiday now."})
    assert over.status_code == 303
    assert 'id="edit"' in ben.get().text
    assert anna.post("renew").status_code == 409


def test_the_state_of_a_review_says_who_holds_it_who_approved_it_and_what_was_decided(web: Web, stock: Stock) -> None:
    anna, ben = session(web, "Anna", stock.inputs), session(web, "Ben", stock.inputs)
    revision = web.revision(stock.inputs)
    state = ben.get("/state").json()
    assert (state["revision"], state["claimed_by"], state["claimed_until"]) == (revision, None, None)
    assert (state["approvals"], state["decided"], state["decided_about"]) == ([], None, None)
    anna.client.post(f"/queue/{stock.inputs}/claim", data={"csrf": anna.csrf})
    state = ben.get("/state").json()
    assert (state["claimed_by"], state["claimed_until"]) == ("Anna", web.desk.waiting(stock.inputs).claimed_until)
    anna.record({"at:inputs.tasks.0.score": "3"})
    assert ben.get("/state").json()["decided_about"] == revision
    anna.post("approve")
    [approval] = ben.get("/state").json()["approvals"]
    assert approval["by"] == "Anna"
    assert 'data-approved="1"' in ben.get().text


def test_a_requester_reads_and_comments_and_decides_nothing(web: Web, stock: Stock) -> None:
    rita = session(web, "Rita", stock.inputs, AccountRole.REQUESTER)
    page = rita.get()
    assert 'id="edit"' not in page.text and "Take it" not in page.text
    for action in ("approve", "reject", "send_back"):
        assert rita.post(action, reason=LONG_REASON).status_code == 403
    assert rita.post("edit", {"at:inputs.tasks.0.score": "3", "confirmed": "yes"}).status_code == 403
    assert rita.post("comment", text="The share of time looks low.").status_code == 303
    assert rita.decisions() == []


def test_the_evidence_of_a_claim_marks_the_quote_in_its_passage_and_shows_what_speaks_against(anna: Seat) -> None:
    source, rests_on = anna.content().sources[-1], anna.content().inputs.evidence[EvidenceName.WAGES].claims[0]
    quote = " ".join(source.text.split()[:9])
    other = {"passage": source.passage, "quote": quote}
    claim = {**rests_on.model_dump(mode="json"), "text": quote, "stance": "against", "citations": [other]}
    claims = evidence_of(anna.record({"add:inputs.evidence.wages.claims": json.dumps(claim)}))
    path = "evidence.wages.claims.0"
    one = claims[path]
    assert one.verdict is not None and one.against == "evidence.wages.claims.1"
    fragment = anna.client.get(
        f"/review/{anna.assessment}/evidence", params={"path": path}, headers={"x-part": "yes"}
    ).text
    assert f"<mark>{one.passages[0].quote}</mark>" in unescape(fragment)
    assert f'<span class="badge {one.verdict.value}">' in fragment
    assert "The strongest against it" in fragment
    assert claims[one.against].claim.text in unescape(fragment)
    assert "<html" not in fragment and "<html" in anna.get("/evidence", path=path).text
    assert anna.get("/evidence", path="tasks.99.claims.0").status_code == 404


def test_what_was_opened_is_known_at_the_next_visit(anna: Seat) -> None:
    path = next(path for path, one in evidence_of(anna.content()).items() if one.passages)
    assert f'data-path="{path}" data-looked="no"' in anna.get().text
    anna.get("/evidence", path=path)
    assert f'data-path="{path}" data-looked="yes"' in anna.get().text
    anna.record({"at:inputs.tasks.0.score": "3"})
    assert f'data-path="{path}" data-looked="yes"' in anna.get().text
    anna.post("send_back", reason=REASON)
    anna.web.settle()
    assert f'data-path="{path}" data-looked="no"' in anna.get().text


def test_deferring_gives_it_back_and_leaves_it_open(anna: Seat) -> None:
    anna.client.post(f"/queue/{anna.assessment}/claim", data={"csrf": anna.csrf})
    assert anna.web.desk.waiting(anna.assessment).claimed_by == "Anna"
    assert anna.post("defer").headers["location"] == "/"
    assert anna.web.desk.waiting(anna.assessment).claimed_by is None
    assert "deferred" in anna.web.desk.events(anna.assessment)


def test_a_decision_against_takes_a_reason_of_some_length(anna: Seat) -> None:
    for action in ("reject", "send_back"):
        for reason in ("", "short", "x" * 5000):
            assert (anna.post(action, reason=reason).status_code, anna.decisions()) == (422, []), (action, reason)


def test_a_rejected_assessment_says_who_rejected_it_and_why_and_offers_the_next(anna: Seat, stock: Stock) -> None:
    anna.post("reject", reason=LONG_REASON)
    anna.web.settle()
    page = anna.get()
    assert "Anna decided reject on gate inputs" in words(page) and LONG_REASON in words(page)
    assert 'id="next"' in page.text and f'/review/{anna.assessment}"' not in page.text.split('id="next"')[1][:200]
    state = anna.get("/state").json()
    assert (state["status"], state["revision"], state["busy"], state["seconds"]) == ("rejected", None, False, 0)


def test_the_page_of_gate_two_is_framed_with_its_own_policy_and_runs_nothing_of_ours(anna: Seat, stock: Stock) -> None:
    anna.assessment = stock.publication
    answer = anna.get("/page")
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy and "frame-ancestors 'self'" in policy
    assert anna.csrf not in answer.text
    assert f'src="/review/{stock.publication}/page" sandbox="allow-scripts"' in anna.get().text


def test_only_a_whole_id_opens_a_review(anna: Seat) -> None:
    for wrong in ("widget", "nobody-00000000", anna.assessment[:-2], f"{anna.assessment}%00", "%2e%2e"):
        for part in ("", "/state", "/evidence?path=x", "/page"):
            assert anna.client.get(f"/review/{wrong}{part}").status_code == 404, (wrong, part)


HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}</textarea><b>"


def _hostile(document: Document, prompt: Prompt) -> Document:
    tasks = document["tasks"]
    assert isinstance(tasks, list)
    first = tasks[0]
    claims = [sourced(shown(prompt)[0]), *first["claims"]]
    claims[0] = {**claims[0], "text": HOSTILE, "proxy": HOSTILE, "horizon": HOSTILE[:50]}
    return {**document, "tasks": [{**first, "name": HOSTILE, "claims": claims}, *tasks[1:]]}


@pytest.fixture
def hostile(stock: Stock, tmp_path: Path) -> Iterator[Seat]:
    script = WidgetScript().but("tasks", _hostile)
    with open_web(copy_home(stock.home, tmp_path / "home"), script) as web:
        assessment = web.desk.start().id
        client = web.browser()
        yield Seat(web, client, web.csrf(client), assessment)


def test_hostile_text_is_text_wherever_the_page_shows_it(hostile: Seat) -> None:
    content = hostile.content()
    assert content.inputs.tasks[0].name == HOSTILE
    hostile.post("comment", text=HOSTILE, path="tasks.0.claims.0")
    hostile.record({"at:inputs.tasks.0.claims.0.text": f"{HOSTILE} again"})
    pages = [
        hostile.get(),
        hostile.get("/evidence", path="tasks.0.claims.0"),
        hostile.get("/search", q=HOSTILE, path="tasks.0.claims.0"),
        hostile.get("/search", q="widget", path=HOSTILE),
        hostile.get("/evidence", path=HOSTILE),
        hostile.post("edit", {"at:inputs.tasks.0.name": f"{HOSTILE} more"}),
        hostile.post("edit", {f"at:{HOSTILE}": "x"}),
        hostile.post("approve", revision=HOSTILE),
        hostile.client.get("/"),
    ]
    for page in pages:
        assert not re.search(r"<(img|script(?! src=\"/static/)|b)[ >]", page.text), page.url
        assert not re.search(r"\son\w+=", re.sub(r">[^<]*<|\"[^\"]*\"", "", page.text)), page.url
    assert "onerror=alert(1)" in unescape(pages[0].text)


def test_the_page_says_how_far_drafts_agree_or_that_there_was_one(anna: Seat) -> None:
    assert "No interval is known: the inputs were drafted once" in words(anna.get())
    several = Seat(anna.web, anna.client, anna.csrf, anna.web.desk.start(drafts=2).id)
    found = several.content().agreement
    assert found is not None
    assert f"2 independent drafts score {found.low}: 2 Green." in words(several.get())
    assert f"Draft 2: {found.high} GREEN" in words(several.get())
