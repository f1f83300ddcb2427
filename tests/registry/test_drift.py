"""Drift of a published role: each version beside the one before it, and nothing where nothing is known."""

from __future__ import annotations

from agent.registry.drift import Made, Unknown, VersionFacts, checked, drift_of, together

MADE = Made(model="desk-1", corpus="sha256:1", embedding="words", policy="aijri-1", prompts={"tasks": "1"})


def a_version(version: int, score: float, **changes: object) -> VersionFacts:
    facts: dict[str, object] = {
        "role": "Clerk",
        "seniority": "Senior",
        "slug": "clerk-senior",
        "version": version,
        "published_at": f"2026-0{version}-10T09:00:00Z",
        "withdrawn": False,
        "score": score,
        "unknown": Unknown(dimensions=1, of=5),
        "findings": checked(0, 3, 60),
        "first_findings": checked(1, 5, 40),
        "made": MADE,
    }
    return VersionFacts.model_validate({**facts, **changes})


def test_each_version_stands_beside_the_one_before_it_with_what_made_it_otherwise() -> None:
    other = MADE.model_copy(update={"model": "desk-2", "prompts": {"tasks": "2"}})
    [role] = drift_of([a_version(3, 41.6, made=other), a_version(1, 40.0), a_version(2, 38.5)])
    told = [(one.version, one.score, one.change, one.differs) for one in role.versions]
    assert told == [(1, 40.0, None, ()), (2, 38.5, -1.5, ()), (3, 41.6, 3.1, ("model", "prompts"))]
    assert (role.slug, role.change) == ("clerk-senior", 1.6)


def test_a_role_of_one_version_drifts_nowhere_and_roles_come_by_slug() -> None:
    b, a = ({"slug": slug} for slug in ("b", "a"))
    rows = [a_version(1, 1.0), a_version(1, 2.0, **b), a_version(2, 3.0, **b), a_version(1, 4.0, **a)]
    assert [role.slug for role in drift_of([*rows, a_version(2, 5.0, **a)])] == ["a", "b"]


def test_a_version_since_a_day_is_compared_with_one_from_before_it() -> None:
    rows = [a_version(1, 40.0), a_version(2, 38.5)]
    [role] = drift_of(rows, since="2026-02")
    assert [(one.version, one.change) for one in role.versions] == [(2, -1.5)]
    assert drift_of(rows, since="2026-03") == ()


def test_what_is_not_known_of_a_version_is_none_and_differs_from_nothing() -> None:
    nothing = {"unknown": None, "findings": None, "first_findings": None, "made": None}
    [role] = drift_of([a_version(1, 40.0), a_version(2, 40.0, withdrawn=True, **nothing)])
    newest = role.versions[1]
    assert (newest.change, newest.differs, newest.withdrawn) == (0.0, (), True)
    assert (newest.findings, newest.made) == (None, None)


def test_findings_are_counted_a_claim_and_without_claims_there_is_no_number() -> None:
    assert checked(1, 5, 40).per_claim == 0.15
    assert checked(0, 0, 0).per_claim is None
    assert together([None, checked(1, 5, 40), checked(0, 2, 10)]) == checked(1, 7, 50)
    assert together([None]) is None
