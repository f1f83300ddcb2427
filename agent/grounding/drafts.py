"""Where independent drafts of the inputs disagree, as findings: a reviewer accepts each by name, or edits what they are
about and accepts that the drafts saw it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.schemas.agreement import Agreement, DraftState, IndependentDraft, Spread
from agent.schemas.finding import Finding, Tier
from agent.schemas.vocabulary import Section

DISAGREEMENT = "G-DRAFTS-"
"""The beginning of every code of these findings."""
WHOLE = "drafts"
"""The place of what is about no single input."""
NAMED = 3
"""So many BLOCK findings of a draft are named, the others counted."""
_SECTIONS = {
    "tasks": Section.TASKS,
    "evidence": Section.EVIDENCE,
    "barriers": Section.BARRIERS,
    "growth": Section.GROWTH,
    "principles": Section.GROWTH,
}
_UNITS = {"share": "%", "displacement": "%", "augmentation": "%", "not_involved": "%", "exposed": "%"}


def disagreements(agreement: Agreement) -> tuple[Finding, ...]:
    """A REVIEW finding for each rule of agreement that the drafts break: the whole first, then the inputs."""
    return (*_whole(agreement), *_inputs(agreement))


def _whole(agreement: Agreement) -> Iterator[Finding]:
    total = len(agreement.drafts)
    for draft in agreement.unscored:
        yield _finding("G-DRAFTS-UNSCORED", Section.FRAME, f"{WHOLE}.{draft.sample}", _unscored(draft, total))
    if len(agreement.zones) > 1:
        counts = ", ".join(f"{count} {zone.value}" for zone, count in agreement.zones.items())
        yield _finding("G-DRAFTS-ZONE", Section.FRAME, WHOLE, f"independent drafts fall in different zones: {counts}")
    score = agreement.spread("score")
    if score is not None and score.differs:
        yield _finding(
            "G-DRAFTS-SCORE",
            Section.FRAME,
            WHOLE,
            f"the scores of independent drafts reach from {score.low:.1f} to {score.high:.1f}, "
            f"more than {score.tolerance:.1f} points apart",
        )


def _inputs(agreement: Agreement) -> Iterator[Finding]:
    for spread in agreement.spreads:
        group = spread.input.partition(".")[0]
        if spread.differs and group in _SECTIONS:
            yield _finding("G-DRAFTS-INPUT", _SECTIONS[group], spread.input, _input(spread))


def _unscored(draft: IndependentDraft, total: int) -> str:
    which = f"draft {draft.sample + 1} of {total} has no score"
    if draft.state is DraftState.ABSTAINED:
        return f"{which}: {'; '.join(draft.reasons)}"
    named = ", ".join(draft.reasons[:NAMED])
    more = f" and {len(draft.reasons) - NAMED} more" if len(draft.reasons) > NAMED else ""
    return f"{which}: after its redrafts the guard still finds {named}{more}"


def _input(spread: Spread) -> str:
    unit = _UNITS.get(spread.input.rpartition(".")[2], "")
    values = ", ".join("unknown" if value is None else f"{value:g}{unit}" for value in spread.values)
    named = "" if spread.name is None else f' for the task "{spread.name}"'
    return f"independent drafts give {values}{named}, more than {spread.tolerance:g} apart"


def _finding(code: str, section: Section, path: str, message: str) -> Finding:
    return Finding(code=code, tier=Tier.REVIEW, section=section, path=path, message=message)
