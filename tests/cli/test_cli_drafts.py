"""`--drafts N`: what it takes, what it says beforehand, and what comes back."""

from __future__ import annotations

import pytest
from endpoint_cli import Endpoint
from factories_cli import ROLE, Cli, Waiting

import agent
from agent.errors import InvalidInput
from agent.scoring import AGREEMENT


@pytest.mark.parametrize("command", [(ROLE,), ("record", ROLE), ("resume", "")])
def test_a_number_of_drafts_out_of_bounds_is_refused_and_the_bounds_are_named(
    command: tuple[str, ...], waiting: Waiting, cli: Cli, endpoint: Endpoint
) -> None:
    arguments = [part or waiting.id for part in command]
    for count in (AGREEMENT.drafts.low - 1, AGREEMENT.drafts.high + 1):
        run = cli(*arguments, "--drafts", str(count), "--json")
        assert (run.code, run.document["error"]["kind"]) == (3, "invalid_input")
        assert run.document["error"]["message"] == f"{count} independent drafts were asked for; expected 1 to 9."
    assert endpoint.asked == []


def test_several_drafts_are_announced_made_and_compared(corpus_home: object, cli: Cli, endpoint: Endpoint) -> None:
    plan = cli("run", ROLE, "--drafts", "3", "--dry-run", "--json").document
    assert (plan["drafts"], plan["calls"]["to_gate_inputs"]) == (3, 13)
    run = cli("run", ROLE, "--drafts", "3", "--quiet", "--json")
    assert (run.code, len(endpoint.schemas)) == (0, 13)
    found = run.document["agreement"]
    score = run.document["score"]
    assert (found["low"], found["high"]) == (score, score)
    assert found["zones"] == {run.document["zone"]: {"drafts": 3, "share": 1.0}}
    text = cli("show", run.document["id"]).out
    assert f"3 independent drafts score {score}: 3 {run.document['zone'].title()}." in text


def test_a_person_is_told_how_many_calls_several_drafts_take(corpus_home: object, cli: Cli, endpoint: Endpoint) -> None:
    said = cli("run", ROLE, "--drafts", "2", "--dry-run").out
    assert "9 model calls to the first checkpoint (one for the role, 4 side by side, for each of 2 drafts)" in said
    assert "at most 2 redrafts a section of each draft" in said


def test_what_was_put_up_for_review_is_not_drafted_more_often(waiting: Waiting, cli: Cli) -> None:
    assert waiting.document["agreement"] is None
    run = cli("resume", waiting.id, "--drafts", "3", "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, "invalid_input")
    assert "has been put up for review" in run.document["error"]["message"]


def test_the_python_interface_takes_a_number_of_drafts_within_the_same_bounds(corpus_home: object) -> None:
    with pytest.raises(InvalidInput, match=r"10 independent drafts were asked for; expected 1 to 9\."):
        agent.assess(ROLE, drafts=10)
