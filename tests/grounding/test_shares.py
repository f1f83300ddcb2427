"""Parts and multiples in words are figures: they have to stand in a quote, in words or as a figure."""

from __future__ import annotations

from fractions import Fraction

import pytest
from factories_grounding import a_citation, a_passage, a_sourced_claim, by_id, found, on_claim
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.figures import figures
from agent.grounding.shares import is_stated, percent_of, shares


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a third of firms", [("a third", False, "1/3")]),
        ("Two Thirds agree", [("two thirds", False, "2/3")]),
        ("one-third", [("one-third", False, "1/3")]),
        ("a quarter of them", [("a quarter", False, "1/4")]),
        ("a fifth more", [("a fifth", False, "1/5")]),
        ("half of it", [("half", False, "1/2")]),
        ("one in five", [("one in five", False, "1/5")]),
        ("three out of four", [("three out of four", False, "3/4")]),
        ("1 in every 3", [("1 in every 3", False, "1/3")]),
        ("it doubled", [("doubled", True, "2")]),
        ("twice as many", [("twice", True, "2")]),
        ("it will triple", [("triple", True, "3")]),
        ("quadrupling", [("quadrupling", True, "4")]),
        ("it halved", [("halved", True, "1/2")]),
        ("a third, then it doubled", [("a third", False, "1/3"), ("doubled", True, "2")]),
        # A place in an order, a span of time and a ratio above one are no parts.
        ("the first half of 2025", []),
        ("a quarter of 2025", []),
        ("half a decade in the second half", [("half", False, "1/2")]),
        ("5 in 2 cases", []),
        ("0 in 5 cases", []),
        ("99999 in 100000", []),
        ("two in three years", []),
        ("the third article", []),
    ],
)
def test_parts_and_multiples_in_words_are_read(text: str, read: list[tuple[str, bool, str]]) -> None:
    assert [(share.written, share.times, str(share.value)) for share in shares(text)] == read


@pytest.mark.parametrize(
    ("claimed", "quoted", "stated"),
    [
        ("a third of firms", "one third of firms", True),
        ("a third of firms", "33% of firms", True),
        ("a third of firms", "34.8% of firms", True),
        ("a third of firms", "35% of firms", False),
        ("a third of firms", "two thirds of firms", False),
        ("a third of firms", "a third, or 33 firms", True),
        ("half of firms", "5 of 10 firms", False),
        ("it doubled", "it doubled", True),
        ("it doubled", "it rose by 100%", True),
        ("it doubled", "it grew 2x", True),
        ("it tripled", "it grew threefold to 3x", True),
        ("it doubled", "from 4,000 to 8,100 posts", True),
        ("it doubled", "from 4,000 to 9,000 posts", False),
        ("it halved", "from 8,000 to 4,000 posts", True),
        ("it doubled", "a half of firms", False),
        ("half of firms", "it halved", False),
        ("it doubled", "nothing with a figure", False),
        ("it doubled", "0 posts", False),
        ("it doubled", "10^99 posts", False),
    ],
)
def test_a_part_is_stated_by_the_same_part_or_by_figures_that_say_so(claimed: str, quoted: str, stated: bool) -> None:
    (share,) = shares(claimed)
    assert is_stated(share, shares(quoted), figures(quoted)) is stated


def test_a_part_is_a_percentage_and_a_multiple_is_none() -> None:
    (part, multiple) = shares("a quarter of firms doubled it")
    assert percent_of(part) == Fraction(25)
    assert percent_of(multiple) is None


THIRD = by_id(a_passage(text="A survey found that a third of the firms hired platform engineers in spring."))
THIRD_QUOTE = a_citation("a third of the firms hired platform engineers")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("A third of the firms hired platform engineers.", []),
        ("One in three firms hired platform engineers.", []),
        ("33% of the firms hired platform engineers.", []),
        ("40% of the firms hired platform engineers.", ["G-FIGURE-NOT-IN-QUOTE"]),
        ("Half of the firms hired platform engineers.", ["G-FIGURE-NOT-IN-QUOTE"]),
    ],
)
def test_a_claim_may_write_a_part_in_words_or_in_percent(text: str, codes: list[str]) -> None:
    report = on_claim(a_sourced_claim(text, THIRD_QUOTE), passages=THIRD)
    assert [code for code, tier, _ in found(report) if tier == "BLOCK"] == codes


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_ratio_in_words_is_the_fraction_it_says(above: int, below: int) -> None:
    expected = [] if above >= below else [Fraction(above, below)]
    assert [share.value for share in shares(f"about {above} out of {below} firms")] == expected


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_read_for_shares(text: str) -> None:
    for share in shares(text):
        assert 0 <= share.start < share.end <= len(text)
        is_stated(share, (), figures(text))
