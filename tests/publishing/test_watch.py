"""What would change the verdict: every change crosses its line, has label and signs; sources grow old on a day."""

from __future__ import annotations

import contextlib
import io
import re

import pytest
from factories_publishing import a_record, a_source, an_assessment, an_override, some_inputs, sourced
from hypothesis import HealthCheck, given, settings
from strategies_published import results
from test_published_page import HOSTILE, Page, a_hostile_assessment, html_of, markdown_of

from agent.cli.reading import review_view
from agent.grounding.dates import is_stale
from agent.publishing import render_html, signals
from agent.publishing.watch import Expiry, WatchList, watch_list
from agent.publishing.words import WATCH
from agent.schemas.assessment import Assessment
from agent.schemas.draft import EvidenceDraft
from agent.schemas.scored import ScoreInputs, ScoreResult
from agent.schemas.vocabulary import BarrierName, EvidenceName, Zone
from agent.scoring.moved import label_after
from agent.scoring.zones import zone

ANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
BETTER = list(Zone)


def watch_of(assessment: Assessment) -> WatchList:
    assert assessment.result is not None
    return watch_list(assessment, assessment.result)


class _Scored:
    """An assessment as far as a watch list reads it, with any scored inputs."""

    as_of = "2026-11-20"
    sources = ()

    def __init__(self, inputs: ScoreInputs) -> None:
        self.scored = lambda: inputs
        self.evidence = {name: EvidenceDraft(score=None, claims=()) for name in EvidenceName}

    @property
    def inputs(self) -> _Scored:
        return self


def watch_any(made: tuple[ScoreInputs, ScoreResult]) -> WatchList:
    return watch_list(_Scored(made[0]), made[1])  # type: ignore[arg-type]


@ANY
@given(results())
def test_every_change_ends_on_the_other_side_of_its_line_with_its_label(made: tuple[ScoreInputs, ScoreResult]) -> None:
    inputs, result = made
    for line in watch_any(made).lines:
        assert (BETTER.index(line.to) < BETTER.index(result.zone)) == (line.direction == "up")
        for move in line.moves:
            assert (move.score >= line.line) == (line.direction == "up")
            assert zone(move.score) is line.to
            assert move.score == move.steps[-1].score
            assert move.label == label_after(inputs, move.steps)
            assert move.label.startswith(line.to.value)


@ANY
@given(results())
def test_single_steps_are_all_listed_and_else_the_smallest_change(made: tuple[ScoreInputs, ScoreResult]) -> None:
    _, result = made
    watch = watch_any(made)
    singles = [move.steps[0] for line in watch.lines for move in line.moves if len(move.steps) == 1]
    assert singles == sorted(result.robustness.flips, key=lambda step: step.score < result.score)
    for line, crossing in zip(watch.lines, result.robustness.crossings, strict=True):
        assert bool(line.moves) == bool(crossing.changes)
        if line.moves and len(line.moves[0].steps) > 1:
            assert line.moves[0].steps == crossing.changes
            assert all({step.input for step in move.steps} == {"evidence"} for move in line.moves[1:])
            assert len(line.moves) <= 2


@ANY
@given(results())
def test_the_distance_is_that_of_the_score_to_the_line(made: tuple[ScoreInputs, ScoreResult]) -> None:
    watch, record = watch_any(made), made[1].score
    for line in watch.lines:
        assert line.distance == round(abs(record - line.line), 1)
    assert watch.nearest == min(line.distance for line in watch.lines)
    assert {Zone.GREEN: [48.0], Zone.YELLOW: [48.0, 25.0], Zone.RED: [25.0]}[made[1].zone] == [
        line.line for line in watch.lines
    ]


@ANY
@given(results())
def test_every_number_of_a_sentence_is_one_of_its_change(made: tuple[ScoreInputs, ScoreResult]) -> None:
    inputs, result = made
    for line, crossing in zip(watch_any(made).lines, result.robustness.crossings, strict=True):
        start = f"{crossing.signal[:1].upper()}{crossing.signal[1:]}."
        assert line.sentence.startswith(start)
        rest = line.sentence.removeprefix(start)
        alone = re.fullmatch(
            r" The label would be (?P<label>[^.]+)\."
            r"(?: Evidence alone would do it at (?P<to>[+−]?\d+) \(now (?P<now>[+−]?\d+)\): (?P<score>[\d.]+), "
            r"(?P<then>[^.]+)\.)?",
            rest,
        )
        assert (rest == "") == (not crossing.changes)
        if crossing.changes:
            assert alone is not None, rest
            assert alone["label"] == label_after(inputs, crossing.changes)
        if alone and alone["to"]:
            move = line.moves[-1]
            assert int(alone["to"].replace("−", "-")) == move.steps[-1].to
            assert int(alone["now"].replace("−", "-")) == result.evidence
            assert (float(alone["score"]), alone["then"]) == (move.score, move.label)


@ANY
@given(results())
def test_the_signs_are_of_the_inputs_that_move_and_of_their_direction(made: tuple[ScoreInputs, ScoreResult]) -> None:
    inputs, _ = made
    texts = {
        **{name.value: pair for name, pair in signals.EVIDENCE.items()},
        **{name.value: pair for name, pair in signals.BARRIERS.items()},
        "growth": signals.GROWTH,
        "tasks": signals.TASKS,
    }
    for line in watch_any(made).lines:
        way = 0 if line.direction == "up" else 1
        for move in line.moves:
            moved = {step.input for step in move.steps}
            wanted = ["tasks"] if any(name.startswith("task: ") for name in moved) else []
            ends = {"evidence": (2, -2), "barriers": (2, 0)}
            for group, parts in (("evidence", inputs.evidence), ("barriers", inputs.barriers)):
                wanted += [n.value for n in parts if group in moved and parts[n] != ends[group][way]]
            wanted += ["growth"] if "growth" in moved else []
            assert [signal.input for signal in move.signals] == wanted
            assert [signal.text for signal in move.signals] == [texts[name][way] for name in wanted]
            assert set(move.signals) <= set(line.signals)


@ANY
@given(results())
def test_unknown_evidence_decides_where_its_span_leaves_the_zone(made: tuple[ScoreInputs, ScoreResult]) -> None:
    _, result = made
    unknown = watch_any(made).unknown
    assert (unknown is None) == (not result.unknown)
    if unknown is not None:
        assert unknown.dimensions == result.unknown
        assert unknown.decides == (zone(unknown.low) is not result.zone or zone(unknown.high) is not result.zone)
        assert f"at −1 each the score is {result.unknown_low:.1f}, at +1 each {result.unknown_high:.1f}" in (
            unknown.sentence
        )
        assert ("which changes the zone" in unknown.sentence) == unknown.decides


def test_every_dimension_and_barrier_has_a_sign_for_each_direction_and_none_twice() -> None:
    assert set(signals.EVIDENCE) == set(EvidenceName)
    assert set(signals.BARRIERS) == set(BarrierName)
    texts = [text for pair in (*signals.EVIDENCE.values(), *signals.BARRIERS.values()) for text in pair]
    texts += [*signals.GROWTH, *signals.TASKS]
    assert len(set(texts)) == len(texts) == 24


# When the evidence grows old


def expiries(*dates: str, as_of: str = "2026-11-20") -> Expiry:
    """The expiry of one dimension that cites a source of each of these dates."""
    sources = tuple(
        a_source(f"p-{at}", "Words enough to cite.", publisher=f"Paper {at}", title="T", date=date)
        for at, date in enumerate(dates)
    )
    claims = tuple(sourced("So.", source.passage, source.text) for source in sources)
    inputs = some_inputs(unknown=tuple(name for name in EvidenceName if name is not EvidenceName.WAGES))
    wages = EvidenceDraft(score=1, claims=claims)
    inputs = inputs.model_copy(update={"evidence": {**inputs.evidence, EvidenceName.WAGES: wages}})
    assessment = an_assessment(inputs=inputs, sources=sources).model_copy(update={"as_of": as_of})
    (found,) = watch_of(assessment).expiries
    return found


def test_the_first_and_the_last_fresh_source_say_when_a_dimension_grows_old() -> None:
    found = expiries("2026-03-11", "2025-08-28", "2018-05", "unknown", "2026")
    assert (found.first, found.first_source, found.last) == ("2027-09-01", "Paper 1, 2025-08-28", "2028-04-01")
    assert (found.old, found.undated) == (1, 1)
    assert found.sentence == (
        "Wages: from 2027-09-01 (Paper 1, 2025-08-28), the last one from 2028-04-01; 1 older already and 1 undated."
    )


@pytest.mark.parametrize("date", ["2025", "2025-12", "2026-01-31", "2024-11"])
def test_a_source_is_old_from_the_named_day_on_and_not_the_day_before(date: str) -> None:
    found = expiries(date)
    assert found.first is not None
    year, month, _ = map(int, found.first.split("-"))
    before = f"{year - (month == 1)}-{month - 1 or 12:02d}-28"
    assert is_stale(date, found.first, months=24)
    assert not is_stale(date, before, months=24)


def test_a_dimension_without_a_fresh_source_says_so_and_stands_last() -> None:
    found = expiries("2018-05", "unknown", "unknown")
    assert (found.first, found.first_source, found.last) == (None, None, None)
    assert found.sentence == "Wages: no source is fresh; 1 older already and 2 undated."
    every = watch_of(an_assessment()).expiries
    days = [expiry.first for expiry in every]
    assert days == sorted(days, key=lambda day: (day is None, day or ""))
    assert len(every) == 5


def test_a_dimension_that_cites_nothing_has_no_day() -> None:
    blank = an_assessment(inputs=some_inputs(unknown=tuple(EvidenceName)[:2]))
    assert {expiry.dimension for expiry in watch_of(blank).expiries} == set(tuple(EvidenceName)[2:])


# On the page


@pytest.mark.parametrize("render", [lambda a: Page(html_of(a)).text, markdown_of], ids=["html", "markdown"])
@pytest.mark.parametrize("override", [None, an_override(49.5)], ids=["formula", "overridden"])
def test_the_watch_list_stands_on_the_page(render: object, override: object) -> None:
    assessment = an_assessment(override=override, inputs=some_inputs(unknown=(EvidenceName.WAGES,)))  # type: ignore[arg-type]
    shown = " ".join(re.sub(r"\\(.)", r"\1", render(assessment)).split())  # type: ignore[operator]
    watch = watch_of(assessment)
    assert watch.unknown is not None
    wanted = [WATCH, watch.unknown.sentence, "a source counts as old after 24 months"]
    wanted += [line.sentence for line in watch.lines] + [expiry.sentence for expiry in watch.expiries]
    wanted += ["; ".join(signal.text for signal in line.signals) for line in watch.lines]
    wanted += [move.label for line in watch.lines for move in line.moves]
    assert [text for text in wanted if text not in shown] == []


def test_each_single_step_that_changes_the_zone_has_its_score_and_label_on_the_page() -> None:
    page = Page(html_of(an_assessment())).text
    assert (
        "Single steps that change the zone Training infrastructure design and architecture, 2 → 1: 50.7 GREEN" in page
    )
    assert "Growth, 1 → 2: 50.1 GREEN (Accelerated)" in page
    assert "| Growth | 1 → 2 | 50.1 | GREEN (Accelerated) |" in markdown_of(an_assessment())


def test_where_nothing_reaches_the_line_the_page_says_so_without_signs() -> None:
    assessment = an_assessment()
    result = assessment.result
    assert result is not None
    crossings = tuple(
        crossing.model_copy(update={"changes": (), "signal": "no change of the inputs inside their ranges reaches it"})
        for crossing in result.robustness.crossings
    )
    firm = result.robustness.model_copy(update={"crossings": crossings, "flips": ()})
    held = assessment.model_copy(update={"result": result.model_copy(update={"robustness": firm})})
    page = Page(render_html(held, a_record(held))).text
    assert page.count("No change of the inputs inside their ranges reaches it.") == 2
    assert "Signs of it" not in page
    assert "Signs of it" in Page(html_of(assessment)).text


def test_outside_text_in_a_watch_list_is_shown_as_text() -> None:
    assessment = a_hostile_assessment()
    assert HOSTILE not in html_of(assessment)
    sentence = watch_of(assessment).lines[0].sentence
    assert "<script>alert(1)</script>" in sentence
    assert r"\<script\>alert\(1\)\</script\>" in markdown_of(assessment).split(WATCH)[1]


# The role


@pytest.mark.parametrize("render", [lambda a: Page(html_of(a)).text, markdown_of], ids=["html", "markdown"])
def test_tags_aliases_and_the_note_on_other_levels_stand_in_the_role(render: object) -> None:
    assessment = an_assessment()
    role = assessment.role.model_copy(update={"tags": ("infrastructure", "machine learning")})
    shown = " ".join(re.sub(r"\\(.)", r"\1", render(assessment.model_copy(update={"role": role}))).split())  # type: ignore[operator]
    assert re.search(r"Domain:? infrastructure, machine learning", shown)
    assert re.search(r"Also called:? ML Infrastructure Engineer, AI Platform Engineer", shown)
    assert re.search(rf"Other levels \(?hypothesis, not assessed\)?:? {role.seniority_note}", shown)
    bare = assessment.model_copy(update={"role": role.model_copy(update={"tags": ()})})
    assert re.search(r"Domain:? not given", " ".join(render(bare).split()))  # type: ignore[operator]


def terminal_of(assessment: Assessment) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        review_view(assessment)
    return out.getvalue()


@pytest.mark.parametrize("note", ["Hypothesis: juniors would score lower.", "Juniors would score lower; a hypothesis."])
@pytest.mark.parametrize("render", [lambda a: Page(html_of(a)).text, markdown_of, terminal_of])
def test_a_note_on_other_levels_that_calls_itself_a_hypothesis_is_called_so_once(render: object, note: str) -> None:
    assessment = an_assessment()
    role = assessment.role.model_copy(update={"seniority_note": note})
    shown = " ".join(render(assessment.model_copy(update={"role": role})).split())  # type: ignore[operator]
    assert re.search(rf"Other levels \(?not assessed\)?:? {note}", shown)
    assert len(re.findall("hypothesis", shown, re.IGNORECASE)) == 1
