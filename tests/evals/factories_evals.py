"""Verdicts, golden roles and reports for the tests of the evals."""

from __future__ import annotations

from typing import Any

from agent.schemas.vocabulary import Zone
from evals.golden.roles import Expected, GoldenRole
from evals.report.compile import SuiteRun, compiled
from evals.report.shape import Baseline, Report
from evals.suites.verdict import Outcome, Verdict

ROLE = "Release Engineer (Senior)"


def a_golden_role(**changed: Any) -> GoldenRole:
    expected = Expected(
        low=38.6, high=44.6, zone=Zone.YELLOW, score=41.6, recorded_at="2026-11-28", frozen_at="2026-11-28"
    )
    fields = {
        "role": "Release Engineer",
        "seniority": "Senior",
        "family": "Computer and mathematical",
        "recording": "golden/release-engineer-senior.json",
        "expected": expected,
    }
    return GoldenRole.model_validate({**fields, **changed})


def a_verdict(metric: str = "score", outcome: Outcome = Outcome.PASSED, **changed: Any) -> Verdict:
    fields = {"suite": "roles", "case": ROLE, "message": "It is as expected.", "role": ROLE, "score": 41.6}
    return Verdict(metric=metric, outcome=outcome, **{**fields, **changed})


def a_control(outcome: Outcome = Outcome.PASSED, **changed: Any) -> Verdict:
    fields = {"case": "planted: a worse one", "message": "Missed, as planted.", "role": None, "control": True}
    return a_verdict(outcome=outcome, **{**fields, **changed})


def a_baseline() -> Baseline:
    """Without a verdict, so that nothing is said to be gone."""
    return Baseline(at="2026-11-28", verdicts=())


def a_report(*verdicts: Verdict, baseline: Baseline | None = None, writes_baseline: bool = True) -> Report:
    names = dict.fromkeys(verdict.suite for verdict in verdicts)
    runs = [SuiteRun(name, tuple(v for v in verdicts if v.suite == name), 1.0) for name in names]
    return compiled(
        runs,
        golden=[a_golden_role()],
        baseline=baseline,
        mode="replay",
        at="2026-11-28T10:00:00Z",
        writes_baseline=writes_baseline,
    )
