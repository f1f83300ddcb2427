"""The table of the calibration in its README: `python -m evals.calibration.table` writes it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from agent.errors import AssessorError
from evals.calibration.labels import LABELS
from evals.suites import calibration
from evals.suites.context import load_context

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- calibration: begin -->", "<!-- calibration: end -->"
UNLABELLED = "The pairs are not labelled yet: neither judge nor guard is measured on them."
_MISSING = "not measured"


def table(figures: Mapping[str, object]) -> str:
    """The block of figures (`evals.calibration.figures.block`) as Markdown, a line for each who is measured."""
    guard = figures["guard"] if isinstance(figures["guard"], dict) else {}
    rows = {
        "judge": figures["judge"],
        "guard alone, a finding of either tier": guard.get("either"),
        "guard alone, BLOCK": guard.get("block"),
    }
    between = _shown(_of(figures["labellers"], "kappa"))
    lines = [
        f"{figures['pairs']} pairs, of which {figures['unsupported']} are labelled unsupported. The two who labelled "
        f"disagreed on {figures['label_disagreements']}; kappa between them {between}.",
        "",
        "| | recall of unsupported | precision | Cohen's kappa |",
        "|---|---|---|---|",
        *(
            f"| {name} | {' | '.join(_shown(_of(row, metric)) for metric in ('recall', 'precision', 'kappa'))} |"
            for name, row in rows.items()
        ),
    ]
    return "\n".join(lines)


def _of(row: object, metric: str) -> object:
    return row.get(metric) if isinstance(row, dict) else None


def _shown(found: object) -> str:
    return "{value:.2f} ({low:.2f}–{high:.2f})".format(**found) if isinstance(found, dict) else _MISSING


def main(readme: Path = README) -> int:
    """Writes the table between its marks and prints it. Returns the exit code."""
    try:
        written = table(calibration.figures(load_context())) if LABELS.is_file() else UNLABELLED
    except AssessorError as error:
        sys.stderr.write(f"{error.message}\n")
        return error.exit_code
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    readme.write_text(f"{before}{BEGIN}\n{written}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    sys.stdout.write(f"{written}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
