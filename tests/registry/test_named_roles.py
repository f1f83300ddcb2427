"""What a content names as another role is looked up in the registry, and nothing is guessed."""

from __future__ import annotations

from factories_publications import a_content

from agent.registry.lookup import roles_called
from agent.registry.named_roles import named_roles
from agent.schemas.draft import NotThisRole, RoleFrame
from agent.schemas.record import NamedRole, NamedVersion
from agent.store.publications import PublicationRow, Withdrawal

GONE = Withdrawal(reviewer="Ada", auth="x", channel="script", reason="Wrong.", withdrawn_at="2026-12-01T00:00:00Z")


def a_row(role: str, seniority: str, version: int = 1, **changes: object) -> PublicationRow:
    slug = f"{role} {seniority}".lower().replace(" ", "-")
    values: dict[str, object] = {
        "assessment": f"{slug}-{version}",
        "revision": f"sha256:{version:064d}",
        "slug": slug,
        "version": version,
        "role": role,
        "seniority": seniority,
        "score": 40.0 + version,
        "zone": "YELLOW",
        "label": "YELLOW (Moderate)",
        "status": "done",
        "path": f"published/{slug}/v{version}",
        "published_at": "2026-11-20T10:30:00Z",
    }
    return PublicationRow.model_validate({**values, **changes})


ROWS = (
    a_row("Data Engineer", "Mid-level"),
    a_row("Data Engineer", "Mid-level", 2),
    a_row("Data Engineer", "Mid-level", 3, withdrawn=GONE),
    a_row("Nurse", "Junior"),
    a_row("Nurse", "Senior"),
    a_row("Archivist", "Senior", withdrawn=GONE),
)


def a_frame(*titles: str) -> RoleFrame:
    others = tuple(NotThisRole(title=title, difference="does other work") for title in titles)
    return a_content().role.model_copy(update={"is_not": others, "proxies": ()})


def pairs(title: str) -> list[tuple[str, int]]:
    return [(row.slug, row.version) for row in roles_called(title, ROWS)]


def test_a_title_means_the_newest_version_that_stands() -> None:
    assert pairs(" data  ENGINEER ") == pairs("Data Engineer (mid-level)") == [("data-engineer-mid-level", 2)]


def test_a_title_at_several_levels_means_each_of_them_and_with_a_level_that_one() -> None:
    assert pairs("nurse") == [("nurse-junior", 1), ("nurse-senior", 1)]
    assert pairs("Nurse (Senior)") == [("nurse-senior", 1)]


def test_a_title_in_the_plural_means_the_same_role() -> None:
    assert pairs("data engineers") == pairs("Data Engineer") and pairs("Nurses") == pairs("nurse")
    rows = [a_row("Actuary", "Senior"), a_row("Coach", "Senior")]
    assert [row.role for name in ("actuaries", "coaches") for row in roles_called(name, rows)] == ["Actuary", "Coach"]
    assert [roles_called(name, rows) for name in ("actuar", "actuaryies", "coachies")] == [(), (), ()]


def test_a_part_of_a_title_a_slug_an_id_or_a_withdrawn_role_means_nothing() -> None:
    for title in ("Data", "data-eng", "nurse-junior-1", "data-engineer-mid-level", "Data Enginee", "Archivists", " "):
        assert pairs(title) == [], title


def test_each_role_that_a_content_is_not_is_kept_with_what_the_registry_holds() -> None:
    assert named_roles(a_frame("Data engineer", "Archivist"), "release-engineer-senior", ROWS) == (
        NamedRole(
            title="Data engineer",
            published=(
                NamedVersion(
                    role="Data Engineer",
                    seniority="Mid-level",
                    slug="data-engineer-mid-level",
                    version=2,
                    revision=f"sha256:{2:064d}",
                    score=42.0,
                    label="YELLOW (Moderate)",
                ),
            ),
        ),
        NamedRole(title="Archivist", published=()),
    )


def test_proxies_are_looked_up_behind_them_and_a_title_once() -> None:
    frame = a_frame("Archivist", "Nurse").model_copy(update={"proxies": ("Nurse", "Data Engineer")})
    found = named_roles(frame, "release-engineer-senior", ROWS)
    assert [(named.title, [one.slug for one in named.published]) for named in found] == [
        ("Archivist", []),
        ("Nurse", ["nurse-junior", "nurse-senior"]),
        ("Data Engineer", ["data-engineer-mid-level"]),
    ]


def test_a_role_is_no_reference_to_itself() -> None:
    [of_nurse] = named_roles(a_frame("Nurse"), "nurse-senior", ROWS)
    assert [one.slug for one in of_nurse.published] == ["nurse-junior"]
    assert named_roles(a_frame("Data Engineer"), "data-engineer-mid-level", ROWS)[0].published == ()
