"""The review queue in a real browser, as two reviewers use it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from factories_web import Stock, Web, over_desk
from factories_workflow import REASON, FixedStamps, copy_home, open_desk
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from agent.review.accounts import PASSWORD, open_session
from agent.review.service import Reviewer
from agent.web.app import application
from agent.web.server import names_of
from agent.web.visitor import COOKIE
from agent.workflow.state import GRAPH_VERSION

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Nothing is asked of any other host."""
PATIENCE_MS = 20_000
POLL_MS = 4_000
"""Between two looks of a page for what changed."""
HELD_MS = 6_000
"""Longer than a decision is held back."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no browser here: `apt-get install chromium`")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        flags = (*FLAGS, "--no-sandbox") if os.geteuid() == 0 else FLAGS
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(flags))
        yield browser
        browser.close()


@dataclass
class Server:
    """The application at an address of this machine."""

    web: Web
    address: str
    browser: Browser
    complaints: list[str]
    """What browsers said of the pages: errors of scripts, and what the policy kept from being done."""

    def visitor(self, name: str, **options: object) -> BrowserContext:
        """The browser of a reviewer who signed in."""
        stores = self.web.desk.stores
        account = stores.accounts.find(name) or stores.accounts.find(self.web.account(name))
        assert account is not None
        secret, _ = open_session(stores.accounts, stores.stamps, account, PASSWORD)
        context = self.browser.new_context(base_url=self.address, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": COOKIE, "value": secret, "url": self.address}])
        return context

    def page(self, context: BrowserContext, path: str = "/") -> Page:
        """A page whose clock the test moves."""
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Policy" in said.text else None)
        page.clock.install()
        page.goto(path)
        return page


@pytest.fixture
def server(chromium: Browser, stock: Stock, tmp_path: Path) -> Iterator[Server]:
    home = copy_home(stock.home, tmp_path / "home")
    with open_desk(home, stamps=FixedStamps(first=1000)) as desk, over_desk(home, desk) as web, _listening(web) as port:
        server = Server(web, f"http://127.0.0.1:{port}", chromium, [])
        yield server
        for context in chromium.contexts:
            context.close()
        assert server.complaints == []


@contextmanager
def _listening(web: Web) -> Iterator[int]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = int(listener.getsockname()[1])
    app = application(web.app.state.desk, hosts=names_of("127.0.0.1", port, ()))
    running = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", access_log=False))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield port
    finally:
        running.should_exit = True
        thread.join()


def decide(page: Page) -> None:
    """Let the time pass in which a decision can be taken back."""
    expect(page.locator("#held")).to_be_visible()
    with page.expect_navigation():
        page.clock.run_for(HELD_MS)


def approve(page: Page) -> None:
    page.keyboard.press("a")
    expect(page.locator("#ask")).to_contain_text("You opened no evidence.")
    page.keyboard.press("Enter")
    decide(page)


def test_two_reviewers_take_an_assessment_from_the_queue_to_its_publication(server: Server, stock: Stock) -> None:
    anna, ben = (server.page(server.visitor(name)) for name in ("Anna", "Ben"))
    reviews = server.web.desk.stores.reviews
    here = f"/review/{stock.inputs}"

    # Anna finds it with the keyboard, opens it and takes it; Ben has it open too.
    items = anna.locator("table.queue tbody tr")
    place = [row.get_attribute("data-item") for row in items.all()].index(stock.inputs)
    for _ in range(place + 1):
        anna.keyboard.press("j")
    anna.keyboard.press("Enter")
    anna.wait_for_url(f"**{here}")
    ben.goto(here)
    anna.keyboard.press("t")
    expect(anna.locator(".standing")).to_contain_text("You hold it")

    # Ben is refused, with the name of who holds it.
    ben.keyboard.press("x")
    ben.keyboard.type("Nobody asked for this role.")
    ben.locator("#no button").click()
    decide(ben)
    expect(ben.get_by_role("alert")).to_contain_text("Anna")
    expect(ben.locator("main")).to_contain_text("Nothing of yours was recorded.")
    assert reviews.decisions(stock.inputs) == ()

    # Anna opens evidence and edits scores; score and label follow while she types.
    anna.locator(".claim .open", has_text="Evidence (").first.focus()
    anna.keyboard.press("Enter")
    expect(anna.locator("#evidence mark").first).to_be_visible()
    before = anna.locator("#live-score").inner_text(), anna.locator("#live-label").inner_text()
    for at, task in enumerate(server.web.desk.content(stock.inputs).inputs.tasks):
        if task.bucket.value == "augmentation":
            anna.locator(f'[name="at:inputs.tasks.{at}.score"]').fill("4")
    expect(anna.locator("#live-change")).to_contain_text(f"was {before[0]}")
    expect(anna.locator("#live:not([aria-busy])")).to_be_visible()
    expect(anna.locator("#live-label")).not_to_have_text(before[1])
    expect(anna.locator("#live-label")).to_be_in_viewport()
    shown = anna.locator("#live-score").inner_text(), anna.locator("#live-label").inner_text()
    expect(anna.locator("#pending")).to_contain_text("not recorded")
    anna.keyboard.press("Escape")
    anna.keyboard.press("w")
    expect(anna.locator("main h1")).to_contain_text("The edit of")
    expect(anna.locator(".big strong")).to_have_text(f"{shown[0]} {shown[1]}")
    anna.get_by_role("button", name="Record the edit").click()
    expect(anna.locator("#live-score")).to_have_text(shown[0])
    expect(anna.locator(".number .was").first).to_contain_text("Drafted:")

    # She sends it back with a reason, and receives the redraft.
    anna.keyboard.press("r")
    anna.keyboard.type("The shares of time look wrong to me.")
    anna.locator("#back button").click()
    decide(anna)
    anna.clock.run_for(2_000)
    expect(anna.locator("#since-title + p")).to_have_text("It was sent back: The shares of time look wrong to me.")
    assert [one.action for one in reviews.decisions(stock.inputs)] == ["edit", "send_back"]

    # She edited it, so that her approval takes a second one beside it, at either gate.
    for gate in ("gate 1", "gate 2"):
        for page in (anna, ben):
            page.goto(here)
            expect(page.locator("h1")).to_contain_text(gate)
            approve(page)
            server.web.settle()
    row = server.web.desk.stores.publications.of(stock.inputs)
    assert row is not None and row.status == "done"
    ben.reload()
    expect(ben.get_by_role("link", name="the page")).to_have_attribute(
        "href", re.compile(f"{row.slug}/v{row.version}/")
    )
    taken = [(one.reviewer, one.action) for one in reviews.decisions(stock.inputs)]
    assert taken == [("Anna", "edit"), ("Anna", "send_back"), ("Ben", "approve"), ("Ben", "approve")]


def test_a_decision_is_sent_once_after_its_time_and_not_at_all_when_taken_back_or_left(
    server: Server, stock: Stock
) -> None:
    page = server.page(server.visitor("Anna"), f"/review/{stock.inputs}")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    def reject() -> None:
        page.keyboard.press("x")
        page.keyboard.type("Nobody asked for this role.")
        page.locator("#no form button").dblclick()
        expect(page.locator("#held")).to_be_visible()

    reject()
    page.clock.run_for(4_000)
    page.keyboard.press("u")
    expect(page.locator("#held")).to_be_hidden()
    page.clock.run_for(HELD_MS)
    assert sent == []

    page.reload()
    reject()
    page.goto("/")
    page.clock.run_for(HELD_MS)
    assert sent == []

    page.goto(f"/review/{stock.inputs}")
    reject()
    decide(page)
    assert [url.rpartition("/")[2] for url in sent] == ["reject"]


def test_what_was_typed_is_kept_undone_and_named_before_approving_without_it(server: Server, stock: Stock) -> None:
    page = server.page(server.visitor("Anna"), f"/review/{stock.inputs}")
    field = page.locator('[name="at:inputs.tasks.0.score"]')
    was = field.input_value()
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    page.keyboard.type("3")
    page.reload()
    expect(field).to_have_value("3")
    expect(page.locator("#pending-count")).to_have_text("1 change not recorded")
    page.keyboard.press("a")
    expect(page.locator("#ask")).to_contain_text("1 change that you typed is not recorded")
    page.keyboard.press("Escape")
    expect(page.locator("#held")).to_be_hidden()
    field.fill("4")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(field).to_have_value("3")
    field.fill(was)
    expect(page.locator("#pending")).to_be_hidden()


def test_what_another_reviewer_does_is_said_on_an_open_page_and_takes_nothing_from_it(
    server: Server, stock: Stock
) -> None:
    page = server.page(server.visitor("Ben"), f"/review/{stock.inputs}")
    review, anna = server.web.desk.stores.review, Reviewer(name="Anna", channel="script")
    news, field = page.locator("#news"), page.locator('[name="at:inputs.tasks.0.score"]')
    field.fill("3")
    page.evaluate("window.loaded = 'once'")
    page.clock.run_for(POLL_MS)
    expect(news).to_have_text("")
    shown = news.evaluate("(at) => getComputedStyle(at).display")
    assert (news.get_attribute("aria-live"), shown) == ("polite", "block")

    waiting = server.web.desk.waiting(stock.inputs)
    until = review.claim(waiting.id, anna).expires_at[11:16]
    page.clock.run_for(POLL_MS)
    expect(news).to_contain_text(f"Anna holds it now, until {until} UTC")
    expect(page.locator("#holder")).to_contain_text("Anna holds it")
    review.release(waiting.id, anna)
    page.clock.run_for(POLL_MS)
    expect(news).to_contain_text("Nobody holds it now.")

    review.reject(stock.inputs, waiting.revision, anna, REASON)
    page.clock.run_for(POLL_MS)
    [decision] = server.web.desk.stores.reviews.decisions(stock.inputs)
    expect(news).to_contain_text(f"Anna decided reject on gate inputs at {decision.decided_at}.")
    expect(news).to_contain_text("1 change that you typed is about what is shown here")
    expect(news).to_be_in_viewport()
    assert barriers(page) == []
    assert (page.evaluate("window.loaded"), field.input_value()) == ("once", "3")
    news.get_by_role("link", name="Load it anew").click()
    expect(page.locator("main")).to_contain_text("Anna decided reject")


def test_a_page_that_nobody_looks_at_asks_nothing_and_asks_once_it_is_looked_at(server: Server, stock: Stock) -> None:
    page = server.page(server.visitor("Ben"), f"/review/{stock.inputs}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/state") else None)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    server.web.desk.approve(stock.inputs)
    page.clock.run_for(5 * POLL_MS)
    expect(page.locator("#news")).to_have_text("")
    assert asked == []
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#news")).to_contain_text("Anna decided approve")
    assert len(asked) == 1


@pytest.mark.parametrize("script", [True, False])
def test_a_page_that_is_being_made_is_shown_once_it_is_there(server: Server, stock: Stock, script: bool) -> None:
    page = server.visitor("Anna", java_script_enabled=script).new_page()
    page.goto(f"/review/{stock.published}")
    page.get_by_role("link", name="the page").click()
    expect(page.locator("h1")).to_have_text("This page is being made")
    server.web.site.bring_up_to_date()
    expect(page.locator("h1")).to_contain_text("Widget Engineer")


def test_what_was_typed_into_a_field_is_undone_as_one_change(server: Server, stock: Stock) -> None:
    page = server.page(server.visitor("Anna"), f"/review/{stock.inputs}")
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    claim, other = (page.locator(f'[name="at:inputs.tasks.{at}.claims.0.text"]') for at in (0, 1))
    before = claim.input_value(), other.input_value()
    for field in (claim, other, claim):
        field.focus()
        page.keyboard.press("End")
        page.keyboard.type(" More.")
        page.keyboard.press("Escape")
    expect(page.locator("#pending-count")).to_have_text("2 changes not recorded")
    for left, right in ((" More.", " More."), (" More.", ""), ("", "")):
        page.keyboard.press("u")
        expect(claim).to_have_value(before[0] + left)
        expect(other).to_have_value(before[1] + right)
    page.keyboard.press("u")
    expect(page.locator("body")).to_contain_text("There is nothing to undo.")


def test_every_key_does_what_the_help_says_and_none_holds_the_focus(server: Server, stock: Stock) -> None:
    page = server.page(server.visitor("Anna"), f"/review/{stock.publication}")
    press = page.keyboard.press
    press("?")
    expect(page.locator("#help")).to_be_visible()
    press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    press("/")
    expect(page.locator("#search")).to_be_focused()
    press("Escape")
    press("j")
    press("j")
    press("k")
    assert page.locator(".picked").count() == 1
    press("o")
    expect(page.locator("#evidence h2").first).to_have_text("Evidence")
    press("c")
    expect(page.locator(".picked .talk textarea")).to_be_focused()
    press("Escape")
    press("e")
    expect(page.locator(".picked .change textarea")).to_be_focused()
    press("Escape")
    press("f")
    press("r")
    expect(page.locator("#back textarea")).to_be_focused()
    press("Escape")
    press("x")
    expect(page.locator("#no textarea")).to_be_focused()
    press("Escape")
    press("w")
    expect(page.locator("#said")).to_have_text("Nothing is changed yet.")
    press("a")
    expect(page.locator("#held")).to_be_visible()
    press("u")
    expect(page.locator("#held")).to_be_hidden()
    press("q")
    page.wait_for_url(f"{server.address}/")
    page.goto(f"/review/{stock.publication}")
    press("d")
    page.wait_for_url(f"{server.address}/")
    assert "deferred" in server.web.desk.events(stock.publication)


def test_y_accepts_the_part_of_the_marked_claim_and_takes_it_back_and_the_page_stays(
    server: Server, stock: Stock
) -> None:
    page = server.page(server.visitor("Anna"), f"/review/{stock.inputs}")
    press, part = page.keyboard.press, page.locator("#p-tasks\\.t1")
    page.locator('[name="at:inputs.tasks.1.score"]').fill("4")
    press("Escape")
    press("y")
    expect(page.locator("#p-tasks\\.t2")).to_contain_text("accepted by Anna")
    press("k")
    press("k")
    expect(part).to_be_focused()
    press("Enter")
    expect(page.locator("#evidence h2").first).to_have_text("Evidence")
    press("j")
    assert page.locator(".picked").get_attribute("data-path") == "tasks.0.claims.0"
    press("y")
    expect(part).to_contain_text("accepted by Anna")
    expect(page.locator("#accepted")).to_have_text("2 of 20 parts accepted.")
    expect(page.locator('[name="at:inputs.tasks.1.score"]')).to_have_value("4")
    press("j")
    press("k")
    assert page.locator(".picked").get_attribute("data-path") == "tasks.0.claims.0"
    press("y")
    expect(part).not_to_contain_text("accepted by")
    part.get_by_role("button", name="Accept Design widget lines").click()
    expect(part.get_by_role("button", name="Take back Design widget lines")).to_be_focused()
    press("k")
    press("c")
    expect(page.locator(".picked textarea").first).to_be_visible()
    press("Escape")
    page.locator("#c-evidence\\.wages\\.claims\\.0 .open").click()
    press("y")
    expect(page.locator("#p-evidence\\.wages")).to_contain_text("accepted by Anna")
    page.goto(f"/review/{stock.publication}")
    press("j")
    press("y")
    assert page.locator(".picked").get_attribute("data-path") == "commentary.summary.0"
    expect(page.locator("#said")).to_contain_text("Choose a task or a dimension")


def test_everything_can_be_decided_without_a_script(server: Server, stock: Stock) -> None:
    context = server.visitor("Anna", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/review/{stock.inputs}")
    page.locator(".claim .open").first.click()
    expect(page.locator("h2").first).to_have_text("Evidence")
    page.get_by_label("Search the corpus").fill("pay premium")
    page.get_by_role("button", name="Search").click()
    quote = page.locator("blockquote").first.inner_text().split()[:6]
    page.locator(".quote").first.fill(" ".join(quote))
    page.get_by_role("button", name="Look at the edit").click()
    expect(page.locator("main")).to_contain_text("1 claims new or changed")
    page.goto(f"/review/{stock.inputs}")
    page.get_by_role("button", name="Accept Wages").click()
    expect(page.locator("#p-evidence\\.wages")).to_contain_text("accepted by Anna")
    page.locator('[name="at:inputs.tasks.0.score"]').fill("3")
    page.locator("#record").click()
    page.get_by_role("button", name="Record the edit").click()
    server.web.settle()
    page.goto(f"/review/{stock.other}")
    page.get_by_label(re.compile("approve all the same")).check()
    page.get_by_role("button", name="Approve").click()
    server.web.settle()
    decided = [server.web.desk.stores.reviews.decisions(one)[0].action for one in (stock.inputs, stock.other)]
    assert decided == ["edit", "approve"]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (640, "light")])
def test_no_page_scrolls_sideways_on_a_small_screen(server: Server, stock: Stock, width: int, scheme: str) -> None:
    context = server.visitor("Anna", viewport={"width": width, "height": 400}, color_scheme=scheme)
    page = server.page(context)
    for path in ("/", f"/review/{stock.inputs}", f"/review/{stock.publication}"):
        page.goto(path)
        if path != "/":
            page.locator(".claim .open").first.click()
            expect(page.locator(".claim #evidence h2").first).to_be_visible()
            page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""Every rule that is on by default, and the size of what is pressed (WCAG 2.5.8)."""


def barriers(page: Page) -> list[str]:
    """What axe finds that keeps somebody from using the page."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{rule['id']}: {' '.join(node['target'])}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_serious_on_any_page(server: Server, stock: Stock, width: int, scheme: str) -> None:
    size = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    page = server.page(server.visitor("Anna", **size))
    version = server.web.desk.stores.publications.of(stock.published)
    assert version is not None
    server.web.desk.stores.publications.withdraw(
        version.assessment, version.revision, reviewer="Anna", auth="local", channel="script", reason=REASON
    )
    stopped = ("stopped-1", "stopped-2")
    for name, graph in zip(stopped, (GRAPH_VERSION, "0"), strict=True):
        server.web.desk.stores.assessments.create(
            name, role="Widget Engineer", seniority="", request={}, graph_version=graph
        )
    published = ("/published/", f"/published/roles/{version.slug}/v{version.version}/")
    found = {}
    for path in ("/", *(f"/review/{one}" for one in (stock.inputs, stock.publication, *stopped)), *published):
        page.goto(path)
        if path.startswith("/review/widget"):
            page.locator(".claim .open").first.click()
            expect(page.locator("#evidence h2").first).to_be_visible()
            page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        found[path] = barriers(page)
    stranger = server.browser.new_context(base_url=server.address, **size).new_page()
    stranger.goto("/login")
    found["/login"] = barriers(stranger)
    assert [f"{path}: {what}" for path, all_of in found.items() for what in all_of] == []
    stranger.locator("main").evaluate("(main) => main.append(document.createElement('input'))")
    assert barriers(stranger) != []
