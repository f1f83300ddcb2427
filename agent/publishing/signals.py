"""What one would see in the world when an input of the score moves, for each input and direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent.publishing import words
from agent.schemas.base import Value
from agent.schemas.scored import ScoreInputs, Step
from agent.schemas.vocabulary import BarrierName, EvidenceName
from agent.scoring import POLICY

EVIDENCE: Mapping[EvidenceName, tuple[str, str]] = {
    EvidenceName.JOB_POSTINGS: ("vacancies for the role rise", "vacancies for the role fall"),
    EvidenceName.COMPANY_ACTIONS: ("employers hire for the role", "employers cut such jobs and name AI"),
    EvidenceName.WAGES: ("its pay rises against comparable work", "its pay falls behind comparable work"),
    EvidenceName.TOOL_MATURITY: ("AI tools fall short of this work in real use", "AI tools do more of this work"),
    EvidenceName.EXPERT_CONSENSUS: (
        "experts come to expect that the role lasts",
        "experts come to expect that the role shrinks",
    ),
}
"""A dimension one higher, and one lower."""
BARRIERS: Mapping[BarrierName, tuple[str, str]] = {
    BarrierName.REGULATORY: ("a rule or licence comes to demand a person", "a rule or licence no longer demands one"),
    BarrierName.PHYSICAL: ("more of the work has to be done on site", "less of the work has to be done on site"),
    BarrierName.UNION: ("collective agreements come to limit AI", "collective agreements no longer limit AI"),
    BarrierName.LIABILITY: (
        "a person has to answer for more of the work",
        "vendors or insurers answer for what a person answered for",
    ),
    BarrierName.CULTURAL: (
        "clients or colleagues insist on a person",
        "clients and colleagues accept AI in a person's place",
    ),
}
GROWTH = ("the spread of AI brings more of this work", "the spread of AI brings less of this work")
TASKS = (
    "people do more of these tasks themselves, or lead them again",
    "AI does more of these tasks, with less help from people",
)
"""Fewer points of a task score, and more."""


class Signal(Value):
    """Something to look out for."""

    input: str
    """tasks, growth, or the dimension of evidence or the barrier that it would move."""
    name: str
    """The same as it is printed."""
    text: str
    """What one would see, as part of a sentence."""


def signals(inputs: ScoreInputs, steps: Sequence[Step], *, up: bool) -> tuple[Signal, ...]:
    """What one would see, each once and in formula order, if some of `steps` came true.

    `up` says that they raise the score. A total names each of its parts that is not at that end of its range; an
    unknown dimension counts from 0.
    """
    return tuple(_signals(inputs, {step.input for step in steps}, 0 if up else 1))


def _signals(inputs: ScoreInputs, moved: set[str], way: int) -> Iterator[Signal]:
    if any(name.startswith("task: ") for name in moved):
        yield Signal(input="tasks", name="Tasks", text=TASKS[way])
    if "evidence" in moved:
        end = (POLICY.evidence_score.high, POLICY.evidence_score.low)[way]
        for name, text in EVIDENCE.items():
            if inputs.evidence[name] != end:
                yield Signal(input=name.value, name=words.EVIDENCE[name], text=text[way])
    if "barriers" in moved:
        end = (POLICY.barrier_score.high, POLICY.barrier_score.low)[way]
        for barrier, text in BARRIERS.items():
            if inputs.barriers[barrier] != end:
                yield Signal(input=barrier.value, name=words.BARRIERS[barrier], text=text[way])
    if "growth" in moved:
        yield Signal(input="growth", name="Growth", text=GROWTH[way])
