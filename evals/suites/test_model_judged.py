"""The model-judged suites in a process of their own: their planted samples fail, and so does whatever a judge spoils.

The only tests that import DeepEval and RAGAS. One run for all of them: the frameworks take seconds to import.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evals.suites.thresholds import METRICS

ROOT = Path(__file__).resolve().parents[2]
JUDGED = {
    "deepeval": {
        "faithfulness",
        "hallucination",
        "citation_faithfulness",
        "pii_leakage",
        "rubric_adherence",
        "prompt_injection",
        "data_leakage",
    },
    "ragas": {"faithfulness", "response_groundedness", "context_precision", "context_recall"},
    "calibration": {"recall"},
}
"""The metrics that ask a judge; in the calibration the first asks for all."""
RUN = """
import sys
WATCHED = {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}
def watch(event, args):
    if event in WATCHED:
        print(event, args, file=sys.stderr)
        raise OSError("no network in this test")
sys.addaudithook(watch)
from evals.suites.failing_judges import main
main()
import os
assert os.environ.get("OPENAI_API_KEY") == "kept", "the key of the environment was not put back"
assert "PLANTED" not in os.environ, "a .env file was read"
"""

pytestmark = pytest.mark.skipif(importlib.util.find_spec("ragas") is None, reason="the extra `evals` is not installed")


class Finished:
    """The one run: what it printed and what it left behind."""

    def __init__(self, folder: Path) -> None:
        self.work, self.home = folder / "work", folder / "home"
        self.work.mkdir()
        self.home.mkdir()
        (self.work / ".env").write_text("PLANTED=1\n", encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("DEEPEVAL", "XDG_"))}
        environment |= {"HOME": str(self.home), "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "kept"}
        self.run = subprocess.run(
            [sys.executable, "-c", RUN],
            cwd=self.work,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def __getitem__(self, part: str) -> Any:
        return json.loads(self.run.stdout)[part]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return Finished(tmp_path_factory.mktemp("model_judged"))


def test_the_suites_call_nobody_and_leave_nothing_behind(finished: Finished) -> None:
    assert (finished.run.returncode, finished.run.stderr) == (0, "")
    assert [path.name for path in finished.work.iterdir()] == [".env"]
    assert list(finished.home.iterdir()) == []


@pytest.mark.parametrize(
    "fault",
    [
        "answers in prose",
        "is not there",
        "finds nothing",
        "finds something and judges nothing",
        "judges one of two",
        "calls everything borderline",
        "fails the second time",
    ],
)
def test_a_judge_with_a_fault_fails_every_metric_with_a_message_of_its_own(finished: Finished, fault: str) -> None:
    found = finished["faults"][fault]
    assert {(one["suite"], one["metric"]) for one in found} == {
        (suite, metric) for suite, metrics in JUDGED.items() for metric in metrics
    }
    assert {(one["outcome"], one["score"], one["message"][:14]) for one in found} == {
        ("failed", None, "not measured: ")
    }


def test_the_messages_say_which_fault_it_was(finished: Finished) -> None:
    said = {
        fault: {(one["suite"], one["metric"]): one["message"] for one in found}
        for fault, found in finished["faults"].items()
    }
    assert said["finds nothing"]["deepeval", "faithfulness"] == "not measured: the judge found no claims"
    assert said["finds nothing"]["ragas", "faithfulness"] == "not measured: the judge found no statement"
    assert said["finds something and judges nothing"]["ragas", "faithfulness"].endswith("0 verdicts on 2 statements")
    assert said["calls everything borderline"]["deepeval", "faithfulness"].endswith("called all 2 claims borderline")
    assert said["judges one of two"]["deepeval", "faithfulness"].endswith("gave 1 verdicts on 2 claims")
    assert said["finds nothing"]["ragas", "response_groundedness"].endswith("ratings [3, 3], expected two from 0 to 2")
    assert said["fails the second time"]["ragas", "response_groundedness"] == "not measured: the second judge failed"
    assert "not a JSON object" in said["answers in prose"]["deepeval", "rubric_adherence"]
    assert "72 of 72 pairs have no answer; c-" in said["answers in prose"]["calibration", "recall"]


def test_every_metric_has_a_planted_bad_sample_and_fails_it(finished: Finished) -> None:
    found = finished["planted"]
    assert {(one["suite"], one["metric"]) for one in found} == {
        (suite, metric) for suite in JUDGED for metric in METRICS[suite]
    }
    assert [one["message"] for one in found if one["outcome"] != "passed"] == []
    assert all(one["control"] and one["score"] is not None for one in found)
