"""Every figure of benchmarks.md, measured on this machine and printed as a Markdown table.

    .venv/bin/python evals/benchmarks/measure.py [RUNS]

Commands are timed as whole processes, from start to end by the wall clock, with the `assess-role` that is installed
beside this Python. Run it on a machine that does nothing else, from an installation whose bytecode is compiled (pip
does that; unset PYTHONDONTWRITEBYTECODE). Nothing is called over the network.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from score_rate import rates

RUNS = 10
ROLE = "ML Platform Engineer"
COMMAND = Path(sys.executable).with_name("assess-role")
LIBRARIES = ("assess-role", "chromadb", "langgraph", "onnxruntime", "openai", "pydantic", "sqlalchemy", "typer")

LOADED = """
import json, sys
from agent.cli.main import entry
sys.argv = ["assess-role", *sys.argv[1:]]
try:
    entry()
finally:
    names = [name for name in sys.modules if name != "__main__"]
    sys.stderr.write("\\n" + json.dumps(names) + "\\n")
"""
"""Runs a command and names the modules that it loaded, in order."""

IMPORTS = """
import gc, importlib, json, sys
from agent.cli.main import OBJECTS_BEFORE_COLLECTION
gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
for name in json.load(open(sys.argv[1])):
    try:
        importlib.import_module(name)
    except ImportError:
        pass  # a name that a library made up while it ran
gc.freeze()  # as the command does before it ends
"""
"""Imports the same modules in the same order, and nothing else."""


@dataclass(frozen=True)
class Figure:
    """One row: seconds, or scores a second, of each run."""

    name: str
    target: float
    values: tuple[float, ...]
    processor: tuple[float, ...] = ()
    """Processor time of each run in seconds: what the same run takes by the clock when nothing else wants a core."""
    at_least: bool = False
    """The target is a lower bound."""

    @property
    def row(self) -> str:
        median = statistics.median(self.values)
        met = median >= self.target if self.at_least else median <= self.target
        form = "{:,.0f} /s" if self.at_least else "{:.2f} s"
        shown = " | ".join(form.format(value) for value in (min(self.values), median, max(self.values)))
        bound = ("≥ " if self.at_least else "≤ ") + form.format(self.target)
        busy = f"{statistics.median(self.processor):.2f} s" if self.processor else "–"
        return f"| {self.name} | {bound} | {len(self.values)} | {shown} | {busy} | {'yes' if met else 'NO'} |"


class Timed(NamedTuple):
    """Seconds that one process took."""

    wall: float
    processor: float


def environment(home: Path) -> dict[str, str]:
    """Recorded answers, whatever the person has configured; bytecode as it is installed."""
    dropped = ("OPENAI_", "ASSESS_ROLE_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {"ASSESS_ROLE_HOME": str(home)}


def timed(command: Sequence[str | Path], home: Path) -> Timed:
    """One whole process, which has to succeed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run = subprocess.run(
        command, env=environment(home), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    taken, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode != 0:
        sys.exit(f"{command} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    return Timed(taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def of_command(name: str, target: float, runs: Sequence[Timed]) -> Figure:
    """A row about whole processes."""
    return Figure(name, target, tuple(run.wall for run in runs), tuple(run.processor for run in runs))


def modules_of(home: Path, *arguments: str) -> list[str]:
    """What a command loads."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], env=environment(home), capture_output=True, text=True, check=True
    )
    names = json.loads(run.stderr.strip().splitlines()[-1])
    return [str(name) for name in names]


def figures(folder: Path, runs: int) -> list[Figure]:
    """Every figure, in the order of the table."""
    home, listing = folder / "home", folder / "modules.json"
    main_job = (COMMAND, ROLE, "--recorded", "--json")
    timed(main_job, home)
    listing.write_text(json.dumps(modules_of(home, *map(str, main_job[1:]))), encoding="utf-8")
    only_imports = (sys.executable, "-c", IMPORTS, listing)

    def repeated(*arguments: str) -> list[Timed]:
        return [timed((COMMAND, *arguments), home) for _ in range(runs + 1)][1:]

    # One after the other, so that a change in the machine's load meets both. Each first run is not counted.
    pairs = [(timed(main_job, home), timed(only_imports, home)) for _ in range(runs + 1)][1:]
    rest = [Timed(run.wall - bare.wall, run.processor - bare.processor) for run, bare in pairs]
    first = [timed(main_job, folder / f"empty-{number}") for number in range(runs + 1)][1:]
    return [
        of_command("`assess-role --help`", 0.20, repeated("--help")),
        of_command("`assess-role queue`", 0.50, repeated("queue")),
        of_command("warm run with recordings to gate 1", 2.5, [run for run, _ in pairs]),
        of_command("… everything but imports", 1.0, rest),
        of_command("first run in an empty home", 8.0, first),
        Figure("score with robustness, one core", 1000, tuple(rates()), at_least=True),
    ]


def machine() -> str:
    """Processor, cores, memory, system, versions."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text(encoding="utf-8").splitlines() if described.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}; "
        f"{libraries}. Load average before: {load}."
    )


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    described = machine()
    with tempfile.TemporaryDirectory() as folder:
        rows = [figure.row for figure in figures(Path(folder), runs)]
    head = [
        "| figure | target | n | min | median | max | processor, median | met by the median |",
        "|---|---|---|---|---|---|---|---|",
    ]
    sys.stdout.write("\n".join([described, "", *head, *rows]) + "\n")


if __name__ == "__main__":
    main()
