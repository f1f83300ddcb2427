"""Names, reasons and edits before they touch anything."""

from __future__ import annotations

import pytest

from agent.errors import InvalidInput
from agent.review.edit import Edit, blanks, edit_from, parse_edit
from agent.review.rules import Action, check_reason, check_reviewer
from agent.schemas.draft import Claim, ClaimKind, GrowthDraft, Inputs, Stance

EMPTY = Inputs(
    tasks=(), reinstatement=(), evidence={}, barriers={}, principles={}, growth=GrowthDraft(score=0, claims=())
)


def a_judgement(**changes: object) -> Claim:
    values: dict[str, object] = {
        "text": "Work of this kind lasts.",
        "kind": ClaimKind.JUDGEMENT,
        "stance": Stance.CONTEXT,
    }
    return Claim.model_validate({**values, **changes})


def test_a_reviewers_name_is_cleaned() -> None:
    assert check_reviewer("  Anna \n Example ") == "Anna Example"


@pytest.mark.parametrize("name", ["", " \t", "x" * 101, "An\x1bna", "An\u202ena"])
def test_a_reviewers_name_is_printable_and_of_1_to_100_characters(name: str) -> None:
    with pytest.raises(InvalidInput, match="name"):
        check_reviewer(name)


def test_a_reason_has_at_least_ten_characters_after_cleaning() -> None:
    assert check_reason(Action.REJECT, " a  reason  of mine ") == "a reason of mine"
    with pytest.raises(InvalidInput, match="send back takes a reason of at least 10 characters, got 9"):
        check_reason(Action.SEND_BACK, "  ten   signs ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a NoneType"),
        ("- a\n- b", "a list"),
        ("inputs: [", "not YAML"),
        ("!!python/object/apply:os.getcwd []", "not YAML"),
        ("inputs: {}\nscore: 99", "Errors in the edit"),
    ],
)
def test_a_text_that_is_no_edit_is_refused_with_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        parse_edit(text)


def test_every_breach_of_an_edit_is_named_at_once_with_its_place() -> None:
    document = Edit(inputs=EMPTY).model_dump(mode="json")
    document["inputs"]["growth"]["score"] = 7
    document["inputs"]["gaps"] = 3
    document["accepted"] = [{"finding": "G-X@y", "reason": "short"}]
    with pytest.raises(InvalidInput, match="Errors in the edit: 3") as refusal:
        edit_from(document)
    assert {problem.partition(":")[0] for problem in refusal.value.problems} == {
        "inputs.gaps",
        "inputs.growth.score",
        "accepted.0.reason",
    }


def test_an_edit_without_blanks_has_none() -> None:
    assert blanks(Edit(inputs=EMPTY.model_copy(update={"reinstatement": (a_judgement(),), "gaps": ("A gap.",)}))) == ()


def test_every_blank_of_an_edit_is_named_with_its_place() -> None:
    claim = a_judgement(text=" ", proxy="", horizon="\u200b")
    inputs = EMPTY.model_copy(
        update={
            "reinstatement": (a_judgement(), claim),
            "gaps": ("\t",),
            "growth": GrowthDraft(score=0, claims=(claim,)),
        }
    )
    assert {problem.partition(":")[0] for problem in blanks(Edit(inputs=inputs))} == {
        "gaps.0",
        "reinstatement.1.text",
        "reinstatement.1.proxy",
        "reinstatement.1.horizon",
        "growth.claims.0.text",
        "growth.claims.0.proxy",
        "growth.claims.0.horizon",
    }
