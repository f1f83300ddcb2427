"""Ask the connected model for the answers of judges that are not recorded yet, and keep them.

    python -m evals.judges.record --dry-run
    OPENAI_BASE_URL=… ASSESS_ROLE_MODEL=… python -m evals.judges.record [--suite NAME] [--max-tokens N]

Every answer is on disk before it is used: interrupt it whenever you like and start it again. What is recorded is not
asked again; to ask anew, remove the file. Answers are kept as given. It exits with 5 when a case could not be measured,
and the drafts then count as judged only after a later run measures all of them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from agent.errors import AssessorError, NeedsModel
from agent.llm.budget import TokenBook
from agent.llm.port import ChatModel
from agent.llm.recorded import THREE_WAYS
from agent.settings import read_settings
from evals.judges.judge import Judge
from evals.judges.quiet import quiet
from evals.suites import calibration, deepeval_suites, ragas_suites
from evals.suites.cases import Case, verdicts
from evals.suites.context import Context, Mode, load_context
from evals.suites.verdict import Outcome, Verdict

SUITES: Mapping[str, Callable[[Context, Judge], list[Case]]] = {
    deepeval_suites.SUITE: deepeval_suites.cases,
    ragas_suites.SUITE: ragas_suites.cases,
    calibration.SUITE: calibration.cases,
}


def record(context: Context, suites: Sequence[str]) -> dict[str, list[Verdict]]:
    """Run suites side by side with a model that is asked for what is missing. Returns the verdicts on every case.

    Raises InvalidInput for a file of answers that is not whole and valid.
    """
    with quiet(), ThreadPoolExecutor(len(suites)) as pool:
        # Two threads that import a framework at the same time can each see half of it.
        import deepeval.metrics.community  # noqa: F401
        import ragas.metrics.collections  # noqa: F401

        judges = {name: Judge(name, context) for name in suites}
        waiting = {name: pool.submit(_recorded, name, context, judges[name]) for name in suites}
        return {name: future.result() for name, future in waiting.items()}


def _recorded(name: str, context: Context, judge: Judge) -> list[Verdict]:
    found = []
    for verdict in verdicts(name, SUITES[name](context, judge), context, judge):
        found.append(verdict)
        new = judge.journal.new if judge.journal is not None else 0
        _say(
            f"{name}: {len(found)} cases, {new} new answers; {verdict.metric}, {verdict.case}: {verdict.message[:160]}"
        )
    return found


def planned_calls(context: Context, suites: Sequence[str] = tuple(SUITES)) -> dict[str, int]:
    """The most answers that each suite asks for when nothing is recorded; the same request is asked once."""
    return {name: sum(case.calls for case in SUITES[name](context, Judge(name, context))) for name in suites}


def connected_model(max_tokens: int | None) -> ChatModel:
    """The model of settings and environment, within a token budget. Raises NeedsModel when none is connected."""
    # Takes the graph with it, which a replay does not need.
    from agent.workflow.engine import connection

    connect = connection(read_settings())
    if connect is None:
        raise NeedsModel("No model is connected that could judge.", hint=THREE_WAYS)
    return connect(TokenBook(max_tokens))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.judges.record", description=__doc__.split("\n")[0])
    parser.add_argument("--suite", action="append", choices=sorted(SUITES), help="one suite; may be given again")
    parser.add_argument("--max-tokens", type=int, default=None, metavar="N", help="no call is made that could pass it")
    parser.add_argument("--dry-run", action="store_true", help="say how many answers are needed and ask nothing")
    chosen = parser.parse_args(arguments)
    suites = tuple(chosen.suite or SUITES)
    try:
        if chosen.dry_run:
            calls = planned_calls(load_context(), suites)
            print("\n".join(f"{name}: {count} answers" for name, count in calls.items()))  # noqa: T201
            return 0
        found = record(load_context(mode=Mode.RECORD, model=connected_model(chosen.max_tokens)), suites)
    except AssessorError as error:
        _say(error.message + (f"\n{error.hint}" if error.hint else ""))
        return error.exit_code
    except KeyboardInterrupt:
        _say("Interrupted; every answer so far is kept. Start it again to go on.")
        return 130
    unmeasured = [verdict for some in found.values() for verdict in some if verdict.score is None]
    failed = [v for some in found.values() for v in some if v.outcome is Outcome.FAILED and v.score is not None]
    _say(f"{sum(map(len, found.values()))} cases, {len(unmeasured)} not measured, {len(failed)} missed a threshold")
    for verdict in unmeasured:
        _say(f"{verdict.suite} {verdict.metric}, {verdict.case}: {verdict.message}")
    return 5 if unmeasured else 0


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
