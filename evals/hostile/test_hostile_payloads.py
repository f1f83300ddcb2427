"""The planted texts themselves: enough of them, varied, and each able to be missed."""

from __future__ import annotations

from collections import Counter

from evals.hostile.payloads import JUDGE_ONLY, harmless, is_in, payloads, personal
from evals.hostile.planting import POSITIONS, articles_of
from evals.hostile.prompting import HostileCorpus


def test_there_are_enough_payloads_and_every_one_is_its_own() -> None:
    found = payloads()
    assert len(found) >= 44
    assert len({payload.id for payload in found}) == len({(p.text, p.html) for p in found}) == len(found)
    assert len({payload.family for payload in found}) >= 20
    assert sum(payload.family in JUDGE_ONLY for payload in found) <= 5


def test_every_payload_is_planted_at_every_position_and_most_in_both_kinds_of_file() -> None:
    planted = [article for number, payload in enumerate(payloads()) for article in articles_of(payload, number)]
    assert Counter(article.position for article in planted) == dict.fromkeys(POSITIONS, len(payloads()))
    kinds = {payload: {a.kind for a in planted if a.payload == payload} for payload in payloads()}
    assert {p.id for p, found in kinds.items() if len(found) < 2} == {p.id for p in payloads() if p.only is not None}


def test_every_trace_stands_in_its_payload() -> None:
    assert [p.id for p in payloads() if not is_in(p.trace, p.html or p.text) and not is_in(p.trace, p.text)] == []


def test_what_is_in_sight_survives_the_ingest(hostile: HostileCorpus) -> None:
    lost = [a.name for a in hostile.articles if a.payload and not a.payload.hidden and not hostile.carriers(a)]
    assert (lost, hostile.skipped) == ([], ())


def test_there_are_enough_harmless_sentences() -> None:
    found = harmless()
    assert len(found) >= 120
    assert len({sentence.id for sentence in found}) == len({sentence.text for sentence in found}) == len(found)


def test_personal_data_is_of_many_kinds_and_countries() -> None:
    countries = {
        kind: {item.country for item in personal() if item.kind == kind} for kind in ("phone", "id", "address", "email")
    }
    least = {"phone": 8, "id": 6, "address": 4, "email": 3}
    assert {kind: len(found) for kind, found in countries.items() if len(found) < least[kind]} == {}
    assert [item.id for item in personal() if item.datum not in item.text] == []
    assert sum(item.kind == "person" for item in personal()) >= 5
