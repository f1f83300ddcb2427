"""`stats`: tokens, calls, redrafts, findings and time an assessment and a month, and the drift of published roles."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories_cli import Cli
from factories_publications import a_content, publish

from agent.schemas.assessment import Assessment
from agent.schemas.finding import Finding, GuardReport, Tier, Verdict
from agent.schemas.vocabulary import Gate, Section
from agent.store.assessments import AssessmentStore, StoredCall
from agent.store.database import Database
from agent.store.stamps import SystemStamps

ROLE = "Release Engineer (Senior)"
GUARD = GuardReport(
    findings=(
        Finding(code="G-NEGATION", tier=Tier.REVIEW, section=Section.TASKS, path="tasks.t1.claims.0", message="Look."),
    ),
    verified=3,
    judgement=0,
    speaking_sources=(),
    admissible={},
    verdicts={f"tasks.t1.claims.{at}": Verdict.VERIFIED for at in range(4)},
)


def published(home: Path, content: Assessment) -> str:
    """A content among the publications of a home, with the revision and the answers that it rests on."""
    row = publish(home, content)
    db = Database.of_home(home)
    try:
        store = AssessmentStore(db, SystemStamps())
        store.freeze(row.assessment, gate=Gate.PUBLICATION, origin="draft", parent=None, document=content.document())
        store.put_draft(row.assessment, "guard", content.guard.model_dump(mode="json"))
        store.spend(row.assessment, "tasks@1", calls=2, input_tokens=3000, output_tokens=500)
        for prompt, recorded in (("tasks@1.r1.d1", False), ("growth@1.r1", True)):
            answer = StoredCall(document={"recorded": recorded}, prompt=prompt, input_tokens=1000, output_tokens=100)
            store.put_call(row.assessment, prompt, answer)
    finally:
        db.close()
    return row.assessment


@pytest.fixture
def two(home: Path) -> Path:
    """One role in two versions, drafted by two models."""
    first = a_content().model_copy(update={"guard": GUARD})
    made = first.provenance.model_copy(update={"model": "desk-2 \x1b[31m[bold]", "corpus": "sha256:123456789abc"})
    published(home, first)
    again = a_content(growth=1)
    published(home, again.model_copy(update={"guard": GUARD, "provenance": made}))
    return home


def test_the_document_has_totals_months_assessments_and_drift(two: Path, cli: Cli) -> None:
    run = cli("stats", "--json")
    document = run.document
    assert (run.code, run.err) == (0, "")
    assert set(document) == {"ok", "role", "since", "all", "months", "assessments", "drift", "not_told"}
    usage = {"calls": 3, "input_tokens": 4000, "output_tokens": 600}
    replayed = {"calls": 1, "input_tokens": 1000, "output_tokens": 100}
    report = {"claims": 4, "block": 0, "review": 1, "per_claim": 0.25}
    for one in document["assessments"]:
        assert (one["usage"], one["replayed"], one["redrafts"]) == (usage, replayed, 1)
        assert (one["first_findings"], one["findings"]) == (report, report)
        assert (one["unknown"], one["drafting_s"]) == ({"dimensions": 0, "of": 5}, None)
        assert one["whole_s"] >= 0
    assert document["all"]["usage"]["calls"] == sum(month["usage"]["calls"] for month in document["months"]) == 6
    assert document["all"]["findings"] == {"claims": 8, "block": 0, "review": 2, "per_claim": 0.25}
    [role] = document["drift"]
    first, second = role["versions"]
    assert (first["change"], first["differs"]) == (None, [])
    assert second["change"] == round(second["score"] - first["score"], 1) == role["change"] > 0
    assert second["differs"] == ["model", "corpus"]
    assert (second["made"]["corpus"], second["findings"]) == ("sha256:123456789abc", report)


def test_a_person_reads_a_line_a_number(two: Path, cli: Cli) -> None:
    run = cli("stats")
    lines = run.out.splitlines()
    assert lines[:4] == [
        "All together",
        "  2 assessments: 2 running",
        "  6 calls, 8,000 tokens in, 1,200 out, 2 redrafts, 2 of the calls replayed",
        "  findings in first drafts: 0 block and 2 review in 8 claims, 0.25 a claim",
    ]
    assert "  findings now: 0 block and 2 review in 8 claims, 0.25 a claim" in lines
    at = lines.index(next(line for line in lines if line.startswith("Drift of ")))
    assert lines[at].startswith(f"Drift of {ROLE}: +")
    first, second = (index for index, line in enumerate(lines) if line.startswith(("  v1  ", "  v2  ")))
    assert "(+" in lines[second] and "(" not in lines[first]
    assert "    made by desk-1, corpus sha256:0" in lines[first:second]
    # What a server calls its model is printed as text.
    assert "    made by desk-2 [31m[bold], corpus sha256:12345678" in lines[second:]
    assert lines[-1] == "    other than before: model, corpus"
    assert "not stored" in run.err and "\x1b" not in run.out
    assert [line for line in lines if len(line) > 80] == []


def test_one_role_and_a_day_narrow_it(two: Path, cli: Cli) -> None:
    published(two, a_content("Actuary"))
    assert len(cli("stats", "--json").document["assessments"]) == 3
    narrowed = cli("stats", "--role", "actuary", "--json").document
    assert [one["role"] for one in narrowed["assessments"]] == ["Actuary"]
    assert (narrowed["drift"], narrowed["role"]) == ([], "actuary")
    later = cli("stats", "--since", "2100-01", "--json").document
    assert (later["assessments"], later["drift"], later["months"]) == ([], [], [])
    assert cli("stats", "--since", "2100").err == "Nothing was assessed since then.\n"


@pytest.mark.parametrize(
    ("arguments", "kind", "says"),
    [
        (("--since", "yesterday"), "invalid_input", "'yesterday', expected a day"),
        (("--since", "2026-02-30"), "invalid_input", "2026-02-30"),
        (("--role", "Baker"), "not_found", f"'Baker'. There are: {ROLE}."),
    ],
)
def test_what_cannot_be_narrowed_by_is_refused(
    arguments: tuple[str, ...], kind: str, says: str, two: Path, cli: Cli
) -> None:
    run = cli("stats", *arguments, "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, kind)
    assert says in run.document["error"]["message"]


def test_an_empty_home_is_no_error(home: Path, cli: Cli) -> None:
    run = cli("stats")
    assert (run.code, run.out, run.err) == (0, "", "Nothing was assessed yet.\n")
    document = cli("stats", "--json").document
    assert (document["ok"], document["all"]["assessments"], document["all"]["unknown"]) == (True, 0, None)
