"""What judges are shown: claims of drafted sections beside the passages that they cite, in a form made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.errors import NotFound
from agent.llm.recording import Recording
from agent.schemas.article import Passage
from agent.schemas.places import PlacedClaim
from agent.schemas.text import one_line
from agent.schemas.vocabulary import Section
from evals.suites.drafts import Draft, draft_of, sourced, spread

CLAIMS = 3
"""Sourced claims of a section that a judge is asked about together."""
QUESTIONS = {
    Section.TASKS: "What do AI tools do in the tasks of a {role}, and what remains with people?",
    Section.EVIDENCE: (
        "What do job postings, companies, wages, tools and experts show about AI and the work of a {role}?"
    ),
    Section.BARRIERS: "Which outside barriers slow the automation of the work of a {role}?",
    Section.GROWTH: "What protects the work of a {role}, and does AI raise or lower the demand for it?",
    Section.COMMENTARY: "What does the assessment of a {role} come to, and for whom?",
    Section.LENS: "What becomes of a {role} who builds and directs AI agents?",
}


@dataclass(frozen=True)
class Sample:
    """A text and what it has to rest on."""

    name: str
    """For people: role and section."""
    question: str
    claims: tuple[str, ...]
    contexts: tuple[str, ...]
    """Each passage once, with what is known of its source, as the drafter was told it."""
    marks: tuple[tuple[int, ...], ...]
    """For each claim the numbers, from 1, of the contexts that it cites."""
    recording: Recording | None = None
    """Whose drafts these are; `None` for a planted sample."""

    @property
    def text(self) -> str:
        """The claims as one text."""
        return "\n".join(self.claims)

    @property
    def marked(self) -> str:
        """The claims as one text, each followed by what it cites, such as `[1][3]`."""
        pairs = zip(self.claims, self.marks, strict=True)
        return "\n".join(f"{claim} {''.join(f'[{mark}]' for mark in marks)}" for claim, marks in pairs)


def shown(passage: Passage) -> str:
    """A passage on one line behind its source."""
    meta = passage.meta
    return f"{one_line(meta.title)} ({one_line(meta.publisher)}, {meta.date}): {one_line(passage.text)}"


def section_samples(
    recordings: Sequence[Recording], passages: Mapping[str, Passage], sections: Sequence[Section], most: int = CLAIMS
) -> tuple[Sample, ...]:
    """At most `most` sourced claims of each section of each role, spread evenly; no sample where there is none.

    Raises NotFound for a passage that the corpus does not have.
    """
    found = []
    for recording in recordings:
        draft = draft_of(recording)
        for section in sections:
            claims = spread(sourced(draft.claims(section)), most)
            if claims:
                found.append(_sample(draft, recording, section, claims, passages))
    return tuple(found)


def _sample(
    draft: Draft,
    recording: Recording,
    section: Section,
    claims: Sequence[PlacedClaim],
    passages: Mapping[str, Passage],
) -> Sample:
    cited = list(dict.fromkeys(c.passage for placed in claims for c in placed.claim.citations))
    gone = [name for name in cited if name not in passages]
    if gone:
        raise NotFound(f"{draft.role} cites {', '.join(gone)}, which the corpus no longer has.")
    marks = tuple(tuple(sorted({cited.index(c.passage) + 1 for c in placed.claim.citations})) for placed in claims)
    return Sample(
        name=f"{draft.role}, {section.value}",
        question=QUESTIONS[section].format(role=draft.role),
        claims=tuple(one_line(placed.claim.text) for placed in claims),
        contexts=tuple(shown(passages[name]) for name in cited),
        marks=marks,
        recording=recording,
    )


def whole_texts(recording: Recording) -> dict[str, str]:
    """Everything that a page would say in claims, in two parts: the inputs, and what is written after them."""
    draft = draft_of(recording)
    parts = {
        "inputs": (Section.TASKS, Section.EVIDENCE, Section.BARRIERS, Section.GROWTH),
        "commentary and lens": (Section.COMMENTARY, Section.LENS),
    }
    texts = {
        name: "\n".join(one_line(placed.claim.text) for placed in draft.claims(*sections))
        for name, sections in parts.items()
    }
    return {name: text for name, text in texts.items() if text}
