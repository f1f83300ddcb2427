from __future__ import annotations

import re

import pytest
from factories_grounding import TEXT
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.grounding.normalise import normal_text, normalise
from agent.grounding.quotes import QuoteFault, find_quote, locate

PASSAGE = (
    "It is unlikely to replace non-essential staff: “some say” 189.5% of 1,200 jobs — and wages fell by 12 percent."
)

words = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzäßéÅ0123456789"), min_size=1, max_size=9)
passages = st.lists(words, min_size=8, max_size=30).map(" ".join)
BENIGN = {" ": " \n\u00a0", "-": "\u2013", "'": "\u2019", "e": "e\u00ad"}


def the_outcome(quote: str, text: str = PASSAGE) -> QuoteFault | str:
    span = find_quote(quote, text, normal_text(text), minimum=12)
    return span if isinstance(span, QuoteFault) else text[slice(*span)]


@pytest.mark.parametrize(
    ("quote", "copied"),
    [
        ("unlikely to replace", "unlikely to replace"),
        ('staff: "some say" 189.5%', "staff: “some say” 189.5%"),
        ("  jobs - and\nwages fell ", "jobs — and wages fell"),
        ("1,200 jobs — and", "1,200 jobs — and"),
        (PASSAGE, PASSAGE),
    ],
)
def test_a_quote_that_differs_in_typography_only_is_verbatim(quote: str, copied: str) -> None:
    assert the_outcome(quote) == copied


@pytest.mark.parametrize(
    ("quote", "fault"),
    [
        ("likely to replace", QuoteFault.CUT_WORD),
        ("essential staff", QuoteFault.CUT_WORD),
        ("89.5% of 1,200 jobs", QuoteFault.CUT_WORD),
        ("200 jobs — and wages", QuoteFault.CUT_WORD),
        ("“some say” 189", QuoteFault.CUT_WORD),
        ("to replace non-essent", QuoteFault.CUT_WORD),
        ("to replace non", QuoteFault.CUT_WORD),
        ("unlikely … wages fell", QuoteFault.STITCHED),
        ("unlikely to ... replace", QuoteFault.STITCHED),
        ("…unlikely to replace", QuoteFault.STITCHED),
        ("Unlikely to replace", QuoteFault.NOT_FOUND),
        ("unlikely to displace", QuoteFault.NOT_FOUND),
        ("to replace", QuoteFault.TOO_SHORT),
        ("wages fell \u200b\u200b\u200b\u200b", QuoteFault.TOO_SHORT),
        ("- - - - - - - - -", QuoteFault.TOO_SHORT),
        ("", QuoteFault.TOO_SHORT),
    ],
)
def test_a_quote_that_is_not_a_span_of_whole_words_is_refused(quote: str, fault: QuoteFault) -> None:
    assert the_outcome(quote) == fault


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("AI systems can't replace widget engineers.", "AI systems can"),
        ("In 2025 the big union won’t agree.", "the big union won"),
        ("It is a non–essential service.", "essential service"),
        ("It is a non/essential service.", "essential service"),
        ("It is a non—essential service.", "essential service"),
        ("It is un\u00adessential service.", "essential service"),
        ("The firm said 1 200 engineers left.", "200 engineers left"),
        ("The firm said 1\u202f200 engineers left.", "200 engineers left"),
        ("The firm said 1 200 engineers left.", "The firm said 1"),
        ("The firm said 1'200 engineers left.", "200 engineers left"),
        ("Employment fell by .5% in the year.", "5% in the year"),
        ("Employment fell by 3½ % in the year.", "Employment fell by 3"),
        ("It made 10⁶ widgets a day.", "It made widgets: 10".replace("widgets: ", "")),
    ],
)
def test_a_quote_does_not_begin_or_end_within_a_linked_word_or_number(text: str, quote: str) -> None:
    found = find_quote(quote, text, normal_text(text), minimum=1)
    assert found is QuoteFault.CUT_WORD


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("In 2025 100 engineers were hired.", "100 engineers were"),
        ("The engineers' jobs are safe.", "The engineers"),
        ("Demand rose by 1,200¹ in May.", "rose by 1,200"),
        ("It ended. 5 engineers left.", "5 engineers left"),
        ("They wait ...5 engineers left.", "5 engineers left"),
        ("Only 'some engineers' left.", "some engineers"),
        ("Jobs - and wages - fell.", "and wages"),
    ],
)
def test_punctuation_around_a_quote_links_nothing(text: str, quote: str) -> None:
    assert not isinstance(find_quote(quote, text, normal_text(text), minimum=1), QuoteFault)


def test_a_span_inside_a_word_does_not_hide_the_same_span_between_words() -> None:
    assert the_outcome("likely to stay here", "unlikely to stay here, but likely to stay here") == "likely to stay here"


def test_scripts_without_spaces_can_be_quoted_anywhere() -> None:
    text = "機械学習基盤の技術者に対する需要は増え続けている"
    assert the_outcome("学習基盤の技術者に対する需要", text) == "学習基盤の技術者に対する需要"


def test_a_quote_is_located_for_showing_it_in_its_context() -> None:
    start, end = locate("median  salary rose", TEXT) or (0, 0)
    assert TEXT[start:end] == "median salary rose"
    assert locate("median salary fell", TEXT) is None


@given(passages, st.data())
def test_a_true_span_of_whole_words_always_verifies(text: str, data: st.DataObject) -> None:
    parts = text.split(" ")
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    quote = " ".join(parts[first : last + 1])
    # "1 200km" is one number with its unit: a span may not begin inside it, whatever the word looks like.
    assume(first == 0 or not (parts[first - 1][-1:].isdecimal() and re.match(r"\d{3}(?!\d)", parts[first])))
    assume(last + 1 == len(parts) or not (parts[last][-1:].isdecimal() and re.match(r"\d{3}(?!\d)", parts[last + 1])))
    assume(len(normalise(quote)) >= 12 and sum(c.isalnum() for c in normalise(quote)) >= 6)
    assert the_outcome(quote, text) == quote


@given(passages, st.lists(st.sampled_from(sorted(BENIGN)), max_size=4))
def test_benign_typography_never_breaks_a_quote(text: str, changes: list[str]) -> None:
    changed = text
    for character in changes:
        changed = changed.replace(character, BENIGN[character])
    assume(len(normalise(text)) >= 12)
    assert the_outcome(changed, text) == text
    assert not isinstance(find_quote(text, changed, normal_text(changed), minimum=12), QuoteFault)


@given(passages, st.data())
def test_a_changed_letter_never_verifies(text: str, data: st.DataObject) -> None:
    assume(len(normalise(text)) >= 12)
    at = data.draw(st.integers(0, len(text) - 1).filter(lambda place: text[place] != " "))
    assert isinstance(find_quote(text[:at] + "Ω" + text[at + 1 :], text, normal_text(text), minimum=12), QuoteFault)


@given(st.text(), st.text(), st.integers(0, 20))
def test_no_text_is_too_strange_to_be_searched(quote: str, text: str, minimum: int) -> None:
    find_quote(quote, text, normal_text(text), minimum=minimum)
    locate(quote, text)
