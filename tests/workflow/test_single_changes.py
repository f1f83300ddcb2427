"""Single changes put together into an edit, and a claim's evidence laid open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories_workflow import Desk
from scripts_workflow import WidgetScript, invented_quote

from agent.errors import InvalidInput
from agent.review.changing import Change, edit_with
from agent.review.edit import edit_of
from agent.review.evidence import evidence_of
from agent.schemas.finding import Verdict

Open = Callable[..., Desk]


def changes(*pairs: tuple[str, object]) -> list[Change]:
    return [Change.model_validate({"place": place, "value": value}) for place, value in pairs]


def test_values_are_put_in_added_and_taken_out(open_at: Open) -> None:
    desk = open_at()
    content = desk.content(desk.start().id)
    wages = content.inputs.evidence["wages"]  # type: ignore[index]
    citation = wages.claims[0].citations[0].model_dump()
    edit = edit_with(
        content,
        changes(
            ("inputs.tasks.1.score", 2),
            ("inputs.evidence.wages.score", None),
            ("inputs.evidence.wages.claims.0.citations.+", citation),
            ("inputs.gaps.+", "Nothing on pay outside of one country."),
            ("inputs.growth.claims.0", None),
        ),
    )
    assert edit.inputs.tasks[1].score == 2
    assert edit.inputs.evidence["wages"].score is None  # type: ignore[index]
    assert len(edit.inputs.evidence["wages"].claims[0].citations) == 2  # type: ignore[index]
    assert edit.inputs.gaps[-1] == "Nothing on pay outside of one country."
    assert len(edit.inputs.growth.claims) == len(content.inputs.growth.claims) - 1
    assert edit_with(content, ()) == edit_of(content)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("inputs.tasks.99.score", 2, "there is no 99"),
        ("inputs.tasks.1.colour", 2, "there is no colour"),
        ("inputs.__class__", 2, "there is no __class__"),
        ("", 2, "there is no "),
        ("inputs.tasks.-1.score", 2, "there is no -1"),
        ("inputs.tasks.7", None, "there is no 7"),
        ("inputs", None, "it cannot be empty"),
        ("inputs.tasks.1.name", None, "it cannot be empty"),
    ],
)
def test_a_change_without_a_place_is_named(open_at: Open, place: str, value: object, said: str) -> None:
    desk = open_at()
    with pytest.raises(InvalidInput) as caught:
        edit_with(desk.content(desk.start().id), changes((place, value)))
    assert caught.value.problems == (f"{place}: {said}",) or said in caught.value.problems[0]


def test_a_value_that_breaks_the_form_is_refused_with_its_place(open_at: Open) -> None:
    desk = open_at()
    content = desk.content(desk.start().id)
    with pytest.raises(InvalidInput) as caught:
        edit_with(content, changes(("inputs.tasks.1.score", 9), ("inputs.growth.score", "high")))
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "inputs.tasks.1.score",
        "inputs.growth.score",
    ]


def test_too_many_changes_are_refused(open_at: Open) -> None:
    desk = open_at()
    content = desk.content(desk.start().id)
    with pytest.raises(InvalidInput, match="at most 500"):
        edit_with(content, changes(("inputs.tasks.1.score", 2)) * 501)


def test_the_evidence_of_a_claim_holds_the_passage_with_the_quote_in_it(open_at: Open) -> None:
    desk = open_at()
    content = desk.content(desk.start().id)
    found = evidence_of(content)
    assert set(found) == set(content.guard.verdicts)
    texts = {source.passage: source.text for source in content.sources}
    cited = [passage for one in found.values() for passage in one.passages]
    assert cited
    for passage in cited:
        assert passage.found
        assert passage.before + passage.quote + passage.after == texts[passage.passage]
    assert all(one.verdict is content.guard.verdicts[path] for path, one in found.items())
    for name, pair in content.guard.opposed.items():
        if pair.for_ is not None and pair.against is not None:
            assert found[pair.for_].against == pair.against, name
            assert found[pair.against].against == pair.for_, name


def test_a_quote_that_stands_nowhere_is_shown_as_such(open_at: Open) -> None:
    desk = open_at(WidgetScript().but("evidence", invented_quote(("wages", "claims"), until_redraft=False)))
    content = desk.content(desk.start().id)
    found = evidence_of(content)["evidence.wages.claims.0"]
    assert found.verdict is Verdict.FABRICATED
    assert [finding.tier.value for finding in found.findings][:1] == ["BLOCK"]
    assert not found.passages[0].found
    assert found.passages[0].after == next(s.text for s in content.sources if s.passage == found.passages[0].passage)
