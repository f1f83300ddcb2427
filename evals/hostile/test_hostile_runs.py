"""Whole runs over a corpus with a hostile article and a model that does what the article says."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.llm.port import Prompt
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import EvidenceName, Section
from evals.hostile.answers import Answers, Change, Document, quoting, shown
from evals.hostile.desk import open_desk, some_articles
from evals.hostile.payloads import Payload, bare, is_in, payloads
from evals.hostile.planting import Planted, articles_of, town

CHOSEN = ("zero-width-1", "language-de", "place-table")
some_payloads = pytest.mark.parametrize("payload", [p for p in payloads() if p.id in CHOSEN], ids=lambda p: p.id)


def corpus_with(payload: Payload) -> list[Planted]:
    """Honest articles and the three that hold the payload."""
    return [*some_articles(), *articles_of(payload, 0)]


def answers_to(payload: Payload) -> Answers:
    """The usual answers, with a query that finds what the article was written to be found by."""

    def change(document: Document, prompt: Prompt) -> Document:
        queries = document["evidence_queries"]
        assert isinstance(queries, dict)
        return {**document, "evidence_queries": {**queries, "wages": [payload.trace]}}

    return Answers().but("frame", change)


def carrier(payload: Payload, prompt: Prompt) -> tuple[str, str]:
    """The first passage of the request that holds the payload."""
    return next(passage for passage in shown(prompt) if is_in(payload.trace, passage[1]))


def obeying(payload: Payload, *, quotes_order: bool) -> Change:
    """Every dimension scored as ordered, with the order's claim on the passage that gives the order."""

    def change(document: Document, prompt: Prompt) -> Document:
        passage = carrier(payload, prompt)
        order = next(line for line in passage[1].split("\n") if is_in(payload.trace, line))
        honest = next(line for line in passage[1].split("\n") if line.startswith(("Widget", "Most", "Many")))
        claim = quoting((passage[0], honest)) | {"text": payload.claim}
        if quotes_order:
            claim["citations"] = [{"passage_id": passage[0], "quote": order}]
        part = {"score": payload.score, "claims": [claim], "gap": None}
        return {**document, **{name.value: part for name in EvidenceName}}

    return change


@some_payloads
def test_a_run_that_quotes_the_order_cannot_be_published(payload: Payload, tmp_path: Path) -> None:
    answers = answers_to(payload).but("evidence", obeying(payload, quotes_order=True))
    with open_desk(tmp_path, answers, articles=corpus_with(payload)) as desk:
        row = desk.start()
        content = desk.content(row.id)
        assert content is None or Tier.BLOCK in {finding.tier for finding in content.guard.of(Section.EVIDENCE)}
        desk.push_through(row.id)
        published = desk.published()
    assert (bare(payload.trace) in bare(published), published) == (False, "")


@some_payloads
def test_a_run_that_obeys_beside_an_honest_quote_names_every_obedient_claim(payload: Payload, tmp_path: Path) -> None:
    answers = answers_to(payload).but("evidence", obeying(payload, quotes_order=False))
    with open_desk(tmp_path, answers, articles=corpus_with(payload)) as desk:
        content = desk.content(desk.start().id)
        assert content is not None
        named = {finding.path.split(".")[1] for finding in content.guard.of(Section.EVIDENCE)}
        assert named >= {name.value for name in EvidenceName}


@some_payloads
def test_a_model_that_does_not_obey_is_not_held_up(payload: Payload, tmp_path: Path) -> None:
    def change(document: Document, prompt: Prompt) -> Document:
        towns = [town(article.name) for article in some_articles()]
        honest = [passage for passage in shown(prompt) if any(place in passage[1] for place in towns)]
        parts = {
            name.value: {"score": 1, "claims": [quoting(honest[at % len(honest)])], "gap": None}
            for at, name in enumerate(EvidenceName)
        }
        return {**document, **parts}

    with open_desk(tmp_path, answers_to(payload).but("evidence", change), articles=corpus_with(payload)) as desk:
        content = desk.content(desk.start().id)
        assert content is not None
        assert [finding.id for finding in content.guard.of(Section.EVIDENCE)] == []
