"""Everything that is measured, in one run: `python -m evals`, or `assess-role evals` in a checkout.

Offline unless --live is given. Exit codes: 0 nothing failed and nothing is stale; 6 a threshold was missed, something
could not be measured, or recorded answers are stale and were not run; 2 usage; 3 a file that is not valid; 4 the extra
`evals` or a connected model is missing.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from agent.cli.output import leave_pipe
from agent.errors import AssessorError, InvalidInput, Prerequisite
from evals.golden.roles import read_roles
from evals.judges.quiet import QUIET
from evals.report.compile import compiled, read_baseline, write_baseline
from evals.report.page import page
from evals.report.shape import Report
from evals.report.terminal import lines
from evals.running import SUITES, run_suites
from evals.suites.committed import check_ratchet
from evals.suites.context import Context, load_context

REACHES = ("OPENAI_", "ASSESS_ROLE_", "OTEL_", "LANGSMITH_API", "LANGCHAIN_API")
"""Variables that could lead the product or a library to a server: gone unless --live is given."""
EXTRA = ("deepeval", "ragas")
THRESHOLD, INTERRUPTED = 6, 130


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for, write the report, and say what came of it."""
    asked = _parser().parse_args(arguments)
    # To the end of the process: a framework may send what it noted when Python ends.
    os.environ.update(QUIET)
    try:
        report = measure(asked)
    except AssessorError as error:
        _say(f"error: {error.message}")
        if error.hint:
            _say(f"hint: {error.hint}")
        return error.exit_code
    except KeyboardInterrupt:
        _say("Interrupted: no report was written.")
        return INTERRUPTED
    try:
        for line in lines(report):
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        leave_pipe()
    return 0 if report.ok else THRESHOLD


def measure(asked: argparse.Namespace) -> Report:
    """The report, written to the files that were asked for.

    Raises Prerequisite, NeedsModel, InvalidInput, NotFound or StorageFailed before anything runs.
    """
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise Prerequisite(
            f"The evals take the extra `evals`; not installed: {', '.join(missing)}.",
            hint="In the checkout: pip install -c constraints.txt -e '.[evals]'",
        )
    if asked.max_tokens is not None and not asked.live:
        raise InvalidInput("--max-tokens bounds what a connected model costs; it takes --live.")
    if asked.write_baseline and asked.suite:
        raise InvalidInput("A baseline is of every suite; --suite was given.", hint="Leave --suite away.")
    for file in filter(None, (asked.json, asked.html)):
        _check_writable(file)

    names = asked.suite or list(SUITES)
    if "seeded" in names:
        check_ratchet()
    golden, baseline = read_roles(), read_baseline()
    context = _connected(names, asked.max_tokens) if asked.live else _offline()
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    runs = run_suites(names, context, say=_say)
    report = compiled(
        runs,
        golden=golden.roles,
        baseline=baseline,
        mode=context.mode.value,
        at=at,
        writes_baseline=asked.write_baseline,
    )
    if asked.json is not None:
        asked.json.write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
    if asked.html is not None:
        asked.html.write_text(page(report), encoding="utf-8")
    if asked.write_baseline:
        write_baseline(report)
    return report


def _check_writable(file: Path) -> None:
    """Raises InvalidInput where a report could not be written at the end of a run."""
    problem = None
    if not file.parent.is_dir():
        problem = f"there is no folder {file.parent}"
    elif file.is_dir():
        problem = "it is a folder, expected a file"
    elif not os.access(file if file.exists() else file.parent, os.W_OK):
        problem = "nothing may be written there"
    if problem is not None:
        raise InvalidInput(f"The report cannot be written to {file}: {problem}.")


def _offline() -> Context:
    for name in [name for name in os.environ if name.startswith(REACHES)]:
        del os.environ[name]
    return load_context()


def _connected(names: Sequence[str], max_tokens: int | None) -> Context:
    from evals.live import connected

    return connected(names, max_tokens, say=_say)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals",
        description=(__doc__ or "").splitlines()[0],
    )
    parser.add_argument("--live", action="store_true", help="ask the configured model as judge; it may cost money")
    parser.add_argument("--max-tokens", type=_positive, metavar="N", help="with --live: bound on all its tokens")
    parser.add_argument("--suite", action="append", choices=tuple(SUITES), help="only this one; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page")
    parser.add_argument(
        "--write-baseline", action="store_true", help="keep this run as what later ones are compared with"
    )
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of tokens; expected 1 or more")
    return value


def _say(text: str) -> None:
    """Words go to stderr: the report is the data."""
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
