"""What the suites say when their judges fail, and of their planted samples: one JSON object on stdout.

    python -m evals.suites.failing_judges

For the test beside it, in a process of its own: the frameworks take seconds to import and change the environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict

from pydantic import BaseModel

from agent.errors import UpstreamFailed
from agent.llm.port import Prompt
from agent.llm.scripted import Answer, ScriptedModel
from evals.judges.judge import Judge
from evals.judges.quiet import quiet
from evals.suites import calibration, deepeval_suites, ragas_suites
from evals.suites.cases import Case, verdict
from evals.suites.context import Context, Mode, load_context
from evals.suites.verdict import Verdict

Fault = Callable[[Prompt, type[BaseModel], int], Answer]

SUITES = {
    deepeval_suites.SUITE: deepeval_suites.cases,
    ragas_suites.SUITE: ragas_suites.cases,
    calibration.SUITE: calibration.cases,
}

EMPTY: Mapping[str, object] = {
    "Truths": {"truths": []},
    "Claims": {"claims": []},
    "Verdicts": {"verdicts": []},
    "ExtractedPII": {"extracted_pii": []},
    "CitationFaithfulnessVerdict": {"verdict": "perhaps", "reasoning": None},
    "ReasonScore": {"reason": "", "score": 11},
    "ClassificationResult": {"label": "", "reason": ""},
    "StatementGeneratorOutput": {"statements": []},
    "NLIStatementOutput": {"statements": []},
    "ResponseGroundednessOutput": {"rating": 3},
    "ContextPrecisionOutput": {"reason": "", "verdict": 2},
    "ContextRecallOutput": {"classifications": []},
}
SOME: Mapping[str, object] = {
    **EMPTY,
    "Truths": {"truths": ["one", "two"]},
    "Claims": {"claims": ["one", "two"]},
    "ExtractedPII": {"extracted_pii": ["Ada Sample wrote a paper", "somebody else wrote one"]},
    "StatementGeneratorOutput": {"statements": ["one", "two"]},
    "ContextRecallOutput": {"classifications": [{"statement": "one", "reason": "", "attributed": 2}]},
}
ONE_VERDICT = {"verdicts": [{"verdict": "yes", "reason": "fine"}]}
BORDERLINE = {"verdicts": [{"verdict": "borderline", "reason": "unclear"}] * 2}


def _from(answers: Mapping[str, object]) -> Fault:
    return lambda prompt, schema, sample: json.dumps(answers[schema.__name__])


def _prose(prompt: Prompt, schema: type[BaseModel], sample: int) -> Answer:
    return "I have read everything, and it all looks well supported to me."


def _down(prompt: Prompt, schema: type[BaseModel], sample: int) -> Answer:
    return UpstreamFailed("the endpoint is down")


def _second_rating_fails() -> Fault:
    """One judge of two rates, the other fails: RAGAS would take the one rating for both."""
    answered: list[str] = []

    def answer(prompt: Prompt, schema: type[BaseModel], sample: int) -> Answer:
        if schema.__name__ == "ResponseGroundednessOutput" and not answered:
            answered.append(prompt.label)
            return json.dumps({"rating": 2})
        return UpstreamFailed("the second judge failed")

    return answer


FAULTS: Mapping[str, Callable[[], Fault]] = {
    "answers in prose": lambda: _prose,
    "is not there": lambda: _down,
    "finds nothing": lambda: _from(EMPTY),
    "finds something and judges nothing": lambda: _from(SOME),
    "judges one of two": lambda: _from({**SOME, "Verdicts": ONE_VERDICT}),
    "calls everything borderline": lambda: _from({**SOME, "Verdicts": BORDERLINE}),
    "fails the second time": _second_rating_fails,
}


def verdicts_under(fault: Fault) -> list[Verdict]:
    """The first case of each judged metric, under a judge with a fault."""
    context = load_context(mode=Mode.LIVE, model=ScriptedModel(fault))
    return [found for suite in SUITES for found in _first_of_each(suite, context)]


def _first_of_each(suite: str, context: Context) -> list[Verdict]:
    judge = Judge(suite, context)
    first: dict[str, Case] = {}
    for case in SUITES[suite](context, judge):
        if case.calls and not case.control:
            first.setdefault(case.metric, case)
    return [verdict(suite, case, context, judge) for case in first.values()]


def planted() -> list[Verdict]:
    """Every planted bad sample, as recorded."""
    context = load_context()
    found = []
    for suite, cases in SUITES.items():
        judge = Judge(suite, context)
        found += [verdict(suite, case, context, judge) for case in cases(context, judge) if case.control]
    return found


def main() -> None:
    """Print what was found."""
    with quiet():
        found = {
            "faults": {name: [asdict(one) for one in verdicts_under(make())] for name, make in FAULTS.items()},
            "planted": [asdict(one) for one in planted()],
        }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
