"""What the pages of a site show, made from the published documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agent.publishing import charts
from agent.publishing.sentences import UNVERIFIED, approvers_of, byline, joined
from agent.registry.site.changes import Change, change, first_words
from agent.registry.site.scales import HistoryChart, history_chart
from agent.registry.site.versions import SiteRole, SiteVersion
from agent.schemas.vocabulary import Zone
from agent.store.publications import Withdrawal


@dataclass(frozen=True)
class RoleRow:
    """A role in the index: its newest version."""

    role: SiteRole
    scale: charts.Scale
    scale_words: str
    """The scale for those who do not see it."""
    tags: tuple[int, ...]
    """Positions of its tags among all."""
    level: int
    """Position of its seniority among all."""


@dataclass(frozen=True)
class IndexView:
    """All roles, and what they can be filtered by."""

    rows: tuple[RoleRow, ...]
    zones: tuple[tuple[Zone, int], ...]
    """Those that a role is in, from the best, with how many."""
    tags: tuple[str, ...]
    levels: tuple[str, ...]
    versions: int
    newest: str
    """The day of the last publication that stands; empty where none does."""


@dataclass(frozen=True)
class VersionView:
    """A version in a history."""

    version: SiteVersion
    approved: str
    byline: str
    first: tuple[str, ...]
    """What a first version says instead of a change."""
    change: Change | None
    """Against the version before it that the site has; `None` for the first."""
    against: int | None
    """The number of that version."""
    withdrawn: str
    """By whom, when and why it was withdrawn; empty for a version that stands."""


@dataclass(frozen=True)
class HistoryView:
    """A role over its versions."""

    role: SiteRole
    chart: HistoryChart
    versions: tuple[VersionView, ...]
    """Newest first."""


@dataclass(frozen=True)
class WithdrawnView:
    """A role of which no version can be shown as standing."""

    role: SiteRole
    versions: tuple[tuple[SiteVersion, str], ...]
    """Newest first, each with by whom, when and why it was withdrawn."""
    is_lost: bool
    """A version stands, and its files are missing or are not what was published."""


def index_view(roles: Sequence[SiteRole]) -> IndexView:
    """The index of `roles`, in their order."""
    tags = sorted({tag for role in roles for tag in role.newest.document.assessment.role.tags}, key=str.casefold)
    levels = sorted({role.seniority for role in roles}, key=str.casefold)
    zones = Counter(role.newest.result.zone for role in roles)
    return IndexView(
        rows=tuple(_row(role, tags, levels) for role in roles),
        zones=tuple((zone, zones[zone]) for zone in Zone if zone in zones),
        tags=tuple(tags),
        levels=tuple(levels),
        versions=sum(len(role.standing) for role in roles),
        newest=max((role.newest.day for role in roles), default=""),
    )


def _row(role: SiteRole, tags: Sequence[str], levels: Sequence[str]) -> RoleRow:
    result = role.newest.result
    scale = charts.scale(result)
    return RoleRow(
        role=role,
        scale=scale,
        scale_words=scale_words(scale),
        tags=tuple(tags.index(tag) for tag in dict.fromkeys(role.newest.document.assessment.role.tags)),
        level=levels.index(role.seniority),
    )


def scale_words(scale: charts.Scale) -> str:
    """A scale for those who do not see it."""
    return f"{scale.score:.1f}, joint range {scale.low:.1f} to {scale.high:.1f}"


def withdrawn_words(withdrawal: Withdrawal) -> str:
    """Who withdrew a version, when and why, to stand after "withdrawn"; says of a name that nobody verified it."""
    name = f"{withdrawal.reviewer} (name not verified)" if UNVERIFIED in withdrawal.auth else withdrawal.reviewer
    return withdrawal.model_copy(update={"reviewer": name}).words


def withdrawn_view(role: SiteRole, *, is_lost: bool) -> WithdrawnView:
    """What stands in the place of `role`; `is_lost` where a version of it stands and cannot be shown."""
    said = tuple((version, withdrawn_words(withdrawal)) for version, withdrawal in role.withdrawals)
    return WithdrawnView(role=role, versions=said[::-1], is_lost=is_lost)


def history_view(role: SiteRole) -> HistoryView:
    """The history of one role."""
    pairs = zip((None, *role.versions), role.versions, strict=False)
    return HistoryView(
        role=role,
        chart=history_chart(role.versions),
        versions=tuple(_version(former, version) for former, version in pairs)[::-1],
    )


def _version(former: SiteVersion | None, version: SiteVersion) -> VersionView:
    record = version.document.record
    return VersionView(
        version=version,
        approved=joined(approvers_of(record)) or "nobody on record",
        byline=byline(version.document.assessment.provenance, record),
        first=first_words(version) if former is None else (),
        change=None if former is None else change(former, version),
        against=None if former is None else former.number,
        withdrawn="" if version.withdrawn is None else withdrawn_words(version.withdrawn),
    )


def policies(roles: Sequence[SiteRole]) -> tuple[tuple[str, int], ...]:
    """The policy versions that the versions that stand were scored with, and how many with each."""
    return tuple(sorted(Counter(version.result.policy for role in roles for version in role.standing).items()))
