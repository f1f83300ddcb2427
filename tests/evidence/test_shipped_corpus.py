from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from factories_evidence import a_corpus

from agent import shipped
from agent.errors import Prerequisite
from agent.evidence.embedding import MiniLM
from agent.evidence.read import article_files, read_articles
from agent.evidence.split import passages_of
from agent.evidence.vectors import ShippedVectors, read_vectors
from agent.schemas.article import Passage, TextKind
from agent.shipped import shipped_path


@pytest.fixture(scope="module")
def passages() -> dict[str, Passage]:
    articles = [read.article for read in read_articles(article_files([shipped_path("corpus")]))]
    return {passage.id: passage for article in articles for passage in passages_of(article)}


@pytest.fixture(scope="module")
def vectors() -> ShippedVectors:
    found = read_vectors(shipped_path("corpus"))
    assert found is not None
    return found


def test_the_shipped_corpus_is_digests(passages: dict[str, Passage]) -> None:
    assert {passage.meta.text_kind for passage in passages.values()} == {TextKind.DIGEST}
    assert len({passage.article for passage in passages.values()}) >= 40


def test_every_shipped_passage_has_its_vector_and_no_vector_is_stale(
    passages: dict[str, Passage], vectors: ShippedVectors
) -> None:
    assert vectors.embedding == MiniLM.identity
    assert set(vectors.by_passage) == set(passages)


def test_shipped_vectors_are_what_the_bundled_model_gives(
    passages: dict[str, Passage], vectors: ShippedVectors
) -> None:
    sample = sorted(passages)[:: max(1, len(passages) // 5)]
    rows = MiniLM().embed([passages[passage].text for passage in sample])
    for row, passage in zip(rows, sample, strict=True):
        assert np.frombuffer(vectors.by_passage[passage], "<f4") @ row > 0.999


def test_a_first_run_finds_what_a_role_needs_without_embedding_the_corpus(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path, MiniLM())
    report = corpus.ensure_bundled(shipped_path("corpus"))
    assert report is not None
    assert report.embedded == 0
    found = corpus.search(["demand for data engineers in job postings"], limit=5, as_of="2026-11-20")
    assert len(found) == 5
    assert any("data engineer" in hit.passage.text.lower() for hit in found[:3])


def test_data_inside_the_package_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "agent" / "_shipped" / "corpus").mkdir(parents=True)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "evals" / "recordings").mkdir(parents=True)
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "agent" / "shipped.py"))
    assert shipped_path("corpus") == tmp_path / "agent" / "_shipped" / "corpus"
    assert shipped_path("recordings") == tmp_path / "evals" / "recordings"
    with pytest.raises(Prerequisite, match="The bundled prompts are missing"):
        shipped_path("prompts")
