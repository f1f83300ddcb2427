"""A text as the guard compares it: sentences, clauses, and one form a meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding import lexicon
from agent.grounding.language import analyse, is_content, is_known, stem, stems_of
from agent.grounding.normalise import normalise


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It fell. It rose.", ["It fell.", "It rose."]),
        ("Is it so? “Yes!” They left…  Then back.", ["Is it so?", '"Yes!"', "They left...", "Then back."]),
        ("Mr. Smith of Acme Inc. said so. He left.", ["Mr. Smith of Acme Inc. said so.", "He left."]),
        ("It is 3.5% now. 4 left.", ["It is 3.5% now.", "4 left."]),
        ("Pay rose. and fell", ["Pay rose. and fell"]),
        ("Firms | Jobs | Pay", ["Firms", "Jobs", "Pay"]),
        ("Two points. - One of them. - Another.", ["Two points.", "- One of them.", "- Another."]),
        ("", []),
        (" | ", ["|"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in analyse(text).sentences] == sentences


def test_clauses_break_at_conjunctions_and_marks() -> None:
    clauses = analyse("Pay rose by 1,200 while jobs fell; firms (the small ones) wait, and staff leave.").clauses
    assert [" ".join(word.text for word in clause.words) for clause in clauses] == [
        "pay rose by 1 200",
        "while jobs fell",
        "firms",
        "the small ones",
        "wait",
        "and staff leave",
    ]


def test_a_word_knows_its_form_place_and_capital() -> None:
    (sentence,) = analyse("Amazon's staff don't re-train.").sentences
    assert [(word.text, word.stem, word.capital, word.content) for word in sentence.words] == [
        ("amazon", "amazon", True, True),
        ("s", "s", False, False),
        ("staff", "worker", False, True),
        ("not", "not", False, False),
        ("re-train", "re-train", False, True),
    ]
    assert sentence.text[sentence.words[2].start : sentence.words[2].end] == "staff"


@pytest.mark.parametrize(
    "words",
    [
        "firm firms company companies employer employers",
        "rise rose risen rising increase increases increased grew growth",
        "fall fell declined declining dropped decrease",
        "worker workers employee staff",
        "hire hired hiring recruit recruiting",
        "pay wage wages salary salaries",
        "automate automated automation",
        "platform platforms",
        "ml-engineer ml-engineers",
    ],
)
def test_inflections_and_close_synonyms_have_one_form(words: str) -> None:
    assert len(stems_of(words)) == 1


@pytest.mark.parametrize(("one", "other"), [("rise", "fall"), ("firm", "worker"), ("hire", "dismiss"), ("pay", "task")])
def test_words_of_other_meaning_keep_their_own_form(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_word_too_long_for_any_language_is_its_own_form() -> None:
    assert stem("workers" * 6) == "workers" * 6


@pytest.mark.parametrize(
    ("word", "content"), [("engineer", True), ("the", False), ("x", False), ("5", False), ("職", True)]
)
def test_content_words_say_something_of_their_own(word: str, content: bool) -> None:
    assert is_content(word) is content


def test_every_word_of_the_lexicon_is_no_misspelling() -> None:
    assert all(is_known(word) for word in (lexicon.SYNONYMS + lexicon.FUNCTION + lexicon.FAMILIES).split())
    assert not is_known("platfrom")


@given(st.text(max_size=300))
def test_offsets_lead_to_the_words_in_any_text(text: str) -> None:
    analysis = analyse(text)
    assert analysis.text == normalise(text)
    for sentence in analysis.sentences:
        assert analysis.text[sentence.start : sentence.end] == sentence.text
        for word in sentence.words:
            assert word.text in {analysis.text[word.start : word.end].lower(), "not"}
            assert sentence.start <= word.start < word.end <= sentence.end
    assert [word.start for word in analysis.words] == sorted(word.start for word in analysis.words)


@given(
    st.lists(st.sampled_from(["Pay", "rose.", "and", "Mr.", "fell;", "|", "-", "now!", "Then", "5", "of"]), max_size=30)
)
def test_no_word_is_lost_between_sentences_and_clauses(parts: list[str]) -> None:
    words = [part.strip(".;!").lower() for part in parts if part.strip(".;!|-")]
    assert [word.text for word in analyse(" ".join(parts)).words] == words
