"""The closed vocabularies of METHODOLOGY.md."""

from __future__ import annotations

from enum import StrEnum


class Bucket(StrEnum):
    """What AI does to a task (METHODOLOGY section 4). Stored independently of the score."""

    DISPLACEMENT = "displacement"
    AUGMENTATION = "augmentation"
    NOT_INVOLVED = "not_involved"


class LensBucket(StrEnum):
    """What becomes of a task under the AI-driven lens (METHODOLOGY section 7). Stored independently of the score."""

    ENHANCED = "enhanced"
    UNCHANGED = "unchanged"
    DISPLACED = "displaced"


class LensOutcome(StrEnum):
    """What the concept gate of the AI-driven lens comes to (METHODOLOGY section 7)."""

    TRANSFORMS = "transforms"
    COMPRESSES = "compresses"
    ALREADY_AI_DRIVEN = "already_ai_driven"
    NO_AI_DRIVEN_VERSION = "no_ai_driven_version"

    @property
    def has_composite(self) -> bool:
        """Whether there is an AI-driven version that is not the role itself, so that it can be scored."""
        return self in (LensOutcome.TRANSFORMS, LensOutcome.COMPRESSES)


class Zone(StrEnum):
    """The zone read off the score of record (METHODOLOGY section 3)."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


class EvidenceName(StrEnum):
    """The five evidence dimensions, in printed order."""

    JOB_POSTINGS = "job_postings"
    COMPANY_ACTIONS = "company_actions"
    WAGES = "wages"
    TOOL_MATURITY = "tool_maturity"
    EXPERT_CONSENSUS = "expert_consensus"


class BarrierName(StrEnum):
    """The five barriers, in printed order."""

    REGULATORY = "regulatory"
    PHYSICAL = "physical"
    UNION = "union"
    LIABILITY = "liability"
    CULTURAL = "cultural"


class PrincipleName(StrEnum):
    """The three protective principles, in printed order."""

    PHYSICALITY = "physicality"
    INTERPERSONAL = "interpersonal"
    JUDGMENT = "judgment"


class Section(StrEnum):
    """A part of an assessment that is guarded as one; all but the frame are drafted by one prompt and sent back."""

    FRAME = "frame"
    """Of findings only."""
    TASKS = "tasks"
    EVIDENCE = "evidence"
    BARRIERS = "barriers"
    GROWTH = "growth"
    COMMENTARY = "commentary"
    LENS = "lens"


INPUT_SECTIONS = (Section.TASKS, Section.EVIDENCE, Section.BARRIERS, Section.GROWTH)
PUBLICATION_SECTIONS = (Section.COMMENTARY, Section.LENS)
"""What is drafted once the inputs are approved."""
DRAFTED_SECTIONS = (*INPUT_SECTIONS, *PUBLICATION_SECTIONS)
"""Every section that has a prompt and can be sent back."""


class Gate(StrEnum):
    """The two checkpoints at which a person decides."""

    INPUTS = "inputs"
    PUBLICATION = "publication"


class Status(StrEnum):
    """Where an assessment stands."""

    RUNNING = "running"
    WAITING = "waiting"
    NEEDS_MODEL = "needs_model"
    ABSTAINED = "abstained"
    REJECTED = "rejected"
    PUBLISHED = "published"
    FAILED = "failed"
