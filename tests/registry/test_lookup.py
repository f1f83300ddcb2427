"""A published role is found by slug, title, or the beginning of an id; what is not there is answered with what is."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories_site import an_assessment, published

from agent.errors import InvalidInput, NotFound
from agent.registry.lookup import NAMED, find_published, newest_of_each, published_words, subject_named
from agent.store.publications import PublicationRow, Withdrawal


def a_row(role: str = "Data Engineer", seniority: str = "Mid-level", version: int = 1) -> PublicationRow:
    slug = f"{role} {seniority}".lower().replace(" ", "-")
    return PublicationRow(
        assessment=f"{role.lower().replace(' ', '-')}-{version:04x}{seniority[:1].lower()}",
        revision=f"sha256:{version:064d}",
        slug=slug,
        version=version,
        role=role,
        seniority=seniority,
        score=40.0,
        zone="YELLOW",
        label="YELLOW (Moderate)",
        status="done",
        path=f"published/{slug}/v{version}",
        published_at="2026-11-20T10:30:00Z",
    )


ROWS = (
    a_row(),
    a_row(version=2),
    a_row("Nurse", "Junior"),
    a_row("Nurse", "Senior"),
    a_row("UI/UX Designer @ Home", "Senior"),
)


@pytest.mark.parametrize(
    ("asked", "role", "version"),
    [
        ("data-engineer-mid-level", "Data Engineer", 2),
        ("Data Engineer", "Data Engineer", 2),
        ("  dATA   engineer ", "Data Engineer", 2),
        ("data engineer (mid-level)", "Data Engineer", 2),
        ("Data Engineer@1", "Data Engineer", 1),
        ("data-engineer-mid-level@v2", "Data Engineer", 2),
        ("data-engineer-0001", "Data Engineer", 1),
        ("data-eng", "Data Engineer", 2),
        ("Nurse (Senior)", "Nurse", 1),
        ("ui/ux designer @ home", "UI/UX Designer @ Home", 1),
        ("UI/UX Designer @ Home@1", "UI/UX Designer @ Home", 1),
    ],
)
def test_a_role_is_found_by_every_name_it_has(asked: str, role: str, version: int) -> None:
    row = find_published(asked, ROWS)
    assert (row.role, row.version) == (role, version)


@pytest.mark.parametrize("asked", ["Data Engineer", "data-engineer-0001"])
def test_a_version_can_be_asked_for_apart(asked: str) -> None:
    assert find_published(asked, ROWS, 1) == ROWS[0]
    assert find_published(asked, ROWS, 2) == ROWS[1]
    with pytest.raises(NotFound, match=r"Data Engineer \(Mid-level\) has no published version '3'; published: 1, 2\."):
        find_published(asked, ROWS, 3)


def test_with_a_version_apart_an_at_is_part_of_the_name() -> None:
    with pytest.raises(NotFound, match="No published role is called 'Data Engineer@1'"):
        find_published("Data Engineer@1", ROWS, 1)


def test_the_newest_version_of_each_role_is_taken_by_slug() -> None:
    assert newest_of_each(reversed_rows := tuple(reversed(ROWS))) == (ROWS[1], *ROWS[2:])
    assert newest_of_each(reversed_rows[:2]) == (ROWS[3], ROWS[4])


@pytest.mark.parametrize("asked", ["Plumber", "", "  ", "@", "@1", "Plumber@2", "\x1b[31m"])
def test_an_unknown_role_is_answered_with_what_is_published(asked: str) -> None:
    with pytest.raises(NotFound) as caught:
        find_published(asked, ROWS)
    assert "Published: Data Engineer (Mid-level) v2, Nurse (Junior) v1, Nurse (Senior) v1" in caught.value.message
    assert "\x1b" not in caught.value.message


def test_where_nothing_is_published_that_is_said() -> None:
    with pytest.raises(NotFound, match="Nothing is published yet"):
        find_published("Plumber", ())


def test_of_many_published_roles_some_are_named_and_the_rest_counted() -> None:
    rows = tuple(a_row(f"Role {at:02}", "Open") for at in range(NAMED + 3))
    with pytest.raises(NotFound, match=r"Role 11 \(Open\) v1 and 3 more\.$"):
        find_published("Plumber", rows)


@pytest.mark.parametrize("asked", ["Nurse", "nurse-", "nurse@1"])
def test_a_name_of_several_roles_is_refused_with_their_slugs(asked: str) -> None:
    with pytest.raises(InvalidInput, match="fits 2 published roles: nurse-junior, nurse-senior"):
        find_published(asked, ROWS)


@pytest.mark.parametrize("version", ["3", "", "-1", "one", "²"])
def test_a_version_that_is_not_there_is_answered_with_those_that_are(version: str) -> None:
    with pytest.raises(NotFound, match=r"Data Engineer \(Mid-level\) has no published version .* published: 1, 2\."):
        find_published(f"Data Engineer@{version}", ROWS)


def withdrawn(row: PublicationRow, reason: str = "A source was retracted.") -> PublicationRow:
    said = Withdrawal(
        reviewer="Ada Marsh",
        auth="local-unverified",
        channel="script",
        reason=reason,
        withdrawn_at="2026-12-01T08:00:00Z",
    )
    return row.model_copy(update={"withdrawn": said})


def test_the_newest_version_of_a_role_is_the_newest_that_stands() -> None:
    rows = (ROWS[0], withdrawn(ROWS[1]), *ROWS[2:])
    assert find_published("Data Engineer", rows) == ROWS[0]
    assert newest_of_each(rows) == (ROWS[0], *ROWS[2:])
    assert "Data Engineer (Mid-level) v1" in published_words(rows)


@pytest.mark.parametrize("asked", ["Data Engineer@2", "data-engineer-mid-level@v2"])
def test_a_withdrawn_version_is_found_by_its_number(asked: str) -> None:
    rows = (withdrawn(ROWS[0]), withdrawn(ROWS[1]))
    assert find_published(asked, rows) == rows[1]
    assert find_published("Data Engineer", rows, 1) == rows[0]


def test_a_role_of_which_nothing_stands_says_who_withdrew_it_when_and_why_and_how_it_is_named() -> None:
    rows = (withdrawn(ROWS[0]), withdrawn(ROWS[1], "Nobody could repeat it"), *ROWS[2:])
    with pytest.raises(NotFound) as caught:
        find_published("data engineer", rows)
    assert caught.value.message == (
        "Nothing stands of what 'data engineer' names: the newest version v2 of Data Engineer (Mid-level) was "
        "withdrawn by Ada Marsh on 2026-12-01: Nobody could repeat it."
    )
    assert caught.value.hint == "A withdrawn version can be named: data-engineer-mid-level@2"
    assert find_published("data engineer", rows, also_withdrawn=True) == rows[1]


def test_a_withdrawn_version_named_by_its_run_is_not_said_to_be_all_of_the_role() -> None:
    rows = (withdrawn(ROWS[0]), *ROWS[1:])
    with pytest.raises(NotFound, match="of what 'data-engineer-0001' names: version v1 of Data Engineer"):
        find_published("data-engineer-0001", rows)


def test_where_everything_was_withdrawn_that_is_said() -> None:
    with pytest.raises(NotFound, match="Nothing that was published stands: every version was withdrawn"):
        find_published("Plumber", (withdrawn(ROWS[0]),))


def test_of_two_versions_with_one_content_a_file_is_the_one_that_it_says(tmp_path: Path) -> None:
    made = an_assessment()
    rows = (withdrawn(published(tmp_path, made)), published(tmp_path, made, version=2))
    found = [subject_named(row.path, rows).role for row in rows]
    assert [(role.version, role.withdrawn is None) for role in found] == [(1, False), (2, True)]
