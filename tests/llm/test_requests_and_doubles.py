"""The key of a request, the scripted model and the journal."""

from __future__ import annotations

import subprocess
import sys

import pytest
from factories_llm import CANARY, OtherVerdict, Verdict, a_prompt, a_verdict
from pydantic import ValidationError

from agent.errors import NeedsModel, UpstreamFailed
from agent.llm.journal import JournaledModel, StoredAnswer
from agent.llm.port import Prompt, request_key
from agent.llm.scripted import Call, ScriptedModel, ScriptExhausted


class Shelf:
    """A journal in memory that keeps the labels too."""

    def __init__(self) -> None:
        self.kept: dict[str, StoredAnswer] = {}
        self.labels: list[str] = []

    def get(self, key: str) -> StoredAnswer | None:
        return self.kept.get(key)

    def put(self, key: str, prompt_label: str, answer: StoredAnswer) -> None:
        self.labels.append(prompt_label)
        self.kept.setdefault(key, answer)


def test_the_key_of_a_request_stays_the_same_for_ever() -> None:
    assert request_key(a_prompt(), Verdict, 0) == KEY_OF_THE_FIRST_REQUEST


KEY_OF_THE_FIRST_REQUEST = "sha256:af860210c8cafe792901fd0045097de03dc04d4f6ad8a87a3c60e35e3115ac81"


@pytest.mark.parametrize(
    ("prompt", "schema", "sample"),
    [
        (a_prompt(id="other"), Verdict, 0),
        (a_prompt(version="2"), Verdict, 0),
        (a_prompt(text="Which tasks"), Verdict, 0),
        (a_prompt().model_copy(update={"messages": a_prompt().messages[::-1]}), Verdict, 0),
        (a_prompt(), OtherVerdict, 0),
        (a_prompt(), Verdict, 1),
    ],
)
def test_whatever_the_model_is_asked_changes_the_key(prompt: Prompt, schema: type[Verdict], sample: int) -> None:
    assert request_key(prompt, schema, sample) != request_key(a_prompt(), Verdict, 0)


@pytest.mark.parametrize(("id_", "version"), [("ta@sks", "1"), ("tasks", "1@2"), ("", "1"), ("tasks", "1 2")])
def test_a_prompt_label_can_always_be_taken_apart(id_: str, version: str) -> None:
    with pytest.raises(ValidationError):
        a_prompt(id=id_, version=version)


def test_a_script_by_prompt_is_used_in_order_and_keeps_what_it_was_asked() -> None:
    model = ScriptedModel({"tasks": [a_verdict(score=1), NeedsModel("none"), a_verdict(score=2)], "lens": ["x"]})
    assert model.complete(a_prompt(), Verdict).value.score == 1
    with pytest.raises(NeedsModel):
        model.complete(a_prompt(), Verdict, sample=1)
    assert model.complete(a_prompt(), Verdict).value.score == 2
    assert model.calls == (
        Call(a_prompt(), Verdict, 0),
        Call(a_prompt(), Verdict, 1),
        Call(a_prompt(), Verdict, 0),
    )
    assert model.prompts == (a_prompt(),) * 3


def test_an_exhausted_script_is_a_mistake_and_no_outcome_of_a_model() -> None:
    model = ScriptedModel({"tasks": []})
    with pytest.raises(ScriptExhausted, match="tasks@1"):
        model.complete(a_prompt(), Verdict)
    assert not issubclass(ScriptExhausted, UpstreamFailed)


def test_a_script_may_be_a_function_of_the_request() -> None:
    model = ScriptedModel(lambda prompt, _, sample: a_verdict(score=len(prompt.messages) + sample))
    assert [model.complete(a_prompt(), Verdict, sample=n).value.score for n in (0, 1)] == [2, 3]


def test_a_stored_answer_is_returned_without_another_call() -> None:
    script, shelf = ScriptedModel({"tasks": [a_verdict()]}, label="m"), Shelf()
    first = JournaledModel(script, shelf).complete(a_prompt(), Verdict, canary=CANARY)
    again = JournaledModel(script, shelf).complete(a_prompt(), Verdict, canary=CANARY)
    assert again == first
    assert (len(script.calls), shelf.labels) == (1, ["tasks@1"])


def test_an_answer_that_failed_is_not_stored() -> None:
    shelf = Shelf()
    model = JournaledModel(ScriptedModel({"tasks": ["no", a_verdict()]}), shelf)
    with pytest.raises(UpstreamFailed):
        model.complete(a_prompt(), Verdict)
    assert shelf.kept == {}
    assert model.complete(a_prompt(), Verdict).value == a_verdict()


def test_importing_the_station_does_not_import_the_openai_package() -> None:
    modules = "agent.llm.openai_endpoint, agent.llm.recorded, agent.llm.scripted, agent.llm.journal"
    code = f"import sys, {modules}; sys.exit('openai' in sys.modules or 'httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
