"""Many at once, and a server that ends between a decision and what follows from it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from factories_web import Stock, Web, open_web
from factories_workflow import ANNA, REASON, FixedStamps, copy_home, open_desk

from agent.schemas.vocabulary import Status

DECIDERS = 20


def test_twenty_deciders_at_once_make_one_decision_and_one_publication(web: Web, stock: Stock) -> None:
    revision = web.revision(stock.publication)
    scripts = [web.script(f"Reviewer {at}") for at in range(DECIDERS)]
    start = threading.Barrier(DECIDERS)

    def decide(at: int) -> tuple[int, str]:
        body: dict[str, object] = {"action": "approve", "revision": revision}
        if at % 2:
            body = {"action": "reject", "revision": revision, "reason": REASON}
        start.wait(60)
        answer = scripts[at].post(f"/api/v1/assessments/{stock.publication}/decisions", json=body)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(DECIDERS) as pool:
        outcomes = list(pool.map(decide, range(DECIDERS)))
    web.settle()
    assert sorted(status for status, _ in outcomes) == [200] + [409] * (DECIDERS - 1)
    last = web.desk.stores.reviews.decisions(stock.publication)[-1]
    assert len(web.desk.stores.reviews.decisions(stock.publication)) == 2
    assert all(last.reviewer in text for _, text in outcomes)
    status = web.desk.stores.assessments.get(stock.publication).status
    published = [row.assessment for row in web.desk.stores.publications.done()]
    assert (status, published.count(stock.publication)) == (
        (Status.PUBLISHED, 1) if last.action == "approve" else (Status.REJECTED, 0)
    )


def test_a_double_click_in_two_windows_decides_once(web: Web, stock: Stock) -> None:
    browser = web.browser()
    csrf, revision = web.csrf(browser), web.revision(stock.inputs)
    fields = {"csrf": csrf, "revision": revision, "reason": REASON}
    with ThreadPoolExecutor(4) as pool:
        clicks = [pool.submit(browser.post, f"/review/{stock.inputs}/reject", data=fields) for _ in range(4)]
        statuses = sorted(click.result().status_code for click in clicks)
    web.settle()
    assert statuses == [303, 409, 409, 409]
    assert [decision.action for decision in web.desk.stores.reviews.decisions(stock.inputs)] == ["reject"]


def test_a_server_that_ended_after_a_decision_is_made_good_by_the_next_one(stock: Stock, tmp_path: Path) -> None:
    home = copy_home(stock.home, tmp_path / "home")
    with open_desk(home, stamps=FixedStamps(first=500)) as desk:
        revision = desk.waiting(stock.publication).revision
        desk.runner.take(stock.publication, lambda service: service.approve(stock.publication, revision, ANNA))
        assert desk.stores.publications.of(stock.publication) is None
    for first in (1000, 2000):
        with open_web(home, first=first) as web:
            web.worker.settle_standing()
            row = web.desk.stores.publications.of(stock.publication)
            assert row is not None and (row.status, row.revision) == ("done", revision)
            rows = [row for row in web.desk.stores.publications.done() if row.assessment == stock.publication]
            assert (len(rows), web.worker.left_standing()) == (1, ())


def test_what_nobody_decided_about_is_not_carried_on(web: Web, stock: Stock) -> None:
    assert web.worker.left_standing() == ()
    web.worker.settle_standing()
    assert {row.assessment for row in web.desk.stores.reviews.waiting()} == {
        stock.inputs,
        stock.other,
        stock.publication,
    }
