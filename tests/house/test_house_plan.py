"""The plan of the house holds: contracts name every room, pure rooms import nothing that reaches outside."""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.review.service import ReviewService

ROOT = Path(__file__).resolve().parents[2]
ROOMS = tuple(sorted(p.stem for p in (ROOT / "agent").iterdir() if p.name[0] not in "_." and p.suffix in ("", ".py")))
PURE = ("schemas", "scoring", "grounding", "errors")
PURE_IMPORTS = {
    "__future__",
    "agent",
    "ahocorasick_rs",
    "base64",
    "binascii",
    "bisect",
    "codecs",
    "collections",
    "dataclasses",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "itertools",
    "importlib",
    "math",
    "operator",
    "phonenumbers",
    "pydantic",
    "re",
    "rfc8785",
    "snowballstemmer",
    "string",
    "typing",
    "unicodedata",
}
"""What a pure room may import; anything new has to be put here on purpose."""
IMPURE_CALLS = {"open", "input", "print", "exec", "eval", "__import__", "hash", "id"}
"""Built-ins that reach outside or differ from run to run."""


def contracts() -> list[dict[str, Any]]:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(document["tool"]["importlinter"]["contracts"])


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield (node.module or "").partition(".")[0]


def pure_modules() -> list[Path]:
    return [path for room in PURE for path in sorted((ROOT / "agent").glob(f"{room}.py"))] + [
        path for room in PURE for path in sorted((ROOT / "agent" / room).rglob("*.py"))
    ]


def test_the_layers_name_every_room_top_down() -> None:
    layers = next(contract for contract in contracts() if contract["type"] == "layers")
    assert layers["layers"] == [
        "cli | mcp | web",
        "workflow",
        "review | drafting | evidence | registry | occupations",
        "publishing",
        "store",
        "llm",
        "grounding",
        "scoring",
        "schemas",
        "errors",
    ]
    named = {room.strip() for layer in layers["layers"] for room in layer.split("|")}
    assert named | set(layers["exhaustive_ignores"]) == set(ROOMS)


def test_contracts_forbid_what_makes_a_pure_room_impure_and_what_only_evaluations_need() -> None:
    forbidden = [contract for contract in contracts() if contract["type"] == "forbidden"]
    pure = next(c for c in forbidden if "agent.scoring" in c["source_modules"])
    assert set(pure["source_modules"]) == {f"agent.{room}" for room in PURE}
    assert {"agent.settings", "os", "pathlib", "sqlite3", "sqlalchemy", "socket", "time", "datetime", "random"} <= set(
        pure["forbidden_modules"]
    )
    product = next(c for c in forbidden if c["source_modules"] == ["agent"])
    assert {"evals", "tests", "deepeval", "ragas"} <= set(product["forbidden_modules"])
    assert "allow_indirect_imports" not in product


@pytest.mark.parametrize("path", pure_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_module_reads_no_file_network_clock_environment_or_chance(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert set(imports(tree)) - PURE_IMPORTS == set()
    assert called & IMPURE_CALLS == set()


def test_there_are_no_imports_for_type_checking_only() -> None:
    guarded = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "agent").rglob("*.py"))
        if "TYPE_CHECKING" in path.read_text(encoding="utf-8")
    ]
    assert guarded == []


def test_the_top_level_holds_what_the_plan_says() -> None:
    from_plan = {"agent", "prompts", "corpus", "evals", "tests", "pyproject.toml", "constraints.txt", "LICENSE", ".ci"}
    from_plan |= {"langgraph.json", ".github"}
    assert from_plan <= {path.name for path in ROOT.iterdir()}
    assert [path.name for path in (ROOT / ".ci").iterdir()] == ["run"]


def names_used(tree: ast.AST) -> set[str]:
    """Every name that is read, called, imported or looked up by its text."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.update(node.name.split("."))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)
    return found


def test_what_serves_a_model_names_nothing_that_decides() -> None:
    service = {name for name, kind in vars(ReviewService).items() if inspect.isfunction(kind) and name[0] != "_"}
    looking = {"waiting", "revision"}
    assert {"approve", "reject", "send_back", "edit", "defer"} <= service - looking
    deciding = (service - looking) | {"decide", "advance", "change_request", "set_status", "Runner", "ReviewService"}
    deciding |= {"open_runner", "open_stores", "open_lists", "Database", "getattr", "import_module", "__import__"}
    modules = [*sorted((ROOT / "agent" / "mcp").glob("*.py")), ROOT / "agent" / "workflow" / "documents.py"]
    assert len(modules) > 5
    used = {
        str(path.relative_to(ROOT / "agent")): names_used(ast.parse(path.read_text(encoding="utf-8")))
        for path in modules
    }
    # The one door: it opens the stores, and hands documents out.
    opening = {"open_runner", "open_stores", "open_lists"}
    used["workflow/documents.py"] -= opening
    assert {name: found & deciding for name, found in used.items()} == {name: set() for name in used}
