"""What an edge without a terminal asks for: one call, one document, each as the command of its name prints it with
`--json`. None of them decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from agent.errors import InvalidInput, NotFound
from agent.settings import Settings
from agent.store.publications import PublicationRow
from agent.workflow.lists import open_lists, queue_items
from agent.workflow.progress import Progress, silent


def started(
    settings: Settings,
    role: str,
    *,
    seniority: str | None = None,
    recorded: bool = False,
    progress: Progress = silent,
) -> dict[str, object]:
    """`run`: a new assessment, drafted up to gate 1. Raises AssessorError before anything is kept; what stops it later
    is its outcome and stands in the document."""
    from agent.workflow.engine import open_runner, request_for
    from agent.workflow.summary import summary

    with open_runner(settings, progress=progress) as engine:
        row = engine.runner.start(request_for(engine, role, seniority=seniority, recorded=recorded))
        return summary(engine.stores, row.id)


def queued(settings: Settings) -> dict[str, object]:
    """`queue`: what waits for review, oldest first."""
    with open_lists(settings) as lists:
        return {"ok": True, "items": queue_items(lists.reviews.waiting())}


def shown(settings: Settings, assessment: str) -> dict[str, object]:
    """`show`: where an assessment stands. Raises NotFound, InvalidInput for a beginning of several ids."""
    from agent.workflow.summary import summary
    from agent.workflow.wiring import open_stores

    with open_stores(settings) as stores:
        return summary(stores, stores.assessments.get(assessment).id)


def published(settings: Settings) -> dict[str, object]:
    """`published`: what has been published."""
    from agent.registry.published import listed

    with open_lists(settings) as lists:
        return {"ok": True, "items": listed(lists.publications.done())}


def read_back(settings: Settings, role: str, version: int | None = None) -> dict[str, object]:
    """The published document of a role, its newest version unless one is named, its hash checked.

    `role` is a title as `published` lists it, `TITLE (SENIORITY)`, or the id. Raises NotFound, InvalidInput for a title
    that several levels were published of, and for a file that is damaged.
    """
    from agent.registry.published import read_published

    with open_lists(settings) as lists:
        row = _row(lists.publications.done(), role, version)
    return read_published(Path(row.path))


def _row(rows: tuple[PublicationRow, ...], role: str, version: int | None) -> PublicationRow:
    wanted = " ".join(role.split()).casefold()
    meant = [row for row in rows if wanted in (name.casefold() for name in _names(row))]
    if not meant:
        known = "; ".join(dict.fromkeys(f"{row.role} ({row.seniority})" for row in rows)) or "none"
        raise NotFound(f"Nothing is published of {role!r}. Published roles: {known}.")
    levels = list(dict.fromkeys(f"{row.role} ({row.seniority})" for row in meant))
    if len(levels) > 1:
        raise InvalidInput(f"{role!r} was published at several levels: {'; '.join(levels)}.", hint="Name one of these.")
    versions = {row.version: row for row in meant}
    number = max(versions) if version is None else version
    if number not in versions:
        raise NotFound(f"{levels[0]} has no version {number}; it has {', '.join(map(str, sorted(versions)))}.")
    return versions[number]


def _names(row: PublicationRow) -> tuple[str, ...]:
    return row.role, f"{row.role} ({row.seniority})", row.assessment, row.slug


def found(
    settings: Settings,
    query: str,
    *,
    since: str | None = None,
    tiers: Iterable[int] = (),
    limit: int,
) -> list[dict[str, object]]:
    """The items of `corpus search`: passages, best first. Raises InvalidInput, and as `Corpus.search` does."""
    from agent.evidence.asked import ask, check_query, found_items
    from agent.workflow.corpora import home_corpus

    check_query(query)
    with home_corpus(settings, partial(silent, "corpus"), embeds=True) as opened:
        hits = ask(opened.corpus, query, limit=limit, since=since, tiers=tiers)
        return found_items(hits)


def computed(inputs: Mapping[str, object]) -> dict[str, object]:
    """`score`: what the formula makes of these inputs. Raises InvalidInput with every breach."""
    from agent.scoring import outcome_report, parse_inputs

    return {"ok": True, **outcome_report(parse_inputs(inputs))}
