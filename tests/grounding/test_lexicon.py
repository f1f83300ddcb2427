"""The word lists of the guard: what one list says, no other takes back."""

from __future__ import annotations

import re

import pytest

from agent.grounding import lexicon
from agent.grounding.language import stem

LISTS = {
    name: value.split()
    for name, value in vars(lexicon).items()
    if isinstance(value, str) and name.isupper() and name not in {"DOUBTED_BEFORE", "DOUBTED_AFTER", "CURRENT"}
}


@pytest.mark.parametrize("name", LISTS)
def test_words_are_listed_as_a_text_is_read(name: str) -> None:
    assert all(re.fullmatch(r"[a-z]+(?:[-'][a-z]+)*", word) for word in LISTS[name])


@pytest.mark.parametrize(
    ("one", "other"), [("UP", "DOWN"), ("UP", "FLAT"), ("DOWN", "FLAT"), ("HEDGES", "STRONG"), ("LIMITS", "STRONG")]
)
def test_no_word_says_two_things_at_once(one: str, other: str) -> None:
    assert set(LISTS[one]) & set(LISTS[other]) == set()


def test_a_doubtful_word_is_a_hedge() -> None:
    assert set(LISTS["DOUBTFUL"]) <= set(LISTS["HEDGES"])


@pytest.mark.parametrize("line", lexicon.OPPOSITES.splitlines())
def test_opposites_are_two_words_that_are_not_read_as_one(line: str) -> None:
    one, other = line.split()
    assert stem(one) != stem(other)


def test_a_synonym_belongs_to_one_meaning() -> None:
    words = LISTS["SYNONYMS"]
    assert sorted({word for word in words if words.count(word) > 1}) == []
