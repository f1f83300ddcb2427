"""What the pages between roles show: one way, where to look next, and the choice of two roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.publishing import charts
from agent.publishing.words import signed
from agent.registry.site import address
from agent.registry.site.compared import OFFERED, Beside, Compared
from agent.registry.site.pages import scale_words
from agent.registry.site.scales import SMALL_PX, HistoryChart, history_chart
from agent.registry.site.versions import SiteRole
from agent.registry.transitions import Transition
from agent.registry.transitions_view import (
    NextView,
    RoleView,
    TransitionView,
    role_view,
    transition_view,
    transitions_view,
)


@dataclass(frozen=True)
class End:
    """One of two roles that are compared."""

    role: RoleView
    slug: str
    as_of: str
    scale: charts.Scale
    scale_words: str


@dataclass(frozen=True)
class ComparePage:
    """The way from one role to another."""

    way: TransitionView
    ends: tuple[End, End]
    """The role that is left, and the other."""


@dataclass(frozen=True)
class BesideView:
    """Another role beside one."""

    role: RoleView
    shared: str
    change: str
    """With its sign."""
    mapping: str
    page: str | None
    """Path of the comparison; `None` where the pair has none."""


@dataclass(frozen=True)
class OfferView:
    """A role to look at next."""

    item: NextView
    page: str
    """Path of the comparison."""


@dataclass(frozen=True)
class NextPage:
    """Where to look next from one role."""

    role: SiteRole
    here: RoleView
    history: HistoryChart | None
    """The score over the versions that stand; `None` for a role that has one."""
    sentence: str
    offers: tuple[OfferView, ...]
    """The best."""
    more: int
    """How many others would fit too."""
    beside: tuple[BesideView, ...]
    compared: int
    """How many of them have a page."""


@dataclass(frozen=True)
class Choice:
    """A role that can be compared."""

    role: RoleView
    slug: str
    pages: int
    """Roles that it has comparison pages with."""
    partners: str
    """Positions of those among all choices, separated by blanks."""


@dataclass(frozen=True)
class PickView:
    """The choice of two roles."""

    choices: tuple[Choice, ...]
    pages: int
    """Comparison pages, one a direction."""
    every: bool
    """Every two roles have a page."""


def compare_view(way: Transition, roles: Mapping[str, SiteRole]) -> ComparePage:
    """The page of one way; `roles` by slug."""
    view = transition_view(way)
    return ComparePage(view, (_end(view.before, roles[way.from_.slug]), _end(view.after, roles[way.to.slug])))


def _end(role: RoleView, shown: SiteRole) -> End:
    scale = charts.scale(shown.newest.result)
    return End(role, shown.slug, shown.newest.document.assessment.as_of, scale, scale_words(scale))


def next_view(role: SiteRole, compared: Compared) -> NextPage:
    """Where to look next from a role, and every other role beside it."""
    view = transitions_view(compared.next[role.slug])
    slugs = [item.to.slug for item in compared.next[role.slug].items]
    offers = tuple(
        OfferView(item, address.compare_page(role.slug, slug))
        for item, slug in zip(view.items[:OFFERED], slugs, strict=False)
    )
    beside = tuple(_beside(role.slug, row, compared) for row in compared.beside[role.slug])
    return NextPage(
        role=role,
        here=view.role,
        history=history_chart(role.standing, plot=SMALL_PX) if len(role.standing) > 1 else None,
        sentence=view.sentence,
        offers=offers,
        more=len(view.items) - len(offers),
        beside=beside,
        compared=sum(row.page is not None for row in beside),
    )


def _beside(slug: str, row: Beside, compared: Compared) -> BesideView:
    return BesideView(
        role=role_view(row.to),
        shared=f"{row.shared}%",
        change=signed(row.change),
        mapping=row.mapping.words,
        page=address.compare_page(slug, row.to.slug) if (slug, row.to.slug) in compared.ways else None,
    )


def pick_view(roles: Sequence[SiteRole], compared: Compared) -> PickView:
    """The choice of two of `roles`, in their order."""
    places = {role.slug: at for at, role in enumerate(roles)}
    partners = {slug: sorted(places[b] for a, b in compared.ways if a == slug) for slug in places}
    choices = tuple(
        Choice(
            role=role_view(role.newest.subject.role),
            slug=role.slug,
            pages=len(partners[role.slug]),
            partners=" ".join(map(str, partners[role.slug])),
        )
        for role in roles
    )
    return PickView(choices, len(compared.ways), len(compared.ways) == len(roles) * (len(roles) - 1))
