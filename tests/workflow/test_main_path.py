"""From a request to published files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from factories_workflow import ANNA, BEN, NOW, Desk, copy_home, open_desk, published_bytes
from scripts_workflow import ROLE

from agent.schemas.record import PublishedAssessment
from agent.schemas.vocabulary import Gate, Status
from agent.workflow.summary import exit_code, summary

SUMMARY_KEYS = {
    "ok",
    "id",
    "role",
    "seniority",
    "status",
    "gate",
    "revision",
    "score",
    "zone",
    "label",
    "findings",
    "usage",
    "published",
}


def test_a_request_waits_at_gate_1_then_at_gate_2_and_is_published_after_the_second_approval(
    open_at: Callable[..., Desk],
) -> None:
    desk = open_at()

    row = desk.start()
    assert (row.status, row.id, row.seniority) == (Status.WAITING, "widget-engineer-00000001", "mid-level")
    assert desk.waiting(row.id).gate is Gate.INPUTS

    assert desk.approve(row.id).status is Status.WAITING
    assert desk.waiting(row.id).gate is Gate.PUBLICATION

    assert desk.approve(row.id, BEN).status is Status.PUBLISHED
    assert desk.stores.reviews.waiting() == ()
    calls = desk.calls()
    assert [calls[0], sorted(calls[1:5]), sorted(calls[5:])] == [
        "frame",
        ["barriers", "evidence", "growth", "tasks"],
        ["commentary", "lens"],
    ]


def test_published_files_hold_exactly_the_approved_revision_and_its_decisions(
    open_at: Callable[..., Desk], home: Path
) -> None:
    desk = open_at()
    assessment = desk.start().id
    first = desk.waiting(assessment).revision
    desk.approve(assessment)
    second = desk.waiting(assessment).revision
    desk.approve(assessment, BEN)

    folder = home / "published" / "widget-engineer-mid-level" / "v1"
    assert sorted(file.name for file in folder.iterdir()) == ["assessment.json", "assessment.md", "index.html"]
    published = PublishedAssessment.model_validate_json((folder / "assessment.json").read_bytes())
    assert published.revision == second == published.assessment.revision()
    assert [(d.gate, d.revision, d.action, d.reviewer) for d in published.record.decisions] == [
        (Gate.INPUTS, first, "approve", "Anna"),
        (Gate.PUBLICATION, second, "approve", "Ben"),
    ]
    assert (published.record.requested_at, published.record.published_at) == (NOW, NOW)
    assert published.record.usage.calls == 7


def test_the_summary_has_the_documented_shape_at_every_stop(open_at: Callable[..., Desk]) -> None:
    desk = open_at()
    assessment = desk.start().id
    at_inputs = summary(desk.stores, assessment)
    content = desk.content(assessment)
    assert content.result is not None
    assert set(at_inputs) >= SUMMARY_KEYS
    assert {key: at_inputs[key] for key in SUMMARY_KEYS - {"usage"}} == {
        "ok": True,
        "id": assessment,
        "role": ROLE,
        "seniority": "mid-level",
        "status": "waiting",
        "gate": "inputs",
        "revision": desk.waiting(assessment).revision,
        "score": content.result.score,
        "zone": content.result.zone.value,
        "label": content.result.label,
        "findings": {"block": 0, "review": 0},
        "published": None,
    }
    usage = at_inputs["usage"]
    assert isinstance(usage, dict)
    assert usage["calls"] == 5 and usage["input_tokens"] > 0 and usage["output_tokens"] > 0

    desk.approve(assessment)
    at_publication = summary(desk.stores, assessment)
    assert (at_publication["status"], at_publication["gate"]) == ("waiting", "publication")

    desk.approve(assessment)
    after = summary(desk.stores, assessment)
    assert (after["status"], after["gate"]) == ("published", None)
    published = after["published"]
    assert isinstance(published, dict)
    assert published["version"] == 1 and Path(str(published["path"])).is_dir()
    assert exit_code(desk.stores, assessment) == 0
    json.dumps(after)


def test_the_same_inputs_and_stamps_are_published_byte_for_byte_in_another_home(
    widget_home: Path, tmp_path: Path
) -> None:
    pages = []
    for name in ("one", "two"):
        home = copy_home(widget_home, tmp_path / name)
        with open_desk(home) as desk:
            assessment = desk.start().id
            desk.approve(assessment)
            desk.approve(assessment)
        pages.append(published_bytes(home / "published"))
    assert pages[0] == pages[1]
    assert len(pages[0]) == 3


def test_a_second_assessment_of_the_role_is_published_beside_the_first_as_version_2(
    open_at: Callable[..., Desk], home: Path
) -> None:
    desk = open_at()
    for _ in range(2):
        assessment = desk.start().id
        desk.approve(assessment)
        desk.approve(assessment)
    assert [(row.slug, row.version) for row in desk.stores.publications.done()] == [
        ("widget-engineer-mid-level", 1),
        ("widget-engineer-mid-level", 2),
    ]
    assert sorted(f.name for f in (home / "published" / "widget-engineer-mid-level").iterdir()) == ["v1", "v2"]


def test_the_audit_trail_names_every_step_in_order(open_at: Callable[..., Desk]) -> None:
    desk = open_at()
    assessment = desk.start().id
    desk.approve(assessment, ANNA)
    desk.approve(assessment, BEN)
    assert desk.events(assessment) == [
        "requested",
        "frozen",
        "review opened: inputs",
        "status: waiting",
        "decided: approve",
        "status: running",
        "frozen",
        "review opened: publication",
        "status: waiting",
        "decided: approve",
        "status: running",
        "publishing",
        "published",
        "status: published",
    ]
    actors = [e.actor for e in desk.stores.assessments.history(assessment) if e.event.startswith("decided")]
    assert actors == ["Anna", "Ben"]
