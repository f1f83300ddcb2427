"""`agent.assess`, `agent.score`, `agent.load_published`: the same documents without a terminal."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from endpoint_cli import Endpoint
from factories_cli import ROLE, Cli, Waiting
from test_cli_bad_input import INPUTS

import agent
from agent.errors import InvalidInput, NeedsModel, NotFound


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = (
        "import sys, agent; print([m for m in sys.modules if m.split('.')[0] in {'langgraph', 'chromadb', 'openai'}])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"


def test_score_gives_the_document_of_the_command(tmp_path: Path, cli: Cli) -> None:
    file = tmp_path / "inputs.json"
    file.write_text(json.dumps(INPUTS), encoding="utf-8")
    document = agent.score(INPUTS)
    assert document["score"] == 47.5
    assert {"ok": True, **document} == cli("score", str(file), "--json").document


def test_score_names_every_breach() -> None:
    with pytest.raises(InvalidInput) as caught:
        agent.score({**INPUTS, "growth": 9, "role": ""})
    assert len(caught.value.problems) == 2


def test_assess_stops_at_gate_1_with_the_document_of_run(corpus_home: Path, endpoint: Endpoint, cli: Cli) -> None:
    document = agent.assess(ROLE, seniority="Senior")
    assert (document["status"], document["gate"], document["score"]) == ("waiting", "inputs", 35.6)
    assert document == cli("show", str(document["id"]), "--json").document


def test_assess_needs_a_model_or_a_recording_and_a_title(corpus_home: Path) -> None:
    with pytest.raises(NeedsModel, match=ROLE):
        agent.assess(ROLE)
    with pytest.raises(InvalidInput):
        agent.assess("   ")


@pytest.fixture
def published(waiting: Waiting, endpoint: Endpoint, cli: Cli) -> Path:
    document = waiting.document
    for _ in range(2):
        decided = cli("approve", waiting.id, "--revision", document["revision"], "--reviewer", "Ada", "--json")
        document = decided.document
    return Path(document["published"]["path"])


def test_load_published_reads_a_page_back_and_detects_every_change(published: Path, tmp_path: Path) -> None:
    document = agent.load_published(published)
    assert document == agent.load_published(published / "assessment.json")
    assert agent.score(document)["score"] == 35.6
    copy = tmp_path / "copy"
    shutil.copytree(published, copy)
    file = copy / "assessment.json"
    whole = file.read_text(encoding="utf-8")
    for change in (
        whole.replace("35.6", "95.6"),
        whole.replace("A person leads", "Nobody leads", 1),
        whole[:-20],
        "[]",
    ):
        assert change != whole
        file.write_text(change, encoding="utf-8")
        with pytest.raises(InvalidInput):
            agent.load_published(copy)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInput):
        agent.load_published(copy)
    with pytest.raises(NotFound):
        agent.load_published(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text",
    ['{"assessment": {"a": NaN}}', '{"assessment": {"a": 1e400}}', '{"assessment": {"a": "\\ud800"}}', "[" * 100_000],
)
def test_load_published_refuses_what_canonical_json_does_not_have(text: str, tmp_path: Path) -> None:
    (tmp_path / "assessment.json").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput):
        agent.load_published(tmp_path)
