"""What `occupations compare` reads before it shows anything."""

from __future__ import annotations

from dataclasses import dataclass

from agent.cli.show import WHERE_IDS_ARE
from agent.errors import NotFound
from agent.evidence.embedding import MiniLM
from agent.occupations.choices import confirmed
from agent.occupations.compare import AssessedTask, Comparison, compare
from agent.schemas.occupation import OccupationChoice, ReleaseFacts
from agent.settings import read_settings
from agent.store.occupations import OccupationStore
from agent.workflow.summary import summary
from agent.workflow.wiring import open_stores


@dataclass(frozen=True)
class Compared:
    """An assessment beside the official tasks of its occupations."""

    id: str
    role: str
    seniority: str
    revision: str
    choice: OccupationChoice
    release: ReleaseFacts
    embedding: str
    """Identity of the embedding model."""
    found: Comparison

    def document(self) -> dict[str, object]:
        """The command's JSON."""
        return {
            "ok": True,
            "id": self.id,
            "role": self.role,
            "seniority": self.seniority,
            "revision": self.revision,
            "confirmed": self.choice.model_dump(mode="json"),
            "release": self.release.model_dump(mode="json"),
            "embedding": self.embedding,
            **self.found.model_dump(mode="json"),
            "attribution": self.release.attribution,
        }


def compared(assessment: str) -> Compared:
    """Compare the revision that `show` shows. Nothing is written.

    Raises NotFound for an unknown id or an assessment without a revision, Prerequisite without a release or a confirmed
    occupation, InvalidInput for an ambiguous id.
    """
    with open_stores(read_settings()) as stores:
        try:
            shown = summary(stores, stores.assessments.get(assessment).id)
        except NotFound as error:
            raise NotFound(error.message, hint=WHERE_IDS_ARE) from error
        name, role = str(shown["id"]), str(shown["role"])
        if shown["revision"] is None:
            raise NotFound(f"Assessment {name} has no tasks yet; its status is {shown['status']}.")
        revision = str(shown["revision"])
        store = OccupationStore(stores.db, stores.stamps)
        choice, occupations = confirmed(store, role)
        tasks = stores.review.revision(name, revision).inputs.tasks
        # The threshold belongs to the bundled model, whatever the corpus is embedded with.
        model = MiniLM()
        found = compare(
            [AssessedTask(task.id, task.name, task.share) for task in tasks],
            [(one, store.tasks(one.code)) for one in occupations],
            model.embed,
        )
        return Compared(
            id=name,
            role=role,
            seniority=str(shown["seniority"]),
            revision=revision,
            choice=choice,
            release=store.release(),
            embedding=model.identity,
            found=found,
        )
