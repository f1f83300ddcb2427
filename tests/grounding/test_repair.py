"""Slips in copying a quote are replaced by the exact text of the source; anything else is no slip."""

from __future__ import annotations

import pytest
from factories_grounding import TEXT, a_citation, a_commentary, a_frame, a_passage, a_sourced_claim, by_id, guard
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.report import check_one, repairer
from agent.schemas.article import Passage
from agent.schemas.draft import Citation
from agent.schemas.finding import Verdict
from agent.schemas.vocabulary import Section
from agent.scoring.policy import POLICY

TOLD = (
    "The firm said that hiring of the platform engineers increased, and that wages stayed level. "
    "A second survey found no rise in wages at all, and a third one did not ask."
)


def repaired(quote: str, *passages: Passage, passage: str = "p-1") -> Citation:
    known = by_id(*(passages or (a_passage(text=TOLD),)))
    (citation,) = repairer(known, POLICY)(a_sourced_claim("x", a_citation(quote, passage))).citations
    return citation


@pytest.mark.parametrize(
    ("drafted", "exact"),
    [
        ("Hiring Of The Platform Engineers increased", "hiring of the platform engineers increased"),
        ("platform engineers increased and that wages stayed level", "platform engineers increased, and that wages stayed level"),  # noqa: E501
        ("hiring of the platfrom engineers increased", "hiring of the platform engineers increased"),
        ("said that hiring of platform engineers increased", "said that hiring of the platform engineers increased"),
        ("firm said that a hiring of the platform engineers", "firm said that hiring of the platform engineers"),
        ("“stayed level; a second survey found”", "stayed level. A second survey found"),
    ],
)  # fmt: skip
def test_a_slip_becomes_the_exact_text_and_what_was_drafted_is_kept(drafted: str, exact: str) -> None:
    assert repaired(drafted) == Citation(passage="p-1", quote=exact, as_drafted=drafted)


@pytest.mark.parametrize(
    "drafted",
    [
        # In order as it is.
        "hiring of the platform engineers increased",
        # Dots may leave out what turns the sentence round.
        "hiring of the platform engineers ... wages stayed level",
        # Another word of the language is another statement.
        "hiring of the platform engineers decreased, and that wages",
        "hiring of the platform engineers increased, and that pages stayed level",
        # So are a word left out, put in or put elsewhere.
        "A second survey found rise in wages at all, and",
        "firm said that more hiring of the platform engineers increased",
        "and a third one did ask and no more was said",
        "said that engineers of the platform hiring increased",
        # More slips than its length allows.
        "hirinng of the platfrom engineers increased",
        "hiring platfrom engineers",
        # Digits are never a slip.
        "A second survey found no rise in wages at all, and a 3rd one did",
        "nothing of the kind was ever said by any firm",
        "wages",
        "?!",
    ],
)
def test_what_is_no_slip_stays_as_it_was_drafted(drafted: str) -> None:
    assert repaired(drafted) == a_citation(drafted)


def test_a_misspelling_that_another_source_knows_is_a_word() -> None:
    quote = "hiring of the platforn engineers increased"
    assert repaired(quote).quote == "hiring of the platform engineers increased"
    other = a_passage("p-2", "A platforn is a kind of shoe.")
    assert repaired(quote, a_passage(text=TOLD), other) == a_citation(quote)


def test_a_quote_of_a_passage_that_does_not_exist_is_not_repaired() -> None:
    assert repaired("Hiring Of The Platform", passage="p-9") == a_citation("Hiring Of The Platform", "p-9")


def test_the_first_of_equal_places_is_taken() -> None:
    twice = a_passage(text="A first line. The pay of nurses rose. Another line. the pay of nurses rose, too.")
    assert repaired("THE PAY of nurses rose", twice).quote == "The pay of nurses rose"


def test_a_repaired_text_is_no_longer_than_a_quote_may_be() -> None:
    spaced = a_passage(text="said" + " " * 2100 + "that hiring of engineers increased")
    assert repaired("Said that hiring of engineers increased", spaced).as_drafted is None


def test_a_repaired_quote_is_told_apart_and_counts() -> None:
    claim = repairer(by_id(a_passage()), POLICY)(
        a_sourced_claim("The median salary rose to $187,500.", a_citation("the Median salary rose to $187,500"))
    )
    report = guard(commentary=a_commentary(claim))
    assert report.findings == ()
    assert report.verdicts == {"commentary.outlook.0": Verdict.REPAIRED}


def test_one_claim_is_repaired_before_it_is_checked() -> None:
    checked = check_one(
        a_sourced_claim("The median salary rose to $187,500.", a_citation("the Median salary rose to $187,500")),
        section=Section.COMMENTARY,
        path="p",
        passages=by_id(a_passage()),
        pack=frozenset(),
        frame=a_frame(),
        policy=POLICY,
    )
    assert (checked.verdict, checked.findings) == (Verdict.REPAIRED, ())
    assert checked.placed.claim.citations[0].quote == "The median salary rose to $187,500"


WORDS = sorted({*TEXT.split(), *TOLD.split(), "not", "never", "a", "the", "platfrom", "…", "٣", "İ", "-"})


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join), st.data())
def test_a_repaired_quote_stands_in_its_passage_and_is_left_alone(text: str, data: st.DataObject) -> None:
    words = text.split(" ")
    start = data.draw(st.integers(0, len(words) - 1))
    drafted = words[start : data.draw(st.integers(start + 1, len(words)))]
    for at in data.draw(st.lists(st.integers(0, len(drafted) - 1), max_size=3)):
        drafted[at] = data.draw(
            st.sampled_from([drafted[at].upper(), drafted[at] + "q", "the", "not", f"{drafted[at]},"])
        )
    quote = " ".join(drafted)
    passage = a_passage(text=text)
    once = repaired(quote, passage)
    assert once.as_drafted in {None, quote}
    assert once.quote in (quote if once.as_drafted is None else passage.text)
    again = repairer(by_id(passage), POLICY)(a_sourced_claim("x", once)).citations[0]
    assert again == once


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_no_quote_is_too_strange_to_be_repaired(quote: str, text: str) -> None:
    assert repaired(quote, a_passage(text=text)).quote in {quote, text} or quote not in text


@given(st.sampled_from(["no rise in wages", "did not ask", "wages stayed level"]), st.data())
def test_a_negator_is_never_put_in_or_left_out(kept: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, TOLD.index(kept)).filter(lambda at: at == 0 or TOLD[at - 1] == " "))
    drafted = TOLD[start : TOLD.index(kept) + len(kept)]
    for changed in (
        drafted.replace(" no ", " ").replace(" not ", " "),
        drafted.replace("wages stayed", "wages never stayed"),
    ):
        if changed != drafted:
            assert repaired(changed).as_drafted is None
