"""The judge seam: replayed by request, kept as answered, stale when what was judged changed, and failing closed."""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier, Event

import pytest
from pydantic import BaseModel

from agent.errors import InvalidInput, NeedsModel, NotFound, UpstreamFailed
from agent.llm.port import ChatModel
from agent.llm.recording import Recording, load_recordings
from agent.llm.scripted import Answer, ScriptedModel
from agent.shipped import shipped_path
from evals.golden import roles as golden
from evals.judges.judge import Asker, Judge, Stale
from evals.judges.keeping import AskedOnce, SheetJournal
from evals.judges.sheet import JudgeSheet, drafts_digest, read_sheet, role_name, write_sheet
from evals.suites.cases import Case, Measured, Unmeasured, verdict, verdicts
from evals.suites.context import JUDGED, Context, Mode, load_context
from evals.suites.thresholds import Threshold, Thresholds
from evals.suites.verdict import Outcome, Verdict

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 2, 25)
MOST_ANSWERS = 280
"""What may be recorded for the suites on the bundled roles."""


class Rating(BaseModel):
    score: float


@pytest.fixture(scope="module")
def role() -> Recording:
    return load_recordings(shipped_path("recordings"))[0]


def a_context(folder: Path, model: ChatModel | None = None, mode: Mode = Mode.REPLAY, **changes: object) -> Context:
    thresholds = Thresholds({"deepeval": {"guard": Threshold(at_least=0.5)}})
    context = Context(bundled=(), further=(), thresholds=thresholds, mode=mode, model=model, judged=folder)
    return replace(context, **changes)  # type: ignore[arg-type]


def rates(text: str = "How good is this?") -> Callable[[Asker], Measured]:
    return lambda asker: Measured(asker.ask(text, Rating).score)


def a_case(measure: Callable[[Asker], Measured] | None = None, **changes: object) -> Case:
    return replace(Case(metric="guard", name="a case", measure=measure or rates(), version="4.3.1", calls=1), **changes)  # type: ignore[arg-type]


def recorded(
    folder: Path, *cases: Case, answer: str | Answer = '{"score": 0.75}', role: Recording | None = None
) -> int:
    """Record what the cases ask. Returns how many questions reached the model."""
    model = ScriptedModel(lambda prompt, schema, sample: answer, label="desk")
    context = a_context(folder, model, Mode.RECORD, bundled=(role,) if role else ())
    list(verdicts("deepeval", cases or (a_case(),), context, Judge("deepeval", context, today=DAY)))
    return len(model.calls)


def replayed(folder: Path, case: Case) -> Verdict:
    context = a_context(folder)
    return verdict("deepeval", case, context, Judge("deepeval", context))


def test_what_was_recorded_is_replayed_without_a_model(tmp_path: Path) -> None:
    assert recorded(tmp_path) == 1
    found = replayed(tmp_path, a_case())
    assert (found.outcome, found.score, found.message) == (
        Outcome.PASSED,
        0.75,
        "met, 0.75 where at least 0.5 is asked",
    )


def test_what_is_recorded_is_never_asked_again(tmp_path: Path) -> None:
    assert [recorded(tmp_path), recorded(tmp_path), recorded(tmp_path, a_case(), a_case(rates("And this?")))] == [
        1,
        0,
        1,
    ]


def test_a_whole_recording_drops_what_nothing_asks_any_more(tmp_path: Path) -> None:
    recorded(tmp_path, a_case(), a_case(rates("And this?")))
    recorded(tmp_path, a_case())
    assert len(read_sheet(tmp_path / "deepeval.json").answers) == 1


def test_a_missing_answer_fails_with_what_changed(tmp_path: Path) -> None:
    recorded(tmp_path)
    other = replayed(tmp_path, a_case(rates("And this?")))
    assert (other.outcome, other.score) == (Outcome.FAILED, None)
    assert "No recorded answer for the prompt deepeval.guard@4.3.1: its inputs changed" in other.message


def test_a_recording_for_another_version_of_the_prompt_fails_and_names_both(tmp_path: Path) -> None:
    recorded(tmp_path)
    found = replayed(tmp_path, a_case(version="4.4.0"))
    assert found.outcome is Outcome.FAILED
    assert found.message.endswith(
        "prompt deepeval.guard@4.4.0: the prompt changed, the recording has deepeval.guard@4.3.1."
    )


def test_no_recording_at_all_fails_and_names_the_file(tmp_path: Path) -> None:
    found = replayed(tmp_path, a_case())
    assert (found.outcome, found.message) == (
        Outcome.FAILED,
        "not measured: No answer of a judge is recorded: there is no deepeval.json.",
    )
    with pytest.raises(NotFound, match=r"deepeval\.json"):
        read_sheet(tmp_path / "deepeval.json")


def test_a_truncated_recording_fails_every_judged_case_and_nothing_else(tmp_path: Path) -> None:
    recorded(tmp_path)
    path = tmp_path / "deepeval.json"
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    judged, other = replayed(tmp_path, a_case()), replayed(tmp_path, a_case(lambda asker: Measured(1.0), calls=0))
    assert (judged.outcome, other.outcome) == (Outcome.FAILED, Outcome.PASSED)
    assert "deepeval.json is not whole JSON" in judged.message
    with pytest.raises(InvalidInput, match="not whole JSON"):
        recorded(tmp_path)


def test_a_judge_that_answers_in_prose_measures_nothing_and_keeps_nothing(tmp_path: Path) -> None:
    model = ScriptedModel(lambda prompt, schema, sample: "It looks well supported to me.")
    context = a_context(tmp_path, model, Mode.RECORD)
    found = verdict("deepeval", a_case(), context, Judge("deepeval", context, today=DAY))
    assert (found.outcome, found.score) == (Outcome.FAILED, None)
    assert "does not fit Rating: not a JSON object" in found.message
    assert not (tmp_path / "deepeval.json").exists()


def swallowing(asker: Asker) -> Measured:
    """As a framework that turns an error into a number."""
    try:
        return rates()(asker)
    except UpstreamFailed:
        return Measured(1.0)


def test_an_error_that_a_framework_swallows_still_fails_the_case(tmp_path: Path) -> None:
    model = ScriptedModel(lambda prompt, schema, sample: UpstreamFailed("the endpoint is down"))
    context = a_context(tmp_path, model, Mode.LIVE)
    found = verdict("deepeval", a_case(swallowing), context, Judge("deepeval", context))
    assert (found.outcome, found.score, found.message) == (
        Outcome.FAILED,
        None,
        "not measured: the endpoint is down",
    )


def nothing(asker: Asker) -> Measured:
    raise Unmeasured("the judge found no claims")


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (lambda asker: Measured(float("nan")), "not measured: the metric gave NaN"),
        (nothing, "not measured: the judge found no claims"),
        (lambda asker: Measured(0.25, "1 of 4"), "missed, 0.25 where at least 0.5 is asked: 1 of 4"),
    ],
)
@pytest.mark.parametrize("control", [False, True])
def test_nothing_measured_fails_also_where_the_sample_was_planted(
    tmp_path: Path, measure: Callable[[Asker], Measured], words: str, control: bool
) -> None:
    found = replayed(tmp_path, a_case(measure, calls=0, control=control))
    caught = control and words.startswith("missed")
    assert found.outcome is (Outcome.PASSED if caught else Outcome.FAILED)
    assert found.message == (words.replace("missed", "the planted bad sample was caught") if caught else words)


def test_a_planted_sample_that_is_let_through_fails(tmp_path: Path) -> None:
    found = replayed(tmp_path, a_case(lambda asker: Measured(0.5), calls=0, control=True))
    assert (found.outcome, found.message) == (
        Outcome.FAILED,
        "a planted bad sample was let through, 0.5 where at least 0.5 is asked",
    )


def test_other_drafts_than_those_judged_are_stale_and_neither_pass_nor_fail(tmp_path: Path, role: Recording) -> None:
    recorded(tmp_path, a_case(recording=role), role=role)
    assert replayed(tmp_path, a_case(recording=role)).outcome is Outcome.PASSED
    first = role.answers[0]
    redrafted = role.model_copy(update={"answers": (first.model_copy(update={"text": "{}"}), *role.answers[1:])})
    found = replayed(tmp_path, a_case(recording=redrafted))
    assert (found.outcome, found.score, found.role) == (Outcome.STALE, None, role_name(role))
    assert found.message.startswith(f"stale, not run: the drafts of {role_name(role)} changed")


def test_changed_prompts_make_every_role_stale_until_it_is_judged_again(tmp_path: Path, role: Recording) -> None:
    recorded(tmp_path, a_case(recording=role), role=role)
    path = tmp_path / "deepeval.json"
    write_sheet(path, read_sheet(path).model_copy(update={"prompts": "sha256:" + "0" * 64}))
    found = replayed(tmp_path, a_case(recording=role))
    assert (found.outcome, found.message) == (
        Outcome.STALE,
        "stale, not run: the prompts changed after the judge's answers were recorded",
    )
    recorded(tmp_path, a_case(recording=role), role=role)
    assert replayed(tmp_path, a_case(recording=role)).outcome is Outcome.PASSED


def test_a_case_that_asks_no_judge_is_never_stale(tmp_path: Path, role: Recording) -> None:
    recorded(tmp_path, a_case(recording=role), role=role)
    path = tmp_path / "deepeval.json"
    write_sheet(path, read_sheet(path).model_copy(update={"drafts": {role_name(role): "sha256:" + "0" * 64}}))
    found = replayed(tmp_path, a_case(lambda asker: Measured(1.0), calls=0, recording=role))
    assert found.outcome is Outcome.PASSED


def test_drafts_count_as_judged_only_when_every_case_was_measured(tmp_path: Path, role: Recording) -> None:
    recorded(tmp_path, a_case(recording=role), a_case(nothing), role=role)
    assert read_sheet(tmp_path / "deepeval.json").drafts == {}
    recorded(tmp_path, a_case(recording=role), role=role)
    assert read_sheet(tmp_path / "deepeval.json").drafts == {role_name(role): drafts_digest(role)}


def test_a_recording_that_was_interrupted_is_stale_and_one_under_way_goes_on(tmp_path: Path, role: Recording) -> None:
    recorded(tmp_path, a_case(recording=role), a_case(nothing), role=role)
    found = replayed(tmp_path, a_case(recording=role))
    assert (found.outcome, found.score, found.message) == (
        Outcome.STALE,
        None,
        "stale, not run: the judge's answers were not recorded to their end: python -m evals.judges.record",
    )
    assert recorded(tmp_path, a_case(recording=role), role=role) == 0
    assert replayed(tmp_path, a_case(recording=role)).outcome is Outcome.PASSED


def test_a_role_that_the_recording_does_not_name_is_stale(tmp_path: Path, role: Recording) -> None:
    recorded(tmp_path, a_case())
    found = replayed(tmp_path, a_case(recording=role))
    assert (found.outcome, found.score) == (Outcome.STALE, None)
    assert found.message.startswith(f"stale, not run: the drafts of {role_name(role)} are not among those judged")


LOST = {"Data Engineer (Mid-level)": "There is no recording: found no evals/recordings/data-engineer-mid-level.json."}


@pytest.mark.parametrize("mode", [Mode.REPLAY, Mode.LIVE])
def test_a_role_without_its_recording_fails_whatever_the_cases_say(tmp_path: Path, mode: Mode) -> None:
    recorded(tmp_path)
    model = None if mode is Mode.REPLAY else ScriptedModel(lambda prompt, schema, sample: Rating(score=1.0))
    context = a_context(tmp_path, model, mode, missing=LOST)
    lost, other = verdicts("deepeval", [a_case()], context, Judge("deepeval", context))
    assert (lost.suite, lost.outcome, lost.control) == ("deepeval", Outcome.FAILED, False)
    assert {lost.role: lost.message} == {lost.case: lost.message} == LOST
    assert other.outcome is Outcome.PASSED


def test_without_a_recording_nothing_counts_as_recorded_to_its_end(tmp_path: Path, role: Recording) -> None:
    model = ScriptedModel(lambda prompt, schema, sample: Rating(score=1.0))
    context = a_context(tmp_path, model, Mode.RECORD, bundled=(role,), missing=LOST)
    list(verdicts("deepeval", [a_case()], context, Judge("deepeval", context, today=DAY)))
    assert read_sheet(tmp_path / "deepeval.json").prompts == ""


def test_the_context_names_every_bundled_role_whose_recording_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_context().missing == {}
    for file in golden.RECORDINGS["bundled"].glob("[jm]*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setitem(golden.RECORDINGS, "bundled", tmp_path)
    monkeypatch.setattr(golden, "CHECKOUT", tmp_path.parent)
    (name, message), *others = load_context().missing.items()
    assert (name, others) == ("Data Engineer (Mid-level)", [])
    assert message == f"There is no recording: found no {tmp_path.name}/data-engineer-mid-level.json."
    (tmp_path / "data-engineer-mid-level.json").write_bytes(next(tmp_path.glob("j*.json")).read_bytes())
    assert "is a recording of Junior Software Developer" in load_context().missing[name]


def breaks(asker: Asker) -> Measured:
    raise ValueError("max() of\nnothing")


@pytest.mark.parametrize("control", [False, True])
def test_a_bug_in_one_case_fails_it_and_the_next_are_measured(
    tmp_path: Path, control: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(tmp_path)
    context = a_context(tmp_path)
    broken, other = verdicts(
        "deepeval", [a_case(breaks, control=control), a_case()], context, Judge("deepeval", context)
    )
    assert (broken.outcome, broken.score) == (Outcome.FAILED, None)
    assert broken.message == "broke: ValueError: max() of nothing"
    assert "Traceback" in capsys.readouterr().err
    assert other.outcome is Outcome.PASSED


def garbling(asker: Asker) -> Measured:
    """As a framework that trips over what it made of an error."""
    try:
        return rates()(asker)
    except UpstreamFailed:
        raise TypeError("NoneType is not iterable") from None


def test_what_a_framework_raises_after_an_error_of_its_judge_is_told_as_that_error(tmp_path: Path) -> None:
    model = ScriptedModel(lambda prompt, schema, sample: UpstreamFailed("the endpoint is down"))
    context = a_context(tmp_path, model, Mode.LIVE)
    found = verdict("deepeval", a_case(garbling), context, Judge("deepeval", context))
    assert (found.outcome, found.message) == (Outcome.FAILED, "not measured: the endpoint is down")


def test_the_digest_of_drafts_knows_texts_and_passages(role: Recording) -> None:
    packs = {**role.packs, "tasks": role.packs["tasks"][:-1]}
    assert drafts_digest(role) == drafts_digest(role.model_copy(update={"answers": role.answers[::-1]}))
    assert drafts_digest(role) != drafts_digest(role.model_copy(update={"packs": packs}))
    assert drafts_digest(role) != drafts_digest(role.model_copy(update={"answers": role.answers[1:]}))


def test_every_answer_is_on_disk_before_it_is_used(tmp_path: Path) -> None:
    def second_fails(asker: Asker) -> Measured:
        asker.ask("How good is this?", Rating)
        assert len(read_sheet(tmp_path / "deepeval.json").answers) == 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recorded(tmp_path, a_case(second_fails))
    assert recorded(tmp_path) == 0


def test_two_threads_that_ask_the_same_at_once_ask_the_model_once(tmp_path: Path) -> None:
    another = Event()

    def answer(prompt: object, schema: object, sample: int) -> Rating:
        if len(model.calls) > 1:
            another.set()
        another.wait(timeout=0.2)
        return Rating(score=1.0)

    model = ScriptedModel(answer)
    journal = SheetJournal(tmp_path / "s.json", suite="s", model="desk", today=DAY)
    once, together = AskedOnce(model, journal), Barrier(4)

    def ask(_: int) -> float:
        together.wait(timeout=5)
        return Asker(once, "s.m", "1", lambda key: None).ask("How good is this?", Rating).score

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [1.0] * 4
    assert (len(model.calls), journal.new) == (1, 1)


def test_a_replay_is_stale_where_the_search_finds_other_passages_than_those_that_were_judged(tmp_path: Path) -> None:
    def asks(*found: str) -> tuple[str, ...]:
        context = a_context(tmp_path, ScriptedModel({}), Mode.RECORD)
        return Judge("deepeval", context, today=DAY).pin("q1", found, best=2, corpus="now")

    assert [asks("p-3", "p-1"), asks("p-1", "p-2", "p-3")] == [("p-3", "p-1"), ("p-1", "p-2")]
    replay = Judge("deepeval", a_context(tmp_path))
    assert replay.pin("q1", ("p-1", "p-2", "p-4"), best=2, corpus="later") == ("p-1", "p-2")
    with pytest.raises(Stale, match="other passages for q1"):
        replay.pin("q1", ("p-1", "p-2", "p-4"), best=3, corpus="later")
    with pytest.raises(NeedsModel, match="q2"):
        replay.pin("q2", ("p-3",), best=1, corpus="now")


def test_a_tie_that_another_processor_ranks_otherwise_is_judged_as_it_was_recorded(tmp_path: Path) -> None:
    context = a_context(tmp_path, ScriptedModel({}), Mode.RECORD)
    Judge("deepeval", context, today=DAY).pin("q1", ("p-1", "p-2", "p-3"), best=3, corpus="now")
    replay = Judge("deepeval", a_context(tmp_path))
    for tied in (("p-2", "p-1", "p-3"), ("p-1", "p-2", "p-4")):
        assert replay.pin("q1", tied, best=3, corpus="now") == ("p-1", "p-2", "p-3")
    with pytest.raises(Stale):
        replay.pin("q1", ("p-1", "p-4", "p-5"), best=3, corpus="now")


def test_a_live_judge_is_asked_everything_and_keeps_nothing(tmp_path: Path, role: Recording) -> None:
    recorded(tmp_path, a_case(recording=role), role=role)
    before = (tmp_path / "deepeval.json").read_bytes()
    model = ScriptedModel(lambda prompt, schema, sample: Rating(score=1.0))
    context = a_context(tmp_path, model, Mode.LIVE)
    found = list(verdicts("deepeval", [a_case(), a_case(recording=role)], context, Judge("deepeval", context)))
    assert ([one.score for one in found], len(model.calls)) == ([1.0, 1.0], 2)
    assert (tmp_path / "deepeval.json").read_bytes() == before


def test_verdicts_come_in_the_order_of_the_cases_however_long_each_takes(tmp_path: Path) -> None:
    model = ScriptedModel(lambda prompt, schema, sample: Rating(score=float(prompt.messages[0].content)))
    context = a_context(tmp_path, model, Mode.LIVE)
    cases = [a_case(rates(f"0.{at}")) for at in range(1, 10)]
    found = verdicts("deepeval", cases, context, Judge("deepeval", context))
    assert [one.score for one in found] == [at / 10 for at in range(1, 10)]


def test_two_answers_to_one_request_in_a_file_are_refused(tmp_path: Path) -> None:
    recorded(tmp_path)
    path = tmp_path / "deepeval.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "answers": document["answers"] * 2}), encoding="utf-8")
    with pytest.raises(InvalidInput, match="two answers for one request"):
        read_sheet(path)


@pytest.fixture(scope="module")
def sheets() -> tuple[JudgeSheet, ...]:
    return tuple(read_sheet(JUDGED / f"{suite}.json") for suite in ("deepeval", "ragas"))


def test_the_committed_answers_keep_to_their_budget_and_name_every_bundled_role(sheets: tuple[JudgeSheet, ...]) -> None:
    assert 0 < sum(len(sheet.answers) for sheet in sheets) <= MOST_ANSWERS
    roles = {role_name(recording) for recording in load_recordings(shipped_path("recordings"))}
    assert [set(sheet.drafts) for sheet in sheets] == [roles, roles]
    assert all(sheet.prompts for sheet in sheets)


def test_the_answers_are_to_the_prompts_of_the_pinned_frameworks(sheets: tuple[JudgeSheet, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = dict(line.split("==") for line in project["optional-dependencies"]["evals"] if "==" in line)
    asked = {
        sheet.suite: {answer.prompt.partition("@")[2].partition("+")[0] for answer in sheet.answers} for sheet in sheets
    }
    assert asked == {name: {pinned[name]} for name in ("deepeval", "ragas")}


def test_only_modules_that_are_imported_late_import_a_framework_at_once() -> None:
    """Importing the suites, their cases or the judges costs nothing and changes no environment."""
    found = {
        path.name
        for folder in ("judges", "suites")
        for path in (ROOT / "evals" / folder).glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
        if name.partition(".")[0] in {"deepeval", "ragas", "instructor"}
    }
    assert found == {"adapters.py", "guard_metric.py", "public_names.py", "word_overlap.py"}
