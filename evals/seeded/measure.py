"""How many seeded errors the guard catches, and how many true claims it stops.

    .venv/bin/python evals/seeded/measure.py [--write] [--dev | --held-out]
    .venv/bin/python evals/seeded/measure.py --misses NAME

`--write` commits the rates to `ratchet.json` and puts the tables into `evals/README.md`. `--misses` prints the mutants
of an operator that were not caught, or the controls of a kind that were stopped, of the development half only: what is
held out stays unseen. Needs no model and no network. Exits with 6 when a goal is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from evals.seeded.controls.registry import KINDS
from evals.seeded.guarding import Judged
from evals.seeded.judging import cases_of, judge_all, samples_of
from evals.seeded.mutants import Half
from evals.seeded.operators.registry import BY_NAME
from evals.seeded.report import both_halves, caught, table, unmet, write
from evals.seeded.sample import Sample

README = Path(__file__).resolve().parents[1] / "README.md"
MISSED = 6


def main() -> int:
    """Measure and print."""
    options = _options()
    if options.misses:
        return _print_misses(options.misses)
    start = time.perf_counter()
    cases = judge_all()
    half: Half | None = "dev" if options.dev else "held-out" if options.held_out else None
    sys.stdout.write(f"{table(cases, half)}\n\n{both_halves(cases)}\n")
    sys.stderr.write(f"{time.perf_counter() - start:.0f} s\n")
    if options.write:
        try:
            write(cases, README)
        except ValueError as error:
            sys.exit(str(error))
    missed = unmet(cases)
    sys.stderr.write("".join(f"{line}\n" for line in missed))
    return MISSED if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="commit the rates and write the tables")
    parser.add_argument("--misses", metavar="NAME", choices=(*BY_NAME, *KINDS), help="an operator or a kind of control")
    halves = parser.add_mutually_exclusive_group()
    halves.add_argument("--dev", action="store_true", help="rates of the development half alone")
    halves.add_argument("--held-out", action="store_true", help="rates of the held-out half alone")
    return parser.parse_args()


def _print_misses(name: str) -> int:
    """What went wrong in the development half, one case a block."""
    for sample, case in zip(samples_of(name), cases_of(name), strict=True):
        wrong = not caught(case, BY_NAME[name].goal) if name in BY_NAME else case.flagged
        if wrong and case.half == "dev":
            sys.stdout.write(_shown(sample, case.judged))
    return 0


def _shown(sample: Sample, judged: Judged) -> str:
    lines = [f"{sample.source} {judged.verdict} {' '.join((*judged.block, *judged.review))}", f"  {sample.text}"]
    if sample.claim.proxy or sample.claim.horizon:
        lines.append(f"  proxy: {sample.claim.proxy}, horizon: {sample.claim.horizon}")
    lines += [f"  {citation.passage}: {citation.quote}" for citation in sample.claim.citations]
    return "\n".join(lines) + "\n\n"


if __name__ == "__main__":
    sys.exit(main())
