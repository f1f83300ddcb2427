"""Runs assessments in processes of their own that end themselves by SIGKILL at a named point, and go on afterwards.

`python driver.py TEMPLATE_HOME WORK_FOLDER` reads names with their points as one JSON document and runs one assessment
a name in `WORK_FOLDER/NAME`: a process is forked for each point in turn, carries the assessment on until that point and
dies there; a last one carries it to its end. Of a name that begins with `refresh`, the assessment is the refresh of one
that was published before. Prints what was found of each as one JSON document. A point is `before:NODE`, `after:NODE` or
one of the moments below.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import chromadb.api.rust
import chromadb.telemetry.product.posthog  # noqa: F401
import sqlalchemy.dialects.sqlite  # noqa: F401
from factories_workflow import ANNA, NOW, REASON, Desk, FixedStamps, copy_home, open_desk, published_bytes
from langgraph.graph import StateGraph
from pydantic import BaseModel
from refreshes_workflow import LATER, PAYS_LESS, PINNED, an_article, corpus_of, publish_one, refresh, without_wages
from scripts_workflow import WidgetScript, invented_quote, no_role, on_redraft
from sqlalchemy import text

import agent.publishing.files
import agent.publishing.html
import agent.workflow.gate_nodes
from agent.llm.budget import TokenBook
from agent.llm.port import ChatModel, Completion, Prompt, request_key
from agent.llm.scripted import ScriptedModel
from agent.review.edit import edit_of
from agent.schemas.vocabulary import Section, Status
from agent.store.assessments import AssessmentStore
from agent.store.publications import PublicationStore
from agent.store.reviews import DecisionRow, ReviewStore
from agent.workflow.state import State
from agent.workflow.workbench import SqlJournal

T = TypeVar("T", bound=BaseModel)
ASSESSMENT = "widget-engineer-00000001"
REFRESHED = "widget-engineer-00000002"
SCRIPTS = {
    "long": WidgetScript()
    .but("growth", invented_quote(("growth", "claims"), until_redraft=True))
    .but("evidence", on_redraft(("wages", "score"), 0)),
    "short": WidgetScript(),
    "reject": WidgetScript(),
    "abstain": WidgetScript().but("frame", no_role),
    "refresh": PINNED.but("evidence", without_wages),
}
"""By the beginning of the run's name: `long` passes every node but reject and abstain, with two drafts."""


class Points:
    """The point at which this process dies."""

    def __init__(self, armed: str | None) -> None:
        self.armed = armed

    def reach(self, point: str) -> None:
        if point == self.armed:
            os.kill(os.getpid(), signal.SIGKILL)


class LoggedModel:
    """Writes down every call that is paid for, before it is answered."""

    def __init__(self, inner: ChatModel, log: Callable[[str], None], points: Points) -> None:
        self.inner, self.log, self.points = inner, log, points
        self.label = inner.label

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        self.log(f"paid {prompt.id} {request_key(prompt, schema, sample)}")
        completion = self.inner.complete(prompt, schema, sample=sample, canary=canary)
        self.points.reach(f"answered:{prompt.id}")
        return completion


class Watched:
    """A node with a point before and after it."""

    def __init__(self, name: str, node: Callable[[State], State], points: Points) -> None:
        self.name, self.node, self.points = name, node, points

    def __call__(self, state: State) -> State:
        self.points.reach(f"before:{self.name}")
        update = self.node(state)
        self.points.reach(f"after:{self.name}")
        return update


def watch(points: Points, log: Callable[[str], None]) -> None:
    """Put the points into this process."""
    add_node = StateGraph.add_node

    def add_watched(self: StateGraph, name: str, node: Callable[[State], State]) -> StateGraph:
        return add_node(self, name, Watched(name, node, points))

    StateGraph.add_node = add_watched  # type: ignore[method-assign,assignment]
    for owner, function, point in (
        (ReviewStore, "open", "opened"),
        (AssessmentStore, "freeze", "frozen"),
        (PublicationStore, "claim", "claimed"),
        (PublicationStore, "finish", "finished"),
        (agent.workflow.gate_nodes, "publish_files", "files"),
    ):
        _after(owner, function, points, point)
    _after(
        AssessmentStore,
        "set_status",
        points,
        "marked",
        when=lambda arguments: arguments[2] in (Status.PUBLISHED, Status.REJECTED, Status.ABSTAINED),
    )
    place = agent.publishing.files._rename

    def rename(*arguments: object) -> None:
        points.reach("written")
        place(*arguments)  # type: ignore[arg-type]

    agent.publishing.files._rename = rename
    put = SqlJournal.put

    def put_logged(self: SqlJournal, key: str, prompt_label: str, answer: object) -> None:
        put(self, key, prompt_label, answer)  # type: ignore[arg-type]
        log(f"stored {prompt_label.partition('@')[0]} {key}")
        further = f".{answer.sample}" if answer.sample else ""  # type: ignore[attr-defined]
        points.reach(f"stored:{prompt_label.partition('@')[0]}{further}")

    SqlJournal.put = put_logged  # type: ignore[method-assign]


def _after(
    owner: object,
    function: str,
    points: Points,
    point: str,
    *,
    when: Callable[[tuple[object, ...]], bool] = lambda arguments: True,
) -> None:
    inner = getattr(owner, function)

    def call(*arguments: object, **options: object) -> object:
        result = inner(*arguments, **options)
        if when(arguments):
            points.reach(point)
        return result

    setattr(owner, function, call)


def carried(name: str) -> str:
    """The id of the assessment that a name's processes carry on."""
    return REFRESHED if name.startswith("refresh") else ASSESSMENT


def prepare(home: Path) -> None:
    """A published version, and an article that came after it and speaks against it."""
    with open_desk(home, PINNED) as desk:
        publish_one(desk)
    with open_desk(home, stamps=FixedStamps(now=LATER)) as desk:
        corpus_of(desk).take([an_article("wages", PAYS_LESS)])


def carry_on(home: Path, name: str, points: Points, log: Callable[[str], None]) -> None:
    """What a command does: start or resume, and decide as a person would, only where a review is open."""
    script, assessment = SCRIPTS[name.partition("-")[0]], carried(name)
    stamps = FixedStamps(now=LATER, first=2) if assessment == REFRESHED else FixedStamps(now=NOW)

    def connect(book: TokenBook) -> ChatModel:
        return LoggedModel(ScriptedModel(script, book=book), log, points)

    with open_desk(home, connect=connect, stamps=stamps) as desk:
        if _rows(desk, f"SELECT id FROM assessments WHERE id = '{assessment}'"):
            desk.runner.advance(assessment)
        elif assessment == REFRESHED:
            refresh(desk, home)
        else:
            desk.start(drafts=2 if name.startswith("long") else 1)
        while desk.stores.reviews.open_review(assessment) is not None:
            _decide(desk, name, points)


def _rows(desk: Desk, query: str) -> list[list[object]]:
    with desk.stores.db.read() as connection:
        return [list(row) for row in connection.execute(text(query))]


def _decide(desk: Desk, name: str, points: Points) -> None:
    service, assessment = desk.stores.review, carried(name)
    revision = desk.waiting(assessment).revision
    content = desk.content(assessment)
    taken = len(desk.stores.reviews.decisions(assessment))

    def take(_: object) -> DecisionRow:
        if name.startswith("reject"):
            decision = service.reject(assessment, revision, ANNA, REASON)
        elif name.startswith("long") and taken == 0:
            decision = service.send_back(assessment, revision, ANNA, REASON, (Section.EVIDENCE,))
        elif name.startswith("long") and taken == 1:
            edit = edit_of(content)
            task = edit.inputs.tasks[1].model_copy(update={"score": 2})
            tasks = (edit.inputs.tasks[0], task, *edit.inputs.tasks[2:])
            changed = edit.model_copy(update={"inputs": edit.inputs.model_copy(update={"tasks": tasks})})
            decision = service.edit(assessment, revision, ANNA, changed)
        else:
            decision = service.approve(assessment, revision, ANNA)
        points.reach("decided")
        return decision

    desk.runner.decide(assessment, take)


def in_a_process(work: Callable[[], None], errors: Path) -> int:
    """Run `work` in a process of its own; the signal that ended it (negative), or its exit code."""
    child = os.fork()
    if child == 0:
        code = 0
        try:
            work()
        except BaseException:  # noqa: BLE001  what the process died of is told to the test
            errors.write_text(traceback.format_exc(), encoding="utf-8")
            code = 1
        os._exit(code)
    status = os.waitpid(child, 0)[1]
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def run(template: Path, work: Path, name: str, armed: list[str]) -> dict[str, object]:
    """Every point in turn, then to the end."""
    home = copy_home(template, work / name)
    calls, errors = work / f"{name}.calls", work / f"{name}.errors"

    def log(line: str) -> None:
        handle = os.open(calls, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{line}\n".encode())
        os.close(handle)

    def once(point: str | None) -> None:
        points = Points(point)
        watch(points, log)
        carry_on(home, name, points, log)

    if carried(name) == REFRESHED:
        in_a_process(lambda: prepare(home), errors)
    ends = [in_a_process(lambda point=point: once(point), errors) for point in [*armed, None]]  # type: ignore[misc]
    report = work / f"{name}.report"

    def look() -> None:
        with open_desk(home) as desk:
            known = desk.stores.assessments
            document = {
                "status": known.get(carried(name)).status.value,
                "usage": known.usage(carried(name)),
                "revisions": [r.hash for r in known.revisions(carried(name))],
                "decisions": [[d.review, d.action, d.revision] for d in desk.stores.reviews.decisions(carried(name))],
                "publications": _rows(desk, "SELECT version, status FROM publications"),
                "events": [e for e in desk.events(carried(name)) if not e.startswith("status")],
                "published": {k: v.decode() for k, v in published_bytes(home / "published").items() if "/.v" not in k},
            }
            report.write_text(json.dumps(document), encoding="utf-8")

    looked = in_a_process(look, errors)
    return {
        "ends": ends,
        "calls": calls.read_text(encoding="utf-8").splitlines(),
        "errors": errors.read_text(encoding="utf-8") if errors.exists() else "",
        **(json.loads(report.read_text(encoding="utf-8")) if looked == 0 else {}),
    }


if __name__ == "__main__":
    wanted: dict[str, list[str]] = json.load(sys.stdin)
    template, work = map(Path, sys.argv[1:])
    # A first collection in each process would go through all that is loaded, and have those pages copied.
    gc.collect()
    gc.freeze()
    print(json.dumps({name: run(template, work, name, points) for name, points in wanted.items()}))  # noqa: T201
