"""The review at a terminal: show everything, take one key, do it, go on to the next checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import typer

from agent.cli.asking import ask_citation, ask_reason, ask_score, ask_sections, ask_why
from agent.cli.deciding import accepted_edit, overridden_edit
from agent.cli.editor import edited
from agent.cli.interrupt import interruptible
from agent.cli.output import Terminal
from agent.cli.reading import claim_at, review_view
from agent.cli.views import next_step, refresh_lines, summary_lines
from agent.cli.wording import counted
from agent.errors import AssessorError, Conflict, InvalidInput, NotFound
from agent.review.attention import WHOLE
from agent.review.diff import changes
from agent.review.edit import Edit, edit_text, parse_edit
from agent.review.identity import Scope
from agent.review.rules import Action, check_approval
from agent.review.service import Reviewer, ReviewService
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS, Gate, Status
from agent.store.reviews import ApprovalRow, ReviewRow, Taken
from agent.workflow.engine import Engine
from agent.workflow.summary import exit_code, summary, waits_for

KEYS = "a approve, e edit, F accept a finding, O override,\nr send back, x reject, d defer, o view again"
"""The letters of the full screen and of the browser, as far as they do the same."""


@dataclass(frozen=True)
class _Desk:
    """One reviewer at one open review."""

    terminal: Terminal
    engine: Engine
    review: ReviewRow
    content: Assessment
    by: Reviewer

    def decide(self, take: Callable[[], Taken]) -> bool:
        """Take a decision and carry on; `False` when it waits for somebody else's approval."""
        name, taken = self.review.assessment, list[Taken]()

        def keep(service: ReviewService) -> Taken:
            taken.append(take())
            return taken[0]

        work = partial(self.engine.runner.decide, name, keep)
        interruptible(self.terminal, self.engine, work, again=f"assess-role resume {name}")
        if isinstance(taken[0], ApprovalRow):
            self.terminal.data(f"Your approval is kept. It takes another one: {waits_for(self.engine.stores, name)}.")
            return False
        return True


def review_in_terminal(
    terminal: Terminal, engine: Engine, assessment: str, reviewer: str | None, *, over: str | None = None
) -> None:
    """Review until nothing waits or the reviewer puts it off; who leaves gives the review back.

    `over` is the reason to take it from somebody else. Raises NotFound when nothing waits, Conflict when somebody else
    holds it, Forbidden.
    """
    by = engine.acting(reviewer, "terminal", Scope.DECIDE)
    again = f"assess-role resume {assessment}"
    if engine.stores.assessments.get(assessment).status is not Status.REJECTED:
        interruptible(terminal, engine, lambda: engine.runner.advance(assessment), again=again)
    if engine.stores.reviews.open_review(assessment) is None:
        document = summary(engine.stores, assessment)
        raise NotFound(f"Assessment {assessment} has nothing up for review; its status is {document['status']}.")
    while (review := engine.stores.reviews.open_review(assessment)) is not None:
        service = engine.stores.review
        service.claim(review.id, by, over=over)
        service.looked(review.id, by, "review", WHOLE)
        content = service.revision(assessment, review.revision)
        _shown(engine, content, assessment)
        try:
            if not _decided(_Desk(terminal=terminal, engine=engine, review=review, content=content, by=by)):
                break
        finally:
            with suppress(AssessorError):
                service.release(review.id, by)
    document = summary(engine.stores, assessment)
    terminal.data("")
    for line in [*summary_lines(document), *next_step(document)]:
        terminal.data(line)
    code = exit_code(engine.stores, assessment)
    if code:
        raise typer.Exit(code)


def _decided(desk: _Desk) -> bool:
    """Ask until one decision is taken; `False` when the reviewer defers."""
    actions: dict[str, Callable[[_Desk], bool | None]] = {
        "a": _approve,
        "e": _edit,
        "F": _accept,
        "O": _override,
        "r": _send_back,
        "x": _reject,
        "d": _defer,
        "o": _view,
    }
    while True:
        desk.terminal.data(f"\n{_standing(desk)}\n{KEYS}")
        typed = str(typer.prompt("Your decision", prompt_suffix=" > ")).strip()[:1]
        key = next((key for key in (typed, typed.lower()) if key in actions), None)
        if key is None:
            desk.terminal.data(f"No such key {typed!r}.")
            continue
        try:
            done = actions[key](desk)
        except Conflict as error:
            desk.terminal.failure(error)
            return True
        except AssessorError as error:
            desk.terminal.failure(error)
            continue
        if done is not None:
            return done


def _standing(desk: _Desk) -> str:
    """What is decided about, repeated where the decision is asked for."""
    result, guard = desk.content.result, desk.content.guard
    score = "not scorable" if result is None else f"{result.score:.1f} of 100, {result.label}"
    waiting = guard.count(Tier.REVIEW) - len(desk.content.accepted)
    return (
        f"Gate {desk.review.gate.value}: {score}; {guard.count(Tier.BLOCK)} block, "
        f"{counted(waiting, 'review finding')} to accept; {desk.review.revision[:19]}…"
    )


def _approve(desk: _Desk) -> bool | None:
    check_approval(desk.content)
    question = f"Approve {desk.review.revision[:19]}… as {desk.by.name}?"
    if desk.content.accepted:
        question = f"{counted(len(desk.content.accepted), 'REVIEW finding')} accepted. {question}"
    if not typer.confirm(question, default=False):
        return None
    service, review = desk.engine.stores.review, desk.review
    return desk.decide(lambda: service.approve(review.assessment, review.revision, desk.by))


def _edit(desk: _Desk) -> bool | None:
    text = edit_text(desk.content)
    while True:
        after = edited(text, desk.engine.settings.editor)
        if after is None:
            desk.terminal.data("No edit.")
            return None
        try:
            return _take_edit(desk, parse_edit(after))
        except InvalidInput as error:
            desk.terminal.failure(error)
            if not typer.confirm("Open the editor again with your text?", default=True):
                return None
            text = after


def _accept(desk: _Desk) -> bool | None:
    known = {a.finding for a in desk.content.accepted}
    waiting = [f for f in desk.content.guard.findings if f.tier is Tier.REVIEW and f.id not in known]
    if not waiting:
        desk.terminal.data("No REVIEW finding waits for acceptance.")
        return None
    accepted = []
    for finding in waiting:
        claim = claim_at(desk.content, finding.path)
        desk.terminal.data(f"{finding.id}\n  {finding.message}" + (f"\n  on: {claim}" if claim else ""))
        reason = ask_why(desk.terminal, "Reason to accept it (empty: leave it)")
        if reason is not None:
            accepted.append((finding.id, reason))
    if not accepted:
        return None
    return _take_edit(desk, accepted_edit(desk.content, accepted))


def _override(desk: _Desk) -> bool | None:
    result = desk.content.result
    if result is None:
        desk.terminal.data("There is no score to override.")
        return None
    terminal = desk.terminal
    if (score := ask_score(terminal, result.formula_score)) is None:
        return None
    if (reason := ask_why(terminal, "Reason (empty: back)")) is None:
        return None
    if (citation := ask_citation(terminal, desk.engine.stores.corpus)) is None:
        return None
    return _take_edit(desk, overridden_edit(desk.content, score, reason, *citation))


def _take_edit(desk: _Desk, edit: Edit) -> bool | None:
    """Show what the edit becomes, then record it: the new revision has to be approved on its own."""
    service, review = desk.engine.stores.review, desk.review
    after = service.preview(review.assessment, review.revision, edit)
    lines = changes(desk.content, after)
    if after.revision() == review.revision:
        desk.terminal.data("The edit changes nothing.")
        return None
    for line in lines:
        desk.terminal.data(f"  {line}")
    if after.result is not None:
        desk.terminal.data(f"  becomes {after.result.score:.1f} of 100, {after.result.label}, {after.revision()}")
    block, waiting = after.guard.count(Tier.BLOCK), after.guard.count(Tier.REVIEW) - len(after.accepted)
    if block or waiting:
        desk.terminal.data(f"  with {block} BLOCK and {waiting} REVIEW findings, which stand in the way of approval")
    if not typer.confirm("Record this edit?", default=True):
        return None
    return desk.decide(lambda: service.edit(review.assessment, review.revision, desk.by, edit))


def _send_back(desk: _Desk) -> bool | None:
    open_to = (*INPUT_SECTIONS, *(PUBLICATION_SECTIONS if desk.review.gate is Gate.PUBLICATION else ()))
    if (sections := ask_sections(desk.terminal, open_to)) is None:
        return None
    if (reason := ask_reason(desk.terminal, Action.SEND_BACK)) is None:
        return None
    if desk.content.override is not None and set(sections or INPUT_SECTIONS) & set(INPUT_SECTIONS):
        desk.terminal.data("The override ends with this: set it anew at the redrafted inputs if it still applies.")
    service, review = desk.engine.stores.review, desk.review
    return desk.decide(lambda: service.send_back(review.assessment, review.revision, desk.by, reason, sections))


def _reject(desk: _Desk) -> bool | None:
    if (reason := ask_reason(desk.terminal, Action.REJECT)) is None:
        return None
    service, review = desk.engine.stores.review, desk.review
    return desk.decide(lambda: service.reject(review.assessment, review.revision, desk.by, reason))


def _defer(desk: _Desk) -> bool:
    desk.engine.stores.review.defer(desk.review.assessment, desk.review.revision, desk.by)
    return False


def _view(desk: _Desk) -> None:
    _shown(desk.engine, desk.content, desk.review.assessment)


def _shown(engine: Engine, content: Assessment, assessment: str) -> None:
    review_view(content)
    for line in refresh_lines(summary(engine.stores, assessment)):
        Terminal().data(line)
