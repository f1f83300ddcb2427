"""What lies between two roles is computed: a text that says it in words is found, what another role does is not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import comparisons_measured as measured
import pytest
from comparison_sentences import SAYING_NO_MORE, SETTING_BESIDE
from factories_grounding import (
    a_citation,
    a_commentary,
    a_frame,
    a_judgement,
    a_passage,
    a_sourced_claim,
    by_id,
    found,
    guard,
    on_claim,
    some_inputs,
)

from agent.grounding.compared_roles import CODE
from agent.grounding.report import check
from agent.schemas.draft import Claim, ClaimKind, NotThisRole, RoleFrame, Stance
from agent.schemas.finding import GuardReport
from agent.scoring.policy import POLICY
from agent.shipped import shipped_path

HERE = "commentary.outlook.0"
COMPARISONS = (
    "The role is safer than a Data Engineer.",
    "It is less exposed than data analysts, because design stays with people.",
    "This work is far more automatable than that of a platform designer.",
    "The role scores higher than a Data Engineer.",
    "Unlike a Data Engineer, this role is Green.",
    "Compared with software developers, ML platform engineers are less vulnerable to automation.",
    "A data analyst is highly exposed, whereas this role stays protected.",
    "While accountants are at risk, this role is safe.",
    "It carries a lower risk of automation than a site reliability engineer.",
    "Its exposure to AI is as large, and it has a higher exposure than a database administrator.",
    "The role is as exposed as a junior software developer.",
    "Agents will replace a clerk first; this role will be automated later than a data engineer.",
    "It ranks above software testers.",
    "It is among the most exposed roles in software.",
    "Data Engineers are in the Yellow zone.",
    "It is harder to automate than a data scientist.",
    "It is less likely than a web developer to be replaced.",
    "The role outscores the data scientist.",
    "It has the same score as a data engineer.",
    "Platform work is a safer career than most jobs.",
    "In contrast to a nurse, the role is not protected.",
    "It is more at risk from AI than other roles in infrastructure.",
    "Mid-level people are more exposed than juniors.",
    "It is better protected than a DevOps engineer today.",
    "Nurses are safer than ML platform engineers.",
    "A data engineer is more exposed than this role.",
    "This role's exposure is lower than a data analyst's.",
    "AI threatens data analysts more than this role.",
    "Data analysts will be automated sooner than this role.",
    "The role has a lower score than an SRE.",
    "Of the data roles, it is the least exposed.",
    "It is better placed than a data engineer to survive automation.",
    "It sits in a greener zone than a software developer.",
    "Few occupations are safer than this one.",
    "Where a technical writer is replaceable, this role is not.",
    "A help desk technician is Red, but this role is not.",
)
INNOCENT = (
    "A Data Engineer builds pipelines.",
    "Unlike a Data Engineer, an ML platform engineer operates GPU clusters.",
    "A data analyst interprets data, whereas this role builds the systems behind it.",
    "A DevOps engineer automates delivery, while an ML platform engineer specialises in serving.",
    "The role is more exposed in configuration than in design.",
    "Routine pipelines are more automatable than architecture.",
    "People who design the platform are less exposed, because tools repair code more easily than designs.",
    "A security engineer keeps customer data protected from attackers, whereas this role grants access.",
    "The work is safer than last year.",
    "Data scientists score leads, while this role serves the model.",
    "The engineer sits above data engineers in the organisation.",
    "It bears a higher risk of outages than a data engineer does.",
    "The role has more exposure to customers than a data engineer.",
    "Experienced engineers are harder to find than developers.",
    "ML platform engineers are exposed to AI tools, but they decide on the design.",
    "A person who directs agents stays exposed to the same degree as in the ordinary role.",
    "It writes safer code than a data analyst.",
    "More companies hire platform engineers than data engineers.",
    "Software developers review the platform's code, and that part is automated.",
    "The design of the platform is protected, while its operation is exposed.",
    "A red line in a dashboard tells engineers that a job failed.",
    "Data engineers are users of the platform, and their requests are automated.",
    "It demands more knowledge of accelerators than a data engineer needs.",
    "Compared with 2024, platform engineers use more agents.",
    "The pipelines are safe, but data engineers are not on call.",
    "Data engineers are less exposed than it seems.",
    "Engineers who tune serving are less at risk than those who copy templates.",
    "The role is less exposed to regulation than a medical researcher.",
    "Fewer juniors are hired than seniors.",
    "It pays more than a data engineer's job.",
    "Unlike analysts, platform engineers are on call at night.",
    "Agents automate tickets more easily than incidents.",
)
NOT_FOUND = {
    "Few technical jobs are this hard to automate; a data analyst's is much easier.",
    "Nurses are protected by law, whereas ML platform engineers are not.",
    "AI will displace QA testers sooner than it displaces anyone on the platform.",
    "Automation pressure is highest for data entry clerks and far lower here.",
}
"""What the rule misses of the sentences that were written before it."""
LEARNT_FOUND, UNSEEN_FOUND = 38, 12
"""Of the 40 comparisons that were seen while the rule was made, and of 20 by somebody else that were not."""


def of_rule(report: GuardReport) -> list[tuple[str, str, str]]:
    return [finding for finding in found(report) if finding[0] == CODE]


@pytest.mark.parametrize("text", COMPARISONS)
def test_a_judgement_that_compares_roles_is_left_to_code(text: str) -> None:
    assert of_rule(on_claim(a_judgement(text))) == [(CODE, "BLOCK", HERE)]


@pytest.mark.parametrize("text", INNOCENT)
def test_what_another_role_does_may_be_said(text: str) -> None:
    assert of_rule(on_claim(a_judgement(text))) == []


def test_sentences_that_were_written_before_the_rule_are_told_apart_but_for_those_that_are_named() -> None:
    assert {text for text in SETTING_BESIDE if not of_rule(on_claim(a_judgement(text)))} == NOT_FOUND
    assert [text for text in SAYING_NO_MORE if of_rule(on_claim(a_judgement(text)))] == []


def test_a_name_that_the_frame_has_for_another_role_needs_no_word_for_an_occupation() -> None:
    said = "It is safer than a scrum master."
    other = NotThisRole(title="Scrum Master", difference="keeps the process")
    assert of_rule(on_claim(a_judgement(said))) == []
    assert of_rule(on_claim(a_judgement(said), frame=a_frame(is_not=(other,)))) == [(CODE, "BLOCK", HERE)]
    assert of_rule(on_claim(a_judgement(said), frame=a_frame(proxies=("scrum master",)))) == [(CODE, "BLOCK", HERE)]


def test_a_quote_has_to_name_each_role_that_is_compared() -> None:
    said = "Junior developers are more exposed than senior developers and nurses."
    passages = by_id(a_passage("p-study", STUDY))
    quoted = a_citation("junior developers are more exposed than senior developers", "p-study")
    assert of_rule(on_claim(a_sourced_claim(said, quoted), passages=passages)) == [(CODE, "BLOCK", HERE)]


def test_no_fewer_comparisons_in_other_words_are_found_than_were_and_nothing_harmless_is() -> None:
    def hits(texts: Sequence[str]) -> list[str]:
        return [text for text in texts if of_rule(on_claim(a_judgement(text)))]

    assert len(hits(measured.COMPARISONS)) >= LEARNT_FOUND
    assert len(hits(measured.UNSEEN)) >= UNSEEN_FOUND
    assert hits((*measured.INNOCENT, *measured.UNSEEN_INNOCENT)) == []


@pytest.mark.parametrize("text", COMPARISONS)
def test_no_text_beside_the_claims_compares_roles(text: str) -> None:
    other = (NotThisRole(title="Data Engineer", difference=text),)
    inputs = some_inputs().model_copy(update={"gaps": (text,)})
    report = guard(inputs=inputs, frame=a_frame(function=text, experience=text, is_not=other))
    paths = ["frame.function", "frame.experience", "frame.is_not.0.difference", "gaps.0"]
    assert sorted(path for *_, path in of_rule(report)) == sorted(paths)


STUDY = "The study of 2025 found that junior developers are more exposed than senior developers in every country."


def test_a_comparison_that_a_verified_quote_carries_may_be_claimed() -> None:
    passages = by_id(a_passage("p-study", STUDY))
    said = "Junior developers are more exposed than senior developers, a study of 2025 found."
    carried = a_sourced_claim(said, a_citation("junior developers are more exposed than senior developers", "p-study"))
    assert of_rule(on_claim(carried, passages=passages)) == []
    assert of_rule(on_claim(a_judgement(said))) == [(CODE, "BLOCK", HERE)]


def test_a_quote_that_names_no_such_role_carries_no_comparison() -> None:
    claim = a_sourced_claim("With 42,051 openings the role is safer than a data analyst.")
    assert of_rule(on_claim(claim)) == [(CODE, "BLOCK", HERE)]


def test_only_the_note_on_other_levels_sets_the_role_s_own_levels_beside_each_other() -> None:
    said = "A junior ML platform engineer is more exposed than a principal ML platform engineer."
    assert of_rule(guard(frame=a_frame(seniority_note=said))) == []
    assert of_rule(guard(frame=a_frame(function=said))) == [(CODE, "BLOCK", "frame.function")]
    other = "At any level the role is safer than a data engineer."
    assert of_rule(guard(frame=a_frame(seniority_note=other))) == [(CODE, "BLOCK", "frame.seniority_note")]


def test_the_role_by_another_title_of_its_own_is_no_other_role() -> None:
    said = "People who design are less exposed than other ML infrastructure engineers."
    assert of_rule(on_claim(a_judgement(said))) == []
    assert of_rule(on_claim(a_judgement(said), frame=a_frame(title="Nurse", aliases=()))) == [(CODE, "BLOCK", HERE)]


def test_the_finding_says_what_to_do_and_marks_the_words() -> None:
    [finding] = [f for f in on_claim(a_judgement("So it is safer than a Data Engineer.")).findings if f.code == CODE]
    assert finding.message == (
        '"safer than a Data Engineer" compares this role with another, which only code does, from their numbers; '
        "leave it out: `assess-role compare` and the page's panel say it."
    )
    assert finding.highlight is not None
    assert (finding.highlight.start, finding.highlight.end) == (9, 35)


def strings(part: object) -> list[str]:
    if isinstance(part, str):
        return [part]
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [text for one in parts for text in strings(one)]


RECORDINGS = sorted(shipped_path("recordings").glob("*.json"))


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.stem)
def test_no_text_of_a_recorded_draft_is_taken_for_a_comparison(file: Path) -> None:
    """Every text of every answer, also quotes and queries, as a judgement and as a text of the frame."""
    answers = [(a["prompt"], json.loads(a["text"])) for a in json.loads(file.read_text(encoding="utf-8"))["answers"]]
    [drafted] = [answer for prompt, answer in answers if prompt.startswith("frame@")]
    frame = RoleFrame.model_validate({name: drafted[name] for name in RoleFrame.model_fields})
    texts = {text for _, answer in answers for text in strings(answer) if text} - {drafted["seniority_note"]}
    claims = [Claim(text=text, kind=ClaimKind.JUDGEMENT, stance=Stance.CONTEXT) for text in sorted(texts)]
    assert len(claims) > 100
    report = check(
        inputs=None, commentary=a_commentary(*claims), passages={}, packs={}, frame=frame, policy=POLICY, as_of=None
    )
    assert of_rule(report) == []
