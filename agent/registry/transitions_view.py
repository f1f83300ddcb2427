"""The panel on transitions as a plain value, ready for a template: every cell is printed as it stands.

The panel of a page depends on what else is published, so that it is no part of the page whose hash was approved: a
site renders it into a copy of the page and beside it. The terminal prints the same value.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.publishing.words import ZONES, signed
from agent.registry.next_roles import NextRoles
from agent.registry.roles import PublishedRole
from agent.registry.transition_words import origin, sentences, signed_digits
from agent.registry.transitions import RoleTask, Transition


@dataclass(frozen=True)
class RoleView:
    """A published role: always with its version."""

    name: str
    """Role and level."""
    version: str
    """`v2`."""
    folder: str
    """`SLUG/v2`, its folder below the publish folder."""
    score: str
    label: str
    zone: str


@dataclass(frozen=True)
class TaskView:
    """A task of one of the roles."""

    id: str
    name: str
    share: str
    score: str


@dataclass(frozen=True)
class KeptView:
    """A task of one role and the same work in the other."""

    before: TaskView
    after: TaskView
    shared: str
    similarity: str
    """Empty in a confirmed mapping."""


@dataclass(frozen=True)
class DifferenceView:
    """A number in both roles."""

    name: str
    before: str
    after: str
    change: str
    """With its sign; empty for the zone."""


@dataclass(frozen=True)
class TransitionView:
    """The way from one published role to another."""

    before: RoleView
    after: RoleView
    headline: str
    sentences: tuple[str, ...]
    """Those after the headline."""
    differences: tuple[DifferenceView, ...]
    mapping: str
    """How far the mapping can be relied on; printed wherever kept, lost or gained tasks are."""
    origin: str
    """Where the mapping comes from, in a sentence."""
    confirmed: bool
    """By a person, of these versions or of earlier ones with the same tasks."""
    kept_share: str
    kept: tuple[KeptView, ...]
    lost: tuple[TaskView, ...]
    gained: tuple[TaskView, ...]


@dataclass(frozen=True)
class NextView:
    """A role to look at next."""

    role: RoleView
    shared: str
    gain: str
    reason: str
    transition: TransitionView


@dataclass(frozen=True)
class TransitionsView:
    """Where to look next from one published role."""

    role: RoleView
    sentence: str
    items: tuple[NextView, ...]
    left_out: tuple[str, ...]


def transitions_view(found: NextRoles) -> TransitionsView:
    """The panel of a page: where to look next, each with the way there."""
    return TransitionsView(
        role=role_view(found.from_),
        sentence=found.sentence,
        items=tuple(
            NextView(
                role=role_view(item.to),
                shared=f"{item.shared}%",
                gain=signed(item.gain),
                reason=item.reason,
                transition=transition_view(item.transition),
            )
            for item in found.items
        ),
        left_out=tuple(f"{left.role} ({left.seniority}) v{left.version}: {left.reason}" for left in found.left_out),
    )


def transition_view(way: Transition) -> TransitionView:
    """One way, in the order of the panel."""
    said = sentences(way)
    return TransitionView(
        before=role_view(way.from_),
        after=role_view(way.to),
        headline=said[0],
        sentences=said[1:],
        differences=_differences(way),
        mapping=way.mapping.words,
        origin=origin(way.mapping),
        confirmed=way.mapping.by_person,
        kept_share=f"{way.kept_share}%",
        kept=tuple(
            KeptView(
                before=_task(pair.from_),
                after=_task(pair.to),
                shared=f"{pair.shared}%",
                similarity="" if pair.similarity is None else f"{pair.similarity:.2f}",
            )
            for pair in way.kept
        ),
        lost=tuple(_task(task) for task in way.lost),
        gained=tuple(_task(task) for task in way.gained),
    )


def role_view(role: PublishedRole) -> RoleView:
    """A published role as it is named wherever another one is."""
    return RoleView(
        name=role.name,
        version=f"v{role.version}",
        folder=f"{role.slug}/v{role.version}",
        score=f"{role.score:.1f}",
        label=role.label,
        zone=role.zone.value,
    )


def _task(task: RoleTask) -> TaskView:
    return TaskView(id=task.id, name=task.name, share=f"{task.share}%", score=str(task.score))


def _differences(way: Transition) -> tuple[DifferenceView, ...]:
    of = way.differences
    resistance = of.task_resistance
    return (
        DifferenceView("Score", f"{of.score.from_:.1f}", f"{of.score.to:.1f}", signed(of.score.change)),
        DifferenceView("Zone", ZONES[of.zone.from_], ZONES[of.zone.to], ""),
        DifferenceView("Task resistance", resistance.from_, resistance.to, signed_digits(resistance.change)),
        DifferenceView("Evidence", signed(of.evidence.from_), signed(of.evidence.to), signed(of.evidence.change)),
        DifferenceView("Barriers", str(of.barriers.from_), str(of.barriers.to), signed(of.barriers.change)),
        DifferenceView("Growth", signed(of.growth.from_), signed(of.growth.to), signed(of.growth.change)),
    )
