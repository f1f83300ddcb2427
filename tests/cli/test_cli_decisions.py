"""Decisions from scripts: bound to a revision, in the agreed document, through both checkpoints to the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from endpoint_cli import Endpoint, a_claim, answer
from factories_cli import ROLE, Cli, Run, Waiting

ADA = ("--reviewer", "Ada Marsh", "--json")
REASON = "The tasks overlap in the middle."


def decide(cli: Cli, word: str, document: dict[str, Any], *more: str) -> Run:
    return cli(word, document["id"], *more, "--revision", document["revision"], *ADA)


def test_two_approvals_publish_and_the_page_scores_the_same(
    waiting: Waiting, cli: Cli, endpoint: Endpoint, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    second = decide(cli, "approve", waiting.document, "--publish-dir", str(pages)).document
    assert (second["status"], second["gate"], second["published"]) == ("waiting", "publication", None)
    assert second["revision"] != waiting.revision
    done = decide(cli, "approve", second, "--publish-dir", str(pages)).document
    assert (done["ok"], done["status"], done["gate"], done["score"]) == (True, "published", None, 35.6)
    folder = Path(done["published"]["path"])
    assert done["published"] == {"version": 1, "path": str(folder), "withdrawn": None}
    assert folder.is_relative_to(pages)
    assert sorted(file.name for file in folder.iterdir()) == ["assessment.json", "assessment.md", "index.html"]
    items = cli("published", "--json").document["items"]
    assert len(items) == 1
    assert items[0].pop("published_at").endswith("Z")
    assert items[0] == {
        "id": waiting.id,
        "role": ROLE,
        "seniority": "Senior",
        "version": 1,
        "revision": second["revision"],
        "score": 35.6,
        "zone": "YELLOW",
        "label": "YELLOW (Urgent)",
        "path": str(folder),
        "withdrawn": None,
    }
    assert cli("score", str(folder / "assessment.json"), "--json").document["score"] == 35.6
    assert cli("queue", "--json").document["items"] == []
    assert ROLE in cli("published").out


@pytest.mark.parametrize("word", ["approve", "reject"])
def test_a_second_decision_on_a_revision_is_a_conflict(
    word: str, waiting: Waiting, cli: Cli, endpoint: Endpoint
) -> None:
    assert decide(cli, "approve", waiting.document).code == 0
    more = ("--reason", REASON) if word == "reject" else ()
    run = decide(cli, word, waiting.document, *more)
    assert (run.code, run.document["error"]["kind"]) == (3, "conflict")


@pytest.mark.parametrize("revision", ["sha256:" + "0" * 64, "sha256:12", "approve", ""])
def test_a_decision_on_another_revision_than_the_one_that_waits_is_refused(
    revision: str, waiting: Waiting, cli: Cli
) -> None:
    run = decide(cli, "approve", waiting.document | {"revision": revision})
    assert run.code == 3
    assert cli("queue", "--json").document["items"][0]["gate"] == "inputs"


def test_a_short_beginning_of_a_hash_is_no_revision(waiting: Waiting, cli: Cli) -> None:
    assert decide(cli, "approve", waiting.document | {"revision": waiting.revision[:30]}).code == 3


def test_a_decision_needs_a_name_and_where_it_says_no_a_reason(waiting: Waiting, cli: Cli) -> None:
    assert cli("approve", waiting.id, "--revision", waiting.revision, "--reviewer", " ", "--json").code == 3
    assert decide(cli, "reject", waiting.document, "--reason", "no").code == 3
    assert decide(cli, "send-back", waiting.document, "--reason", "  ").code == 3
    assert cli("approve", waiting.id, "--reviewer", "Ada", "--json").document["error"]["kind"] == "usage"
    assert cli("queue", "--json").document["items"][0]["revision"] == waiting.revision


def test_a_rejection_ends_the_assessment(waiting: Waiting, cli: Cli) -> None:
    run = decide(cli, "reject", waiting.document, "--reason", "The corpus is too thin.")
    assert (run.code, run.document["status"], run.document["gate"]) == (0, "rejected", None)
    assert cli("queue", "--json").document["items"] == []
    assert cli("resume", waiting.id, "--json").document["status"] == "rejected"


def test_a_reason_for_sending_back_reaches_the_redraft_of_that_section_only(
    waiting: Waiting, cli: Cli, endpoint: Endpoint
) -> None:
    def better(schema: str, message: str) -> dict[str, Any]:
        found = answer(schema, message)
        for task in found["tasks"]:
            task["score"] = 2
        return found

    endpoint.answers = better
    run = decide(cli, "send-back", waiting.document, "--section", "tasks", "--reason", REASON)
    assert (run.code, run.document["gate"]) == (0, "inputs")
    assert run.document["score"] > 35.6
    assert endpoint.schemas == ["TasksAnswer"]
    assert REASON in endpoint.asked[0][1]
    assert run.document["usage"]["calls"] == 6


def test_without_a_model_a_redraft_waits_for_one_or_goes_to_the_reviewer_by_hand(waiting: Waiting, cli: Cli) -> None:
    run = decide(cli, "send-back", waiting.document, "--section", "tasks", "--reason", REASON)
    assert (run.code, run.document["status"]) == (4, "needs_model")
    assert run.document["error"]["kind"] == "needs_model"
    assert "OPENAI_API_KEY" in run.document["error"]["hint"]
    worded = cli("resume", waiting.id)
    assert (worded.code, "--by-hand" in worded.err) == (4, True)
    by_hand = cli("resume", waiting.id, "--by-hand", "--json")
    assert (by_hand.code, by_hand.document["status"], by_hand.document["score"]) == (0, "waiting", 35.6)


def test_without_a_model_an_approval_goes_on_without_commentary_and_lens(waiting: Waiting, cli: Cli) -> None:
    assert decide(cli, "approve", waiting.document).document["status"] == "needs_model"
    second = cli("resume", waiting.id, "--without-commentary", "--without-lens", "--json").document
    assert (second["status"], second["gate"]) == ("waiting", "publication")
    done = decide(cli, "approve", second)
    assert (done.code, done.document["status"]) == (0, "published")


def test_an_edited_file_is_a_new_revision_at_the_same_gate(waiting: Waiting, cli: Cli, tmp_path: Path) -> None:
    shown = cli("show", waiting.id, "--yaml")
    document = yaml.safe_load(shown.out)
    document["inputs"]["tasks"][0]["score"] = 2
    file = tmp_path / "draft.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    run = decide(cli, "edit", waiting.document, str(file))
    assert (run.code, run.document["gate"]) == (0, "inputs")
    assert run.document["revision"] != waiting.revision
    assert run.document["score"] > 35.6


def test_every_breach_of_an_edited_file_is_named_and_nothing_is_recorded(
    waiting: Waiting, cli: Cli, tmp_path: Path
) -> None:
    document = yaml.safe_load(cli("show", waiting.id, "--yaml").out)
    document["inputs"]["tasks"][0]["score"] = 9
    document["inputs"]["tasks"][1]["share"] = 0
    file = tmp_path / "draft.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    run = decide(cli, "edit", waiting.document, str(file))
    assert (run.code, len(run.document["error"]["problems"])) == (3, 2)
    assert cli("show", waiting.id, "--json").document == waiting.document
    for content in ("", "- a list", "inputs: [", "\tx"):
        file.write_text(content, encoding="utf-8")
        assert decide(cli, "edit", waiting.document, str(file)).code == 3
    assert decide(cli, "edit", waiting.document, str(tmp_path / "nowhere")).document["error"]["kind"] == "not_found"


def with_a_review_finding(document: dict[str, Any]) -> dict[str, Any]:
    """An edit whose first task names a company that is in no passage."""
    document["inputs"]["tasks"][0]["claims"].append(a_claim("Zorblatt Dynamics sells a tool for it"))
    return document


def test_a_review_finding_has_to_be_accepted_by_name_and_with_a_reason(
    waiting: Waiting, cli: Cli, endpoint: Endpoint, tmp_path: Path
) -> None:
    file = tmp_path / "draft.yaml"
    edited = with_a_review_finding(yaml.safe_load(cli("show", waiting.id, "--yaml").out))
    file.write_text(yaml.safe_dump(edited), encoding="utf-8")
    document = decide(cli, "edit", waiting.document, str(file)).document
    assert document["findings"] == {"block": 0, "review": 1}
    refused = decide(cli, "approve", document)
    assert (refused.code, refused.document["error"]["kind"]) == (3, "not_publishable")
    message = refused.document["error"]["message"]
    name = next(word for word in message.split() if word.startswith("G-")).rstrip(":")
    [listed] = cli("show", waiting.id, "--json").document["open_findings"]
    assert (listed["id"], listed["tier"], listed["section"]) == (name, "REVIEW", "tasks")
    assert listed["message"] in message
    thin = decide(cli, "accept", document, "--finding", name, "--reason", "ok")
    assert (thin.code, thin.document["error"]["kind"]) == (3, "invalid_input")
    wrong = decide(cli, "accept", document, "--finding", "G-NO@such.place", "--reason", "It is well known here.")
    assert wrong.code == 3
    accepted = decide(cli, "accept", document, "--finding", name, "--reason", "It is well known here.").document
    assert (accepted["findings"], accepted["gate"]) == ({"block": 0, "review": 0}, "inputs")
    assert cli("show", waiting.id, "--json").document["open_findings"] == []
    assert decide(cli, "approve", accepted).code == 0


def test_an_override_needs_a_reason_a_real_quote_and_stays_within_five_points(waiting: Waiting, cli: Cli) -> None:
    found = cli("corpus", "search", "software developers employment", "--limit", "1", "--json").document["items"][0]
    quote = found["text"][:60].rsplit(" ", 1)[0]

    def override(score: str, **changes: str) -> Run:
        given = {"--passage": found["passage"], "--quote": quote, "--reason": "Postings rose since."} | changes
        return decide(cli, "override", waiting.document, "--score", score, *(w for pair in given.items() for w in pair))

    assert override("45.0").document["error"]["kind"] == "invalid_input"
    assert override("37.0", **{"--reason": "up"}).document["error"]["kind"] == "invalid_input"
    assert override("37.0", **{"--quote": ""}).document["error"]["kind"] == "invalid_input"
    assert cli("show", waiting.id, "--json").document == waiting.document
    run = override("37.0")
    assert (run.code, run.document["score"], run.document["gate"]) == (0, 37.0, "inputs")
    assert run.document["findings"]["block"] == 0
    shown = cli("show", waiting.id).out
    assert "formula 35.6" in shown


def test_an_override_with_an_invented_quote_cannot_be_approved(waiting: Waiting, cli: Cli) -> None:
    more = ("--score", "37.0", "--reason", "Postings rose since.", "--passage", "p-000000000000", "--quote", "so it is")
    document = decide(cli, "override", waiting.document, *more).document
    assert document["findings"]["block"] == 1
    refused = decide(cli, "approve", document)
    assert (refused.code, refused.document["error"]["kind"]) == (3, "not_publishable")


def test_show_prints_any_revision_of_an_assessment(waiting: Waiting, cli: Cli) -> None:
    assert "35.6 of 100" in cli("show", waiting.id, "--revision", waiting.revision).out
    assert cli("show", waiting.id, "--revision", "sha256:" + "0" * 64).code == 3
    assert yaml.safe_load(cli("show", waiting.id, "--yaml").out).keys() >= {"inputs", "accepted", "override"}


def test_every_error_of_a_decision_is_one_json_document(waiting: Waiting, cli: Cli) -> None:
    run = cli("approve", "nobody", "--revision", waiting.revision, *ADA)
    assert json.loads(run.out)["error"]["kind"] == "not_found"
    assert run.err == ""
