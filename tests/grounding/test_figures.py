from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.figures import Reading, figures, is_year
from agent.grounding.normalise import normalise


def readings(text: str) -> list[set[tuple[str, str]]]:
    return [{tuple(reading) for reading in figure.readings} for figure in figures(text) if not figure.in_words]


def plain(*values: str) -> list[set[tuple[str, str]]]:
    return [{("plain", value)} for value in values]


@pytest.mark.parametrize(
    ("spellings", "kind", "value"),
    [
        (["95%", "ninety-five percent", "Ninety five per cent", "⁹⁵%", "95٪"], "percent", "95"),
        (["90%", "9\u20e30\u20e3%", "9\x1c0%"], "percent", "90"),
        (["19%", "nineteen percent", "_19%_", "x19%", "by19%", "Approx.19%", "About-19%", "GPT-19%"], "percent", "19"),
        (["100%", "one hundred percent", "hundred percent", "a hundred per cent"], "percent", "100"),
        (["0.5%", ".5%", "½%", "half a percent", "half percent"], "percent", "0.5"),
        (["3.5%", "3½ %", "3 ½%", "3½ percent"], "percent", "3.5"),
        (["5-fold", "fivefold", "five-fold", "5x", "x5x"], "multiple", "5"),
        (["500,000", "5 hundred thousand", "five hundred thousand", "half a million", "5 lakh"], "plain", "500000"),
        (["50,000,000", "5 crore", "fifty million"], "plain", "50000000"),
        (["5 tn", "5 trn", "5 trillion", "5 trn"], "plain", "5000000000000"),
        (["5 dozen"], "dozen", "5"),
        (["5‰", "5 per mille"], "permille", "5"),
        (["5 bps", "5 basis points", "five basis points"], "bps", "5"),
        (["10 % points", "10 percentage points", "ten percentage points"], "points", "10"),
        (["€5", "5 €", "5€", "five euros"], "EUR", "5"),
        (["$5 M", "5 million $", "$5m", "$5 mn"], "USD", "5000000"),
        (["$5tn", "$5 T"], "USD", "5000000000000"),
        (["HK$5", "HK$ 5"], "HK$", "5"),
        (["10⁶", "10^6", "1e6", "10e5", "1,000,000"], "plain", "1000000"),
        (["1 200", "1'200", "1’200", "1\u202f200", "1,200", "1200"], "plain", "1200"),
        (["1/3".replace("/", "\u2044"), "⅓"], "plain", "1/3"),
        (["0,123"], "sequence", "0,123"),
        (["89%", "89 %", "89 percent", "89 per cent", "89 pct", "89.0%", "８９％", "89-percent"], "percent", "89"),
        (["$187.5K", "$187,500", "US$187.5k", "USD 187,500", "187,500 dollars"], "USD", "187500"),
        (["187,500 USD", "$187.5 thousand"], "USD", "187500"),
        (["€1.2m", "€1.2 million", "1,200,000 euros", "EUR 1.2mn", "€1.200.000"], "EUR", "1200000"),
        (["1.2 million", "1,200,000", "1.2M", "1 200 000", "1.200.000", "1200000", "1.2-million"], "plain", "1200000"),
        (["3B", "3 billion", "3bn", "three billion"], "plain", "3000000000"),
        (["9.8x", "9.8×", "9.8 times", "9.8-fold", "9,8x"], "multiple", "9.8"),
        (["0.5 percentage points", "0.5 pp", "0.50 percentage point"], "points", "0.5"),
        (["2 trillion", "2,000,000,000,000"], "plain", "2000000000000"),
        (["ninety percent", "90%"], "percent", "90"),
        (["3.11.4"], "sequence", "3.11.4"),
        (["£5", "5 pounds", "GBP 5"], "GBP", "5"),
        (["1,2,3"], "sequence", "1,2,3"),
        (["007", "7"], "plain", "7"),
        (["0", "0.0", "000"], "plain", "0"),
    ],
)  # fmt: skip
def test_spellings_of_one_figure_are_one_reading(spellings: list[str], kind: str, value: str) -> None:
    for spelling in spellings:
        assert readings(f"about {spelling} of it") == [{(kind, value)}], spelling


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 on H100 and EC2 with S3 and OAuth2",
        "Q3 results of COVID-19 over HTTP/2",
        "the 1st, 2nd, 3rd and 21st of them",
        "a 24/7 rota with 3D and 5G",
        "10^th m^2 x_3".replace("10^th", "tenth"),
        "two or three of twelve people",
        "half of the role, two thirds of its dozen tasks, the third quarter",
        "a hundred tools and nine out of ten engineers",
        "the reason is twofold",
        "Qwen-7B, Llama-70b and CO₂",
        "no figure at all",
        "",
    ],
)
def test_names_ordinals_idioms_and_bare_number_words_are_no_figures(text: str) -> None:
    assert readings(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in mid-2026 and pre-2020", plain("2026", "2020")),
        ("the top-10 employers", plain("10")),
        ("on 2026-02-25", plain("2026", "2", "25")),
        ("a 54-day run in 90ms on 16GB in the 1980s.", plain("54", "90", "16", "1980")),
        ("2-4 years", plain("2", "4")),
        ("12–15%", [{("percent", "12")}, {("percent", "15")}]),
        ("12 to 15 percent", [{("percent", "12")}, {("percent", "15")}]),
        ("between 12 and 15%", [{("percent", "12")}, {("percent", "15")}]),
        ("12 and 15%", [{("plain", "12")}, {("percent", "15")}]),
        ("from 100 to 20%", [{("plain", "100")}, {("percent", "20")}]),
        ("a team of 3 or $5 million", [{("plain", "3")}, {("USD", "5000000")}]),
        ("15① of them", plain("15")),
        ("47¹ of them", plain("47")),
        ("from 2019 to 15%", [{("plain", "2019")}, {("percent", "15")}]),
        ("$170-245", [{("USD", "170")}, {("USD", "245")}]),
        ("$5 to $7 million", [{("USD", "5"), ("USD", "5000000")}, {("USD", "7000000")}]),
        ("1 to 2 million", [{("plain", "1"), ("plain", "1000000")}, {("plain", "2000000")}]),
        ("v3.11 then 12", plain("12")),
        ("2026 100 200", plain("2026", "100", "200")),
        ("47%¹", [{("percent", "47")}]),
        ("USD5", [{("USD", "5")}]),
        ("1.2.3 million", [{("sequence", "1.2.3e6")}]),
    ],
)
def test_what_stands_around_a_figure_decides_what_it_says(text: str, expected: list[set[tuple[str, str]]]) -> None:
    assert readings(text) == expected


def test_a_number_word_supports_the_figure_it_spells() -> None:
    (figure,) = figures("within twelve months")
    assert figure.readings == {Reading("plain", "12")}
    assert figure.in_words


def test_one_group_after_a_thousands_space_is_part_of_the_figure() -> None:
    assert readings("some 42 051 openings") == plain("42051")
    assert readings("in 2026 100 openings") == plain("2026", "100")


@pytest.mark.parametrize(
    ("quoted", "stated", "supported"),
    [
        ("5 months", "5 years", False),
        ("five months", "5 years", False),
        ("5-month", "5 months", True),
        ("5 months", "5", True),
        ("5", "5 months", True),
        ("2 to 4 years", "2 years", True),
        ("2 to 4 years", "2 months", False),
        ("5 minutes", "5 hours", False),
    ],
)
def test_units_of_time_agree_where_both_have_one(quoted: str, stated: str, supported: bool) -> None:
    assert figures(quoted)[0].supports(figures(stated)[0]) is supported


def test_a_year_is_told_from_other_figures() -> None:
    assert [is_year(figure) for figure in figures("2026, 20261, 1899, 1,999, 2026%")] == [
        True,
        False,
        False,
        False,
        False,
    ]


@given(st.text())
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    normal = normalise(text)
    for figure in figures(text):
        assert 0 <= figure.start < figure.end <= len(normal)
        assert figure.readings


@given(st.text(st.sampled_from("0123456789.,- $%kKmMbBxto andİıſK"), max_size=60))
def test_no_row_of_digits_and_units_is_too_strange_to_be_read(text: str) -> None:
    for figure in figures(text):
        assert figure.written.strip()


def test_a_number_of_any_length_is_read() -> None:
    assert readings("9" * 20_000) == plain("9" * 20_000)


@given(st.integers(0, 10**12), st.integers(0, 3))
def test_thousands_separators_and_trailing_zeros_change_no_value(number: int, zeros: int) -> None:
    tail = f".{'0' * zeros}" if zeros else ""
    assert readings(f"a {number:,}{tail} b") == readings(f"a {number} b") == plain(str(number))
