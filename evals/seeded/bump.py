"""The guard on BUMP: faithful summaries of news and the same with one error put in by a person (Ma et al., ACL 2023).

    .venv/bin/python evals/seeded/bump.py --folder FOLDER [--task 1|2]

`FOLDER` holds `task1_dataset.json` and `task2_dataset.json`. Tune on task 1, report on task 2. Says so and does nothing
where the folder or the file is absent.

An error is caught when a sentence that only the unfaithful summary has gets a finding; a false alarm is a finding on a
sentence of a faithful one. A finding elsewhere catches nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evals.seeded.guarding import Judged, judge_text
from evals.seeded.intervals import Rate, rate

POINTED = frozenset({"G-DIRECTION", "G-SUBJECT", "G-WORD-CHANGED"})
"""REVIEW findings that put a finger on one word that the source has otherwise."""
LEVELS: Mapping[str, Callable[[Judged], bool]] = {
    "any finding": lambda judged: bool(judged.block or judged.review),
    "BLOCK, or a word that differs": lambda judged: bool(judged.block or POINTED & set(judged.review)),
    "BLOCK": lambda judged: bool(judged.block),
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'0-9])| \. ?(?=[A-Z\"'0-9]|$)")


class Pair(NamedTuple):
    """Two summaries of one article."""

    article_id: str
    article: str
    faithful: tuple[str, ...]
    """The sentences of the faithful summary."""
    edited: tuple[str, ...]
    """Those of the unfaithful one that the faithful one does not have."""
    error: str
    """The error type, as corrected by the data's authors where they did."""


class Sentence(NamedTuple):
    """The guard on what one pair's edit, or one faithful sentence, says."""

    group: str
    article_id: str
    found: tuple[Judged, ...]


def read_pairs(file: Path) -> list[Pair]:
    """Every pair of one task, in the order of the file."""
    pairs = []
    for row in json.loads(file.read_text(encoding="utf-8")):
        faithful, edited = _sentences(row["reference_summary"]), _sentences(row["edited_summary"])
        error = row.get("corrected_error_type") or row.get("error_type") or "unknown"
        changed = tuple(sentence for sentence in edited if sentence not in faithful)
        pairs.append(Pair(str(row["article_id"]), row["article"], faithful, changed, error))
    return pairs


def measure(
    pairs: Sequence[Pair], ask: Callable[[str, str], Judged] = judge_text
) -> tuple[list[Sentence], list[Sentence]]:
    """The edits, one a pair, and the sentences of the faithful summaries, each once."""
    edits = [
        Sentence(pair.error, pair.article_id, tuple(ask(sentence, pair.article) for sentence in pair.edited))
        for pair in pairs
    ]
    faithful = {(pair.article_id, sentence): pair.article for pair in pairs for sentence in pair.faithful}
    clean = [Sentence("faithful", key[0], (ask(key[1], article),)) for key, article in faithful.items()]
    return edits, clean


def table(edits: Sequence[Sentence], clean: Sequence[Sentence]) -> str:
    """Shares in percent, in brackets 95 % intervals clustered by article, as Markdown."""
    groups: dict[str, list[Sentence]] = defaultdict(list)
    for edit in edits:
        groups[edit.group].append(edit)
    lines = [
        f"| what | n | {' | '.join(LEVELS)} |",
        f"|---|---|{'---|' * len(LEVELS)}",
        _row("errors put in by people, caught", edits),
        *(_row(f"of them {error.lower()}", groups[error]) for error in sorted(groups)),
        _row("faithful sentences, false alarms", clean),
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure one task and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--task", type=int, choices=(1, 2), default=1)
    options = parser.parse_args()
    file = options.folder / f"task{options.task}_dataset.json"
    if not file.is_file():
        sys.stderr.write(f"Skipped: {file} is absent.\n")
        return 0
    sys.stdout.write(table(*measure(read_pairs(file))) + "\n")
    return 0


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip())


def _row(name: str, sentences: Sequence[Sentence]) -> str:
    columns = (_share(sentences, caught) for caught in LEVELS.values())
    return f"| {name} | {len(sentences)} | {' | '.join(map(str, columns))} |"


def _share(sentences: Sequence[Sentence], caught: Callable[[Judged], bool]) -> Rate:
    hits = [any(caught(judged) for judged in sentence.found) for sentence in sentences]
    return rate(hits, [sentence.article_id for sentence in sentences])


if __name__ == "__main__":
    sys.exit(main())
