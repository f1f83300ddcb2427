"""Recordings: whole or refused, found by role, replayed by request, and written so that diffs stay small."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories_llm import CANARY, Verdict, a_prompt, a_text, a_verdict

from agent.errors import InvalidInput, NeedsModel, StorageFailed
from agent.llm.port import Prompt, Usage, request_key
from agent.llm.recorded import (
    THREE_WAYS,
    RecordedAnswer,
    RecordedModel,
    Recording,
    find_recording,
    load_recordings,
    read_recording,
    write_recording,
)

DAY = "2026-02-25"


def an_answer(prompt: Prompt | None = None, *, sample: int = 0, text: str | None = None) -> RecordedAnswer:
    prompt = prompt or a_prompt()
    return RecordedAnswer(
        key=request_key(prompt, Verdict, sample),
        prompt=prompt.label,
        sample=sample,
        text=a_text() if text is None else text,
        model="m-2026",
        input_tokens=120,
        output_tokens=30,
        finish_reason="stop",
        recorded_at=DAY,
    )


def a_recording(*answers: RecordedAnswer, role: str = "Data Engineer", seniority: str = "Mid-level") -> Recording:
    return Recording(
        role=role,
        seniority=seniority,
        as_of=DAY,
        model="desk",
        recorded_at=DAY,
        corpus="sha256:c",
        embedding="minilm",
        packs={"tasks": ("p-2", "p-1"), "evidence": ("p-3",)},
        answers=answers or (an_answer(),),
    )


def test_a_recorded_request_is_answered_as_it_was(tmp_path: Path) -> None:
    write_recording(tmp_path / "data-engineer.json", a_recording())
    model = RecordedModel(load_recordings(tmp_path))
    completion = model.complete(a_prompt(), Verdict, canary=CANARY)
    assert (completion.value, completion.text, completion.model) == (a_verdict(), a_text(), "m-2026")
    assert completion.usage == Usage(input_tokens=120, output_tokens=30, calls=1)
    assert completion.recorded
    assert model.label == "recorded: desk"


def test_what_is_written_is_read_back_equal_and_writing_again_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "r.json"
    recording = a_recording(an_answer(sample=1), an_answer(), an_answer(a_prompt(id="barriers")))
    write_recording(path, recording)
    first = path.read_bytes()
    again = read_recording(path)
    assert set(again.answers) == set(recording.answers)
    assert again.packs == recording.packs
    assert again.model_copy(update={"answers": ()}) == recording.model_copy(update={"answers": ()})
    write_recording(path, again)
    assert path.read_bytes() == first
    assert [entry.name for entry in path.parent.iterdir()] == ["r.json"]


def test_answers_are_written_in_one_order_whatever_order_they_came_in(tmp_path: Path) -> None:
    answers = [an_answer(a_prompt(id="tasks")), an_answer(a_prompt(id="barriers")), an_answer(sample=1)]
    write_recording(tmp_path / "a.json", a_recording(*answers))
    write_recording(tmp_path / "b.json", a_recording(*reversed(answers)))
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.json"
    write_recording(path, a_recording())
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageFailed, match="No space left"):
        write_recording(path, a_recording(role="Other"))
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["r.json"]


def broken(change: str, good: dict[str, object]) -> str:
    text = json.dumps(good)
    answers = good["answers"]
    assert isinstance(answers, list)
    return {
        "cut": text[: len(text) // 2],
        "empty": "",
        "two answers for one request": json.dumps(good | {"answers": answers * 2}),
        "one key twice": text.replace('{"format"', '{"role": "A", "format"', 1),
        "another format": json.dumps(good | {"format": "assess-role/recording/2"}),
        "a missing key": json.dumps({key: value for key, value in good.items() if key != "as_of"}),
        "an unknown key": json.dumps(good | {"more": 1}),
        "a key that is no digest": json.dumps(good | {"answers": [answers[0] | {"key": "sha256:1"}]}),
        "a list": json.dumps([good]),
    }[change]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("cut", "not whole JSON"),
        ("empty", "not whole JSON"),
        ("two answers for one request", "two answers for one request: tasks@1"),
        ("one key twice", "the key 'role' stands twice"),
        ("another format", "format: Input should be 'assess-role/recording/1'"),
        ("a missing key", "as_of: Field required"),
        ("an unknown key", "more: Extra inputs"),
        ("a key that is no digest", "answers.0.key"),
        ("a list", "not valid"),
    ],
)
def test_a_damaged_recording_is_refused_by_name(tmp_path: Path, change: str, said: str) -> None:
    path = tmp_path / "data-engineer.json"
    path.write_text(broken(change, a_recording().model_dump(mode="json")))
    with pytest.raises(InvalidInput) as caught:
        load_recordings(tmp_path)
    assert "data-engineer.json" in caught.value.message
    assert said in caught.value.message


def test_a_recording_that_is_not_utf8_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_bytes(b'{"role": "\xff"}')
    with pytest.raises(InvalidInput, match=r"r\.json is not whole JSON"):
        load_recordings(tmp_path)


def test_a_folder_that_does_not_exist_holds_no_recordings(tmp_path: Path) -> None:
    assert load_recordings(tmp_path / "none") == ()


@pytest.mark.parametrize(("role", "seniority"), [("data  ENGINEER ", None), ("Data Engineer", " mid-LEVEL")])
def test_a_role_is_found_whatever_its_case_and_spacing(role: str, seniority: str | None) -> None:
    recordings = (a_recording(), a_recording(role="Junior Software Developer", seniority=""))
    assert find_recording(recordings, role, seniority) == recordings[0]


@pytest.mark.parametrize(("role", "seniority"), [("Data Scientist", None), ("Data Engineer", "Senior")])
def test_a_role_that_was_not_recorded_is_not_found(role: str, seniority: str | None) -> None:
    assert find_recording((a_recording(),), role, seniority) is None


def test_a_role_with_several_seniorities_must_be_named_exactly() -> None:
    recordings = (a_recording(), a_recording(seniority="Senior"))
    with pytest.raises(InvalidInput, match="Mid-level, Senior"):
        find_recording(recordings, "Data Engineer")
    assert find_recording(recordings, "Data Engineer", "senior") == recordings[1]


@pytest.mark.parametrize(
    ("prompt", "sample", "said"),
    [
        (a_prompt(id="lens"), 0, "lens@1: nothing was recorded for this prompt"),
        (a_prompt(version="2"), 0, "tasks@2: the prompt changed, the recording has tasks@1"),
        (a_prompt(), 3, "tasks@1, sample 3: the recording has sample 0"),
        (a_prompt(text="Which tasks, with edits?"), 0, "tasks@1: its inputs changed"),
        (a_prompt(text="Other words."), 0, "or the words of the prompt did without a new version"),
    ],
)
def test_a_miss_says_what_changed_and_how_to_connect_a_model(prompt: Prompt, sample: int, said: str) -> None:
    with pytest.raises(NeedsModel) as caught:
        RecordedModel((a_recording(),)).complete(prompt, Verdict, sample=sample)
    assert said in caught.value.message
    assert caught.value.hint == THREE_WAYS


def test_the_three_ways_name_every_setting() -> None:
    for word in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ASSESS_ROLE_MODEL", "vLLM", "Ollama", "(3)"):
        assert word in THREE_WAYS
