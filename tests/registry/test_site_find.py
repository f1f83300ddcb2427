"""The script of the index narrows the list and puts it in order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files as resources
from pathlib import Path

import pytest
from factories_site import a_registry, a_site, many_roles
from py_mini_racer import MiniRacer

DOM = """
const listeners = {};
const on = (name, does) => { listeners[name] = does; };
const row = (textContent, score, zone) =>
  ({ textContent, hidden: false, dataset: { also: "", tags: "0", score, zone, level: "0" } });
let list = [row("Anna", "40.0", "YELLOW"), row("Bert", "9.5", "RED"), row("Carl", "70.2", "GREEN"),
            row("Dora", "40.0", "YELLOW")];
const elements = Object.fromEntries(["words", "zone", "tag", "level", "order"].map((name) => [name, { value: "" }]));
const form = { hidden: true, elements, addEventListener: on };
const count = {};
const body = { append: (...rows) => { list = rows; } };
globalThis.document = { getElementById: (id) => (id === "find" ? form : count), querySelectorAll: () => list,
                        querySelector: () => body };
globalThis.addEventListener = on;
"""


@pytest.fixture
def engine() -> Iterator[MiniRacer]:
    engine = MiniRacer()
    engine.eval(DOM)
    engine.eval(resources("agent.registry.site").joinpath("templates", "find.js").read_text(encoding="utf-8"))
    yield engine
    engine.close()


def shown(engine: MiniRacer, **choices: str) -> list[str]:
    for name, value in choices.items():
        engine.eval(f"elements.{name}.value = {json.dumps(value)}")
    engine.eval("listeners.input()")
    visible = "JSON.stringify(list.filter((r) => !r.hidden).map((r) => r.textContent))"
    return list(json.loads(str(engine.eval(visible))))


def test_the_list_stands_by_name_until_it_is_asked_for_by_score(engine: MiniRacer) -> None:
    assert engine.eval("form.hidden") is False
    assert shown(engine) == ["Anna", "Bert", "Carl", "Dora"]
    assert shown(engine, order="-1") == ["Carl", "Anna", "Dora", "Bert"]
    assert shown(engine, order="1") == ["Bert", "Anna", "Dora", "Carl"]
    assert shown(engine, order="1", zone="YELLOW") == ["Anna", "Dora"]
    assert shown(engine, order="", zone="") == ["Anna", "Bert", "Carl", "Dora"]


def test_every_row_of_the_index_has_the_score_it_shows(tmp_path: Path) -> None:
    page = a_site(many_roles(a_registry(tmp_path), 4))["index.html"].decode()
    kept = re.findall(r'<tr data-zone="\w+" data-score="([\d.]+)"', page)
    assert kept == re.findall(r"<td><b>([\d.]+)</b>", page)
    assert len(kept) >= 4
