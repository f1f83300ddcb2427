"""Freezes the expected score interval of every golden role that has a recording and no interval yet.

    python -m evals.golden.freeze
    python -m evals.golden.freeze --again "Data Engineer"

The interval is the formula score of the recorded draft, replayed now, minus and plus the margin of `roles.json`. One
that is frozen stays as it is unless its role is named with `--again`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent.errors import AssessorError, InvalidInput, NotFound
from evals.golden.roles import FILE, Expected, GoldenRole, read_roles, write_roles
from evals.suites.replaying import Replay, replayer


def expected(replay: Replay, *, recorded_at: str, margin_points: float, today: str) -> Expected:
    """The interval of a replayed draft. Raises InvalidInput where it has no score."""
    result = None if replay.inputs is None else replay.inputs.result
    if result is None:
        why = "its inputs cannot be scored" if replay.stopped is None else replay.stopped.message
        raise InvalidInput(f"{replay.role.name} has no score to freeze: {why}")
    return Expected(
        low=round(max(0.0, result.formula_score - margin_points), 1),
        high=round(min(100.0, result.formula_score + margin_points), 1),
        zone=result.zone,
        score=result.formula_score,
        recorded_at=recorded_at,
        frozen_at=today,
    )


def freeze(file: Path, *, again: Sequence[str] = (), today: str) -> list[str]:
    """Write the missing intervals of the file, and say of each role what was done. Raises NotFound for a name in
    `again` that is no golden role; see `read_roles`."""
    golden = read_roles(file)
    unknown = sorted(set(again) - {role.role for role in golden.roles})
    if unknown:
        raise NotFound(f"No golden role is called {', '.join(unknown)}; {file} has {_names(golden.roles)}.")
    said: list[str] = []
    roles: list[GoldenRole] = []
    with replayer() as replay:
        for role in golden.roles:
            if role.expected is not None and role.role not in again:
                said.append(f"{role.name}: stays {role.expected.low} to {role.expected.high}")
            elif not role.path.is_file():
                said.append(f"{role.name}: not frozen, there is no recording yet")
            else:
                day = role.read().recorded_at
                made = expected(replay(role), recorded_at=day, margin_points=golden.margin_points, today=today)
                said.append(f"{role.name}: {made.low} to {made.high}, {made.zone.value}, from {made.score}")
                roles.append(role.model_copy(update={"expected": made}))
                continue
            roles.append(role)
    write_roles(golden.model_copy(update={"roles": tuple(roles)}), file)
    return said


def _names(roles: Sequence[GoldenRole]) -> str:
    return ", ".join(role.role for role in roles)


def main(arguments: Sequence[str]) -> int:
    """Freeze and say so; the exit code of the error where there is one."""
    parser = argparse.ArgumentParser(prog="python -m evals.golden.freeze", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--again", action="append", default=[], metavar="ROLE", help="freeze this role anew")
    asked = parser.parse_args(arguments)
    try:
        said = freeze(FILE, again=asked.again, today=datetime.now(UTC).date().isoformat())
    except AssessorError as error:
        sys.stderr.write(f"error: {error.message}\n" + (f"hint: {error.hint}\n" if error.hint else ""))
        return error.exit_code
    sys.stdout.write("\n".join(said) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
