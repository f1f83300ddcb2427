"""Builds the distributions once and installs the wheel once, into an environment with nothing else."""

from __future__ import annotations

import sys
import venv

import pytest
from factories_packaging import ROOT, Distributions, Installed, checked


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """The sdist of the checkout, and the wheel built from that sdist."""
    out = tmp_path_factory.mktemp("dist")
    checked(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return Distributions(sdist=sdist, wheel=wheel)


@pytest.fixture(scope="session")
def installed(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A runtime-only environment without constraints, so that users' newest versions are what is tested."""
    base = tmp_path_factory.mktemp("user")
    folder, home = base / "empty folder", base / "home"
    folder.mkdir()
    home.mkdir()
    # uv installs into it in a tenth of pip's time; Python compiles the modules that are used.
    venv.create(base / "env")
    binaries = base / "env" / "bin"
    user = Installed(python=binaries / "python", command=binaries / "assess-role", folder=folder, home=home)
    uv = (sys.executable, "-m", "uv", "pip", "install", "-q", "--no-cache")
    checked(*uv, "--python", user.python, distributions.wheel, cwd=folder)
    return user
