"""METHODOLOGY.md and ARCHITECTURE.md say what the code does: constants, fixtures, codes, nodes, tables."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from agent.schemas.vocabulary import INPUT_SECTIONS, Status
from agent.scoring import POLICY, composite, score_of_record
from agent.scoring.policy import origins
from agent.store.tables import metadata
from agent.workflow.state import State

ROOT = Path(__file__).resolve().parents[2]
METHOD = (ROOT / "agent" / "METHODOLOGY.md").read_text(encoding="utf-8")
MAP = (ROOT / "agent" / "ARCHITECTURE.md").read_text(encoding="utf-8")
SOURCES = {file: file.read_text(encoding="utf-8") for file in sorted((ROOT / "agent").rglob("*.py"))}


def rows(document: str, heading: str) -> list[tuple[str, ...]]:
    """The cells of the first table under a heading, without its head; a minus sign is a hyphen."""
    part = re.split(r"\n#+ ", document.split(f"{heading}\n", 1)[1])[0].replace("−", "-")
    lines = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)
    assert lines is not None
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[0].splitlines()[2:]]


def test_the_methodology_lists_every_constant_with_value_and_status() -> None:
    values = {name: getattr(POLICY, name) for name in origins()}
    assert rows(METHOD, "## 12. Constants") == [
        (f"`{name}`", f"{float(value):.2f}" if isinstance(value, Fraction) else str(value), origins()[name].status)
        for name, value in values.items()
    ]


def test_the_methodology_names_the_policy_in_force() -> None:
    assert f"`{POLICY.version}`" in METHOD


def test_the_published_scores_follow_from_the_published_inputs() -> None:
    fixtures = rows(METHOD, "## 9. Fixtures")
    computed = [
        score_of_record(composite(Fraction(resistance), int(evidence), int(barriers), int(growth)))
        for _, resistance, evidence, barriers, growth, _ in fixtures
    ]
    assert len(fixtures) == 10
    assert computed == [float(row[-1]) for row in fixtures]


def test_every_finding_code_stands_in_the_methodology() -> None:
    listed = set(re.findall(r"G-[A-Z-]+[A-Z]", METHOD))
    used = {code for text in SOURCES.values() for code in re.findall(r'"(G-[A-Z-]+[A-Z])"', text)}
    assert used == listed


def test_the_sections_that_the_code_refers_to_exist() -> None:
    referred = {
        int(number)
        for text in SOURCES.values()
        for reference in re.findall(r"METHODOLOGY (?:sections? )?(\d[\d, and to]*)", text)
        for number in re.findall(r"\d+", reference)
    }
    headings = {int(number) for number in re.findall(r"^## (\d+)\. ", METHOD, re.MULTILINE)}
    assert referred
    assert referred - headings == set()


def test_the_map_names_every_node() -> None:
    drawn = MAP.split("## The workflow")[1].split("## The store")[0]
    graph = SOURCES[ROOT / "agent" / "workflow" / "graph.py"]
    nodes = {*re.findall(r'\badd\("(\w+)"', graph), *(f"draft_{section}" for section in INPUT_SECTIONS)}
    assert len(nodes) > 15
    assert {node for node in nodes if not re.search(rf"\b{node}\b", drawn)} == set()


def test_the_map_names_every_key_of_the_state() -> None:
    keys = re.search(r"State is plain JSON.*", MAP)
    assert keys is not None
    named = re.findall(r"`(\w+)`", keys[0])
    assert sorted(named) == sorted(State.__annotations__)


def test_the_map_names_every_table() -> None:
    named = {name for row in rows(MAP, "## The store") for name in re.findall(r"`(\w+)`", row[0])}
    assert named == set(metadata.tables)


def test_the_map_names_every_status() -> None:
    (row,) = [row for row in rows(MAP, "## The store") if row[0] == "`assessments`"]
    assert re.findall(r"`(\w+)`", row[1]) == [status.value for status in Status]


def test_every_folder_and_module_that_the_map_names_exists() -> None:
    drawn = MAP.split("## The house")[1].split("```")[1]
    named = re.findall(r"^  (\w+(?:/|\.py)) ", drawn, re.MULTILINE)
    present = {f"{p.name}/" if p.is_dir() else p.name for p in (ROOT / "agent").iterdir() if p.name[0] not in "_."}
    assert set(named) == {name for name in present if not name.endswith((".md", ".typed"))}


def test_every_module_that_a_document_names_exists() -> None:
    rooms = (ROOT, ROOT / "agent", *(path for path in (ROOT / "agent").iterdir() if path.is_dir()))
    for document in (METHOD, MAP):
        named = set(re.findall(r"`(?:agent/)?([\w/]+\.py)`", document))
        assert named
        assert {name for name in named if not any((room / name).exists() for room in rooms)} == set()
