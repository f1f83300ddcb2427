from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from agent.errors import InvalidInput, NotFound
from agent.evidence.embedding import MiniLM, Vectors
from agent.evidence.read import make_article
from agent.evidence.split import passages_of
from agent.schemas.article import Article, ArticleMeta, TextKind
from evals.retrieval.judged import JudgedQuery, read_beir, read_golden
from evals.retrieval.measure import PRODUCT, Run, halves, run, runs_of_public, table, verdict

TOPICS = ("wages of nurses", "copper mining", "train timetables", "poems about rain")
SCIFACT = os.environ.get("SCIFACT_FOLDER")


class LetterEmbedder:
    """A deterministic stand-in for a model: each word of a text points in a direction of its own."""

    identity = "letters-1"
    dimensions = 64

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.full((len(texts), self.dimensions), 0.01, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[int(hashlib.sha256(word.strip(".").encode()).hexdigest(), 16) % self.dimensions] += 1
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def beir_folder(folder: Path, *, titles: bool = True, packed: bool = False, judged: str = "d0") -> Path:
    """A document a topic and one query about the first."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, topic in enumerate(TOPICS):
        title, text = f"On {topic}.", f"This report of the year is about {topic} and says what changed in {topic}."
        rows.append(
            {"_id": f"d{number}", **({"title": title, "text": text} if titles else {"text": f"{title} {text}"})}
        )
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    if packed:
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    else:
        (folder / "corpus.jsonl").write_text(lines, encoding="utf-8")
    queries = [{"_id": "1", "text": TOPICS[0]}, {"_id": "2", "text": "a query that nobody judged"}]
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries), encoding="utf-8")
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n1\t{judged}\t1\n1\td1\t0\n", encoding="utf-8")
    return folder


def an_article(text: str, url: str = "https://example.org/a") -> Article:
    meta = ArticleMeta(
        title="A survey",
        publisher="An institute",
        author=None,
        date="2025",
        url=url,
        tier=2,
        interested=False,
        retrieved="2026-01-02",
        text_kind=TextKind.DIGEST,
    )
    return make_article(meta, text)


def golden_file(folder: Path, *quotes: tuple[str, str]) -> Path:
    places = [{"url": url, "quote": quote} for url, quote in quotes]
    file = folder / "passages.json"
    file.write_text(json.dumps({"queries": [{"id": "q001", "query": "what rose", "relevant": places}]}), "utf-8")
    return file


def a_run(name: str, *values: float) -> Run:
    measures = ("nDCG@10", "recall@8", "recall@20", "MRR@20")
    return Run(name, dict.fromkeys(measures, values), tuple(0.002 for _ in values))


def test_a_document_is_title_and_text_in_one_whichever_way_the_set_keeps_them(tmp_path: Path) -> None:
    apart = read_beir(beir_folder(tmp_path / "apart"))
    joined = read_beir(beir_folder(tmp_path / "joined", titles=False, packed=True))
    assert [article.meta.title for article in apart.articles] == [article.meta.title for article in joined.articles]
    assert apart.articles[1].meta.title == "On copper mining."
    assert [article.text.split() for article in apart.articles] == [article.text.split() for article in joined.articles]
    assert apart.queries == joined.queries


def test_only_queries_with_a_judgement_above_zero_are_asked(tmp_path: Path) -> None:
    found = read_beir(beir_folder(tmp_path))
    assert found.queries == (JudgedQuery("1", TOPICS[0], frozenset({found.articles[0].id})),)


def test_a_judgement_of_an_unknown_document_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="judges the document d9"):
        read_beir(beir_folder(tmp_path / "a", judged="d9"))
    with pytest.raises(NotFound, match=r"has no corpus\.jsonl"):
        read_beir(tmp_path)


def test_a_golden_quote_names_the_passage_of_its_article_that_contains_it(tmp_path: Path) -> None:
    text = "Wages rose by 4%\nin 2025, the survey says.\n\n## More\n\n" + "Vacancies fell in the same year. " * 10
    ours, other = an_article(text), an_article(text, "https://example.org/b")
    passages = [*passages_of(ours), *passages_of(other)]
    file = golden_file(tmp_path, (ours.meta.url, "rose by 4% in 2025"))
    assert read_golden(file, passages) == (JudgedQuery("q001", "what rose", frozenset({passages[0].id})),)


def test_every_golden_quote_that_no_passage_contains_is_named(tmp_path: Path) -> None:
    passages = passages_of(an_article("Wages rose by 4% in 2025, the survey says."))
    file = golden_file(tmp_path, ("https://example.org/a", "fell by 4%"), ("https://example.org/z", "rose by 4%"))
    with pytest.raises(InvalidInput) as caught:
        read_golden(file, passages)
    assert list(caught.value.problems) == [
        "q001: no passage of https://example.org/a contains 'fell by 4%'.",
        "q001: no passage of https://example.org/z contains 'rose by 4%'.",
    ]


def test_the_product_and_every_baseline_answer_the_same_queries(tmp_path: Path) -> None:
    pytest.importorskip("bm25s", reason="the extra `evals` is not installed")
    runs = runs_of_public(beir_folder(tmp_path / "set"), tmp_path / "home", LetterEmbedder())
    assert [one.name for one in runs] == [
        "assess-role",
        "BM25 (bm25s, stemmed) alone",
        "full text (FTS5) alone",
        "dense alone, exact",
        "plain Chroma query",
    ]
    assert {one.name: one.values["nDCG@10"] for one in runs} == {one.name: (1.0,) for one in runs}


def test_a_run_is_measured_against_each_query_in_turn() -> None:
    queries = [JudgedQuery("1", "a", frozenset({"x"})), JudgedQuery("2", "b", frozenset({"y", "z"}))]
    found = run("one", {"a": ["w", "x"], "b": ["y"]}.__getitem__, queries)
    assert found.values["recall@8"] == (1.0, 0.5)
    assert found.values["MRR@20"] == (0.5, 1.0)
    assert len(found.seconds) == 2
    assert found.queries == ("1", "2")


def test_queries_with_an_odd_number_are_reported_apart_from_those_held_out() -> None:
    measured = Run(PRODUCT, {"recall@8": (1.0, 0.25, 0.5, 0.25)}, (0.1,) * 4, ("q001", "q002", "q013", "q104"))
    assert halves([measured], of=PRODUCT, measure="recall@8") == (
        "recall@8 of assess-role is 0.7500 on the 2 development queries and 0.2500 on the 2 held-out queries."
    )


def test_a_table_row_gives_mean_interval_and_p_value() -> None:
    ours, theirs = a_run(PRODUCT, *[1.0] * 20), a_run("other", *[0.5] * 20)
    rows = table([ours, theirs]).splitlines()
    assert rows[2:] == [
        "| assess-role |" + " 1.000 (1.000–1.000) |" * 4 + " – | 2 ms |",
        "| other |" + " 0.500 (0.500–0.500) |" * 4 + " < 0.001 | 2 ms |",
    ]


def test_a_verdict_compares_with_the_better_single_method_and_fails_below_the_target() -> None:
    runs = [a_run(PRODUCT, 0.6, 0.8), a_run("weak", 0.1, 0.1), a_run("better", 0.5, 0.7)]
    assert verdict(runs, of=PRODUCT, measure="nDCG@10", target=0.7).met
    missed = verdict(runs, of=PRODUCT, measure="nDCG@10", target=0.71)
    assert not missed.met
    assert "better, has 0.6000" in missed.text
    assert "NOT met" in missed.text


@pytest.mark.skipif(SCIFACT is None, reason="SCIFACT_FOLDER does not name a folder with SciFact in BEIR's format")
def test_the_search_reaches_its_target_on_the_public_set(tmp_path: Path) -> None:
    runs = runs_of_public(Path(str(SCIFACT)), tmp_path, MiniLM())
    assert verdict(runs, of=PRODUCT, measure="nDCG@10", target=0.7).met, table(runs)
