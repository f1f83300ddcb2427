"""What the report of the evals says of the suites' verdicts: counts, before and now, lines and page."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from factories_evals import ROLE, a_control, a_report, a_verdict

from agent.errors import InvalidInput
from evals.report.compile import baseline_of, read_baseline, write_baseline
from evals.report.page import page
from evals.report.shape import Figure, Report
from evals.report.terminal import lines
from evals.suites.verdict import Outcome

VOID = {"meta", "link", "br"}


class Nesting(HTMLParser):
    """Reads a page and holds that every element is closed in its turn and no id stands twice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()


def figure(report: Report, metric: str) -> tuple[Figure | None, Figure | None, bool]:
    one = report.roles[0].metric(metric)
    assert one is not None
    return one.before, one.after, one.changed


def test_controls_are_counted_apart_and_a_report_is_good_when_everything_passed() -> None:
    report = a_report(a_verdict(), a_verdict("zone", found="YELLOW", score=None), a_control())
    assert (report.ok, report.counts.passed, report.controls.passed) == (True, 2, 1)
    assert report.suites[0].model_dump() == {
        **{"name": "roles", "passed": 2, "failed": 0, "stale": 0, "noticed": 1, "controls": 1, "seconds": 1.0}
    }


@pytest.mark.parametrize(
    "amiss",
    [a_verdict(outcome=Outcome.FAILED), a_verdict(outcome=Outcome.STALE), a_control(Outcome.FAILED)],
    ids=["a failure", "a stale one", "a control that was not noticed"],
)
def test_whatever_did_not_pass_makes_the_report_bad(amiss: object) -> None:
    assert not a_report(a_verdict("zone"), a_control(), amiss).ok  # type: ignore[arg-type]


def test_each_metric_of_a_role_is_compared_with_the_baseline() -> None:
    former = baseline_of(a_report(a_verdict(score=40.0), a_verdict("citations", score=90)))
    report = a_report(a_verdict(), a_verdict("citations", score=90), a_verdict("new"), baseline=former)
    before, after, changed = figure(report, "score")
    assert before is not None and after is not None
    assert (before.low, after.low, changed) == (40.0, 41.6, True)
    assert figure(report, "citations")[2] is False
    assert figure(report, "new")[0] is None


def test_what_was_measured_for_the_baseline_and_is_not_now_failed() -> None:
    former = baseline_of(a_report(a_verdict(), a_verdict("citations", case="these"), a_control()))
    report = a_report(a_verdict(), a_control(), baseline=former)
    assert (report.ok, report.counts.failed, report.suites[0].failed) == (False, 1, 1)
    assert report.verdicts[0].message.startswith("It was measured for the baseline and is not now.")
    assert (report.verdicts[0].metric, report.verdicts[0].case) == ("citations", "these")
    assert a_report(a_verdict(), a_control(), baseline=baseline_of(report)).ok


def test_no_baseline_is_a_failure_but_of_the_run_that_writes_it() -> None:
    report = a_report(a_verdict(), a_control(), writes_baseline=False)
    assert (report.ok, report.counts.failed, report.compared_with) == (False, 1, None)
    assert next(lines(report)).startswith("1 passed, 1 failed;")
    assert list(lines(report))[1] == (
        "FAILED  baseline: baseline, every suite: There is no baseline: found no evals/report/baseline.json. "
        "Write it: python -m evals --write-baseline"
    )
    assert "There is no baseline: found no" in page(report)
    written = a_report(a_verdict(), a_control(), writes_baseline=True)
    assert written.ok
    assert baseline_of(report) == baseline_of(written)


def test_several_cases_of_a_role_are_counted_and_never_averaged() -> None:
    cases = [a_verdict("faithfulness", suite="deepeval", case=f"{n}", score=n / 10) for n in (9, 10)]
    bad = a_verdict("faithfulness", Outcome.FAILED, suite="deepeval", case="bad", score=None)
    one = a_report(*cases, bad).roles[0].metrics[0]
    assert one.after == Figure(passed=2, failed=1, stale=0, low=0.9, high=1.0, found=None)
    assert "judged 2 of 3" in "\n".join(lines(a_report(*cases, bad)))


def test_a_verdict_on_a_role_that_is_not_golden_is_shown_all_the_same() -> None:
    report = a_report(a_verdict(role="Somebody Else", case="their tasks"))
    assert [(one.metric, one.case) for one in report.others] == [("score", "their tasks")]


def test_a_suite_that_did_not_run_is_not_said_to_be_gone() -> None:
    former = baseline_of(a_report(a_verdict(suite="retrieval", role=None, case="all")))
    assert a_report(a_verdict(), baseline=former).others == ()


def test_a_score_that_is_no_number_is_none() -> None:
    assert a_report(a_verdict(outcome=Outcome.FAILED, score=float("nan"))).verdicts[0].score is None


def test_a_baseline_is_read_as_it_was_written_and_holds_no_controls(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    report = a_report(a_verdict(), a_control())
    write_baseline(report, file)
    assert read_baseline(file) == baseline_of(report)
    assert [row["metric"] for row in json.loads(file.read_text())["verdicts"]] == ["score"]
    assert read_baseline(tmp_path / "none.json") is None


def test_a_damaged_baseline_is_refused_with_the_place(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text('{"format": "assess-role/evals-baseline/1", "at": "2026-11-28", "verdicts": [{"suite": "roles"}]}')
    with pytest.raises(InvalidInput, match=r"baseline\.json is not valid: verdicts\.0\.metric"):
        read_baseline(file)


def test_the_terminal_says_failures_before_anything_else_and_names_what_is_stale() -> None:
    stale = a_verdict("zone", Outcome.STALE, message="Stale, not run: the prompt changed.")
    failed = a_verdict(outcome=Outcome.FAILED, message="33.1 of 100, expected 38.6 to 44.6.")
    said = list(lines(a_report(a_verdict("citations"), stale, failed, a_control())))
    assert said[0].startswith("1 passed, 1 failed, 1 stale, not run; 1 of 1 planted bad samples were noticed")
    assert said[1] == f"FAILED  roles: score, {ROLE}: 33.1 of 100, expected 38.6 to 44.6."
    assert said[2] == f"STALE, not run  roles: zone, {ROLE}: Stale, not run: the prompt changed."


def test_cases_that_failed_with_the_same_words_are_told_together_and_a_control_as_one() -> None:
    lost = [a_verdict("faithfulness", Outcome.FAILED, case=f"case {n}", message="No answer.") for n in range(5)]
    planted = a_control(Outcome.FAILED, message="It was let through.")
    said = list(lines(a_report(*lost, planted)))
    assert said[1] == (
        "FAILED  roles: 5 cases: No answer."
        " (faithfulness, case 0; faithfulness, case 1; faithfulness, case 2; and 2 more)"
    )
    assert said[2] == (
        "FAILED  roles: score, planted: a worse one, which was planted and not noticed: It was let through."
    )
    assert page(a_report(*lost)).count("<li>faithfulness, case ") == 5


def test_the_terminal_shows_a_role_before_and_now() -> None:
    former = baseline_of(a_report(a_verdict(score=40.0), a_verdict("tokens", score=61_000)))
    report = a_report(a_verdict(), a_verdict("tokens", score=61_000), baseline=former)
    assert f"{ROLE}: score 40.0 -> 41.6; tokens 61,000" in list(lines(report))


def test_the_page_is_whole_html_of_one_file_without_script_or_request() -> None:
    former = baseline_of(a_report(a_verdict(score=40.0)))
    others = a_verdict("recall_at_8", suite="retrieval", role=None, case="golden passages", score=0.9)
    text = page(a_report(a_verdict(), others, a_control(), a_verdict("zone", Outcome.FAILED), baseline=former))
    read = Nesting(text)
    assert (read.open, len(read.ids)) == ([], len(set(read.ids)))
    assert read.addresses == ["data:,"]
    assert "script" not in read.tags
    assert re.findall(r"https?:|url\(|@import", text) == []
    assert "was 40.0" in text


def test_the_page_says_what_did_not_pass_first_and_escapes_every_word() -> None:
    text = page(a_report(a_verdict(outcome=Outcome.FAILED, message="<script>alert(1)</script>\x1b[31m"), a_control()))
    assert "<script>" not in text and "\x1b" not in text
    assert text.index("&lt;script&gt;alert(1)") < text.index('id="roles"')
    assert 'id="amiss"' not in page(a_report(a_verdict(), a_control()))


def test_a_report_is_read_from_its_own_json() -> None:
    report = a_report(a_verdict(), a_control())
    assert Report.model_validate_json(report.model_dump_json()) == report
