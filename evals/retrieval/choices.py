"""Whether the search's two choices that were made with figures of the public set in sight carry over.

    .venv/bin/python evals/retrieval/choices.py --scifact FOLDER --home FOLDER

The weight of a title's words and the bounds between which similarities are stretched are varied together. Then, many
times: the public set's queries are split into halves, the best configuration is chosen on one and measured on the
other. The mean of that is what the search would have without having seen the queries it is measured on. Beside it
stands what the golden queries, which are none of the public set's, would have chosen. Takes minutes, most of them for
embedding; `--home` keeps the corpora. Nothing is called over the network.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import product as pairs_of
from pathlib import Path
from unittest.mock import patch

from agent.evidence.corpus import Corpus
from agent.evidence.embedding import MiniLM
from agent.evidence.fusion import fuse_scores
from agent.shipped import shipped_path
from agent.store.database import Database
from evals.retrieval.judged import JudgedQuery, read_beir, read_golden
from evals.retrieval.measure import GOLDEN, run, say
from evals.retrieval.methods import Bench, Search, product

SPLITS = 500
SEED = 20261127
TITLE_WEIGHTS = (0.5, 1.0, 2.0, 3.0, 5.0)
MEASURE = "nDCG@10"

Fuse = Callable[[Mapping[str, float], Mapping[str, float]], list[tuple[str, float]]]
Config = tuple[float, str]
"""Weight of a title's words, name of the bounds."""


def from_zero(words: Mapping[str, float], dense: Mapping[str, float]) -> list[tuple[str, float]]:
    """As `fuse_scores`, similarities stretched from 0 to the best of the candidates."""
    return fuse_scores(words, {**dense, "": 0.0})


def as_they_are(words: Mapping[str, float], dense: Mapping[str, float]) -> list[tuple[str, float]]:
    """As `fuse_scores`, similarities from 0 to 1 as they are."""
    return fuse_scores(words, {**dense, "": 0.0, " ": 1.0})


BOUNDS: Mapping[str, Fuse] = {"least to best": fuse_scores, "0 to best": from_zero, "0 to 1": as_they_are}


def values(search: Search, queries: Sequence[JudgedQuery]) -> dict[Config, tuple[float, ...]]:
    """The measure of every query under every configuration."""
    found = {}
    for weight, (name, fuse) in pairs_of(TITLE_WEIGHTS, BOUNDS.items()):
        say(f"title {weight}, similarities {name}")

        def without_ends(
            words: Mapping[str, float], dense: Mapping[str, float], fuse: Fuse = fuse
        ) -> list[tuple[str, float]]:
            return [(item, score) for item, score in fuse(words, dense) if item.strip()]

        with (
            patch("agent.store.sqlite.TITLE_WEIGHT", weight),
            patch("agent.evidence.search.fuse_scores", without_ends),
        ):
            found[weight, name] = run("", search, queries).values[MEASURE]
    return found


def carried_over(found: Mapping[Config, Sequence[float]]) -> tuple[float, dict[Config, int]]:
    """The mean on the halves that a configuration was not chosen on, and how often each was chosen."""
    size = len(next(iter(found.values())))
    chance = random.Random(SEED)
    held_out: list[float] = []
    chosen: dict[Config, int] = {}
    for _ in range(SPLITS):
        order = chance.sample(range(size), size)
        for seen, unseen in ((order[: size // 2], order[size // 2 :]), (order[size // 2 :], order[: size // 2])):
            best = max(found, key=lambda config, seen=seen: sum(found[config][at] for at in seen))  # type: ignore[misc]
            chosen[best] = chosen.get(best, 0) + 1
            held_out.append(statistics.fmean(found[best][at] for at in unseen))
    return statistics.fmean(held_out), chosen


def table(found: Mapping[Config, Sequence[float]]) -> str:
    """The measure's mean by configuration, as Markdown."""
    rows = [f"| weight of a title's words | {' | '.join(BOUNDS)} |", "|---" * (1 + len(BOUNDS)) + "|"]
    for weight in TITLE_WEIGHTS:
        rows.append(f"| {weight} | {' | '.join(f'{statistics.fmean(found[weight, name]):.4f}' for name in BOUNDS)} |")
    return "\n".join(rows)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--scifact", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    options = parser.parse_args()
    embedder = MiniLM()
    beir = read_beir(options.scifact)
    for name in ("SciFact", "Golden passages"):
        home = options.home / name.split()[0].lower()
        home.mkdir(parents=True, exist_ok=True)
        db = Database.open(home / "store.sqlite")
        corpus = Corpus(db, home, embedder)
        if name == "SciFact":
            corpus.take(beir.articles)
            bench = Bench.of(db, corpus, embedder, by_article=True)
            queries: Sequence[JudgedQuery] = beir.queries
        else:
            corpus.ensure_bundled(shipped_path("corpus"))
            bench = Bench.of(db, corpus, embedder, by_article=False)
            queries = read_golden(GOLDEN, list(bench.passages.values()))
        found = values(product(bench, per_article=1 if bench.by_article else None), queries)
        mean, chosen = carried_over(found)
        often = ", ".join(f"{config} {count}" for config, count in sorted(chosen.items(), key=lambda one: -one[1])[:4])
        sys.stdout.write(
            f"**{name}**, {MEASURE}, n = {len(queries)}:\n\n{table(found)}\n\nChosen on one half, measured on the"
            f" other, {2 * SPLITS} times: {mean:.4f}. Chosen: {often}.\n\n"
        )
        sys.stdout.flush()
        corpus.close()
        db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
