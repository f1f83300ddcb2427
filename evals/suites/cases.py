"""Cases and how they are run: side by side, in a stated order, and failing closed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from agent.errors import AssessorError
from agent.llm.recording import Recording
from evals.judges.judge import Asker, Judge, Stale
from evals.judges.sheet import role_name
from evals.suites.broken import broke
from evals.suites.context import Context, Mode
from evals.suites.thresholds import Threshold
from evals.suites.verdict import Outcome, Verdict

AT_ONCE = 8
"""Cases that are measured at the same time where a model is connected."""
RECORDING = "recording"
"""The metric of a verdict on a role whose recording is missing."""


class Unmeasured(Exception):
    """Nothing was measured, and why, in words that follow "not measured: "."""


@dataclass(frozen=True)
class Measured:
    """A score, and what was said against the case."""

    score: float
    said: str = ""


@dataclass(frozen=True)
class Case:
    """One metric on one sample."""

    metric: str
    name: str
    """What is measured, for people."""
    measure: Callable[[Asker], Measured]
    """Raises Unmeasured. It asks its judge through the asker; an error that this noted fails the case, whatever is
    returned."""
    version: str = ""
    """Of the prompt; empty where no judge is asked."""
    calls: int = 0
    """The most answers of a judge that it takes."""
    recording: Recording | None = None
    """The drafts that are judged; `None` where they are no role's."""
    control: bool = False
    """A planted bad sample."""


def unasked(measure: Callable[[], Measured]) -> Callable[[Asker], Measured]:
    """A measurement that needs no judge."""
    return lambda asker: measure()


def verdicts(suite: str, cases: Iterable[Case], context: Context, judge: Judge) -> Iterator[Verdict]:
    """The verdict on each role whose recording is missing, then on each case, in order. Live and recording, AT_ONCE are
    asked about side by side; a recording in which all was measured then counts as one of these drafts."""
    every = list(cases)
    yield from (_without_recording(suite, name, message) for name, message in context.missing.items())
    if context.mode is Mode.REPLAY:
        yield from (verdict(suite, case, context, judge) for case in every)
        return
    measured = not context.missing
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(verdict, suite, case, context, judge) for case in every]
        try:
            for future in waiting:
                found = future.result()
                measured = measured and found.score is not None
                yield found
        finally:
            pool.shutdown(cancel_futures=True)
    if measured and context.mode is Mode.RECORD:
        judge.close(context.bundled)


def verdict(suite: str, case: Case, context: Context, judge: Judge) -> Verdict:
    """What one case comes to. Never raises for what a judge or a sample did, nor for a bug in measuring it."""
    threshold = context.thresholds.of(suite, case.metric)
    stale = judge.stale(case.recording) if case.recording is not None and case.calls else None
    if stale is not None:
        return _verdict(suite, case, threshold, Outcome.STALE, stale)
    asker = judge.asker(case.metric, case.version or "1")
    try:
        measured = case.measure(asker)
        _check(measured, asker)
    except Stale as stale_now:
        return _verdict(suite, case, threshold, Outcome.STALE, str(stale_now))
    except Unmeasured as nothing:
        return _verdict(suite, case, threshold, Outcome.FAILED, f"not measured: {_first_error(asker) or nothing}")
    except AssessorError as error:
        return _verdict(suite, case, threshold, Outcome.FAILED, f"not measured: {error.message}")
    except Exception as error:  # noqa: BLE001  a bug costs its case, not the run
        # Frameworks raise whatever they like after an error of their judge.
        said = _first_error(asker)
        return _verdict(suite, case, threshold, Outcome.FAILED, f"not measured: {said}" if said else broke(error))
    return _judged(suite, case, threshold, measured)


def _without_recording(suite: str, role: str, message: str) -> Verdict:
    return Verdict(suite=suite, metric=RECORDING, case=role, outcome=Outcome.FAILED, message=message, role=role)


def _check(measured: Measured, asker: Asker) -> None:
    if asker.errors:
        raise Unmeasured(asker.errors[0].message)
    if math.isnan(measured.score):
        raise Unmeasured("the metric gave NaN")


def _first_error(asker: Asker) -> str | None:
    return asker.errors[0].message if asker.errors else None


def _judged(suite: str, case: Case, threshold: Threshold, measured: Measured) -> Verdict:
    met = threshold.met(measured.score)
    said = f": {measured.said}" if measured.said else ""
    if case.control:
        outcome = Outcome.FAILED if met else Outcome.PASSED
        words = "a planted bad sample was let through" if met else "the planted bad sample was caught"
    else:
        outcome = Outcome.PASSED if met else Outcome.FAILED
        words = "met" if met else "missed"
    message = f"{words}, {measured.score:.3g} where {threshold} is asked{said}"
    return _verdict(suite, case, threshold, outcome, message, measured.score)


def _verdict(
    suite: str, case: Case, threshold: Threshold, outcome: Outcome, message: str, score: float | None = None
) -> Verdict:
    return Verdict(
        suite=suite,
        metric=case.metric,
        case=case.name,
        outcome=outcome,
        message=message,
        score=score,
        threshold=threshold.bound,
        role=role_name(case.recording) if case.recording is not None else None,
        control=case.control,
    )
