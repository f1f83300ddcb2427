from __future__ import annotations

import pytest
from factories_publishing import SOURCES, a_record, a_source, an_assessment, judged, some_tasks, sourced

from agent.publishing.citations import Bibliography, Place, SourceView
from agent.publishing.sentences import basis, byline, joint, method_cited, task_basis
from agent.schemas.article import TextKind
from agent.schemas.assessment import Source
from agent.schemas.record import ApprovalRecord, DecisionRecord, ReviewRecord
from agent.schemas.vocabulary import Gate


def decided(gate: Gate, reviewer: str, *, action: str = "approve", auth: str = "local-unverified") -> DecisionRecord:
    return DecisionRecord(
        gate=gate, revision="sha256:1", action=action, reviewer=reviewer, auth=auth, channel="terminal",
        decided_at="2026-11-20T09:40:00Z", reason=None,
    )  # fmt: skip


def a_record_of(*decisions: DecisionRecord) -> ReviewRecord:
    return a_record(an_assessment()).model_copy(update={"decisions": decisions})


def cited(*sources: Source) -> tuple[SourceView, ...]:
    claims = [sourced("So.", source.passage, source.text) for source in sources]
    books = Bibliography(sources, cited=[claim.citations for claim in claims])
    books.claims(claims, at=Place("wages", "Wages"))
    return books.sources


@pytest.mark.parametrize(
    ("decisions", "ending"),
    [
        (
            (decided(Gate.INPUTS, "Ada"), decided(Gate.PUBLICATION, "Bo")),
            "approved by Ada and Bo (names not verified).",
        ),
        (
            (decided(Gate.INPUTS, "Ada"), decided(Gate.PUBLICATION, "Ada")),
            "approved by Ada at both gates (name not verified).",
        ),
        (
            (
                decided(Gate.INPUTS, "Cy"),
                decided(Gate.PUBLICATION, "Cy", action="return"),
                decided(Gate.INPUTS, "Ada"),
                decided(Gate.PUBLICATION, "Di", action="edit"),
                decided(Gate.PUBLICATION, "Bo"),
            ),
            "approved by Ada and Bo (names not verified).",
        ),
        (
            (decided(Gate.INPUTS, "Ada", auth="sso"), decided(Gate.PUBLICATION, "Bo", auth="sso")),
            "approved by Ada and Bo.",
        ),
        ((), "approved by nobody on record."),
    ],
    ids=["two people", "one person", "earlier decisions", "known people", "nobody"],
)
def test_the_byline_names_who_approved_last_at_each_gate(decisions: tuple[DecisionRecord, ...], ending: str) -> None:
    made = an_assessment().provenance
    start = "Drafted by a language model (desk-model-1, replayed from a recording), "
    assert byline(made, a_record_of(*decisions)) == start + ending


def taking_two(gate: Gate, *people: str) -> DecisionRecord:
    approvals = tuple(
        ApprovalRecord(reviewer=name, auth="token", channel="web", approved_at="2026-11-20T09:40:00Z")
        for name in people
    )
    return decided(gate, people[-1], auth="token").model_copy(update={"approvals": approvals})


def test_everybody_whose_approval_it_took_is_named() -> None:
    made = an_assessment().provenance
    both = a_record_of(taking_two(Gate.INPUTS, "Dee", "Ada"), taking_two(Gate.PUBLICATION, "Ada", "Dee"))
    assert byline(made, both).endswith("approved by Dee and Ada at both gates.")
    three = a_record_of(taking_two(Gate.INPUTS, "Dee", "Ada"), taking_two(Gate.PUBLICATION, "Ada", "Bo"))
    assert byline(made, three).endswith("approved by Dee, Ada and Bo.")


def test_the_byline_tells_live_answers_from_recorded_ones() -> None:
    live = an_assessment().provenance.model_copy(update={"recorded": False})
    assert "(desk-model-1, live)" in byline(live, a_record_of())


def test_the_sources_are_counted_by_what_limits_them() -> None:
    assert basis(cited(*SOURCES)) == (
        "6 sources (articles): 3 of tier 2, 2 of tier 3, 1 of tier 4; 1 undated; none older than 24 months; "
        "4 read in our own digest; 2 with an interest in what they praise."
    )
    one = a_source("p-1", "Words enough to cite.", publisher="P", title="T", tier=1, kind=TextKind.FULL)
    assert basis(cited(one)) == (
        "1 source (articles): 1 of tier 1; none undated; none older than 24 months; none read in our own digest; "
        "none with an interest in what they praise."
    )
    seller = one.model_copy(update={"meta": one.meta.model_copy(update={"interested": True})})
    assert basis(cited(seller)).endswith("1 with an interest in what it praises.")
    assert basis(()) == "No source is cited."


def test_two_passages_of_one_article_are_one_source() -> None:
    first = a_source("p-1", "Words enough to cite.", publisher="P", title="T")
    second = first.model_copy(update={"passage": "p-2"})
    assert basis(cited(first, second)).startswith("1 source (articles): 1 of tier 2;")


def test_the_tasks_without_a_sourced_claim_are_counted_with_their_time() -> None:
    start = "Shares and scores are judgements of the draft, approved by the reviewer; no source gives them. "
    tasks = some_tasks()
    assert task_basis(tasks) == f"{start}4 of 7 tasks, 50% of the time, have no sourced claim."
    full = [task.model_copy(update={"claims": (sourced("So.", "p-critic", "so"),)}) for task in tasks]
    assert task_basis(full) == f"{start}Every task has at least one sourced claim."
    bare = full[0].model_copy(update={"claims": (judged("So."),)})
    assert task_basis([bare, *full[1:]]) == f"{start}1 of 7 tasks, 20% of the time, has no sourced claim."


def test_the_joint_case_names_what_it_moves() -> None:
    result = an_assessment().result
    assert result is not None
    assert joint(result.robustness) == (
        "Each task score and the totals E (evidence), B (barriers) and G (growth) together one step worse give 27.6, "
        "together one step better 71.0."
    )


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://jobzonerisk.com/roles/ml-platform-engineer", 2),
        ("https://www.jobzonerisk.com/", 2),
        ("https://notjobzonerisk.com/", None),
        ("https://example.org/jobzonerisk.com", None),
    ],
)
def test_the_publisher_of_the_method_is_known_by_its_host(url: str, number: int | None) -> None:
    other = a_source("p-1", "Words enough to cite.", publisher="P", title="T")
    theirs = a_source("p-2", "Words enough to cite.", publisher="P", title="T", url=url)
    assert method_cited(cited(other, theirs)) == number
