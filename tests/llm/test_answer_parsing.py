"""Raw text to value: JSON is found where servers put it, and never repaired."""

from __future__ import annotations

import json

import pytest
from factories_llm import Verdict, a_prompt, a_text, a_verdict
from hypothesis import given
from hypothesis import strategies as st

from agent.llm.answer import UnusableAnswer, json_object, parse_answer

PLAIN = a_text()


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"\n {PLAIN}\n",
        f"```json\n{PLAIN}\n```",
        f"```\n{PLAIN}\n```",
        f"```{PLAIN}```",
        f"Here you are:\n```JSON\n{PLAIN}\n```\nAnything else?",
        f"<think>{{maybe}} ```x```</think>\n{PLAIN}",
        f"<think>hm</think>\n```json\n{PLAIN}\n```",
    ],
)
def test_an_object_is_found_alone_in_its_fence_or_after_thoughts(text: str) -> None:
    assert parse_answer(text, Verdict, a_prompt()) == a_verdict()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        f"[{PLAIN}]",
        PLAIN[:-1],
        PLAIN.replace('"', "'"),
        PLAIN + ",",
        f"Answer: {PLAIN}",
        f"```json\n{PLAIN}\n```\n```json\n{PLAIN}\n```",
        f"```json\n{PLAIN}",
        "[" * 100_000,
    ],
)
def test_what_is_not_one_whole_object_is_not_repaired(text: str) -> None:
    with pytest.raises(UnusableAnswer, match="tasks@1 does not fit Verdict"):
        parse_answer(text, Verdict, a_prompt())


def test_all_problems_are_named_up_to_a_bound() -> None:
    with pytest.raises(UnusableAnswer) as caught:
        parse_answer(json.dumps({f"k{i}": i for i in range(40)}), Verdict, a_prompt())
    assert len(caught.value.problems) == 21
    assert caught.value.problems[0] == "first_passage_id: Field required"
    assert caught.value.problems[-1] == "and 24 more"
    assert caught.value.message.endswith("; and 18 more")


@given(st.dictionaries(st.text(), st.one_of(st.none(), st.booleans(), st.integers(), st.text()), max_size=5))
def test_any_object_is_found_unchanged(document: dict[str, object]) -> None:
    text = json.dumps(document)
    assert json_object(text) == text


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    found = json_object(text)
    assert found is None or isinstance(json.loads(found), dict)
