"""How risky a revision is to approve, by what the guard and the formula found."""

from __future__ import annotations

from collections.abc import Mapping

from agent.grounding.drafts import DISAGREEMENT
from agent.grounding.independence import independent_sources
from agent.schemas.article import Passage
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Verdict
from agent.schemas.risk import Risk


def risk_of(content: Assessment, passages: Mapping[str, Passage]) -> Risk:
    """What of `content` a reviewer has to look at first. `passages` are at least those it cites."""
    verdicts = list(content.guard.verdicts.values())
    return Risk(
        fabricated=verdicts.count(Verdict.FABRICATED),
        misattributed=verdicts.count(Verdict.MISATTRIBUTED),
        unsupported=verdicts.count(Verdict.UNSUPPORTED),
        fragile=content.result is not None and bool(content.result.robustness.flips),
        disagreements=sum(finding.code.startswith(DISAGREEMENT) for finding in content.guard.findings),
        single_source=sum(_sources(content, name, passages) == 1 for name in content.inputs.evidence),
    )


def _sources(content: Assessment, name: str, passages: Mapping[str, Passage]) -> int:
    cited = {c.passage: None for claim in content.inputs.evidence[name].claims for c in claim.citations}  # type: ignore[index]
    return independent_sources(passages[i] for i in cited if i in passages)
