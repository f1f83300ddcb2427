"""The deterministic function: reviewed inputs in, score of record out. Pure: no file, network, clock or randomness."""

from agent.scoring.agreement import agreement, independent_draft, scored_draft
from agent.scoring.arithmetic import composite, score_of_record
from agent.scoring.inputs_file import ParsedInput, parse_inputs
from agent.scoring.lens import lens_problems, lens_score
from agent.scoring.outcome import outcome, outcome_report
from agent.scoring.policy import AGREEMENT, POLICY, AgreementPolicy, Policy, defaults
from agent.scoring.result import report, score
from agent.scoring.rules import abstains, override_problems, problems

__all__ = [
    "AGREEMENT",
    "POLICY",
    "AgreementPolicy",
    "ParsedInput",
    "Policy",
    "abstains",
    "agreement",
    "composite",
    "defaults",
    "independent_draft",
    "lens_problems",
    "lens_score",
    "outcome",
    "outcome_report",
    "override_problems",
    "parse_inputs",
    "problems",
    "report",
    "score",
    "score_of_record",
    "scored_draft",
]
