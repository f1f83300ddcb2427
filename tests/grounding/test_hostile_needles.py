from __future__ import annotations

import re
import sys

import pytest
from needles import needles

from agent.grounding.hostile_needles import NEEDLES
from agent.grounding.hostile_phrases import PATTERNS


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="made with the parser of Python 3.11")
def test_the_strings_that_are_asked_for_first_are_those_that_the_patterns_need() -> None:
    assert tuple(needles(pattern) for pattern in PATTERNS) == NEEDLES


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("abc+d", (("ab",),)),
        ("(?:ab|cd)e(?:fg)?hi", (("hi",), ("ab", "cd"))),
        ("(?:ab|)cd", (("cd",),)),
        ("a|bcd", ()),
        (r"\bAb\w*Cd", (("ab",), ("cd",))),
    ],
)
def test_a_text_that_fits_has_one_of_each_group(pattern: str, expected: tuple[tuple[str, ...], ...]) -> None:
    assert needles(pattern) == expected
    re.compile(pattern)
