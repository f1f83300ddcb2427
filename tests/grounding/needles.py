"""Which literal strings a pattern cannot match without: what `hostile_needles.py` is made from.

python tests/grounding/needles.py > agent/grounding/hostile_needles.py
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterable, Sequence
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

HEAD = '''"""For each pattern of `hostile_phrases.py` its alternatives, each with groups of strings in lower case.

What a pattern fits has one string of each group of at least one alternative.

Made by `tests/grounding/needles.py`; a test holds that it is up to date. Asking for strings first saves most searches.
"""

from __future__ import annotations

# fmt: off
NEEDLES: tuple[tuple[tuple[tuple[str, ...], ...], ...], ...] = (
'''


def needles(pattern: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    steps = list(parser.parse(pattern, re.IGNORECASE))
    # What all alternatives begin with stands before them.
    branches = [at for at, (kind, _) in enumerate(steps) if kind is op.BRANCH][:1]
    alternatives = [[*steps[:at], *branch, *steps[at + 1 :]] for at in branches for branch in steps[at][1][1]]
    return tuple(_ordered(_groups(alternative)) for alternative in alternatives or [steps])


def _ordered(groups: Iterable[set[str]]) -> tuple[tuple[str, ...], ...]:
    found = {tuple(sorted(group)) for group in groups}
    return tuple(sorted(found, key=lambda group: (len(group), -min(map(len, group)), group)))


def _groups(steps: Iterable[tuple[object, object]]) -> list[set[str]]:
    """Everything that the steps of a sequence demand; single ASCII characters are left out, they save nothing."""
    found: list[set[str]] = []
    run = ""
    for kind, value in steps:
        if kind is op.LITERAL:
            run += chr(value).lower()  # type: ignore[arg-type]
            continue
        found += [{run}] if run.strip() else []
        run = ""
        found += _inner(kind, value)
    found += [{run}] if run.strip() else []
    return [group for group in found if min(len(needle.encode()) for needle in group) >= 2]


def _inner(kind: object, value: object) -> list[set[str]]:
    if kind is op.SUBPATTERN:
        return _groups(value[3])  # type: ignore[index]
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        return _groups(value[2]) if value[0] else []  # type: ignore[index]
    if kind is op.BRANCH:
        branches = [_groups(branch) for branch in value[1]]  # type: ignore[index]
        if all(branches):
            return [set().union(*(max(groups, key=_worth) for groups in branches))]
    return []


def _worth(group: set[str]) -> tuple[int, int]:
    return min(map(len, group)), -len(group)


def source(patterns: Sequence[str]) -> str:
    lines = [f"    {needles(pattern)!r},\n" for pattern in patterns]
    return HEAD + "".join(lines) + ")\n"


if __name__ == "__main__":
    # By path: the package refuses to be imported while both files differ in length.
    PHRASES = Path(__file__).resolve().parents[2] / "agent" / "grounding" / "hostile_phrases.py"
    print(source(runpy.run_path(str(PHRASES))["PATTERNS"]), end="")  # noqa: T201
