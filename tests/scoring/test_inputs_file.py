"""Reading the input of `assess-role score`: three shapes in, every error at once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import PurePath

import pytest
import yaml
from factories_scoring import some_inputs
from hypothesis import example, given
from hypothesis import strategies as st

from agent.errors import InvalidInput
from agent.schemas.assessment import Assessment, Provenance
from agent.schemas.draft import (
    BarrierDraft,
    Claim,
    ClaimKind,
    EvidenceDraft,
    GrowthDraft,
    Inputs,
    PrincipleDraft,
    RoleFrame,
    Stance,
    TaskDraft,
)
from agent.schemas.finding import GuardReport
from agent.schemas.scored import Override
from agent.schemas.vocabulary import EvidenceName, Gate
from agent.scoring import ParsedInput, parse_inputs, report, score

HAND_WRITTEN = """
role: ML Platform Engineer
tasks:
  - {name: Training infrastructure design, share: 20, score: 2, bucket: augmentation}
  - {name: Model serving, share: 20, score: 3, bucket: augmentation}
  - {name: Feature store and registry, share: 15, score: 3, bucket: augmentation}
  - {name: GPU management and cost, share: 15, score: 2, bucket: augmentation}
  - {name: Pipeline orchestration, share: 10, score: 4, bucket: displacement}
  - {name: Monitoring and drift, share: 10, score: 3, bucket: augmentation}
  - {name: Cross-functional collaboration, share: 10, score: 2, bucket: not_involved}
evidence: {job_postings: 1, company_actions: 2, wages: 1, tool_maturity: 0, expert_consensus: 1}
barriers: {regulatory: 0, physical: 0, union: 0, liability: 1, cultural: 0}
growth: 1
principles: {physicality: 0, interpersonal: 1, judgment: 1}
"""
REASON = "Managed platforms absorbed this work faster than the evidence shows."
NEEDED = "role, tasks, evidence, barriers, growth, principles"


def a_document(**changed: object) -> dict[str, object]:
    """The worked example as a parsed file; a part that is `...` is left out."""
    document = yaml.safe_load(HAND_WRITTEN) | changed
    return {key: value for key, value in document.items() if value is not ...}


def a_task_document(**changed: object) -> dict[str, object]:
    return {"name": "Model serving", "share": 20, "score": 3, "bucket": "augmentation"} | changed


def with_task(**changed: object) -> dict[str, object]:
    """The worked example with its second task changed."""
    tasks = list(yaml.safe_load(HAND_WRITTEN)["tasks"])
    tasks[1] = a_task_document(**changed)
    return a_document(tasks=tasks)


def a_claim() -> Claim:
    return Claim(text="A claim.", kind=ClaimKind.JUDGEMENT, stance=Stance.CONTEXT)


def drafted_inputs() -> Inputs:
    """The worked example as it is drafted: every score with a claim."""
    base, claims = some_inputs(), (a_claim(),)
    return Inputs(
        tasks=tuple(
            TaskDraft(id=f"t{i}", name=task.name, share=task.share, score=task.score, bucket=task.bucket, claims=claims)
            for i, task in enumerate(base.tasks)
        ),
        reinstatement=(),
        evidence={name: EvidenceDraft(score=value, claims=claims) for name, value in base.evidence.items()},
        barriers={name: BarrierDraft(score=value, claims=claims) for name, value in base.barriers.items()},
        principles={name: PrincipleDraft(score=value, claims=claims) for name, value in base.principles.items()},
        growth=GrowthDraft(score=base.growth, claims=claims),
    )


def an_assessment(**changed: object) -> dict[str, object]:
    """The worked example as the document of a whole assessment."""
    inputs = drafted_inputs()
    frame = RoleFrame(
        title="ML Platform Engineer",
        seniority="Mid-Senior",
        function="Builds the platform.",
        aliases=(),
        proxies=(),
        is_not=(),
        experience="4 to 8 years",
        seniority_note="Juniors would score lower.",
        tags=(),
    )
    whole = Assessment(
        gate=Gate.PUBLICATION,
        as_of="2026-01-31",
        role=frame,
        inputs=inputs,
        result=score(inputs.scored()),
        guard=GuardReport(findings=(), verified=0, judgement=0, speaking_sources=(), admissible={}),
        sources=(),
        provenance=Provenance(model="m", recorded=True, prompts={}, policy="p", corpus="c", embedding="e"),
    )
    return whole.document() | changed


def problems_of(document: object) -> tuple[str, ...]:
    with pytest.raises(InvalidInput) as caught:
        parse_inputs(document)
    assert all(problem in caught.value.message for problem in caught.value.problems)
    return tuple(caught.value.problems)


def test_the_hand_written_example_is_read_and_scores_47_5() -> None:
    parsed = parse_inputs(yaml.safe_load(HAND_WRITTEN))
    assert parsed == ParsedInput("ML Platform Engineer", some_inputs(), None)
    assert score(parsed.inputs).score == 47.5


def test_json_says_the_same_as_yaml() -> None:
    document = yaml.safe_load(HAND_WRITTEN)
    assert parse_inputs(json.loads(json.dumps(document))) == parse_inputs(document)


def test_an_assessment_is_read_as_the_inputs_it_was_scored_from_and_scores_the_same() -> None:
    document = json.loads(json.dumps(an_assessment()))
    parsed = parse_inputs(document)
    assert parsed == ParsedInput("ML Platform Engineer", some_inputs(), None)
    assert report(parsed.role, score(parsed.inputs)) == {"role": "ML Platform Engineer", **document["result"]}


def test_a_published_document_is_read_as_the_assessment_in_it() -> None:
    published = {
        "format": "assess-role/published/1",
        "revision": "sha256:0",
        "assessment": an_assessment(),
        "record": {},
    }
    assert parse_inputs(published) == parse_inputs(an_assessment())


def test_the_override_of_an_assessment_is_read_without_its_citations() -> None:
    cited = {"score": 49.0, "reason": REASON, "citations": [{"passage": "p-1", "quote": "a quote of it"}]}
    parsed = parse_inputs(an_assessment(override=cited))
    assert parsed.override == Override(score=49.0, reason=REASON)
    assert score(parsed.inputs, override=parsed.override).score == 49.0


def test_an_unknown_dimension_of_an_assessment_stays_unknown() -> None:
    document = an_assessment()
    document["inputs"]["evidence"]["wages"]["score"] = None  # type: ignore[index]
    assert parse_inputs(document).inputs.evidence[EvidenceName.WAGES] is None


def test_a_hand_written_override_and_an_unknown_dimension_are_read() -> None:
    evidence = dict(zip(EvidenceName, (1, 2, None, 0, 1), strict=True))
    parsed = parse_inputs(a_document(evidence=evidence, override={"score": 45, "reason": REASON}))
    assert parsed.inputs == some_inputs(evidence=(1, 2, None, 0, 1))
    assert parsed.override == Override(score=45.0, reason=REASON)


def test_every_error_of_a_file_is_named_at_once() -> None:
    document = yaml.safe_load(
        """
        role: ML Platform Engineer
        tasks:
          - {name: Design, share: 20, score: 6, bucket: augmentation}
          - {name: Serving, share: 20, score: 1, bucket: augmentation}
          - {name: Features, share: 15, score: 3, bucket: augmentatoin}
          - {name: Pipelines, share: 30, score: .nan, buckets: augmentation}
          - {name: serving, share: 10, score: 2.5, bucket: displacement}
        evidence: {job_postings: 1, company_actions: 3, wages: "1", tool_maturity: null, 1: 2}
        barriers: [1]
        growth: true
        principls: {physicality: 0, interpersonal: 1, judgment: 1}
        override: {score: 49.55, reason: short}
        """
    )
    evidence = "job_postings, company_actions, wages, tool_maturity, expert_consensus"
    assert problems_of(document) == (
        f"principls: unknown key, expected only {NEEDED}, override; did you mean principles?",
        "principles: missing",
        "tasks[0].score: found 6, expected 1 to 5",
        "tasks[2].bucket: found 'augmentatoin', expected one of displacement, augmentation, not_involved",
        "tasks[3].buckets: unknown key, expected only name, share, score, bucket; did you mean bucket?",
        "tasks[3].bucket: missing",
        "tasks[3].score: found NaN, expected a whole number, 1 to 5",
        "tasks[4].score: found 2.5, expected a whole number, 1 to 5",
        "tasks: the shares sum to 95, expected exactly 100",
        "tasks[1].bucket: found augmentation with a score of 1, expected a score of 2 to 4 for augmentation",
        "tasks[4].name: found the name of tasks[1] again, expected a name of its own",
        f"evidence.1: unknown key, expected only {evidence}",
        "evidence.expert_consensus: missing",
        "evidence.company_actions: found 3, expected -2 to 2, or null for unknown",
        "evidence.wages: found '1', expected a whole number, -2 to 2, or null for unknown",
        "barriers: found a list, expected a mapping with regulatory, physical, union, liability, cultural",
        "growth: found true, expected a whole number, -2 to 2",
        "override.score: found 49.55, expected a number, 0 to 100, with at most one decimal",
        "override.reason: found 5 characters, expected 10 to 2000 characters",
    )


@pytest.mark.parametrize(
    ("document", "found"),
    [(None, "nothing"), ([], "a list"), ("text", "'text'"), (3, "3"), (float("nan"), "NaN"), (True, "true")],
)
def test_a_document_that_is_no_mapping_is_refused_whole(document: object, found: str) -> None:
    assert problems_of(document) == (f"the document: found {found}, expected a mapping with {NEEDED}",)


def test_an_empty_mapping_lacks_every_part() -> None:
    assert problems_of({}) == tuple(f"{part}: missing" for part in NEEDED.split(", "))


@pytest.mark.parametrize("value", [True, "3", 2.5, 3.0, None, [3], {"score": 3}, date(2026, 1, 1)])
def test_only_a_whole_number_is_a_score(value: object) -> None:
    shown = {True: "true", "3": "'3'", 2.5: "2.5", 3.0: "3.0", None: "null"}
    text = "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else None
    text = text or ("a date" if isinstance(value, date) else shown[value])  # type: ignore[index]
    assert problems_of(with_task(score=value)) == (f"tasks[1].score: found {text}, expected a whole number, 1 to 5",)


@pytest.mark.parametrize(
    ("share", "found"),
    [(0, "0"), (101, "101"), (-5, "-5"), (10**4400, "a number of more than 15 digits")],
    ids=["none", "more than all", "negative", "too long to print"],
)
def test_a_share_out_of_range_is_named_and_the_sum_is_left_alone(share: int, found: str) -> None:
    assert problems_of(with_task(share=share)) == (f"tasks[1].share: found {found}, expected 1 to 100",)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "found no text, expected 1 to 200 characters"),
        ("   ", "found no text, expected 1 to 200 characters"),
        ("x" * 201, "found 201 characters, expected 1 to 200 characters"),
        (7, "found 7, expected text"),
        ("Model \ud800", "found half of a surrogate pair, expected valid Unicode text"),
    ],
)
def test_a_name_is_text_of_a_readable_length(name: object, problem: str) -> None:
    assert problems_of(with_task(name=name)) == (f"tasks[1].name: {problem}",)


@pytest.mark.parametrize("role", ["", 3, None, "x" * 121])
def test_a_role_is_text_of_a_readable_length(role: object) -> None:
    assert [problem.partition(":")[0] for problem in problems_of(a_document(role=role))] == ["role"]


@pytest.mark.parametrize(
    ("tasks", "problem"),
    [
        ("none", "tasks: found 'none', expected a list of tasks"),
        ({}, "tasks: found a mapping, expected a list of tasks"),
        ([], "tasks: found 0, expected 5 to 12 tasks"),
    ],
)
def test_tasks_are_a_list(tasks: object, problem: str) -> None:
    assert problems_of(a_document(tasks=tasks)) == (problem,)


def test_a_task_that_is_no_mapping_is_named_by_its_place() -> None:
    tasks = [*yaml.safe_load(HAND_WRITTEN)["tasks"], 3]
    assert problems_of(a_document(tasks=tasks)) == (
        "tasks[7]: found 3, expected a mapping with name, share, score, bucket",
    )


@pytest.mark.parametrize("value", [-0.1, 100.1, float("nan"), float("inf"), float("-inf"), True, "49", 47.55, None])
def test_an_override_is_a_number_on_the_scale_with_one_decimal(value: object) -> None:
    shown = {"nan": "NaN", "inf": "infinity", "-inf": "minus infinity", "True": "true", "None": "null", "49": "'49'"}
    assert problems_of(a_document(override={"score": value, "reason": REASON})) == (
        f"override.score: found {shown.get(str(value), str(value))}, "
        "expected a number, 0 to 100, with at most one decimal",
    )


def test_an_override_needs_a_reason() -> None:
    assert problems_of(a_document(override={"score": 45})) == ("override.reason: missing",)
    assert problems_of(a_document(override=45)) == ("override: found 45, expected a mapping with score, reason",)


def test_a_key_that_is_no_name_is_shown_short() -> None:
    document = a_document() | {"k" * 100: 1, "two words": 2, 7: 3}
    only = f"unknown key, expected only {NEEDED}, override"
    assert problems_of(document) == (f"'{'k' * 60}…': {only}", f"'two words': {only}", f"7: {only}")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            {"format": "other/1"},
            "format: found 'other/1', expected 'assess-role/assessment/1' or 'assess-role/published/1'",
        ),
        ({"format": "assess-role/published/1"}, "assessment: found null, expected a mapping"),
        (
            {"format": "assess-role/published/1", "assessment": {}},
            "format: found null, expected 'assess-role/assessment/1' or 'assess-role/published/1'",
        ),
        ({"format": "assess-role/assessment/1", "inputs": 3}, "inputs: found 3, expected a mapping"),
    ],
)
def test_a_document_of_another_format_is_refused_whole(document: object, problem: str) -> None:
    assert problems_of(document) == (problem,)


def test_the_errors_of_an_assessment_are_named_like_those_of_a_file() -> None:
    document = an_assessment(role=["x"])
    inputs = document["inputs"]
    assert isinstance(inputs, dict)
    inputs["tasks"][2]["score"] = 6
    inputs["tasks"][3] = "x"
    inputs["evidence"]["wages"] = {"claims": []}
    inputs["growth"] = {"score": 9}
    inputs["barriers"] = 3
    del inputs["principles"]
    assert problems_of(document) == (
        "principles: missing",
        "role: found a list, expected text",
        "tasks[2].score: found 6, expected 1 to 5",
        "tasks[3]: found 'x', expected a mapping with name, share, score, bucket",
        "evidence.wages: found a mapping, expected a whole number, -2 to 2, or null for unknown",
        "barriers: found 3, expected a mapping with regulatory, physical, union, liability, cultural",
        "growth: found 9, expected -2 to 2",
    )


def test_an_assessment_without_tasks_or_growth_lacks_them() -> None:
    document = an_assessment()
    document["inputs"] = {}
    assert problems_of(document) == tuple(f"{part}: missing" for part in NEEDED.split(", ")[1:])


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just("\ud800")
KEYS = st.sampled_from(
    [*NEEDED.split(", "), "override", "format", "inputs", "assessment", "score", "reason", "name", "share", "bucket"]
) | st.text(max_size=8)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6))
FORMATS = st.sampled_from(["assess-role/assessment/1", "assess-role/published/1", "other"])


@given(document=JSON)
@example(document={"format": "assess-role/published/1", "assessment": {"format": "assess-role/published/1"}})
@example(document=PurePath("x"))
def test_any_document_is_read_or_refused_with_problems(document: object) -> None:
    _read_or_refused(document)


@given(changes=st.dictionaries(KEYS, JSON, max_size=3), kind=st.none() | FORMATS)
def test_any_damage_to_a_good_document_is_read_or_refused_with_problems(
    changes: dict[str, object], kind: str | None
) -> None:
    base = an_assessment() if kind else a_document()
    _read_or_refused(base | changes | ({"format": kind} if kind else {}))
    if kind:
        _read_or_refused(an_assessment(inputs=an_assessment()["inputs"] | changes))  # type: ignore[operator]


def _read_or_refused(document: object) -> None:
    try:
        parsed = parse_inputs(document)
    except InvalidInput as refused:
        assert refused.problems
    else:
        assert 0 <= score(parsed.inputs).score <= 100
