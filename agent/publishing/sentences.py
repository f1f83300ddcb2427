"""Sentences of the page that are computed: who made it, what it rests on, how far it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from agent.publishing.citations import SourceView
from agent.publishing.words import METHOD_HOST, TIERS, VERDICTS
from agent.schemas.assessment import Provenance
from agent.schemas.draft import ClaimKind, TaskDraft
from agent.schemas.finding import Verdict
from agent.schemas.record import DecisionRecord, NamedRole, ReviewRecord
from agent.schemas.refresh import words
from agent.schemas.scored import Robustness
from agent.schemas.vocabulary import Gate
from agent.scoring import POLICY

APPROVE = "approve"
UNVERIFIED = "unverified"
"""Part of the way a reviewer was known when nothing but the given name stands for the person."""


def byline(made: Provenance, record: ReviewRecord) -> str:
    """Who drafted the content and who approved it last at each gate."""
    answers = "replayed from a recording" if made.recorded else "live"
    approvals = approvals_of(record)
    names = approvers_of(record)
    both = " at both gates" if len(approvals) == 2 and len({_names(d) for d in approvals}) == 1 else ""
    known = ""
    if any(UNVERIFIED in person.auth for d in approvals for person in d.people):
        known = " (name not verified)" if len(names) == 1 else " (names not verified)"
    by = joined(names) or "nobody on record"
    return f"Drafted by a language model ({made.model}, {answers}), approved by {by}{both}{known}."


def approvals_of(record: ReviewRecord) -> list[DecisionRecord]:
    """The last approval at each gate that has one, in the order of the gates."""
    last = {d.gate: d for d in record.decisions if d.action == APPROVE}
    return [last[gate] for gate in Gate if gate in last]


def approvers_of(record: ReviewRecord) -> tuple[str, ...]:
    """Everybody whose approval counts at either gate, each once."""
    return tuple(dict.fromkeys(person.reviewer for d in approvals_of(record) for person in d.people))


def joined(names: Sequence[str]) -> str:
    """Names as they stand in a sentence."""
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def _names(decision: DecisionRecord) -> frozenset[str]:
    return frozenset(person.reviewer for person in decision.people)


def refreshed(record: ReviewRecord) -> tuple[str, ...]:
    """Which version a refresh took up and what was due, then why, a sentence a reason; nothing for another one."""
    if record.refreshed is None:
        return ()
    due = ", ".join(section.value for section in record.refreshed.sections)
    first = f"This version refreshes version {record.refreshed.version} ({record.refreshed.score:.1f}). Due: {due}."
    return (first, *(words(reason) for reason in record.refreshed.reasons))


NOT_PUBLISHED = "no assessment of it is published here (as of publication)"
NONE_PUBLISHED = "no assessment of these is published here (as of publication)"


def named(record: ReviewRecord) -> dict[str, str]:
    """What the registry held of each other role that this one names, by its title as drafted; empty on pages from
    before they were looked up. Scores and labels are those of the registry."""
    return {role.title: _published(role) for role in record.named_roles or ()}


def proxies(titles: Sequence[str], known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Proxies with what `named` has of each: those that are published one by one, then the others together. The second
    part is empty on pages from before they were looked up."""
    held = [title for title in titles if known.get(title, NOT_PUBLISHED) != NOT_PUBLISHED]
    without = [title for title in titles if title not in held]
    rows = [(title, known[title]) for title in held]
    if without:
        looked_up = all(title in known for title in without)
        rows.append((", ".join(without), (NOT_PUBLISHED if len(without) == 1 else NONE_PUBLISHED) if looked_up else ""))
    return tuple(rows)


def _published(named_role: NamedRole) -> str:
    found = [
        f"{one.role} ({one.seniority}), version {one.version}, score {one.score:.1f}, {one.label}"
        for one in named_role.published
    ]
    return f"published here: {'; '.join(found)}" if found else NOT_PUBLISHED


def basis(sources: Sequence[SourceView]) -> str:
    """How many sources there are and how far they carry: tiers, dates, digests, interests. A source is an article."""
    if not sources:
        return "No source is cited."
    tiers = [(tier, sum(source.tier == tier for source in sources)) for tier in TIERS]
    undated = sum(not source.dated for source in sources)
    digests = sum(source.digest for source in sources)
    interested = sum(source.interested for source in sources)
    stale = sum(source.stale for source in sources)
    parts = (
        ", ".join(f"{count} of tier {tier}" for tier, count in tiers if count),
        f"{undated or 'none'} undated",
        f"{stale or 'none'} older than {POLICY.stale_months} months",
        f"{digests or 'none'} read in our own digest",
        f"{interested or 'none'} with an interest in what {'it praises' if interested == 1 else 'they praise'}",
    )
    return f"{len(sources)} {'source' if len(sources) == 1 else 'sources'} (articles): {'; '.join(parts)}."


def task_basis(tasks: Sequence[TaskDraft]) -> str:
    """How much of the working time is scored without a sourced claim."""
    bare = [task for task in tasks if not any(claim.kind is ClaimKind.SOURCED for claim in task.claims)]
    share = sum(task.share for task in bare)
    rest = "Every task has at least one sourced claim."
    if bare:
        verb = "has" if len(bare) == 1 else "have"
        rest = f"{len(bare)} of {len(tasks)} tasks, {share}% of the time, {verb} no sourced claim."
    return f"Shares and scores are judgements of the draft, approved by the reviewer; no source gives them. {rest}"


def checked(counts: Mapping[Verdict, int]) -> str:
    """How many claims of a section the check found to be what; empty where it has none."""
    total = sum(counts.values())
    if not total:
        return ""
    parts = ", ".join(f"{counts[verdict]} {VERDICTS[verdict]}" for verdict in reversed(Verdict) if counts.get(verdict))
    return f"{total} {'claim' if total == 1 else 'claims'}: {parts}."


def joint(robustness: Robustness) -> str:
    """What the joint worst and best case move, and where they end."""
    return (
        f"Each task score and the totals E (evidence), B (barriers) and G (growth) together one step worse give "
        f"{robustness.joint_low:.1f}, together one step better {robustness.joint_high:.1f}."
    )


def method_cited(sources: Sequence[SourceView]) -> int | None:
    """The number of the first source from the publisher of the method; `None` when there is none."""
    hosts = ((source.number, urlsplit(source.link or "").hostname or "") for source in sources)
    return next((number for number, host in hosts if f".{host}".endswith(f".{METHOD_HOST}")), None)
