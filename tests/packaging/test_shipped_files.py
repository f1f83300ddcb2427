"""The wheel and the sdist hold exactly the files under version control, at the places where the code looks for them."""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from factories_packaging import Distributions

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {"prompts/": "prompts/", "corpus/": "corpus/", "evals/recordings/": "recordings/"}
"""Folder of the checkout to its place below `agent/_shipped/` in the wheel."""
IN_SDIST = ("agent/", "prompts/", "corpus/", "evals/", "tests/", ".ci/", ".github/")
FILES_IN_SDIST = (
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "constraints.txt",
    "langgraph.json",
    "pyproject.toml",
)


def tracked() -> set[str]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        pytest.skip("not a git checkout")
    return {name for name in run.stdout.split("\0") if name}


def in_wheel(name: str) -> str | None:
    """Where a file of the checkout stands in the wheel; `None` for one that does not ship."""
    if name.startswith("agent/"):
        return name
    for folder, place in SHIPPED.items():
        if name.startswith(folder):
            return f"agent/_shipped/{place}{name.removeprefix(folder)}"
    return None


def wheel_names(distributions: Distributions) -> set[str]:
    with zipfile.ZipFile(distributions.wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_the_wheel_ships_what_is_tracked_and_nothing_else(distributions: Distributions) -> None:
    shipped = {name for name in wheel_names(distributions) if ".dist-info/" not in name}
    assert shipped == {place for name in tracked() if (place := in_wheel(name)) is not None}


def test_the_sdist_holds_what_is_tracked_and_nothing_else(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as archive:
        held = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    expected = {name for name in tracked() if name.startswith(IN_SDIST) or name in FILES_IN_SDIST}
    assert held - {"PKG-INFO", ".gitignore"} == expected


def test_the_wheel_has_the_data_that_the_main_job_needs(distributions: Distributions) -> None:
    names = wheel_names(distributions)
    assert {
        "agent/_shipped/corpus/vectors.npy",
        "agent/_shipped/corpus/vectors.json",
        "agent/_shipped/prompts/frame.md",
        "agent/_shipped/recordings/ml-platform-engineer-mid-senior.json",
        "agent/_shipped/recordings/data-engineer-mid-level.json",
        "agent/_shipped/recordings/junior-software-developer-junior.json",
        "agent/evidence/minilm/model.onnx",
        "agent/evidence/minilm/tokenizer.json",
        "agent/publishing/templates/page.html.j2",
        "agent/publishing/templates/page.css",
        "agent/publishing/assessment.schema.json",
        "agent/registry/export.schema.json",
        "agent/EXPORT.md",
        "agent/py.typed",
        "agent/store/migrations/versions/v0001_first.py",
    } <= names
    assert sum(name.startswith("agent/_shipped/corpus/") and name.endswith(".md") for name in names) >= 40


def test_the_wheel_carries_licence_and_command(distributions: Distributions) -> None:
    with zipfile.ZipFile(distributions.wheel) as archive:
        (licence,) = (name for name in archive.namelist() if name.endswith(".dist-info/licenses/LICENSE"))
        (points,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()
        assert b"assess-role = agent.cli.main:entry" in archive.read(points)
