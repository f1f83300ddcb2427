from __future__ import annotations

import pytest
from factories_publishing import an_assessment, some_inputs, some_tasks

from agent.publishing.charts import balance, scale, task_mix, tornado, waterfall
from agent.publishing.citations import web_link
from agent.publishing.words import lever, signed
from agent.schemas.draft import EvidenceDraft
from agent.schemas.scored import Contribution, Robustness, ScoreResult, Step
from agent.schemas.vocabulary import EvidenceName, Zone
from agent.scoring import score


def a_result() -> ScoreResult:
    return score(some_inputs().scored())


def a_term(factor: str, points: float) -> Contribution:
    return Contribution(factor=factor, points=points, unrounded=str(points))


def test_each_bar_of_the_waterfall_starts_where_the_one_before_ended() -> None:
    terms = [a_term("tasks", 40.0), a_term("evidence", -10.0), a_term("barriers", 2.5)]
    chart = waterfall(terms, 32.5)
    assert [(row.full, row.value, row.bars) for row in chart.rows] == [
        ("Tasks alone", "+40.0", ((0.0, 40.0, "start"),)),
        ("Evidence", "−10.0", ((30.0, 10.0, "fall"),)),
        ("Barriers", "+2.5", ((30.0, 2.5, "rise"),)),
        ("Score", "32.5", ((0.0, 32.5, "total"),)),
    ]
    assert [(line.at, line.label, line.anchor) for line in chart.lines] == [
        (25.0, "Yellow from 25", "end"),
        (48.0, "Green from 48", "start"),
    ]


def test_a_composite_over_100_is_drawn_inside_the_chart() -> None:
    chart = waterfall([a_term("tasks", 110.0), a_term("clamp", -10.0)], 100.0)
    assert [bar for row in chart.rows for bar in row.bars] == [
        (0.0, 100.0, "start"),
        (90.91, 9.09, "fall"),
        (0.0, 90.91, "total"),
    ]


def test_the_sensitivity_chart_shows_every_input_once_the_widest_first() -> None:
    result = a_result()
    chart = tornado(result.robustness, result.score)
    widths = [sum(width for _, width, _ in row.bars) for row in chart.rows]
    assert len(chart.rows) == 7 + 3
    assert widths == sorted(widths, reverse=True)
    assert (chart.rows[0].full, chart.rows[0].value) == (
        "Training infrastructure design and architecture",
        "44.2 – 50.7",
    )
    assert chart.rows[0].short == "Training infrastructure design an…"
    assert chart.rows[0].long == chart.rows[0].full
    assert all(start >= 0 and start + width <= 100.01 for row in chart.rows for start, width, _ in row.bars)


def test_the_balance_of_the_evidence_goes_to_both_sides_of_nothing_and_leaves_the_unknown_open() -> None:
    scores = dict(zip(EvidenceName, (2, -1, 0, None, 1), strict=True))
    chart = balance({name: EvidenceDraft(score=score, claims=(), gap=None) for name, score in scores.items()})
    assert [(row.full, row.value, row.bars) for row in chart.rows] == [
        ("Job postings", "+2", ((50.0, 50.0, "rise"),)),
        ("Company actions", "−1", ((25.0, 25.0, "fall"),)),
        ("Wages", "0", ((50.0, 0.0, "rise"),)),
        ("AI tool maturity", "unknown", ((25.0, 50.0, "open"),)),
        ("Expert consensus", "+1", ((50.0, 25.0, "rise"),)),
    ]
    assert [(line.at, line.label) for line in chart.lines] == [
        (0.0, "−2"),
        (50.0, "0"),
        (100.0, "+2"),
    ]


def test_an_input_at_the_end_of_its_range_has_one_side_only() -> None:
    steps = (Step(input="growth", from_=2, to=1, score=95.0, zone=Zone.GREEN),)
    firm = a_result().robustness.model_copy(update={"table": steps})
    (row,) = tornado(firm, 100.0).rows
    assert [width > 0 for _, width, _ in row.bars] == [True, False]


def test_a_robustness_table_without_steps_gives_an_empty_chart() -> None:
    firm: Robustness = a_result().robustness.model_copy(update={"table": ()})
    assert tornado(firm, 0.0).rows == ()


def test_tasks_are_grouped_by_bucket_and_narrow_ones_have_no_label() -> None:
    tasks = [
        task.model_copy(update={"share": share})
        for task, share in zip(some_tasks(), (4, 36, 15, 15, 10, 10, 10), strict=True)
    ]
    mix = task_mix(tasks)
    assert [(s.kind, s.start, s.width, s.label) for s in mix.segments] == [
        ("displacement", 0, 10, "10"),
        ("augmentation", 10, 4, ""),
        ("augmentation", 14, 36, "36"),
        ("augmentation", 50, 15, "15"),
        ("augmentation", 65, 15, "15"),
        ("augmentation", 80, 10, "10"),
        ("not_involved", 90, 10, "10"),
    ]


@pytest.mark.parametrize(("value", "anchor"), [(0.0, "start"), (47.5, "middle"), (100.0, "end")])
def test_the_score_on_the_scale_never_runs_out_of_it(value: float, anchor: str) -> None:
    result = an_assessment().result
    assert result is not None
    assert scale(result.model_copy(update={"score": value})).anchor == anchor


@pytest.mark.parametrize(
    ("value", "shown"), [(8.5, "+8.5"), (-2.0, "−2.0"), (0.0, "0.0"), (2, "+2"), (-1, "−1"), (0, "0")]
)
def test_a_signed_number_has_its_sign(value: float, shown: str) -> None:
    assert signed(value) == shown


def test_an_input_is_named_in_words() -> None:
    assert [lever(name) for name in ("task: growth", "growth", "evidence")] == ["growth", "Growth", "Evidence total"]


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://", False),
        ("https://[", False),
        ("https://a b", False),
        ("https://example.org/\x07", False),
        ("//example.org", False),
    ],
)
def test_only_an_http_address_with_a_host_is_a_link(url: str, is_link: bool) -> None:
    assert web_link(url) == (url if is_link else None)
