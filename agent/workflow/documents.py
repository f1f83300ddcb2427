"""What an edge without a terminal asks for: one call, one document, each as the command of its name prints it with
`--json`. None of them decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from agent.review.queue import queue_of
from agent.settings import Settings
from agent.workflow.lists import open_lists, queue_items
from agent.workflow.progress import Progress, silent


def started(
    settings: Settings,
    role: str,
    *,
    seniority: str | None = None,
    recorded: bool = False,
    drafts: int = 1,
    progress: Progress = silent,
) -> dict[str, object]:
    """`run`: a new assessment, drafted up to gate 1. Raises AssessorError before anything is kept; what stops it later
    is its outcome and stands in the document."""
    from agent.workflow.engine import open_runner, request_for
    from agent.workflow.summary import summary

    with open_runner(settings, progress=progress) as engine:
        request = request_for(engine, role, seniority=seniority, recorded=recorded, drafts=drafts)
        row = engine.runner.start(request, engine.requester())
        return summary(engine.stores, row.id)


def queued(settings: Settings) -> dict[str, object]:
    """`queue`: what waits for review, the riskiest first."""
    with open_lists(settings) as lists:
        return {"ok": True, "items": queue_items(queue_of(lists.reviews.waiting()))}


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
    """The published document of a role, its newest version that stands unless one is named, its hash checked; beside it
    `withdrawn`, which says of a version that was withdrawn by whom, when and why.

    `role` is what `find_published` takes. Raises NotFound, InvalidInput for a name that several roles have, and for a
    file that is damaged.
    """
    from agent.registry.lookup import find_published
    from agent.registry.published import read_published

    with open_lists(settings) as lists:
        row = find_published(role, lists.publications.done(), version)
    withdrawn = None if row.withdrawn is None else row.withdrawn.model_dump()
    return {**read_published(Path(row.path)), "withdrawn": withdrawn}


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
