"""The review at a real pseudo-terminal: everything is shown before a decision is asked for, and every key works."""

from __future__ import annotations

import re
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from endpoint_cli import Endpoint, a_claim, answer
from factories_cli import ROLE, Cli, Waiting
from terminal_cli import Screen

from agent.cli.editor import edited
from agent.errors import Prerequisite

ASKED = "Your decision >"
TITLES = (
    *("Findings", "Commentary", "Summary", "Score against reality", "What the numbers do not capture"),
    *("Who should worry -", "Who should worry less", "The biggest difference", "The role in two to three years"),
    *("What to do", "How fast", "Inputs (unchanged since gate 1)", "Tasks (share of time", "Evidence (-2 to +2)"),
)
"""What the second gate shows, in this order: score and findings, what is new, what was decided at the first gate."""
HOSTILE = "Plain \x1b[2J\x1b]0;owned\x07[/nope][bold]words[/bold] \u202e:smile:"


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    """Where a test puts the script that stands for an editor."""
    return tmp_path / "editor.py"


def an_editor(file: Path, body: str) -> str:
    """An editor as a command; in its Python body `text` is the content of `file`."""
    file.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\n"
        f"file = pathlib.Path(sys.argv[-1])\ntext = file.read_text()\n{body}\n",
        encoding="utf-8",
    )
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def shows_everything(text: str, document: dict[str, Any]) -> None:
    """Score, label, robustness, findings, and each claim with its quote in context."""
    words = " ".join(text.split())
    assert f"{document['score']} of 100" in words
    assert document["label"] in words
    assert "No single step of 15 changes the zone" in words
    assert "0 findings. What the check made of the claims:" in words
    assert "evidence: 12 verified" in words and "tasks: 5 judgement" in words
    for task in ("planning", "building", "checking", "shipping", "advising"):
        assert f"20% 3 augmentation {task}" in words
    assert words.count("A person leads [judgement, for the role]") == 5
    assert words.count("[verified, for the role") == 12
    assert words.count("strongest on this side") == 3
    assert len(re.findall(r"our digest of .+?, tier \d.*?, p-[0-9a-f]{12}", words)) == 12
    assert "Each task score and the totals E, B and G one step worse or better: " in words
    assert "Unknown, entered as 0: tool maturity, expert consensus" in words


def test_a_run_offers_the_review_and_two_approvals_lead_to_the_page(
    corpus_home: Path, endpoint: Endpoint, cli: Cli
) -> None:
    with Screen([ROLE], columns=80, rows=24) as screen:
        screen.until("Review it now? [Y/n]")
        screen.type("")
        before = screen.until(ASKED)
        shows_everything(before, {"score": 35.6, "label": "YELLOW (Urgent)"})
        assert "Gate inputs: 35.6 of 100, YELLOW (Urgent); 0 block, 0 review findings" in " ".join(before.split())
        screen.type("a")
        screen.until("[y/N]")
        screen.type("n")
        screen.until(ASKED)
        assert cli("queue", "--json").document["items"][0]["gate"] == "inputs"
        screen.type("a")
        screen.until("[y/N]")
        screen.type("y")
        second = screen.until(ASKED)
        assert second.count("A judgement [judgement") == 9
        order = [" ".join(second.split()).index(title) for title in TITLES]
        assert order == sorted(order)
        assert "Gate publication" in second
        screen.type("a")
        screen.until("[y/N]")
        screen.type("y")
        assert screen.end() == 0
        assert "status: published" in screen.text
        assert "Next: assess-role published" in screen.text
        assert [line for line in screen.text.splitlines() if len(line) > 80 and " " in line.strip()] == []
    record = cli("published", "--json").document["items"][0]
    page = (Path(record["path"]) / "assessment.json").read_text(encoding="utf-8")
    assert '"channel": "terminal"' in page or '"channel":"terminal"' in page


def test_deferring_leaves_it_open_and_a_wrong_key_asks_again(waiting: Waiting, cli: Cli) -> None:
    with Screen(["review", "release", "--reviewer", "Ada Marsh"]) as screen:
        shows_everything(screen.until(ASKED), waiting.document)
        screen.type("z")
        assert "No such key 'z'" in screen.until(ASKED)
        screen.type("o")
        shows_everything(screen.until(ASKED), waiting.document)
        screen.type("d")
        assert screen.end() == 0
        assert f"Next: assess-role review {waiting.id}" in screen.text
    assert cli("show", waiting.id, "--json").document == waiting.document


def test_an_edit_is_scored_shown_and_up_for_approval_anew(waiting: Waiting, editor: Path, cli: Cli) -> None:
    changes = an_editor(editor, 'file.write_text(text.replace("score: 3", "score: 2", 1))')
    with Screen(["review", waiting.id], EDITOR=changes) as screen:
        screen.until(ASKED)
        screen.type("e")
        shown = screen.until("Record this edit? [Y/n]")
        assert "37.9 of 100" in " ".join(shown.split()) or "becomes" in shown
        screen.type("y")
        again = screen.until(ASKED)
        assert "20%  2  augmentation  planning" in again
        screen.type("d")
        assert screen.end() == 0
    document = cli("show", waiting.id, "--json").document
    assert document["revision"] != waiting.revision
    assert document["score"] > 35.6
    assert document["gate"] == "inputs"


def test_an_invalid_edit_is_named_and_can_be_corrected_without_losing_it(
    waiting: Waiting, editor: Path, tmp_path: Path, cli: Cli
) -> None:
    body = f"""
seen = pathlib.Path({str(tmp_path / "seen")!r})
if not seen.exists():
    seen.touch()
    file.write_text(text.replace("score: 3", "score: [3", 1))
else:
    file.write_text(text.replace("score: [3", "score: 2", 1))
"""
    with Screen(["review", waiting.id], EDITOR=an_editor(editor, body)) as screen:
        screen.until(ASKED)
        screen.type("e")
        assert "not YAML" in screen.until("Open the editor again with your text? [Y/n]")
        screen.type("y")
        screen.until("Record this edit? [Y/n]")
        screen.type("n")
        screen.until(ASKED)
        screen.type("d")
        assert screen.end() == 0
        assert "Traceback" not in screen.text
    assert cli("show", waiting.id, "--json").document == waiting.document


def test_an_editor_that_fails_changes_nothing(waiting: Waiting, cli: Cli) -> None:
    with Screen(["review", waiting.id], EDITOR="no-such-editor-anywhere --wait") as screen:
        screen.until(ASKED)
        screen.type("e")
        assert "error: The editor" in screen.until(ASKED)
        screen.type("d")
        assert screen.end() == 0
    assert cli("show", waiting.id, "--json").document == waiting.document


@pytest.mark.parametrize("broken", ["false", "no-such-editor-anywhere", "'unclosed", ""])
def test_a_broken_editor_is_a_prerequisite(broken: str) -> None:
    with pytest.raises(Prerequisite, match="editor"):
        edited("text", broken)


@pytest.mark.parametrize("editor", ["true", "truncate -s 0"])
def test_an_unchanged_or_emptied_text_is_no_edit(editor: str) -> None:
    assert edited("text", editor) is None


def test_a_finding_is_accepted_with_a_reason_and_an_override_with_a_quote(
    waiting: Waiting, editor: Path, cli: Cli
) -> None:
    name = 'file.write_text(text.replace("text: A person leads", "text: Zorblatt Dynamics sells a tool for it", 1))'
    found = cli("corpus", "search", "software developers employment", "--limit", "1", "--json").document["items"][0]
    with Screen(["review", waiting.id], EDITOR=an_editor(editor, name)) as screen:
        screen.until(ASKED)
        screen.type("F")
        assert "No REVIEW finding" in screen.until(ASKED)
        screen.type("e")
        screen.until("Record this edit? [Y/n]")
        screen.type("")
        assert "REVIEW G-" in screen.until(ASKED)
        screen.type("a")
        assert "REVIEW findings not accepted" in " ".join(screen.until(ASKED).split())
        screen.type("F")
        assert "on: Zorblatt Dynamics sells a tool for it" in screen.until("Reason to accept it")
        screen.type("short")
        assert "5 characters, expected 10 to 2000" in screen.until("Reason to accept it")
        screen.type("Its tool is well known in this field.")
        screen.until("Record this edit? [Y/n]")
        screen.type("")
        assert "accepted: Its tool is well known" in screen.until(ASKED)
        for reply, question in (
            ("O", "Score (30.6 to 40.6, the formula's is 35.6; empty: back): "),
            ("60", "error: Found '60', expected a number from 30.6 to 40.6 with at most one decimal."),
            ("nan", "error: Found 'nan'"),
            ("37.25", "error: Found '37.25'"),
            ("37", "Reason (empty: back): "),
            ("up", "error: The reason has 2 characters"),
            ("Postings rose since then.", "Passage id (empty: back): "),
            ("p-000000000000", "error: There is no passage 'p-000000000000'."),
            (found["passage"], "Quote, word for word (empty: back): "),
            ("words that stand nowhere in it", "error: "),
            (found["text"][:40].rsplit(" ", 1)[0], "Record this edit? [Y/n]"),
            ("", ASKED),
        ):
            screen.type(reply)
            last = screen.until(question)
        assert "Override: formula 35.6" in last
        assert "37.0 of 100" in last
        screen.type("d")
        assert screen.end() == 0
    assert cli("show", waiting.id, "--json").document["score"] == 37.0


def test_a_reason_to_send_back_reaches_the_model(waiting: Waiting, endpoint: Endpoint, cli: Cli) -> None:
    with Screen(["review", waiting.id]) as screen:
        screen.until(ASKED)
        screen.type("r")
        screen.until("Sections")
        screen.type("nonsense")
        assert "the sections are tasks, evidence, barriers, growth" in screen.until("Sections")
        screen.type("tasks")
        screen.until("Reason")
        screen.type("Planning and advising are one and the same.")
        screen.until(ASKED)
        screen.type("d")
        assert screen.end() == 0
    assert endpoint.schemas == ["TasksAnswer"]
    assert "Planning and advising are one and the same." in endpoint.asked[0][1]
    assert cli("show", waiting.id, "--json").document["gate"] == "inputs"


def test_a_rejection_needs_a_reason_and_ends_the_review(waiting: Waiting, cli: Cli) -> None:
    with Screen(["review", waiting.id]) as screen:
        screen.until(ASKED)
        screen.type("x")
        screen.until("Reason")
        screen.type("no")
        assert "at least 10 characters" in screen.until("Reason (empty: back)")
        screen.type("The corpus is too thin for this.")
        assert screen.end() == 0
        assert "status: rejected" in screen.text
        assert "reason: The corpus is too thin for this." in screen.text
    assert cli("published", "--json").document["items"] == []


@pytest.mark.parametrize(
    "replies",
    [
        ("O", ""),
        ("O", "37", ""),
        ("O", "37", "Postings rose since then.", ""),
        ("r", ""),
        ("r", "tasks, growth", ""),
        ("r", "all", ""),
        ("x", ""),
    ],
)
def test_an_empty_answer_leads_back_to_the_keys(replies: tuple[str, ...], waiting: Waiting, cli: Cli) -> None:
    with Screen(["review", waiting.id]) as screen:
        screen.until(ASKED)
        for reply in replies[:-1]:
            screen.type(reply)
            screen.until("empty: back): ")
        screen.type(replies[-1])
        assert "error" not in screen.until(ASKED)
        screen.type("d")
        assert screen.end() == 0
    assert cli("show", waiting.id, "--json").document == waiting.document


@pytest.mark.parametrize("key", [b"\x03", b"\x04"])
def test_leaving_the_review_decides_nothing(key: bytes, waiting: Waiting, cli: Cli) -> None:
    with Screen(["review", waiting.id]) as screen:
        screen.until(ASKED)
        screen.send(key)
        assert screen.end() == 130
        assert "Traceback" not in screen.text
    assert cli("show", waiting.id, "--json").document == waiting.document


def test_outside_text_can_neither_move_the_cursor_nor_style_the_screen(corpus_home: Path, endpoint: Endpoint) -> None:
    def hostile(schema: str, message: str) -> dict[str, Any]:
        found = answer(schema, message)
        if schema == "FrameAnswer":
            found["function"] = HOSTILE
        if schema == "TasksAnswer":
            found["tasks"][0]["name"] = HOSTILE
            found["tasks"][0]["claims"] = [a_claim(HOSTILE)]
        return found

    endpoint.answers = hostile
    with Screen([ROLE], TERM="dumb") as screen:
        screen.until("Review it now? [Y/n]")
        screen.type("y")
        text = screen.until(ASKED)
        screen.type("d")
        assert screen.end() == 0
        assert "\x1b" not in screen.raw
        assert "\x07" not in screen.raw
        assert "\u202e" not in screen.raw
    assert text.count("[/nope][bold]words[/bold] :smile:") == 4, "function, task, claim, and the finding on the claim"


def test_colours_are_for_terminals_that_take_them(waiting: Waiting) -> None:
    with Screen(["show", waiting.id]) as screen:
        assert screen.end() == 0
        assert "\x1b[" in screen.raw
    with Screen(["show", waiting.id], NO_COLOR="1") as screen:
        assert screen.end() == 0
        assert re.findall(r"\x1b\[[0-9;]*(?:3|4|9)[0-8]m", screen.raw) == []


@pytest.mark.parametrize("command", [("queue",), ("corpus", "list"), ("show", "release"), ("config",)])
def test_what_is_printed_at_a_terminal_fits_its_width(command: tuple[str, ...], waiting: Waiting) -> None:
    with Screen(command, columns=80) as screen:
        assert screen.end() == 0
        assert [line for line in screen.text.splitlines() if len(line) > 80 and " " in line.strip()] == []
        if command == ("queue",):
            assert screen.text.startswith(f"{waiting.id}\n  {ROLE} (Senior)  inputs  35.6  YELLOW (Urgent)  ")
