"""Known errors of kinds that the guard cannot see: a copy of real inputs with exactly one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import combinations, permutations
from random import Random
from typing import NamedTuple

from agent.errors import InvalidInput
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Claim, ClaimKind, EvidenceDraft, Inputs, Stance, TaskDraft
from agent.schemas.vocabulary import Bucket, EvidenceName, Section
from agent.scoring import POLICY, abstains

SCORE_APART = 3
"""By how much a task's score is moved at least, in points: more than readers of one rationale differ."""
SHARES_APART = 10
"""By how many points of working time two exchanged shares differ at least."""
TRIES = 25
"""How many places of a kind are tried."""

_TURNED = {Stance.FOR: Stance.AGAINST, Stance.AGAINST: Stance.FOR, Stance.CONTEXT: Stance.CONTEXT}
_DIRECTIONS = (
    ("more", "fewer"),
    ("higher", "lower"),
    ("rising", "falling"),
    ("rise", "fall"),
    ("rises", "falls"),
    ("rose", "fell"),
    ("grow", "shrink"),
    ("grows", "shrinks"),
    ("grew", "shrank"),
    ("growing", "shrinking"),
    ("growth", "decline"),
    ("increase", "decrease"),
    ("increases", "decreases"),
    ("increased", "decreased"),
    ("gain", "loss"),
    ("above", "below"),
    ("strengthen", "weaken"),
    ("strengthens", "weakens"),
    ("expand", "contract"),
    ("expands", "contracts"),
    ("keep", "lose"),
    ("keeps", "loses"),
)


class ControlKind(StrEnum):
    """What is wrong with a control."""

    EVIDENCE_SIGN = "evidence_sign"
    """An evidence score has the sign that its claims speak against."""
    TASK_SCORE = "task_score"
    """A task's score contradicts its rationale by 3 points or more."""
    TIME_SHARES = "time_shares"
    """The time shares of two tasks are exchanged."""
    CLAIM_DIRECTION = "claim_direction"
    """A claim says the opposite of its quote by one word."""
    OTHER_QUOTE = "other_quote"
    """A quote, or a claim with it, is real and belongs to another evidence dimension."""


class KnownError(NamedTuple):
    """One error and the inputs that have it."""

    kind: ControlKind
    place: str
    what: str
    inputs: Inputs


def bad_copy(
    inputs: Inputs, assembled: Callable[[Inputs], Assessment], *, seed: int, kind: ControlKind | None = None
) -> tuple[KnownError, Assessment]:
    """A copy of `inputs` with one error that the guard does not see, and the revision that `assembled` makes of it.

    The same seed gives the same error. A place at which the guard finds something that it did not find before is
    passed over for the next one. Raises InvalidInput when no place of the kind, or of any, is left.
    """
    chance = Random(seed)
    sound = assembled(inputs)
    for chosen in [kind] if kind is not None else chance.sample(list(ControlKind), len(ControlKind)):
        for group in _OPTIONS[chosen](inputs):
            options = list(group)
            for error in chance.sample(options, min(len(options), TRIES)):
                content = assembled(error.inputs)
                if _unnoticed(sound, content):
                    return error, content
    named = "none of the known kinds" if kind is None else f"no error of the kind {kind.value}"
    raise InvalidInput(
        f"In this assessment {named} can be planted that the guard would not find.",
        hint=f"Take another assessment{'' if kind is None else ', or another kind'}.",
    )


def _unnoticed(sound: Assessment, content: Assessment) -> bool:
    """Whether the content can be approved as the sound one could, and the guard says nothing new about it."""
    known = {finding.id for finding in sound.guard.findings}
    return (
        content.result is not None
        and {finding.id for finding in content.guard.findings} <= known
        and not abstains(content.inputs.scored(), len(content.guard.speaking_sources))
    )


def _signs(inputs: Inputs) -> Iterator[list[KnownError]]:
    """First with the claims as they are, then with what they are said to speak for turned as well."""
    for turn in (False, True):
        found = []
        for name, draft in inputs.evidence.items():
            if not draft.score:
                continue
            for score in dict.fromkeys((-draft.score, -1 if draft.score > 0 else 1)):
                claims = tuple(c.model_copy(update={"stance": _TURNED[c.stance]}) for c in draft.claims)
                changes: dict[str, object] = {"score": score, **({"claims": claims} if turn else {})}
                what = f"the score of {words_of(name)} is {score:+d}, and its quotes speak for {draft.score:+d}"
                bad = _with_evidence(inputs, name, draft.model_copy(update=changes))
                found.append(KnownError(ControlKind.EVIDENCE_SIGN, f"evidence.{name.value}.score", what, bad))
        yield found


def _scores(inputs: Inputs) -> Iterator[list[KnownError]]:
    found = []
    for task in inputs.tasks:
        for score in range(POLICY.task_score.low, POLICY.task_score.high + 1):
            if abs(score - task.score) < SCORE_APART:
                continue
            bucket = next(b for b in (task.bucket, *Bucket) if score in POLICY.bucket_scores(b))
            what = f"the score of the task {task.name!r} is {score}, and its rationale is for {task.score}"
            bad = _with_task(inputs, task.model_copy(update={"score": score, "bucket": bucket}))
            found.append(KnownError(ControlKind.TASK_SCORE, f"tasks.{task.id}.score", what, bad))
    yield found


def _shares(inputs: Inputs) -> Iterator[list[KnownError]]:
    found = []
    for one, other in combinations(inputs.tasks, 2):
        if abs(one.share - other.share) < SHARES_APART:
            continue
        bad = _with_task(inputs, one.model_copy(update={"share": other.share}))
        bad = _with_task(bad, other.model_copy(update={"share": one.share}))
        what = (
            f"the shares of {one.name!r} and {other.name!r} are exchanged: "
            f"{other.share} and {one.share} percent for {one.share} and {other.share}"
        )
        place = f"tasks.{one.id}.share tasks.{other.id}.share"
        found.append(KnownError(ControlKind.TIME_SHARES, place, what, bad))
    yield found


def _directions(inputs: Inputs) -> Iterator[list[KnownError]]:
    found = []
    for place, claims, put in _groups(inputs):
        for at, claim in enumerate(claims):
            for text, word, instead in _turned(claim):
                bad = put((*claims[:at], claim.model_copy(update={"text": text}), *claims[at + 1 :]))
                what = f"the claim {text!r} says {instead!r}, and its source says {word!r}"
                found.append(KnownError(ControlKind.CLAIM_DIRECTION, f"{place}.claims.{at}", what, bad))
    yield found


def _turned(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """The claim's text with one word of direction turned, the word and what stands in its place."""
    if claim.kind is not ClaimKind.SOURCED:
        return
    for pair in _DIRECTIONS:
        for word, instead in (pair, pair[::-1]):
            text, count = re.subn(rf"\b{word}\b", instead, claim.text, count=1)
            if count:
                yield text, word, instead


def _others(inputs: Inputs) -> Iterator[list[KnownError]]:
    """First the quotes alone, then the whole claim that they belong to."""
    for whole in (False, True):
        found = []
        for here, there in permutations(inputs.evidence, 2):
            for at, claim in enumerate(inputs.evidence[here].claims):
                for other in inputs.evidence[there].claims:
                    if not _belongs_elsewhere(claim, other, inputs.evidence[here]):
                        continue
                    stance = {"stance": claim.stance}
                    bad = other.model_copy(update=stance)
                    if not whole:
                        bad = claim.model_copy(update={"citations": other.citations})
                    draft = inputs.evidence[here]
                    claims = (*draft.claims[:at], bad, *draft.claims[at + 1 :])
                    what = f"a claim on {words_of(here)} rests on a quote that is about {words_of(there)}"
                    found.append(
                        KnownError(
                            ControlKind.OTHER_QUOTE,
                            f"evidence.{here.value}.claims.{at}",
                            what,
                            _with_evidence(inputs, here, draft.model_copy(update={"claims": claims})),
                        )
                    )
        yield found


def _belongs_elsewhere(claim: Claim, other: Claim, here: EvidenceDraft) -> bool:
    """Whether both rest on quotes, and none of the other's is cited in this dimension as it is."""
    cited = {(c.passage, c.quote) for one in here.claims for c in one.citations}
    return (
        claim.kind is ClaimKind.SOURCED
        and other.kind is ClaimKind.SOURCED
        and not cited & {(c.passage, c.quote) for c in other.citations}
    )


_OPTIONS: dict[ControlKind, Callable[[Inputs], Iterator[list[KnownError]]]] = {
    ControlKind.EVIDENCE_SIGN: _signs,
    ControlKind.TASK_SCORE: _scores,
    ControlKind.TIME_SHARES: _shares,
    ControlKind.CLAIM_DIRECTION: _directions,
    ControlKind.OTHER_QUOTE: _others,
}
"""Groups of errors by kind; those of a later group are taken when none of an earlier one goes unnoticed."""


def _groups(inputs: Inputs) -> Iterator[tuple[str, tuple[Claim, ...], Callable[[tuple[Claim, ...]], Inputs]]]:
    """Claims of evidence and tasks with their place, and what puts others in their place."""
    for name, draft in inputs.evidence.items():

        def put_evidence(claims: tuple[Claim, ...], name: EvidenceName = name, draft: EvidenceDraft = draft) -> Inputs:
            return _with_evidence(inputs, name, draft.model_copy(update={"claims": claims}))

        yield f"evidence.{name.value}", draft.claims, put_evidence
    for task in inputs.tasks:

        def put_task(claims: tuple[Claim, ...], task: TaskDraft = task) -> Inputs:
            return _with_task(inputs, task.model_copy(update={"claims": claims}))

        yield f"tasks.{task.id}", task.claims, put_task


def _with_evidence(inputs: Inputs, name: EvidenceName, draft: EvidenceDraft) -> Inputs:
    return inputs.model_copy(update={"evidence": {**inputs.evidence, name: draft}})


def _with_task(inputs: Inputs, task: TaskDraft) -> Inputs:
    return inputs.model_copy(update={"tasks": tuple(task if t.id == task.id else t for t in inputs.tasks)})


def words_of(name: EvidenceName) -> str:
    """A dimension as it is spoken of."""
    return name.value.replace("_", " ")


def section_of(place: str) -> Section:
    """The section that a control's place belongs to."""
    return Section(place.partition(".")[0])
