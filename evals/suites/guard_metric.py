"""The product's guard as a DeepEval metric: deterministic, no judge. Import it in `quiet()`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from deepeval.metrics import BaseMetric
from deepeval.test_case import SingleTurnParams

from agent.drafting.prompts import PromptLibrary
from agent.grounding.report import check, repairer
from agent.schemas.article import Passage
from agent.schemas.draft import Claim, ClaimKind
from agent.schemas.finding import Finding, Tier
from agent.scoring import POLICY
from agent.shipped import shipped_path
from evals.suites.drafts import Draft

_FIGURE = re.compile(r"\d+")


class GuardMetric(BaseMetric):  # type: ignore[misc]
    """The share of claims without a BLOCK finding, at threshold 1. The actual output is a `Draft` as JSON."""

    _required_params = [SingleTurnParams.INPUT, SingleTurnParams.ACTUAL_OUTPUT]  # noqa: RUF012

    def __init__(self, passages: Mapping[str, Passage], threshold: float = 1.0) -> None:
        self.threshold = self._least = threshold
        self.async_mode = False
        self.strict_mode = False
        self.include_reason = True
        self.claims = 0
        """How many claims were checked."""
        self.blocked = ""
        """The BLOCK findings with their places."""
        self._passages = passages

    def measure(self, test_case: Any, *args: Any, **kwargs: Any) -> float:
        """What the guard says of the drafts after slips in their quotes were repaired, as when a revision is made."""
        draft = Draft.model_validate_json(test_case.actual_output)
        found = findings(draft, self._passages)
        blocked = {finding.path for finding in found if finding.tier is Tier.BLOCK}
        self.claims = len(draft.claims())
        score = max(0.0, 1 - len(blocked) / self.claims) if self.claims else 0.0
        self.blocked = "; ".join(f"{f.code} at {f.path}" for f in found if f.tier is Tier.BLOCK)
        self.reason = self.blocked
        self.success = score >= self._least
        self.score = score
        return score

    async def a_measure(self, test_case: Any, *args: Any, **kwargs: Any) -> float:
        """As `measure`."""
        return self.measure(test_case)

    def is_successful(self) -> bool:
        """Whether the last measurement reached the threshold."""
        return bool(self.success)

    @property
    def __name__(self) -> str:
        return "Guard"


def findings(draft: Draft, passages: Mapping[str, Passage]) -> tuple[Finding, ...]:
    """Every finding of the guard on the drafts of a role."""
    exact = repairer(passages, POLICY)
    return check(
        inputs=draft.inputs.map_claims(exact),
        commentary=None if draft.commentary is None else draft.commentary.map_claims(exact),
        lens=None if draft.lens is None else draft.lens.map_claims(exact),
        passages=passages,
        packs={section: frozenset(ids) for section, ids in draft.packs.items()},
        frame=draft.frame,
        policy=POLICY,
        as_of=draft.as_of,
        told=PromptLibrary(shipped_path("prompts")).told(),
    ).findings


def bend(draft: Draft) -> Draft:
    """The draft with the first figure of its first sourced claim changed. Raises ValueError where there is none."""
    bent = False

    def change(claim: Claim) -> Claim:
        nonlocal bent
        if bent or claim.kind is not ClaimKind.SOURCED or not _FIGURE.search(claim.text):
            return claim
        bent = True
        return claim.model_copy(update={"text": _FIGURE.sub(lambda found: f"9{found.group()}", claim.text, count=1)})

    inputs = draft.inputs.map_claims(change)
    if not bent:
        raise ValueError(f"{draft.role} has no sourced claim with a figure")
    return draft.model_copy(update={"inputs": inputs})
