from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.names import name_words, unknown_names

KNOWN = name_words(
    "Amazon SageMaker and vLLM run on H100 cards; Claude 3.5 and GPT-4 write for the Bureau of Labor Statistics."
)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Teams move to SageMaker and Amazon's vLLM.", ()),
        ("Teams move to Kubeflow on Acme Cloud.", ("Kubeflow", "Acme", "Cloud")),
        ("Kubeflow is one of many.", ()),
        ("Gartner says so.", ("Gartner",)),
        ("Gartner's view differs. It is old.", ("Gartner",)),
        ("GitHub is everywhere.", ("GitHub",)),
        ("They run on H100s and H200 cards.", ("H200",)),
        ("They ask GPT-4, GPT-5 and Claude-3.5.", ("GPT-5",)),
        ("In May the US team of ML and R&D leads met on Monday.", ()),
        ("So it goes. Teams adapt: Nobody leads.", ()),
        ("The Bureau of Labor Statistics counts.", ()),
        ("Ask Acme, then Acme's Acme.", ("Acme",)),
        ("a 3D view and 24/7 work", ()),
        ("", ()),
    ],
)
def test_a_capitalised_word_inside_a_sentence_must_be_known(text: str, unknown: tuple[str, ...]) -> None:
    assert unknown_names(text, [KNOWN]) == unknown


def test_each_word_may_be_known_from_another_text() -> None:
    assert unknown_names("They left Acme Robotics.", [name_words("acme"), name_words("robotics")]) == ()


@given(st.text())
def test_a_text_makes_its_own_names_known(text: str) -> None:
    assert unknown_names(text, [name_words(text)]) == ()


@given(st.text(), st.text())
def test_no_text_is_too_strange_to_be_read_for_names(text: str, other: str) -> None:
    unknown_names(text, [name_words(other)])


def test_countries_and_regions_are_no_organisations() -> None:
    text = "Most of it comes from the United States and the European Union, little from Africa."
    assert unknown_names(text, ()) == ()
    assert unknown_names("Drivers trust United Airlines and Western Union.", ()) == ("Airlines",)
