"""The rows that statistics are counted from, read from the store's own tables; no published file is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.errors import NotFound
from agent.registry.drift import Checked, Made, RoleDrift, Unknown, VersionFacts, checked, drift_of
from agent.review.attention import seconds_between
from agent.review.identity import Scope
from agent.schemas.finding import Tier
from agent.schemas.record import ModelUsage
from agent.schemas.text import one_line
from agent.schemas.vocabulary import Status
from agent.settings import Settings
from agent.store.measures import CostRow, MadeRow, MeasureStore, ReviewTimes
from agent.store.publications import PublicationRow
from agent.workflow.acting import acting
from agent.workflow.controls import is_admin
from agent.workflow.publication import slug
from agent.workflow.stats import RunStats
from agent.workflow.wiring import Stores

NAMED = 12
"""Roles that an error names."""
_REDRAFT = re.compile(r"\.d\d+$")
"""How the version of a prompt ends that draws a section again."""


@dataclass(frozen=True)
class Measured:
    """Everything that statistics are counted from."""

    runs: tuple[RunStats, ...]
    """Oldest first."""
    drift: tuple[RoleDrift, ...]
    not_told: int
    """Assessments that wait for a decision and are left out."""


def measured(settings: Settings, stores: Stores, *, role: str | None, since: str) -> Measured:
    """The assessments of a role, or of all, asked for on or after `since`, and the versions published since.

    A planted control is no assessment. What it cost would tell it from a draft, so that whoever is no admin is told
    nothing of an assessment that waits for a decision. Raises NotFound for a role that was never asked for.
    """
    store, rows = MeasureStore(stores.db), stores.publications.done()
    everything = store.made()
    if not any(_is_of(role, row.role, row.seniority) for row in everything) and role is not None:
        raise _unheard_of(role, everything)
    admin = is_admin(stores.accounts, acting(settings, stores.accounts, None, "script", Scope.READ))
    asked = [row for row in everything if row.created_at >= since and _is_of(role, row.role, row.seniority)]
    hidden = [row for row in asked if row.status == Status.WAITING and not admin]
    told = [row for row in asked if not row.planted and row not in hidden]
    spent, reviews = store.spent(), store.reviews()
    published = {row.assessment: row for row in rows}
    runs = [_run(store, row, spent.get(row.id), reviews.get(row.id, ()), published.get(row.id)) for row in told]
    facts = [_version(store, row) for row in rows if _is_of(role, row.role, row.seniority)]
    return Measured(runs=tuple(runs), drift=drift_of(facts, since=since), not_told=len(hidden))


def _is_of(role: str | None, title: str, seniority: str) -> bool:
    if role is None:
        return True
    named = (one_line(title).casefold(), one_line(f"{title} ({seniority})").casefold(), slug(title, seniority))
    return one_line(role).casefold() in named


def _unheard_of(role: str, rows: Sequence[MadeRow]) -> NotFound:
    names = sorted({f"{row.role} ({row.seniority})" for row in rows})
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    known = f"There are: {', '.join(names[:NAMED])}{more}." if names else "There is none of any role yet."
    return NotFound(f"There is no assessment of {one_line(role)!r}. {known}")


def _run(
    store: MeasureStore,
    row: MadeRow,
    spent: CostRow | None,
    reviews: Sequence[ReviewTimes],
    published: PublicationRow | None,
) -> RunStats:
    answers, content = store.answers(row.id), store.newest(row.id)
    replayed = _usage(answer for answer in answers if answer.recorded)
    made = None if content is None else _made(content)
    decided = [seconds_between(r.opened_at, r.decided_at) for r in reviews if r.decided_at is not None]
    return RunStats(
        id=row.id,
        role=row.role,
        seniority=row.seniority,
        status=row.status,
        created_at=row.created_at,
        model=None if made is None else made.model,
        corpus=None if made is None else made.corpus,
        usage=_usage([*([spent] if spent else []), *(answer for answer in answers if answer.recorded)]),
        replayed=replayed,
        redrafts=sum(_REDRAFT.search(answer.prompt) is not None for answer in answers),
        first_findings=_report(store.first_report(row.id)),
        findings=None if content is None else _report(content.get("guard")),
        unknown=None if content is None else _unknown(content),
        drafting_s=int(seconds_between(row.created_at, reviews[0].opened_at)) if reviews else None,
        review_s=int(sum(decided)) if decided else None,
        whole_s=None if published is None else int(seconds_between(row.created_at, published.published_at)),
    )


def _version(store: MeasureStore, row: PublicationRow) -> VersionFacts:
    content = store.content(row.assessment, row.revision)
    return VersionFacts(
        role=row.role,
        seniority=row.seniority,
        slug=row.slug,
        version=row.version,
        published_at=row.published_at,
        withdrawn=row.withdrawn is not None,
        score=row.score,
        unknown=None if content is None else _unknown(content),
        findings=None if content is None else _report(content.get("guard")),
        first_findings=_report(store.first_report(row.assessment)),
        made=None if content is None else _made(content),
    )


def _usage(costs: Iterable[CostRow]) -> ModelUsage:
    known = list(costs)
    return ModelUsage(
        calls=sum(cost.calls for cost in known),
        input_tokens=sum(cost.input_tokens for cost in known),
        output_tokens=sum(cost.output_tokens for cost in known),
    )


def _report(document: object) -> Checked | None:
    """A stored report of the guard; `None` without one, and of a version that did not count claims."""
    report = _mapping(document)
    claims, findings = _mapping(report.get("verdicts")), report.get("findings")
    if not claims or not isinstance(findings, list):
        return None
    tiers = [_mapping(finding).get("tier") for finding in findings]
    return checked(tiers.count(Tier.BLOCK), tiers.count(Tier.REVIEW), len(claims))


def _unknown(content: Mapping[str, object]) -> Unknown | None:
    dimensions = _mapping(_mapping(content.get("inputs")).get("evidence"))
    gaps = sum(_mapping(one).get("score") is None for one in dimensions.values())
    return Unknown(dimensions=gaps, of=len(dimensions)) if dimensions else None


def _made(content: Mapping[str, object]) -> Made | None:
    kept = _mapping(content.get("provenance"))
    return Made.model_validate({name: kept[name] for name in Made.model_fields}) if kept else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
