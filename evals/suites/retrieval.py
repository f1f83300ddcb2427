"""The product's search against the golden passages, without a model, and planted bad rankings that have to fail."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.errors import InvalidInput
from agent.evidence.corpus import Corpus
from agent.evidence.embedding import MiniLM
from agent.schemas.article import Passage
from agent.shipped import shipped_path
from agent.store.database import Database
from evals.retrieval.judged import JudgedQuery, read_golden
from evals.retrieval.methods import Bench, product
from evals.retrieval.metrics import ndcg, recall, reciprocal_rank
from evals.suites.context import Context
from evals.suites.planted import control
from evals.suites.thresholds import Threshold, Thresholds
from evals.suites.verdict import Outcome, Verdict

SUITE = "retrieval"
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "passages.json"
FILE = "golden_file"
"""Whether every judged place stands in a passage of the bundled corpus: without it nothing is measured."""
RANKED = ("recall_at_8", "mrr_at_20", "ndcg_at_10")
SIZES = ("queries", "judgements")
METRICS = (*SIZES, *RANKED)


@dataclass(frozen=True)
class Answered:
    """A golden query with the ranking that the search gives for it: ids of passages, best first."""

    query: JudgedQuery
    ranking: Sequence[str]


def run(context: Context) -> Iterator[Verdict]:
    """A verdict a metric over all queries, then the controls. Raises InvalidInput naming every golden place that no
    passage holds, or for a file of another shape; NotFound without the file."""
    with _bench() as bench:
        passages = list(bench.passages.values())
        queries = read_golden(GOLDEN, passages)
        search = product(bench, per_article=None)
        answered = [Answered(query, search(query.text)) for query in queries]
    yield from verdicts(answered, context.thresholds)
    yield from controls(answered, context.thresholds)
    yield missing_passage(passages)


def measured(answered: Sequence[Answered]) -> Mapping[str, float]:
    """Every metric: how many queries and judged pairs of query and passage, and the means over the queries."""
    return {
        "queries": len(answered),
        "judgements": sum(len(one.query.relevant) for one in answered),
        "recall_at_8": _mean(recall(one.ranking, one.query.relevant, at=8) for one in answered),
        "mrr_at_20": _mean(reciprocal_rank(one.ranking, one.query.relevant, at=20) for one in answered),
        "ndcg_at_10": _mean(ndcg(one.ranking, one.query.relevant, at=10) for one in answered),
    }


def verdicts(answered: Sequence[Answered], thresholds: Thresholds) -> Iterator[Verdict]:
    """What every metric says of these rankings."""
    found = measured(answered)
    for metric in METRICS:
        threshold = thresholds.of(SUITE, metric)
        yield Verdict(
            suite=SUITE,
            metric=metric,
            case="golden passages",
            outcome=Outcome.PASSED if threshold.met(found[metric]) else Outcome.FAILED,
            message=_said(found[metric], threshold),
            score=found[metric],
            threshold=threshold.bound,
        )


def controls(answered: Sequence[Answered], thresholds: Thresholds) -> Iterator[Verdict]:
    """Each query with the ranking of the next one, and one query alone: every metric has to fail its bad sample."""
    rankings = [one.ranking for one in answered]
    exchanged = [Answered(one.query, rankings[at - 1]) for at, one in enumerate(answered)]
    for metric in METRICS:
        what, bad = ("one query alone", answered[:1]) if metric in SIZES else ("rankings of other queries", exchanged)
        threshold, found = thresholds.of(SUITE, metric), measured(bad)[metric]
        yield control(SUITE, metric, what, noticed=not threshold.met(found), message=_said(found, threshold))


def missing_passage(passages: Sequence[Passage]) -> Verdict:
    """The golden file with one place that no passage holds: it has to be refused, with the place named."""
    document = json.loads(GOLDEN.read_text(encoding="utf-8"))
    planted = "a sentence that no passage of the corpus holds"
    document["queries"][0]["relevant"][0]["quote"] = planted
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "passages.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        try:
            read_golden(file, passages)
        except InvalidInput as error:
            noticed, said = planted in error.message, "The file is refused, and the place is named."
            return control(SUITE, FILE, "a missing passage", noticed=noticed, message=said)
    return control(SUITE, FILE, "a missing passage", noticed=False, message="The file was taken as it is.")


@contextmanager
def _bench() -> Iterator[Bench]:
    embedder = MiniLM()
    with tempfile.TemporaryDirectory() as folder:
        db = Database.open(Path(folder) / "store.sqlite")
        corpus = Corpus(db, Path(folder), embedder)
        try:
            corpus.ensure_bundled(shipped_path("corpus"))
            yield Bench.of(db, corpus, embedder, by_article=False)
        finally:
            corpus.close()
            db.close()


def _mean(values: Iterator[float]) -> float:
    return statistics.fmean(values)


def _said(found: float, threshold: Threshold) -> str:
    return f"{round(found, 4):g}, expected {threshold}."
