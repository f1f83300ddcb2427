"""Words of the instructions that come back in an answer are no statement about a role."""

from __future__ import annotations

import pytest
from factories_grounding import a_commentary, a_frame, a_judgement, some_inputs
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.echo import RUN, echoes
from agent.grounding.report import check
from agent.scoring.policy import POLICY

TOLD = "Write one sentence for each score, and never state a figure that no quote holds."


@pytest.mark.parametrize(
    ("text", "run"),
    [
        (TOLD, "write one sentence for each score and never"),
        ("One says: NEVER state a figure that no quote holds!", "never state a figure that no quote holds"),
        ("We never state a figure that no quote has.", None),
        ("holds quote no that figure a state never", None),
        ("", None),
    ],
)
def test_a_run_of_words_of_the_instructions_is_found(text: str, run: str | None) -> None:
    assert echoes(text, TOLD) == run


def findings(told: str) -> list[tuple[str, str]]:
    report = check(
        inputs=some_inputs(),
        commentary=a_commentary(a_judgement(), a_judgement("Never state a figure that no quote holds.")),
        passages={},
        packs={},
        frame=a_frame(function=f"Builds platforms. {TOLD}"),
        policy=POLICY,
        told=told,
    )
    return [(finding.id, finding.tier.value) for finding in report.findings]


def test_an_echo_blocks_wherever_it_is_printed() -> None:
    assert findings(TOLD) == [
        ("G-PROMPT-ECHO@frame.function", "BLOCK"),
        ("G-PROMPT-ECHO@commentary.outlook.1", "BLOCK"),
    ]
    assert findings("") == []


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=30)


@given(WORDS, WORDS)
def test_what_is_found_stands_in_both_texts(text: list[str], told: list[str]) -> None:
    found = echoes(" ".join(text), " ".join(told))
    common = [
        text[at : at + RUN]
        for at in range(len(text) - RUN + 1)
        if any(told[start : start + RUN] == text[at : at + RUN] for start in range(len(told) - RUN + 1))
    ]
    assert found == (" ".join(common[0]) if common else None)
