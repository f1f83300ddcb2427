"""What every ChatModel does, whoever answers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from factories_llm import CANARY, OtherVerdict, Verdict, a_bench, a_prompt, a_text, a_verdict, ok, serving

from agent.errors import UpstreamFailed
from agent.llm.journal import JournaledModel, StoredAnswer
from agent.llm.port import ChatModel, request_key
from agent.llm.recorded import RecordedAnswer, RecordedModel, Recording
from agent.llm.scripted import ScriptedModel

Build = Callable[[str], ChatModel]


class Shelf:
    """A journal in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, StoredAnswer] = {}

    def get(self, key: str) -> StoredAnswer | None:
        return self.kept.get(key)

    def put(self, key: str, prompt_label: str, answer: StoredAnswer) -> None:
        self.kept.setdefault(key, answer)


def a_recorded_model(text: str) -> RecordedModel:
    answers = tuple(
        RecordedAnswer(
            key=request_key(a_prompt(), schema, 0),
            prompt="tasks@1",
            sample=0,
            text=text,
            model="m-2026",
            input_tokens=120,
            output_tokens=30,
            finish_reason="stop",
            recorded_at="2026-02-25",
        )
        for schema in (Verdict, OtherVerdict)
    )
    facts = {"role": "R", "seniority": "", "as_of": "2026-02-25", "model": "m", "recorded_at": "2026-02-25"}
    return RecordedModel((Recording(**facts, corpus="c", embedding="e", packs={}, answers=answers),))


@pytest.fixture(params=["openai", "recorded", "scripted", "journaled"])
def build(request: pytest.FixtureRequest) -> Iterator[Build]:
    with ExitStack() as stack:
        builders: dict[str, Build] = {
            "openai": lambda text: a_bench(stack.enter_context(serving(ok(text))).url).model,
            "recorded": a_recorded_model,
            "scripted": lambda text: ScriptedModel(lambda *_: text),
            "journaled": lambda text: JournaledModel(ScriptedModel(lambda *_: text), Shelf()),
        }
        yield builders[request.param]


def test_an_answer_brings_the_value_its_raw_text_and_what_it_cost(build: Build) -> None:
    raw = " " + a_text()
    completion = build(raw).complete(a_prompt(), Verdict, canary=CANARY)
    assert (completion.value, completion.text, completion.finish_reason) == (a_verdict(), raw, "stop")
    assert completion.usage.calls == 1
    assert completion.usage.input_tokens > 0
    assert completion.usage.output_tokens > 0
    assert completion.model


def test_a_model_names_itself_and_is_a_chat_model(build: Build) -> None:
    model = build(a_text())
    assert isinstance(model, ChatModel)
    assert model.label


@pytest.mark.parametrize("text", [a_text(score="3"), a_text(bucket="both"), a_text(score=None), a_text(more=1), "no"])
def test_an_answer_that_breaks_the_wire_schema_fails(build: Build, text: str) -> None:
    with pytest.raises(UpstreamFailed, match="tasks@1 does not fit Verdict"):
        build(text).complete(a_prompt(), Verdict)


@pytest.mark.parametrize("field", ["first_passage_id", "last_passage_id"])
def test_an_answer_that_does_not_repeat_the_passage_ids_fails(build: Build, field: str) -> None:
    with pytest.raises(UpstreamFailed, match=field):
        build(a_text(**{field: "p-0"})).complete(a_prompt(), Verdict, canary=CANARY)


def test_without_a_canary_the_passage_ids_are_not_looked_at(build: Build) -> None:
    assert build(a_text(first_passage_id="p-0")).complete(a_prompt(), Verdict).value.first_passage_id == "p-0"


def test_a_canary_for_a_schema_without_its_fields_is_a_bug_and_not_an_outcome(build: Build) -> None:
    with pytest.raises(TypeError, match="OtherVerdict has no field first_passage_id"):
        build('{"score": 3}').complete(a_prompt(), OtherVerdict, canary=CANARY)


def test_eight_threads_get_eight_answers(build: Build) -> None:
    model = build(a_text())
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(model.complete, a_prompt(), Verdict, canary=CANARY) for _ in range(24)]
        assert [job.result().value for job in jobs] == [a_verdict()] * 24
