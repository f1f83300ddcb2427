from __future__ import annotations

import pytest
from factories_publishing import SURVEY, VERITONE
from hypothesis import given
from hypothesis import strategies as st

from agent.publishing.excerpts import CONTEXT_CHARACTERS, Excerpt, Mark, MarkedPassage, Piece, excerpt

PASSAGE = "Alpha beta gamma delta. Epsilon zeta eta theta. Iota kappa lambda mu."


def test_several_quotes_are_marked_in_the_order_of_the_passage() -> None:
    assert excerpt(PASSAGE, ["Iota kappa lambda", "beta gamma delta"]) == Excerpt(
        pieces=(
            Piece("Alpha ", quoted=False),
            Piece("beta gamma delta", quoted=True),
            Piece(". Epsilon zeta eta theta. ", quoted=False),
            Piece("Iota kappa lambda", quoted=True),
            Piece(" mu.", quoted=False),
        ),
        absent=(),
    )


@pytest.mark.parametrize(
    ("quotes", "marked"),
    [
        (["Alpha beta gamma", "gamma delta."], ("Alpha beta gamma delta.",)),
        (["Alpha beta gamma delta.", "Epsilon zeta eta"], ("Alpha beta gamma delta. Epsilon zeta eta",)),
        (["Epsilon zeta eta theta.", "zeta eta"], ("Epsilon zeta eta theta.",)),
        (["Epsilon zeta eta", "Epsilon zeta eta"], ("Epsilon zeta eta",)),
        (["Alpha beta", "gamma delta"], ("Alpha beta gamma delta",)),
        (["Alpha beta", "delta. Epsilon"], ("Alpha beta", "delta. Epsilon")),
    ],
    ids=["overlapping", "touching", "inside", "twice", "next word", "a word between"],
)
def test_quotes_that_overlap_or_touch_are_one_mark(quotes: list[str], marked: tuple[str, ...]) -> None:
    found = excerpt(PASSAGE, quotes)
    assert found.quotes == marked
    assert "".join(piece.text for piece in found.pieces) == PASSAGE


def test_a_quote_that_is_not_there_is_kept_apart_from_those_that_are() -> None:
    found = excerpt(SURVEY, ["it was never said like this", "Only 7% deploy models daily", "nor was this ever said"])
    assert found.quotes == ("Only 7% deploy models daily",)
    assert found.absent == ("it was never said like this", "nor was this ever said")
    assert excerpt(VERITONE, ["it was never said"]) == Excerpt(pieces=(), absent=("it was never said",))


def test_long_text_between_two_quotes_is_cut_in_its_middle_at_words() -> None:
    between = f" {'after ' * 100}middle {'before ' * 100}"
    _, gap, _ = excerpt(f"The first quote stands here{between}and the second one here", [
        "The first quote stands here", "and the second one here",
    ]).pieces  # fmt: skip
    assert gap.text.startswith(" after after")
    assert gap.text.endswith("before before ")
    assert gap.text.count("…") == 1
    assert "middle" not in gap.text
    assert set(gap.text.replace("…", "").split()) == {"after", "before"}
    assert len(gap.text) <= 2 * CONTEXT_CHARACTERS + 3


def test_the_quotes_of_all_claims_are_marked_in_one_passage_each_claim_knowing_its_own() -> None:
    first, second, third = ["Iota kappa lambda"], ["beta gamma delta", "zeta eta"], ["never said like this"]
    marked = MarkedPassage(PASSAGE, [first, second, third], first=4)
    assert marked.parts == (
        "Alpha ",
        Mark(4, ("beta gamma delta",)),
        ". Epsilon ",
        Mark(5, ("zeta eta",)),
        " theta. ",
        Mark(6, ("Iota kappa lambda",)),
        " mu.",
    )
    assert [marked.numbers(quotes) for quotes in (first, second, third)] == [(6,), (4, 5), ()]
    assert len(marked) == 3


def test_a_stretch_within_another_is_kept_apart_and_what_overlaps_in_part_is_one() -> None:
    whole, inner, last = ["beta gamma delta. Epsilon zeta"], ["gamma delta"], ["Epsilon zeta eta theta."]
    nested = MarkedPassage(PASSAGE, [whole, inner])
    assert nested.parts[1] == Mark(1, ("beta ", Mark(2, ("gamma delta",)), ". Epsilon zeta"))
    assert (nested.numbers(whole), nested.numbers(inner)) == ((1,), (2,))
    crossed = MarkedPassage(PASSAGE, [whole, inner, last])
    assert crossed.parts[1] == Mark(1, ("beta ", Mark(2, ("gamma delta",)), ". Epsilon zeta eta theta."))
    assert (crossed.numbers(whole), crossed.numbers(inner), crossed.numbers(last)) == ((1,), (2,), (1,))


WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
RUNS = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda ends: " ".join(WORDS[min(ends) : max(ends) + 1]))


@given(st.lists(st.lists(RUNS, min_size=1, max_size=3), max_size=6))
def test_a_marked_passage_is_the_passage_and_each_quote_stands_in_a_stretch_of_its_claim(
    claims: list[list[str]],
) -> None:
    text = " ".join(WORDS)
    marked = MarkedPassage(text, claims)
    stretches: dict[int, str] = {}

    def read(parts: tuple[str | Mark, ...]) -> str:
        words = ""
        for part in parts:
            if isinstance(part, Mark):
                stretches[part.number] = ""
                stretches[part.number] = read(part.parts)
                words += stretches[part.number]
            else:
                words += part
        return words

    shown = read(marked.parts)
    assert shown == (text if len(marked) else "")
    assert list(stretches) == list(range(1, len(marked) + 1))
    for quotes in claims:
        own = [stretches[number] for number in marked.numbers(quotes)]
        found = [quote for quote in quotes if excerpt(text, [quote]).quotes]
        assert all(any(quote in stretch for stretch in own) for quote in found)
