"""Rates, goals and the ratchet, as tables and as a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from evals.seeded.intervals import Rate, rate
from evals.seeded.judging import Case, Cases
from evals.seeded.mutants import Half
from evals.seeded.operators.operator import GOALS, Goal
from evals.seeded.operators.registry import BY_NAME

RATCHET = Path(__file__).with_name("ratchet.json")
BEGIN, END = "<!-- seeded: begin -->", "<!-- seeded: end -->"
FALSE_BLOCK, FALSE_REVIEW = 0.015, 0.08
"""Shares of controls that may have a BLOCK or a REVIEW finding at most."""
ALL = "all controls"

Ratchet = dict[str, dict[str, dict[str, int]]]


class Rates(NamedTuple):
    """The rates of one operator or kind of control."""

    block: Rate
    either: Rate
    review: Rate
    """With a REVIEW finding, whether or not one of BLOCK stands beside it."""


def rates(cases: Sequence[Case], half: Half | None = None) -> Rates:
    """Over all cases, or those of one half."""
    kept = [case for case in cases if half is None or case.half == half]
    sources = [case.source for case in kept]
    return Rates(
        rate([case.blocked for case in kept], sources),
        rate([case.flagged for case in kept], sources),
        rate([bool(case.judged.review) for case in kept], sources),
    )


def caught(case: Case, goal: Goal) -> bool:
    """Whether the case counts as caught for this goal."""
    return case.blocked if goal.expected == "BLOCK" else case.flagged


def is_met(name: str, found: Rates) -> bool | None:
    """Whether an operator reaches its goal; `None` when it has none."""
    goal = BY_NAME[name].goal
    if goal.rate is None:
        return None
    reached = found.block if goal.expected == "BLOCK" else found.either
    return reached.hits >= goal.rate * reached.cases


def all_controls(cases: Cases) -> list[Case]:
    """The controls of every kind."""
    return [case for kind in cases.controls.values() for case in kind]


def unmet(cases: Cases) -> list[str]:
    """The goals that are missed, in words."""
    missed = [f"{name} misses its goal" for name, found in cases.mutants.items() if is_met(name, rates(found)) is False]
    alarms = rates(all_controls(cases))
    if alarms.block.value > FALSE_BLOCK:
        missed.append(f"false BLOCK {100 * alarms.block.value:.2f} %")
    if alarms.review.value > FALSE_REVIEW:
        missed.append(f"false REVIEW {100 * alarms.review.value:.2f} %")
    return missed


def table(cases: Cases, half: Half | None = None) -> str:
    """Both tables as Markdown. Rates in percent, in brackets 95 % intervals."""
    lines = [
        "| operator | counts for | mutants | source claims | BLOCK | either tier | goal | met |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, found in cases.mutants.items():
        each, operator = rates(found, half), BY_NAME[name]
        met = {True: "yes", False: "NO", None: "–"}[is_met(name, each)]
        lines.append(
            f"| {name} | {operator.family} | {each.block.cases} | {each.block.clusters} | {each.block} | {each.either} "
            f"| {_goal(GOALS[operator.family])} | {met} |"
        )
    lines += ["", "| control | claims | source claims | false BLOCK | false REVIEW |", "|---|---|---|---|---|"]
    for kind, found in (*cases.controls.items(), (f"**{ALL}**", all_controls(cases))):
        each = rates(found, half)
        lines.append(f"| {kind} | {each.block.cases} | {each.block.clusters} | {each.block} | {each.review} |")
    return "\n".join(lines)


def both_halves(cases: Cases) -> str:
    """The shares caught for the goal on either half of the source claims, as one table."""
    lines = ["| operator | development half | held-out half |", "|---|---|---|"]
    for name, found in cases.mutants.items():
        index = 0 if BY_NAME[name].goal.expected == "BLOCK" else 1
        lines.append(f"| {name} | {rates(found, 'dev')[index]} | {rates(found, 'held-out')[index]} |")
    for tier, index in (("false BLOCK", 0), ("false REVIEW", 2)):
        controls = all_controls(cases)
        lines.append(f"| {tier} | {rates(controls, 'dev')[index]} | {rates(controls, 'held-out')[index]} |")
    return "\n".join(lines)


def ratchet_of(cases: Cases) -> Ratchet:
    """What is committed: for every operator and kind of control the counts of cases and of findings."""
    named = {**cases.controls, ALL: all_controls(cases)}
    return {
        "mutants": {n: _counts(c) for n, c in cases.mutants.items()},
        "controls": {n: _counts(c) for n, c in named.items()},
    }


def breaches(committed: Ratchet, now: Ratchet) -> list[str]:
    """Every rate that fell for mutants or rose for controls, and every name that is on one side only."""
    found: list[str] = []
    for group, sign in (("mutants", 1), ("controls", -1)):
        for name in sorted(committed[group].keys() | now[group].keys()):
            before, after = committed[group].get(name), now[group].get(name)
            if before is None or after is None:
                found.append(f"{name} is {'new' if before is None else 'gone'}: write the ratchet anew")
                continue
            for tier in ("block", "either"):
                if sign * (after[tier] * before["cases"] - before[tier] * after["cases"]) < 0:
                    was = f"committed {before[tier]} of {before['cases']}"
                    found.append(f"{name}, {tier}: {after[tier]} of {after['cases']}, {was}")
    return found


def read_ratchet() -> Ratchet:
    """The committed counts. Raises FileNotFoundError before they are first written."""
    committed: Ratchet = json.loads(RATCHET.read_text(encoding="utf-8"))
    return committed


def write(cases: Cases, readme: Path) -> None:
    """The ratchet, and the tables between the two markers of the README. Raises ValueError without the markers."""
    text = readme.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{readme} needs the lines {BEGIN} and {END} once each: the tables go between them.")
    RATCHET.write_text(json.dumps(ratchet_of(cases), indent=1) + "\n", encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    readme.write_text(f"{before}{BEGIN}\n{table(cases)}\n\n{both_halves(cases)}\n{END}{after}", encoding="utf-8")


def _counts(cases: Sequence[Case]) -> dict[str, int]:
    return {
        "cases": len(cases),
        "sources": len({case.source for case in cases}),
        "block": sum(case.blocked for case in cases),
        "either": sum(case.flagged for case in cases),
    }


def _goal(goal: Goal) -> str:
    if goal.rate is None:
        return "–"
    return f"{'all' if goal.rate == 1 else f'≥ {100 * goal.rate:.0f} %'}{' BLOCK' if goal.expected == 'BLOCK' else ''}"
