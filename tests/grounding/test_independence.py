"""What counts as one source: one publisher, or copies of one text."""

from __future__ import annotations

import random

import pytest
from factories_grounding import QUOTE, a_citation, a_commentary, a_passage, a_sourced_claim, by_id, guard, some_inputs
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.independence import components, independent_publishers, independent_sources
from agent.schemas.article import Passage
from agent.schemas.draft import EvidenceDraft


def printed(name: str, publisher: str, *, work: str = "") -> Passage:
    return a_passage(f"p-{name}", publisher=publisher).model_copy(update={"article": f"a-{name}", "work": work})


@pytest.mark.parametrize(
    ("passages", "sources", "publishers"),
    [
        ([], 0, ()),
        ([printed("1", "Daily")], 1, ("Daily",)),
        ([printed("1", "Daily"), printed("2", "Wire")], 2, ("Daily", "Wire")),
        ([printed("1", "Daily"), printed("2", "DAILY")], 1, ("DAILY",)),
        ([printed("1", "Daily", work="a-2"), printed("2", "Wire")], 1, ("Daily",)),
        ([printed("1", "Daily", work="a-9"), printed("2", "Wire", work="a-9")], 1, ("Daily",)),
        ([printed("1", "Daily", work="a-9"), printed("2", "Wire", work="a-8")], 2, ("Daily", "Wire")),
        ([printed("1", "Wire"), printed("2", "Daily", work="a-1"), printed("3", "daily")], 1, ("Daily",)),
        (
            [printed("1", "Wire"), printed("2", "Echo", work="a-1"), printed("3", "Gazette")],
            2,
            ("Echo", "Gazette"),
        ),
    ],
)
def test_one_publisher_or_one_text_is_one_source(
    passages: list[Passage], sources: int, publishers: tuple[str, ...]
) -> None:
    assert independent_sources(passages) == sources
    assert independent_publishers(passages) == publishers


articles = st.integers(0, 5).map(str)
prints = st.builds(
    lambda name, publisher, work: printed(name, publisher, work=work and f"a-{work}"),
    articles,
    st.sampled_from(["Wire", "wire", "Daily", "Echo", "Gazette"]),
    st.sampled_from(["", "1", "2", "3"]),
)


@given(passages=st.lists(prints, max_size=8), order=st.randoms(use_true_random=False))
def test_order_and_repetition_count_for_nothing(passages: list[Passage], order: random.Random) -> None:
    again = [*passages, *passages]
    order.shuffle(again)
    assert independent_sources(again) == independent_sources(passages)
    assert independent_publishers(again) == independent_publishers(passages)


@given(passages=st.lists(prints, max_size=8))
def test_copies_only_ever_lower_the_count(passages: list[Passage]) -> None:
    count = independent_sources(passages)
    assert count == len(independent_publishers(passages))
    assert count <= len({passage.meta.publisher.casefold() for passage in passages})


def test_components_join_what_links_share_in_order_of_appearance() -> None:
    links: list[tuple[int, ...]] = [(4, 5), (1,), (2, 3), (5, 2), (), (1, 6)]
    assert components(links) == [[4, 5, 2, 3], [1, 6]]


DEMAND = "There were 42,051 openings for the role."


def test_a_reprint_carries_no_score_of_two() -> None:
    draft = EvidenceDraft(
        score=2, claims=(a_sourced_claim(DEMAND, a_citation(QUOTE, "p-1"), a_citation(QUOTE, "p-2")),)
    )
    reprint = by_id(printed("1", "Wire"), printed("2", "Daily", work="a-1"))
    (finding,) = guard(inputs=some_inputs(wages=draft), passages=reprint).findings
    assert (finding.id, finding.tier.value) == ("G-EVIDENCE-ONE-SOURCE@evidence.wages", "BLOCK")
    assert finding.message == (
        "wages is scored +2 on 1 independent source, and +2 needs 2 (one publisher or copies of one text are one "
        "source); cite another or score +1."
    )
    own = by_id(printed("1", "Wire"), printed("2", "Daily"))
    assert guard(inputs=some_inputs(wages=draft), passages=own).findings == ()


def test_a_reprint_does_not_speak_for_the_role_a_second_time() -> None:
    passages = by_id(printed("1", "Wire"), printed("2", "Daily", work="a-1"), printed("3", "Echo"))
    outlook = a_sourced_claim(DEMAND, *(a_citation(QUOTE, f"p-{at}") for at in (1, 2, 3)))
    assert guard(commentary=a_commentary(outlook), passages=passages).speaking_sources == ("Daily", "Echo")
