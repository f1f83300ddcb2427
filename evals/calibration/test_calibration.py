"""The pairs, their labels and the figures of agreement; nothing here asks a judge."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from agent.errors import InvalidInput, NotFound
from evals.calibration.agreement import Agreement, Kappa, Said, agreement, cohen, kappa
from evals.calibration.choose import A_ROLE, Chosen, chosen, drawn_from, written
from evals.calibration.figures import against, block
from evals.calibration.guard import Guarded, guarded
from evals.calibration.labels import (
    LABELS,
    Given,
    Label,
    Labelled,
    Labels,
    disputed,
    load_labels,
    main,
    read_answers,
    together,
)
from evals.calibration.pairs import PAIRS, Pair, pairs
from evals.calibration.sheets import NAMES, sheet
from evals.calibration.table import BEGIN, END, README, UNLABELLED, table

LEAST_PAIRS, LEAST_OPERATORS = 60, 15
YES, NO = True, False


@pytest.fixture(scope="session")
def found() -> list[Chosen]:
    return chosen()


def some_pairs(count: int) -> list[Pair]:
    return [Pair(id=f"c-{n}", claim=f"Claim {n}.", passages=(f"Passage {n}.",)) for n in range(count)]


def said(both: int, missed: int, false: int, neither: int) -> list[Said]:
    """So many pairs of each kind, by what is true and what was told."""
    kinds = ((YES, YES, both), (YES, NO, missed), (NO, YES, false), (NO, NO, neither))
    return [Said(truly, told) for truly, told, count in kinds for _ in range(count)]


def some_labels(*unsupported: bool) -> Labels:
    given = [Given(label=Label.UNSUPPORTED if each else Label.SUPPORTED, why="It says so.") for each in unsupported]
    rows = tuple(Labelled(id=f"c-{n}", a=each, b=each) for n, each in enumerate(given))
    return Labels(who="Nobody.", resolved="Not needed.", disagreements=0, labels=rows)


def line(key: str, label: str) -> str:
    return json.dumps({"id": key, "label": label, "why": "It says so."})


def test_the_committed_pairs_are_those_that_are_chosen(found: list[Chosen]) -> None:
    if json.loads(PAIRS.read_text(encoding="utf-8"))["drawn_from"] != drawn_from():
        pytest.skip("the roles were recorded anew: pairs and labels are of former drafts, and the suite says stale")
    assert PAIRS.read_text(encoding="utf-8") == written([each.pair for each in found])
    assert pairs() == [each.pair for each in found]


def test_half_are_mutants_of_many_operators_and_no_claim_is_in_two_pairs(found: list[Chosen]) -> None:
    assert len(found) >= LEAST_PAIRS
    assert len({each.sample.source for each in found}) == len(found)
    kinds = Counter((each.sample.frame.title, each.operator is None) for each in found)
    assert len(kinds) == 6
    assert set(kinds.values()) == {A_ROLE}
    assert len({each.operator for each in found if each.operator}) >= LEAST_OPERATORS


def test_a_pair_shows_whole_stored_passages_and_nothing_of_where_it_comes_from(found: list[Chosen]) -> None:
    for each in found:
        for text, passage in zip(each.pair.passages, each.sample.cited, strict=True):
            assert text.startswith(f"Title: {passage.meta.title}\n")
            assert text.endswith(f"\n\n{passage.text}")
        told = each.pair.model_dump_json()
        assert each.sample.source not in told
        assert not each.operator or each.operator not in told


def test_sheets_hold_the_same_pairs_in_different_orders() -> None:
    texts = [sheet(name, some_pairs(30)) for name in NAMES]
    orders = [[row[3:] for row in text.splitlines() if row.startswith("## ")] for text in texts]
    assert orders[0] != orders[1]
    assert set(orders[0]) == set(orders[1]) == {pair.id for pair in some_pairs(30)}
    assert all(f"**Claim:** {pair.claim}" in text and f"> {pair.passages[0]}" in text
               for text in texts for pair in some_pairs(30))  # fmt: skip


def test_figures_are_those_of_a_table_worked_out_by_hand() -> None:
    # 35 of 50 agree; by chance (30 * 25 + 20 * 25) / 50 ** 2 would.
    figures = agreement(said(20, 10, 5, 15))
    assert figures.recall is not None
    assert figures.precision is not None
    assert (figures.pairs, figures.recall.value, figures.precision.value) == (50, 20 / 30, 20 / 25)
    assert figures.kappa.value == pytest.approx((0.7 - 0.5) / (1 - 0.5))
    assert figures.recall.low == pytest.approx(0.486, abs=0.003)
    assert figures.recall.high == pytest.approx(0.810, abs=0.003)


def test_kappa_is_one_in_full_agreement_zero_by_chance_and_below_it_when_turned_round() -> None:
    assert cohen(said(10, 0, 0, 10)) == 1
    assert cohen(said(5, 5, 5, 5)) == 0
    assert cohen(said(0, 10, 10, 0)) == -1


def test_a_judge_that_always_says_the_same_agrees_by_chance_only() -> None:
    lenient, strict = agreement(said(0, 30, 0, 30)), agreement(said(30, 0, 30, 0))
    assert (lenient.recall and lenient.recall.value, lenient.precision, lenient.kappa.value) == (0.0, None, 0.0)
    assert (strict.recall and strict.recall.value, strict.precision and strict.precision.value) == (1.0, 0.5)
    assert strict.kappa.value == 0


def test_what_is_not_defined_is_none_and_never_a_figure() -> None:
    nothing = Kappa(None, None, None)
    assert agreement([]) == Agreement(0, None, None, nothing)
    assert agreement(said(0, 0, 0, 9)) == Agreement(9, None, None, nothing)


def test_the_interval_of_kappa_holds_it_is_repeatable_and_narrows_with_more_pairs() -> None:
    few, many = kappa(said(9, 3, 2, 10)), kappa(said(90, 30, 20, 100))
    assert few == kappa(said(9, 3, 2, 10))
    widths = []
    for each in (few, many):
        assert each.low is not None
        assert each.value is not None
        assert each.high is not None
        assert each.low < each.value < each.high
        widths.append(each.high - each.low)
    assert widths[1] < widths[0] / 2


def test_a_third_label_decides_what_two_disagree_on(tmp_path: Path) -> None:
    every = some_pairs(3)
    answered = {"a": ("supported", "unsupported", "supported"), "b": ("supported", "unsupported", "unsupported")}
    for name, given in answered.items():
        rows = [line(pair.id, label) for pair, label in zip(every, given, strict=True)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text(line("c-2", "unsupported") + "\n", encoding="utf-8")
    a, b = (read_answers(tmp_path / f"{name}.jsonl", every) for name in "ab")
    assert disputed(a, b, every) == [every[2]]
    labels = together(a, b, read_answers(tmp_path / "c.jsonl", disputed(a, b, every)))
    assert labels.disagreements == 1
    assert [each.unsupported for each in labels.labels] == [NO, YES, YES]
    assert labels.both == [Said(NO, NO), Said(YES, YES), Said(NO, YES)]
    kept = tmp_path / "labels.json"
    kept.write_text(labels.model_dump_json(exclude_none=True), encoding="utf-8")
    assert load_labels(kept, every) == labels


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([line("c-0", "supported")], "c-1 has no label"),
        ([line("c-0", "supported"), line("c-9", "supported"), line("c-1", "supported")], "c-9 is none of the pairs"),
        ([line("c-0", "supported"), line("c-0", "unsupported")], "labels c-0 twice"),
        ([line("c-0", "perhaps")], "line 1, is no label: label: Input should be 'supported' or 'unsupported'"),
        (["They are all supported."], "line 1, is no label: line: Invalid JSON"),
        (['{"id": "c-0", "label": "supported", "why": ""}'], "why: String should have at least 1 character"),
    ],
    ids=["missing", "unknown", "twice", "neither", "prose", "no reason"],
)
def test_answers_that_are_no_whole_labelling_are_refused(rows: list[str], problem: str, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(InvalidInput, match=problem):
        read_answers(file, some_pairs(2))


def test_labels_that_do_not_fit_the_pairs_or_themselves_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    with pytest.raises(NotFound, match="no labels"):
        load_labels(file, some_pairs(2))
    good = some_labels(YES, NO)
    other = Given(label=Label.SUPPORTED, why="It says so.")
    bad = {
        "c-2 has no label": (good, 3),
        "says 4 disagreements; its labels have 0": (good.model_copy(update={"disagreements": 4}), 2),
        "c-0 needs a third label exactly where": (
            good.model_copy(update={"labels": (good.labels[0].model_copy(update={"b": other}), good.labels[1])}),
            2,
        ),
    }
    for problem, (labels, count) in bad.items():
        file.write_text(labels.model_dump_json(), encoding="utf-8")
        with pytest.raises(InvalidInput, match=problem):
            load_labels(file, some_pairs(count))


def test_putting_labels_together_without_answers_says_which_file_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tmp_path) == 3
    assert "a.jsonl" in capsys.readouterr().err


def test_the_block_of_figures_counts_the_judge_and_both_tiers_of_the_guard() -> None:
    labels = some_labels(YES, YES, NO, NO)
    guard = {f"c-{n}": Guarded(blocked=n == 0, flagged=n < 3) for n in range(4)}
    figures = block(labels, {f"c-{n}": n < 2 for n in range(4)}, guard)
    assert {key: figures[key] for key in ("pairs", "unsupported", "label_disagreements")} == {
        "pairs": 4, "unsupported": 2, "label_disagreements": 0,
    }  # fmt: skip
    guarding = figures["guard"]
    assert isinstance(guarding, dict)
    shares = {
        name: tuple(part and part["value"] for part in each.values())
        for name, each in {"judge": figures["judge"], **guarding}.items()
    }
    assert shares == {"judge": (1.0, 1.0, 1.0), "either": (1.0, 0.6667, 0.5), "block": (0.5, 1.0, 0.5)}
    unknown = block(labels, None, None)
    assert (unknown["judge"], unknown["guard"]) == (None, None)


def test_a_pair_without_an_answer_is_never_counted_as_anything() -> None:
    with pytest.raises(KeyError):
        against(some_labels(YES, NO), {"c-0": YES})


def test_the_guard_is_asked_about_every_pair_and_about_none_that_is_not_chosen_any_more(found: list[Chosen]) -> None:
    said = guarded(pairs(), found)
    assert said is not None
    assert list(said) == [pair.id for pair in pairs()]
    untouched = [said[each.pair.id] for each in found if each.operator is None]
    bent = [said[each.pair.id] for each in found if each.operator]
    assert sum(each.blocked for each in bent) > sum(each.blocked for each in untouched)
    assert all(each.flagged for each in said.values() if each.blocked)
    assert guarded(pairs()[1:], found) is None


def test_the_table_shows_what_was_measured_and_says_what_was_not() -> None:
    labels = some_labels(YES, YES, NO, NO)
    guard = {f"c-{n}": Guarded(blocked=False, flagged=n < 3) for n in range(4)}
    rows = [row.split(" | ") for row in table(block(labels, None, guard)).splitlines()]
    assert rows[0][0].startswith("4 pairs, of which 2 are labelled unsupported. The two who labelled disagreed on 0;")
    assert rows[4] == ["| judge", "not measured", "not measured", "not measured |"]
    assert [cell[:5] for cell in rows[5]] == ["| gua", "1.00 ", "0.67 ", "0.50 "]
    assert rows[6][2] == "not measured"


def test_the_table_of_the_readme_is_that_of_labels_and_guard(found: list[Chosen]) -> None:
    guard = guarded(pairs(), found)
    if guard is None:
        pytest.skip("these pairs are no longer chosen, so that nothing is known of the guard")
    written = README.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip().splitlines()
    now = table(block(load_labels(), None, guard)).splitlines() if LABELS.is_file() else [UNLABELLED]
    assert [row for row in written if not row.startswith("| judge")] == [r for r in now if not r.startswith("| judge")]
