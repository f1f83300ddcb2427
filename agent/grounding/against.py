"""Whether a passage says the opposite of a claim: a sentence of much the same words that points the other way.

Words are compared, not meaning, as everywhere in the guard (`meaning.py`). What is found is a reason to look again;
what is not found may still contradict. How often it errs is measured in `evals/refresh`.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.grounding.language import analyse
from agent.grounding.meaning import Support, doubts
from agent.schemas.article import Passage
from agent.schemas.draft import Claim

CODES = frozenset({"G-DIRECTION", "G-OPPOSITE", "G-NEGATION"})
"""The doubts of the guard that say "the other way round"."""
LEAST_SHARED = 3
"""Content words that claim and sentence have in common at least."""
SHARED = 0.4
"""Of the content words of the shorter of the two, this share stands in the other at least."""


@dataclass(frozen=True)
class Opposing:
    """A sentence that seems to say the opposite of a claim."""

    sentence: str
    why: str
    """The guard's words for the difference."""


def speaks_against(claim: Claim, passage: Passage) -> Opposing | None:
    """The sentence of the passage that has most words in common with a claim, where it seems to say the opposite; the
    first of equals. `None` where it does not, or has too little in common with the claim."""
    said = analyse(claim.text)
    sentences = [analyse(sentence.text) for sentence in analyse(passage.text).sentences]
    other = max(sentences, key=lambda sentence: len(said.content & sentence.content), default=None)
    if other is None:
        return None
    shared = len(said.content & other.content)
    if shared < max(LEAST_SHARED, SHARED * min(len(said.content), len(other.content))):
        return None
    support = Support(quotes=(other,), around=(other,), passages=(other,), known=frozenset())
    found = next((doubt for doubt in doubts(claim.text, support) if doubt.code in CODES), None)
    return None if found is None else Opposing(other.text, found.message)
