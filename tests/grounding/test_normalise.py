from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.normalise import folded_words, mentions, normal_text, normalise
from agent.schemas.text import without_controls


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("“quoted” and ‘so’ it’s", "\"quoted\" and 'so' it's"),
        ("2–4 — or 2‑4 − 1", "2-4 - or 2-4 - 1"),
        ("infra\u00adstructure\u200b cost\ufeff", "infrastructure cost"),
        ("  one\u00a0two\n\tthree  ", "one two three"),
        ("ﬁne-tuning", "fine-tuning"),
        ("cafe\u0301", "café"),
        ("Case Stays", "Case Stays"),
        ("٨٩ of ８９", "89 of 89"),
        ("47%¹ and m²", "47%^1 and m^2"),
        ("wait… what", "wait... what"),
        ("tab`tick", "tab'tick"),
        ("nul\x00l", "null"),
        ("9\x1c0% 9\x0b0% 9\x0c0% 9\x1f0%", "90% 90% 90% 90%"),
        ("one\rtwo\x85three\u2028four", "one two three four"),
        ("3½ and ¼", "3 1\u20442 and 1\u20444"),
        ("15① and CO₂", "15^1 and CO^2"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_texts_that_differ_in_typography_only_become_one(written: str, expected: str) -> None:
    assert normalise(written) == expected


@pytest.mark.parametrize("code", [*range(0x100), 0x200B, 0x2060, 0x2065, 0xFEFF, 0xE0041, 0xE0100])
def test_what_is_stripped_before_a_text_is_shown_parts_no_word(code: int) -> None:
    shown = without_controls(f"9{chr(code)}0")
    assert normalise(f"9{chr(code)}0") == normalise(shown)


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text())
def test_every_normalised_character_knows_its_place_in_the_original(text: str) -> None:
    normal = normal_text(text)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))
    assert list(normal.starts) == sorted(normal.starts)


def test_a_span_leads_back_to_the_characters_it_came_from() -> None:
    text = "a  “cafe\u0301” here"
    normal = normal_text(text)
    at = normal.text.index('"café"')
    start, end = normal.original(at, at + 6)
    assert text[start:end] == "“cafe\u0301”"


def test_words_are_compared_without_case_plural_and_punctuation() -> None:
    assert folded_words("Companies' boxes, Engineers's C++ class (GPUs)") == (
        "company", "box", "engineer", "c++", "class", "gpu",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("Demand for ML-platform ENGINEERS fell", "ML Platform Engineer", True),
        ("Demand for ML engineers on a platform", "ML Platform Engineer", False),
        ("Pay of registered nurses rose", "Registered Nurse", True),
        ("A registered nurse was asked", "Registered Nurses", True),
        ("Databases and caches", "database", True),
        ("engineering", "engineer", False),
        ("anything", "", False),
        ("anything", "—", False),
    ],
)
def test_a_phrase_is_mentioned_when_its_words_stand_together(text: str, phrase: str, expected: bool) -> None:
    assert mentions(folded_words(text), phrase) is expected


@given(st.text(alphabet="ab \t\n\u00a0\u2009'\u2019\u201c\u2013-\u00e9\u00df\u20ac1,.", max_size=40))
def test_a_text_of_simple_characters_is_spelled_like_any_other(text: str) -> None:
    # A sign that is not simple behind it takes the long way for the same text.
    short, long = normal_text(text), normal_text(f"{text} \u2026")
    assert long.text == f"{short.text} ...".strip()
    assert tuple(long.starts)[: len(short.text)] == tuple(short.starts)
    assert tuple(long.ends)[: len(short.text)] == tuple(short.ends)
