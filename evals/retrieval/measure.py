"""How good the search is: the product beside its halves and a plain Chroma query, printed as Markdown tables.

    .venv/bin/python evals/retrieval/measure.py --golden
    .venv/bin/python evals/retrieval/measure.py --scifact FOLDER [--home FOLDER]

`--scifact` takes a folder in BEIR's format (evals/README.md says where it comes from) through the product's own ingest;
embedding it takes minutes. `--home` keeps the corpora, so that a second run embeds nothing. Nothing is called over the
network.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from agent.errors import AssessorError
from agent.evidence.corpus import Corpus
from agent.evidence.embedding import Embedder, MiniLM
from agent.shipped import shipped_path
from agent.store.database import Database
from evals.retrieval.judged import JudgedQuery, read_beir, read_golden
from evals.retrieval.methods import (
    DEPTH,
    Bench,
    Search,
    bm25_alone,
    dense_alone,
    plain_chroma,
    product,
    words_alone,
)
from evals.retrieval.metrics import interval, ndcg, p_value, recall, reciprocal_rank

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "passages.json"
PAUSE_S = 5.0
PRODUCT = "assess-role"
BOUNDED = "assess-role, at most two an article"
UNCAPPED = "assess-role, any number an article"
OURS = frozenset({PRODUCT, BOUNDED, UNCAPPED})
MEASURES = ("nDCG@10", "recall@8", f"recall@{DEPTH}", f"MRR@{DEPTH}")


@dataclass(frozen=True)
class Run:
    """One method over all queries."""

    name: str
    values: Mapping[str, tuple[float, ...]]
    """Measure to its value a query, in the order of the queries."""
    seconds: tuple[float, ...]
    """Wall time of each query, embedding it included."""
    queries: tuple[str, ...] = ()
    """Ids of the queries."""

    def mean(self, measure: str) -> float:
        """Over the queries."""
        return statistics.fmean(self.values[measure])


class Verdict(NamedTuple):
    """Whether a target is met, in a sentence."""

    text: str
    met: bool


def run(name: str, search: Search, queries: Sequence[JudgedQuery]) -> Run:
    """Ask one method everything. What it loads at its first query is not timed."""
    search(queries[0].text)
    values: dict[str, list[float]] = {measure: [] for measure in MEASURES}
    seconds = []
    for query in queries:
        start = time.perf_counter()
        ranking = search(query.text)
        seconds.append(time.perf_counter() - start)
        found = (
            ndcg(ranking, query.relevant, at=10),
            recall(ranking, query.relevant, at=8),
            recall(ranking, query.relevant, at=DEPTH),
            reciprocal_rank(ranking, query.relevant, at=DEPTH),
        )
        for measure, value in zip(MEASURES, found, strict=True):
            values[measure].append(value)
    by_measure = {measure: tuple(row) for measure, row in values.items()}
    return Run(name, by_measure, tuple(seconds), tuple(query.id for query in queries))


def runs_of_public(folder: Path, home: Path, embedder: Embedder) -> list[Run]:
    """Every method on a public set, where articles are judged. The product gives each article once."""
    found = read_beir(folder)
    db = Database.open(home / "store.sqlite")
    corpus = Corpus(db, home, embedder)
    report = corpus.take(found.articles, progress=_Progress())
    say(f"{len(found.articles)} articles, {report.passages} passages new, {report.embedded} embedded")
    bench = Bench.of(db, corpus, embedder, by_article=True)
    try:
        return _runs(bench, found.queries, {PRODUCT: product(bench, per_article=1)})
    finally:
        corpus.close()


def runs_of_golden(file: Path, articles: Path, home: Path, embedder: Embedder) -> list[Run]:
    """Every method on golden passages of the articles in a folder. The product searches as its command does, where the
    third passage of an article and each one after it counts less, with the bound of the assessment's packs, and with
    neither."""
    db = Database.open(home / "store.sqlite")
    corpus = Corpus(db, home, embedder)
    corpus.ensure_bundled(articles, progress=_Progress())
    bench = Bench.of(db, corpus, embedder, by_article=False)
    queries = read_golden(file, list(bench.passages.values()))
    ours = {
        PRODUCT: product(bench, per_article=None),
        BOUNDED: product(bench, per_article=2),
        UNCAPPED: product(bench, per_article=len(bench.passages)),
    }
    try:
        return _runs(bench, queries, ours)
    finally:
        corpus.close()


def table(runs: Sequence[Run]) -> str:
    """A row a method: mean and 95 % interval of each measure, p-value of its nDCG@10 against the product's, time."""
    ours = next(one for one in runs if one.name == PRODUCT)
    heads = ("method", *MEASURES, f"p against {PRODUCT}", "time a query")
    rows = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for one in runs:
        cells = []
        for measure in MEASURES:
            mean, low, high = interval(one.values[measure])
            cells.append(f"{mean:.3f} ({low:.3f}–{high:.3f})")
        chance = "–" if one is ours else shown_p(p_value(ours.values["nDCG@10"], one.values["nDCG@10"]))
        milliseconds = f"{statistics.median(one.seconds) * 1000:.0f} ms"
        rows.append("| " + " | ".join((one.name, *cells, chance, milliseconds)) + " |")
    return "\n".join(rows)


def verdict(runs: Sequence[Run], *, of: str, measure: str, target: float) -> Verdict:
    """Whether `of` reaches the target, beside the better single method."""
    ours = next(one for one in runs if one.name == of)
    single = max((one for one in runs if one.name not in OURS), key=lambda one: one.mean(measure))
    chance = shown_p(p_value(ours.values[measure], single.values[measure]))
    met = ours.mean(measure) >= target
    return Verdict(
        f"{measure} of {of} is {ours.mean(measure):.4f} on {len(ours.seconds)} queries; the target of {target:.2f} is"
        f" {'met' if met else 'NOT met'}. The best single method, {single.name}, has {single.mean(measure):.4f}:"
        f" p = {chance} (paired randomisation test, two-sided).",
        met,
    )


def halves(runs: Sequence[Run], *, of: str, measure: str) -> str:
    """The measure on either half of the golden queries, in a sentence. What the search could be tuned on is the half
    with odd numbers; the other one says whether it carries over."""
    ours = next(one for one in runs if one.name == of)
    parts: dict[bool, list[float]] = {True: [], False: []}
    for query, value in zip(ours.queries, ours.values[measure], strict=True):
        parts[int(query.removeprefix("q")) % 2 == 1].append(value)
    shown = (
        f"{statistics.fmean(values):.4f} on the {len(values)} {name} queries"
        for name, values in (("development", parts[True]), ("held-out", parts[False]))
    )
    return f"{measure} of {of} is {' and '.join(shown)}."


def shown_p(value: float) -> str:
    """A p-value as it is printed."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def say(text: str) -> None:
    """Words go to stderr: the tables are the data."""
    sys.stderr.write(text + "\n")


def _runs(bench: Bench, queries: Sequence[JudgedQuery], ours: Mapping[str, Search]) -> list[Run]:
    methods = {
        **ours,
        "BM25 (bm25s, stemmed) alone": bm25_alone(bench),
        "full text (FTS5) alone": words_alone(bench),
        "dense alone, exact": dense_alone(bench),
        "plain Chroma query": plain_chroma(bench),
    }
    runs = []
    for name, search in methods.items():
        say(f"{name}: {len(queries)} queries")
        runs.append(run(name, search, queries))
    return runs


class _Progress:
    """Says how far an ingest is, at most once in PAUSE_S."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, step: str, done: int, total: int) -> None:
        if time.monotonic() - self._said >= PAUSE_S:
            self._said = time.monotonic()
            say(f"{step} {done} of {total}")


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for; 0 when every target is met, else 6."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scifact", type=Path, metavar="FOLDER", help="SciFact in BEIR's format")
    parser.add_argument("--golden", action="store_true", help="the golden passages of the bundled corpus")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="keep the corpora there")
    asked = parser.parse_args(arguments)
    if asked.scifact is None and not asked.golden:
        parser.error("choose --scifact FOLDER, --golden or both")
    embedder = MiniLM()
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory() as temporary:
        homes: Path = asked.home or Path(temporary)
        try:
            if asked.golden:
                runs = runs_of_golden(GOLDEN, shipped_path("corpus"), homes / "golden", embedder)
                verdicts.append(verdict(runs, of=PRODUCT, measure="recall@8", target=0.9))
                sys.stdout.write(f"## Golden passages\n\n{table(runs)}\n\n{verdicts[-1].text}\n")
                sys.stdout.write(f"{halves(runs, of=PRODUCT, measure='recall@8')}\n")
            if asked.scifact is not None:
                runs = runs_of_public(asked.scifact, homes / "scifact", embedder)
                verdicts.append(verdict(runs, of=PRODUCT, measure="nDCG@10", target=0.7))
                sys.stdout.write(f"## SciFact\n\n{table(runs)}\n\n{verdicts[-1].text}\n")
        except AssessorError as error:
            say(f"{error.message} {error.hint or ''}".rstrip())
            return error.exit_code
    return 0 if all(one.met for one in verdicts) else 6


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
