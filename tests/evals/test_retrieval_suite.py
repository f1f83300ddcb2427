"""The suite of the search against golden passages: sizes, means, and golden files that do not fit the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.errors import InvalidInput, NotFound
from agent.evidence.read import article_files, read_articles
from agent.evidence.split import passages_of
from agent.schemas.article import Passage
from agent.shipped import shipped_path
from evals.retrieval.judged import JudgedQuery, read_golden
from evals.suites import retrieval
from evals.suites.retrieval import Answered
from evals.suites.thresholds import load_thresholds
from evals.suites.verdict import Outcome


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    files = article_files([shipped_path("corpus")])
    return [passage for read in read_articles(files) for passage in passages_of(read.article)]


def answered(queries: int = 60, *, relevant: int = 2) -> list[Answered]:
    """Queries whose relevant passages stand first."""
    rows = []
    for at in range(queries):
        ids = [f"p{at}-{n}" for n in range(relevant)]
        rows.append(Answered(JudgedQuery(f"q{at}", "?", frozenset(ids)), [*ids, f"other-{at}"]))
    return rows


def test_perfect_rankings_of_enough_queries_pass_and_every_planted_ranking_is_noticed() -> None:
    thresholds = load_thresholds()
    found = list(retrieval.verdicts(answered(), thresholds))
    assert {one.metric: (one.score, one.outcome) for one in found} == {
        "queries": (60, Outcome.PASSED),
        "judgements": (120, Outcome.PASSED),
        **dict.fromkeys(retrieval.RANKED, (1.0, Outcome.PASSED)),
    }
    controls = list(retrieval.controls(answered(), thresholds))
    assert [(one.metric, one.outcome) for one in controls] == [(name, Outcome.PASSED) for name in retrieval.METRICS]


def test_too_few_queries_or_judgements_fail() -> None:
    few = {one.metric: one.outcome for one in retrieval.verdicts(answered(59), load_thresholds())}
    assert (few["queries"], few["judgements"], few["recall_at_8"]) == (Outcome.FAILED, Outcome.FAILED, Outcome.PASSED)


def test_the_golden_file_has_its_size_and_names_passages_that_there_are(passages: list[Passage]) -> None:
    queries = read_golden(retrieval.GOLDEN, passages)
    assert len(queries) >= 60
    assert sum(len(query.relevant) for query in queries) >= 120


def test_the_control_finds_a_missing_passage_refused(passages: list[Passage]) -> None:
    assert retrieval.missing_passage(passages).outcome is Outcome.PASSED


def changed(folder: Path, **place: str) -> Path:
    document = json.loads(retrieval.GOLDEN.read_text(encoding="utf-8"))
    document["queries"][3]["relevant"][0].update(place)
    file = folder / "passages.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def test_a_golden_file_that_names_a_missing_passage_is_refused_with_query_and_place(
    passages: list[Passage], tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match=r"q004: no passage of .* contains 'nobody said this'"):
        read_golden(changed(tmp_path, quote="nobody said this"), passages)
    with pytest.raises(InvalidInput, match=r"q004: no passage of https://example\.org/gone contains"):
        read_golden(changed(tmp_path, url="https://example.org/gone"), passages)


def test_a_golden_file_of_another_shape_is_refused(passages: list[Passage], tmp_path: Path) -> None:
    file = tmp_path / "passages.json"
    with pytest.raises(NotFound, match="golden passages are missing"):
        read_golden(file, passages)
    for text, place in (("[", "file: Invalid JSON"), ('{"queries": [{"id": "q1"}]}', r"queries\.0\.query: Field")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidInput, match=rf"passages\.json are not valid: {place}"):
            read_golden(file, passages)
