"""Assessments, drafts, stored answers and revisions: every write can be repeated."""

from __future__ import annotations

import ast
import re
import threading
from pathlib import Path

import pytest
from factories_records import Records

import agent.store
from agent.errors import InvalidInput, NotFound
from agent.schemas.base import content_hash
from agent.schemas.vocabulary import Gate, Status
from agent.store.assessments import StoredCall


def a_call(text: str = "answer", *, tokens: int = 10) -> StoredCall:
    return StoredCall(document={"text": text}, prompt="tasks@1", input_tokens=tokens, output_tokens=2)


def test_a_draft_put_twice_is_kept_once(tmp_path: Path) -> None:
    store = Records(tmp_path).assessments
    assert [store.put_draft("widget-1", "tasks", {"a": 1, "b": 2}) for _ in range(2)] == [1, 1]
    assert store.put_draft("widget-1", "tasks", {"b": 2, "a": 1}) == 1
    assert store.put_draft("widget-1", "evidence", {"a": 1}) == 1


def test_a_draft_that_comes_back_after_another_one_is_a_new_one(tmp_path: Path) -> None:
    store = Records(tmp_path).assessments
    assert [store.put_draft("widget-1", "tasks", {"a": value}) for value in (1, 2, 1)] == [1, 2, 3]
    assert [store.draft("widget-1", "tasks", serial) for serial in (1, 2, 3)] == [{"a": 1}, {"a": 2}, {"a": 1}]
    assert store.draft("widget-1", "tasks") == {"a": 1}


def test_a_draft_that_was_never_put_is_not_found(tmp_path: Path) -> None:
    store = Records(tmp_path).assessments
    with pytest.raises(NotFound, match="no draft"):
        store.draft("widget-1", "tasks")
    store.put_draft("widget-1", "tasks", {})
    with pytest.raises(NotFound, match="no draft 2 of tasks"):
        store.draft("widget-1", "tasks", 2)


def test_the_first_answer_to_a_request_stays(tmp_path: Path) -> None:
    store = Records(tmp_path).assessments
    assert store.call("widget-1", "k") is None
    store.put_call("widget-1", "k", a_call("first"))
    store.put_call("widget-1", "k", a_call("second", tokens=99))
    kept = store.call("widget-1", "k")
    assert kept is not None and kept.document == {"text": "first"}
    assert (kept.input_tokens, kept.output_tokens) == (10, 2)


def test_threads_that_answer_one_request_at_once_keep_one_answer(tmp_path: Path) -> None:
    store = Records(tmp_path).assessments
    start, failures = threading.Barrier(8), []

    def put(name: str) -> None:
        start.wait()
        try:
            store.put_call("widget-1", "k", a_call(name))
        except Exception as error:  # noqa: BLE001  whatever it is, the test names it
            failures.append(error)

    threads = [threading.Thread(target=put, args=(str(at),)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.calls("widget-1")) == 1


def test_the_answers_of_assessments_are_their_own(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.add("widget-2")
    records.assessments.put_call("widget-1", "k", a_call())
    assert records.assessments.call("widget-2", "k") is None
    assert [key for key, _ in records.assessments.calls("widget-1")] == ["k"]
    assert records.assessments.usage("widget-2") == {"calls": 0, "input_tokens": 0, "output_tokens": 0}


def test_a_revision_is_frozen_once_under_the_hash_of_its_content(tmp_path: Path) -> None:
    records = Records(tmp_path)
    document: dict[str, object] = {"b": [1, 2], "a": "ä"}

    def freeze(content: dict[str, object], origin: str = "draft") -> tuple[str, int]:
        row = records.assessments.freeze("widget-1", gate=Gate.INPUTS, origin=origin, parent=None, document=content)
        return row.hash, row.number

    first = freeze(document)
    assert first == (content_hash(document), 1)
    assert freeze({"a": "ä", "b": [1, 2]}, "edit") == first
    assert freeze({"a": "other"}) == (content_hash({"a": "other"}), 2)
    assert freeze(document) == first
    assert [(r.number, r.origin, r.document) for r in records.assessments.revisions("widget-1")] == [
        (1, "draft", document),
        (2, "draft", {"a": "other"}),
    ]
    assert records.events() == ["requested", "frozen", "frozen"]
    with pytest.raises(NotFound, match="no revision"):
        records.assessments.revision("widget-1", "sha256:" + "0" * 64)


def test_a_status_is_recorded_when_it_changes_and_only_then(tmp_path: Path) -> None:
    records = Records(tmp_path)
    store = records.assessments
    for _ in range(2):
        store.set_status("widget-1", Status.FAILED, {"kind": "upstream", "message": "down"})
    store.set_status("widget-1", Status.FAILED, {"kind": "upstream", "message": "still down"})
    assert store.get("widget-1").outcome == {"kind": "upstream", "message": "still down"}
    for _ in range(2):
        store.set_status("widget-1", Status.RUNNING)
    assert store.get("widget-1").outcome is None
    assert records.events() == ["requested", "status: failed", "status: failed", "status: running"]


@pytest.mark.parametrize(
    ("status", "ended"),
    [
        (Status.RUNNING, False),
        (Status.WAITING, False),
        (Status.NEEDS_MODEL, False),
        (Status.FAILED, False),
        (Status.ABSTAINED, True),
        (Status.REJECTED, True),
        (Status.PUBLISHED, True),
    ],
)
def test_what_neither_ended_nor_was_published_is_unfinished(tmp_path: Path, status: Status, ended: bool) -> None:
    store = Records(tmp_path).assessments
    store.set_status("widget-1", status)
    assert store.unfinished() == (() if ended else ("widget-1",))


def test_an_assessment_is_found_by_the_unambiguous_beginning_of_its_id(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.add("widget-12")
    records.add("gadget_1")
    get = records.assessments.get
    assert [get(name).id for name in ("widget-1", "widget-12", "gad")] == ["widget-1", "widget-12", "gadget_1"]
    with pytest.raises(InvalidInput, match="widget-1, widget-12"):
        get("widget")
    for unknown in ("", "nobody", "%", "gadget%", "widget_1"):
        with pytest.raises(NotFound):
            get(unknown)


def test_options_given_later_replace_the_earlier_ones(tmp_path: Path) -> None:
    store = Records(tmp_path).assessments
    store.change_request("widget-1", {"max_tokens": 5, "by_hand": True})
    store.change_request("widget-1", {"max_tokens": 9})
    assert store.get("widget-1").request == {"role": "Widget Engineer", "max_tokens": 9, "by_hand": True}


def test_no_module_of_the_store_changes_or_deletes_an_audit_entry() -> None:
    # The one migration that chained the entries of earlier versions, and closed the table.
    chained = "v0005_audit_chain.py"
    modules = sorted(Path(str(agent.store.__file__)).parent.rglob("*.py"))
    assert {"audit.py", chained} <= {module.name for module in modules}
    modules = [module for module in modules if module.name != chained]
    for module in modules:
        source = module.read_text(encoding="utf-8")
        for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func).rpartition(".")[2]
            if name in ("update", "delete"):
                assert "audit" not in [ast.unparse(argument) for argument in call.args], (module.name, call.lineno)
                assert not ast.unparse(call.func).startswith("audit."), (module.name, call.lineno)
        assert not re.search(r"(?i)\b(update\s+audit|delete\s+from\s+audit|drop\s+table\s+audit)\b", source), (
            module.name
        )


def test_the_audit_trail_keeps_every_event_in_order_with_actor_and_detail(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    records.decide(reviewer="Ben")
    history = records.assessments.history("widget-1")
    assert [(e.event, e.actor) for e in history] == [
        ("requested", "assess-role"),
        ("review opened: inputs", "assess-role"),
        ("decided: approve", "Ben"),
    ]
    assert [e.serial for e in history] == sorted(e.serial for e in history)
    said = {"gate": "inputs", "auth": "local-unverified", "channel": "script", "reason": ""}
    assert history[-1].detail == {**said, "document": "", "approval": False}


def test_usage_is_every_exchange_that_was_spent_and_what_replayed_answers_once_cost(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.add("widget-2")
    store = records.assessments
    for tokens in (5, 7):
        store.spend("widget-1", "tasks@1", calls=1, input_tokens=tokens, output_tokens=1)
    store.put_call("widget-1", "paid", a_call())
    assert store.usage("widget-1") == {"calls": 2, "input_tokens": 12, "output_tokens": 2} == store.spent("widget-1")
    replayed = a_call().model_copy(update={"document": {"recorded": True}})
    store.put_call("widget-1", "replayed", replayed)
    assert store.usage("widget-1") == {"calls": 3, "input_tokens": 22, "output_tokens": 4}
    assert store.spent("widget-1") == {"calls": 2, "input_tokens": 12, "output_tokens": 2}
    assert store.spent("widget-2") == {"calls": 0, "input_tokens": 0, "output_tokens": 0}
