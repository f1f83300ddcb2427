"""The way from one published role to another is computed, and no sentence on it is false in any direction."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories_publications import FIVE, Task, a_content, a_file, a_subject
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from agent.errors import Conflict, InvalidInput, NotFound
from agent.registry.mapping import TaskMapping, TaskPair, given_pairs
from agent.registry.roles import Subject, subject_of_file
from agent.registry.transition_words import sentences
from agent.registry.transitions import Transition, transition
from agent.registry.transitions_view import transition_view
from agent.schemas.assessment import Assessment
from agent.schemas.base import content_hash
from agent.scoring.policy import POLICY

UPWARD = re.compile(r"\b(?:up|upwards?|higher|gain\w*|safer|better|ris\w+|improv\w+|above|protected)\b", re.IGNORECASE)
DOWNWARD = re.compile(r"\b(?:down|downwards?|lower|los\w+|riskier|worse|fall\w*|drop\w*|below)\b", re.IGNORECASE)


def mapped(a: Subject, b: Subject, *pairs: tuple[str, str], status: str = "suggested") -> TaskMapping:
    by = {"reviewer": "Ada Marsh", "confirmed_at": "2026-11-20T10:30:00Z"} if status == "confirmed" else {}
    return TaskMapping.model_validate(
        {
            "status": status,
            "from": a.revision,
            "to": b.revision,
            "pairs": [TaskPair(from_=one, to=two) for one, two in pairs],
            **by,
        }
    )


def a_way(folder: Path, a: Assessment, b: Assessment, *pairs: tuple[str, str], status: str = "suggested") -> Transition:
    one, two = a_subject(folder, a), a_subject(folder, b)
    return transition(one, two, mapped(one, two, *pairs, status=status))


def test_every_number_of_a_way_is_computed(tmp_path: Path) -> None:
    a = a_content("One", tasks=(("a", 30, 4), ("b", 30, 3), ("c", 20, 3), ("d", 10, 2), ("e", 10, 2)))
    b = a_content(
        "Two",
        tasks=(("v", 10, 2), ("w", 50, 2), ("x", 20, 3), ("y", 10, 2), ("z", 10, 1)),
        evidence=(1, 0, 0, 0, -2),
        barriers=(1, 0, 2, 0, 0),
        growth=1,
    )
    way = a_way(tmp_path, a, b, ("t1", "t1"), ("t2", "t2"), ("t3", "t3"))
    kept = [(pair.from_.name, pair.to.name, pair.shared) for pair in way.kept]
    assert kept == [("a", "v", 10), ("b", "w", 30), ("c", "x", 20)]
    assert way.kept_share == 60
    assert [task.name for task in way.lost] == ["d", "e"]
    assert [task.name for task in way.gained] == ["y", "z"]
    found = way.differences
    assert (found.score.from_, found.score.to) == (way.from_.score, way.to.score)
    assert found.score.change == pytest.approx(way.to.score - way.from_.score)
    assert (found.task_resistance.from_, found.task_resistance.to, found.task_resistance.change) == (
        "2.90",
        "3.90",
        "1.00",
    )
    assert (found.evidence.from_, found.evidence.to, found.evidence.change) == (0, -1, -1)
    assert (found.barriers.change, found.growth.change) == (3, 1)
    assert (found.zone.from_, found.zone.to) == (way.from_.zone, way.to.zone)
    assert way.direction == "up"
    assert not way.change_of_version


def test_the_share_that_is_kept_is_the_same_the_other_way_round(tmp_path: Path) -> None:
    a = a_content("One", tasks=(("a", 60, 3), *((name, 10, 3) for name in "bcde")))
    b = a_content("Two", tasks=(("v", 20, 3), *((name, 20, 3) for name in "wxyz")))
    there = a_way(tmp_path, a, b, ("t1", "t1"), ("t2", "t3"))
    back = a_way(tmp_path, b, a, ("t1", "t1"), ("t3", "t2"))
    assert there.kept_share == back.kept_share == 30


@st.composite
def two_contents(draw: st.DrawFn) -> tuple[Assessment, Assessment]:
    """Two roles, or two versions of one; every third pair has the same numbers in another order, and so one score."""

    def content(title: str) -> tuple[str, list[Task], list[int], list[int], int]:
        scores = draw(st.lists(st.integers(1, 5), min_size=5, max_size=5))
        evidence = draw(st.lists(st.integers(-2, 2), min_size=5, max_size=5))
        barriers = draw(st.lists(st.integers(0, 2), min_size=5, max_size=5))
        tasks = [(name, share, points) for (name, share, _), points in zip(FIVE, scores, strict=True)]
        return title, tasks, evidence, barriers, draw(st.integers(-2, 2))

    title, tasks, evidence, barriers, growth = content("One")
    other = draw(st.sampled_from(("One", "Two")))
    if draw(st.sampled_from((True, False, False))):
        second = (other, [(f"more {name}", *rest) for name, *rest in tasks[::-1]], evidence[::-1], barriers, growth)
    else:
        second = content(other)
    policies = draw(st.lists(st.sampled_from((POLICY.version, "aijri-1.0.0")), min_size=2, max_size=2))
    one, two = (
        a_content(name, tasks=rows, evidence=signals, barriers=walls, growth=g, policy=policy)
        for (name, rows, signals, walls, g), policy in zip(
            ((title, tasks, evidence, barriers, growth), second), policies, strict=True
        )
    )
    return one, two


PAIR = st.tuples(st.integers(1, 5), st.integers(1, 5))
PAIRS = st.lists(PAIR, max_size=5, unique_by=(lambda pair: pair[0], lambda pair: pair[1]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=two_contents(), pairs=PAIRS)
def test_no_sentence_says_up_of_a_fall_or_down_of_a_rise(
    tmp_path: Path, contents: tuple[Assessment, Assessment], pairs: list[tuple[int, int]]
) -> None:
    a, b = contents
    assume(a.revision() != b.revision())
    one, two = a_subject(tmp_path, a), a_subject(tmp_path, b, version=2)
    way = transition(one, two, mapped(one, two, *((f"t{x}", f"t{y}") for x, y in pairs)))
    said = " ".join(sentences(way))
    change = round(way.to.score * 10) - round(way.from_.score * 10)
    assert bool(UPWARD.search(said)) == (change > 0), said
    assert bool(DOWNWARD.search(said)) == (change < 0), said
    assert (f"{abs(change) / 10:.1f} points" in said) == (change != 0)
    assert ("the same score" in said) == (change == 0)
    assert way.direction == ("up" if change > 0 else "down" if change < 0 else "level")
    assert (f"by policy {way.from_.policy}" in said) == (way.from_.policy != way.to.policy)
    assert said.count(way.mapping.words) == (3 if way.kept else 2)


def test_a_pattern_of_direction_finds_what_it_is_for() -> None:
    for text in ("it scores higher", "a gain of 3", "safer there", "moves up"):
        assert UPWARD.search(text)
    for text in ("it scores lower", "the score falls", "a loss"):
        assert DOWNWARD.search(text)


def test_the_scores_of_an_upward_a_level_and_a_downward_move_are_said(tmp_path: Path) -> None:
    low = a_content("Low", tasks=tuple((name, share, 4) for name, share, _ in FIVE))
    high, even = a_content("High"), a_content("Even")
    assert sentences(a_way(tmp_path, low, high))[0] == (
        "High (Senior) v1 scores 12.6 points higher than Low (Senior) v1: 31.0 against 18.4 of 100."
    )
    assert sentences(a_way(tmp_path, high, low))[0] == (
        "Low (Senior) v1 scores 12.6 points lower than High (Senior) v1: 18.4 against 31.0 of 100."
    )
    assert sentences(a_way(tmp_path, high, even))[0] == (
        "Even (Senior) v1 has the same score as High (Senior) v1: 31.0 of 100."
    )


def test_how_the_same_work_is_scored_in_the_other_role_is_counted(tmp_path: Path) -> None:
    a = a_content("One", tasks=tuple((name, 20, 3) for name in "abcde"))
    b = a_content("Two", tasks=tuple((name, 20, points) for name, points in zip("vwxyz", (3, 4, 5, 1, 2), strict=True)))
    said = sentences(a_way(tmp_path, a, b, *((f"t{at}", f"t{at}") for at in range(1, 5))))
    assert said[-1] == (
        "Of the kept tasks (suggested mapping, not confirmed), as scored in Two (Senior) v1, 1 has the same task "
        "score, 2 are nearer to automation, 1 is further from automation."
    )


def test_two_versions_of_a_role_are_a_change_of_version(tmp_path: Path) -> None:
    before, after = a_subject(tmp_path, a_content()), a_subject(tmp_path, a_content(growth=1), version=2)
    way = transition(before, after, mapped(before, after))
    assert way.change_of_version
    assert "These are two versions of one role: a change of version, not a move to another role." in sentences(way)
    assert "version" not in " ".join(sentences(a_way(tmp_path, a_content("One"), a_content("Two"))))


def test_equal_versions_of_two_homes_are_told_apart(tmp_path: Path) -> None:
    one, two = a_subject(tmp_path / "a", a_content()), a_subject(tmp_path / "b", a_content(growth=1))
    first = sentences(transition(one, two, mapped(one, two)))[0]
    assert f"({one.revision[7:15]})" in first
    assert f"({two.revision[7:15]})" in first


def test_an_overridden_score_is_said_to_be_a_reviewers(tmp_path: Path) -> None:
    said = sentences(a_way(tmp_path, a_content("One"), a_content("Two", overridden=34.0)))
    assert "The score of Two (Senior) v1 was set by a reviewer; the formula gives 31.0." in said


def test_a_role_and_itself_are_refused(tmp_path: Path) -> None:
    role = a_subject(tmp_path, a_content())
    with pytest.raises(InvalidInput, match=r"Release Engineer \(Senior\) v1 was compared with itself"):
        transition(role, role, mapped(role, role))


def test_a_confirmed_mapping_is_shown_with_who_confirmed_it(tmp_path: Path) -> None:
    way = a_way(tmp_path, a_content("One"), a_content("Two"), ("t1", "t1"), status="confirmed")
    view = transition_view(way)
    assert (view.confirmed, view.mapping) == (True, "mapping confirmed by Ada Marsh")
    assert "not confirmed" not in " ".join(view.sentences)


def test_the_view_holds_every_cell_as_it_is_printed(tmp_path: Path) -> None:
    a, b = a_content("One", evidence=(1, 0, 0, 0, 0)), a_content("Two", barriers=(1, 0, 0, 0, 0), growth=-1)
    view = transition_view(a_way(tmp_path, a, b, ("t2", "t1")))
    assert [(row.name, row.before, row.after, row.change) for row in view.differences] == [
        ("Score", "32.5", "29.8", "−2.7"),
        ("Zone", "Yellow", "Yellow", ""),
        ("Task resistance", "3.00", "3.00", "0.00"),
        ("Evidence", "+1", "0", "−1"),
        ("Barriers", "0", "1", "+1"),
        ("Growth", "0", "−1", "−1"),
    ]
    assert (view.before.name, view.before.version, view.before.folder) == ("One (Senior)", "v1", "one-senior/v1")
    [pair] = view.kept
    assert (pair.before.name, pair.after.name, pair.shared, pair.similarity) == ("building", "planning", "20%", "")
    assert (len(view.lost), len(view.gained), view.kept_share) == (4, 4, "20%")


# the mapping that a person writes down


def test_the_mapping_of_a_file_may_be_turned_round_and_stand_in_what_json_prints(tmp_path: Path) -> None:
    a, b = a_subject(tmp_path, a_content("One")), a_subject(tmp_path, a_content("Two"))
    plain = {"from": a.revision, "to": b.revision, "pairs": [{"from": "t1", "to": "t3"}]}
    turned = mapped(b, a, ("t3", "t1")).model_dump(mode="json", by_alias=True)
    for document in (plain, {"ok": True, "mapping": plain}, turned):
        assert given_pairs(document, a, b, "m.json") == (("t1", "t3"),)


def test_a_mapping_of_other_revisions_is_a_conflict(tmp_path: Path) -> None:
    a, b, c = (a_subject(tmp_path, a_content(title)) for title in ("One", "Two", "Three"))
    with pytest.raises(Conflict, match=r"m\.json maps "):
        given_pairs(mapped(a, c).model_dump(by_alias=True), a, b, "m.json")


def test_every_breach_of_a_mapping_is_named(tmp_path: Path) -> None:
    a, b = a_subject(tmp_path, a_content("One")), a_subject(tmp_path, a_content("Two"))
    document = mapped(a, b, ("t1", "t1"), ("t1", "t2"), ("t9", "t2")).model_dump(mode="json", by_alias=True)
    with pytest.raises(InvalidInput) as caught:
        given_pairs(document, a, b, "m.json")
    assert [problem.partition(",")[0] for problem in caught.value.problems] == [
        "task t1 of One (Senior) v1 stands in 2 pairs",
        "One (Senior) v1 has no task 't9'",
        "task t2 of Two (Senior) v1 stands in 2 pairs",
    ]


@pytest.mark.parametrize("document", [None, [], "words", {}, {"pairs": []}, {"mapping": 3}, {"from": "a", "to": "b"}])
def test_what_is_no_mapping_is_refused(document: object, tmp_path: Path) -> None:
    a, b = a_subject(tmp_path, a_content("One")), a_subject(tmp_path, a_content("Two"))
    with pytest.raises(InvalidInput, match=r"m\.json is no mapping of tasks"):
        given_pairs(document, a, b, "m.json")


# reading


def test_a_file_that_was_changed_or_is_none_is_refused(tmp_path: Path) -> None:
    file = a_file(tmp_path, a_content())
    file.write_text(file.read_text(encoding="utf-8").replace('"planning"', '"plotting"'), encoding="utf-8")
    with pytest.raises(InvalidInput, match="is not what was published"):
        subject_of_file(file.parent, ())
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInput, match="cannot be read"):
        subject_of_file(file, ())
    with pytest.raises(NotFound, match="There is no published assessment at"):
        subject_of_file(tmp_path, ())
    with pytest.raises(InvalidInput, match="cannot be read"):
        subject_of_file(tmp_path / ("x" * 300), ())


@pytest.mark.parametrize("missing", ["result", "ids"])
def test_a_content_without_a_score_or_with_equal_task_ids_cannot_be_compared(missing: str, tmp_path: Path) -> None:
    content = a_content()
    if missing == "result":
        content = content.model_copy(update={"result": None})
    else:
        tasks = tuple(task.model_copy(update={"id": "t1"}) for task in content.inputs.tasks)
        content = content.model_copy(update={"inputs": content.inputs.model_copy(update={"tasks": tasks})})
    assert content_hash(content.document()) == content.revision()
    with pytest.raises(InvalidInput, match="has no score" if missing == "result" else "several tasks of the id t1"):
        a_subject(tmp_path, content)
