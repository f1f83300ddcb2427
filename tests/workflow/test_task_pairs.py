"""Which task of a revision is which of another: what a redraft moved is no rename."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories_workflow import Desk

from agent.review.diff import changes, numbered_as
from agent.schemas.assessment import Assessment
from agent.web.beside import beside


@pytest.fixture
def before(open_at: Callable[..., Desk]) -> Assessment:
    desk = open_at()
    return desk.content(desk.start().id)


def with_tasks(content: Assessment, *places: int, **renamed: str) -> Assessment:
    """The tasks in another order, numbered by their places, and some with other names (by former name's place)."""
    tasks = content.inputs.tasks
    made = []
    for at, place in enumerate(places):
        name = renamed.get(f"t{place}", tasks[place].name)
        made.append(tasks[place].model_copy(update={"id": tasks[at].id, "name": name}))
    return content.model_copy(update={"inputs": content.inputs.model_copy(update={"tasks": tuple(made)})})


def test_tasks_that_a_redraft_moved_are_no_renames(before: Assessment) -> None:
    count = len(before.inputs.tasks)
    moved = with_tasks(before, count - 1, *range(count - 1))
    assert changes(before, moved) == (f"tasks: now in the order {', '.join(t.name for t in moved.inputs.tasks)}",)
    assert [t.id for t in numbered_as(before, moved).inputs.tasks] == [
        before.inputs.tasks[at].id for at in (count - 1, *range(count - 1))
    ]
    assert beside(before, moved, new="new", was="Before:", other="other") == {}


def test_a_task_that_was_moved_and_renamed_is_the_one_that_is_left(before: Assessment) -> None:
    count = len(before.inputs.tasks)
    moved = with_tasks(before, count - 1, *range(count - 1), t0="Quite another name")
    was = before.inputs.tasks[0].name
    assert f"task Quite another name: name {was} to Quite another name" in changes(before, moved)
    assert beside(before, moved, new="new", was="Before:", other="other") == {"inputs.tasks.1.name": f"Before: “{was}”"}


def test_a_task_that_was_not_there_is_added_under_an_id_of_its_own(before: Assessment) -> None:
    first, *rest = before.inputs.tasks
    fewer = before.model_copy(update={"inputs": before.inputs.model_copy(update={"tasks": tuple(rest)})})
    renumbered = with_tasks(before, *range(len(before.inputs.tasks)))
    assert changes(fewer, renumbered)[0] == f"task {first.name}: added"
    assert f"task {first.name}: removed" in changes(renumbered, fewer)
