"""What is kept under version control names no machine, no download host and no secret."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = {
    ".ci",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "agent",
    "constraints.txt",
    "langgraph.json",
    "corpus",
    "evals",
    "prompts",
    "pyproject.toml",
    "tests",
}
# Written in pieces, so that this file does not contain what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:wo[r]k|ro[o]t|ho[m]e|Us[e]rs|m[n]t|o[p]t|t[m]p)/[\w.-]+")
SHARED_FOLDER = re.compile(r"\.\./sha[r]ed")
DOWNLOAD_HOST = re.compile(
    r"(?:pypi\.o[r]g/simple|files\.pythonho[s]ted\.org|--(?:extra-)?inde[x]-url|file:/{2,3}o[p]t)"
)
SECRET = re.compile(
    r"\bs[k]-[A-Za-z0-9_-]{20,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bAK[I]A[0-9A-Z]{16}\b|\bhf_[A-Za-z0-9]{20,}"
    r"|-----BEGIN [A-Z ]*PRIVATE K[E]Y|Bear[e]r [A-Za-z0-9._-]{20,}|xox[abp]-[A-Za-z0-9-]{10,}"
)
ENDPOINT = re.compile(r"\"(?:base_url|api_key|endpoint|url|reviewer|hostname)\"\s*:", re.IGNORECASE)


def tracked() -> list[Path]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in run.stdout.split("\0") if name and (ROOT / name).is_file()]


def lines(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if match := pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    return found


def test_the_top_level_has_no_further_entries() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} - ALLOWED == set()


@pytest.mark.parametrize(
    "pattern", [MACHINE_PATH, SHARED_FOLDER, DOWNLOAD_HOST, SECRET], ids=["path", "shared", "host", "secret"]
)
def test_no_tracked_file_names_a_machine_a_download_host_or_a_secret(pattern: re.Pattern[str]) -> None:
    assert lines(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, "see /wo" + "rk/main/agent"),
        (MACHINE_PATH, "'/t" + "mp/x'"),
        (SHARED_FOLDER, "../sha" + "red/DESIGN.md"),
        (DOWNLOAD_HOST, "https://pypi.or" + "g/simple"),
        (SECRET, "key = s" + "k-" + "a1B2" * 8),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text) is not None


@pytest.mark.parametrize("text", ["https://example.org/home/page", "a/tmp/b", "published/work/x", "~/work/x"])
def test_addresses_and_relative_paths_are_no_machine_paths(text: str) -> None:
    assert MACHINE_PATH.search(text) is None


def test_a_recording_holds_no_endpoint_and_no_reviewer() -> None:
    folders = [ROOT / "evals" / "recordings", ROOT / "evals" / "golden" / "recordings"]
    recordings = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    assert recordings
    assert [path.name for path in recordings if ENDPOINT.search(path.read_text(encoding="utf-8"))] == []


def test_constraints_are_plain_pins() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(pins) > 100
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", pin)] == []
    names = [pin.partition("==")[0].lower().replace("_", "-") for pin in pins]
    assert len(names) == len(set(names))
