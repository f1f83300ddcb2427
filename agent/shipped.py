"""Where the data that ships beside the code lies: inside an installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from agent.errors import Prerequisite

ShippedName = Literal["corpus", "prompts", "recordings"]

_IN_CHECKOUT: dict[ShippedName, str] = {"corpus": "corpus", "prompts": "prompts", "recordings": "evals/recordings"}


def shipped_path(name: ShippedName) -> Path:
    """The folder of the bundled `corpus`, `prompts` or `recordings`.

    Raises Prerequisite when neither the installed package nor a checkout around it has the folder.
    """
    package = Path(__file__).resolve().parent
    installed = package / "_shipped" / name
    if installed.is_dir():
        return installed
    checkout = package.parent / _IN_CHECKOUT[name]
    if checkout.is_dir():
        return checkout
    raise Prerequisite(
        f"The bundled {name} are missing: found neither {installed} nor {checkout}.",
        hint="Install assess-role again: the package is incomplete.",
    )
