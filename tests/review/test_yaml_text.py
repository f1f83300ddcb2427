"""YAML that people write is read as it looks, or refused with the reason."""

from __future__ import annotations

import pytest

from agent.errors import InvalidInput
from agent.review.yaml_text import load_yaml


def test_a_plain_document_is_read() -> None:
    assert load_yaml('a: 1\nb: [x, null, 2.5]\nc: {d: "e"}\n') == {"a": 1, "b": ["x", None, 2.5], "c": {"d": "e"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "not YAML"),
        ("a: 1\nb: 2\na: 3", "'a' stands twice, again in line 3"),
        ("x:\n  a: 1\n  a: 1", "'a' stands twice"),
        ("a: 1\na: 1", "stands twice"),
        ("a: " + "9" * 5000, "."),
        ("a: 0x" + "f" * 5000, "digits"),
        ("a: 2026-13-45", "month"),
        ("a: 2026-02-25T99:00:00Z", "."),
        ("[" * 5000, "deep"),
        ("{" * 5000, "deep"),
        ("a: &x [1]\nb: *x", "alias"),
        ("? [a]\n: 1", "."),
        ("a: \ud800", "."),
        ('a: "\\ud800"', "surrogate"),
        ('"\\udfff": 1', "surrogate"),
        ("a: !!int x", "."),
        ("a: !!int ''", "."),
        ("a: !!float ''", "."),
        ("a: !!timestamp x", "."),
        ("a: !!binary é", "."),
        ("!!bool x", "."),
        ("a: \x00", "."),
        ("!!python/object/apply:os.getcwd []", "not YAML"),
        ("a: 1\n---\nb: 2", "."),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        load_yaml(text)
