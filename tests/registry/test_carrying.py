"""A confirmed mapping holds for later versions of both roles as long as no task changed, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from factories_publications import FIVE, Task, a_content, likeness, publish

from agent.errors import InvalidInput
from agent.registry.carrying import ConfirmedMappings
from agent.registry.mapping import TaskMapping, given_pairs
from agent.registry.roles import Subject, subject_of_file, subject_of_row
from agent.registry.transition_words import origin
from agent.registry.transitions import transition
from agent.registry.transitions_view import transition_view
from agent.review.service import Reviewer
from agent.store.accounts import AccountStore
from agent.store.database import Database
from agent.store.publications import PublicationRow, PublicationStore
from agent.store.stamps import SystemStamps
from agent.store.task_mappings import TaskMappingRow, TaskMappingStore
from agent.workflow.comparing import Comparer

RENAMED: tuple[Task, ...] = (("planning ahead", 20, 3), *FIVE[1:])
SIX: tuple[Task, ...] = (*FIVE[:4], ("advising", 10, 3), ("archiving", 10, 3))
SWAPPED: tuple[Task, ...] = (FIVE[1], FIVE[0], *FIVE[2:])
"""The same names under other ids."""
RESCORED: tuple[Task, ...] = (("planning", 30, 2), ("building", 10, 2), *FIVE[2:])


class Registry:
    """Publications of a home and what was confirmed of them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.rows: list[PublicationRow] = []
        self.kept: list[TaskMappingRow] = []

    def publish(self, title: str, tasks: Sequence[Task] = FIVE, **values: int) -> Subject:
        self.rows.append(publish(self.home, a_content(title, tasks=tasks, **values)))
        return subject_of_row(self.rows[-1])

    def confirm(self, a: Subject, b: Subject, *pairs: tuple[str, str], at: str = "2026-11-21", by: str = "Ada") -> None:
        first, second = (a, b) if a.revision < b.revision else (b, a)
        ordered = pairs if first is a else tuple((two, one) for one, two in pairs)
        self.kept.append(
            TaskMappingRow(
                first=first.revision,
                second=second.revision,
                pairs=ordered,
                reviewer=by,
                auth="local-unverified",
                channel="terminal",
                confirmed_at=f"{at}T08:00:00Z",
            )
        )

    def of(self, a: Subject, b: Subject) -> TaskMapping | None:
        return ConfirmedMappings(self.kept, self.rows).of(a, b)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


def pairs_of(mapping: TaskMapping | None) -> list[tuple[str, str]]:
    assert mapping is not None
    return [(pair.from_, pair.to) for pair in mapping.pairs]


@pytest.mark.parametrize("tasks", [FIVE, RESCORED])
def test_a_mapping_holds_for_a_later_version_with_the_same_tasks_and_names_what_was_looked_at(
    registry: Registry, tasks: Sequence[Task]
) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    registry.confirm(one, two, ("t1", "t2"), ("t3", "t1"))
    later = registry.publish("One", tasks, growth=1)
    found = registry.of(later, two)
    assert found is not None
    assert found.model_dump(mode="json", by_alias=True) == {
        "status": "carried",
        "from": one.revision,
        "to": two.revision,
        "pairs": [{"from": "t1", "to": "t2", "similarity": None}, {"from": "t3", "to": "t1", "similarity": None}],
        "embedding": None,
        "threshold": None,
        "reviewer": "Ada",
        "auth": "local-unverified",
        "channel": "terminal",
        "confirmed_at": "2026-11-21T08:00:00Z",
        "versions": {"from": 1, "to": 1},
        "carried_to": {"from": later.revision, "to": two.revision},
    }
    assert registry.of(two, later) == found.turned()
    assert found.turned().turned() == found
    assert found.words == "mapping confirmed by Ada on 2026-11-21 for v1 and v1, carried over"
    assert origin(found) == (
        "Ada (name not verified) went through the tasks of v1 of the first and v1 of the second and confirmed the "
        "pairs on 2026-11-21; they carry over, since every task has the id and the name that it had there."
    )


@pytest.mark.parametrize(("were", "tasks"), [(FIVE, RENAMED), (SIX, FIVE), (FIVE, SIX), (FIVE, SWAPPED)])
@pytest.mark.parametrize("side", [0, 1])
def test_a_renamed_removed_added_or_renumbered_task_carries_nothing_over(
    registry: Registry, were: Sequence[Task], tasks: Sequence[Task], side: int
) -> None:
    before = [registry.publish("One", were), registry.publish("Two", were)]
    registry.confirm(before[0], before[1], ("t2", "t2"))
    now = list(before)
    now[side] = registry.publish(("One", "Two")[side], tasks)
    assert registry.of(now[0], now[1]) is None
    assert registry.of(now[1], now[0]) is None


def test_what_was_confirmed_of_the_very_revisions_comes_first_also_where_it_is_older(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    later = registry.publish("One", growth=1)
    registry.confirm(later, two, ("t5", "t5"), at="2026-11-20")
    registry.confirm(one, two, ("t1", "t1"), at="2026-11-25")
    found = registry.of(later, two)
    assert found is not None
    assert (found.status, pairs_of(found), found.versions) == ("confirmed", [("t5", "t5")], None)


def test_of_several_the_one_that_was_confirmed_last_carries_over(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    second = registry.publish("One", growth=1)
    registry.confirm(second, two, ("t2", "t2"), at="2026-11-23", by="Ben")
    registry.confirm(one, two, ("t1", "t1"), at="2026-11-24")
    third, other = registry.publish("One", growth=2), registry.publish("Two", growth=1)
    assert pairs_of(registry.of(third, other)) == [("t1", "t1")]
    registry.kept.reverse()
    assert pairs_of(registry.of(third, other)) == [("t1", "t1")]


def test_a_later_mapping_with_other_tasks_is_passed_over_for_an_earlier_one_with_the_same(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    renamed = registry.publish("One", RENAMED)
    registry.confirm(one, two, ("t1", "t1"))
    registry.confirm(renamed, two, ("t2", "t2"), at="2026-11-27")
    back = registry.publish("One", growth=1)
    assert pairs_of(registry.of(back, two)) == [("t1", "t1")]


def test_nothing_carries_over_to_an_earlier_version_or_to_another_role(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    later, other = registry.publish("One", growth=1), registry.publish("Three")
    registry.confirm(later, two, ("t1", "t1"))
    assert registry.of(one, two) is None
    assert registry.of(later, other) is None
    assert registry.of(one, other) is None


def test_a_mapping_of_versions_of_one_role_keeps_the_earlier_side_earlier(registry: Registry) -> None:
    first, second = registry.publish("One"), registry.publish("One", growth=1)
    registry.confirm(first, second, ("t1", "t2"))
    third = registry.publish("One", growth=2)
    assert pairs_of(registry.of(second, third)) == [("t1", "t2")]
    assert pairs_of(registry.of(third, second)) == [("t2", "t1")]


def test_a_file_of_another_home_carries_nothing_over(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    registry.confirm(one, two, ("t1", "t1"))
    later = registry.publish("One", growth=1)
    elsewhere = subject_of_file(Path(later.role.path), ())
    assert registry.of(later, two) is not None
    assert registry.of(elsewhere, two) is None


def test_an_earlier_version_that_was_withdrawn_still_counts(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    registry.confirm(one, two, ("t1", "t1"))
    later = registry.publish("One", growth=1)
    db = Database.of_home(registry.home)
    try:
        store = PublicationStore(db, SystemStamps())
        said = {"reviewer": "Ada", "auth": "local-unverified", "channel": "script", "reason": "Wrong score"}
        store.withdraw(one.assessment, one.revision, **said)
        registry.rows = list(store.done())
    finally:
        db.close()
    assert [row.withdrawn is not None for row in registry.rows] == [True, False, False]
    assert pairs_of(registry.of(later, two)) == [("t1", "t1")]


def test_an_earlier_version_that_cannot_be_read_carries_nothing_over(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    registry.confirm(one, two, ("t1", "t1"))
    later = registry.publish("One", growth=1)
    (Path(registry.rows[0].path) / "assessment.json").unlink()
    assert registry.of(later, two) is None


def test_a_carried_mapping_shows_itself_wherever_kept_lost_and_gained_tasks_are(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    registry.confirm(one, two, ("t1", "t1"))
    later = registry.publish("One", growth=1)
    found = registry.of(later, two)
    assert found is not None
    view = transition_view(transition(later, two, found))
    assert (view.confirmed, view.mapping) == (True, found.words)
    assert sum(found.words in sentence for sentence in view.sentences) == 3
    assert "not confirmed" not in " ".join(view.sentences)


def test_a_carried_mapping_that_json_printed_can_be_confirmed_of_the_present_versions(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    registry.confirm(one, two, ("t1", "t2"))
    later = registry.publish("One", growth=1)
    found = registry.of(later, two)
    assert found is not None
    printed = found.model_dump(mode="json", by_alias=True)
    assert given_pairs({"mapping": printed}, later, two, "m.json") == (("t1", "t2"),)
    assert given_pairs(printed, two, later, "m.json") == (("t2", "t1"),)
    with pytest.raises(InvalidInput, match=r"versions\.from"):
        given_pairs({**printed, "versions": {"from": "one", "to": 1}}, later, two, "m.json")


def test_what_was_confirmed_and_each_earlier_version_are_read_once_for_all_pairs(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [registry.publish(f"Role {at}") for at in range(5)]
    db = Database.of_home(registry.home)
    read: list[str] = []

    def counted(row: PublicationRow) -> Subject:
        read.append(row.revision)
        return subject_of_row(row)

    try:
        comparer = Comparer(
            PublicationStore(db, SystemStamps()),
            TaskMappingStore(db, SystemStamps()),
            likeness({}),
            "words-1",
            AccountStore(db, SystemStamps()),
        )
        for at, one in enumerate(before):
            for two in before[at + 1 :]:
                comparer.confirm(one, two, [("t1", "t1")], Reviewer(name="Ada Marsh", channel="script"))
        now = [registry.publish(f"Role {at}", growth=1) for at in range(5)]
        statements: list[str] = []
        opened = db.read
        monkeypatch.setattr(db, "read", lambda: statements.append("read") or opened())
        mapping_of = comparer.mapping_of()
        mapped = [mapping_of(one, two) for at, one in enumerate(now) for two in now[at + 1 :]]
        assert [mapping.status for mapping in mapped] == ["carried"] * 10
        assert len(statements) == 2
        known = ConfirmedMappings(comparer.mappings.all(), comparer.publications.done(), counted)
        assert all(known.of(one, two) is not None for at, one in enumerate(now) for two in now[at + 1 :])
        assert sorted(read) == sorted(one.revision for one in before)
    finally:
        db.close()


def test_the_same_content_published_again_names_the_version_that_was_looked_at(registry: Registry) -> None:
    one, two = registry.publish("One"), registry.publish("Two")
    registry.rows = [row.model_copy(update={"published_at": "2026-11-20T08:00:00Z"}) for row in registry.rows]
    registry.confirm(one, two, ("t1", "t2"))
    again = registry.rows[0].model_copy(update={"version": 2, "published_at": "2026-11-22T08:00:00Z"})
    registry.rows.append(again)
    later = subject_of_row(again)
    assert (later.revision, later.role.version) == (one.revision, 2)

    found, turned = registry.of(later, two), registry.of(two, later)
    assert found is not None and turned is not None and pairs_of(found) == [("t1", "t2")]
    assert found.words == "mapping confirmed by Ada on 2026-11-21 for v1 and v1, carried over"
    assert origin(found).startswith("Ada (name not verified) went through the tasks of v1 of the first and v1 of the")
    assert turned.versions is not None and pairs_of(turned) == [("t2", "t1")]
    first = registry.of(one, two)
    assert first is not None and first.status == "confirmed" and first.versions is None

    registry.confirm(later, two, ("t1", "t2"), at="2026-11-23")
    now = registry.of(later, two)
    assert now is not None and now.status == "confirmed" and now.versions is None
