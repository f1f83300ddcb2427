"""Who may decide what, and that a decision is about exactly what was shown, once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from edits_workflow import (
    accepting,
    invented,
    overriding,
    unknown,
    with_evidence,
    with_inputs,
    with_summary,
    with_task_score,
)
from factories_workflow import ANNA, BEN, NOW, REASON, Desk, open_desk
from scripts_workflow import WidgetScript, invented_quote, named, on_redraft
from sqlalchemy import text

from agent.errors import Conflict, InvalidInput, NotFound, NotPublishable
from agent.review.edit import Edit, edit_of
from agent.review.service import Reviewer
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.schemas.record import PublishedAssessment
from agent.schemas.vocabulary import INPUT_SECTIONS, Gate, Section, Status
from agent.workflow.gate_nodes import Publish
from agent.workflow.summary import summary

Open = Callable[..., Desk]
WaitingAt = Callable[..., tuple[Desk, str]]
BLOCKED = WidgetScript().but("evidence", invented_quote(("wages", "claims"), until_redraft=False))
NAMED = WidgetScript().but("barriers", named(("liability", "claims"), "Zorblax"))


def at_publication(desk: Desk, **changes: object) -> str:
    """An assessment that waits at gate 2."""
    assessment = desk.start(**changes).id
    desk.approve(assessment)
    assert desk.waiting(assessment).gate is Gate.PUBLICATION
    return assessment


def edit(desk: Desk, assessment: str, change: Edit, by: Reviewer = ANNA) -> Assessment:
    """Edit what waits; the content that waits then."""
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.edit(assessment, revision, by, change))
    return desk.content(assessment)


def send_back(desk: Desk, assessment: str, *sections: Section, reason: str = REASON) -> None:
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.send_back(assessment, revision, ANNA, reason, sections))


def decided(desk: Desk, assessment: str) -> list[tuple[str, str]]:
    return [(d.reviewer, d.action) for d in desk.stores.reviews.decisions(assessment)]


# one decision


def test_a_decision_about_another_revision_than_the_one_that_waits_is_a_conflict(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    old = desk.waiting(assessment).revision
    new = edit(desk, assessment, with_task_score(desk.content(assessment), 2)).revision()
    with pytest.raises(Conflict, match=new):
        desk.stores.review.approve(assessment, old, BEN)
    assert decided(desk, assessment) == [("Anna", "edit")]


def test_a_decision_about_a_revision_that_never_was_is_not_taken(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    with pytest.raises(NotFound, match="no revision"):
        desk.stores.review.approve(assessment, "sha256:" + "0" * 64, BEN)
    assert decided(desk, assessment) == []


def test_the_second_decider_learns_who_decided_what_and_when(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.approve(assessment, revision, ANNA))
    with pytest.raises(Conflict, match=f"Anna already decided approve on gate inputs at {NOW}"):
        desk.runner.decide(assessment, lambda service: service.approve(assessment, revision, BEN))
    assert decided(desk, assessment) == [("Anna", "approve")]
    assert desk.waiting(assessment).gate is Gate.PUBLICATION


def test_a_decision_after_the_end_is_a_conflict(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    revision = desk.waiting(assessment).revision
    desk.approve(assessment)
    with pytest.raises(Conflict, match="Anna already decided approve on gate publication"):
        desk.stores.review.reject(assessment, revision, BEN, REASON)


@pytest.mark.parametrize("unknown_id", ["nobody-00000000", "", "../nobody"])
def test_an_unknown_assessment_is_not_found_and_leaves_nothing_behind(
    open_at: Open, home: Path, unknown_id: str
) -> None:
    desk = open_at()
    with pytest.raises(NotFound):
        desk.stores.review.approve(unknown_id, "sha256:" + "0" * 64, ANNA)
    with pytest.raises(NotFound):
        desk.runner.advance(unknown_id)
    assert desk.calls() == []
    assert not list((home / "locks").glob("*")) if (home / "locks").exists() else True


def test_the_beginning_of_an_id_carries_on_the_assessment_it_names(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    revision = desk.waiting(assessment).revision
    desk.stores.review.approve(assessment, revision, ANNA)
    assert desk.runner.advance("widget").id == assessment
    assert desk.waiting(assessment).gate is Gate.PUBLICATION


def test_twenty_threads_deciding_at_once_make_one_decision_and_one_publication(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    revision = desk.waiting(assessment).revision
    start, outcomes = threading.Barrier(20), []

    def decide(at: int) -> None:
        by = Reviewer(name=f"Reviewer {at}", channel="script")
        start.wait()
        try:
            if at % 2:
                desk.runner.decide(assessment, lambda service: service.approve(assessment, revision, by))
            else:
                desk.runner.decide(assessment, lambda service: service.reject(assessment, revision, by, REASON))
            outcomes.append("won")
        except Conflict:
            outcomes.append("lost")

    threads = [threading.Thread(target=decide, args=(at,)) for at in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["lost"] * 19 + ["won"]
    last = desk.stores.reviews.decisions(assessment)[-1]
    assert len(desk.stores.reviews.decisions(assessment)) == 2
    status = desk.stores.assessments.get(assessment).status
    published = [row.assessment for row in desk.stores.publications.done()]
    assert (status, published) == (
        (Status.PUBLISHED, [assessment]) if last.action == "approve" else (Status.REJECTED, [])
    )


RACE = """
import gc, os, signal, sys
from pathlib import Path
import chromadb.api.rust, sqlalchemy.dialects.sqlite
from factories_workflow import open_desk
from agent.errors import Conflict
from agent.review.service import Reviewer
home, assessment, revision, *names = Path(sys.argv[1]), *sys.argv[2:]

def decide(name):
    # One that hangs, or waits for others that died, is ended: the test reads to the end.
    signal.alarm(60)
    with open_desk(home) as desk:
        os.write(1, b"ready\\n")
        os.read(0, 1)
        by = Reviewer(name=name, channel="script")
        try:
            desk.runner.decide(assessment, lambda service: service.approve(assessment, revision, by))
            os.write(1, b"won\\n")
        except Conflict:
            os.write(1, b"lost\\n")

gc.freeze()
racers = []
for name in names:
    racers.append(os.fork())
    if not racers[-1]:
        decide(name)
        os._exit(0)
sys.exit(any([os.waitpid(racer, 0)[1] for racer in racers]))
"""
"""Four processes, forked before any of them opened anything: loading the libraries takes longer than the race. Each
tells in one write, which none of the others can come between."""


def test_four_processes_deciding_at_once_make_one_decision_and_one_publication(home: Path) -> None:
    with open_desk(home) as desk:
        assessment = at_publication(desk)
        revision = desk.waiting(assessment).revision
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    code = f"import sys; sys.path[:0] = {paths!r}\n{RACE}"
    race = subprocess.Popen(
        [sys.executable, "-c", code, str(home), assessment, revision, "A", "B", "C", "D"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert race.stdout is not None
    assert [race.stdout.readline() for _ in range(4)] == ["ready\n"] * 4
    # One letter for each of them.
    ends = sorted(race.communicate("gogo", timeout=60)[0].split())
    assert (ends, race.returncode) == (["lost", "lost", "lost", "won"], 0)
    with open_desk(home) as desk:
        assert [d.action for d in desk.stores.reviews.decisions(assessment)] == ["approve", "approve"]
        assert [(p.assessment, p.version) for p in desk.stores.publications.done()] == [(assessment, 1)]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_reviewer_has_a_name(waiting_at: WaitingAt, name: str) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    revision = desk.waiting(assessment).revision
    with pytest.raises(InvalidInput, match="name"):
        desk.stores.review.approve(assessment, revision, Reviewer(name=name, channel="script"))


@pytest.mark.parametrize("reason", [None, "", "too short", "          .          "])
def test_rejecting_and_sending_back_take_a_reason(waiting_at: WaitingAt, reason: str | None) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    revision = desk.waiting(assessment).revision
    with pytest.raises(InvalidInput, match="reason"):
        desk.stores.review.reject(assessment, revision, ANNA, reason)
    with pytest.raises(InvalidInput, match="reason"):
        desk.stores.review.send_back(assessment, revision, ANNA, reason)
    assert decided(desk, assessment) == []


def test_a_rejected_assessment_ends_without_a_publication(waiting_at: WaitingAt, home: Path) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    revision = desk.waiting(assessment).revision
    row = desk.runner.decide(assessment, lambda service: service.reject(assessment, revision, BEN, REASON))
    assert (row.status, row.outcome) == (Status.REJECTED, {"message": REASON, "reviewer": "Ben"})
    assert not (home / "published").exists()
    assert desk.stores.reviews.waiting() == ()
    assert summary(desk.stores, assessment)["status"] == "rejected"


# findings


def test_a_block_finding_can_never_be_approved_nor_accepted(waiting_at: WaitingAt, home: Path) -> None:
    desk, assessment = waiting_at(Gate.INPUTS, BLOCKED)
    content, revision = desk.content(assessment), desk.waiting(assessment).revision
    [finding] = [f for f in content.guard.findings if f.code == "G-QUOTE-FABRICATED"]
    with pytest.raises(NotPublishable, match=finding.code):
        desk.stores.review.approve(assessment, revision, ANNA)
    with pytest.raises(InvalidInput, match="accepts what cannot be accepted") as refusal:
        desk.stores.review.edit(assessment, revision, ANNA, accepting(content, finding.id))
    assert refusal.value.problems == (f"{finding.id}: a BLOCK finding cannot be accepted",)
    assert decided(desk, assessment) == []
    assert not (home / "published").exists()


def test_an_edit_that_brings_a_block_finding_cannot_be_approved(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = edit(desk, assessment, with_inputs(desk.content(assessment), reinstatement=(invented(),)))
    assert content.guard.count(Tier.BLOCK) == 1
    with pytest.raises(NotPublishable, match=r"G-PASSAGE-UNKNOWN@reinstatement\.0\.citations\.0"):
        desk.stores.review.approve(assessment, content.revision(), ANNA)


def test_a_review_finding_is_accepted_by_name_and_with_a_reason_before_approval(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS, NAMED)
    content = desk.content(assessment)
    [finding] = [f for f in content.guard.findings if f.tier is Tier.REVIEW]
    with pytest.raises(NotPublishable, match=finding.id):
        desk.stores.review.approve(assessment, content.revision(), ANNA)
    with pytest.raises(InvalidInput, match="accepts what cannot be accepted"):
        desk.stores.review.preview(assessment, content.revision(), accepting(content, "G-NAME-UNKNOWN@nowhere"))
    with pytest.raises(ValueError, match="at least 10"):
        accepting(content, finding.id, reason="fine")

    accepted = edit(desk, assessment, accepting(content, finding.id))
    assert accepted.revision() != content.revision()
    assert (desk.waiting(assessment).review, desk.waiting(assessment).block) == (0, 0)
    assert summary(desk.stores, assessment)["findings"] == {"block": 0, "review": 0}
    desk.approve(assessment)
    assert [a.finding for a in desk.content(assessment).accepted] == [finding.id]


def test_accepting_one_finding_twice_does_not_hide_another(open_at: Open) -> None:
    script = NAMED.but("growth", named(("growth", "claims"), "Quuxon"))
    desk = open_at(script)
    assessment = desk.start().id
    content = desk.content(assessment)
    first, second = [f.id for f in content.guard.findings if f.tier is Tier.REVIEW]
    after = edit(desk, assessment, accepting(content, first, first))
    assert desk.waiting(assessment).review == 1
    with pytest.raises(NotPublishable, match=second):
        desk.stores.review.approve(assessment, after.revision(), ANNA)


def test_an_acceptance_does_not_outlive_the_commentary_it_was_given_for(waiting_at: WaitingAt) -> None:
    naming = WidgetScript().but("commentary", named(("summary",), "Zorblax", "Quuxon"))
    desk, assessment = waiting_at(Gate.INPUTS, then=naming)
    desk.approve(assessment)
    content = desk.content(assessment)
    [finding] = [f.id for f in content.guard.findings if f.tier is Tier.REVIEW]
    edit(desk, assessment, accepting(content, finding))
    assert desk.waiting(assessment).review == 0

    send_back(desk, assessment, Section.COMMENTARY)
    after = desk.content(assessment)
    assert after.commentary is not None and "Quuxon" in after.commentary.summary[0].text
    assert [f.id for f in after.guard.findings] == [finding]
    assert (after.accepted, desk.waiting(assessment).review) == ((), 1)
    with pytest.raises(NotPublishable, match=finding):
        desk.stores.review.approve(assessment, after.revision(), ANNA)


def test_an_acceptance_of_an_input_lives_through_a_redraft_of_another_section_and_of_the_commentary(
    waiting_at: WaitingAt,
) -> None:
    desk, assessment = waiting_at(Gate.INPUTS, NAMED)
    content = desk.content(assessment)
    [finding] = [f.id for f in content.guard.findings if f.tier is Tier.REVIEW]
    edit(desk, assessment, accepting(content, finding))
    send_back(desk, assessment, Section.TASKS)
    assert [a.finding for a in desk.content(assessment).accepted] == [finding]
    desk.approve(assessment)
    send_back(desk, assessment, Section.COMMENTARY)
    assert [a.finding for a in desk.content(assessment).accepted] == [finding]
    send_back(desk, assessment, Section.BARRIERS)
    assert desk.content(assessment).accepted == ()


# sending back


def test_the_reason_reaches_the_redraft_and_only_the_named_sections_are_drafted_again(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS, then=WidgetScript().but("tasks", on_redraft(("reinstatement",), [])))
    before = desk.content(assessment)
    send_back(desk, assessment, Section.TASKS, reason="Presses take more time than that.")
    after = desk.content(assessment)
    assert sorted(desk.calls()[5:]) == ["tasks"]
    [_, prompt] = desk.prompts("tasks")
    assert "- Presses take more time than that." in prompt.partition("<reasons>")[2]
    assert (len(before.inputs.reinstatement), len(after.inputs.reinstatement)) == (1, 0)
    assert after.inputs.evidence == before.inputs.evidence
    [sent, now] = desk.stores.assessments.revisions(assessment)
    assert (now.parent, now.origin) == (sent.hash, "draft")


def test_sending_back_without_sections_drafts_all_that_the_gate_is_about(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    send_back(desk, assessment)
    assert sorted(desk.calls()[5:]) == sorted(section.value for section in INPUT_SECTIONS)
    desk.approve(assessment)
    count = len(desk.calls())
    send_back(desk, assessment)
    assert sorted(desk.calls()[count:]) == ["commentary", "lens"]
    assert desk.waiting(assessment).gate is Gate.PUBLICATION


def test_gate_1_has_no_commentary_to_send_back(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    with pytest.raises(InvalidInput, match="no section commentary"):
        send_back(desk, assessment, Section.COMMENTARY)


def test_an_identical_redraft_opens_a_new_review_of_the_same_revision(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    first = desk.waiting(assessment)
    send_back(desk, assessment, Section.GROWTH)
    second = desk.waiting(assessment)
    assert second.revision == first.revision
    assert second.id != first.id
    desk.approve(assessment)
    assert desk.approve(assessment).status is Status.PUBLISHED


def test_sending_back_after_an_edit_drafts_from_the_edited_content(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    edit(desk, assessment, with_task_score(desk.content(assessment), 2))
    send_back(desk, assessment, Section.TASKS)
    draft = desk.prompts("tasks")[-1].partition("<draft>")[2].partition("</draft>")[0]
    assert draft.replace(" ", "").count('"score":2') == 3


def test_a_section_edited_by_hand_is_not_drafted_again_when_another_is_sent_back(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    wages = content.inputs.evidence[list(content.inputs.evidence)[2]]
    edited = edit(desk, assessment, with_evidence(content, wages=wages.model_copy(update={"claims": (invented(),)})))
    assert edited.guard.count(Tier.BLOCK) > 0
    count = len(desk.calls())
    send_back(desk, assessment, Section.TASKS)
    assert desk.calls()[count:] == ["tasks"]
    assert desk.content(assessment).inputs.evidence == edited.inputs.evidence


def test_inputs_sent_back_at_gate_2_go_to_gate_1_and_the_commentary_is_drafted_anew(waiting_at: WaitingAt) -> None:
    without = WidgetScript().but("tasks", on_redraft(("reinstatement",), []))
    desk, assessment = waiting_at(Gate.PUBLICATION, then=without)
    send_back(desk, assessment, Section.TASKS)
    content = desk.content(assessment)
    assert (content.gate, content.commentary) == (Gate.INPUTS, None)
    desk.approve(assessment)
    content = desk.content(assessment)
    assert content.gate is Gate.PUBLICATION and content.commentary is not None
    assert desk.approve(assessment).status is Status.PUBLISHED


# edits


def test_an_edit_at_gate_1_changes_score_revision_and_review_and_voids_the_old_revision(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    before, old = desk.content(assessment), desk.waiting(assessment)
    after = edit(desk, assessment, with_task_score(before, 2))
    new = desk.waiting(assessment)
    assert before.result is not None and after.result is not None
    assert after.result.score > before.result.score
    assert (new.gate, new.score, new.revision) == (Gate.INPUTS, after.result.score, after.revision())
    assert new.id != old.id and new.revision != old.revision
    [_, edited] = desk.stores.assessments.revisions(assessment)
    assert (edited.origin, edited.parent) == ("edit", old.revision)
    with pytest.raises(Conflict):
        desk.stores.review.approve(assessment, old.revision, BEN)


def test_an_edit_of_inputs_at_gate_2_leads_to_gate_1_and_discards_the_commentary(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    before = desk.content(assessment)
    assert before.commentary is not None
    after = edit(desk, assessment, with_task_score(before, 2))
    assert (after.gate, after.commentary) == (Gate.INPUTS, None)
    desk.approve(assessment)
    assert sorted(desk.calls()[-2:]) == ["commentary", "lens"]
    last = desk.content(assessment)
    assert last.inputs == after.inputs and last.commentary is not None
    assert desk.approve(assessment).status is Status.PUBLISHED


def test_an_edit_of_the_commentary_alone_stays_at_gate_2(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    after = edit(desk, assessment, with_summary(desk.content(assessment), "Work of this kind lasts a while."))
    assert (after.gate, desk.waiting(assessment).gate) == (Gate.PUBLICATION, Gate.PUBLICATION)
    assert desk.approve(assessment).status is Status.PUBLISHED
    [row] = desk.stores.publications.done()
    assert row.revision == after.revision()


def test_a_commentary_edited_by_hand_is_what_a_send_back_starts_from(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    edit(desk, assessment, with_summary(desk.content(assessment), "Work of this kind lasts a while."))
    send_back(desk, assessment)
    assert "Work of this kind lasts a while." in desk.prompts("commentary")[-1].partition("<draft>")[2]


def test_an_edit_at_gate_1_brings_no_commentary(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    commentary = desk.content(assessment).commentary
    other = desk.start().id
    content = desk.content(other)
    with_words = edit_of(content).model_copy(update={"commentary": commentary})
    with pytest.raises(InvalidInput, match="changes nothing"):
        desk.stores.review.edit(other, content.revision(), ANNA, with_words)


def test_an_edit_that_changes_nothing_is_no_decision(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    with pytest.raises(InvalidInput, match="changes nothing"):
        desk.stores.review.edit(assessment, content.revision(), ANNA, edit_of(content))
    assert decided(desk, assessment) == []


def test_an_edit_that_breaks_the_formulas_rules_is_refused_with_every_breach(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    tasks = tuple(t.model_copy(update={"share": 30, "name": "One"}) for t in content.inputs.tasks)
    with pytest.raises(InvalidInput) as refusal:
        desk.stores.review.preview(assessment, content.revision(), with_inputs(content, tasks=tasks))
    assert len(refusal.value.problems) == 6
    assert decided(desk, assessment) == []


@pytest.mark.parametrize("field", ["gap", "proxy", "horizon", "text"])
def test_an_edit_leaves_no_text_blank_so_that_the_section_can_still_be_sent_back(
    waiting_at: WaitingAt, field: str
) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    wages = content.inputs.evidence[list(content.inputs.evidence)[2]]
    if field == "gap":
        blank = wages.model_copy(update={"gap": ""})
    else:
        blank = wages.model_copy(update={"claims": (wages.claims[0].model_copy(update={field: " "}),)})
    with pytest.raises(InvalidInput) as refusal:
        desk.stores.review.edit(assessment, content.revision(), ANNA, with_evidence(content, wages=blank))
    place = "evidence.wages.gap" if field == "gap" else f"evidence.wages.claims.0.{field}"
    assert [problem.partition(":")[0] for problem in refusal.value.problems] == [place]


def test_an_edit_that_leaves_too_little_evidence_cannot_be_approved(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    change = with_evidence(content, job_postings=unknown(), wages=unknown(), tool_maturity=unknown())
    after = edit(desk, assessment, change)
    with pytest.raises(NotPublishable, match="3 of 5 evidence dimensions are unknown"):
        desk.stores.review.approve(assessment, after.revision(), ANNA)


# overrides


def test_an_override_stands_beside_the_formula_score_with_reason_and_citation(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    before = desk.content(assessment)
    assert before.result is not None
    formula = before.result.score
    after = edit(desk, assessment, overriding(before, formula - 5))
    assert after.result is not None
    assert (after.result.score, after.result.formula_score) == (formula - 5, formula)
    desk.approve(assessment)
    assert desk.approve(assessment).status is Status.PUBLISHED
    [row] = desk.stores.publications.done()
    assert row.score == formula - 5


@pytest.mark.parametrize("distance", [5.1, -5.1])
def test_an_override_moves_by_at_most_the_bound(waiting_at: WaitingAt, distance: float) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    assert content.result is not None
    beyond = overriding(content, round(content.result.score + distance, 1))
    with pytest.raises(InvalidInput) as refusal:
        desk.stores.review.edit(assessment, content.revision(), ANNA, beyond)
    assert "at most 5.0 points" in refusal.value.problems[0]


def test_an_override_rests_on_a_verified_citation(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    assert content.result is not None
    with pytest.raises(ValueError, match="citations"):
        edit_of(content).model_validate(
            {**edit_of(content).model_dump(), "override": {"score": 50.0, "reason": "x" * 20, "citations": []}}
        )
    after = edit(
        desk, assessment, overriding(content, content.result.score - 1, quote="words that stand in no passage")
    )
    with pytest.raises(NotPublishable, match="G-QUOTE-FABRICATED@override"):
        desk.stores.review.approve(assessment, after.revision(), ANNA)


# publishing


@pytest.mark.parametrize("revision_at", [0, 1])
def test_content_changed_after_its_approval_is_never_published(
    waiting_at: WaitingAt, home: Path, revision_at: int
) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    revision = desk.waiting(assessment).revision
    tampered = desk.stores.assessments.revisions(assessment)[revision_at].hash

    def approve_and_tamper(service: object) -> object:
        decision = desk.stores.review.approve(assessment, revision, ANNA)
        with desk.stores.db.write() as connection:
            connection.execute(
                text("UPDATE revisions SET document = replace(document, 'Widget', 'Gadget') WHERE hash = :h"),
                {"h": tampered},
            )
        return decision

    row = desk.runner.decide(assessment, approve_and_tamper)  # type: ignore[arg-type]
    assert row.status is Status.FAILED
    assert row.outcome is not None and row.outcome["kind"] == "conflict"
    assert desk.stores.publications.done() == ()
    assert not (home / "published").exists()


def test_the_publish_node_publishes_nothing_that_nobody_approved(waiting_at: WaitingAt, home: Path) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    state = desk.runner.state(assessment)
    with pytest.raises(NotPublishable, match="Nobody approved"):
        Publish(desk.bench)(state)
    desk.approve(assessment)
    with pytest.raises(NotPublishable, match="Nobody approved"):
        Publish(desk.bench)(desk.runner.state(assessment))
    with pytest.raises(NotPublishable, match="Nobody approved"):
        Publish(desk.bench)(state)
    assert desk.stores.publications.of(assessment) is None
    assert not (home / "published").exists()


def test_the_publish_node_needs_an_approval_of_exactly_these_inputs_at_gate_1(
    waiting_at: WaitingAt, home: Path
) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    with desk.stores.db.write() as connection:
        connection.execute(text("UPDATE decisions SET action = 'reject'"))
    row = desk.approve(assessment)
    assert row.outcome is not None and row.outcome["kind"] == "not_publishable"
    assert "Nobody approved the inputs" in str(row.outcome["message"])
    assert not (home / "published").exists()


def test_the_summary_shows_what_was_published_when_an_edit_was_taken_back(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    first = desk.content(assessment)
    edit(desk, assessment, with_summary(first, "Work of this kind lasts a while."))
    edit(desk, assessment, edit_of(first))
    desk.approve(assessment)
    assert summary(desk.stores, assessment)["revision"] == first.revision()
    assert [row.revision for row in desk.stores.publications.done()] == [first.revision()]


def test_a_published_record_tells_what_people_changed_from_the_first_draft(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS, NAMED)
    first = desk.content(assessment)
    [finding] = [f.id for f in first.guard.findings if f.tier is Tier.REVIEW]
    edit(desk, assessment, accepting(first, finding))
    scored = edit(desk, assessment, with_task_score(desk.content(assessment), 2)).result
    assert scored is not None and first.result is not None
    edit(desk, assessment, overriding(desk.content(assessment), scored.score - 1))
    desk.approve(assessment)
    desk.approve(assessment, BEN)
    [row] = desk.stores.publications.done()
    record = PublishedAssessment.model_validate_json((Path(row.path) / "assessment.json").read_bytes()).record
    assert record.edits == (
        "task Write widget controllers: score 3 to 2",
        f"override: {scored.score - 1}",
        f"accepted {finding}: I looked it up and it is right.",
    )
    assert (record.draft_score, record.final_score) == (first.result.score, scored.score - 1)
    assert [d.action for d in record.decisions] == ["edit", "edit", "edit", "approve", "approve"]


def test_decisions_of_one_second_are_listed_in_the_order_they_were_taken(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    for at in range(11):
        edit(desk, assessment, with_task_score(desk.content(assessment), 2 + at % 2))
    reviews = [d.review for d in desk.stores.reviews.decisions(assessment)]
    assert reviews == [f"{assessment}/{serial}" for serial in range(1, 12)]


def test_a_review_that_is_put_off_stays_open_and_leaves_a_trace(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    before = desk.waiting(assessment)
    desk.stores.review.defer(assessment, before.revision, ANNA)
    assert desk.waiting(assessment) == before
    assert desk.events(assessment)[-1] == "deferred"
