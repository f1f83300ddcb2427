"""A published page names other roles by what the registry held when its publication began."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from factories_publications import a_content, publish
from factories_workflow import Desk, published_bytes

from agent.schemas.record import NamedRole, PublishedAssessment
from agent.schemas.vocabulary import Status

Open = Callable[..., Desk]
OTHER = "widget seller"
"""What the scripted frame says that the role is not."""


def record_of(home: Path) -> tuple[NamedRole, ...]:
    file = home / "published" / "widget-engineer-mid-level" / "v1" / "assessment.json"
    named = PublishedAssessment.model_validate_json(file.read_bytes()).record.named_roles
    assert named is not None
    return named


def to_publication(desk: Desk) -> str:
    assessment = desk.start().id
    desk.approve(assessment)
    return assessment


def test_a_role_that_is_not_published_is_said_not_to_be(open_at: Open, home: Path) -> None:
    desk = open_at()
    desk.approve(to_publication(desk))
    assert record_of(home) == (NamedRole(title=OTHER, published=()), NamedRole(title="gadget engineers", published=()))


def test_a_published_role_is_named_with_level_version_score_and_hash(open_at: Open, home: Path) -> None:
    desk = open_at()
    assessment = to_publication(desk)
    row = publish(home, a_content("Widget Seller"))
    desk.approve(assessment)
    named, _ = record_of(home)
    assert named.title == OTHER
    kept = row.model_dump(include={"role", "seniority", "slug", "version", "revision", "score", "label"})
    assert [one.model_dump() for one in named.published] == [kept]
    page = (home / "published" / "widget-engineer-mid-level" / "v1" / "index.html").read_text(encoding="utf-8")
    assert f"published here: Widget Seller (Senior), version 1, score {row.score:.1f}, {row.label}" in page


@pytest.mark.parametrize("after", ["claim", "files"])
def test_a_publication_that_is_repeated_after_a_crash_is_the_same_whatever_was_published_or_withdrawn_meanwhile(
    open_at: Open, home: Path, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    desk = open_at()
    assessment = to_publication(desk)
    before = publish(home, a_content("Widget Seller"))

    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="killed"):
        if after == "claim":
            patch.setattr("agent.workflow.gate_nodes.publish_files", killed)
        else:
            patch.setattr(desk.stores.publications, "finish", killed)
        desk.approve(assessment)
    publish(home, a_content("Widget Seller", growth=1))
    publish(home, a_content("Widget Seller", seniority="Junior"))
    said = {"reviewer": "Ada", "auth": "local-unverified", "channel": "script", "reason": "It was wrong."}
    desk.stores.publications.withdraw(before.assessment, before.revision, **said)

    assert desk.runner.advance(assessment).status is Status.PUBLISHED
    named, _ = record_of(home)
    assert [(one.slug, one.version) for one in named.published] == [(before.slug, 1)]
    assert [row.version for row in desk.stores.publications.done() if row.assessment == assessment] == [1]
    files = published_bytes(home / "published")
    assert desk.runner.advance(assessment).status is Status.PUBLISHED
    assert published_bytes(home / "published") == files
