"""Questions inside a review: every answer is checked before the next question, an empty one leads back to the keys."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import typer

from agent.cli.output import Terminal
from agent.errors import AssessorError, InvalidInput, NotFound
from agent.grounding.report import check_citations
from agent.review.rules import MAX_REASON, MIN_REASON, Action, check_reason
from agent.schemas.article import Passage
from agent.schemas.draft import LONG, Citation
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import Section
from agent.scoring import POLICY
from agent.store.corpus import CorpusStore

Answer = TypeVar("Answer")

ALL = "all"
"""The answer that stands for every section that is named."""


def ask(terminal: Terminal, question: str, check: Callable[[str], Answer]) -> Answer | None:
    """What `check` makes of the answer; asked again after an AssessorError, `None` after an empty answer."""
    while answer := str(typer.prompt(question, default="", show_default=False)).strip():
        try:
            return check(answer)
        except AssessorError as error:
            terminal.failure(error)
    return None


def ask_reason(terminal: Terminal, action: Action) -> str | None:
    """Why the reviewer sends back or rejects."""
    return ask(terminal, "Reason (empty: back)", partial(check_reason, action))


def ask_sections(terminal: Terminal, open_to: tuple[Section, ...]) -> tuple[Section, ...] | None:
    """The sections to draft again, out of those that are open to it."""
    named = ", ".join(open_to)

    def check(answer: str) -> tuple[Section, ...]:
        words = answer.replace(",", " ").split()
        if words == [ALL]:
            return open_to
        wrong = [word for word in words if word not in open_to]
        if wrong or not words:
            found = ", ".join(map(repr, wrong or [answer]))
            raise InvalidInput(f"There is no section {found}; the sections are {named}, or {ALL}.")
        return tuple(Section(word) for word in words)

    return ask(terminal, f"Sections ({named}, or {ALL}; empty: back)", check)


def ask_score(terminal: Terminal, formula: float) -> float | None:
    """A score that may stand beside the formula's."""
    bound = float(POLICY.override_bound)
    low, high = max(0.0, round(formula - bound, 1)), min(100.0, round(formula + bound, 1))

    def check(answer: str) -> float:
        try:
            score = float(answer)
        except ValueError:
            score = math.nan
        if not low <= score <= high or round(score, 1) != score:
            raise InvalidInput(
                f"Found {answer!r}, expected a number from {low:.1f} to {high:.1f} with at most one decimal."
            )
        return score

    return ask(terminal, f"Score ({low:.1f} to {high:.1f}, the formula's is {formula:.1f}; empty: back)", check)


def ask_why(terminal: Terminal, question: str) -> str | None:
    """The reason of an override or an acceptance."""

    def check(answer: str) -> str:
        reason = " ".join(answer.split())
        if not MIN_REASON <= len(reason) <= MAX_REASON:
            raise InvalidInput(f"The reason has {len(reason)} characters, expected {MIN_REASON} to {MAX_REASON}.")
        return reason

    return ask(terminal, question, check)


def ask_citation(terminal: Terminal, corpus: CorpusStore) -> tuple[str, str] | None:
    """A passage of the store and a quote that the guard finds in it, word for word."""

    def known(answer: str) -> Passage:
        found = corpus.find_passages([answer])
        if not found:
            raise NotFound(
                f"There is no passage {answer!r}.", hint="Its id stands below each quote, as p- and 12 characters."
            )
        return found[answer]

    passage = ask(terminal, "Passage id (empty: back)", known)
    if passage is None:
        return None
    quote = ask(terminal, "Quote, word for word (empty: back)", partial(_standing, passage))
    return None if quote is None else (passage.id, quote)


def _standing(passage: Passage, answer: str) -> str:
    """The quote, when the guard has nothing against it that would block an approval."""
    if len(answer) > LONG:
        raise InvalidInput(f"The quote has {len(answer)} characters, at most {LONG} are allowed.")
    found = check_citations(
        (Citation(passage=passage.id, quote=answer),),
        section=Section.EVIDENCE,
        path="override",
        passages={passage.id: passage},
        policy=POLICY,
    )
    blocks = [finding.message for finding in found if finding.tier is Tier.BLOCK]
    if blocks:
        raise InvalidInput(" ".join(blocks))
    return answer
