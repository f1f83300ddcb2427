"""The deterministic function: reviewed inputs in, score of record out. Pure: no file, network, clock or randomness."""

from agent.scoring.arithmetic import composite, score_of_record
from agent.scoring.inputs_file import ParsedInput, parse_inputs
from agent.scoring.lens import lens_problems, lens_score
from agent.scoring.outcome import outcome, outcome_report
from agent.scoring.policy import POLICY, Policy, defaults
from agent.scoring.result import report, score
from agent.scoring.rules import abstains, override_problems, problems

__all__ = [
    "POLICY",
    "ParsedInput",
    "Policy",
    "abstains",
    "composite",
    "defaults",
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
]
