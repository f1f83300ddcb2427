"""A file's outcome: a score, or the abstention that METHODOLOGY section 8 asks for."""

from __future__ import annotations

from agent.schemas.scored import ScoreResult
from agent.scoring.inputs_file import ParsedInput
from agent.scoring.policy import POLICY, Policy
from agent.scoring.result import report, score
from agent.scoring.rules import abstains


def outcome(parsed: ParsedInput, policy: Policy = POLICY) -> tuple[ScoreResult | None, tuple[str, ...]]:
    """The result and no reasons, or `None` and why no score may be given.

    A file names no sources, so only its unknown dimensions can lead to an abstention. Raises InvalidInput.
    """
    reasons = abstains(parsed.inputs, policy.abstain_sources, policy)
    return (None, reasons) if reasons else (score(parsed.inputs, override=parsed.override, policy=policy), ())


def outcome_report(parsed: ParsedInput, policy: Policy = POLICY) -> dict[str, object]:
    """The JSON document of `assess-role score`, without `ok`: `status` is `scored` or `abstained`."""
    result, reasons = outcome(parsed, policy)
    if result is None:
        return {
            "role": parsed.role,
            "status": "abstained",
            "score": None,
            "reasons": list(reasons),
            "policy": policy.version,
        }
    return {"status": "scored", **report(parsed.role, result)}
