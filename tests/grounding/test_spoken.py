"""How outside text is shown in a message: printable, short, once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.spoken import SHOWN, listed, shown


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb\t c", "a b c"),
        ("\x1b[31mred\u202e", "[31mred"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("", ""),
    ],
)
def test_outside_text_is_one_short_printable_line(text: str, line: str) -> None:
    assert shown(text) == line


def test_what_is_listed_is_named_once_in_order() -> None:
    assert listed(["b", "a", "b", "c\n"]) == "b, a, c"
    assert listed([]) == ""


@given(st.text(max_size=300))
def test_no_text_breaks_a_line(text: str) -> None:
    assert shown(text).isprintable() and len(shown(text)) <= SHOWN
    assert shown(shown(text)) == shown(text)
