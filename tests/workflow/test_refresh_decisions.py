"""What people decide within a refresh, what may never be published by one, and what happens when it stops."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from edits_workflow import accepting, overriding, with_inputs, with_summary, with_task_score
from factories_workflow import ANNA, NOW, REASON, Desk, FixedStamps, copy_home, open_desk
from refreshes_workflow import (
    LATER,
    PAYS_LESS,
    PAYS_MORE,
    PINNED,
    an_article,
    check_now,
    corpus_of,
    engine_of,
    findings_of,
    publish_one,
    refresh,
    without_wages,
)
from scripts_workflow import WidgetScript, named
from test_faults import REPLAY, a_recording

from agent.errors import Conflict, NotFound, NotPublishable
from agent.review.edit import Edit, edit_of
from agent.schemas.assessment import Assessment
from agent.schemas.vocabulary import Gate, Section, Status
from agent.workflow.gate_nodes import Publish
from agent.workflow.refresh_nodes import TakeUp
from agent.workflow.refreshing import start_refresh
from agent.workflow.state import State
from agent.workflow.summary import summary

LESS = PINNED.but("evidence", without_wages)
WAGES = an_article("wages", PAYS_LESS)
FINDING = "G-NAME-UNKNOWN@commentary.summary.0"
NAMING = PINNED.but("commentary", named(("summary",), "Zorblax"))


def edit(desk: Desk, assessment: str, change: Edit) -> Assessment:
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.edit(assessment, revision, ANNA, change))
    return desk.content(assessment)


def send_back(desk: Desk, assessment: str, *sections: Section) -> Assessment:
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.send_back(assessment, revision, ANNA, REASON, sections))
    return desk.content(assessment)


def open_findings(content: Assessment) -> list[str]:
    accepted = {acceptance.finding for acceptance in content.accepted}
    return [finding.id for finding in content.guard.findings if finding.id not in accepted]


def accept_all(desk: Desk, assessment: str) -> Assessment:
    content = desk.content(assessment)
    return edit(desk, assessment, accepting(content, *open_findings(content)))


def version(desk: Desk, number: int) -> Assessment:
    row = next(row for row in desk.stores.publications.done() if row.version == number)
    return desk.stores.review.revision(row.assessment, row.revision)


@pytest.fixture(scope="module")
def naming_home(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `published_home`, with a finding on the commentary that was accepted. Never written to: copy it."""
    home = copy_home(widget_home, tmp_path_factory.mktemp("naming") / "home")
    with open_desk(home, NAMING) as desk:
        assessment = desk.start().id
        desk.approve(assessment)
        assert open_findings(accept_all(desk, assessment)) == []
        desk.approve(assessment)
        assert [a.finding for a in version(desk, 1).accepted] == [FINDING]
    return home


@pytest.fixture
def home(published_home: Path, tmp_path: Path) -> Path:
    return copy_home(published_home, tmp_path / "home")


@pytest.fixture
def naming(naming_home: Path, tmp_path: Path) -> Path:
    return copy_home(naming_home, tmp_path / "naming")


@pytest.fixture
def later() -> Iterator[Callable[..., Desk]]:
    """Opens desks a fortnight after the publication, with tokens of their own."""
    with ExitStack() as stack:

        def desk(
            home: Path, script: WidgetScript = PINNED, *, first: int = 50, now: str = LATER, **how: object
        ) -> Desk:
            return stack.enter_context(open_desk(home, script, stamps=FixedStamps(now=now, first=first), **how))  # type: ignore[arg-type]

        yield desk


Later = Callable[..., Desk]


def contradicted(desk: Desk, home: Path, **options: object) -> str:
    """A refresh of evidence that a new article speaks against."""
    corpus_of(desk).take([WAGES])
    return refresh(desk, home, **options).id


# sending back, editing, rejecting


def test_what_is_sent_back_in_a_refresh_starts_from_its_own_revision_with_the_reason(later: Later, home: Path) -> None:
    desk = later(home, LESS)
    name = contradicted(desk, home)
    before = desk.content(name)
    after = send_back(desk, name, Section.TASKS)
    assert desk.calls() == ["evidence", "tasks"]
    assert REASON in desk.prompts("tasks")[0] and "(contradicted)" not in desk.prompts("tasks")[0]
    assert after.inputs == before.inputs
    send_back(desk, name, Section.EVIDENCE)
    assert '"score": -1' in desk.prompts("evidence")[1].partition("<draft>")[2]
    assert "(contradicted)" not in findings_of(desk.prompts("evidence")[1])


def test_inputs_edited_back_to_what_was_published_keep_the_published_commentary_and_lens(
    later: Later, home: Path
) -> None:
    desk = later(home, LESS)
    name = contradicted(desk, home)
    published = version(desk, 1)
    edit(desk, name, with_inputs(desk.content(name), evidence=published.inputs.evidence))
    desk.approve(name)
    assert desk.calls() == ["evidence"]
    after = desk.content(name)
    assert (after.commentary, after.lens, after.result) == (published.commentary, published.lens, published.result)


def test_an_edit_of_inputs_in_a_refresh_has_commentary_and_lens_drafted_again(later: Later, home: Path) -> None:
    desk = later(home)
    name = refresh(desk, home, Section.GROWTH).id
    edit(desk, name, with_task_score(desk.content(name), 2))
    desk.approve(name)
    assert sorted(desk.calls()) == ["commentary", "growth", "lens"]


def test_inputs_that_are_edited_at_gate_2_take_the_standing_commentary_along_to_nowhere(
    later: Later, home: Path
) -> None:
    desk = later(home)
    name = refresh(desk, home, Section.GROWTH).id
    desk.approve(name)
    after = edit(desk, name, with_task_score(desk.content(name), 2))
    assert (after.gate, after.commentary, after.lens) == (Gate.INPUTS, None, None)
    desk.approve(name)
    assert sorted(desk.calls()) == ["commentary", "growth", "lens"]


def test_a_rejected_refresh_leaves_the_published_version_and_room_for_another(later: Later, home: Path) -> None:
    desk = later(home, LESS)
    name = contradicted(desk, home)
    revision = desk.waiting(name).revision
    desk.runner.decide(name, lambda service: service.reject(name, revision, ANNA, REASON))
    assert [row.version for row in desk.stores.publications.done()] == [1]
    assert check_now(desk, home).running == ""
    assert refresh(desk, home).status is Status.WAITING


def test_an_override_of_the_published_version_ends_and_is_named(
    later: Later, widget_home: Path, tmp_path: Path
) -> None:
    home = copy_home(widget_home, tmp_path / "overridden")
    with open_desk(home, PINNED) as first:
        assessment = first.start().id
        result = first.content(assessment).result
        assert result is not None
        edit(first, assessment, overriding(first.content(assessment), result.formula_score + 3))
        first.approve(assessment)
        first.approve(assessment)
    desk = later(home)
    before = version(desk, 1)
    assert before.override is not None and before.result is not None
    name = refresh(desk, home, Section.GROWTH).id
    after = desk.content(name)
    assert after.override is None and after.result is not None
    assert after.result.score == before.result.formula_score != before.result.score
    document = summary(desk.stores, name)["refresh"]
    assert isinstance(document, dict)
    assert (document["score"], document["changes"]) == (before.result.score, ["override: none"])
    # The commentary was written about the overridden score.
    desk.approve(name)
    assert sorted(desk.calls()) == ["commentary", "growth", "lens"]


def test_a_version_that_a_reviewer_edited_is_refreshed_as_edited(
    later: Later, widget_home: Path, tmp_path: Path
) -> None:
    home = copy_home(widget_home, tmp_path / "edited")
    with open_desk(home, PINNED) as first:
        assessment = first.start().id
        content = first.content(assessment)
        frame = content.role.model_copy(update={"function": "Builds widgets by hand."})
        edit(first, assessment, with_task_score(content, 2).model_copy(update={"frame": frame}))
        first.approve(assessment)
        first.approve(assessment)
    desk = later(home, LESS)
    name = contradicted(desk, home)
    published, after = version(desk, 1), desk.content(name)
    assert after.role == published.role and after.role.function == "Builds widgets by hand."
    assert after.inputs.tasks == published.inputs.tasks and after.inputs.tasks[1].score == 2
    assert "function: Builds widgets by hand." in desk.prompts("evidence")[0]
    send_back(desk, name, Section.TASKS)
    draft = desk.prompts("tasks")[0].partition("<draft>")[2]
    assert '"name": "Write widget controllers",\n   "share_percent": 20,\n   "score": 2' in draft


# acceptances


def test_what_was_accepted_of_a_commentary_that_stands_stays_accepted_once(later: Later, naming: Path) -> None:
    desk = later(naming, NAMING)
    name = refresh(desk, naming, Section.GROWTH).id
    desk.approve(name)
    content = desk.content(name)
    assert content.accepted == version(desk, 1).accepted and open_findings(content) == []
    after = send_back(desk, name, Section.LENS)
    assert after.accepted == content.accepted
    assert desk.approve(name).status is Status.PUBLISHED


def test_an_acceptance_that_a_reviewer_took_back_does_not_return_with_a_send_back(later: Later, naming: Path) -> None:
    desk = later(naming, NAMING)
    name = refresh(desk, naming, Section.GROWTH).id
    desk.approve(name)
    change = with_summary(desk.content(name), "People at Quibblex keep their work.")
    edited = edit(desk, name, change.model_copy(update={"accepted": ()}))
    assert open_findings(edited) == [FINDING]
    after = send_back(desk, name, Section.LENS)
    assert after.commentary == edited.commentary
    assert open_findings(after) == [FINDING] and after.accepted == ()
    with pytest.raises(NotPublishable, match="not accepted"):
        desk.approve(name)


@pytest.mark.parametrize("again", ["Quibblex", "Zorblax"])
def test_an_acceptance_does_not_outlive_the_commentary_that_a_refresh_drafts_again(
    later: Later, naming: Path, again: str
) -> None:
    desk = later(naming, PINNED.but("commentary", named(("summary",), "Zorblax", again)))
    name = refresh(desk, naming, Section.COMMENTARY).id
    desk.approve(name)
    content = desk.content(name)
    assert content.accepted == () and open_findings(content) == [FINDING]


def test_an_acceptance_does_not_outlive_the_inputs_it_was_given_for(later: Later, naming: Path) -> None:
    """Drafted again by hand: the same words, about other inputs."""
    desk = later(naming, NAMING, connected=False)
    name = refresh(desk, naming, Section.COMMENTARY, by_hand=True).id
    edit(desk, name, with_task_score(desk.content(name), 2))
    desk.stores.assessments.change_request(name, {"without_lens": True})
    desk.approve(name)
    content = desk.content(name)
    assert content.commentary == version(desk, 1).commentary
    assert content.accepted == () and open_findings(content) == [FINDING]


def test_an_acceptance_of_a_section_that_is_drafted_again_ends_and_others_live_on(
    later: Later, widget_home: Path, tmp_path: Path
) -> None:
    home = copy_home(widget_home, tmp_path / "accepted")
    script = PINNED.but("barriers", named(("liability", "claims"), "Zorblax"))
    with open_desk(home, script) as first:
        assessment = first.start().id
        accept_all(first, assessment)
        first.approve(assessment)
        first.approve(assessment)
        (finding,) = (a.finding for a in version(first, 1).accepted)
    desk = later(home, script)
    name = refresh(desk, home, Section.GROWTH).id
    assert [a.finding for a in desk.content(name).accepted] == [finding]
    revision = desk.waiting(name).revision
    desk.runner.decide(name, lambda service: service.reject(name, revision, ANNA, REASON))
    again = refresh(desk, home, Section.BARRIERS).id
    assert desk.content(again).accepted == () and open_findings(desk.content(again)) == [finding]


# without a model


def test_a_refresh_without_a_model_waits_for_one_and_is_resumed_where_it_stopped(later: Later, home: Path) -> None:
    desk = later(home, connected=False)
    corpus_of(desk).take([WAGES])
    row = refresh(desk, home)
    assert row.status is Status.NEEDS_MODEL
    connected = later(home, LESS, first=90)
    assert connected.runner.advance(row.id).status is Status.WAITING
    assert connected.calls() == ["evidence"]
    assert "(contradicted)" in findings_of(connected.prompts("evidence")[0])


def test_by_hand_what_is_due_is_left_to_the_reviewer_at_both_gates(later: Later, naming: Path) -> None:
    desk = later(naming, connected=False)
    corpus_of(desk).take([WAGES])
    row = refresh(desk, naming, Section.COMMENTARY, by_hand=True)
    published, content = version(desk, 1), desk.content(row.id)
    assert (row.status, content.inputs, content.as_of) == (Status.WAITING, published.inputs, LATER[:10])
    desk.approve(row.id)
    content = desk.content(row.id)
    assert (content.commentary, content.lens) == (published.commentary, published.lens)
    assert content.accepted == published.accepted
    assert desk.approve(row.id).status is Status.PUBLISHED


def test_resuming_by_hand_leaves_what_is_due_to_the_reviewer(later: Later, home: Path) -> None:
    desk = later(home, connected=False)
    row = refresh(desk, home, Section.EVIDENCE, Section.TASKS)
    assert row.status is Status.NEEDS_MODEL
    desk.stores.assessments.change_request(row.id, {"by_hand": True})
    assert desk.runner.advance(row.id).status is Status.WAITING
    assert desk.content(row.id).inputs == version(desk, 1).inputs


def test_a_version_that_was_drafted_by_recordings_is_refreshed_by_the_connected_model(
    later: Later, widget_home: Path, tmp_path: Path
) -> None:
    home = copy_home(widget_home, tmp_path / "replayed")
    with open_desk(home, PINNED, stamps=FixedStamps(first=100)) as first:
        source = first.start(seniority="mid-level").id
        first.approve(source)
        recording = a_recording(first, source)
        revision = first.waiting(source).revision
        first.runner.decide(source, lambda service: service.reject(source, revision, ANNA, REASON))
    with open_desk(home, connected=False, recordings=(recording,), stamps=FixedStamps(first=200)) as replay:
        publish_one(replay, **REPLAY)
    desk = later(home, LESS, recordings=(recording,), first=300)
    assert version(desk, 1).provenance.recorded
    name = contradicted(desk, home)
    assert desk.calls() == ["evidence"]
    assert not desk.content(name).provenance.recorded
    desk.approve(name)
    assert desk.approve(name).status is Status.PUBLISHED


def test_too_little_evidence_left_ends_a_refresh_without_a_score(later: Later, home: Path) -> None:
    desk = later(home)
    for article in corpus_of(desk).articles():
        corpus_of(desk).remove(article.id)
    row = refresh(desk, home)
    assert row.status is Status.ABSTAINED and desk.calls() == []
    assert (row.outcome or {})["message"] == "The corpus has no passage for tasks, evidence, growth."
    assert [r.version for r in desk.stores.publications.done()] == [1]


# one at a time, and never without approvals


def test_a_version_is_refreshed_once_at_a_time(later: Later, home: Path) -> None:
    desk = later(home)
    name = refresh(desk, home, Section.GROWTH).id
    found = check_now(desk, home, Section.GROWTH)
    assert found.running == name
    with pytest.raises(Conflict, match=name):
        start_refresh(engine_of(desk, home), found)
    assert len(desk.stores.assessments.unfinished()) == 1


def test_of_several_that_begin_at_once_one_refresh_begins(later: Later, home: Path) -> None:
    desk = later(home)
    found, engine = check_now(desk, home, Section.GROWTH), engine_of(desk, home)
    start, outcomes = threading.Barrier(4), []

    def begin() -> None:
        start.wait()
        try:
            start_refresh(engine, found)
            outcomes.append("begun")
        except Conflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["begun", *["refused"] * 3]
    assert len(desk.stores.assessments.unfinished()) == 1


def test_what_was_the_newest_version_when_it_was_checked_and_is_not_any_more_is_not_refreshed(
    later: Later, home: Path
) -> None:
    desk = later(home)
    found = check_now(desk, home, Section.GROWTH)
    publish_one(desk)
    with pytest.raises(Conflict, match="v2"):
        start_refresh(engine_of(desk, home), found)
    assert desk.stores.assessments.unfinished() == ()


def test_what_was_withdrawn_after_it_was_checked_is_not_refreshed(later: Later, home: Path) -> None:
    desk = later(home)
    found = check_now(desk, home, Section.GROWTH)
    by = {"reviewer": "Ada Marsh", "auth": "local-unverified", "channel": "script"}
    desk.stores.publications.withdraw(found.row.assessment, found.row.revision, reason="It was retracted.", **by)
    with pytest.raises(Conflict, match=r"v1 was withdrawn by Ada Marsh on .*: It was retracted."):
        start_refresh(engine_of(desk, home), found)
    assert desk.stores.assessments.unfinished() == ()


def test_where_the_newest_version_was_withdrawn_the_one_before_it_is_refreshed(later: Later, home: Path) -> None:
    desk = later(home)
    publish_one(desk)
    first, second = desk.stores.publications.done()
    by = {"reviewer": "Ada Marsh", "auth": "local-unverified", "channel": "script"}
    desk.stores.publications.withdraw(second.assessment, second.revision, reason="It was retracted.", **by)
    assert check_now(desk, home).row.version == first.version == 1
    name = refresh(desk, home, Section.GROWTH).id
    desk.approve(name)
    desk.approve(name)
    rows = desk.stores.publications.done()
    assert [(row.version, row.withdrawn is None) for row in rows] == [(1, True), (2, False), (3, True)]


def test_a_version_with_the_very_content_of_the_former_one_is_refreshed_too(later: Later, home: Path) -> None:
    desk = later(home, now=NOW)
    name = refresh(desk, home, Section.GROWTH).id
    desk.approve(name)
    desk.approve(name)
    first, second = (row.revision for row in desk.stores.publications.done())
    assert first == second
    again = refresh(desk, home, Section.GROWTH)
    assert again.status is Status.WAITING and desk.stores.assessments.unfinished() == (again.id,)


def test_approvals_of_the_published_version_publish_nothing_of_its_refresh(later: Later, home: Path) -> None:
    desk = later(home, LESS)
    name = contradicted(desk, home)
    (row,) = desk.stores.publications.done()
    former = desk.stores.reviews.decisions(row.assessment)[-1]
    waiting = desk.runner.state(name)
    stolen: list[State] = [
        {**waiting, "review": former.review},
        {**waiting, "review": former.review, "revision": row.revision},
        {**waiting, "gate": "publication"},
    ]
    for state in stolen:
        with pytest.raises((NotPublishable, NotFound)):
            Publish(desk.bench)(state)
    desk.approve(name)
    at_gate_2 = desk.runner.state(name)
    with pytest.raises(NotPublishable, match="Nobody approved revision"):
        Publish(desk.bench)(at_gate_2)
    with pytest.raises(NotPublishable):
        Publish(desk.bench)({**at_gate_2, "review": former.review})
    assert [r.version for r in desk.stores.publications.done()] == [1]


def test_a_refresh_that_changes_nothing_still_takes_both_approvals(later: Later, home: Path) -> None:
    desk = later(home)
    name = refresh(desk, home, Section.GROWTH).id
    assert desk.waiting(name).gate is Gate.INPUTS
    desk.approve(name)
    assert desk.waiting(name).gate is Gate.PUBLICATION
    assert [r.version for r in desk.stores.publications.done()] == [1]


def test_a_take_up_that_runs_twice_changes_nothing(later: Later, home: Path) -> None:
    desk = later(home)
    corpus_of(desk).take([an_article("pay-2", PAYS_MORE)])
    name = refresh(desk, home, Section.EVIDENCE, Section.LENS).id

    def kept() -> list[tuple[object, ...]]:
        with desk.stores.db.read() as connection:
            rows = connection.exec_driver_sql("SELECT * FROM drafts ORDER BY assessment, part, serial").all()
        return [tuple(row) for row in rows]

    before, state = kept(), {"assessment": name}
    first = TakeUp(desk.bench)(state)  # type: ignore[arg-type]
    assert TakeUp(desk.bench)(state) == first  # type: ignore[arg-type]
    assert kept() == before
    assert first["redraft"] == ["evidence"] and set(first["taken"]) == {"commentary", "lens"}


def test_editable_parts_of_a_refresh_are_those_of_any_other_run(later: Later, home: Path) -> None:
    desk = later(home)
    name = refresh(desk, home, Section.GROWTH).id
    desk.approve(name)
    content = desk.content(name)
    after = edit(desk, name, edit_of(content).model_copy(update={"lens": None}))
    assert (after.gate, after.lens) == (Gate.PUBLICATION, None)
    assert desk.approve(name).status is Status.PUBLISHED
    assert version(desk, 2).lens is None
