"""How far the judge agrees with labels: one question a pair, by the metric that asks about single citations.

A figure needs an answer about every pair: with one missing, nothing was measured. Imports DeepEval when it runs, in
`quiet()`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache, partial
from threading import Lock

from agent.errors import AssessorError
from evals.calibration.agreement import Agreement
from evals.calibration.figures import against, block
from evals.calibration.guard import Guarded, guarded
from evals.calibration.labels import Labels, load_labels
from evals.calibration.pairs import Pair, pairs
from evals.judges.judge import Asker, Judge
from evals.judges.quiet import quiet
from evals.judges.sheet import library_version
from evals.suites.broken import broke
from evals.suites.cases import AT_ONCE, RECORDING, Case, Measured, Unmeasured, verdicts
from evals.suites.context import Context, Mode
from evals.suites.verdict import Outcome, Verdict

SUITE = "calibration"
QUESTION = "What do the sources say?"
"""The same for every pair, so that it tells nothing about one."""
BLIND = {"recall": ("supported", False), "precision": ("unsupported", True), "kappa": ("unsupported", True)}
"""By metric, what a judge that does not judge calls every claim: it has to miss the threshold."""


class Answers:
    """What the judge says of the pairs. It is asked once, whoever needs it first. Safe to use from several threads."""

    def __init__(self, every: Sequence[Pair], judge: Judge, mode: Mode) -> None:
        self._every = every
        self._judge = judge
        self._at_once = 1 if mode is Mode.REPLAY else AT_ONCE
        self._lock = Lock()
        self._said: list[bool | str] | None = None

    def unsupported(self) -> Mapping[str, bool]:
        """Of each pair, by id. Raises Unmeasured where one has no answer."""
        with self._lock:
            if self._said is None:
                with ThreadPoolExecutor(self._at_once) as pool:
                    self._said = list(pool.map(partial(_ask, self._judge), self._every))
        said = {pair.id: answer for pair, answer in zip(self._every, self._said, strict=True)}
        errors = {key: answer for key, answer in said.items() if isinstance(answer, str)}
        if errors or not said:
            first = "".join(f"; {key}: {message}" for key, message in list(errors.items())[:1])
            raise Unmeasured(f"{len(errors)} of {len(said)} pairs have no answer{first}")
        return {key: answer is True for key, answer in said.items()}


def run(context: Context) -> Iterator[Verdict]:
    """See `evals.suites.context`. Stale where the answers are of other drafts than those that pairs are drawn from."""
    with quiet():
        judge = Judge(SUITE, context)
        stale = _stale(context, judge)
        for verdict in verdicts(SUITE, cases(context, judge), context, judge):
            if stale is None or verdict.control or verdict.metric == RECORDING:
                yield verdict
            else:
                yield replace(verdict, outcome=Outcome.STALE, message=stale, score=None)


def cases(context: Context, judge: Judge) -> list[Case]:
    """Recall, precision and kappa of `unsupported`, and a control of each. The first case asks for all."""
    every = pairs()
    answers = Answers(every, judge, context.mode)
    measured = [
        Case(
            metric=metric,
            name=f"{len(every)} labelled pairs",
            measure=partial(_measure, metric, every, answers),
            calls=len(every) if number == 0 else 0,
        )
        for number, metric in enumerate(BLIND)
    ]
    planted = [
        Case(
            metric=metric,
            name=f"control: a judge that calls everything {word}",
            measure=partial(_measure_blind, metric, unsupported),
            control=True,
        )
        for metric, (word, unsupported) in BLIND.items()
    ]
    return [*measured, *planted]


def figures(context: Context) -> dict[str, object]:
    """The block of figures for a report; without figures of the judge where it did not say something of every pair.

    Raises NotFound or InvalidInput for labels that are missing or not valid.
    """
    labels, every, judge = load_labels(), pairs(), Judge(SUITE, context)
    told: Mapping[str, bool] | None = None
    if not context.missing and _stale(context, judge) is None:
        try:
            with quiet():
                told = Answers(every, judge, context.mode).unsupported()
        except Unmeasured:
            told = None
    return block(labels, told, _guarded(tuple(every)))


def _stale(context: Context, judge: Judge) -> str | None:
    return next((why for why in map(judge.stale, context.bundled) if why is not None), None)


def _ask(judge: Judge, pair: Pair) -> bool | str:
    """Whether the judge calls the claim unsupported, or in words why it said nothing."""
    from deepeval.metrics.community import CitationFaithfulnessMetric
    from deepeval.test_case import LLMTestCase

    from evals.judges.adapters import DeepEvalJudge

    asker = judge.asker("citation_faithfulness", library_version("deepeval"))
    metric = CitationFaithfulnessMetric(model=DeepEvalJudge(asker), async_mode=False)
    marks = "".join(f"[{number}]" for number in range(1, len(pair.passages) + 1))
    test = LLMTestCase(input=QUESTION, actual_output=f"{pair.claim} {marks}", retrieval_context=list(pair.passages))
    try:
        score = metric.measure(test, _show_indicator=False)
    except AssessorError as error:
        return error.message
    except Exception as error:  # noqa: BLE001  a bug costs its case, not the run
        # Kept with the answers about the other pairs, so that none of them is asked for again.
        return asker.errors[0].message if asker.errors else broke(error)
    return asker.errors[0].message if asker.errors else bool(score < 1)


def _measure(metric: str, every: Sequence[Pair], answers: Answers, asker: Asker) -> Measured:
    """Asks before it looks for labels, so that answers can be recorded first."""
    del asker
    told = answers.unsupported()
    labels = load_labels()
    figures = against(labels, told)
    guard = _guard(labels, _guarded(tuple(every)), metric)
    return Measured(
        _score(figures, metric),
        "; ".join([_shown(figures, metric), f"the guard alone {guard}", *_wrong(labels, told, metric)]),
    )


def _measure_blind(metric: str, unsupported: bool, asker: Asker) -> Measured:
    del asker
    labels = load_labels()
    return Measured(_score(against(labels, {each.id: unsupported for each in labels.labels}), metric))


def _score(figures: Agreement, metric: str) -> float:
    """The point estimate. Raises Unmeasured where it is not defined."""
    found = _estimate(figures, metric)
    if found is None:
        raise Unmeasured(f"{metric} is not defined: the judge says the same of every pair, or the labels do")
    return found[0]


def _estimate(figures: Agreement, metric: str) -> tuple[float, float, float] | None:
    """Value and limits."""
    if metric == "kappa":
        value, low, high = figures.kappa
        return None if value is None or low is None or high is None else (value, low, high)
    share = figures.recall if metric == "recall" else figures.precision
    return None if share is None else (share.value, share.low, share.high)


def _shown(figures: Agreement, metric: str) -> str:
    found = _estimate(figures, metric)
    return "not defined" if found is None else "{:.3f} ({:.3f}–{:.3f})".format(*found)


@lru_cache(maxsize=1)
def _guarded(every: tuple[Pair, ...]) -> Mapping[str, Guarded] | None:
    return guarded(every)


def _guard(labels: Labels, guard: Mapping[str, Guarded] | None, metric: str) -> str:
    if guard is None:
        return "not measured, these pairs are no longer chosen"
    return _shown(against(labels, {key: said.flagged for key, said in guard.items()}), metric)


def _wrong(labels: Labels, told: Mapping[str, bool], metric: str) -> list[str]:
    """What counts against the judge, by the ids of the pairs."""
    wrong = {
        "recall": [each.id for each in labels.labels if each.unsupported and not told[each.id]],
        "precision": [each.id for each in labels.labels if told[each.id] and not each.unsupported],
    }.get(metric)
    return [f"wrong about {', '.join(wrong)}"] if wrong else []
