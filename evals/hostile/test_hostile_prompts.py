"""From a file to the rendered request: a hostile text is dropped or marked, fenced, and changes nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.schemas.vocabulary import DRAFTED_SECTIONS, PUBLICATION_SECTIONS, Section
from evals.hostile.payloads import JUDGE_ONLY, Payload, payloads
from evals.hostile.prompting import HostileCorpus, carries, fence_faults, rendered, system_of

ORDERS = [payload for payload in payloads() if payload.family not in JUDGE_ONLY]
every_order = pytest.mark.parametrize("payload", ORDERS, ids=lambda payload: payload.id)
every_payload = pytest.mark.parametrize("payload", payloads(), ids=lambda payload: payload.id)


@every_order
def test_a_hostile_text_is_dropped_or_its_passage_is_marked(payload: Payload, hostile: HostileCorpus) -> None:
    unmarked = {
        f"{article.position}, {article.kind}"
        for article in hostile.of(payload)
        if any(not passage.suspicious for passage in hostile.carriers(article))
    }
    assert unmarked == set()


@every_payload
def test_each_passage_stands_in_a_fence_of_its_own(payload: Payload, hostile: HostileCorpus) -> None:
    packs = {hostile.packs[article.name] for article in hostile.of(payload)}
    assert [fault for pack in packs for fault in fence_faults(pack)] == []


def test_a_search_finds_the_passages_that_hold_a_hostile_text(hostile: HostileCorpus) -> None:
    missed = [
        article.name
        for article in hostile.articles
        if not {passage.id for passage in hostile.carriers(article)} <= {p.id for p in hostile.packs[article.name]}
    ]
    assert missed == []


@pytest.mark.parametrize("section", [s for s in DRAFTED_SECTIONS if s not in PUBLICATION_SECTIONS])
def test_no_article_changes_the_system_part_of_a_request(section: Section, hostile: HostileCorpus) -> None:
    without = system_of(rendered((), section)).encode()
    packs = {pack: name for name, pack in hostile.packs.items()}
    assert len(packs) == len(payloads())
    assert [name for pack, name in packs.items() if system_of(rendered(pack, section)).encode() != without] == []


def test_honest_neighbours_of_a_hostile_text_are_not_marked(hostile: HostileCorpus) -> None:
    marked = [
        article.name
        for article in hostile.articles
        if (payload := article.payload) is not None
        and payload.where == "text"
        and sum(p.suspicious and not carries(p, payload) for p in hostile.passages(article)) > 1
    ]
    assert marked == [], "more than the one passage that a payload may reach into is marked"


def test_the_rate_of_each_family_is_reported(
    hostile: HostileCorpus, record_property: Callable[[str, object], None]
) -> None:
    record_property("figures", "family                 planted  dropped  marked  missed")
    seen = 0
    for family in dict.fromkeys(payload.family for payload in payloads()):
        articles = [a for a in hostile.articles if a.payload is not None and a.payload.family == family]
        held = [hostile.carriers(article) for article in articles]
        dropped = sum(not found for found in held)
        marked = sum(bool(found) and all(passage.suspicious for passage in found) for found in held)
        seen += len(articles)
        note = "  only a judge can catch it; not asserted" if family in JUDGE_ONLY else ""
        row = f"{family:<22} {len(articles):>7} {dropped:>8} {marked:>7} {len(articles) - dropped - marked:>7}{note}"
        record_property("figures", row)
    assert seen == len(hostile.articles) == 3 * len(payloads())
