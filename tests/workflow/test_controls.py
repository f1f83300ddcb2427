"""Planted errors: the guard does not see them, nothing tells them apart, no way leads to a publication or a model."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from edits_workflow import with_inputs, with_task_score
from factories_workflow import ANNA, BEN, NOW, REASON, Desk, FixedStamps, copy_home, open_desk
from sqlalchemy import insert, text

from agent.errors import Conflict, Forbidden, InvalidInput, NotPublishable
from agent.review.controls import ControlKind
from agent.review.edit import Edit
from agent.review.rules import Action
from agent.review.service import Reviewer
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import Gate, Section, Status
from agent.store.accounts import AccountRole
from agent.store.controls import ControlRow
from agent.store.publications import Publication
from agent.store.tables import publications
from agent.workflow.attending import rows_of
from agent.workflow.controls import all_catches, plant
from agent.workflow.gate_nodes import Publish
from agent.workflow.lists import queue_items
from agent.workflow.summary import summary

Open = Callable[..., Desk]
EVE = Reviewer(name="Eve", channel="script")
OFFERED = (ControlKind.EVIDENCE_SIGN, ControlKind.TASK_SCORE, ControlKind.TIME_SHARES, ControlKind.OTHER_QUOTE)
"""What can be planted into the draft of these tests."""


@pytest.fixture(scope="module")
def drafted_home(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one draft at gate 1. Never written to: copy it."""
    home = copy_home(widget_home, tmp_path_factory.mktemp("drafted") / "home")
    with open_desk(home) as desk:
        desk.start()
    return home


@pytest.fixture
def home(drafted_home: Path, tmp_path: Path) -> Path:
    return copy_home(drafted_home, tmp_path / "home")


@pytest.fixture
def desk(open_at: Open) -> Desk:
    return open_at(stamps=FixedStamps(first=100))


def the_draft(desk: Desk) -> str:
    known = {control.assessment for control in desk.stores.controls.all()}
    [found] = [row.assessment for row in desk.stores.reviews.waiting() if row.assessment not in known]
    return found


def planted(desk: Desk, kind: ControlKind = ControlKind.TASK_SCORE, *, seed: int = 1) -> ControlRow:
    return plant(desk.stores, EVE, the_draft(desk), kind=kind, seed=seed)


def approved(desk: Desk, control: ControlRow, by: Reviewer = ANNA) -> None:
    assert desk.approve(control.assessment, by).status is Status.REJECTED


def decide_edit(desk: Desk, control: ControlRow, edit: Edit, by: Reviewer = ANNA) -> Status:
    revision = desk.waiting(control.assessment).revision
    return desk.runner.decide(
        control.assessment, lambda service: service.edit(control.assessment, revision, by, edit)
    ).status


def send_back(desk: Desk, control: ControlRow, reason: str, *sections: Section) -> Status:
    revision = desk.waiting(control.assessment).revision
    return desk.runner.decide(
        control.assessment, lambda service: service.send_back(control.assessment, revision, ANNA, reason, sections)
    ).status


def made(desk: Desk) -> list[tuple[str, bool]]:
    return [(one.reviewer, one.caught) for one in all_catches(desk.stores)]


def elsewhere(desk: Desk, control: ControlRow) -> Edit:
    """An edit of a task that has nothing to do with the planted score."""
    content = desk.content(control.assessment)
    at = next(i for i, t in enumerate(content.inputs.tasks) if t.score == 3 and f".{t.id}." not in control.place)
    return with_task_score(content, 2, at=at)


# planting


@pytest.mark.parametrize("kind", OFFERED)
def test_the_guard_finds_nothing_in_a_control_that_it_did_not_find_before(desk: Desk, kind: ControlKind) -> None:
    sound = desk.content(the_draft(desk))
    control = planted(desk, kind)
    bad = desk.content(control.assessment)
    assert {f.id for f in bad.guard.findings} <= {f.id for f in sound.guard.findings}
    assert bad.guard.count(Tier.BLOCK) == 0
    assert bad.inputs != sound.inputs
    assert bad.result == desk.stores.review.with_inputs(control.assessment, bad, bad.inputs).result
    assert bad == desk.stores.review.with_inputs(control.assessment, bad, bad.inputs)


def test_a_turned_sign_stands_against_the_claims_that_it_stood_on(desk: Desk) -> None:
    sound, control = desk.content(the_draft(desk)), planted(desk, ControlKind.EVIDENCE_SIGN)
    bad = desk.content(control.assessment)
    changed = [name for name in sound.inputs.evidence if sound.inputs.evidence[name] != bad.inputs.evidence[name]]
    [name] = changed
    before, after = sound.inputs.evidence[name], bad.inputs.evidence[name]
    assert (before.score or 0) * (after.score or 0) < 0
    assert [(c.text, c.citations) for c in before.claims] == [(c.text, c.citations) for c in after.claims]
    assert control.place == f"evidence.{name}.score"


def test_a_planted_task_score_is_three_points_or_more_from_its_rationale(desk: Desk) -> None:
    sound, control = desk.content(the_draft(desk)), planted(desk)
    bad = desk.content(control.assessment)
    [(was, now)] = [(a, b) for a, b in zip(sound.inputs.tasks, bad.inputs.tasks, strict=True) if a != b]
    assert abs(was.score - now.score) >= 3
    assert (was.claims, was.share, was.name) == (now.claims, now.share, now.name)
    assert control.place == f"tasks.{was.id}.score"


def test_exchanged_shares_still_sum_to_100_and_are_of_two_tasks(desk: Desk) -> None:
    sound, control = desk.content(the_draft(desk)), planted(desk, ControlKind.TIME_SHARES)
    bad = desk.content(control.assessment)
    changed = [(a, b) for a, b in zip(sound.inputs.tasks, bad.inputs.tasks, strict=True) if a != b]
    [(a, a2), (b, b2)] = changed
    assert (a2.share, b2.share) == (b.share, a.share)
    assert sum(task.share for task in bad.inputs.tasks) == 100
    assert control.place == f"tasks.{a.id}.share tasks.{b.id}.share"


def test_a_quote_of_another_dimension_is_real(desk: Desk) -> None:
    sound, control = desk.content(the_draft(desk)), planted(desk, ControlKind.OTHER_QUOTE)
    bad = desk.content(control.assessment)
    [name] = [n for n in sound.inputs.evidence if sound.inputs.evidence[n] != bad.inputs.evidence[n]]
    others = {c for n, d in sound.inputs.evidence.items() if n != name for claim in d.claims for c in claim.citations}
    assert {c for claim in bad.inputs.evidence[name].claims for c in claim.citations} <= others
    assert control.place.startswith(f"evidence.{name}.claims.")


def test_the_same_seed_plants_the_same_error_and_another_one_another(desk: Desk) -> None:
    first = [planted(desk, seed=seed).place for seed in (0, 1, 2)]
    again = [planted(desk, seed=seed).place for seed in (0, 1, 2)]
    assert first == again
    assert len(set(first)) > 1


def test_what_the_guard_would_find_is_not_planted(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="no error of the kind claim_direction"):
        planted(desk, ControlKind.CLAIM_DIRECTION)
    assert desk.stores.controls.all() == ()
    assert len(desk.stores.reviews.waiting()) == 1


def test_any_kind_is_planted_where_none_is_asked_for(desk: Desk) -> None:
    kinds = [plant(desk.stores, EVE, the_draft(desk), seed=seed).kind for seed in (1, 2)]
    assert kinds == ["task_score", "evidence_sign"]


def test_a_control_is_made_of_what_is_published_or_waits_at_gate_1_without_blocks(desk: Desk) -> None:
    draft = the_draft(desk)
    control = planted(desk)
    with pytest.raises(InvalidInput, match="cannot be copied"):
        plant(desk.stores, EVE, control.assessment, seed=1)
    desk.approve(draft)
    with pytest.raises(InvalidInput, match="cannot be copied"):
        plant(desk.stores, EVE, draft, seed=1)
    desk.approve(draft)
    from_page = plant(desk.stores, EVE, draft, seed=1)
    content = desk.content(from_page.assessment)
    assert (content.gate, content.commentary, content.lens) == (Gate.INPUTS, None, None)
    assert set(content.provenance.prompts) == {"frame", "tasks", "evidence", "barriers", "growth"}
    sections = {call.prompt.partition("@")[0] for _, call in desk.stores.assessments.calls(from_page.assessment)}
    assert sections == {"frame", "tasks", "evidence", "barriers", "growth"}


def test_where_accounts_are_kept_only_a_known_admin_plants(desk: Desk) -> None:
    for name, role in (("Eve", AccountRole.ADMIN), ("Ben", AccountRole.REVIEWER)):
        desk.stores.accounts.add(name, role, password=None, subject=None, by="Eve", auth="token")
    for by in (EVE, Reviewer(name="Ben", channel="script", auth="token"), Reviewer(name="Zoe", channel="script")):
        with pytest.raises(Forbidden, match="takes an admin"):
            plant(desk.stores, by, the_draft(desk), seed=1)
    known = Reviewer(name="Eve", channel="script", auth="token")
    assert plant(desk.stores, known, the_draft(desk), seed=1).planted_by == "Eve"


# not to be told apart


@pytest.mark.parametrize("kind", [ControlKind.TASK_SCORE, ControlKind.TIME_SHARES])
def test_before_the_decision_a_control_looks_like_the_draft_that_it_was_made_of(desk: Desk, kind: ControlKind) -> None:
    draft, control = the_draft(desk), planted(desk, kind)
    own, other = (summary(desk.stores, name) for name in (control.assessment, draft))
    differs = {"id", "revision", "score", "zone", "label"}
    assert {k: v for k, v in own.items() if k not in differs} == {k: v for k, v in other.items() if k not in differs}
    assert str(own["id"])[:-8] == str(other["id"])[:-8]
    items = {item["id"]: item for item in queue_items(desk.stores.reviews.waiting())}
    # What is risky is told of the content there is, like its score.
    differs |= {"opened_at", "risk"}
    a, b = ({k: v for k, v in items[i].items() if k not in differs} for i in (control.assessment, draft))
    assert a == b
    assert desk.runner.stranded() == ()
    assert desk.stores.reviews.decisions(control.assessment) == ()


def test_the_history_of_a_control_has_the_events_of_any_run_and_the_trail_names_the_planting(desk: Desk) -> None:
    draft, control = the_draft(desk), planted(desk)
    ordinary = ["requested", "frozen", "review opened: inputs", "status: waiting"]
    assert desk.events(control.assessment) == ordinary
    assert desk.events(draft) == ordinary
    [entry] = [e for e in desk.stores.audit.entries() if e.event == "control planted"]
    assert (entry.actor, entry.assessment, entry.at) == ("Eve", None, NOW)
    assert entry.detail == {
        **control.model_dump(exclude={"planted_by", "planted_at"}),
        "source": draft,
        "seed": 1,
    }
    assert desk.stores.audit.problems() == ()


def test_a_control_of_a_refresh_keeps_nothing_from_being_refreshed(desk: Desk) -> None:
    draft = the_draft(desk)
    desk.stores.assessments.change_request(draft, {"refresh": {"revision": "sha256:1"}})
    control = planted(desk)
    assert desk.stores.assessments.get(control.assessment).request.get("refresh") is None


def test_planting_is_all_or_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    draft = the_draft(desk)
    monkeypatch.setattr("agent.store.controls._append_events", killed)
    with pytest.raises(KeyboardInterrupt):
        plant(desk.stores, EVE, draft, seed=1)
    assert desk.stores.assessments.unfinished() == (draft,)
    assert [row.assessment for row in desk.stores.reviews.waiting()] == [draft]


# decisions


def test_an_approval_misses_it_and_is_told(desk: Desk) -> None:
    control = planted(desk)
    approved(desk, control)
    document = summary(desk.stores, control.assessment)
    assert document["control"] == {
        "kind": "task_score",
        "place": control.place,
        "what": control.what,
        "planted_by": "Eve",
        "caught": False,
    }
    assert "This was a control, with an error that Eve planted" in str(document["reason"])
    assert "Anna approved it: missed." in str(document["reason"])
    assert (document["status"], document["ok"], document["published"]) == ("rejected", True, None)
    assert made(desk) == [("Anna", False)]


def test_a_rejection_catches_it(desk: Desk) -> None:
    control = planted(desk)
    revision = desk.waiting(control.assessment).revision
    desk.runner.decide(control.assessment, lambda s: s.reject(control.assessment, revision, BEN, REASON))
    assert "Ben rejected it: caught." in str(summary(desk.stores, control.assessment)["reason"])
    assert made(desk) == [("Ben", True)]


@pytest.mark.parametrize(
    ("reason", "sections", "found"),
    [
        ("Please have another look at this.", (Section.TASKS,), True),
        ("Please have another look at this.", (Section.EVIDENCE,), False),
        ("Please have another look at this.", (), False),
        ("Please have another look at t3.", (), True),
        ("Generate standard fixtures is off by far.", (), True),
        ("The tasks are not what the sources say.", (), True),
        ("The wages look wrong by a long way.", (Section.EVIDENCE,), False),
    ],
)
def test_a_send_back_catches_it_when_it_names_the_place_or_its_section(
    desk: Desk, reason: str, sections: tuple[Section, ...], found: bool
) -> None:
    control = planted(desk)
    assert control.place == "tasks.t3.score"
    assert send_back(desk, control, reason, *sections) is Status.REJECTED
    assert made(desk) == [("Anna", found)]
    assert desk.calls() == []


@pytest.mark.parametrize(("at", "found"), [(2, True), (0, False)])
def test_a_comment_on_a_claim_of_the_place_names_it_in_a_send_back(desk: Desk, at: int, found: bool) -> None:
    control = planted(desk)
    assert control.place == "tasks.t3.score"
    revision = desk.waiting(control.assessment).revision
    desk.stores.review.comment(control.assessment, revision, ANNA, f"tasks.{at}.claims.0", "This says something else.")
    send_back(desk, control, "See my remark, please.")
    assert made(desk) == [("Anna", found)]


@pytest.mark.parametrize("kind", OFFERED)
def test_an_edit_at_the_very_place_catches_it(desk: Desk, kind: ControlKind) -> None:
    sound = desk.content(the_draft(desk))
    control = planted(desk, kind)
    mended = with_inputs(desk.content(control.assessment), tasks=sound.inputs.tasks, evidence=sound.inputs.evidence)
    assert decide_edit(desk, control, mended) is Status.REJECTED
    assert made(desk) == [("Anna", True)]
    assert "edited it there: caught" in str(summary(desk.stores, control.assessment)["reason"])


@pytest.mark.parametrize("kind", [ControlKind.EVIDENCE_SIGN, ControlKind.TASK_SCORE])
def test_an_edit_elsewhere_makes_a_new_revision_and_its_approval_misses_it(desk: Desk, kind: ControlKind) -> None:
    control = planted(desk, kind)
    before = desk.waiting(control.assessment)
    content = desk.content(control.assessment)
    growth = content.inputs.growth.model_copy(update={"score": 0})
    assert decide_edit(desk, control, with_inputs(content, growth=growth)) is Status.WAITING
    after = desk.waiting(control.assessment)
    assert (after.id, after.gate) == (before.id[:-1] + "2", Gate.INPUTS)
    assert summary(desk.stores, control.assessment)["control"] is None
    assert made(desk) == []
    approved(desk, control, BEN)
    assert made(desk) == [("Ben", False)]
    assert desk.calls() == []


def test_a_rejection_after_an_edit_elsewhere_still_catches_it(desk: Desk) -> None:
    control = planted(desk)
    decide_edit(desk, control, elsewhere(desk, control))
    revision = desk.waiting(control.assessment).revision
    desk.runner.decide(control.assessment, lambda s: s.reject(control.assessment, revision, BEN, REASON))
    assert made(desk) == [("Ben", True)]


def test_a_deferral_leaves_it_open_and_counts_nothing(desk: Desk) -> None:
    control = planted(desk)
    desk.stores.review.defer(control.assessment, desk.waiting(control.assessment).revision, ANNA)
    assert desk.runner.advance(control.assessment).status is Status.WAITING
    assert (summary(desk.stores, control.assessment)["control"], made(desk)) == (None, [])


@pytest.mark.parametrize("name", ["Eve", "eve"])
def test_what_the_person_who_planted_it_decides_does_not_count(desk: Desk, name: str) -> None:
    control = planted(desk)
    revision = desk.waiting(control.assessment).revision
    by = Reviewer(name=name, channel="script")
    desk.runner.decide(control.assessment, lambda s: s.reject(control.assessment, revision, by, REASON))
    assert made(desk) == []
    assert "It does not count: Eve planted it." in str(summary(desk.stores, control.assessment)["reason"])


def test_of_two_approvals_both_missed_it(desk: Desk) -> None:
    control = planted(desk)
    revision = desk.waiting(control.assessment).revision
    for name in ("Anna", "Ben"):
        desk.stores.reviews.decide(
            assessment=control.assessment,
            revision=revision,
            action="approve",
            reviewer=name,
            auth="token",
            channel="web",
            enough=lambda people: len(people) == 2,
        )
        assert made(desk) == []
    desk.runner.advance(control.assessment)
    assert made(desk) == [("Anna", False), ("Ben", False)]


# attacks


def unpublished(desk: Desk, home: Path, control: ControlRow) -> None:
    assert desk.stores.publications.done() == ()
    assert desk.stores.publications.of(control.assessment) is None
    assert not (home / "published").exists()
    assert desk.calls() == []


def test_an_approved_control_goes_to_no_gate_model_or_page_however_often_it_is_resumed(desk: Desk, home: Path) -> None:
    control = planted(desk)
    approved(desk, control)
    for _ in range(3):
        assert desk.runner.advance(control.assessment).status is Status.REJECTED
    assert desk.stores.reviews.open_review(control.assessment) is None
    assert desk.runner.state(control.assessment) == {}
    unpublished(desk, home, control)


def test_a_kill_between_decision_and_outcome_is_made_good_by_resume_and_by_nothing_else(home: Path) -> None:
    with open_desk(home, stamps=FixedStamps(first=100)) as desk:
        control = planted(desk)
        desk.stores.review.approve(control.assessment, desk.waiting(control.assessment).revision, ANNA)
        assert summary(desk.stores, control.assessment)["control"] is None
    with open_desk(home, stamps=FixedStamps(first=200)) as later:
        assert later.runner.stranded() == ()
        assert control.assessment in later.stores.assessments.unfinished()
        with pytest.raises(Conflict, match="Anna already decided approve"):
            later.runner.decide(
                control.assessment,
                lambda s: s.reject(control.assessment, planted_revision(later, control), BEN, REASON),
            )
        assert later.runner.advance(control.assessment).status is Status.REJECTED
        assert made(later) == [("Anna", False)]
        unpublished(later, home, control)


def planted_revision(desk: Desk, control: ControlRow) -> str:
    return desk.stores.assessments.revisions(control.assessment)[0].hash


def test_a_kill_between_an_edit_elsewhere_and_its_revision_is_made_good_by_resume(desk: Desk) -> None:
    control = planted(desk)
    edit = elsewhere(desk, control)
    desk.stores.review.edit(control.assessment, desk.waiting(control.assessment).revision, ANNA, edit)
    for _ in range(2):
        assert desk.runner.advance(control.assessment).status is Status.WAITING
    assert [r.number for r in desk.stores.assessments.revisions(control.assessment)] == [1, 2]
    assert desk.waiting(control.assessment).id.endswith("/2")


def test_a_publication_row_that_is_forced_in_is_no_publication(desk: Desk, home: Path) -> None:
    control = planted(desk)
    revision = desk.waiting(control.assessment).revision
    approved(desk, control)
    row = {"slug": "widget-engineer", "version": 1, "role": "Widget Engineer", "seniority": "mid-level"}
    with desk.stores.db.write() as connection:
        connection.execute(
            insert(publications).values(
                assessment=control.assessment,
                revision=revision,
                score="50.0",
                zone="GREEN",
                label="GREEN",
                status="done",
                path=str(home / "published" / "widget-engineer" / "v1"),
                published_at=NOW,
                **row,
            )
        )
    unpublished(desk, home, control)
    assert desk.stores.audit.problems() == ("publication widget-engineer v1 has no entry",)
    assert summary(desk.stores, control.assessment)["published"] is None
    desk.runner.advance(control.assessment)
    unpublished(desk, home, control)


def test_the_store_begins_no_publication_of_a_control_and_the_node_refuses_it(desk: Desk, home: Path) -> None:
    control = planted(desk)
    revision = desk.waiting(control.assessment).revision
    forced = Publication(
        assessment=control.assessment,
        revision=revision,
        slug="widget-engineer",
        role="Widget Engineer",
        seniority="mid-level",
        score=50.0,
        zone="GREEN",
        label="GREEN",
    )
    with pytest.raises(NotPublishable, match="never published"):
        desk.stores.publications.claim(forced, str(home / "published"))
    with pytest.raises(NotPublishable, match="never published"):
        Publish(desk.bench)(
            {"assessment": control.assessment, "revision": revision, "review": desk.waiting(control.assessment).id}
        )
    unpublished(desk, home, control)


def test_no_model_is_handed_out_for_a_control(desk: Desk) -> None:
    control = planted(desk)
    with pytest.raises(Conflict, match="no model is called for it"):
        desk.bench.drafter(control.assessment)
    assert desk.models == []


def test_even_a_status_and_decisions_that_are_forced_publish_nothing(desk: Desk, home: Path) -> None:
    control = planted(desk)
    approved(desk, control)
    with desk.stores.db.write() as connection:
        connection.execute(
            text("UPDATE assessments SET status = 'running', outcome = NULL WHERE id = :id"), {"id": control.assessment}
        )
    assert desk.runner.advance(control.assessment).status is Status.REJECTED
    unpublished(desk, home, control)


def test_twenty_threads_deciding_about_a_control_make_one_decision(desk: Desk, home: Path) -> None:
    control = planted(desk)
    revision = desk.waiting(control.assessment).revision
    start, outcomes = threading.Barrier(20), []

    def decide(at: int) -> None:
        by = Reviewer(name=f"Reviewer {at}", channel="script")
        start.wait()
        try:
            desk.runner.decide(control.assessment, lambda s: s.approve(control.assessment, revision, by))
            outcomes.append("won")
        except Conflict:
            outcomes.append("lost")

    threads = [threading.Thread(target=decide, args=(at,)) for at in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost"] * 19 + ["won"]
    assert len(made(desk)) == 1
    unpublished(desk, home, control)


def test_a_page_stays_the_only_one_of_its_role_when_a_control_of_it_is_approved(desk: Desk, home: Path) -> None:
    draft = the_draft(desk)
    desk.approve(draft)
    desk.approve(draft)
    [page] = desk.stores.publications.done()
    calls = len(desk.calls())
    control = plant(desk.stores, EVE, draft, kind=ControlKind.TIME_SHARES, seed=2)
    approved(desk, control)
    assert desk.stores.publications.done() == (page,)
    assert [f.name for f in Path(page.path).parent.iterdir()] == ["v1"]
    assert len(desk.calls()) == calls


# counting


def test_attention_counts_controls_only_once_they_have_ended(desk: Desk) -> None:
    control = planted(desk)
    assert rows_of(desk.stores).catches == ()
    approved(desk, control)
    [catch] = rows_of(desk.stores).catches
    assert (catch.kind, catch.reviewer, catch.caught) == ("task_score", "Anna", False)
    assert [(d.action, d.reviewer) for d in rows_of(desk.stores).decisions] == [(Action.APPROVE, "Anna")]


def test_what_a_review_put_before_its_reviewers_is_read_from_its_revision(desk: Desk) -> None:
    draft = the_draft(desk)
    content, review = desk.content(draft), desk.waiting(draft)
    desk.stores.review.looked(review.id, ANNA, "evidence", content.sources[0].passage)
    desk.approve(draft)
    rows = rows_of(desk.stores)
    [reviewed] = rows.reviews
    assert reviewed.passages == {source.passage for source in content.sources}
    assert reviewed.findings == {finding.id for finding in content.guard.findings}
    assert (reviewed.review, reviewed.overridden, reviewed.opened_at) == (review.id, False, review.opened_at)
    assert [look.place for look in rows.looks] == [content.sources[0].passage]


def test_the_content_of_a_control_is_what_its_hash_says(desk: Desk) -> None:
    control = planted(desk)
    [row] = desk.stores.assessments.revisions(control.assessment)
    assert Assessment.model_validate(row.document).revision() == row.hash
