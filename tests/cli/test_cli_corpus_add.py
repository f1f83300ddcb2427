"""`corpus add`: what comes in, what is left out and why, and what the command says about it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from factories_cli import Cli, Clipped, Run
from factories_clippings import NOTE, PAGE, TABLE, a_scan, write
from terminal_cli import run_process

BROKEN = b"\x00\x01\x02 no text"


def listed(cli: Cli, *arguments: str) -> list[dict[str, Any]]:
    """The articles of the corpus, as `corpus list --json` prints them."""
    items = cli("corpus", "list", *arguments, "--json").document["items"]
    assert isinstance(items, list)
    return items


def added(cli: Cli, *arguments: str) -> dict[str, Any]:
    """What `corpus add` says; the corpus has no bundled articles."""
    run = cli("corpus", "add", *arguments, "--without-bundled", "--json")
    assert (run.code, run.err) == (0, ""), run
    return run.document


def refused(run: Run, *, code: int = 3) -> dict[str, Any]:
    assert (run.code, run.err) == (code, ""), run
    error = run.document["error"]
    assert isinstance(error, dict)
    return error


def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed from now on goes to a wide terminal, as far as the lists are concerned."""
    monkeypatch.setattr("agent.cli.added.is_read_by_a_person", lambda stream: True)


def test_every_format_comes_in_with_what_its_file_says(clipped: Clipped, cli: Cli) -> None:
    assert clipped.run.code == 0
    found = {a["title"]: (a["publisher"], a["author"], a["date"], a["tier"], a["assumed"]) for a in listed(cli)}
    nothing = ["publisher", "tier", "interested"]
    assert found == {
        "Payroll software in three councils": ("Example Institute", None, "2026-05", 2, []),
        "Pay of payroll clerks": ("Example Statistics", None, "2026-02-03", 4, ["tier", "interested"]),
        "A month with the payroll agent": ("Example Weekly", "Jo Verne", "2026-04-09", 4, ["tier", "interested"]),
        "A year with the payroll agent": ("Example Weekly", "Jo Verne", "2026-04-09", 4, ["tier", "interested"]),
        "Payroll letter, June": ("payroll.example", "Payroll Letter", "2026-06-05", 4, ["tier", "interested"]),
        "Payroll survey 2026": ("unknown", "Office for Example Statistics", "unknown", 4, nothing),
        "Minutes of the wages board": ("unknown", "Wages board", "unknown", 4, nothing),
        "The payroll office": ("unknown", "R. Amsel", "unknown", 4, nothing),
        "Payroll clerks of the harbour": ("unknown", None, "unknown", 4, nothing),
        "older old.txt": ("unknown", None, "unknown", 4, nothing),
        "Vacancies": ("unknown", None, "2026-01-15", 4, nothing),
        "Unions": ("unknown", None, "unknown", 4, nothing),
    }


def test_the_document_says_what_came_in_and_what_did_not(clipped: Clipped, cli: Cli) -> None:
    document = clipped.run.document
    ids = {article["title"]: article["article"] for article in listed(cli)}
    assert len(document.pop("added")) == 12
    assert document == {
        "ok": True,
        "updated": [],
        "updates": [],
        "notes": [],
        "unchanged": [],
        "copies": {ids["A year with the payroll agent"]: ids["A month with the payroll agent"]},
        "skipped": [
            {"file": str(clipped.folder / "export.csv"), "reason": "row 3: its column `body` is empty"},
            {"file": str(clipped.folder / "scan.pdf"), "reason": "it is a scan without text: run OCR first"},
        ],
        "files": 13,
        "not_read_again": 0,
        "no_text_format": [str(clipped.folder / "picture.png")],
        "passages": 12,
        "embedded": 12,
        "dry_run": False,
    }


def test_an_unchanged_folder_is_not_read_again_and_what_is_left_out_stays_named(clipped: Clipped, cli: Cli) -> None:
    again = cli("corpus", "add", str(clipped.folder))
    assert (again.code, again.err) == (0, "")
    assert again.out.splitlines() == [
        "0 added, 0 updated, 0 unchanged, 13 files not read again, 2 left out; 0 passages, 0 embedded",
        f"left out: {clipped.folder}/export.csv: row 3: its column `body` is empty",
        f"left out: {clipped.folder}/scan.pdf: it is a scan without text: run OCR first",
        f"passed over, no text format: {clipped.folder}/picture.png",
    ]


def test_a_changed_file_updates_its_article_and_keeps_the_former_version(home: Path, tmp_path: Path, cli: Cli) -> None:
    folder = write(tmp_path / "own", {"note.md": NOTE})
    [article] = added(cli, str(folder))["added"]
    write(folder, {"note.md": NOTE.replace("11%", "12%")})
    assert added(cli, str(folder))["updated"] == [article]
    shown = cli("corpus", "show", article, "--json").document
    assert len(shown["versions"]) == 2
    assert ["12%" in passage["text"] for passage in shown["passages"]] == [True]


def test_each_updated_article_is_named_with_what_it_replaced(
    home: Path, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "own", {"note.md": NOTE, **{f"{at:02}.md": f"Payroll note {at}." for at in range(22)}})
    added(cli, str(folder))
    changed = NOTE.replace("three councils", "two councils").replace("Example Institute", "Institute")
    write(folder, {"note.md": changed.replace("11%", "9%").replace("tier: 2", "tier: 1")})
    [article] = [a["article"] for a in listed(cli) if a["tier"] == 2]
    dry, run = (cli("corpus", "add", str(folder), *more) for more in (("--dry-run",), ()))
    line = (
        f"updated: {article} Payroll software in two councils "
        "(was: title Payroll software in three councils, publisher Example Institute, tier 2)"
    )
    assert (dry.out.splitlines()[1:], run.out.splitlines()[1:]) == ([line], [line])
    write(folder, {f"{at:02}.md": f"Payroll note {at}, corrected." for at in range(22)})
    document = added(cli, str(folder))
    assert len(document["updates"]) == 22
    assert document["updates"][0]["was"] == {}
    write(folder, {f"{at:02}.md": f"Payroll note {at}, corrected again." for at in range(22)})
    monkeypatch.setattr("agent.cli.added.SHOWN", 3)
    at_a_terminal(monkeypatch)
    lines = cli("corpus", "add", str(folder)).out.splitlines()
    assert [line.partition(" ")[0] for line in lines[1:]] == ["updated:"] * 3 + ["and"]
    assert lines[-1] == "and 19 more updated; a pipe or --json gets all of them"


def test_a_bad_file_keeps_no_other_out(home: Path, tmp_path: Path, cli: Cli) -> None:
    folder = write(tmp_path / "own", {"bad.md": BROKEN, "good.txt": "Payroll clerks settle the harbour's wages."})
    run = cli("corpus", "add", str(folder), "--without-bundled")
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines() == [
        "1 added, 0 updated, 0 unchanged, 1 left out; 1 passage, 1 embedded",
        f"left out: {folder}/bad.md: it is binary data, not text",
    ]


def test_when_nothing_can_be_read_every_reason_is_given_each_time(home: Path, tmp_path: Path, cli: Cli) -> None:
    folder = write(tmp_path / "own", {"bad.md": BROKEN, "empty.txt": "", "scan.pdf": a_scan()})
    reasons = [
        f"{folder}/bad.md: it is binary data, not text.",
        f"{folder}/empty.txt: it is empty.",
        f"{folder}/scan.pdf: it is a scan without text: run OCR first.",
    ]
    for _ in range(2):
        error = refused(cli("corpus", "add", str(folder), "--json"))
        assert (error["kind"], error["problems"]) == ("invalid_input", reasons)
    words = cli("corpus", "add", str(folder))
    assert (words.code, words.out) == (3, "")
    assert words.err.splitlines() == ["error: Nothing could be read:", *(f"  - {reason}" for reason in reasons)]


def test_a_long_list_of_files_left_out_is_cut_for_people_and_whole_for_programs(
    home: Path, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = {f"{at:02}.md": BROKEN for at in range(23)}
    folder = write(tmp_path / "own", {**bad, "good.txt": "Payroll clerks settle the harbour's wages."})
    assert len(cli("corpus", "add", str(folder), "--without-bundled").out.splitlines()) == 1 + 23
    assert len(added(cli, str(folder))["skipped"]) == 23
    alone = write(tmp_path / "alone", bad)
    assert len(cli("corpus", "add", str(alone)).err.splitlines()) == 1 + 23
    assert len(refused(cli("corpus", "add", str(alone), "--json"))["problems"]) == 23
    at_a_terminal(monkeypatch)
    lines = cli("corpus", "add", str(folder)).out.splitlines()
    assert (len(lines), lines[-1]) == (22, "and 3 more left out; a pipe or --json gets all of them")
    assert cli("corpus", "add", str(alone)).err.splitlines()[-1] == (
        "  - and 3 more; a pipe or --json gets all of them."
    )


def test_a_failed_start_without_the_bundled_articles_does_not_lose_them(home: Path, tmp_path: Path, cli: Cli) -> None:
    folder = write(tmp_path / "own", {"bad.md": BROKEN})
    assert cli("corpus", "add", str(folder), "--without-bundled").code == 3
    assert len(listed(cli)) > 40


def test_a_start_without_the_bundled_articles_stays_one(home: Path, tmp_path: Path, cli: Cli) -> None:
    added(cli, str(write(tmp_path / "own", {"note.md": NOTE})))
    assert [article["title"] for article in listed(cli)] == ["Payroll software in three councils"]


def test_a_start_without_the_bundled_articles_that_was_broken_off_stays_one(
    home: Path, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "own", {"note.md": NOTE})
    with monkeypatch.context() as patched:
        patched.setattr("agent.evidence.ingest.Ingest.add", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert cli("corpus", "add", str(folder), "--without-bundled").code == 130
    assert listed(cli) == []


def test_bundled_articles_that_came_in_before_stay_and_that_is_said(
    corpus_home: Path, tmp_path: Path, cli: Cli
) -> None:
    run = cli("corpus", "add", str(write(tmp_path / "own", {"note.md": NOTE})), "--without-bundled")
    assert (run.code, "came in before and stay" in run.err) == (0, True)
    assert len(listed(cli)) > 40


def test_a_dry_run_says_what_would_be_done_and_does_nothing(home: Path, tmp_path: Path, cli: Cli) -> None:
    folder = write(tmp_path / "own", {"note.md": NOTE, "bad.md": BROKEN})
    run = cli("corpus", "add", str(folder), "--without-bundled", "--dry-run")
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines() == [
        "1 would be added, 0 would be updated, 0 unchanged, 1 left out; 1 passage",
        f"left out: {folder}/bad.md: it is binary data, not text",
    ]
    document = cli("corpus", "add", str(folder), "--without-bundled", "--dry-run", "--json").document
    assert (len(document["added"]), document["embedded"], document["dry_run"]) == (1, 0, True)
    assert "Payroll software in three councils" not in {article["title"] for article in listed(cli)}


def test_the_columns_of_an_export_can_be_named(home: Path, tmp_path: Path, cli: Cli) -> None:
    table = TABLE.replace("headline,body", "kopf,wortlaut")
    folder = write(tmp_path / "own", {"export.csv": table})
    error = refused(cli("corpus", "add", str(folder), "--without-bundled", "--json"))
    assert "wortlaut" in error["message"]
    columns = ("--column", "text=wortlaut", "--column", "title=kopf", "--column", "publisher=source")
    added(cli, str(folder), *columns, "--column", "url=link")
    assert [(a["title"], a["publisher"], a["url"]) for a in listed(cli)] == [
        ("Pay of payroll clerks", "Example Statistics", "https://figures.example/pay")
    ]


def test_what_the_user_says_stands_above_what_the_file_says(home: Path, tmp_path: Path, cli: Cli) -> None:
    file = write(tmp_path / "own", {"note.md": NOTE}) / "note.md"
    said = ("--publisher", "Harbour Board", "--author", "A. Marsh", "--date", "2026-03", "--tier", "3")
    added(cli, str(file), *said, "--interested", "--licence", "for reading only", "--tag", "Wages", "--tag", "harbour")
    [article] = listed(cli, "--tag", "wages")
    wanted = {
        "publisher": "Harbour Board",
        "author": "A. Marsh",
        "date": "2026-03",
        "tier": 3,
        "interested": True,
        "licence": "for reading only",
        "tags": ["harbour", "wages"],
        "assumed": [],
    }
    assert {name: article[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("{own}", "--column", "body"), "`--column body` is no mapping"),
        (("{own}", "--column", "weight=body"), "`--column weight=body` is no mapping"),
        (("{own}", "--date", "2026-13"), "`--date` is '2026-13'"),
        (("{own}", "--date", "last year"), "`--date` is 'last year'"),
        (("{own}", "--watch"), "`--watch` goes neither with"),
        (("{own}", "nowhere.md"), "There is no file or folder nowhere.md."),
        (("{own}", "~nobody-of-that-name/x.md"), "~nobody-of-that-name/x.md cannot be read"),
        (("{own}", "long" * 100), "cannot be read"),
    ],
)
def test_a_wrong_argument_is_named_before_anything_is_read(
    arguments: tuple[str, ...], wanted: str, home: Path, tmp_path: Path, cli: Cli
) -> None:
    own = str(write(tmp_path / "own", {"note.md": NOTE}))
    run = cli("corpus", "add", *(word.format(own=own) for word in arguments), "--without-bundled", "--json")
    assert wanted in refused(run)["message"]
    assert not home.exists()


@pytest.mark.parametrize(
    ("source", "wanted"), [("https://example.org/x", "An address cannot be watched"), ("note.md", "A single file")]
)
def test_only_folders_are_watched(source: str, wanted: str, home: Path, tmp_path: Path, cli: Cli) -> None:
    own = write(tmp_path / "own", {"note.md": NOTE})
    run = cli("corpus", "add", source if "//" in source else str(own / source), "--watch")
    assert (run.code, run.out) == (3, "")
    assert wanted in run.err


@pytest.mark.parametrize("arguments", [("--tier", "5"), ("--tier", "first"), ("--watch", "--bogus"), ()])
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...], home: Path, tmp_path: Path, cli: Cli) -> None:
    sources = (str(tmp_path),) if arguments else ()
    assert refused(cli("corpus", "add", *sources, *arguments, "--json"), code=2)["kind"] == "usage"


@pytest.mark.parametrize(
    ("files", "wanted"), [({}, "nothing to read in"), ({"a.png": b"\x89PNG"}, "1 file of no text format")]
)
def test_a_folder_without_articles_is_refused(
    files: dict[str, bytes], wanted: str, home: Path, tmp_path: Path, cli: Cli
) -> None:
    run = cli("corpus", "add", str(write(tmp_path / "own", files)), "--without-bundled")
    assert (run.code, run.out) == (3, "")
    assert wanted in run.err


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a page on loopback; everything else is not found, also robots.txt."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/month"
            body = PAGE.encode() if found else b"no"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_is_fetched_and_what_is_not_there_is_named(site: str, home: Path, cli: Cli) -> None:
    document = added(cli, f"{site}/month", f"{site}/gone", "--allow-private")
    assert document["skipped"] == [
        {"file": f"{site}/gone", "reason": "it was answered with status 404 (Not Found)"},
    ]
    assert [(a["title"], a["url"], a["date"]) for a in listed(cli)] == [
        ("A month with the payroll agent", f"{site}/month", "2026-04-09")
    ]
    assert document["notes"] == [
        {
            "file": f"{site}/month",
            "note": "it calls itself https://weekly.example/payroll-agent, of another site: "
            "known by the address it was fetched from",
        }
    ]


def test_a_loopback_address_is_not_fetched_unless_allowed(site: str, home: Path, cli: Cli) -> None:
    error = refused(cli("corpus", "add", f"{site}/month", "--json"))
    assert f"{site}/month: its host's address 127.0.0.1 is a loopback address" in error["message"]


def test_a_pipe_gets_neither_colour_nor_progress_nor_questions(home: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", {"plain.txt": "Payroll clerks settle the harbour's wages."})
    for more in ({}, {"NO_COLOR": "1"}):
        done = run_process("corpus", "add", str(folder), "--without-bundled", **more)
        assert (done.returncode, done.stderr) == (0, "")
        assert "\x1b" not in done.stdout
    assert done.stdout == "0 added, 0 updated, 0 unchanged, 1 file not read again; 0 passages, 0 embedded\n"


def test_an_address_that_is_not_of_the_web_is_said_to_be_none(home: Path, cli: Cli) -> None:
    run = cli("corpus", "add", "ftp://example.org/x", "--without-bundled")
    assert (run.code, run.err.splitlines()[0]) == (
        3,
        "error: ftp://example.org/x cannot be read: only http and https addresses are fetched, not ftp.",
    )
