"""A run that is killed anywhere and carried on ends as if nothing had happened.

Every chain is one assessment, carried by one process after another; each dies by SIGKILL at its point, the last one
carries it to its end (see driver.py). One process forks them all: loading the libraries takes longer than most of them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from nodes_workflow import NODES

Report = dict[str, object]

PATH = (
    "frame",
    "retrieve",
    "draft_tasks",
    "guard_inputs",
    "draft_growth",
    "guard_inputs",
    "score",
    "draft_samples",
    "freeze_inputs",
    "gate_inputs",
    "send_back",
    "draft_evidence",
    "guard_inputs",
    "score",
    "freeze_inputs",
    "gate_inputs",
    "freeze_edit",
    "gate_inputs",
    "accept_inputs",
    "draft_commentary",
    "draft_lens",
    "guard_commentary",
    "freeze_publication",
    "gate_publication",
    "publish",
)
"""The way of a long run of two drafts: a redraft on findings, a send-back, an edit and two approvals."""
FIRST_DRAFT = (
    *("answered:frame", "stored:frame", "answered:tasks", "stored:tasks", "stored:growth.1", "frozen", "opened"),
    "decided",
)
AFTER_SEND_BACK = ("answered:evidence", "stored:evidence", "frozen", "opened", "decided")
AFTER_EDIT = ("frozen", "opened", "decided")
AFTER_GATE_1 = (
    "answered:commentary",
    "stored:commentary",
    "answered:lens",
    "stored:lens",
    "frozen",
    "opened",
    "decided",
)
PUBLISHING = ("claimed", "written", "files", "finished", "marked")
REFRESH = (
    "take_up",
    "draft_evidence",
    "guard_inputs",
    "freeze_inputs",
    "accept_inputs",
    "draft_lens",
    "guard_commentary",
    "freeze_publication",
    "publish",
)
"""Of the way of a refresh, the nodes that know of the version that is taken up."""
CHAINS: dict[str, tuple[str, ...]] = {
    "long-before": tuple(f"before:{node}" for node in PATH),
    "long-after": tuple(f"after:{node}" for node in PATH),
    "long-moments": (*FIRST_DRAFT, *AFTER_SEND_BACK, *AFTER_EDIT, *AFTER_GATE_1, *PUBLISHING),
    **{
        f"short-{section}": (f"before:draft_{section}", f"stored:{section}", f"after:draft_{section}")
        for section in ("tasks", "evidence", "barriers", "growth", "lens")
    },
    **{f"short-{point}": (point,) for point in PUBLISHING},
    "refresh-before": tuple(f"before:{node}" for node in REFRESH),
    "refresh-after": tuple(f"after:{node}" for node in REFRESH),
    "refresh-moments": ("stored:evidence", "frozen", "opened", "decided", "stored:commentary", *PUBLISHING),
    "reject": ("decided", "before:reject", "marked", "after:reject"),
    "abstain": ("before:abstain", "marked", "after:abstain"),
}
UNDISTURBED = tuple(f"{kind}-undisturbed" for kind in ("long", "short", "refresh", "reject", "abstain"))


@pytest.fixture(scope="module")
def reports(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Every chain's report."""
    here, work = Path(__file__).parent, tmp_path_factory.mktemp("killed")
    done = subprocess.run(
        [sys.executable, str(here / "driver.py"), str(widget_home), str(work)],
        input=json.dumps({**CHAINS, **dict.fromkeys(UNDISTURBED, ())}),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1])])},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Report] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("chain", CHAINS)
def test_a_killed_run_ends_like_an_undisturbed_one(reports: dict[str, Report], chain: str) -> None:
    killed, undisturbed = reports[chain], reports[f"{chain.partition('-')[0]}-undisturbed"]
    died = [-int(signal.SIGKILL)] * len(CHAINS[chain])
    assert killed["ends"] == [*died, 0], (list(zip(CHAINS[chain], killed["ends"], strict=False)), killed["errors"])  # type: ignore[call-overload]
    for part in ("status", "revisions", "decisions", "publications", "events"):
        assert killed[part] == undisturbed[part], part
    # An answer that was given and not yet stored is spent all the same; the page counts the kept ones only.
    assert killed["usage"]["calls"] >= undisturbed["usage"]["calls"]  # type: ignore[index]
    assert killed["published"] == undisturbed["published"]


@pytest.mark.parametrize("chain", CHAINS)
def test_no_answer_that_was_stored_is_paid_for_again(reports: dict[str, Report], chain: str) -> None:
    stored: set[str] = set()
    for line in reports[chain]["calls"]:  # type: ignore[attr-defined]
        event, _, key = line.split()
        if event == "stored":
            stored.add(key)
        else:
            assert key not in stored, line


def test_every_node_was_killed_before_and_after() -> None:
    killed = Counter(point for points in CHAINS.values() for point in points)
    assert {node for node in NODES if killed[f"before:{node}"]} == set(NODES)
    assert {node for node in NODES if killed[f"after:{node}"]} == set(NODES)


def test_the_undisturbed_runs_end_as_they_should(reports: dict[str, Report]) -> None:
    ends = {
        name: (report["status"], len(report["published"])) for name, report in reports.items() if not CHAINS.get(name)
    }  # type: ignore[arg-type]
    assert ends == {
        "long-undisturbed": ("published", 3),
        "short-undisturbed": ("published", 3),
        "refresh-undisturbed": ("published", 6),
        "reject-undisturbed": ("rejected", 0),
        "abstain-undisturbed": ("abstained", 0),
    }
    actions = [action for _, action, _ in reports["long-undisturbed"]["decisions"]]  # type: ignore[attr-defined]
    assert actions == ["send_back", "edit", "approve", "approve"]
