"""The two plain answers at the top of a page: every number is one of the result, every word follows from a number."""

from __future__ import annotations

import re

import pytest
from factories_lens import a_base, a_lens, an_unscored_lens
from factories_publishing import a_published_lens, an_assessment, an_override, some_inputs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies_lens import lenses
from strategies_published import results
from test_published_page import HOSTILE, Page, html_of, markdown_of

from agent.cli.reading import review_view
from agent.publishing.answers import AI_DRIVEN, REPLACED, ai_driven, answers, replaced
from agent.publishing.words import EVIDENCE, ZONES, inside
from agent.schemas.draft import Inputs
from agent.schemas.lens import Lens, LensResult
from agent.schemas.scored import ScoredTask, ScoreInputs, ScoreResult
from agent.schemas.vocabulary import Bucket, EvidenceName, Gate, LensBucket, LensOutcome, Zone
from agent.scoring import lens_score, score

DAY = "2026-11-20"
WORDS = 140
LONGEST = 205
"""With names of tasks as long as they are shown, and three of them on each side."""
ANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NUMBER = r"−?\+?\d+(?:\.\d)?"


def largest(group: str) -> str:
    """How the largest tasks of a group are named."""
    return rf"(?P<{group}_way>, above all|:) (?P<{group}>“.+?) \((?P<{group}_share>\d+)%(?P<{group}_each> each)?\)"


REPLACED_FORM = re.compile(
    r"(?P<opening>On balance no|Not settled|The risk is high): (?P<score>\d+\.\d) of 100 for resistance to AI"
    r"(?: \((?P<formula>\d+\.\d) by the formula\))?, "
    r"(?P<label>[A-Z]+(?: \(\w+\))?), (?P<distance>[^“]+?)\. "
    r"Changing one input by one point (?:never changes the zone \((?P<firm>\d+) cases\)"
    r"|changes the zone (?P<ways>to [^.]+?) of (?P<steps>\d+) cases)\. "
    r"Of the working time, an AI agent could do (?:(?P<displaced>\d+)%|none of it) end to end"
    r"(?:(?:,| and) AI assists people in (?P<assisted>\d+)%)?(?: and (?P<without>\d+)% involves no AI)?\. "
    rf"(?:All of it goes to tasks exposed to AI{largest('only_exposed')}"
    rf"|All of it rests mainly on people{largest('only_left')}"
    rf"|(?P<exposed>\d+)% goes to tasks exposed to AI{largest('reached')}; "
    rf"(?P<rest>\d+)% rests mainly on people{largest('left')})\. "
    r"(?:Nothing is known from the evidence: all (?P<blank>5) dimensions count as 0"
    r"|The evidence (?P<way>speaks for the role|speaks against the role|points neither way) "
    r"\((?P<evidence>[+−]?\d+) of ±10\)(?:, (?P<unknown>[^;]+?) unknown)?)"
    r"; barriers such as licences give (?P<barriers>\d+) of 10\. "
    r"This assesses tasks and evidence as of (?P<day>[\d-]+); it forecasts no layoffs\."
)
AI_DRIVEN_FORM = re.compile(
    r"(?P<opening>[^.]+)\. Done by somebody who builds and directs AI agents, the work scores (?P<score>\d+\.\d) of "
    r"100 \((?P<zone>\w+)\), (?:(?P<points>\d+\.\d) points (?P<way>above|below)|exactly) the (?P<base>\d+\.\d) "
    r"\((?P<base_zone>\w+)\) that the formula gives the role as it is\. "
    r"The role (?P<verdict>transforms|compresses): [^.]+\. "
    r"Of the time, (?P<enhanced>\d+)% is enhanced by AI, (?P<unchanged>\d+)% unchanged and (?P<displaced>\d+)% "
    r"displaced\. (?:Evidence, barriers and growth count as before|Beside the tasks it moves (?P<moved>[^.]+))\. "
    r"(?:The zone is fragile: (?:(?P<crossed>\d) of (?P<readings>\d) stricter readings? changes? it"
    r"|the score lies in the band of (?P<band>45 to 51) around a line)|None of (?P<none>\d) stricter readings changes "
    r"the zone|The one stricter reading does not change the zone|No input can be read lower"
    r"|The zone is (?P<lowest>the lowest already), so that no stricter reading changes it)\. "
    r"The score is about the work, not about how many people it takes\."
)


def signed(text: str) -> int:
    return int(text.replace("−", "-"))


def shown(text: str, name: str) -> bool:
    return name == text or (text.endswith("…") and name.startswith(text[:-1]) and len(text) <= 60 < len(name))


# Will AI replace this job?


@ANY
@given(results())
def test_every_number_of_the_first_answer_is_that_of_the_result(made: tuple[ScoreInputs, ScoreResult]) -> None:
    inputs, result = made
    said = REPLACED_FORM.fullmatch(replaced(inputs, result, DAY))
    assert said is not None, replaced(inputs, result, DAY)
    assert float(said["score"]) == result.score
    assert (said["label"], said["distance"], said["day"]) == (result.label, result.distance, DAY)
    assert (said["formula"] is None) == (result.override is None)
    assert float(said["formula"] or result.formula_score) == result.formula_score
    split = {bucket: result.split[bucket] for bucket in Bucket if result.split[bucket]}
    named = zip(Bucket, (said["displaced"], said["assisted"], said["without"]), strict=True)
    assert {bucket: int(percent) for bucket, percent in named if percent} == split
    assert int(said["barriers"]) == result.barriers
    if said["evidence"]:
        assert signed(said["evidence"]) == result.evidence


@ANY
@given(results())
def test_the_opening_is_of_the_zone_and_the_steps_are_those_that_change_it(
    made: tuple[ScoreInputs, ScoreResult],
) -> None:
    inputs, result = made
    said = REPLACED_FORM.fullmatch(replaced(inputs, result, DAY))
    assert said is not None
    zones = {"On balance no": Zone.GREEN, "Not settled": Zone.YELLOW, "The risk is high": Zone.RED}
    assert zones[said["opening"]] is result.zone
    assert int(said["firm"] or said["steps"]) == result.robustness.steps
    ways = {zone: int(number) for zone, number in re.findall(r"to (\w+) in (\d+)", said["ways"] or "")}
    assert ZONES[result.zone] not in ways
    assert sum(ways.values()) == len(result.robustness.flips)
    for zone, name in ZONES.items():
        assert ways.get(name, 0) == sum(step.zone is zone for step in result.robustness.flips)


@ANY
@given(results())
def test_the_named_tasks_are_the_largest_of_the_exposed_and_of_the_human_time(
    made: tuple[ScoreInputs, ScoreResult],
) -> None:
    inputs, result = made
    said = REPLACED_FORM.fullmatch(replaced(inputs, result, DAY))
    assert said is not None
    exposed = [task for task in inputs.tasks if task.score >= 3]
    left = [task for task in inputs.tasks if task.score < 3]
    percents = {"exposed": sum(task.share for task in exposed), "rest": sum(task.share for task in left)}
    assert percents["exposed"] == result.share_at_3_plus
    for group, named in ((exposed, ("reached", "only_exposed")), (left, ("left", "only_left"))):
        found = [name for name in named if said[name]]
        assert len(found) == bool(group)
        for name in found:
            share = int(said[f"{name}_share"])
            assert share == max(task.share for task in group)
            tied = [task.name for task in group if task.share == share]
            texts = re.findall("“(.+?)”", said[name])
            assert len(texts) == min(len(tied), 3)
            assert all(shown(text, task) for text, task in zip(texts, tied, strict=False))
            more = re.search(r" and (\d+) more$", said[name])
            assert int(more[1] if more else 0) == len(tied) - len(texts)
            assert (said[f"{name}_each"] is not None) == (len(tied) > 1)
            assert (said[f"{name}_way"] == ":") == (len(tied) == len(group) > 1)
    if exposed and left:
        assert (int(said["exposed"]), int(said["rest"])) == (percents["exposed"], percents["rest"])


@ANY
@given(results())
def test_the_evidence_speaks_the_way_of_its_total_and_what_is_unknown_is_named(
    made: tuple[ScoreInputs, ScoreResult],
) -> None:
    inputs, result = made
    said = REPLACED_FORM.fullmatch(replaced(inputs, result, DAY))
    assert said is not None
    assert (said["blank"] is not None) == (len(result.unknown) == 5)
    if said["way"]:
        way = {"speaks for the role": 1, "speaks against the role": -1, "points neither way": 0}[said["way"]]
        assert way == (result.evidence > 0) - (result.evidence < 0)
        named = re.split(r", | and ", said["unknown"]) if said["unknown"] else []
        many = len(result.unknown) >= 3
        assert named == (
            [f"{len(result.unknown)} of 5 dimensions"] if many else [inside(EVIDENCE[name]) for name in result.unknown]
        )


@ANY
@given(results())
def test_the_first_answer_is_short(made: tuple[ScoreInputs, ScoreResult]) -> None:
    inputs, result = made
    plain = inputs.model_copy(
        update={"tasks": tuple(t.model_copy(update={"name": f"Task {i}"}) for i, t in enumerate(inputs.tasks))}
    )
    assert len(replaced(inputs, result, DAY).split()) <= LONGEST
    assert 60 <= len(replaced(plain, result, DAY).split()) <= WORDS


@pytest.mark.parametrize(
    ("shares", "scores", "said"),
    [
        (
            (20, 20, 20, 20, 20),
            (3, 3, 3, 3, 3),
            "All of it goes to tasks exposed to AI: “A”, “B”, “C” and 2 more (20% each).",
        ),
        (
            (20, 20, 20, 20, 20),
            (1, 1, 1, 1, 1),
            "All of it rests mainly on people: “A”, “B”, “C” and 2 more (20% each).",
        ),
        (
            (30, 30, 10, 20, 10),
            (3, 3, 3, 2, 2),
            "70% goes to tasks exposed to AI, above all “A” and “B” (30% each); 30% rests mainly on people, above all "
            "“D” (20%).",
        ),
        (
            (20, 20, 20, 20, 20),
            (3, 3, 3, 2, 2),
            "60% goes to tasks exposed to AI: “A”, “B” and “C” (20% each); 40% rests mainly on people: “D” and “E” "
            "(20% each).",
        ),
        (
            (22, 22, 22, 22, 12),
            (3, 3, 3, 3, 2),
            "88% goes to tasks exposed to AI: “A”, “B”, “C” and 1 more (22% each); 12% rests mainly on people, "
            "above all “E” (12%).",
        ),
    ],
)
def test_tasks_with_one_largest_share_are_named_together(
    shares: tuple[int, ...], scores: tuple[int, ...], said: str
) -> None:
    drafted = some_inputs().scored()
    buckets = {1: Bucket.NOT_INVOLVED, 2: Bucket.AUGMENTATION, 3: Bucket.AUGMENTATION}
    tasks = tuple(
        ScoredTask(name=name, share=share, score=points, bucket=buckets[points])
        for name, share, points in zip("ABCDE", shares, scores, strict=True)
    )
    inputs = drafted.model_copy(update={"tasks": tasks})
    assert f" {said} " in replaced(inputs, score(inputs), DAY)


def test_the_first_answer_of_the_worked_example() -> None:
    assessment = an_assessment()
    assert dict(answers(assessment))[REPLACED] == (
        "Not settled: 47.5 of 100 for resistance to AI, YELLOW (Urgent), 0.5 points below Green. Changing one input by "
        "one point changes the zone to Green in 10 of 20 cases. Of the working time, an AI agent could do 10% end to "
        "end, AI assists people in 80% and 10% involves no AI. 55% goes to tasks exposed to AI, above all “Model "
        "serving and inference infrastructure” (20%); 45% rests mainly on people, above all “Training infrastructure "
        "design and architecture” (20%). The evidence speaks for the role (+5 of ±10); barriers "
        "such as licences give 1 of 10. This assesses tasks and evidence as of 2026-11-20; it forecasts no layoffs."
    )


# Does going AI-driven save it?


def the_lens(made: tuple[Lens, Inputs], outcome: LensOutcome) -> tuple[Lens, LensResult, ScoreResult]:
    lens, base = made[0].model_copy(update={"outcome": outcome}), made[1]
    result = lens_score(lens, base)
    assert result is not None
    return lens, result, score(base.scored())


SCORED = st.sampled_from([outcome for outcome in LensOutcome if outcome.has_composite])


@ANY
@given(lenses(), SCORED)
def test_every_number_of_the_second_answer_is_that_of_the_lens(made: tuple[Lens, Inputs], outcome: LensOutcome) -> None:
    lens, result, base = the_lens(made, outcome)
    text = ai_driven(lens, result, base)
    said = AI_DRIVEN_FORM.fullmatch(text)
    assert said is not None, text
    assert (float(said["score"]), said["zone"]) == (result.score, ZONES[result.zone])
    assert (float(said["base"]), said["base_zone"]) == (result.base_score, ZONES[result.base_zone])
    assert float(said["points"] or 0) == abs(result.change)
    assert said["verdict"] == outcome.value
    split = (LensBucket.ENHANCED, LensBucket.UNCHANGED, LensBucket.DISPLACED)
    assert [int(said[bucket.value]) for bucket in split] == [result.split[bucket] for bucket in split]
    moved = {name: signed(by) for name, by in re.findall(r"(\w+) by ([+−]\d+)", said["moved"] or "")}
    for name in ("evidence", "barriers", "growth"):
        assert moved.get(name, 0) == getattr(result, name) - getattr(base, name)
        assert name not in moved or moved[name]


@ANY
@given(lenses(), SCORED)
def test_no_word_of_direction_contradicts_the_change(made: tuple[Lens, Inputs], outcome: LensOutcome) -> None:
    lens, result, base = the_lens(made, outcome)
    text = ai_driven(lens, result, base)
    said = AI_DRIVEN_FORM.fullmatch(text)
    assert said is not None
    assert said["way"] == (None if not result.change else "above" if result.change > 0 else "below")
    opening = said["opening"]
    upward = re.search(r"\b(?:rises?|helps?|adds)\b", opening) is not None
    downward = re.search(r"\b(?:falls?|No)\b", opening) is not None
    assert (upward, downward) == (result.change > 0, result.change < 0)
    order = list(Zone)
    if "the zone rises" in opening or "the zone falls" in opening:
        better = order.index(result.zone) < order.index(result.base_zone)
        assert better == ("rises" in opening) and result.zone is not result.base_zone
        assert opening.endswith(f"from {ZONES[result.base_zone]} to {ZONES[result.zone]}")
    else:
        assert result.zone is result.base_zone
        assert ZONES[result.zone] in opening


@ANY
@given(lenses(), SCORED)
def test_the_second_answer_says_fragile_where_the_lens_is_and_counts_what_makes_it_so(
    made: tuple[Lens, Inputs], outcome: LensOutcome
) -> None:
    lens, result, base = the_lens(made, outcome)
    text = ai_driven(lens, result, base)
    said = AI_DRIVEN_FORM.fullmatch(text)
    assert said is not None
    assert ("fragile" in text) == result.fragile
    crossed = sum(r.zone is not result.zone for r in result.rereads if not r.joint)
    assert int(said["crossed"] or 0) == crossed
    assert (said["band"] is not None) == (result.fragile and not crossed)
    # A reading at the end of its range is no stricter one.
    point = (result.task_resistance, result.evidence, result.barriers, result.growth)
    single = [r for r in result.rereads if not r.joint]
    stricter = sum((r.task_resistance, r.evidence, r.barriers, r.growth) != point for r in single)
    assert {int(said[name]) for name in ("readings", "none") if said[name]} <= {stricter}
    assert (said["lowest"] is not None) == (result.zone is Zone.RED and not result.fragile)
    assert 58 <= len(text.split()) <= WORDS


@pytest.mark.parametrize("outcome", [outcome for outcome in LensOutcome if not outcome.has_composite])
def test_a_lens_without_a_composite_is_answered_without_a_number(outcome: LensOutcome) -> None:
    text = ai_driven(an_unscored_lens(outcome), None, score(a_base().scored()))
    assert "no second version to score" in text
    assert ("AI-driven already" in text) == (outcome is LensOutcome.ALREADY_AI_DRIVEN)
    assert not re.search(r"\d", text)


def test_without_a_lens_the_second_answer_says_that_it_was_not_assessed() -> None:
    result = score(a_base().scored())
    assert ai_driven(None, None, result).startswith("It was not assessed: ")
    assert ai_driven(a_lens(), None, result).startswith("It cannot be said: ")


def test_the_second_answer_of_the_worked_example() -> None:
    assert dict(answers(an_assessment(lens=a_published_lens())))[AI_DRIVEN] == (
        "By this reading it helps: the zone rises from Yellow to Green. Done by somebody who builds and directs AI "
        "agents, the work scores 52.3 of 100 (Green), 4.8 points above the 47.5 (Yellow) that the formula gives the "
        "role as it is. The role transforms: a coherent role remains, in another shape. Of the time, 73% is enhanced "
        "by AI, 10% unchanged and 17% displaced. Beside the tasks it moves barriers by +1. None of 4 stricter readings "
        "changes the zone. The score is about the work, not about how many people it takes."
    )


def test_an_override_moves_the_first_answer_and_not_the_second() -> None:
    plain = dict(answers(an_assessment(lens=a_published_lens())))
    moved = dict(answers(an_assessment(lens=a_published_lens(), override=an_override(49.5))))
    assert moved[REPLACED].startswith("On balance no: 49.5 of 100 ")
    assert "(47.5 by the formula), GREEN" in moved[REPLACED]
    assert moved[AI_DRIVEN] == plain[AI_DRIVEN]


# On the page, in Markdown and in `show`


@pytest.mark.parametrize("lens", [None, a_published_lens()], ids=["no lens", "lens"])
def test_the_answers_stand_below_the_verdict_of_page_and_markdown(lens: Lens | None) -> None:
    assessment = an_assessment(lens=lens)
    page, words = Page(html_of(assessment)).text, re.sub(r"\\(.)", r"\1", markdown_of(assessment))
    for text, after in ((page, "Contents"), (words, "## Summary")):
        places = [text.index(part) for pair in answers(assessment) for part in pair]
        assert text.index("47.5 is 0.5 points below Green.") < min(places)
        assert max(places) < text.index(after)


def test_the_answers_are_no_part_of_the_revision() -> None:
    content = an_assessment().document()
    assert not [text for _, text in answers(an_assessment()) if text in str(content)]
    assert answers(an_assessment().model_copy(update={"result": None})) == ()


def test_a_hostile_name_of_a_task_is_shown_as_text_in_an_answer() -> None:
    assessment = an_assessment(inputs=some_inputs(title=HOSTILE))
    assert "<script>alert(1)</script>[31m[/nope] *b* `c` evil & "[:40] in dict(answers(assessment))[REPLACED]
    assert HOSTILE not in html_of(assessment)
    assert "above all “<script>alert(1)" in Page(html_of(assessment)).text
    assert r"above all “\<script\>alert\(1\)" in markdown_of(assessment)


def test_a_reviewer_reads_the_answers_before_the_page_is_approved(capsys: pytest.CaptureFixture[str]) -> None:
    assessment = an_assessment(lens=a_published_lens())
    review_view(assessment)
    at_two = " ".join(capsys.readouterr().out.split())
    for question, answer in answers(assessment):
        assert f"{question} {answer}" in at_two
    review_view(assessment.model_copy(update={"gate": Gate.INPUTS, "commentary": None, "lens": None}))
    assert AI_DRIVEN not in capsys.readouterr().out


def test_an_unknown_dimension_is_named_in_the_first_answer() -> None:
    unknown = an_assessment(inputs=some_inputs(unknown=(EvidenceName.WAGES, EvidenceName.TOOL_MATURITY)))
    assert "(+4 of ±10), wages and AI tool maturity unknown; barriers" in (dict(answers(unknown))[REPLACED])
