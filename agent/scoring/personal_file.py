"""A personal view as a file and as the fragment of a link, both ways. The page's script writes and reads the same.

    #t=t1:20,t2:0,t3:80&v=1&r=0123456789ab

`t` holds every task's share by id, `v` the form of the fragment, `r` the first digits of the revision.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from agent.scoring.personal import WHAT, changed_shares, checked_shares, scaled_shares
from agent.scoring.policy import POLICY, Policy
from agent.scoring.reader import Reader, shown
from agent.scoring.rules import invalid

FORMAT: Literal["assess-role/personal/1"] = "assess-role/personal/1"
PARTS = ("format", "role", "revision", "shares", "without")
FRAGMENT_VERSION = "1"
FRAGMENT_PARTS = ("t", "v", "r")
REVISION_DIGITS = 12
_WHOLE = re.compile(r"0|[1-9][0-9]{0,2}")


def personal_document(role: str, revision: str, shares: Mapping[str, int]) -> dict[str, object]:
    """The document of a personal file."""
    return {"format": FORMAT, "role": role, "revision": revision, "shares": dict(shares)}


def parse_personal(
    document: object, published: Mapping[str, int], revision: str, policy: Policy = POLICY
) -> dict[str, int]:
    """The share of every task out of a personal file, as a YAML or JSON parser returned it.

    It has `shares` by task id, where a task that is left out is not done, or `without`, a list of the ids of tasks that
    are not done. `format`, `role` and `revision` may be left out of a file that is written by hand; `role` is not read.
    Raises InvalidInput with every breach, also when `revision` is another one.
    """
    if not isinstance(document, Mapping):
        raise invalid(WHAT, [f"the file: found {shown(document)}, expected a mapping with shares or without"])
    reader = Reader()
    parts = reader.mapping(document, "", (), optional=PARTS)
    if parts.get("format", FORMAT) != FORMAT:
        reader.note("format", shown(parts["format"]), f"'{FORMAT}'")
    if parts.get("revision", revision) != revision:
        reader.note("revision", shown(parts["revision"]), f"that of this assessment, {revision}")
    if ("shares" in parts) == ("without" in parts):
        reader.note("the file", "both" if "shares" in parts else "neither", "one of shares and without")
    given = parts.get("shares", {})
    if not isinstance(given, Mapping):
        reader.note("shares", shown(given), "a mapping from task ids to whole percent")
    without = reader.items(parts, "without", "a list of task ids") or ()
    reader.problems += _twice("without", without)
    if reader.problems or not isinstance(given, Mapping):
        raise invalid(WHAT, reader.problems)
    if "shares" in parts:
        return checked_shares(published, given, policy)
    return scaled_shares(published, [name if isinstance(name, str) else shown(name) for name in without], policy)


def fragment_of(shares: Mapping[str, int], revision: str) -> str:
    """The fragment of a link to the page of `revision` that shows `shares`."""
    pairs = ",".join(f"{name}:{share}" for name, share in shares.items())
    return f"#t={pairs}&v={FRAGMENT_VERSION}&r={digits_of(revision)}"


def digits_of(revision: str) -> str:
    """The digits of a revision's hash that a fragment names."""
    return revision.removeprefix("sha256:")[:REVISION_DIGITS]


def parse_fragment(text: str, published: Mapping[str, int], revision: str, policy: Policy = POLICY) -> dict[str, int]:
    """The share of every task out of a fragment, or of a whole link that ends in one. Raises InvalidInput."""
    words = [word.partition("=") for word in text.strip().rpartition("#")[2].split("&")]
    found = {name: value for name, _, value in words}
    problems = _twice("the fragment", [name for name, _, _ in words])
    if sorted(found) != sorted(FRAGMENT_PARTS) and not problems:
        problems.append(f"the fragment: found {shown(text)}, expected #t=ID:PERCENT,…&v={FRAGMENT_VERSION}&r=REVISION")
    if problems:
        raise invalid(WHAT, problems)
    if found["v"] != FRAGMENT_VERSION:
        problems.append(f"v: found {shown(found['v'])}, expected {FRAGMENT_VERSION}")
    if found["r"] != digits_of(revision):
        problems.append(f"r: it is for revision {shown(found['r'])}, this assessment is {digits_of(revision)}")
    shares = parse_pairs("t", found["t"].split(","), ":", problems)
    if problems:
        raise invalid(WHAT, problems)
    return checked_shares(published, shares, policy)


def parse_options(
    shares: Sequence[str], without: Sequence[str], published: Mapping[str, int], policy: Policy = POLICY
) -> dict[str, int]:
    """The share of every task out of `ID=PERCENT` and of ids of tasks that are not done; the others keep theirs.

    Raises InvalidInput with every breach.
    """
    problems: list[str] = []
    changes = parse_pairs("--share", shares, "=", problems)
    problems += _twice("--without", without)
    problems += [
        f"--without: found {shown(name)}, which --share gives {changes[name]}% of the time, expected one of the two"
        for name in dict.fromkeys(without)
        if changes.get(name)
    ]
    if problems:
        raise invalid(WHAT, problems)
    return changed_shares(published, changes | dict.fromkeys(without, 0), policy)


def parse_pairs(place: str, pairs: Sequence[str], sign: str, problems: list[str]) -> dict[str, int]:
    """What each of `pairs`, an id and a whole number around `sign`, says; what is wrong is added to `problems`."""
    parts = [pair.partition(sign) for pair in pairs]
    problems += [
        f"{place}: found {shown(pair)}, expected ID{sign}PERCENT with a whole percent"
        for pair, (_, _, value) in zip(pairs, parts, strict=True)
        if not _WHOLE.fullmatch(value)
    ]
    problems += _twice(place, [name for name, _, _ in parts])
    return {name: int(value) for name, _, value in parts if _WHOLE.fullmatch(value)}


def _twice(place: str, names: Sequence[object]) -> list[str]:
    counts = Counter(shown(name) for name in names)
    return [f"{place}: found {name} {count} times, expected it once" for name, count in counts.items() if count > 1]
