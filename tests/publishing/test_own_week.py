"""The page's script at work: what a reader ticks, types, presses and opens, without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from factories_publishing import an_assessment, an_override, some_inputs
from py_mini_racer import MiniRacer

from agent.publishing.html import script
from agent.publishing.personal import week_view
from agent.schemas.assessment import Assessment
from agent.schemas.vocabulary import EvidenceName
from agent.scoring.personal import personal_score, scaled_shares
from agent.scoring.personal_file import fragment_of, personal_document

STAND_IN = Path(__file__).with_name("own_week_page.js").read_text(encoding="utf-8")
PUBLISHED = [20, 20, 15, 15, 10, 10, 10]


class Reader:
    """Somebody at a page."""

    def __init__(self, assessment: Assessment, hash_: str = "") -> None:
        assert assessment.result is not None
        self.assessment = assessment
        week = week_view(assessment, assessment.result).data
        names = [task.name for task in assessment.inputs.tasks]
        self._engine = MiniRacer()
        self._engine.eval(script() + STAND_IN)
        self._engine.eval(
            f"location.hash = {json.dumps(hash_)}; var page = aPage({week}, 'A Role', {json.dumps(names)})"
        )
        self._engine.eval("ownWeek.start(page.section)")

    def does(self, *steps: str) -> dict[str, Any]:
        """What the page shows after `steps`, calls of the page."""
        for step in steps:
            self._engine.eval(f"page.{step}; 0")
        return self.value("page.state()")

    def value(self, expression: str) -> Any:
        return json.loads(self._engine.eval(f"JSON.stringify({expression})"))

    def link(self, *shares: int) -> str:
        """The fragment that Python writes for these shares."""
        ids = [task.id for task in self.assessment.inputs.tasks]
        return fragment_of(dict(zip(ids, shares, strict=True)), self.assessment.revision())


def test_the_page_begins_with_the_published_shares_and_an_empty_address() -> None:
    state = Reader(an_assessment()).does()
    assert (state["values"], state["ticks"], state["hash"]) == (PUBLISHED, [True] * 7, "")
    assert (state["score"], state["label"]) == ("47.5", "YELLOW (Urgent)")
    assert state["against"] == "It is the same as the published score 47.5."
    assert state["verdict"] == "10 of 20 single steps change the zone: 10 to Green, none to Red."
    assert state["joint"] == "Everything one step worse gives 27.6, Yellow; one step better 71.0, Green."
    assert (state["hidden"], state["unchanged"], state["scaled"], state["problem"]) == (False, True, False, "")


def test_each_task_of_the_page_has_a_row_whose_controls_are_named_by_it() -> None:
    reader = Reader(an_assessment())
    assert reader.value("page.rows()") == [
        [f"own-task-{at}", task.name, f"{task.share}%", f"own-done own-task-{at}", f"own-share own-task-{at}"]
        for at, task in enumerate(reader.assessment.inputs.tasks)
    ]


def test_a_task_that_is_unticked_leaves_the_others_scaled_as_python_scales_them() -> None:
    reader = Reader(an_assessment())
    state = reader.does("tick(3)")
    own = scaled_shares({f"t{i}": share for i, share in enumerate(PUBLISHED, 1)}, ["t4"])
    assert state["values"] == list(own.values())
    assert (state["hash"], state["scaled"]) == (reader.link(*own.values()), True)
    assert state["score"] == f"{personal_score(some_inputs().scored(), own).score:.1f}"
    assert reader.does("tick(3)")["values"] == PUBLISHED
    assert reader.does()["hash"] == ""


def test_the_last_task_can_be_unticked_and_comes_back_whole() -> None:
    reader = Reader(an_assessment())
    state = reader.does(*(f"tick({at})" for at in range(7)))
    assert (state["values"], state["result"]) == ([0] * 7, False)
    assert state["problem"] == "No task has a share; expected shares that sum to 100."
    assert reader.does("tick(4)")["values"] == [0, 0, 0, 0, 100, 0, 0]


def test_numbers_that_do_not_sum_are_said_to_and_nothing_is_computed_shared_or_saved() -> None:
    reader = Reader(an_assessment())
    state = reader.does("type(0, '30')")
    assert state["problem"] == "Your shares sum to 110, 10 too many: expected exactly 100."
    assert (state["sum"], state["result"], state["disabled"], state["hash"]) == ("110%", False, [True, True, False], "")
    state = reader.does("type(1, '10')")
    assert (state["problem"], state["result"], state["score"]) == ("", True, "49.1")
    assert (state["disabled"], state["hash"]) == ([False] * 3, reader.link(30, 10, 15, 15, 10, 10, 10))
    assert state["against"] == "It is 1.6 points above the published score 47.5."


@pytest.mark.parametrize("text", ["", "x", "2.5", "-1", "101", "1e1", "007"])
def test_what_is_no_whole_percent_is_marked_and_named(text: str) -> None:
    state = Reader(an_assessment()).does(f"type(1, {text!r})")
    assert state["invalid"] == [False, True, False, False, False, False, False]
    assert state["problem"].startswith("Model serving and inference infrastructure: found ")
    assert state["problem"].endswith("expected a whole percent, 0 to 100.")
    assert state["result"] is False


def test_a_share_of_zero_is_an_unticked_task_and_the_other_way_round() -> None:
    reader = Reader(an_assessment())
    assert reader.does("type(0, '0')", "type(1, '40')")["ticks"] == [False, *[True] * 6]
    state = reader.does("tick(6)")
    assert state["values"] == [0, 40, 15, 15, 10, 10, 0]
    assert state["problem"] == "Your shares sum to 90, 10 too few: expected exactly 100."


def test_reset_brings_the_published_shares_and_the_plain_address_back() -> None:
    state = Reader(an_assessment()).does("tick(3)", "press('reset')")
    assert (state["values"], state["hash"], state["unchanged"]) == (PUBLISHED, "", True)


def test_a_link_is_opened_and_another_one_after_it() -> None:
    reader = Reader(an_assessment())
    reader = Reader(an_assessment(), reader.link(40, 0, 20, 10, 10, 10, 10))
    assert (reader.does()["score"], reader.does()["ticks"][1], reader.value("calls.scrolled")) == ("49.9", False, 1)
    assert reader.does(f"go({reader.link(100, 0, 0, 0, 0, 0, 0)!r})")["score"] == "58.0"
    assert reader.does("go('#sources')")["score"] == "58.0"


def test_a_link_for_another_revision_is_refused_in_words() -> None:
    state = Reader(an_assessment(), "#t=t1:100&v=1&r=ffffffffffff").does()
    assert state["problem"].startswith("This link was made for revision ffffffffffff of a page, and this is ")
    assert (state["values"], state["score"]) == (PUBLISHED, "47.5")
    assert Reader(an_assessment(), "#t=t1:100&v=1&r=ffffffffffff").does("tick(3)")["problem"] == ""


def test_the_file_is_the_one_that_python_saves() -> None:
    reader = Reader(an_assessment())
    reader.does("type(0, '30')", "type(1, '10')", "press('save')")
    (saved,) = reader.value("calls.saved")
    shares = dict(zip([f"t{i}" for i in range(1, 8)], [30, 10, 15, 15, 10, 10, 10], strict=True))
    document = personal_document("A Role", reader.assessment.revision(), shares)
    assert saved == {"text": json.dumps(document, indent=2) + "\n", "type": "application/json"}


def test_the_link_is_copied_or_left_in_the_address_bar() -> None:
    reader = Reader(an_assessment())
    reader.does("tick(3)", "press('copy')")
    (copied,) = reader.value("calls.copied")
    assert copied == "file:///page/index.html" + reader.does()["hash"]
    assert reader.does()["note"] == "The link is copied."
    reader = Reader(an_assessment())
    reader.value("delete navigator.clipboard")
    state = reader.does("press('copy')")
    assert (state["note"], state["hash"]) == (
        "The link stands in the address bar: copy it there.",
        reader.link(*PUBLISHED),
    )


def test_the_view_of_an_overridden_page_is_the_formulas() -> None:
    state = Reader(an_assessment(override=an_override(49.5))).does()
    assert state["score"] == "47.5"
    assert state["against"] == "It is 2.0 points below the published score 49.5, the same as the formula score 47.5."


def test_unknown_evidence_is_shown_with_its_span() -> None:
    state = Reader(an_assessment(inputs=some_inputs(unknown=(EvidenceName.WAGES,)))).does()
    assert state["unknown"] == "With the unknown evidence at −1 to +1 it spans 43.9 to 47.5."
    assert Reader(an_assessment()).does()["unknown"] == ""
