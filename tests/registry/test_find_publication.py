"""Which publication a slug, a title or an id names."""

from __future__ import annotations

import pytest

from agent.errors import InvalidInput, NotFound
from agent.registry.find import find_publication
from agent.store.publications import PublicationRow


def a_row(slug: str, version: int = 1, *, role: str = "Data Engineer", level: str = "Mid-level") -> PublicationRow:
    return PublicationRow(
        assessment=f"{slug}-{version}a2b3c4d",
        revision="sha256:" + f"{version}" * 64,
        slug=slug,
        version=version,
        role=role,
        seniority=level,
        score=41.0,
        zone="YELLOW",
        label="YELLOW (Urgent)",
        status="done",
        path=f"site/{slug}/v{version}",
        published_at="2026-11-20T10:00:00Z",
    )


MID, MID_2 = a_row("data-engineer-mid-level"), a_row("data-engineer-mid-level", 2)
SENIOR = a_row("data-engineer-senior", level="Senior")
NURSE = a_row("nurse-junior", role="Nurse", level="Junior")
ROWS = (MID, MID_2, SENIOR, NURSE)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("data-engineer-mid-level", MID_2),
        ("Data-Engineer-Senior", SENIOR),
        ("nurse", NURSE),
        (" Nurse ", NURSE),
        ("Data Engineer (Senior)", SENIOR),
        ("data-engineer-mid-level-1a2b3c4d", MID),
        ("data-engineer-mid-level-1a", MID),
        ("data-engineer-m", MID_2),
    ],
)
def test_slug_title_title_with_level_and_id_name_the_newest_version(wanted: str, found: PublicationRow) -> None:
    assert find_publication(ROWS, wanted) == found


def test_an_older_version_can_be_asked_for() -> None:
    assert find_publication(ROWS, "data-engineer-mid-level", 1) == MID
    with pytest.raises(NotFound, match=r"data-engineer-mid-level has no published version 3; found here: 1, 2\."):
        find_publication(ROWS, "data-engineer-mid-level", 3)


@pytest.mark.parametrize("wanted", ["Data Engineer", "data-engineer"])
def test_several_roles_are_named_instead_of_guessed(wanted: str) -> None:
    with pytest.raises(InvalidInput, match="data-engineer-mid-level, data-engineer-senior"):
        find_publication(ROWS, wanted)


@pytest.mark.parametrize("wanted", ["Pilot", "", "  "])
def test_what_is_not_published_is_not_found(wanted: str) -> None:
    with pytest.raises(NotFound, match="Nothing is published under") as error:
        find_publication(ROWS, wanted)
    assert "assess-role published" in str(error.value.hint)
