"""The pairs that are labelled and that the judge is asked about: `python -m evals.calibration.choose`.

Half are claims of the recordings as they were drafted, half are mutants of other claims, by the operators of
`evals/seeded`. Claim and passages are all that a pair shows, to whoever labels it and to the judge.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from agent.errors import NotFound
from agent.llm.recording import load_recordings
from agent.schemas.article import Passage
from agent.shipped import shipped_path
from evals.calibration.pairs import PAIRS, Pair
from evals.judges.sheet import drafts_digest, role_name
from evals.seeded.operators.operator import Operator
from evals.seeded.operators.registry import OPERATORS
from evals.seeded.sample import Sample
from evals.seeded.sentences import words
from evals.seeded.sources import World, is_recorded, world

SEED = 20261128
READ_BY = "2026-11-20"
"""Mutants borrow from articles retrieved by this day, so that a further article changes no pair that was labelled."""
A_ROLE = 12
"""Claims as drafted of a role, and as many mutants."""
ROUNDS = 4
"""Mutants of an operator at most."""
ALIKE = 0.6
"""Share of words in common, of all that two claims have, from which they count as one."""
TURNS = sorted(OPERATORS, key=lambda operator: operator.goal.expected != "either")
"""Errors of meaning first: they have a second turn before those that code knows for sure."""


@dataclass(frozen=True)
class Chosen:
    """A pair and where it comes from."""

    pair: Pair
    sample: Sample
    operator: str | None
    """Name of the operator that bent the claim; `None`: as drafted."""


def chosen(source: World | None = None) -> list[Chosen]:
    """All pairs, by id: no source claim is in two of them, so that none can be told from its neighbour.

    The operators take turns, and so do the roles; an operator that no claim of the role suits loses its turn.
    Raises NotFound where no role is recorded.
    """
    folder = shipped_path("recordings")
    if source is None and not load_recordings(folder):
        raise NotFound(f"There is no recording to choose pairs from: found none in {folder}.")
    source = source or world(READ_BY)
    left = _by_role(source)
    made = _mutants(left, source)
    made += [_chosen(sample, None) for role in sorted(left) for sample in left[role][:A_ROLE]]
    return sorted(made, key=lambda each: each.pair.id)


def shown(passage: Passage) -> str:
    """A passage with what its source says of itself, which claims may name."""
    meta = passage.meta
    lines = [f"Title: {meta.title}", f"Publisher: {meta.publisher}", f"Date: {meta.date}"]
    if meta.author:
        lines.insert(2, f"Author: {meta.author}")
    if passage.heading:
        lines.append(f"Heading: {passage.heading}")
    return "\n".join([*lines, "", passage.text])


def _by_role(source: World) -> dict[str, list[Sample]]:
    """The recorded claims of each role in an order of chance; of claims that are much alike, one."""
    order = [sample for sample in source.samples if is_recorded(sample)]
    random.Random(SEED).shuffle(order)
    kept: list[Sample] = []
    for sample in order:
        if not any(_alike(sample, other) for other in kept):
            kept.append(sample)
    roles = sorted({sample.frame.title for sample in kept})
    return {role: [sample for sample in kept if sample.frame.title == role] for role in roles}


def _alike(one: Sample, other: Sample) -> bool:
    mine, theirs = words(one.text), words(other.text)
    return len(mine & theirs) >= ALIKE * len(mine | theirs)


def _mutants(left: dict[str, list[Sample]], source: World) -> list[Chosen]:
    """As many mutants of each role as wanted; takes their source claims out of `left`."""
    made: dict[str, list[Chosen]] = {role: [] for role in left}
    roles = cycle(sorted(left))
    for operator in TURNS * ROUNDS:
        open_roles = [role for role in made if len(made[role]) < A_ROLE]
        if not open_roles:
            break
        role = next(each for each in roles if each in open_roles)
        found = _first(operator, left[role], source)
        if found is not None:
            original, mutant = found
            left[role].remove(original)
            made[role].append(_chosen(mutant, operator.name))
    return [each for role in sorted(made) for each in made[role]]


def _first(operator: Operator, samples: Sequence[Sample], source: World) -> tuple[Sample, Sample] | None:
    """The first claim of which the operator makes a mutant that a reader can see, and the mutant."""
    for sample in samples:
        mutant = operator.apply(sample, random.Random(f"{SEED} {operator.name} {sample.source}"), source)
        if mutant is not None and _is_seen(mutant, sample) and _is_one_question(mutant, sample):
            return sample, mutant
    return None


def _seen(sample: Sample) -> tuple[str, ...]:
    return sample.text, *(shown(passage) for passage in sample.cited)


def _is_seen(mutant: Sample, sample: Sample) -> bool:
    """Whether claim or passages differ, and every citation names a stored passage: else there is nothing to read."""
    resolved = all(citation.passage in mutant.passages for citation in mutant.claim.citations)
    return resolved and _seen(mutant) != _seen(sample)


def _is_one_question(mutant: Sample, sample: Sample) -> bool:
    """Whether the passages are all the claim's own, or none is.

    A foreign passage beside one that bears out the claim raises a second question, whether each citation is right,
    which a pair does not ask.
    """
    cited, own = ({citation.passage for citation in each.claim.citations} for each in (mutant, sample))
    return cited <= own or not cited & own


def _chosen(sample: Sample, operator: str | None) -> Chosen:
    claim, *passages = _seen(sample)
    digest = hashlib.sha256("\0".join((str(SEED), claim, *passages)).encode()).hexdigest()
    return Chosen(Pair(id=f"c-{digest[:8]}", claim=claim, passages=tuple(passages)), sample, operator)


def drawn_from() -> dict[str, str]:
    """The bundled roles with the digest of the drafts that the claims are from."""
    return {role_name(each): drafts_digest(each) for each in load_recordings(shipped_path("recordings"))}


def written(pairs: Sequence[Pair]) -> str:
    """The text of `pairs.json`."""
    rows = [pair.model_dump(mode="json") for pair in pairs]
    document = {"seed": SEED, "drawn_from": drawn_from(), "pairs": rows}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main(path: Path = PAIRS) -> None:
    """Writes the pairs and says how many there are."""
    pairs = [each.pair for each in chosen()]
    path.write_text(written(pairs), encoding="utf-8")
    sys.stdout.write(f"{len(pairs)} pairs\n")


if __name__ == "__main__":
    main()
