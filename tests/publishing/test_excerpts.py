from __future__ import annotations

import pytest
from factories_publishing import SURVEY, VERITONE

from agent.publishing.excerpts import CONTEXT_CHARACTERS, Excerpt, Piece, excerpt

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
