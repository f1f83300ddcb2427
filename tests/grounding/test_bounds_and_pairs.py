from __future__ import annotations

import pytest
from factories_grounding import a_citation, a_passage, a_sourced_claim, by_id, on_claim


def codes(source: str, claim: str, quote: str | None = None) -> list[str]:
    report = on_claim(a_sourced_claim(claim, a_citation(quote or source)), passages=by_id(a_passage(text=source)))
    return [finding.code for finding in report.findings if finding.tier.value == "BLOCK"]


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("More than 20% of teams cut juniors.", "Under 20% of teams cut juniors."),
        ("Fewer than 5% of teams hired.", "Over 5% of teams hired."),
        ("Up to 30% of tasks were automated.", "At least 30% of tasks were automated."),
        ("Costs fell by 5% in the year.", "Costs fell to 5% in the year."),
        ("The share was 89% in 2026 and 61% in 2025.", "The share fell from 61% in 2025 to 89% in 2026."),
        ("It rose from 42% to 47% of teams.", "It fell from 42% to 47% of teams."),
    ],
)
def test_a_bound_or_a_trend_the_other_way_blocks(source: str, claim: str) -> None:
    assert codes(source, claim) == ["G-DIRECTION"]


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("Over 20% of teams cut juniors.", "More than 20% of teams cut juniors."),
        ("Costs fell by 5% in the year.", "Costs fell by 5% in the year."),
        ("It fell from over 11 minutes to under 2 minutes.", "It dropped from more than 11 minutes to less than 2."),
        ("Employment falls 6% from 2024 to 2034.", "Employment falls 6% from 2024 to 2034."),
    ],
)
def test_the_same_bound_in_other_words_passes(source: str, claim: str) -> None:
    assert codes(source, claim) == []


ISSUE = "The report of its May/June 2018 issue says that the exam stops after April 2019."


@pytest.mark.parametrize("date", ["June 2019", "April 2018"])
def test_a_month_belongs_to_its_year(date: str) -> None:
    assert codes(ISSUE, f"The report says that the exam stops in {date}.") == ["G-DATE-NOT-IN-QUOTE"]


@pytest.mark.parametrize("date", ["June 2018", "May 2018", "April 2019"])
def test_a_month_with_its_year_passes(date: str) -> None:
    assert codes(ISSUE, f"The report says that the exam stops, {date}.") == []


def test_what_is_added_up_is_of_one_unit() -> None:
    source = "Of 412 teams that were asked, 89% used tools in 2026, after 61% in 2025."
    assert codes(source, "Teams that used tools were asked (computed: 412 + 89 = 501).") == ["G-COMPUTED-WRONG"]
    assert codes(source, "Teams that used tools were asked (computed: 2026 - 89 = 1937).") == ["G-COMPUTED-WRONG"]
    assert codes(source, "Teams that used tools were asked (computed: 89 - 61 = 28).") == []


@pytest.mark.parametrize(
    "source",
    [
        "Contrary to the claim that AI will replace bakers soon, nothing was found.",
        "Few think that AI will replace bakers soon.",
    ],
)
def test_a_quote_that_its_sentence_contradicts_blocks(source: str) -> None:
    assert codes(source, "AI will replace bakers soon.", "AI will replace bakers soon") == ["G-QUOTE-FLIPPED"]


def test_a_country_is_a_name() -> None:
    assert codes("Engineers at Acme use the tool daily.", "Engineers in India use the tool daily.") == [
        "G-NAME-UNKNOWN"
    ]
