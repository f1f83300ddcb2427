"""Months, quarters, halves and rates in a claim have to be those of its quotes or of their source."""

from __future__ import annotations

import pytest
from factories_grounding import a_citation, a_frame, a_passage, a_sourced_claim, by_id, found, on_claim
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.dates import (
    MONTHS,
    current_words,
    date_parts,
    is_stale,
    iso_spans,
    months_before,
    parts_of_date,
    stale_from,
)
from agent.grounding.report import check_one
from agent.schemas.vocabulary import Section
from agent.scoring.policy import POLICY


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("in May 2025", [("month", 5, "May")]),
        ("on 3 May", [("month", 5, "May")]),
        ("by May", [("month", 5, "May")]),
        ("They may leave. May they?", []),
        ("in March and Sept. 4", [("month", 3, "March"), ("month", 9, "Sept")]),
        ("they march on with Mary", []),
        ("Q3 2025", [("quarter", 3, "Q3")]),
        ("the Third Quarter", [("quarter", 3, "Third Quarter")]),
        ("the 1st quarter", [("quarter", 1, "1st quarter")]),
        ("H2", [("half", 2, "H2")]),
        ("the first half of 2025", [("half", 1, "first half of 2025")]),
        ("the first half of the match", []),
        ("2026-04-30", [("month", 4, "04")]),
        ("2026-13-01", []),
        ("9 openings a month", [("rate", 5, "a month")]),
        ("9 openings per day", [("rate", 3, "per day")]),
        ("weekly or annually", [("rate", 4, "weekly"), ("rate", 7, "annually")]),
        ("a year ago, within a year", []),
        ("late 2025", [("part", 2, "late ")]),
        ("mid-2025", [("part", 1, "mid-")]),
        ("early in the day", []),
    ],
)
def test_parts_of_dates_are_read(text: str, read: list[tuple[str, int, str]]) -> None:
    found_ = [(part.kind, part.value, text[part.start : part.end]) for part in date_parts(text)]
    assert found_ == read


@pytest.mark.parametrize(
    ("date", "digits", "parts"),
    [
        ("unknown", set(), set()),
        ("2025", {"2025"}, set()),
        ("2025-10", {"2025"}, {("month", 10), ("quarter", 4), ("half", 2)}),
        ("2025-03-07", {"2025", "7"}, {("month", 3), ("quarter", 1), ("half", 1)}),
    ],
)
def test_the_date_of_a_source_says_its_month_quarter_and_half(
    date: str, digits: set[str], parts: set[tuple[str, int]]
) -> None:
    assert parts_of_date(date) == (digits, parts)


@pytest.mark.parametrize(
    ("date", "months"),
    [("unknown", None), ("2026-11-20", 0), ("2026-10", 1), ("2025", 22), ("2024-11-30", 24), ("2027-01", -2)],
)
def test_the_age_of_a_source_is_counted_in_months(date: str, months: int | None) -> None:
    assert months_before(date, "2026-11-20") == months
    assert is_stale(date, "2026-11-20", months=22) is (months is not None and months > 22)


@given(st.integers(1990, 2060), st.integers(1, 12), st.integers(0, 120), st.sampled_from(("-17", "")))
def test_a_source_is_stale_from_one_day_on_and_not_before(year: int, month: int, months: int, day: str) -> None:
    date = f"{year}-{month:02d}{day}"
    first = stale_from(date, months=months)
    then_year, then_month, then_day = map(int, first.split("-"))
    assert then_day == 1
    assert is_stale(date, first, months=months)
    assert not is_stale(date, f"{then_year - (then_month == 1)}-{then_month - 1 or 12:02d}-28", months=months)


def test_a_year_counts_from_its_first_month() -> None:
    assert stale_from("2026", months=24) == stale_from("2026-01-31", months=24) == "2028-02-01"


def test_words_of_today_are_told_with_their_place() -> None:
    text = "Firms now hire more; this year they Currently pay less."
    assert [(word, text[start:end]) for word, start, end in current_words(text)] == [
        ("now", "now"),
        ("this year", "this year"),
        ("currently", "Currently"),
    ]


def test_iso_dates_are_found() -> None:
    assert iso_spans("from 2026-04-30 to 2026-05") == ((5, 15), (19, 26))


SPRING = by_id(
    a_passage(text="Firms posted 129,200 openings a month between March and May 2026, then fewer in early 2027.")
)
SPRING_QUOTE = a_citation("Firms posted 129,200 openings a month between March and May 2026, then fewer in early 2027")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Firms posted 129,200 openings a month in May 2026.", []),
        ("Firms posted 129,200 openings a month in the first quarter of 2026.", []),
        ("Firms posted 129,200 openings a month, as told in October.", []),
        ("Firms posted 129,200 openings a month in June 2026.", ["G-DATE-NOT-IN-QUOTE"]),
        ("Firms posted 129,200 openings a week between March and May 2026.", ["G-DATE-NOT-IN-QUOTE"]),
        ("Firms posted 129,200 openings a month in the third quarter of 2026.", ["G-DATE-NOT-IN-QUOTE"]),
        ("Firms posted fewer openings in late 2027.", ["G-DATE-NOT-IN-QUOTE"]),
        ("Firms posted fewer openings in early 2027.", []),
        ("Firms posted openings, a week of them.", []),
    ],
)
def test_a_claim_gives_no_other_date_than_its_quotes_or_source(text: str, codes: list[str]) -> None:
    report = on_claim(a_sourced_claim(text, SPRING_QUOTE), passages=SPRING)
    assert [code for code, tier, _ in found(report) if tier == "BLOCK"] == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Openings fell on 2026-04-30.", []),
        ("Openings fell on 2026-04-29.", ["G-FIGURE-NOT-IN-QUOTE"]),
        ("Openings fell on 2026-05-30.", ["G-FIGURE-NOT-IN-QUOTE", "G-DATE-NOT-IN-QUOTE"]),
    ],
)
def test_a_date_in_digits_is_one_of_its_quotes(text: str, codes: list[str]) -> None:
    passages = by_id(a_passage(text="Openings fell on 30 April 2026 for the first time."))
    report = on_claim(a_sourced_claim(text, a_citation("Openings fell on 30 April 2026")), passages=passages)
    assert [code for code, tier, _ in found(report) if tier == "BLOCK"] == codes


def test_the_year_of_the_source_is_not_the_year_of_what_it_dates_otherwise() -> None:
    claim = a_sourced_claim("Openings fell on 2025-04-30.", a_citation("Openings fell on 30 April 2026"))
    report = on_claim(claim, passages=by_id(a_passage(text="Openings fell on 30 April 2026 for the first time.")))
    assert found(report) == [("G-FIGURE-NOT-IN-QUOTE", "BLOCK", "commentary.outlook.0")]


@pytest.mark.parametrize("quarter", ["Q3 of 2025", "Q3 2025", "the 3rd quarter of 2025"])
def test_a_quarter_may_be_written_shorter_than_its_quote_writes_it(quarter: str) -> None:
    claim = a_sourced_claim(
        f"In {quarter} Veritone counted 42,051 openings for ML platform engineers.",
        a_citation("Veritone counted 42,051 openings for ML platform engineers in the third quarter of 2025"),
    )
    assert on_claim(claim).findings == ()


def test_a_source_is_dated_by_its_own_date() -> None:
    claim = a_sourced_claim("Veritone reported in October 2025 openings for ML platform engineers.")
    assert on_claim(claim).findings == ()


def dated(date: str, text: str = "Firms hire platform engineers in every city.") -> dict[str, object]:
    passage = a_passage(text=text)
    return {"passages": by_id(passage.model_copy(update={"meta": passage.meta.model_copy(update={"date": date})}))}


@pytest.mark.parametrize(
    ("date", "text", "codes"),
    [
        ("2026-10", "Firms now hire platform engineers.", []),
        ("2024-10", "Firms now hire platform engineers.", [("G-STALE-AS-CURRENT", "BLOCK")]),
        ("2024-11", "Firms now hire platform engineers.", []),
        ("2024-10", "Firms hire platform engineers.", []),
        ("unknown", "Firms now hire platform engineers.", [("G-UNDATED-AS-CURRENT", "REVIEW")]),
    ],
)
def test_old_and_undated_evidence_is_not_told_as_of_today(date: str, text: str, codes: list[tuple[str, str]]) -> None:
    checked = check_one(
        a_sourced_claim(text, a_citation("Firms hire platform engineers in every city")),
        section=Section.COMMENTARY,
        path="p",
        pack=frozenset(),
        frame=a_frame(),
        policy=POLICY,
        as_of="2026-11-20",
        **dated(date),  # type: ignore[arg-type]
    )
    assert [(finding.code, finding.tier.value) for finding in checked.findings] == codes


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("In 2026 firms hire platform engineers.", []),
        ("In 2022 firms hire platform engineers.", ["G-STALE-AS-CURRENT"]),
        ("In 2030 firms hire platform engineers.", ["G-UNDATED-AS-CURRENT"]),
    ],
)
def test_the_year_a_quote_names_is_its_date(told: str, codes: list[str]) -> None:
    checked = check_one(
        a_sourced_claim("Firms now hire platform engineers.", a_citation(told)),
        section=Section.COMMENTARY,
        path="p",
        pack=frozenset(),
        frame=a_frame(),
        policy=POLICY,
        as_of="2026-11-20",
        **dated("unknown", told),  # type: ignore[arg-type]
    )
    assert [finding.code for finding in checked.findings] == codes


@given(st.sampled_from(MONTHS), st.sampled_from(MONTHS))
def test_another_month_is_always_found(quoted: str, claimed: str) -> None:
    told = f"Openings for engineers fell in {quoted.capitalize()} 2026 in all."
    claim = a_sourced_claim(f"Openings fell in {claimed.capitalize()} 2026.", a_citation(told))
    codes = [code for code, tier, _ in found(on_claim(claim, passages=by_id(a_passage(text=told)))) if tier == "BLOCK"]
    assert codes == ([] if claimed == quoted else ["G-DATE-NOT-IN-QUOTE"])


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_read_for_dates(text: str) -> None:
    assert all(0 <= part.start < part.end <= len(text) for part in date_parts(text))
    assert all(0 <= start < end <= len(text) for _, start, end in current_words(text))
