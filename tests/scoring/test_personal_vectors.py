"""One table for Python and for the page's script: the same scores, zones and robustness to the last decimal."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import lru_cache
from math import floor
from pathlib import Path
from typing import Any

import pytest
from personal_vectors import CEILING, FLOOR, LINK_TASKS, POLICIES, REVISION, cases, text
from py_mini_racer import MiniRacer

from agent.publishing.html import script
from agent.publishing.personal import policy_numbers
from agent.scoring.personal_file import personal_document

FILE = Path(__file__).with_name("personal_vectors.json")
TABLE: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
VECTORS: list[dict[str, Any]] = TABLE["vectors"]


@lru_cache(maxsize=1)
def _engine() -> MiniRacer:
    engine = MiniRacer()
    engine.eval(script())
    policies = {name: policy_numbers(policy) for name, policy in POLICIES.items()}
    engine.eval(f"const policies = {json.dumps(policies)}, table = {json.dumps(TABLE)}, vectors = table.vectors;")
    return engine


def in_browser(expression: str) -> Any:
    """The value of an expression in which the page's own script and the table are known."""
    return json.loads(_engine().eval(f"JSON.stringify({expression})"))


def test_the_table_is_what_python_gives_now() -> None:
    assert text() == FILE.read_text(encoding="utf-8"), "python tests/scoring/personal_vectors.py writes it anew"


def test_the_table_holds_the_edges() -> None:
    assert len(VECTORS) >= 300
    assert len({json.dumps(vector) for vector in VECTORS}) > 290
    scores = [vector["expected"]["score"] for vector in VECTORS if vector["policy"] == "in force"]
    assert all(scores.count(score) >= 6 for score in ("24.9", "25.0", "25.1", "47.9", "48.0", "48.1"))
    assert {"0.0", "100.0"} <= set(scores)
    assert sum(vector["shares"].count(100) for vector in VECTORS) >= 15
    for points in (1, 5):
        for evidence in (FLOOR[0], CEILING[0]):
            assert any(set(v["scores"]) == {points} and v["evidence"] == list(evidence) for v in VECTORS)
    assert {1, 2, 3, 5} <= {vector["evidence"].count(None) for vector in VECTORS}
    labels = {vector["expected"]["label"] for vector in VECTORS}
    assert labels == {
        *("GREEN (Accelerated)", "GREEN (Transforming)", "GREEN (Stable)"),
        *("YELLOW (Urgent)", "YELLOW (Moderate)", "RED (Imminent)", "RED"),
    }
    halves = [v for v in VECTORS if v["policy"] == "halves" and Fraction(v["expected"]["unrounded"]) * 10 % 1 == 0.5]
    assert len(halves) >= 20
    assert any(v["expected"]["unrounded"].startswith("-") for v in VECTORS)
    assert sum(v["without"] is not None for v in VECTORS) >= 60


def test_the_scores_of_the_table_follow_from_the_formula_alone() -> None:
    for case, vector in zip(cases(), VECTORS, strict=True):
        exact, expected = case.exact, vector["expected"]
        clamped = min(max(exact, Fraction(0)), Fraction(100))
        assert Fraction(expected["score"]) == Fraction(floor(clamped * 10 + Fraction(1, 2)), 10)
        assert abs(Fraction(expected["unrounded"]) - exact) <= Fraction(1, 2 * 10**12)
        policy = POLICIES[vector["policy"]]
        value = Fraction(expected["score"])
        here = "GREEN" if value >= policy.green_line else "YELLOW" if value >= policy.yellow_line else "RED"
        assert expected["zone"] == here


def test_the_script_of_the_page_gives_every_result_of_the_table() -> None:
    found = in_browser("vectors.map((vector) => ownWeek.result(policies[vector.policy], vector, vector.shares))")
    for vector, result in zip(VECTORS, found, strict=True):
        tenths = result.pop("tenths")
        assert (result, tenths) == (vector["expected"], round(float(vector["expected"]["score"]) * 10)), vector


def test_the_script_of_the_page_scales_ticks_as_the_table_says() -> None:
    found = in_browser(
        "vectors.map((vector) => vector.without"
        " && ownWeek.scaled(vector.published, vector.published.map((_, i) => !vector.without.includes(i)), 100))"
    )
    ticked = [(vector["shares"], own) for vector, own in zip(VECTORS, found, strict=True) if own is not None]
    assert len(ticked) >= 60
    assert all(own == shares for shares, own in ticked)


def test_the_script_of_the_page_reads_the_links_that_python_reads_and_refuses_the_others() -> None:
    found = in_browser(
        "table.links.map((link) => ownWeek.parse(link.text, table.link_tasks, table.revision, 100))",
    )
    for link, result in zip(TABLE["links"], found, strict=True):
        assert result.get("shares") == link["shares"], link
        assert bool(result.get("problem")) == (link["shares"] is None)
    assert sum(link["shares"] is not None for link in TABLE["links"]) == 4


def test_a_link_for_another_revision_is_said_to_be_one() -> None:
    result = in_browser(f"ownWeek.parse('#t=t1:100&v=1&r=ffffffffffff', ['t1'], {REVISION!r}, 100)")
    assert "revision ffffffffffff" in result["problem"]


def test_the_script_of_the_page_writes_the_link_and_the_file_that_python_writes() -> None:
    shares = {"t1": 20, "t2": 0, "t3": 80}
    given = f"{json.dumps(list(LINK_TASKS))}, {json.dumps(list(shares.values()))}, {json.dumps(REVISION)}"
    assert in_browser(f"ownWeek.fragment({given})") == TABLE["links"][0]["text"]
    role = 'Ingénieur "ML" 𝛼'
    file = json.dumps(personal_document(role, REVISION, shares), ensure_ascii=False, indent=2) + "\n"
    assert in_browser(f"ownWeek.file({json.dumps(role)}, {given})") == file


def test_the_script_of_the_page_holds_no_constant_of_the_policy() -> None:
    code = script()
    for number in ("48", "25", "0.54", "0.04", "0.02", "0.05", "7.93", "1.8", "40", "6.00"):
        assert not any(
            token == number for token in code.replace("(", " ").replace(")", " ").replace(",", " ").split()
        ), number


@pytest.mark.parametrize(("tenths", "words"), [(493, "1.8 points above the p 47.5"), (475, "the same as the p 47.5")])
def test_the_difference_is_said_in_tenths(tenths: int, words: str) -> None:
    assert in_browser(f"ownWeek.against({tenths}, 475, 'p')") == words
