"""Does the rationale justify the score? What a judge of that is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.drafting.prompts import read_prompt
from agent.schemas.draft import Claim
from agent.schemas.text import one_line
from agent.schemas.vocabulary import Section
from agent.shipped import shipped_path
from evals.suites.drafts import Draft

SECTIONS = (Section.TASKS, Section.EVIDENCE, Section.BARRIERS, Section.GROWTH)
STEPS = (
    "Read the rules in the input: what each score of the scale means, and what the section must state.",
    "For every scored item in the actual output, decide from its claims alone which score the rules give. "
    "Do not use knowledge of your own about the occupation.",
    "Count the items whose given score is the one that the claims support; an item that is one step away counts half, "
    "one that is further away or whose claims say nothing about its score counts nothing.",
    "Score the actual output by the share of items that count: 10 if all do, 5 if half do, 0 if none does.",
)
"""Fixed, so that the judge is never asked to invent them."""
CONTROL = (
    "Task: Typing handwritten forms into a database. Score 1. Bucket: not_involved.\n"
    "- Since 2024 the tool FormReader has read and stored 99% of these forms from end to end without review.\n"
    "Task: Persuading a reluctant department after a failed migration. Score 5. Bucket: displacement.\n"
    "- No tool takes part in these talks; they rest on trust between people."
)
"""Scores turned around: the claims say the opposite of each."""


def rules_of(section: Section) -> str:
    """The rules as the drafter was given them."""
    return read_prompt(shipped_path("prompts") / f"{section.value}.md").system


def scored_items(draft: Draft, section: Section) -> str:
    """The scores of a section, each with the claims that stand under it."""
    return "\n".join(_items(draft, section))


def _items(draft: Draft, section: Section) -> Iterator[str]:
    inputs = draft.inputs
    if section is Section.TASKS:
        for task in inputs.tasks:
            yield f"Task: {task.name}. Share {task.share}%. Score {task.score}. Bucket: {task.bucket.value}."
            yield from _lines(task.claims)
    elif section is Section.EVIDENCE:
        for evidence, dimension in inputs.evidence.items():
            score = "not enough evidence" if dimension.score is None else f"{dimension.score:+d}"
            yield f"Dimension {evidence.value}: {score}."
            yield from _lines(dimension.claims)
    elif section is Section.BARRIERS:
        for name, barrier in inputs.barriers.items():
            yield f"Barrier {name.value}: {barrier.score}."
            yield from _lines(barrier.claims)
    else:
        for principle, part in inputs.principles.items():
            yield f"Principle {principle.value}: {part.score}."
            yield from _lines(part.claims)
        yield f"Growth: {inputs.growth.score:+d}."
        yield from _lines(inputs.growth.claims)


def _lines(claims: Sequence[Claim]) -> Iterator[str]:
    yield from (f"- ({claim.stance.value}) {one_line(claim.text)}" for claim in claims)
