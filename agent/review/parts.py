"""The parts of an assessment that are looked at one by one: tasks, dimensions, barriers, growth, principles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from agent.publishing import words
from agent.schemas.base import Value
from agent.schemas.draft import Inputs
from agent.schemas.vocabulary import Section

Name = TypeVar("Name", bound=StrEnum)


class Part(Value):
    """A task or a dimension, with its number and its claims."""

    place: str
    """A task by its id, everything else by its name: `tasks.t3`, `evidence.wages`, `barriers.liability`, `growth`,
    `principles.judgment`. Unlike that of a claim it does not end in a number."""
    name: str
    """As it is printed."""
    section: Section
    group: str
    """Where its claims stand, for example `tasks.2.claims`."""


class StandingPart(Part):
    """A part of what waits for a decision, and who accepted it. That decides nothing."""

    accepted_by: tuple[str, ...] = ()
    """Whoever did so first stands first."""


def parts_of(inputs: Inputs) -> Iterator[Part]:
    """Every part in printed order."""
    for at, task in enumerate(inputs.tasks):
        yield Part(place=f"tasks.{task.id}", name=task.name, section=Section.TASKS, group=f"tasks.{at}.claims")
    yield from _named("evidence", inputs.evidence, words.EVIDENCE, Section.EVIDENCE)
    yield from _named("barriers", inputs.barriers, words.BARRIERS, Section.BARRIERS)
    yield Part(place="growth", name="Growth", section=Section.GROWTH, group="growth.claims")
    yield from _named("principles", inputs.principles, words.PRINCIPLES, Section.GROWTH)


def _named(group: str, drafted: Iterable[Name], names: Mapping[Name, str], section: Section) -> Iterator[Part]:
    there = set(drafted)
    for key, name in names.items():
        if key in there:
            place = f"{group}.{key.value}"
            yield Part(place=place, name=name, section=section, group=f"{place}.claims")


def names_part(place: str) -> bool:
    """Whether a place is spelled as that of a part, and not of a claim or of the whole."""
    return bool(place) and not place.rpartition(".")[2].isdecimal()


def part_at(inputs: Inputs, place: str) -> Part | None:
    """The part at a place, or the one that the claim there is of; `None` where there is none."""
    group = place.rpartition(".")[0]
    return next((part for part in parts_of(inputs) if place == part.place or group == part.group), None)


def accepted_words(parts: Sequence[StandingPart]) -> str:
    """How many parts somebody accepted, in words."""
    return f"{sum(bool(part.accepted_by) for part in parts)} of {len(parts)} parts accepted"
