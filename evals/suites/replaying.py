"""Golden roles through the real workflow, from their recordings, to gate 2, in a temporary home.

A script stands in for the reviewer between the gates: it accepts what may be accepted and approves the inputs, so that
commentary and lens are drafted. The home is thrown away, and nothing is published.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.errors import ErrorKind
from agent.review.edit import edit_of
from agent.review.service import Reviewer
from agent.schemas.article import Passage
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Claim
from agent.schemas.finding import Acceptance, Tier
from agent.schemas.places import placed_claims
from agent.schemas.vocabulary import Gate
from agent.settings import Settings
from agent.store.assessments import AssessmentRow
from agent.workflow.engine import Engine, open_runner
from agent.workflow.workbench import Request
from evals.golden.roles import GoldenRole

BY = Reviewer(name="A script of the evals", channel="script")
REASON = "Accepted by a script, so that commentary and lens are drafted."


@dataclass(frozen=True)
class Stopped:
    """Why a replay did not reach gate 2."""

    message: str
    stale: bool
    """A request has no recorded answer: prompt, corpus, guard or schema changed since it was recorded."""


@dataclass(frozen=True)
class Replay:
    """What a recording gives today."""

    role: GoldenRole
    inputs: Assessment | None
    """What waits at gate 1, as drafted; `None` when the replay stopped before."""
    whole: Assessment | None
    """What waits at gate 2; `None` when the replay stopped before."""
    stopped: Stopped | None
    """`None` when gate 2 was reached."""
    passages: Mapping[str, Passage]
    """The stored passages that are cited, by id."""
    tokens: int
    """What the answers of this replay cost when they were recorded, in and out."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim of the furthest revision, in printed order."""
        content = self.whole or self.inputs
        if content is None:
            return ()
        return tuple(placed.claim for placed in placed_claims(content.inputs, content.commentary, content.lens))


@contextmanager
def replayer() -> Iterator[Callable[[GoldenRole], Replay]]:
    """Replays golden roles, one after another, over one bundled corpus. A call raises NotFound without a recording and
    InvalidInput for a recording that is not whole or of another role."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", publish_dir=Path(folder) / "published", reviewer=BY.name)
        with open_runner(settings, recordings=()) as engine:
            yield lambda role: _replay(engine, role)


def _replay(engine: Engine, role: GoldenRole) -> Replay:
    recording = role.read()
    # A dataclass that is wired once a process: the recordings are all that differs from role to role.
    engine.bench.recordings = (recording,)
    asked = Request(role=recording.role, seniority=recording.seniority, as_of=recording.as_of, recorded=True)
    row = engine.runner.start(asked)
    inputs = _waiting(engine, row.id, Gate.INPUTS)
    whole = None
    if inputs is not None and not inputs.guard.count(Tier.BLOCK):
        row = _pass_inputs(engine, row.id, inputs)
        whole = _waiting(engine, row.id, Gate.PUBLICATION)
    furthest = whole or inputs
    cited = () if furthest is None else tuple(source.passage for source in furthest.sources)
    usage = engine.stores.assessments.usage(row.id)
    return Replay(
        role=role,
        inputs=inputs,
        whole=whole,
        stopped=None if whole is not None else _stopped(row, inputs),
        passages=engine.bench.passages(cited),
        tokens=usage["input_tokens"] + usage["output_tokens"],
    )


def _waiting(engine: Engine, assessment: str, gate: Gate) -> Assessment | None:
    """What waits at the gate; `None` when nothing does."""
    review = engine.stores.reviews.open_review(assessment)
    if review is None or review.gate is not gate:
        return None
    return engine.stores.review.revision(assessment, review.revision)


def _pass_inputs(engine: Engine, assessment: str, content: Assessment) -> AssessmentRow:
    accepted = tuple(Acceptance(finding=finding.id, reason=REASON) for finding in content.guard.findings)
    if accepted:
        edit = edit_of(content).model_copy(update={"accepted": accepted})
        drafted = content.revision()
        engine.runner.decide(assessment, lambda service: service.edit(assessment, drafted, BY, edit))
    review = engine.stores.reviews.open_review(assessment)
    if review is None:
        return engine.stores.assessments.get(assessment)
    return engine.runner.decide(assessment, lambda service: service.approve(assessment, review.revision, BY))


def _stopped(row: AssessmentRow, inputs: Assessment | None) -> Stopped:
    outcome = row.outcome or {}
    if inputs is not None and not outcome:
        blocks = [finding for finding in inputs.guard.findings if finding.tier is Tier.BLOCK]
        named = "; ".join(f"{finding.id}: {finding.message}" for finding in blocks[:3])
        return Stopped(f"It waits at gate 1 with BLOCK findings ({len(blocks)}): {named}", stale=False)
    stale = outcome.get("kind") == ErrorKind.NEEDS_MODEL
    return Stopped(f"It ended as {row.status.value}: {outcome.get('message', 'no reason given')}", stale=stale)
