"""Webhooks: in order, at least once, signed, and never in the way of a decision."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from factories_workflow import ANNA, NOW, REASON, Desk, a_settings
from pydantic import SecretStr
from receivers_workflow import SECRET, Receiver, a_receiver

from agent.errors import AssessorError, InvalidInput, Prerequisite
from agent.settings import Settings, read_settings
from agent.store.webhooks import SKIPPED, WebhookStore
from agent.workflow.webhooks import (
    MOST_ATTEMPTS,
    Delivered,
    deliver_due,
    deliverer,
    hook_of,
    shown_address,
    signature,
    wait_min,
    webhook_client,
)

Open = Callable[..., Desk]


class Clock:
    """A clock that is set forward."""

    def __init__(self) -> None:
        self.at = datetime.fromisoformat(NOW)

    def now(self) -> str:
        return self.at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def token(self) -> str:
        raise AssertionError("no id is made here")

    def forward(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as found:
        yield found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with webhook_client() as found:
        yield found


def hooked(home: Path, url: str, **changes: object) -> Settings:
    return a_settings(home).model_copy(update={"webhook_url": url, "webhook_secret": SecretStr(SECRET), **changes})


class Telling:
    """Deliveries from one desk to one receiver, begun."""

    def __init__(self, desk: Desk, settings: Settings, clock: Clock, client: httpx.Client) -> None:
        self.desk, self.settings, self.clock, self.client = desk, settings, clock, client

    def __call__(self) -> Delivered:
        return deliver_due(self.desk.stores.db, self.settings, self.clock, self.client)


@pytest.fixture
def telling(open_at: Open, home: Path, receiver: Receiver, clock: Clock, client: httpx.Client) -> Telling:
    found = Telling(open_at(), hooked(home, receiver.url), clock, client)
    assert found() == Delivered()
    return found


def test_items_decisions_and_the_publication_are_told_in_order_with_a_signature_that_verifies(
    telling: Telling, receiver: Receiver
) -> None:
    assessment = telling.desk.start().id
    first = telling.desk.waiting(assessment)
    telling.desk.approve(assessment)
    second = telling.desk.waiting(assessment)
    telling.desk.approve(assessment)
    assert (telling().sent, telling().sent) == (5, 0)
    told = [got.document for got in receiver.got]
    assert [(one["event"], one["gate"], one["action"], one["who"]) for one in told] == [
        ("item", "inputs", None, "assess-role"),
        ("decision", "inputs", "approve", "Anna"),
        ("item", "publication", None, "assess-role"),
        ("decision", "publication", "approve", "Anna"),
        ("published", None, None, "assess-role"),
    ]
    assert [one["revision"] for one in told] == [first.revision] * 2 + [second.revision] * 3
    assert {(one["assessment"], one["score"], one["label"]) for one in told} == {(assessment, first.score, first.label)}
    assert [one["version"] for one in told] == [None] * 4 + [1]
    assert receiver.ids == sorted(receiver.ids)
    for got in receiver.got:
        assert got.verified()
        assert not got.verified("another secret")
        assert got.headers["X-Assess-Role-Event"] == str(got.document["id"])
        assert got.headers["X-Assess-Role-Attempt"] == "1"
        assert SECRET.encode() not in got.body + str(got.headers).encode()


def test_what_is_told_holds_neither_reason_nor_text_of_an_article(telling: Telling, receiver: Receiver) -> None:
    assessment = telling.desk.start().id
    content = telling.desk.content(assessment)
    telling.desk.stores.review.reject(assessment, content.revision(), ANNA, REASON)
    telling()
    sent = b"".join(got.body for got in receiver.got).decode()
    assert receiver.got[-1].document["action"] == "reject"
    assert REASON not in sent
    assert not any(word in sent for source in content.sources for word in (source.text[:40], source.meta.title))


def test_an_approval_that_waits_for_another_one_is_told_as_not_complete(telling: Telling, receiver: Receiver) -> None:
    assessment = telling.desk.start().id
    telling.desk.stores.reviews.decide(
        assessment=assessment,
        revision=telling.desk.waiting(assessment).revision,
        action="approve",
        reviewer="Anna",
        auth="token",
        channel="web",
        enough=lambda people: len(people) > 1,
    )
    telling()
    last = receiver.got[-1].document
    assert (last["event"], last["action"], last["complete"], last["gate"]) == ("decision", "approve", False, "inputs")


def test_first_use_starts_at_the_present_end_of_the_trail(
    open_at: Open, home: Path, receiver: Receiver, clock: Clock, client: httpx.Client
) -> None:
    desk = open_at()
    desk.start()
    telling = Telling(desk, hooked(home, receiver.url), clock, client)
    assert telling() == Delivered()
    desk.start()
    assert telling().sent == 1
    assert len(receiver.got) == 1


@pytest.mark.parametrize(("status", "said"), [(500, "HTTP 500"), (302, "HTTP 302"), (404, "HTTP 404"), (-1, "reached")])
def test_what_is_not_taken_is_tried_again_later_and_what_follows_waits(
    status: int, said: str, telling: Telling, receiver: Receiver
) -> None:
    assessment = telling.desk.start().id
    telling.desk.approve(assessment)
    receiver.answer = lambda got: status
    failed = telling()
    assert (failed.sent, failed.pending, failed.attempts) == (0, 3, 1)
    assert said in str(failed.error)
    assert telling() == failed.model_copy(update={"error": None})
    assert len(receiver.got) == 1
    telling.clock.forward(1)
    assert telling().attempts == 2
    telling.clock.forward(1)
    assert telling().error is None
    assert len(receiver.got) == 2
    receiver.answer = lambda got: 204
    telling.clock.forward(1)
    assert telling() == Delivered(sent=3)
    assert [got.headers["X-Assess-Role-Attempt"] for got in receiver.got] == ["1", "2", "3", "1", "1"]
    assert len(set(receiver.ids[:3])) == 1
    assert len({got.body for got in receiver.got[:3]}) == 1
    assert hook_of(telling.desk.stores.db, telling.settings, telling.clock).last_error is None


def test_a_receiver_that_is_not_there_or_does_not_answer_blocks_no_decision(
    telling: Telling, receiver: Receiver, home: Path
) -> None:
    release = threading.Event()
    receiver.answer = lambda got: 204 if release.wait(20) else 500
    assessment = telling.desk.start().id
    with httpx.Client(timeout=0.05, trust_env=False) as hasty:
        found = deliver_due(telling.desk.stores.db, telling.settings, telling.clock, hasty)
    assert found.error == "it did not answer within 5 s"
    telling.desk.approve(assessment)
    release.set()
    nowhere = hooked(home, "http://127.0.0.1:9/")
    deliver_due(telling.desk.stores.db, nowhere, telling.clock, telling.client)
    telling.desk.approve(assessment)
    gone = deliver_due(telling.desk.stores.db, nowhere, telling.clock, telling.client)
    assert (gone.error, gone.pending) == ("it cannot be reached", 2)
    assert telling.desk.stores.assessments.get(assessment).status == "published"


def test_a_crash_between_sending_and_keeping_it_sends_the_same_event_again(
    telling: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling.desk.start()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WebhookStore, "told", crash)
        with pytest.raises(KeyboardInterrupt):
            telling()
    assert telling().sent == 0
    telling.clock.forward(1)
    assert telling().sent == 1
    assert len(receiver.got) == 2
    assert len(set(receiver.ids)) == 1
    assert [got.headers["X-Assess-Role-Attempt"] for got in receiver.got] == ["1", "2"]


def test_two_deliverers_at_once_send_each_event_once(telling: Telling, receiver: Receiver) -> None:
    for _ in range(3):
        telling.desk.start()
    together = threading.Barrier(8, timeout=20)
    found: list[Delivered] = []

    def deliver() -> None:
        with webhook_client() as client:
            together.wait()
            found.append(deliver_due(telling.desk.stores.db, telling.settings, telling.clock, client))

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    telling()
    assert len(found) == 8
    assert len(receiver.ids) == 3
    assert receiver.ids == sorted(set(receiver.ids))


def test_an_attempt_that_took_too_long_does_not_undo_what_another_one_did(telling: Telling, receiver: Receiver) -> None:
    telling.desk.start()
    store = WebhookStore(telling.desk.stores.db, telling.clock)
    slow = store.claim(store.begin(receiver.url))
    assert slow is not None
    telling.clock.forward(2)
    assert telling().sent == 1
    assert store.failed(slow, "too late", minutes=60) is None
    assert store.told(slow, 0) is None
    assert store.begin(receiver.url).last_error is None


def test_after_the_last_attempt_an_event_is_given_up_with_an_entry_in_the_trail_and_the_next_is_sent(
    telling: Telling, receiver: Receiver
) -> None:
    telling.desk.start()
    telling.desk.start()
    receiver.answer = lambda got: 500 if got.document["id"] == receiver.ids[0] else 204
    waits = []
    for _ in range(MOST_ATTEMPTS - 1):
        found = telling()
        assert (found.error, found.pending) == ("it answered HTTP 500", 2)
        begun = telling.clock.at
        telling.clock.at = datetime.fromisoformat(str(found.due_at))
        waits.append((telling.clock.at - begun).total_seconds() / 60)
    assert waits == [wait_min(n) for n in range(1, MOST_ATTEMPTS)]
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert telling() == Delivered(sent=1, skipped=1)
    assert len(receiver.got) == MOST_ATTEMPTS + 1
    [entry] = [e for e in telling.desk.stores.audit.entries() if e.event == SKIPPED]
    assert entry.detail == {
        "entry": receiver.ids[0],
        "attempts": MOST_ATTEMPTS,
        "error": "it answered HTTP 500",
        "address": receiver.url.rstrip("/"),
    }
    assert telling.desk.stores.audit.problems() == ()
    assert hook_of(telling.desk.stores.db, telling.settings, telling.clock).skipped == 1


def test_no_secret_is_in_errors_status_or_trail(
    open_at: Open, home: Path, receiver: Receiver, clock: Clock, client: httpx.Client
) -> None:
    desk = open_at()
    url = receiver.url.replace("http://", "http://user:pa55word@") + "hook/t0ken?key=k3y"
    telling = Telling(desk, hooked(home, url), clock, client)
    telling()
    desk.start()
    receiver.answer = lambda got: 500
    said = []
    for _ in range(MOST_ATTEMPTS):
        said.append(str(telling()))
        clock.forward(61)
    hook = hook_of(desk.stores.db, telling.settings, clock)
    said += [str(hook), str([entry.model_dump() for entry in desk.stores.audit.entries()])]
    assert hook.skipped == 1
    for secret in ("pa55word", "t0ken", "k3y", SECRET):
        assert not any(secret in one for one in said)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"webhook_url": None}, Prerequisite),
        ({"webhook_secret": None}, Prerequisite),
        ({"webhook_secret": SecretStr("")}, Prerequisite),
        ({"webhook_url": "file:///etc/passwd"}, InvalidInput),
    ],
)
def test_without_address_and_secret_nothing_is_sent(
    changes: dict[str, object],
    error: type[AssessorError],
    open_at: Open,
    home: Path,
    clock: Clock,
    client: httpx.Client,
) -> None:
    settings = hooked(home, "http://127.0.0.1:9/").model_copy(update=changes)
    with pytest.raises(error):
        deliver_due(open_at().stores.db, settings, clock, client)


@pytest.mark.parametrize("address", ["ftp://example.org/x", "javascript:alert(1)", "example.org/hook", "http://"])
def test_an_address_has_to_be_one_of_http(address: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="webhook_url"):
        read_settings({"ASSESS_ROLE_HOME": str(tmp_path), "ASSESS_ROLE_WEBHOOK_URL": address})


def test_a_server_delivers_with_one_function_that_does_nothing_where_no_address_is_set(
    telling: Telling, receiver: Receiver, home: Path
) -> None:
    telling.desk.start()
    deliverer(telling.desk.stores.db, a_settings(home), telling.clock)()
    assert receiver.got == []
    deliverer(telling.desk.stores.db, telling.settings, telling.clock)()
    assert len(receiver.got) == 1


def test_the_signature_is_the_documented_one() -> None:
    assert signature("secret", 1767225600, b'{"id":1}') == (
        "t=1767225600,v1=97b5e286e0787bc828806008c500155f0522c15d4e9d491274c2baaf04c4dd8e"
    )
    assert shown_address("https://user:pass@example.org:8443/hook?key=1") == "https://example.org:8443"
