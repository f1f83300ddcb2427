"""Where to look next: only roles that score higher and share enough work, each with a reason that is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories_publications import FIVE, a_content, a_subject, likeness

from agent.registry.mapping import TaskMapping
from agent.registry.matching import suggested
from agent.registry.next_roles import LEAST_SHARED, LeftOut, MappingOf, NextRoles, next_roles
from agent.registry.roles import Subject
from agent.registry.transitions_view import transitions_view
from agent.scoring.policy import POLICY

LOW = a_content("Low", tasks=tuple((name, share, 4) for name, share, _ in FIVE))


def sharing(*names: str) -> MappingOf:
    """Suggests the tasks of these names as the same work in every role."""
    alike = likeness({(name, name): 0.9 for name in names})

    def mapping_of(a: Subject, b: Subject) -> TaskMapping:
        return suggested(a, b, alike, embedding="words-1")

    return mapping_of


def looked(folder: Path, *titles_and_growth: tuple[str, int], names: tuple[str, ...] = ("planning",)) -> NextRoles:
    of = a_subject(folder, LOW)
    others = [a_subject(folder, a_content(title, growth=growth)) for title, growth in titles_and_growth]
    return next_roles(of, others, sharing(*names))


def test_roles_are_ranked_by_shared_work_and_gain(tmp_path: Path) -> None:
    wide = a_content("Wide", tasks=tuple((name, share, 3) for name, share, _ in FIVE))
    high = a_content("High", tasks=(("planning", 20, 1), *((f"other {at}", 20, 1) for at in range(4))))
    some = a_content("Some", tasks=(("planning", 20, 3), *((f"other {at}", 20, 3) for at in range(4))))
    of, others = a_subject(tmp_path, LOW), [a_subject(tmp_path, content) for content in (some, high, wide)]
    found = next_roles(of, others, sharing(*(name for name, _, _ in FIVE)))
    assert [(item.to.role, item.shared, item.gain) for item in found.items] == [
        ("Wide", 100, 12.6),
        ("High", 20, 37.8),
        ("Some", 20, 12.6),
    ]


def test_a_reason_says_what_is_shared_how_sure_that_is_and_what_is_gained(tmp_path: Path) -> None:
    found = looked(tmp_path, ("High", 0), names=("planning", "building", "checking"))
    [item] = found.items
    assert item.reason == (
        "High (Senior) v1 shares 60% of the working time of Low (Senior) v1, most of it “planning” (20%) and "
        "“building” (20%) (suggested mapping, not confirmed), and scores 12.6 points higher."
    )
    assert (item.to.slug, item.to.version) == ("high-senior", 1)
    assert found.sentence == (
        "1 of 1 other published role scores higher than Low (Senior) v1 (18.4) and shares at least 20% of its working "
        "time."
    )


def test_another_policy_is_named_in_the_reason(tmp_path: Path) -> None:
    of, other = a_subject(tmp_path, LOW), a_subject(tmp_path, a_content("High", policy="aijri-1.0.0"))
    [item] = next_roles(of, [other], sharing("planning")).items
    assert item.reason.endswith(f"12.6 points higher, by policy aijri-1.0.0 and not {POLICY.version}.")


def test_a_role_that_scores_the_same_or_less_is_not_offered(tmp_path: Path) -> None:
    of = a_subject(tmp_path, a_content("Middle"))
    others = [a_subject(tmp_path, a_content("Even")), a_subject(tmp_path, LOW)]
    found = next_roles(of, others, sharing("planning"))
    assert found.items == ()
    assert found.sentence == (
        "Nothing fits: of 2 other published roles, none scores higher than Middle (Senior) v1 (31.0)."
    )


@pytest.mark.parametrize(("share", "offered"), [(LEAST_SHARED, True), (LEAST_SHARED - 1, False)])
def test_a_role_that_shares_too_little_is_not_offered(share: int, offered: bool, tmp_path: Path) -> None:
    rest = 100 - share
    tasks = (("planning", share, 1), ("v", rest - 3, 1), ("w", 1, 1), ("x", 1, 1), ("y", 1, 1))
    of, other = a_subject(tmp_path, LOW), a_subject(tmp_path, a_content("High", tasks=tasks))
    found = next_roles(of, [other], sharing("planning"))
    assert bool(found.items) is offered
    if not offered:
        assert found.sentence == (
            "Nothing fits: of 1 other published role, 1 scores higher than Low (Senior) v1 (18.4), and it shares "
            "less than 20% of its working time."
        )


def test_several_roles_that_share_too_little_are_counted(tmp_path: Path) -> None:
    assert looked(tmp_path, ("High", 0), ("Higher", 1), names=()).sentence == (
        "Nothing fits: of 2 other published roles, 2 score higher than Low (Senior) v1 (18.4), and none of them shares "
        "as much as 20% of its working time."
    )


def test_another_version_of_the_role_is_no_other_role(tmp_path: Path) -> None:
    of = a_subject(tmp_path, LOW)
    better = a_subject(tmp_path, LOW.model_copy(update={"as_of": "2026-11-21"}), version=2)
    assert next_roles(of, [better], sharing("planning")).sentence == (
        "Nowhere to look: no role but Low (Senior) v1 is published."
    )


def test_what_could_not_be_read_is_named_and_no_count_hides_it(tmp_path: Path) -> None:
    of = a_subject(tmp_path, LOW)
    lost = LeftOut(role="Gone", seniority="Senior", slug="gone-senior", version=3, reason="Its files are gone.")
    alone = next_roles(of, [], sharing(), [lost])
    assert (
        alone.sentence == "Nowhere to look: no other published role that could be read stands beside Low (Senior) v1."
    )
    assert transitions_view(alone).left_out == ("Gone (Senior) v3: Its files are gone.",)
    beside = next_roles(of, [a_subject(tmp_path, a_content("High"))], sharing("planning"), [lost])
    assert beside.sentence.startswith("1 of 1 other published role that could be read scores higher")


def test_no_mapping_is_asked_for_where_the_score_is_not_higher(tmp_path: Path) -> None:
    def refuse(a: Subject, b: Subject) -> TaskMapping:
        raise AssertionError(b.role.words)

    of = a_subject(tmp_path, a_content("Middle"))
    assert next_roles(of, [a_subject(tmp_path, LOW)], refuse).items == ()


def test_the_panel_holds_each_role_with_its_version_its_folder_and_the_way_there(tmp_path: Path) -> None:
    view = transitions_view(looked(tmp_path, ("High", 0)))
    [item] = view.items
    assert (item.role.name, item.role.version, item.role.folder) == ("High (Senior)", "v1", "high-senior/v1")
    assert (item.shared, item.gain, item.role.score) == ("20%", "+12.6", "31.0")
    assert item.transition.mapping == "suggested mapping, not confirmed"
    assert item.transition.headline.startswith("High (Senior) v1 scores 12.6 points higher")
    assert view.sentence == looked(tmp_path, ("High", 0)).sentence
