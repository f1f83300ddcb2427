"""From the verdicts of the suites to the report: counts, and each figure before and now. Pure but for the baseline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from agent.errors import InvalidInput
from evals.golden.roles import GoldenRole
from evals.report.shape import (
    Baseline,
    Comparison,
    Counts,
    Expectation,
    Figure,
    Former,
    Line,
    Report,
    RoleLine,
    SuiteLine,
)
from evals.suites.verdict import Outcome, Verdict

FILE = Path(__file__).with_name("baseline.json")
GONE = "It was measured for the baseline and is not now. If that is meant: python -m evals --write-baseline"
NO_BASELINE = "There is no baseline: found no evals/report/baseline.json. Write it: python -m evals --write-baseline"
ORDER = (Outcome.FAILED, Outcome.STALE, Outcome.PASSED)
Key = tuple[str | None, str, str, str | None]
"""Role, suite, metric, and the case where there is no role."""
L = TypeVar("L", Line, Former)


@dataclass(frozen=True)
class SuiteRun:
    """What one suite said."""

    name: str
    verdicts: tuple[Verdict, ...]
    seconds: float


def compiled(
    runs: Sequence[SuiteRun],
    *,
    golden: Sequence[GoldenRole],
    baseline: Baseline | None,
    mode: str,
    at: str,
    writes_baseline: bool = False,
) -> Report:
    """The report. Of the baseline only the suites that ran are compared; what they measured for it and do not measure
    now failed. No baseline is a failure too, but of a run that writes it."""
    ran = {run.name for run in runs}
    former = [line for line in baseline.verdicts if line.suite in ran] if baseline else []
    lines = [_named(Line.of(verdict), golden) for run in runs for verdict in run.verdicts]
    lines += _gone(former, lines)
    if baseline is None and not writes_baseline:
        lines.append(_without_baseline())
    counts = counted(line for line in lines if not line.control)
    controls = counted(line for line in lines if line.control)
    compared = _comparisons(former, [line for line in lines if not line.control])
    return Report(
        ok=not (counts.failed or counts.stale or controls.failed or controls.stale),
        mode=mode,
        at=at,
        seconds=round(sum(run.seconds for run in runs), 1),
        compared_with=baseline.at if baseline else None,
        counts=counts,
        controls=controls,
        suites=tuple(_suite(run, [line for line in lines if line.suite == run.name]) for run in runs),
        roles=tuple(_role(role, compared) for role in golden),
        others=tuple(one for (role, *_), one in compared.items() if role is None),
        verdicts=tuple(sorted(lines, key=lambda line: ORDER.index(line.outcome))),
    )


def counted(lines: Iterable[Line | Former]) -> Counts:
    """How these ended."""
    outcomes = [line.outcome for line in lines]
    return Counts(**{outcome.value: outcomes.count(outcome) for outcome in Outcome})


def baseline_of(report: Report) -> Baseline:
    """What later runs are compared with, in a fixed order: what was measured, and not what no longer is."""
    kept = [
        Former(
            suite=line.suite,
            role=line.role,
            metric=line.metric,
            case=line.case,
            outcome=line.outcome,
            score=None if line.score is None else round(line.score, 4),
            found=line.found,
        )
        for line in report.verdicts
        if not line.control and line.message not in (GONE, NO_BASELINE)
    ]
    kept.sort(key=lambda line: (line.suite, line.role or "", line.metric, line.case))
    return Baseline(at=report.at[:10], verdicts=tuple(kept))


def read_baseline(file: Path = FILE) -> Baseline | None:
    """The committed baseline; `None` where there is no file. Raises InvalidInput for one that is not valid."""
    if not file.is_file():
        return None
    try:
        return Baseline.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "file"
        raise InvalidInput(
            f"The baseline {file} is not valid: {place}: {first['msg']}.",
            hint="Write it anew: python -m evals --write-baseline",
        ) from error


def write_baseline(report: Report, file: Path = FILE) -> None:
    """Write the baseline anew, a verdict a line."""
    made = baseline_of(report)
    rows = ",\n".join(f"  {json.dumps(_row(line), ensure_ascii=False)}" for line in made.verdicts)
    head = f'{{\n "format": "{made.format}",\n "at": "{made.at}",\n "verdicts": [\n'
    file.write_text(f"{head}{rows}\n ]\n}}\n", encoding="utf-8")


def _row(line: Former) -> dict[str, object]:
    return line.model_dump(mode="json", exclude_none=True)


def _named(line: Line, golden: Sequence[GoldenRole]) -> Line:
    """The line with its role as the golden roles name it; one that is none of them stands by its case."""
    name = next((role.name for role in golden if line.role in (role.name, role.role)), None)
    return line.model_copy(update={"role": name})


def _without_baseline() -> Line:
    return Line(
        suite="baseline", metric="baseline", case="every suite", role=None, outcome=Outcome.FAILED, message=NO_BASELINE
    )


def _gone(former: Iterable[Former], lines: Sequence[Line]) -> list[Line]:
    now = {(line.suite, line.role, line.metric, line.case) for line in lines if not line.control}
    return [
        Line(
            suite=line.suite,
            metric=line.metric,
            case=line.case,
            role=line.role,
            outcome=Outcome.FAILED,
            message=GONE,
        )
        for line in former
        if (line.suite, line.role, line.metric, line.case) not in now
    ]


def _comparisons(before: Iterable[Former], after: Iterable[Line]) -> Mapping[Key, Comparison]:
    """Of every metric on either side, in the order of what is now; what is gone follows."""
    was, now = _grouped(before), _grouped(after)
    found = {}
    for key in dict.fromkeys((*now, *was)):
        _, suite, metric, case = key
        old, new = _figure(was.get(key, ())), _figure(now.get(key, ()))
        said = now[key][0].message if len(now.get(key, ())) == 1 else ""
        found[key] = Comparison(
            suite=suite, metric=metric, case=case, before=old, after=new, changed=old != new, said=said
        )
    return found


def _grouped(lines: Iterable[L]) -> Mapping[Key, Sequence[L]]:
    grouped: dict[Key, list[L]] = {}
    for line in lines:
        key = (line.role, line.suite, line.metric, None if line.role else line.case)
        grouped.setdefault(key, []).append(line)
    return grouped


def _figure(lines: Sequence[Line | Former]) -> Figure | None:
    if not lines:
        return None
    scores = [round(line.score, 4) for line in lines if line.score is not None]
    words = [line.found for line in lines if line.found is not None]
    return Figure(
        **counted(lines).model_dump(),
        low=min(scores, default=None),
        high=max(scores, default=None),
        found=", ".join(words) or None,
    )


def _suite(run: SuiteRun, lines: Sequence[Line]) -> SuiteLine:
    controls = [line for line in lines if line.control]
    return SuiteLine(
        name=run.name,
        **counted(line for line in lines if not line.control).model_dump(),
        noticed=counted(controls).passed,
        controls=len(controls),
        seconds=round(run.seconds, 1),
    )


def _role(role: GoldenRole, compared: Mapping[Key, Comparison]) -> RoleLine:
    expected = role.expected
    return RoleLine(
        role=role.name,
        family=role.family,
        expected=None if expected is None else Expectation(low=expected.low, high=expected.high),
        metrics=tuple(one for (name, *_), one in compared.items() if name == role.name),
    )
