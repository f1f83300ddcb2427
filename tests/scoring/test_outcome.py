"""A file with too little evidence gets no score (METHODOLOGY section 8)."""

from __future__ import annotations

from factories_scoring import some_inputs

from agent.schemas.vocabulary import EvidenceName
from agent.scoring import ParsedInput, outcome, outcome_report, score

UNKNOWN = (EvidenceName.JOB_POSTINGS, EvidenceName.WAGES, EvidenceName.TOOL_MATURITY)


def parsed(*unknown: EvidenceName) -> ParsedInput:
    inputs = some_inputs()
    evidence = {name: None if name in unknown else value for name, value in inputs.evidence.items()}
    return ParsedInput("Widget Engineer", inputs.model_copy(update={"evidence": evidence}), None)


def test_two_unknown_dimensions_are_scored_and_three_abstain() -> None:
    two = parsed(*UNKNOWN[:2])
    assert outcome(two) == (score(two.inputs), ())
    assert (outcome_report(two)["status"], outcome_report(two)["score"]) == ("scored", score(two.inputs).score)
    assert outcome_report(parsed(*UNKNOWN)) == {
        "role": "Widget Engineer",
        "status": "abstained",
        "score": None,
        "reasons": [
            "3 of 5 evidence dimensions are unknown (job_postings, wages, tool_maturity); a score needs fewer than 3"
        ],
        "policy": "aijri-1.2.0",
    }
