"""How the corpus behaves at 1,000, 10,000 and 100,000 passages, printed as Markdown tables.

    .venv/bin/python evals/benchmarks/scale.py [PASSAGES ...]

Takes about half an hour for all three. Every measurement runs in a process of its own. The ingest rate is taken with
the bundled model; the large corpora are built with the stand-in of scale_texts.py, because embedding 100,000 passages
takes an hour: from there on the model is called for questions and for the article that is added only.
Run it on a machine that does nothing else, from an installation whose bytecode is compiled.
"""

from __future__ import annotations

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from measure import machine
from scale_texts import PASSAGES, CheapEmbedder, TimedEmbedder, Writer, write_articles

from agent.evidence.corpus import Corpus
from agent.evidence.discover import files_of
from agent.evidence.embedding import Embedder, MiniLM, Vectors
from agent.evidence.ingest import AddOptions, Ingest
from agent.store.database import Database
from agent.store.read_files import FileStore

SIZES = (1_000, 10_000, 100_000)
RATE_ARTICLES = 160
ROUNDS = 3
QUESTIONS = 300
WARM = 20
"""Questions before the first that counts."""
ADDED = 5
TODAY = "2026-11-20"
FILTERS: Mapping[str, Mapping[str, object]] = {
    "as of today": {"as_of": TODAY},
    "and since 2025": {"as_of": TODAY, "since": "2025-01-01"},
    "and of tier 1 or 2": {"as_of": TODAY, "tiers": frozenset({1, 2})},
    "and of one month": {"as_of": "2025-03-31", "since": "2025-03-01"},
}
COMMAND = "import sys; sys.argv[0] = 'assess-role'; from agent.cli.main import entry; entry()"


class Probe(Protocol):
    """One measurement, given a home and a folder of files."""

    def __call__(self, home: Path, folder: Path) -> Mapping[str, object]: ...


class TimedDatabase(Database):
    """Knows the longest time that a transaction held the write lock."""

    longest_s = 0.0

    @contextmanager
    def write(self) -> Iterator[object]:  # type: ignore[override]
        """See `Database.write`."""
        with super().write() as connection:
            start = time.perf_counter()
            yield connection
        # Here the commit is done too.
        self.longest_s = max(self.longest_s, time.perf_counter() - start)


class Counted:
    """An embedder that knows how long it took, and what it was given."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.identity, self.dimensions = embedder.identity, embedder.dimensions
        self.seconds = 0.0
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed`."""
        start = time.perf_counter()
        vectors = self._embedder.embed(texts)
        self.seconds += time.perf_counter() - start
        self.texts.extend(texts)
        return vectors


@contextmanager
def opened(home: Path, embedder: Embedder) -> Iterator[tuple[TimedDatabase, Corpus]]:
    """A corpus, closed again."""
    home.mkdir(parents=True, exist_ok=True)
    db = TimedDatabase.open(home / "store.sqlite")
    assert isinstance(db, TimedDatabase)
    corpus = Corpus(db, home, embedder)
    try:
        yield db, corpus
    finally:
        corpus.close()
        db.close()


def added(db: Database, corpus: Corpus, folder: Path) -> tuple[int, int]:
    """Take files in: how many passages came, and how many files were not read again."""
    report = Ingest(corpus, FileStore(db), AddOptions(), today=TODAY).add(files_of([folder]))
    if report.skipped:
        raise SystemExit(f"left out: {report.skipped[0]}")
    return report.articles.passages, report.unread


def taken(work: Callable[[], object]) -> tuple[float, float]:
    """Wall clock and processor seconds, workers included."""
    before, start = processor(), time.perf_counter()
    work()
    return time.perf_counter() - start, processor() - before


def processor() -> float:
    """Processor seconds of this process and of its children that have ended."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in usage)


def memory() -> float:
    """Most memory of this process and of its largest child, MB."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1000


def rate(home: Path, folder: Path) -> Mapping[str, object]:
    """The whole ingest with the bundled model against the model alone, on the same texts, before and after."""
    embedder = Counted(MiniLM())
    embedder.embed(["warm"])
    embedder.texts.clear()
    with opened(home, embedder) as (db, corpus):
        ingest_wall, ingest_cpu = taken(lambda: added(db, corpus, folder))
    texts = list(embedder.texts)
    raw_wall, raw_cpu = taken(lambda: embedder.embed(texts))
    return {
        "passages": len(texts),
        "ingest_s": ingest_wall,
        "raw_s": raw_wall,
        "ingest_cpu_s": ingest_cpu,
        "raw_cpu_s": raw_cpu,
        "memory_mb": memory(),
    }


def ingest(home: Path, folder: Path) -> Mapping[str, object]:
    """Build a corpus with the stand-in."""
    embedder = Counted(CheapEmbedder())
    with opened(home, embedder) as (db, corpus):
        counts: list[tuple[int, int]] = []
        wall, cpu = taken(lambda: counts.append(added(db, corpus, folder)))
        disk = sum(file.stat().st_size for file in home.rglob("*") if file.is_file()) / 1e6
        return {
            "passages": counts[0][0],
            "seconds": wall,
            "cpu_s": cpu,
            "stand_in_s": embedder.seconds,
            "lock_s": db.longest_s,
            "memory_mb": memory(),
            "disk_mb": disk,
        }


def again(home: Path, folder: Path) -> Mapping[str, object]:
    """The same unchanged folder once more."""
    with opened(home, CheapEmbedder()) as (db, corpus):
        counts: list[tuple[int, int]] = []
        wall, cpu = taken(lambda: counts.append(added(db, corpus, folder)))
    return {"files": counts[0][1], "passages": counts[0][0], "seconds": wall, "cpu_s": cpu, "memory_mb": memory()}


def queries(home: Path, folder: Path) -> Mapping[str, object]:
    """Questions, each new, under each of FILTERS; the model's time for them is in it."""
    writer, number = Writer(), int.from_bytes(os.urandom(4), "big")
    result: dict[str, object] = {}
    with opened(home, TimedEmbedder()) as (_, corpus):
        for name, filters in FILTERS.items():
            seconds, cpu = [], []
            for _ in range(WARM + QUESTIONS):
                number += 1
                question = writer.question(number)

                def ask(question: str = question, filters: Mapping[str, object] = filters) -> None:
                    if not corpus.search([question], limit=8, **filters):  # type: ignore[arg-type]
                        raise SystemExit(f"nothing found for {question!r} with {filters}")

                wall, busy = taken(ask)
                seconds.append(wall)
                cpu.append(busy)
            result[name] = {"wall": seconds[WARM:], "cpu": cpu[WARM:]}
    return result | {"memory_mb": memory()}


def add_one(home: Path, folder: Path) -> Mapping[str, object]:
    """New articles one after the other, each embedded with the model, in one process; a question after each."""
    runs, questions, locks = [], [], []
    with opened(home, TimedEmbedder()) as (db, corpus):
        corpus.search(["warm"], limit=8, as_of=TODAY)
        for file in sorted(folder.rglob("*.md")):
            db.longest_s = 0.0
            runs.append(taken(lambda file=file: added(db, corpus, file)))  # type: ignore[misc]
            locks.append(db.longest_s)
            questions.append(taken(lambda: corpus.search(["the new state"], limit=8, as_of=TODAY))[0])
    return {"runs": runs, "first_questions": questions, "locks": locks}


PROBES: Mapping[str, Probe] = {
    "rate": rate,
    "ingest": ingest,
    "again": again,
    "queries": queries,
    "add_one": add_one,
}


def probe(name: str, home: Path, folder: Path) -> dict[str, object]:
    """A measurement in a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, "--probe", name, home, folder],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(run.stdout.strip().splitlines()[-1]))


def command(home: Path, *arguments: str) -> tuple[float, float]:
    """A whole `assess-role` process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "ASSESS_ROLE_"))}
    environment = kept | {"ASSESS_ROLE_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}

    def run() -> None:
        subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    return taken(run)


def measured_rate(folder: Path, *, pages: bool) -> str:
    """One row: the ingest's rate against the model's."""
    files = folder / "files"
    write_articles(files, range(RATE_ARTICLES), pages=pages)
    runs = [probe("rate", folder / f"home-{number}", files) for number in range(ROUNDS)]
    shares = [float(str(run["raw_s"])) / float(str(run["ingest_s"])) for run in runs]
    rates = [float(str(run["passages"])) / float(str(run["ingest_s"])) for run in runs]
    cpu = [float(str(run["raw_cpu_s"])) / float(str(run["ingest_cpu_s"])) for run in runs]
    mb = max(float(str(run["memory_mb"])) for run in runs)
    return (
        f"| {'HTML' if pages else 'Markdown'} | {runs[0]['passages']} | {ROUNDS} | {statistics.median(rates):.1f} |"
        f" {min(shares):.0%} | {statistics.median(shares):.0%} | {max(shares):.0%} | {statistics.median(cpu):.0%} |"
        f" {mb:,.0f} |"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]


def measured_size(folder: Path, size: int) -> Iterator[str]:
    """The rows of one size."""
    home, files = folder / "home", folder / "files"
    write_articles(files, range(size // PASSAGES))
    built = numbers(probe("ingest", home, files))
    repeated = numbers(probe("again", home, files))
    yield (
        f"| {size:,} | ingest without the model | {built['seconds'] - built['stand_in_s']:,.1f} s, processor"
        f" {built['cpu_s'] - built['stand_in_s']:,.1f} s; memory {built['memory_mb']:,.0f} MB; disk"
        f" {built['disk_mb']:,.0f} MB; write lock at most {built['lock_s']:.1f} s |"
    )
    yield (
        f"| {size:,} | unchanged folder of {repeated['files']:,.0f} files again | {repeated['seconds']:.2f} s,"
        f" processor {repeated['cpu_s']:.2f} s |"
    )
    asked = probe("queries", home, files)
    for name, values in asked.items():
        if isinstance(values, dict):
            yield row_of(f"| {size:,} | question {name}", values)
    yield f"| {size:,} | memory of the questions | {float(str(asked['memory_mb'])):,.0f} MB |"
    own, by_command = folder / "own", folder / "by-command"
    write_articles(own, range(10**6, 10**6 + ADDED))
    write_articles(by_command, range(10**6 + ADDED, 10**6 + 2 * ADDED))
    yield row_of(f"| {size:,} | one article added", split_runs(probe("add_one", home, own)["runs"]))
    commands = [
        command(home, "corpus", "add", "--without-bundled", str(file)) for file in sorted(by_command.rglob("*.md"))
    ]
    yield row_of(f"| {size:,} | `corpus add`, whole command", split_runs(commands))
    searches = [command(home, "corpus", "search", Writer().question(number), "--json") for number in range(ADDED)]
    yield row_of(f"| {size:,} | `corpus search`, whole command", split_runs(searches))


def numbers(measured: Mapping[str, object]) -> dict[str, float]:
    """What a probe gave, where all of it are numbers."""
    return {name: float(str(value)) for name, value in measured.items()}


def split_runs(runs: object) -> dict[str, list[float]]:
    """(wall, processor) pairs as two lists."""
    assert isinstance(runs, list)
    return {"wall": [float(wall) for wall, _ in runs], "cpu": [float(cpu) for _, cpu in runs]}


def row_of(name: str, values: Mapping[str, Sequence[float]]) -> str:
    """n, median, 95th percentile and maximum by the clock, and the processor's median, in ms."""
    wall = values["wall"]
    shown = [statistics.median(wall), percentile(wall, 0.95), max(wall), statistics.median(values["cpu"])]
    middle, high, most, busy = (f"{value * 1000:,.0f} ms" for value in shown)
    return f"{name} | n {len(wall)}: median {middle}, p95 {high}, max {most}; processor, median {busy} |"


def main() -> None:
    """Measure and print, or be one of the measurements."""
    if sys.argv[1:2] == ["--probe"]:
        name, home, folder = sys.argv[2:5]
        sys.stdout.write(json.dumps(PROBES[name](Path(home), Path(folder))) + "\n")
        return
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    sys.stdout.write(machine() + "\n\n| passages | figure | measured |\n|---|---|---|\n")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for row in measured_size(Path(folder), size):
                sys.stdout.write(row + "\n")
                sys.stdout.flush()
    head = (
        "| files | passages | n | a second | share of the model's rate, min | median | max | by processor time | MB |"
    )
    sys.stdout.write(f"\n{head}\n|---|---|---|---|---|---|---|---|---|\n")
    for pages in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(measured_rate(Path(folder), pages=pages) + "\n")


if __name__ == "__main__":
    main()
