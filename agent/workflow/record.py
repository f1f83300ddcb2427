"""Recording a role: the real pipeline against a connected model, its answers kept as given.

Nothing is approved and nothing is published: the run stops at gate 1 as every run does. Commentary and lens are drafted
for that revision outside the graph, only so that their answers are at hand when somebody replays the role.
"""

from __future__ import annotations

from pathlib import Path

from agent.errors import AssessorError, BudgetSpent, ErrorKind, InvalidInput, NeedsModel, UpstreamFailed
from agent.llm.recorded import write_recording
from agent.llm.recording import RecordedAnswer, Recording, find_recording
from agent.schemas.vocabulary import DRAFTED_SECTIONS, PUBLICATION_SECTIONS, Section, Status
from agent.store.assessments import AssessmentRow
from agent.workflow.drafting_nodes import DraftSection
from agent.workflow.engine import Engine, check_drafts
from agent.workflow.gate_nodes import AcceptInputs
from agent.workflow.guard_nodes import GuardPublication
from agent.workflow.publication import slug
from agent.workflow.state import MAX_ROUNDS, State
from agent.workflow.workbench import Request


def record(
    engine: Engine,
    role: str,
    seniority: str | None,
    folder: Path,
    *,
    max_tokens: int | None = None,
    fresh: bool = False,
    drafts: int | None = None,
) -> tuple[Path, AssessmentRow]:
    """Draft the role with the connected model and write `folder/ROLE-SENIORITY.json`.

    A role that has a recording keeps its day, its passages and every answer whose request is the same, so that only the
    others are asked for; `fresh` takes over nothing. `drafts` is how many independent drafts of the inputs are made;
    `None` is as many as the recording has, or one. A run that was interrupted in this home goes on where it stopped.
    Raises UpstreamFailed, BudgetSpent, NeedsModel or InvalidInput when the run ends without reaching gate 1.
    """
    if drafts is not None:
        check_drafts(drafts)
    former = None if fresh else find_recording(engine.bench.recordings, role, seniority)
    asked = Request(
        role=role if former is None else former.role,
        seniority=seniority if former is None else former.seniority,
        as_of=engine.bench.stamps.now()[:10] if former is None else former.as_of,
        recorded=former is not None,
        max_tokens=max_tokens,
        drafts=drafts_in(former) if drafts is None else drafts,
    )
    left = [engine.stores.assessments.get(a) for a in engine.stores.assessments.unfinished()]
    same = [a for a in left if _is_asked(a, asked)]
    if same:
        if max_tokens is not None:
            engine.stores.assessments.change_request(same[-1].id, {"max_tokens": max_tokens})
        row = engine.runner.advance(same[-1].id)
    else:
        row = engine.runner.start(asked)
    if row.status is not Status.WAITING:
        raise _stopped(row)
    _draft_publication(engine, row.id)
    path = folder / f"{slug(row.role, row.seniority)}.json"
    write_recording(path, _recording(engine, row, former))
    return path, row


def drafts_in(recording: Recording | None) -> int:
    """How many independent drafts of the inputs a recording holds; one where there is none."""
    return 1 if recording is None else 1 + max((answer.sample for answer in recording.answers), default=0)


def _is_asked(left: AssessmentRow, asked: Request) -> bool:
    """Whether an interrupted run is the recording that is asked for."""
    request = left.request
    found = (left.role, request["seniority"], request["recorded"], request.get("drafts", 1))
    return found == (asked.role, asked.seniority, asked.recorded, asked.drafts)


def _stopped(row: AssessmentRow) -> AssessorError:
    """Why there is nothing to record, as the error that stopped the run."""
    outcome = row.outcome or {}
    message = f"Recording {row.role} stopped ({row.status.value}): {outcome.get('message', '')}"
    if row.status is Status.ABSTAINED:
        return InvalidInput(message, hint="Add articles that speak of the role, then record it anew.")
    if outcome.get("kind") == ErrorKind.NEEDS_MODEL:
        return NeedsModel(message, hint="Give --fresh to record the role from what the corpus holds now.")
    kept = "Run the same command again: answers that were given are kept."
    if outcome.get("kind") == ErrorKind.BUDGET:
        return BudgetSpent(message, hint=f"{kept} Give a larger --max-tokens.")
    return UpstreamFailed(message, hint=kept)


def _draft_publication(engine: Engine, assessment: str) -> None:
    """Commentary and lens for the revision that waits at gate 1, as if it were approved unchanged. It decides
    nothing."""
    review = engine.stores.reviews.open_review(assessment)
    if review is None or review.block:
        return
    state: State = {**engine.runner.state(assessment), "revision": review.revision}
    state = _apply(state, AcceptInputs(engine.bench)(state))
    wanted: tuple[Section, ...] = PUBLICATION_SECTIONS
    for _ in range(MAX_ROUNDS + 1):
        for section in wanted:
            state = _apply(state, DraftSection(engine.bench, section)(state))
        state = _apply(state, GuardPublication(engine.bench)(state))
        wanted = tuple(Section(name) for name in state["redraft"])
        if not wanted:
            return


def _apply(state: State, update: State) -> State:
    """What the graph does with a node's update."""
    merged: State = {**state, **update}
    for key in ("drafts", "from_base", "rounds"):
        if key in update:
            merged[key] = {**state.get(key, {}), **update[key]}
    return merged


def _recording(engine: Engine, row: AssessmentRow, former: Recording | None) -> Recording:
    """An answer that was taken over stays as it stands in the former recording."""
    store = engine.stores.assessments
    retrieval = store.draft(row.id, "retrieval")
    packs = engine.stores.review.packs(row.id)
    known = {} if former is None else {answer.key: answer for answer in former.answers}
    answers = tuple(
        known[key]
        if key in known
        else RecordedAnswer(
            key=key,
            prompt=call.prompt,
            sample=call.answer.sample,
            text=call.answer.text,
            model=call.answer.model,
            input_tokens=call.answer.usage.input_tokens,
            output_tokens=call.answer.usage.output_tokens,
            finish_reason=call.answer.finish_reason,
            recorded_at=call.created_at[:10],
        )
        for key, call in engine.bench.journal(row.id).everything()
    )
    return Recording(
        role=row.role,
        seniority=row.seniority,
        as_of=str(row.request["as_of"]),
        model=", ".join(sorted({answer.model for answer in answers})),
        recorded_at=engine.bench.stamps.now()[:10],
        corpus=str(retrieval["corpus"]),
        embedding=str(retrieval["embedding"]),
        packs={section.value: packs[section] for section in DRAFTED_SECTIONS if section in packs},
        answers=answers,
    )
