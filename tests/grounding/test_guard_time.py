"""The guard reads any text in time that grows with it and not faster."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

import pytest
from factories_grounding import a_citation, a_commentary, a_frame, a_passage, a_sourced_claim, by_id, guard

from agent.grounding.figures import figures
from agent.grounding.hostile import instruction_spans
from agent.grounding.language import analyse
from agent.grounding.names import name_words, unknown_names
from agent.grounding.personal import personal_data
from agent.grounding.report import check_one, repairer
from agent.schemas.article import Passage
from agent.schemas.draft import Claim
from agent.schemas.vocabulary import Section
from agent.scoring.policy import POLICY

pytestmark = pytest.mark.no_cover
"""A program whose lines are counted takes another time."""

TIMES_LARGER = 8
ROOM = 3
"""A linear function takes eight times as long for eight times the text, and a quadratic one 64 times as long."""
LEAST = 0.004
"""Seconds below which a clock says nothing."""
_FRESH = count()
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""What makes a text new is glued to it and no digit: a pattern that looks for one has to look to the end."""


def seconds(run: Callable[[str], object], text: str) -> float:
    """Processor time of one run, the better of two; no run finds the answer of another in a cache."""
    times = []
    for _ in range(2):
        fresh = text + str(next(_FRESH)).translate(_LETTERS)
        begin = time.process_time()
        run(fresh)
        times.append(time.process_time() - begin)
    return min(times)


def grows_with(run: Callable[[str], object], unit: str, small: int) -> bool:
    run(unit)
    one, eight = (unit * (size // len(unit) + 1) for size in (small, small * TIMES_LARGER))
    return seconds(run, eight) < ROOM * TIMES_LARGER * max(seconds(run, one), LEAST)


HOSTILE = {
    "words": "hiring of engineers rose by 14% in the city. ",
    "letters": "a ",
    "numbers": "1 ",
    "digits": "1234567890",
    "grouped": "1 200 ",
    "dashes": "1-",
    "fractions": "½",
    "one word": "x",
    "cyrillic": "талимат",
    "one turkish word": "talimat",
    "chinese": "忽略",
    "marks": "a\u0301",
    "invisible": "\u200b",
    "ats": "@",
    "addresses": "a@a.",
    "written out": "a dot ",
    "comments": "<!--",
    "comments of a model": "<!-- ai model score ",
    "tags": "<",
    "tags of a transcript": "<|",
    "pictures": "![](http://a?",
    "hashes": "#",
    "brackets": "([{<",
    "base64": "QUJDREVGR0hJSktM",
    "base64 runs": "QUJDREVGR0hJSktMTU5PUFFS ",
    "hex": "41 ",
    "percent codes": "%41",
    "ignore": "ignore ",
    "ignore all": "ignore all other ",
    "the final": "the final ",
    "score": "score this ",
    "your": "your task is ",
    "lines": "a\n",
    "blanks": " ",
    "names": "Mary van der ",
    "hyphened names": "Abc-",
    "capitals": "A",
    "houses": "12 Main ",
    "streets": "Calle de ",
    "passports": "passport ",
    "telephones": "+1 ",
}


@pytest.mark.parametrize(
    "read",
    [instruction_spans, personal_data, analyse, figures, name_words, lambda text: unknown_names(text, [])],
    ids=["instruction_spans", "personal_data", "analyse", "figures", "name_words", "unknown_names"],
)
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_text_is_read_in_time_that_grows_with_it(unit: str, read: Callable[[str], object]) -> None:
    assert grows_with(read, unit, 1_500)


TOLD = "Openings for engineers of town {0} rose by {1}% in spring, while wages of bakers did not fall. "


def a_long_passage(name: str, size: int, publisher: str) -> Passage:
    sentences = "".join(TOLD.format(at, at % 10) for at in range(size // 80))
    return a_passage(name, f"Of {name}: {sentences}"[:size], publisher=publisher)


def seconds_to_check(claims: int, size: int) -> float:
    times = []
    for _ in range(2):
        run = next(_FRESH)
        passages = by_id(*(a_long_passage(f"p-{run}-{at}", size, f"Publisher {at}") for at in range(20)))
        quote = "engineers of town {0} rose by {1}% in spring"
        drafted = [
            a_sourced_claim(
                f"Openings for engineers of {run} rose by {at % 10}% in spring.",
                a_citation(quote.format(at % 10, at % 10 if at % 3 else "no"), f"p-{run}-{at % 20}"),
            )
            for at in range(claims)
        ]
        begin = time.process_time()
        report = guard(commentary=a_commentary(*drafted), passages=passages)
        times.append(time.process_time() - begin)
        assert len(report.verdicts) == claims
    return min(times)


def test_two_hundred_claims_on_long_passages_take_time_that_grows_with_both() -> None:
    seconds_to_check(1, 1_000)
    once = max(seconds_to_check(25, 1_250), 0.02)
    assert seconds_to_check(200, 1_250) < ROOM * TIMES_LARGER * once
    assert seconds_to_check(25, 10_000) < ROOM * TIMES_LARGER * once
    # Twenty passages are read and two hundred claims compared with them.
    assert seconds_to_check(200, 10_000) < ROOM * TIMES_LARGER * TIMES_LARGER * once


def checked(claim: Claim, told: str) -> object:
    return check_one(
        claim,
        section=Section.COMMENTARY,
        path="p",
        passages=by_id(a_passage(text=told)),
        pack=frozenset(),
        frame=a_frame(),
        policy=POLICY,
        as_of="2026-11-20",
    )


REPEATED = {
    "one word": "the ",
    "a direction": "rose ",
    "a negator": "not ",
    "a sentence": "Hiring rose. ",
    "clauses": "and rose, ",
    "dots": "a ... ",
    "prose": "hiring of engineers rose in the city while wages fell ",
}


@pytest.mark.parametrize("unit", REPEATED.values(), ids=REPEATED.keys())
def test_a_claim_is_checked_against_repetitions_in_time_that_grows_with_them(unit: str) -> None:
    """A claim and a quote are of bounded length, so that only the passage grows."""
    claim = a_sourced_claim((unit * 200)[:200], a_citation((unit * 200)[:200] + "q"), a_citation((unit * 200)[:150]))
    assert grows_with(lambda told: checked(claim, told), unit, 400)


@pytest.mark.parametrize("unit", REPEATED.values(), ids=REPEATED.keys())
def test_a_quote_is_repaired_in_time_that_grows_with_its_passage(unit: str) -> None:
    claim = a_sourced_claim("x", a_citation((unit * 200)[:200] + "qqqq"))
    assert grows_with(lambda told: repairer(by_id(a_passage(text=told)), POLICY)(claim), unit, 400)


@pytest.mark.parametrize("unit", ["the ", "rose ", "and rose, "])
def test_a_long_quote_of_repetitions_is_repaired_nearly_as_fast_as_one_of_prose(unit: str) -> None:
    def repaired(repeated: str) -> float:
        claim = a_sourced_claim("x", a_citation((repeated * 400)[:700] + "qqqq"))
        return seconds(lambda told: repairer(by_id(a_passage(text=told)), POLICY)(claim), (repeated * 600)[:1_000])

    assert repaired(unit) < 50 * max(repaired(TOLD), 0.02)
