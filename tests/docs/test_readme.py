"""The README's examples, run in the order in which a reader meets them, in an empty home and without a network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import anyio
import pytest
from factories_clippings import PAGE, TABLE, a_letter, a_scan, a_survey, minutes, write
from factories_onet import FOLDER, a_release
from mcp import Client, StdioServerParameters

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

COVERED_ELSEWHERE = {
    'python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/assess-role "ML Platform Engineer"\n': (
        "tests/packaging installs the wheel and runs the main job"
    ),
    "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[evals,test]' "
    "&& .venv/bin/python -m pytest -n auto --dist loadfile\n": ".ci/run runs this very command",
}
"""Blocks that install something, and where they are run instead. A block that is neither here nor run fails."""

BROUGHT = {
    "export.csv": TABLE,
    "letter.eml": a_letter(),
    "minutes.docx": minutes(),
    "month.html": PAGE,
    "scan.pdf": a_scan(),
    "survey.pdf": a_survey(),
}
"""The reader's own clippings, beside those that the README shows."""

NO_NETWORK = """
import socket

def _loopback(host):
    return str(host) in ("127.0.0.1", "::1", "localhost") or str(host).startswith("/")

def _guarded(name):
    real = getattr(socket.socket, name)
    def connect(self, address):
        host = address[0] if isinstance(address, tuple) else address
        if not _loopback(host):
            raise AssertionError(f"a connection to {address}")
        return real(self, address)
    setattr(socket.socket, name, connect)

_guarded("connect")
_guarded("connect_ex")
_lookup = socket.getaddrinfo

def getaddrinfo(host, *args, **kwargs):
    if not _loopback(host):
        raise AssertionError(f"a look-up of {host}")
    return _lookup(host, *args, **kwargs)

socket.getaddrinfo = getaddrinfo
"""
_BLOCK = re.compile(
    r"^(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_TYPED = re.compile(r"(?<=Your decision > )\w$|(?<=\[[yY]/[nN]\]: )\w$|(?<=leave it\): ).+$", re.MULTILINE)


class Block(NamedTuple):
    """One fenced block: its number, language, text, and the file it is the content of."""

    number: int
    kind: str
    text: str
    file: str | None

    @property
    def settings(self) -> dict[str, str]:
        """The variables of a block that does nothing but export some."""
        lines = [line.removeprefix("export ") for line in self.text.splitlines()]
        if self.kind != "bash" or not all(line.startswith("export ") for line in self.text.splitlines()):
            return {}
        return dict(line.split("=", 1) for line in lines)


BLOCKS = tuple(
    Block(at, found["kind"], found["text"], found["file"]) for at, found in enumerate(_BLOCK.finditer(README))
)
SETTINGS = tuple(block for block in BLOCKS if block.settings)


@dataclass
class Reader:
    """Somebody who types the examples into one terminal."""

    folder: Path
    failures: dict[int, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """No key, no model, an empty home; `assess-role` is this checkout's."""
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "SYSTEMROOT") if name in os.environ}
        return {
            **kept,
            "PATH": f"{self.folder / 'bin'}:{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(self.folder / "user"),
            "ASSESS_ROLE_HOME": str(self.folder / "home"),
            "PYTHONPATH": f"{self.folder / 'site'}:{ROOT}",
            "PYTHONUNBUFFERED": "1",
            "PYTHONIOENCODING": "utf-8",
        }

    def run(self, command: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """One command in bash, its stderr among its output as in a terminal."""
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=self.folder / "work",
            env={**self.environment, **environment},
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def play(self, block: Block) -> None:
        """Do what a block says, and note what did not come out as it says."""
        if block.file is not None:
            file = self.folder / "work" / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        elif block.kind == "console":
            for command, shown in transcript(block.text):
                done = self.run(command, "".join(f"{key}\n" for key in _TYPED.findall(shown)))
                if not fits(done.stdout, shown):
                    self.failures[block.number] = f"$ {command}\n{done.stdout}\n--- the README shows:\n{shown}"
                    return
        elif block.kind == "python":
            (self.folder / "work" / "example.py").write_text(block.text, encoding="utf-8")
            self._must_end_well(block, "python3 example.py")
        elif block.kind == "bash" and block.text not in COVERED_ELSEWHERE and not block.settings:
            self._must_end_well(block, "set -eu\n" + block.text)

    def _must_end_well(self, block: Block, command: str) -> None:
        done = self.run(command)
        if done.returncode:
            self.failures[block.number] = f"exit {done.returncode}\n{done.stdout}"


def transcript(text: str) -> Iterator[tuple[str, str]]:
    """The commands after `$ `, each with the output shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def fits(output: str, shown: str) -> bool:
    """Whether `output` is what is shown: `…` stands for anything, white space and what was typed do not count."""
    wanted = " ".join(_TYPED.sub("", shown).split())
    pattern = ".*?".join(re.escape(piece) for piece in wanted.split("…"))
    return re.fullmatch(pattern, " ".join(output.split()), flags=re.DOTALL) is not None


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("readme")
    for name in ("bin", "home", "site", "user", "work"):
        (folder / name).mkdir()
    (folder / "site" / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    script = folder / "bin" / "assess-role"
    # Workers that read files import this script, as they do the one that pip writes.
    lines = (f"#!{sys.executable}", "from agent.cli.main import entry", 'if __name__ == "__main__":', "    entry()")
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    script.chmod(0o755)
    write(folder / "work" / "clippings", BROUGHT)
    a_release(folder / "work" / FOLDER)
    somebody = Reader(folder)
    for block in BLOCKS:
        somebody.play(block)
    return somebody


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.number}-{block.kind}")
def test_every_block_is_run_or_named_as_run_elsewhere(block: Block) -> None:
    run_here = block.file is not None or block.kind in ("console", "python", "bash", "toml")
    assert run_here, f"a block of kind {block.kind!r} that nothing runs:\n{block.text}"
    if "pip install" in block.text:
        assert block.text in COVERED_ELSEWHERE


def test_every_block_named_as_run_elsewhere_stands_in_the_readme() -> None:
    assert COVERED_ELSEWHERE.keys() <= {block.text for block in BLOCKS}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.number}-{block.kind}")
def test_an_example_does_what_the_readme_says(block: Block, reader: Reader) -> None:
    assert reader.failures.get(block.number) is None, reader.failures[block.number]


def test_the_script_form_publishes(reader: Reader) -> None:
    result = json.loads((reader.folder / "work" / "result.json").read_text(encoding="utf-8"))
    assert (result["status"], result["published"]["version"]) == ("published", 1)


@pytest.mark.parametrize("block", SETTINGS, ids=lambda block: block.settings.get("ASSESS_ROLE_MODEL", "key"))
def test_model_settings_are_taken_as_shown(block: Block, reader: Reader) -> None:
    shown = {
        item["variable"]: item["value"]
        for item in json.loads(reader.run("assess-role config --json", **block.settings).stdout)["items"]
    }
    assert {name: shown[name] for name in block.settings} == {
        name: "set" if name == "OPENAI_API_KEY" else value for name, value in block.settings.items()
    }
    plan = json.loads(reader.run('assess-role "Registered Nurse" --dry-run --json', **block.settings).stdout)
    assert (plan["recorded"], plan["model"]) == (False, block.settings["ASSESS_ROLE_MODEL"])


@pytest.mark.parametrize("block", SETTINGS, ids=lambda block: block.settings.get("ASSESS_ROLE_MODEL", "key"))
def test_doctor_is_content_with_the_model_settings(block: Block, reader: Reader) -> None:
    done = reader.run("assess-role doctor --offline --json", **block.settings)
    assert json.loads(done.stdout)["ok"], done.stdout


def test_the_config_file_is_taken_as_shown(reader: Reader, tmp_path: Path) -> None:
    (block,) = [block for block in BLOCKS if block.kind == "toml"]
    (tmp_path / "config.toml").write_text(block.text, encoding="utf-8")
    items = json.loads(reader.run("assess-role config --json", ASSESS_ROLE_HOME=str(tmp_path)).stdout)["items"]
    found = {item["setting"]: item["value"] for item in items if item["source"] == "config.toml"}
    assert found == {
        "reviewer": "Ada Marsh",
        "base_url": "http://localhost:11434/v1",
        "model": "qwen3:14b",
        "timeout_s": "600.0",
    }


def test_the_server_starts_as_configured_and_has_the_tools_that_the_readme_names(reader: Reader) -> None:
    entry = json.loads((reader.folder / "work" / "mcp.json").read_text(encoding="utf-8"))["mcpServers"]["assess-role"]
    command = StdioServerParameters(**entry | {"command": str(reader.folder / "bin" / entry["command"])})
    command.env = reader.environment

    async def ask() -> list[str]:
        async with Client(command, read_timeout_seconds=60) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    rows = re.findall(r"^\| (`.+?) \|", section("For a model client"), re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(anyio.run(ask))


def test_every_command_stands_in_the_table() -> None:
    from agent.cli.corpus import app as corpus
    from agent.cli.importing import app as importing
    from agent.cli.main import app
    from agent.cli.occupations import app as occupations
    from agent.cli.reviewer import app as reviewer
    from agent.cli.site import app as site

    groups = (app, corpus, importing, occupations, reviewer, site)
    names = [command.name for group in groups for command in group.registered_commands]
    table = section("The command line")
    assert [
        name for name in names if not re.search(rf"`(?:corpus |import |occupations |reviewer |site )?{name}\b", table)
    ] == []


def test_every_exit_code_of_an_error_stands_in_the_table() -> None:
    from agent import errors

    codes = {kind.exit_code for kind in vars(errors).values() if hasattr(kind, "exit_code")}
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", section("The command line"), re.MULTILINE)}
    assert codes | {0, 1, 2, 130} == listed


def test_every_setting_stands_in_the_table() -> None:
    from agent.settings import ENVIRONMENT

    rows = re.findall(r"^\| `(?:VISUAL`, `)?(\w+)` \| (?:`(\w+)`)? ?\|", section("Settings"), re.MULTILINE)
    only_environment = {
        *("home", "api_key", "token", "webhook_secret", "oidc_secret", "traces_endpoint", "traces_protocol")
    }
    assert {(variable, "" if name in only_environment else name) for name, variable in ENVIRONMENT.items()} == set(rows)


def test_every_link_leads_to_a_file() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def section(title: str) -> str:
    """The text under a heading."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]
