"""Runs that stopped before a checkpoint: in the queue with what carries them on, and carried on by whoever may run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest
from factories_web import Stock, Web, open_web, over_desk
from factories_workflow import FixedStamps, a_request, copy_home, open_desk
from filelock import FileLock
from pydantic import BaseModel
from scripts_workflow import WidgetScript

from agent.errors import UpstreamFailed
from agent.llm.port import Prompt
from agent.review.identity import Scope
from agent.schemas.vocabulary import Status
from agent.workflow.state import GRAPH_VERSION

ENDPOINT = "The endpoint answered 503 three times."


class Line:
    """A scripted model whose line can be down."""

    def __init__(self) -> None:
        self.down, self._script = True, WidgetScript()

    def __call__(self, prompt: Prompt, schema: type[BaseModel], sample: int) -> object:
        if self.down:
            raise UpstreamFailed(ENDPOINT)
        return self._script(prompt, schema, sample)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def web(stock: Stock, tmp_path: Path, line: Line) -> Iterator[Web]:
    with open_web(copy_home(stock.home, tmp_path / "home"), line) as web:
        yield web


def listed(page: str) -> str:
    """What the queue says of stopped runs; empty where it says nothing."""
    _, _, section = page.partition('aria-labelledby="stopped-title"')
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", section.partition("</section>")[0])).split())


def killed(web: Web, assessment: str = "killed-1", **changes: object) -> str:
    """A run that was begun and ended with its process before anything was kept of it."""
    values = {"role": "Widget Engineer", "seniority": "", "graph_version": GRAPH_VERSION, **changes}
    request = a_request().model_dump(mode="json")
    web.desk.stores.assessments.create(assessment, request=request, **values)  # type: ignore[arg-type]
    return assessment


def test_a_run_that_failed_is_below_what_waits_with_its_reason_and_its_command(web: Web, stock: Stock) -> None:
    failed = web.desk.start()
    assert failed.status is Status.FAILED
    page = web.browser().get("/").text
    said = listed(page)
    assert f"Widget Engineer failed {ENDPOINT}" in said and f"assess-role resume {failed.id}" in said
    assert page.index(stock.publication) < page.index("stopped-title")
    assert stock.inputs not in said
    assert listed(web.browser().get("/", params={"q": "widget"}).text) == ""


def test_resume_carries_it_on_to_its_checkpoint_behind_the_answer(web: Web, line: Line) -> None:
    failed, browser = web.desk.start().id, web.browser()
    assert f'action="/queue/{failed}/resume"' in browser.get("/").text
    assert f'action="/queue/{failed}/resume"' in browser.get(f"/review/{failed}").text
    line.down = False
    answer = browser.post(f"/queue/{failed}/resume", data={"csrf": web.csrf(browser)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/review/{failed}")
    web.settle()
    assert web.desk.stores.assessments.get(failed).status is Status.WAITING
    assert listed(browser.get("/").text) == "" and f'data-item="{failed}"' in browser.get("/").text


def test_a_script_resumes_with_the_scope_to_run_and_not_without(web: Web, line: Line) -> None:
    failed = web.desk.start().id
    address = f"/api/v1/assessments/{failed}/resume"
    line.down = False
    without = web.script("Ben", Scope.READ, Scope.DECIDE)
    assert without.post(address).status_code == 403
    assert f"/queue/{failed}/resume" not in without.get("/").text
    assert web.visitor().post(address).status_code == 401
    answer = web.script("Rita", Scope.READ, Scope.RUN).post(address)
    assert (answer.status_code, answer.json()["id"], answer.json()["ok"]) == (202, failed, True)
    web.settle()
    assert web.desk.stores.assessments.get(failed).status is Status.WAITING


def test_a_run_that_fails_again_is_listed_again(web: Web) -> None:
    failed, ben = web.desk.start().id, web.script("Ben")
    assert ben.post(f"/api/v1/assessments/{failed}/resume").status_code == 202
    web.settle()
    assert ENDPOINT in listed(ben.get("/").text)


def test_what_would_stop_again_has_its_command_and_no_button(stock: Stock, tmp_path: Path) -> None:
    home = copy_home(stock.home, tmp_path / "home")
    with open_desk(home, stamps=FixedStamps(first=1000), connected=False) as desk, over_desk(home, desk) as web:
        browser = web.browser()
        needs, spent = desk.start().id, killed(web, "spent-1")
        outcome = {"kind": "budget", "message": "900 of 1000 are spent.", "hint": "", "exit_code": 5}
        desk.stores.assessments.set_status(spent, Status.FAILED, outcome)
        page = browser.get("/").text
        said = listed(page)
        assert "needs model No model is connected." in said and f"On the server: assess-role resume {needs}" in said
        assert f"900 of 1000 are spent. On the server: assess-role resume {spent} --max-tokens N" in said
        assert "/resume" not in page
        csrf = web.csrf(browser)
        for stopped, code, hint in ((needs, 409, "Connect a model"), (spent, 503, f"{spent} --max-tokens N")):
            before = desk.events(stopped)
            refused = browser.post(f"/queue/{stopped}/resume", data={"csrf": csrf})
            assert (refused.status_code, hint in refused.text, desk.events(stopped)) == (code, True, before)


def test_a_run_whose_process_ended_is_listed_and_one_that_a_process_works_on_is_not(web: Web, line: Line) -> None:
    name, browser = killed(web), web.browser()
    locks = web.desk.runner.locks
    locks.mkdir(parents=True, exist_ok=True)
    with FileLock(locks / f"{name}.lock"):
        assert listed(browser.get("/").text) == ""
    assert "The process that ran it ended." in listed(browser.get("/").text)
    assert "The process that ran it ended." in browser.get(f"/review/{name}").text
    line.down = False
    assert browser.post(f"/queue/{name}/resume", data={"csrf": web.csrf(browser)}).status_code == 303
    web.settle()
    assert web.desk.waiting(name).assessment == name


def test_a_run_of_another_version_of_the_graph_is_not_resumed(web: Web) -> None:
    name, browser = killed(web, graph_version="0"), web.browser()
    assert f"On the server: assess-role resume {name}" in listed(browser.get("/").text)
    assert web.script("Ben").post(f"/api/v1/assessments/{name}/resume").status_code == 409


def test_what_waits_or_has_ended_is_not_resumed_and_stays_as_it_is(web: Web, stock: Stock) -> None:
    ben = web.script("Ben")
    before = {name: web.desk.events(name) for name in (stock.inputs, stock.published)}
    for name, said in ((stock.inputs, "waits for a decision"), (stock.published, "it is published")):
        refused = ben.post(f"/api/v1/assessments/{name}/resume")
        assert (refused.status_code, said in refused.json()["error"]["message"]) == (409, True)
        assert web.desk.events(name) == before[name]
    assert ben.post("/api/v1/assessments/nothing-1/resume").status_code == 404


def test_two_who_resume_at_once_carry_it_on_once(web: Web, line: Line) -> None:
    failed, ben = web.desk.start().id, web.script("Ben")
    line.down = False
    address = f"/api/v1/assessments/{failed}/resume"
    with ThreadPoolExecutor(2) as pool:
        posts = [pool.submit(ben.post, address) for _ in range(2)]
        assert {post.result().status_code for post in posts} <= {202, 409}
    web.settle()
    assert web.desk.events(failed).count("status: running") == 1
    assert len(web.desk.stores.assessments.revisions(failed)) == 1
