"""Published roles in folders, the rows that the registry has of them, and a strict reader of pages."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser
from pathlib import Path

from factories_publications import likeness
from factories_registry import content, some_inputs

from agent.publishing import publish_files
from agent.registry.mapping import TaskMapping
from agent.registry.matching import suggested
from agent.registry.next_roles import MappingOf
from agent.registry.roles import Subject
from agent.registry.site.build import site_files
from agent.registry.site.compared import Compared, compare_roles
from agent.registry.site.versions import Registry, SiteRole, read_registry
from agent.schemas.assessment import Assessment, CitedOverride
from agent.schemas.draft import NotThisRole
from agent.schemas.record import DecisionRecord, ModelUsage, ReviewRecord
from agent.schemas.vocabulary import Bucket, Gate
from agent.store.publications import PublicationRow

BASE = "https://example.org/pages/"
VOID = {"meta", "link", "br", "input"}
ENDS = {1: Bucket.NOT_INVOLVED, 5: Bucket.DISPLACEMENT}
"""The buckets of the scores at the ends of the range."""
SVG_LEAVES = {"rect", "line", "circle", "use"}


def an_assessment(
    *,
    title: str = "Release Engineer",
    seniority: str = "Senior",
    scores: tuple[int, ...] = (3, 3, 3, 3, 3),
    growth: int = 0,
    aliases: tuple[str, ...] = (),
    tags: tuple[str, ...] = ("software",),
    names: tuple[str, ...] = (),
    shares: tuple[int, ...] = (20, 20, 20, 20, 20),
    override: CitedOverride | None = None,
    is_not: tuple[str, ...] = (),
) -> Assessment:
    """Content of a role whose five tasks have these scores, shares and, where they are given, names."""
    drafted = some_inputs()
    called = names or tuple(task.name for task in drafted.tasks)
    buckets = tuple(ENDS.get(score, Bucket.AUGMENTATION) for score in scores)
    tasks = tuple(
        task.model_copy(update={"score": score, "bucket": bucket, "name": name, "share": share})
        for task, score, bucket, name, share in zip(drafted.tasks, scores, buckets, called, shares, strict=True)
    )
    grown = drafted.growth.model_copy(update={"score": growth})
    made = content(inputs=drafted.model_copy(update={"tasks": tasks, "growth": grown}), override=override)
    others = tuple(NotThisRole(title=other, difference="does other work") for other in is_not)
    frame = {"title": title, "seniority": seniority, "aliases": aliases, "tags": tags, "is_not": others}
    return made.model_copy(update={"role": made.role.model_copy(update=frame)})


def a_record(
    made: Assessment, slug: str, version: int, *, published_at: str, reviewer: str, assessment: str
) -> ReviewRecord:
    """Both gates approved by one person."""
    assert made.result is not None
    decisions = tuple(
        DecisionRecord(
            gate=gate,
            revision=made.revision(),
            action="approve",
            reviewer=reviewer,
            auth="local-unverified",
            channel="script",
            decided_at=published_at,
            reason=None,
        )
        for gate in Gate
    )
    return ReviewRecord(
        assessment=assessment,
        revision=made.revision(),
        slug=slug,
        version=version,
        requested_at="2026-11-20T09:00:00Z",
        published_at=published_at,
        decisions=decisions,
        usage=ModelUsage(calls=6, input_tokens=1, output_tokens=1),
        draft_score=None,
        final_score=made.result.score,
        edits=(),
    )


def published(
    folder: Path,
    made: Assessment,
    *,
    slug: str = "release-engineer-senior",
    version: int = 1,
    published_at: str = "",
    reviewer: str = "Ada Marsh",
) -> PublicationRow:
    """Files of this content below `folder`, and their row."""
    assert made.result is not None
    at, run = published_at or f"2026-11-{20 + version:02}T10:30:00Z", f"{slug}-run-{version}"
    record = a_record(made, slug, version, published_at=at, reviewer=reviewer, assessment=run)
    path = publish_files(made, record, folder / slug / f"v{version}")
    return PublicationRow(
        assessment=run,
        revision=made.revision(),
        slug=slug,
        version=version,
        role=made.role.title,
        seniority=made.role.seniority,
        score=made.result.score,
        zone=made.result.zone.value,
        label=made.result.label,
        status="done",
        path=str(path),
        published_at=at,
    )


def three_rows(folder: Path) -> tuple[PublicationRow, ...]:
    """One role in two versions, the second in another zone, and another role."""
    return (
        published(folder, an_assessment(title="Archivist", aliases=("Records Keeper",), tags=("paper", "law")),
                  slug="archivist-senior", published_at="2026-11-19T08:00:00Z"),
        published(folder, an_assessment()),
        published(folder, an_assessment(scores=(2, 2, 2, 2, 2), growth=1), version=2, reviewer="Ben Ode"),
    )  # fmt: skip


def same_work(*names: str) -> MappingOf:
    """Suggests the tasks of these names as the same work in every two roles."""
    alike = likeness({(name, name): 0.9 for name in names})

    def mapping_of(a: Subject, b: Subject) -> TaskMapping:
        return suggested(a, b, alike, embedding="words-1")

    return mapping_of


def compared(registry: Registry, *names: str) -> Compared:
    """Its roles compared; see `a_site`."""
    return compare_roles(registry, same_work(*(names or ("planning", "building"))))


def a_site(registry: Registry, base: str | None = BASE, *names: str) -> dict[str, bytes]:
    """Its files; tasks of these names are the same work, two of the usual five unless others are given."""
    return dict(site_files(registry, compared(registry, *names), base))


def a_registry(folder: Path) -> Registry:
    """`three_rows`, read."""
    registry = read_registry(three_rows(folder))
    assert (registry.left_out, registry.notes) == ((), ())
    return registry


def many_roles(registry: Registry, count: int) -> Registry:
    """As many roles, each a copy of one of a registry's under another name and content hash; task names stay."""
    roles = []
    for at in range(count):
        (version, *_) = registry.roles[at % len(registry.roles)].versions
        title, slug = f"{version.row.role} {at:02}", f"{version.row.slug}-{at:02}"
        row = version.row.model_copy(update={"slug": slug, "role": title, "revision": f"sha256:{at:064x}"})
        made = version.document.assessment
        role = made.role.model_copy(update={"title": title})
        document = version.document.model_copy(update={"assessment": made.model_copy(update={"role": role})})
        roles.append(SiteRole(slug, (dataclasses.replace(version, row=row, document=document),)))
    return dataclasses.replace(registry, roles=tuple(roles))


class Page(HTMLParser):
    """Reads a page strictly: elements closed in order, no block inside a paragraph; collects attributes and text."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, ...]] = []
        """For each of `tags` the elements that it stands in."""
        self.words: list[tuple[str, str]] = []
        self.feed(page.decode("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), "an attribute stands twice"
        self.tags.append((tag, dict(attrs)))
        self.inside.append(tuple(self.open))
        if tag in {"div", "ul", "ol", "dl", "table", "section", "figure", "form", "p"}:
            assert "p" not in self.open, f"{tag} inside a paragraph"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SVG_LEAVES
        self.tags.append((tag, dict(attrs)))
        self.inside.append(tuple(self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.words.append((self.open[-1], data.strip()))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such element."""
        return [attrs for name, attrs in self.tags if name == tag]

    def values(self, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]

    @property
    def text(self) -> str:
        """What is read on the page."""
        return " ".join(words for tag, words in self.words if tag not in ("style", "script"))
