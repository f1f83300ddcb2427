"""`watch`: what would change the verdict on published roles, those nearest to a line first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from factories_cli import Cli
from factories_publications import a_content, a_file, publish
from terminal_cli import Screen

NEAR = a_content(
    "Release Engineer",
    tasks=(
        ("planning", 20, 2),
        ("building", 20, 2),
        ("checking", 20, 2),
        ("shipping", 20, 2),
        ("advising", 20, 1),
    ),
)
FAR = a_content("Actuary")


@pytest.fixture
def two(home: Path) -> Path:
    """A home in which two roles are published."""
    publish(home, FAR)
    publish(home, NEAR)
    return home


def scores(*contents: object) -> list[float]:
    return [content.result.score for content in contents]  # type: ignore[attr-defined]


def test_every_published_role_is_listed_nearest_to_a_line_first(two: Path, cli: Cli) -> None:
    document = cli("watch", "--json").document
    assert set(document) == {"ok", "items", "left_out"}
    found = [(item["of"]["role"], item["watch"]["nearest"]) for item in document["items"]]
    near, far = (min(abs(score - 48), abs(score - 25)) for score in scores(NEAR, FAR))
    assert near < far
    assert found == [("Release Engineer", round(near, 1)), ("Actuary", round(far, 1))]
    lines = cli("watch").out.splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert [head.split(" (")[0] for head in heads] == ["Release Engineer", "Actuary"]


def test_equally_near_roles_stand_by_their_slug(home: Path, cli: Cli) -> None:
    for title in ("Welder", "Baker"):
        publish(home, a_content(title))
    assert [item["of"]["role"] for item in cli("watch", "--json").document["items"]] == ["Baker", "Welder"]


def test_a_change_has_direction_line_score_label_and_signs(two: Path, cli: Cli) -> None:
    (item,) = cli("watch", "Release Engineer", "--json").document["items"]
    assert set(item) == {"of", "watch"}
    assert set(item["watch"]) == {"nearest", "lines", "unknown", "expiries"}
    up = item["watch"]["lines"][0]
    assert set(up) == {"line", "direction", "to", "distance", "moves", "sentence", "signals"}
    assert (up["line"], up["direction"], up["to"]) == (48.0, "up", "GREEN")
    assert up["moves"]
    for move in up["moves"]:
        assert set(move) == {"steps", "score", "label", "signals"}
        assert move["score"] >= 48 and move["label"].startswith("GREEN (")
        assert set(move["steps"][0]) == {"input", "from", "to", "score", "zone"}
        assert all(set(signal) == {"input", "name", "text"} for signal in move["signals"])
        assert move["signals"]


def test_the_terminal_says_the_change_its_signs_and_what_to_do_next(two: Path, cli: Cli) -> None:
    run = cli("watch", "Release Engineer")
    assert run.code == 0
    head, *rest = run.out.splitlines()
    assert head.startswith("Release Engineer (")
    assert " of 100, " in head and head.endswith(" points to the nearest line")
    assert [line for line in rest if line.startswith("  Up to Green, ")]
    assert "    Signs of it:" in rest
    assert "      Tasks: people do more of these tasks themselves, or lead them again" in rest
    assert run.err == "Next: when a sign shows, `assess-role corpus add` its source, then `assess-role refresh`.\n"


def test_single_steps_that_cross_are_listed_each_with_its_label(home: Path, cli: Cli) -> None:
    publish(home, NEAR)
    out = cli("watch", "release engineer").out.splitlines()
    at = out.index("    Every single step that does it:")
    assert out[at + 1 : at + 7] == [
        "      planning, 2 → 1: 48.7, GREEN (Stable)",
        "      building, 2 → 1: 48.7, GREEN (Stable)",
        "      checking, 2 → 1: 48.7, GREEN (Stable)",
        "      shipping, 2 → 1: 48.7, GREEN (Stable)",
        "      Evidence total, 0 → 1: 48.3, GREEN (Stable)",
        "      Growth, 0 → 1: 48.8, GREEN (Stable)",
    ]


def test_a_role_is_named_by_title_slug_version_and_file(two: Path, cli: Cli, tmp_path: Path) -> None:
    publish(two, a_content("Actuary", growth=1))
    for name, version in (("Actuary", 2), ("actuary-senior@1", 1), ("Actuary (Senior)@1", 1)):
        (item,) = cli("watch", name, "--json").document["items"]
        assert (item["of"]["role"], item["of"]["version"]) == ("Actuary", version)
    file = a_file(tmp_path / "elsewhere", a_content("Plumber"))
    (item,) = cli("watch", str(file), "--json").document["items"]
    assert (item["of"]["role"], item["of"]["registered"]) == ("Plumber", False)
    every = cli("watch", "--json").document["items"]
    assert {(item["of"]["role"], item["of"]["version"]) for item in every} == {("Actuary", 2), ("Release Engineer", 1)}


def test_an_unknown_role_and_a_role_of_several_words_are_refused(two: Path, cli: Cli) -> None:
    run = cli("watch", "Plumber", "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, "not_found")
    assert "Published: Actuary" in run.document["error"]["message"]
    run = cli("watch", "Release", "Engineer")
    assert run.code == 2
    assert 'assess-role watch "Release Engineer"' in run.err


def test_an_empty_registry_has_nothing_to_watch(home: Path, cli: Cli) -> None:
    assert cli("watch", "--json").document == {"ok": True, "items": [], "left_out": []}
    run = cli("watch")
    assert (run.code, run.out, run.err) == (0, "", "Nothing is published yet.\n")


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_publication_that_cannot_be_read_is_named_and_the_others_are_listed(damage: str, two: Path, cli: Cli) -> None:
    (folder,) = two.glob("published/actuary-*/v1")
    file = folder / "assessment.json"
    if damage == "gone":
        shutil.rmtree(folder)
    else:
        file.write_text(file.read_text(encoding="utf-8").replace("planning", "thinking"), encoding="utf-8")
    run = cli("watch", "--json")
    assert (run.code, run.document["ok"], run.document["error"]["kind"]) == (3, False, "invalid_input")
    assert [item["of"]["role"] for item in run.document["items"]] == ["Release Engineer"]
    assert [(left["role"], left["version"]) for left in run.document["left_out"]] == [("Actuary", 1)]
    run = cli("watch")
    assert run.code == 3 and run.out.startswith("Release Engineer (")
    assert "error: 1 publication cannot be watched" in run.err
    alone = cli("watch", "Actuary", "--json")
    assert (alone.code, alone.document["error"]["kind"]) == (3, "not_found" if damage == "gone" else "invalid_input")
    assert "compared" not in alone.document["error"]["message"]


def test_a_role_scored_by_another_policy_says_whose_labels_are_printed(home: Path, cli: Cli) -> None:
    publish(home, a_content("Actuary", policy="aijri-0.9.0"))
    run = cli("watch")
    assert run.code == 0
    assert "It was scored by policy aijri-0.9.0; labels after a change are by aijri-" in run.err


def test_words_of_a_page_cannot_drive_the_terminal_and_lines_fit_it(home: Path, cli: Cli) -> None:
    names = ("\x1b[2Jplanning\u202e and building all that others use", "building", "checking", "shipping", "advising")
    publish(home, a_content("Plumber\x1b[31m", tasks=tuple((name, 20, 3) for name in names)))
    run = cli("watch")
    assert "\x1b" not in run.out and "\u202e" not in run.out
    with Screen(["watch"], columns=80) as screen:
        assert screen.end() == 0
        assert [line for line in screen.text.splitlines() if len(line) > 80] == []
