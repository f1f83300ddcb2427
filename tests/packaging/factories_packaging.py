"""The distributions, and the wheel installed in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOR_PIP = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "http_proxy", "https_proxy", "no_proxy")
"""What an installation may need of the environment, beside the settings of pip and uv."""


@dataclass(frozen=True)
class Distributions:
    """What `python -m build` made."""

    sdist: Path
    wheel: Path


@dataclass(frozen=True)
class Installed:
    """The wheel in its own environment, run from an empty folder by a person with an empty home and no key."""

    python: Path
    command: Path
    folder: Path
    home: Path

    @property
    def pip(self) -> tuple[str | Path, ...]:
        """The pip of the tests, at work in this environment."""
        return (sys.executable, "-m", "pip", "--python", self.python)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """One `assess-role` command."""
        return subprocess.run(
            [self.command, *arguments],
            cwd=self.folder,
            env={"PATH": os.defpath, "HOME": str(self.home), "LANG": "C.UTF-8", **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def json(self, *arguments: str) -> dict[str, object]:
        """The one document of a command that succeeds."""
        run = self.run(*arguments, "--json")
        assert run.returncode == 0, run.stdout + run.stderr
        document = json.loads(run.stdout)
        assert isinstance(document, dict)
        assert document["ok"] is True
        return document


def pip_environment() -> dict[str, str]:
    """The machine's own way to packages, without anything that leads back to this checkout."""
    return {name: value for name, value in os.environ.items() if name in FOR_PIP or name.startswith(("PIP_", "UV_"))}


def checked(*command: str | Path, cwd: Path) -> str:
    """Run a command that has to succeed."""
    run = subprocess.run(command, cwd=cwd, env=pip_environment(), capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{command} ended with {run.returncode}:\n{run.stdout}{run.stderr}"
    return run.stdout
