"""What a model may answer, and its way into the domain and back."""

from __future__ import annotations

import pytest
from factories_drafting import a_claim
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from agent.drafting.barriers import BarriersSection, barriers_from_wire, barriers_to_wire
from agent.drafting.claims import ClaimWire, claims_from_wire, claims_to_wire
from agent.drafting.combine import inputs_of, sections_of
from agent.drafting.commentary import commentary_from_wire, commentary_to_wire
from agent.drafting.drafter import ANSWERS, SectionDraft, parse_section
from agent.drafting.evidence import EvidenceSection, evidence_from_wire, evidence_to_wire
from agent.drafting.frame import FrameAnswer, frame_from_wire
from agent.drafting.growth import GrowthSection, growth_from_wire, growth_to_wire
from agent.drafting.lens import LensTaskWire, lens_from_wire, lens_to_wire
from agent.drafting.queries import STANDING, groups_of, lens_queries
from agent.drafting.tasks import TasksAnswer, TasksDraft, tasks_from_wire, tasks_to_wire
from agent.llm.wire import lint
from agent.schemas.draft import (
    BarrierDraft,
    Citation,
    Claim,
    ClaimKind,
    Commentary,
    EvidenceDraft,
    GrowthDraft,
    PrincipleDraft,
    Stance,
    TaskDraft,
)
from agent.schemas.lens import IMPACTS, SIGNALS, BarrierDelta, Concept, EvidenceDelta, Lens, LensGrowth, LensTask
from agent.schemas.text import one_line
from agent.schemas.vocabulary import (
    INPUT_SECTIONS,
    BarrierName,
    Bucket,
    EvidenceName,
    LensBucket,
    LensOutcome,
    PrincipleName,
    Section,
)

ENDS = ("p-000000000001", "p-00000000000f")
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf")), min_size=1, max_size=40)
lines = words.map(one_line).filter(bool)
claims = st.lists(
    st.builds(
        Claim,
        text=lines,
        kind=st.sampled_from(ClaimKind),
        stance=st.sampled_from(Stance),
        proxy=st.none() | lines,
        horizon=st.none() | lines,
        citations=st.lists(st.builds(Citation, passage=st.sampled_from(ENDS), quote=lines), max_size=2).map(tuple),
    ),
    max_size=2,
).map(tuple)


Names = type[EvidenceName] | type[BarrierName] | type[PrincipleName]


def of_all(names: Names, drafts: st.SearchStrategy) -> st.SearchStrategy:  # type: ignore[type-arg]
    return st.fixed_dictionaries(dict.fromkeys(names, drafts))


tasks = st.lists(
    st.tuples(lines, st.integers(1, 100), st.integers(1, 5), st.sampled_from(Bucket), claims), min_size=1, max_size=4
).map(
    lambda rows: tuple(
        TaskDraft(id=f"t{at}", name=name, share=share, score=score, bucket=bucket, claims=own)
        for at, (name, share, score, bucket, own) in enumerate(rows, start=1)
    )
)
tasks_drafts = st.builds(TasksDraft, tasks=tasks, reinstatement=claims, gap=st.none() | lines)
evidence_drafts = st.builds(
    EvidenceSection,
    dimensions=of_all(
        EvidenceName,
        st.builds(EvidenceDraft, score=st.none() | st.integers(-2, 2), claims=claims, gap=st.none() | lines),
    ),
)
barriers_drafts = st.builds(
    BarriersSection, barriers=of_all(BarrierName, st.builds(BarrierDraft, score=st.integers(0, 2), claims=claims))
)
growth_drafts = st.builds(
    GrowthSection,
    principles=of_all(PrincipleName, st.builds(PrincipleDraft, score=st.integers(0, 3), claims=claims)),
    growth=st.builds(GrowthDraft, score=st.integers(-2, 2), claims=claims),
)
commentaries = st.fixed_dictionaries(dict.fromkeys(Commentary.model_fields, claims)).map(
    lambda parts: Commentary(**parts)
)

lenses = st.builds(
    Lens,
    outcome=st.sampled_from(LensOutcome),
    concept=st.builds(Concept, **dict.fromkeys(Concept.model_fields, claims)),
    tasks=st.lists(
        st.builds(
            LensTask,
            id=st.integers(1, 99).map(lambda number: f"t{number}"),
            share=st.integers(1, 100),
            score=st.integers(1, 5),
            bucket=st.sampled_from(LensBucket),
            tools=st.lists(lines, max_size=2, unique=True).map(tuple),
            share_claims=claims,
            score_claims=claims,
        ),
        max_size=2,
    ).map(tuple),
    evidence=st.lists(
        st.builds(
            EvidenceDelta,
            name=st.sampled_from(EvidenceName),
            delta=st.integers(-4, 4).filter(bool),
            claims=claims,
        ),
        max_size=2,
    ).map(tuple),
    barriers=st.lists(
        st.builds(BarrierDelta, name=st.sampled_from(BarrierName), delta=st.sampled_from([-2, -1, 1]), claims=claims),
        max_size=2,
    ).map(tuple),
    growth=st.none()
    | st.builds(LensGrowth, score=st.integers(-2, 2), exists_because_of_ai=st.booleans(), claims=claims),
    **dict.fromkeys((*SIGNALS, *IMPACTS), claims),
)


@pytest.mark.parametrize("answer", [FrameAnswer, *ANSWERS.values()], ids=lambda answer: answer.__name__)
def test_strict_structured_output_takes_every_wire_model(answer: type[BaseModel]) -> None:
    assert lint(answer) == ()


@settings(max_examples=40, deadline=None)
@given(tasks_drafts)
def test_tasks_come_back_from_the_wire_as_they_went(draft: TasksDraft) -> None:
    assert tasks_from_wire(tasks_to_wire(draft, ENDS)) == draft


@settings(max_examples=30, deadline=None)
@given(evidence_drafts)
def test_evidence_comes_back_from_the_wire_as_it_went(draft: EvidenceSection) -> None:
    assert evidence_from_wire(evidence_to_wire(draft, ENDS)) == draft


@settings(max_examples=30, deadline=None)
@given(barriers_drafts)
def test_barriers_come_back_from_the_wire_as_they_went(draft: BarriersSection) -> None:
    assert barriers_from_wire(barriers_to_wire(draft, ENDS)) == draft


@settings(max_examples=30, deadline=None)
@given(growth_drafts)
def test_growth_comes_back_from_the_wire_as_it_went(draft: GrowthSection) -> None:
    assert growth_from_wire(growth_to_wire(draft, ENDS)) == draft


@settings(max_examples=30, deadline=None)
@given(commentaries)
def test_a_commentary_comes_back_from_the_wire_as_it_went(draft: Commentary) -> None:
    assert commentary_from_wire(commentary_to_wire(draft, ENDS)) == draft


@settings(max_examples=30, deadline=None)
@given(lenses)
def test_a_lens_comes_back_from_the_wire_as_it_went(draft: Lens) -> None:
    assert lens_from_wire(lens_to_wire(draft, ENDS)) == draft
    assert parse_section(Section.LENS, draft.model_dump(mode="json")) == draft


@pytest.mark.parametrize("task_id", ["", "t", "1", "task 1", "t123", "T1"])
def test_a_task_of_a_lens_has_an_id_of_the_form_of_the_base(task_id: str) -> None:
    document = {"task_id": task_id, "share_percent": 20, "score": 2, "bucket": "enhanced"}
    lists: dict[str, object] = {key: [] for key in ("tools", "share_claims", "score_claims")}
    with pytest.raises(ValidationError, match="task_id"):
        LensTaskWire.model_validate({**document, **lists})
    assert LensTaskWire.model_validate({**document, **lists, "task_id": "t1"}).task_id == "t1"


@settings(max_examples=30, deadline=None)
@given(tasks_drafts, evidence_drafts, barriers_drafts, growth_drafts)
def test_sections_make_inputs_and_inputs_make_the_same_sections(
    one: TasksDraft, two: EvidenceSection, three: BarriersSection, four: GrowthSection
) -> None:
    sections: dict[Section, SectionDraft] = dict(zip(INPUT_SECTIONS, (one, two, three, four), strict=True))
    assert sections_of(inputs_of(sections)) == sections
    for section, draft in sections.items():
        assert parse_section(section, draft.model_dump(mode="json")) == draft


def test_mixed_up_sections_are_an_error() -> None:
    growth = GrowthSection(principles={}, growth=GrowthDraft(score=0, claims=()))
    with pytest.raises(TypeError, match="mixed up"):
        inputs_of(dict.fromkeys(INPUT_SECTIONS, growth))


def test_both_ends_of_the_pack_are_part_of_every_answer() -> None:
    for answer in ANSWERS.values():
        assert {"first_passage_id", "last_passage_id"} <= set(answer.model_fields)


def a_claim_document(**changes: object) -> dict[str, object]:
    [wire] = claims_to_wire((a_claim(),))
    return {**wire.model_dump(), **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"text": " \n "},
        {"text": "x" * 2001},
        {"proxy": ""},
        {"horizon": "x" * 61},
        {"kind": "guess"},
        {"stance": "neutral"},
        {"more": 1},
        {"citations": [{"passage_id": "p-1", "quote": ""}]},
    ],
)
def test_a_claim_that_breaks_a_limit_is_refused_on_the_wire(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ClaimWire.model_validate(a_claim_document(**changes))


@pytest.mark.parametrize("field", ClaimWire.model_fields)
def test_a_claim_needs_every_field(field: str) -> None:
    document = a_claim_document()
    del document[field]
    with pytest.raises(ValidationError, match=field):
        ClaimWire.model_validate(document)


def test_a_claim_is_cleaned_of_controls_and_line_ends() -> None:
    [claim] = claims_from_wire([ClaimWire.model_validate(a_claim_document(text="Two\n\x1b[31m lines\u200b."))])
    assert claim.text == "Two [31m lines."


@pytest.mark.parametrize("share", [0, -1, 101, 12.5, "a fifth"])
def test_a_share_is_a_whole_percentage(share: object) -> None:
    task = {"name": "Task", "share_percent": share, "score": 3, "bucket": "augmentation", "claims": []}
    with pytest.raises(ValidationError):
        TasksAnswer.model_validate(
            {
                "first_passage_id": "p-1",
                "last_passage_id": "p-2",
                "tasks": [task],
                "reinstatement": [],
                "not_enough_evidence": None,
            }
        )


def a_frame_answer(**changes: object) -> FrameAnswer:
    queries = {
        name: ["widget engineers pay", "widget engineers pay"] if name == "wages" else [] for name in EvidenceName
    }
    values: dict[str, object] = {
        "is_a_role": True,
        "not_a_role_reason": None,
        "title": "Widget Developer",
        "seniority": "mid-level",
        "function": "Builds widgets.",
        "aliases": ["WIDGET ENGINEER", "widget maker", "widget maker"],
        "proxies": ["gadget engineers", "gadget engineers"],
        "is_not": [{"title": "widget seller", "difference": "sells"}],
        "experience": "Some years.",
        "seniority_note": "Seniors decide more.",
        "tags": ["widgets"],
        "tasks_queries": ["widgets", "widgets"],
        "evidence_queries": queries,
        "barriers_queries": [],
        "growth_queries": [],
    }
    return FrameAnswer.model_validate({**values, **changes})


def test_the_frame_keeps_the_title_that_was_asked_for_and_the_models_own_as_an_alias() -> None:
    framed = frame_from_wire(a_frame_answer(), role="Widget Engineer", seniority=None)
    assert framed.frame is not None
    assert (framed.frame.title, framed.frame.seniority) == ("Widget Engineer", "mid-level")
    assert framed.frame.aliases == ("Widget Developer", "widget maker")
    assert framed.frame.proxies == ("gadget engineers",)


def test_a_seniority_that_was_asked_for_stands() -> None:
    framed = frame_from_wire(a_frame_answer(), role="Widget Engineer", seniority="Senior")
    assert framed.frame is not None and framed.frame.seniority == "Senior"


def test_a_title_that_is_no_role_has_a_reason_and_no_frame() -> None:
    answer = a_frame_answer(is_a_role=False, not_a_role_reason=None)
    framed = frame_from_wire(answer, role="Widget", seniority=None)
    assert (framed.frame, framed.not_a_role, framed.queries) == (None, "the title names no occupation", {})


@pytest.mark.parametrize("role", ["Widget Engineer", "Widget {role} {0} Engineer", "Widget $role %s", "{}"])
def test_the_standing_queries_hold_the_title_whatever_its_signs(role: str) -> None:
    framed = frame_from_wire(a_frame_answer(), role=role, seniority=None)
    assert list(framed.queries) == list(INPUT_SECTIONS)
    for section, groups in framed.queries.items():
        assert tuple(group.name for group in groups) == groups_of(section)
        for group in groups:
            for side, standing in zip((group.displacing, group.protecting), STANDING[group.name], strict=True):
                assert len(side) == len(set(side))
                assert set(side) >= {query.replace("{role}", role) for query in standing}


def test_a_lens_asks_for_the_tools_of_each_task_and_for_the_market_on_both_sides() -> None:
    tools, market = lens_queries("Widget {role} Engineer", ["Design lines", "Inspect batches"])
    assert (tools.name, market.name) == groups_of(Section.LENS)
    for side in (tools.displacing, tools.protecting):
        assert {"AI agent Design lines", "AI agent Inspect batches"} <= set(side)
    assert "tools that automate Widget {role} Engineer work" in tools.displacing
    for group in (tools, market):
        assert set(group.displacing) - set(group.protecting) and set(group.protecting) - set(group.displacing)


def test_every_group_asks_for_both_sides_and_the_frames_own_queries_on_each() -> None:
    framed = frame_from_wire(a_frame_answer(), role="Widget Engineer", seniority=None)
    wages = next(group for group in framed.queries[Section.EVIDENCE] if group.name == "evidence.wages")
    assert "widget engineers pay" in wages.displacing and "widget engineers pay" in wages.protecting
    for groups in framed.queries.values():
        for group in groups:
            assert set(group.displacing) - set(group.protecting) and set(group.protecting) - set(group.displacing)
