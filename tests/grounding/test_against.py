"""Whether a passage says the opposite of a claim, word by word."""

from __future__ import annotations

import pytest
from factories_grounding import a_passage, a_sourced_claim
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.against import LEAST_SHARED, Opposing, speaks_against
from agent.grounding.language import analyse

ROSE = "Openings for platform engineers rose in spring."
FELL = "Openings for platform engineers fell in spring."


def against(claim: str, passage: str) -> Opposing | None:
    return speaks_against(a_sourced_claim(claim), a_passage(text=passage))


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (ROSE, FELL),
        (FELL, ROSE),
        (ROSE, "Openings for platform engineers did not rise in spring."),
        ("Platform engineers earn more than other engineers.", "Platform engineers earn less than other engineers do."),
        ("Openings for platform engineers rose 14% in spring.", "Openings for platform engineers fell 3% in spring."),
        ("Openings for platform engineers do not rise in spring.", ROSE),
    ],
)
def test_a_sentence_of_the_same_words_that_points_the_other_way_speaks_against(claim: str, passage: str) -> None:
    found = against(claim, passage)
    assert found is not None and found.sentence == passage and found.why


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (ROSE, ROSE),
        (ROSE, "In spring, openings for platform engineers went up."),
        (ROSE, "Openings for platform engineers may have risen in spring."),
        (ROSE, "The price of copper fell in spring."),
        (ROSE, "Nurses fell ill."),
        ("Pay rose.", "Pay fell."),
        (ROSE, ""),
        (ROSE, "   \n\n  "),
        (ROSE, "…"),
        ("—", FELL),
        (ROSE, "12 34 56 78"),
    ],
    ids=[
        *("the same", "the same in other words", "less sure", "another subject", "one word shared", "too few words"),
        *("nothing", "blanks", "a sign", "a claim without words", "figures alone"),
    ],
)
def test_what_agrees_or_has_too_little_in_common_does_not(claim: str, passage: str) -> None:
    assert against(claim, passage) is None


def test_of_several_sentences_the_one_most_like_the_claim_decides() -> None:
    found = against(ROSE, f"Copper fell. {FELL} Openings for bakers rose in spring.")
    assert found is not None and found.sentence == FELL
    assert against(ROSE, f"Openings fell for engineers of bridges. {ROSE}") is None


def test_of_equal_sentences_the_first_decides() -> None:
    counted = "Openings for platform engineers were counted in spring."
    assert against(ROSE, f"{counted} {FELL}") is None
    assert against(ROSE, f"{FELL} {counted}") is not None


def test_a_long_sentence_needs_no_more_in_common_than_the_claim_has() -> None:
    long = (
        f"{FELL[:-1]} and autumn, as the office of counts, which asks two hundred firms each year, has found by letter."
    )
    assert against(ROSE, long) is not None
    said = (
        f"{ROSE[:-1]} and autumn, as the office of counts, which asks two hundred firms each year, has found by letter."
    )
    assert against(said, FELL) is not None
    wordy = (
        "Openings for platform engineers rose in spring by the count of the office that asks two hundred firms a year "
        "about wages, hours, holidays, travel, training, sickness, shifts, tools, rooms, noise, light and pensions."
    )
    assert (
        against(wordy, "Openings fell in the spring of the bridges, the engineers of old told stone carvers.") is None
    )


def test_the_title_and_the_source_of_a_passage_are_not_read() -> None:
    assert speaks_against(a_sourced_claim(ROSE), a_passage(text="See there.", title=FELL, publisher=FELL)) is None


WORDS = st.sampled_from(
    [*("openings", "pay", "engineers", "platform", "spring", "rose", "fell", "not", "more", "less", "never"), *",. 3%"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)


@given(TEXTS)
def test_what_denies_and_moves_nothing_does_not_speak_against_itself(text: str) -> None:
    """With a denial it can: "Openings never, openings pay"."""
    moving = ("rose", "fell", "not", "more", "less", "never")
    plain = " ".join(word for word in text.split() if word not in moving) or "pay"
    assert against(plain, plain) is None


@given(TEXTS, st.lists(TEXTS, max_size=3).map(". ".join))
def test_what_is_found_is_a_sentence_of_the_passage_that_shares_enough_words(claim: str, passage: str) -> None:
    found = against(claim, passage)
    if found is not None:
        assert found.sentence in [sentence.text for sentence in analyse(passage).sentences]
        assert len(analyse(claim).content & analyse(found.sentence).content) >= LEAST_SHARED


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_judged_without_a_crash(claim: str, passage: str) -> None:
    found = speaks_against(a_sourced_claim(claim or "-"), a_passage(text=passage))
    assert found is None or found.sentence
