"""The gates and what follows a decision. A gate holds `interrupt` and a pure return, nothing else: LangGraph runs an
interrupted node again from its first line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from langgraph.types import interrupt

from agent.errors import Conflict, NotPublishable, StorageFailed
from agent.publishing import file_hashes, publish_files
from agent.review.rules import Action, check_approval
from agent.schemas.assessment import Assessment
from agent.schemas.base import content_hash
from agent.schemas.record import ReviewRecord
from agent.schemas.vocabulary import PUBLICATION_SECTIONS, Gate, Section, Status
from agent.store.publications import Publication, PublicationRow
from agent.workflow.publication import review_record, slug
from agent.workflow.refresh_nodes import standing_after_gate_1
from agent.workflow.state import MAX_ROUNDS, State
from agent.workflow.workbench import Workbench


@dataclass(frozen=True)
class AwaitDecision:
    """A gate: waits until a person has decided about exactly this revision.

    What is shown has the human-interrupt shape as well, so that Studio and Agent Inbox show it. It allows no answer
    there: a decision is taken by the review service, and the runner hands it in.
    """

    def __call__(self, state: State) -> State:
        """The decision's id and action, as the runner hands them in. `AfterGate` judges what anybody else sends."""
        answer = interrupt(
            {
                "gate": state["gate"],
                "revision": state["revision"],
                "review": state["review"],
                "action_request": {
                    "action": f"review_{state['gate']}",
                    "args": {"id": state["assessment"], "gate": state["gate"], "revision": state["revision"]},
                },
                "config": {
                    "allow_ignore": False,
                    "allow_respond": False,
                    "allow_edit": False,
                    "allow_accept": False,
                },
                "description": "Nothing that is sent to this thread decides. Read it with "
                f"`assess-role review {state['assessment']}`, or answer it with `assess-role inbox answer`.",
            }
        )
        return {"decision": answer}


@dataclass(frozen=True)
class AfterGate:
    """Which node follows a gate: the one that the recorded decision on its review asks for, else the gate again.

    Whoever holds the checkpoints can resume the thread with anything; only what the review service recorded counts.
    """

    bench: Workbench
    gate: str
    """The gate's node."""
    approved: str
    """The node after an approval."""

    def __call__(self, state: State) -> str:
        """The name of the node."""
        found = self.bench.review.reviews.decision_of(state["review"])
        handed_in = {} if found is None else {"id": found.id, "action": found.action}
        if found is None or state["decision"] != handed_in or found.revision != state["revision"]:
            return self.gate
        return {
            Action.APPROVE: self.approved,
            Action.SEND_BACK: "send_back",
            Action.EDIT: "freeze_edit",
            Action.REJECT: "reject",
        }[Action(found.action)]


@dataclass(frozen=True)
class AcceptInputs:
    """Make the approved inputs the base of commentary, lens and publication."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """A commentary and a lens of an earlier revision are discarded; in a refresh that left the inputs as they were
        published, those that are not due stand."""
        names = [section.value for section in PUBLICATION_SECTIONS]
        standing = standing_after_gate_1(self.bench, state)
        return {
            "base": state["revision"],
            "drafts": {name: standing.get(name, 0) for name in names},
            "from_base": dict.fromkeys(names, 0),
            "rounds": {name: MAX_ROUNDS if name in standing else -1 for name in names},
            "redraft": [],
        }


@dataclass(frozen=True)
class SendBack:
    """Name the sections that are drafted again with the reviewer's reason; all others stand as in the revision."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """The redraft starts from the revision that was sent back."""
        decision = self.bench.review.reviews.decision(state["decision"]["id"])
        chosen = (decision.document or {}).get("sections")
        names = [str(name) for name in chosen] if isinstance(chosen, list) else []
        base = decision.revision
        after = [section.value for section in PUBLICATION_SECTIONS]
        inputs = [name for name in names if name not in after]
        if not inputs:
            # Both are drafted against the approved inputs, which this revision holds unchanged.
            return {
                "base": base,
                "sent_back": decision.id,
                "redraft": names,
                "from_base": dict.fromkeys(after, 1),
                "rounds": dict.fromkeys(names, -1),
            }
        return {
            "base": base,
            "sent_back": decision.id,
            "redraft": inputs,
            "from_base": {s.value: int(s not in PUBLICATION_SECTIONS) for s in Section},
            "drafts": dict.fromkeys(after, 0),
            "rounds": dict.fromkeys(inputs, -1),
        }


@dataclass(frozen=True)
class Reject:
    """End without a publication."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Keep who rejected it and why."""
        decision = self.bench.review.reviews.decision(state["decision"]["id"])
        self.bench.assessments.set_status(
            state["assessment"], Status.REJECTED, {"message": decision.reason or "", "reviewer": decision.reviewer}
        )
        return {}


@dataclass(frozen=True)
class Abstain:
    """End without a score: too little evidence, or no role."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Keep the reason."""
        self.bench.assessments.set_status(state["assessment"], Status.ABSTAINED, {"message": state["stopped"]})
        return {}


@dataclass(frozen=True)
class Publish:
    """Publish the approved revision, once, whatever crashed before."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Files first in a temporary folder, then in place, then the row is marked done."""
        bench, assessment = self.bench, state["assessment"]
        if bench.review.controls.find(assessment) is not None:
            raise NotPublishable(f"{assessment} holds an error that was planted; it is never published.")
        bench.progress("publish", "writing the page")
        content = self._approved(state)
        result = content.result
        if result is None:
            raise NotPublishable("The approved revision has no score.")
        owner = bench.assessments.get(assessment)
        row = bench.publications.claim(
            Publication(
                assessment=assessment,
                revision=state["revision"],
                slug=slug(owner.role, content.role.seniority),
                role=owner.role,
                seniority=content.role.seniority,
                score=result.score,
                zone=result.zone.value,
                label=result.label,
            ),
            str(bench.publish_dir),
        )
        mark = bench.publications.mark(assessment, row.revision)
        # As the registry was when the publication began: a repeat after a crash writes the same files, whatever was
        # published or withdrawn in the meantime.
        record = review_record(bench, content, row, mark, bench.publications.standing_at(mark))
        folder = self._place(content, record, row)
        bench.publications.finish(assessment, row.revision, file_hashes(folder))
        bench.assessments.set_status(assessment, Status.PUBLISHED)
        return {}

    def _place(self, content: Assessment, record: ReviewRecord, row: PublicationRow) -> str:
        """Write the files, or find that they stand, and return their folder. A pending publication follows the publish
        folder unless its files stand in the old one, so that a folder that cannot be used is left behind."""
        wanted = f"{self.bench.publish_dir}/{row.slug}/v{row.version}"
        if row.status == "pending" and row.path != wanted:
            try:
                if Path(row.path).is_dir():
                    publish_files(content, record, row.path)
                    return row.path
            except (Conflict, StorageFailed, OSError):
                self.bench.progress("publish", f"{row.path} cannot be used; writing to {wanted}")
            row = self.bench.publications.move(row.assessment, row.revision, str(self.bench.publish_dir))
        publish_files(content, record, row.path)
        return row.path

    def _approved(self, state: State) -> Assessment:
        """The stored content, only if a person approved exactly its hash at gate 2 and its inputs at gate 1."""
        bench, assessment, revision = self.bench, state["assessment"], state["revision"]
        content = self._unchanged(assessment, revision)
        decisions = bench.review.reviews
        last = decisions.decision_of(state["review"])
        if last is None or (last.action, last.gate, last.revision) != (Action.APPROVE, Gate.PUBLICATION, revision):
            raise NotPublishable(f"Nobody approved revision {revision} for publication.")
        approved = {
            d.revision for d in decisions.decisions(assessment) if d.gate is Gate.INPUTS and d.action == Action.APPROVE
        }
        inputs = [self._unchanged(assessment, r) for r in sorted(approved)]
        approved_parts = [(i.inputs, i.override, i.role) for i in inputs]
        if (content.inputs, content.override, content.role) not in approved_parts:
            raise NotPublishable(f"Nobody approved the inputs of revision {revision}.")
        check_approval(content)
        return content

    def _unchanged(self, assessment: str, revision: str) -> Assessment:
        stored = self.bench.assessments.revision(assessment, revision)
        if content_hash(stored.document) != revision:
            raise Conflict(f"The stored content of {revision} is not what was approved; it was changed afterwards.")
        return Assessment.model_validate(stored.document)
