"""A revision: everything a page prints of one assessment except who ran and reviewed it, when, and at what cost."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agent.schemas.agreement import Agreement
from agent.schemas.article import ArticleMeta
from agent.schemas.base import Value, content_hash
from agent.schemas.draft import Citation, Claim, Commentary, Inputs, RoleFrame
from agent.schemas.finding import Acceptance, GuardReport, Verdict
from agent.schemas.lens import Lens, LensResult
from agent.schemas.pages import Pages
from agent.schemas.places import placed_claims
from agent.schemas.scored import Override, ScoreResult
from agent.schemas.vocabulary import Gate, Section

FORMAT: Literal["assess-role/assessment/1"] = "assess-role/assessment/1"


class Source(Value):
    """A cited passage, as it stood when it was cited."""

    passage: str
    article: str
    text: str
    """Personal data that a person could be found by is replaced by what it was."""
    text_hash: str
    """Of the text as it is stored."""
    meta: ArticleMeta
    suspicious: bool
    page: int | None = None
    """1-based page of the source on which the passage begins, where it has pages."""
    pages: Pages = ()
    """(offset in `text`, page) of each page that it stands on, ascending, where it stands on more than one."""
    work: str = ""
    """Id of the article that its own is a copy of; empty when it is no copy. Copies count as one source."""


class CitedOverride(Override):
    """An override with the evidence it rests on."""

    citations: tuple[Citation, ...] = Field(min_length=1)


class Provenance(Value):
    """What produced the draft."""

    model: str
    """The label the endpoint or the recording gave."""
    recorded: bool
    """The answers were replayed from recordings."""
    prompts: dict[Section | Literal["frame"], str]
    """Prompt version a section."""
    policy: str
    corpus: str
    """Digest of the corpus that was searched."""
    embedding: str
    """Identity of the embedding model."""


class Assessment(Value):
    """The content that a decision is bound to."""

    format: Literal["assess-role/assessment/1"] = FORMAT
    gate: Gate
    """The gate this revision was frozen for."""
    as_of: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    """Evidence published later was not considered."""
    role: RoleFrame
    inputs: Inputs
    result: ScoreResult | None
    """`None` when the inputs break a rule of the formula; such a revision carries BLOCK findings."""
    guard: GuardReport
    accepted: tuple[Acceptance, ...] = ()
    override: CitedOverride | None = None
    commentary: Commentary | None = None
    lens: Lens | None = Field(default=None, exclude_if=lambda value: value is None)
    """The AI-driven lens; `None` when none was drafted, and then no part of the document or its hash."""
    lens_result: LensResult | None = Field(default=None, exclude_if=lambda value: value is None)
    """What the formula makes of the lens; `None` without a lens, for an outcome without a composite, and when the lens
    breaks a rule: such a revision carries BLOCK findings."""
    agreement: Agreement | None = Field(default=None, exclude_if=lambda value: value is None)
    """How far independent drafts of the inputs agree, as they were before anybody edited or sent back anything; `None`
    with one draft, where no interval is known, and then no part of the document or its hash."""
    sources: tuple[Source, ...]
    """Every cited passage once, sorted by id."""
    provenance: Provenance

    def document(self) -> dict[str, object]:
        """The JSON document that is hashed, stored and published."""
        return self.model_dump(mode="json", by_alias=True)

    def verdicts(self) -> dict[Claim, Verdict]:
        """What the guard made of each claim; of equal claims in several places the gravest verdict."""
        found: dict[Claim, Verdict] = {}
        order = list(Verdict)
        for placed in placed_claims(self.inputs, self.commentary, self.lens):
            verdict = self.guard.verdicts.get(placed.path)
            if verdict is not None:
                found[placed.claim] = min(verdict, found.get(placed.claim, verdict), key=order.index)
        return found

    def strongest(self) -> frozenset[Claim]:
        """The strongest verified claim on each side of each evidence dimension."""
        paths = {path for pair in self.guard.opposed.values() for path in (pair.for_, pair.against)}
        return frozenset(placed.claim for placed in placed_claims(self.inputs, None) if placed.path in paths)

    def revision(self) -> str:
        """The revision's hash: `sha256:` and 64 hex digits."""
        return content_hash(self.document())
