"""Reading a file that a user named."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from agent.errors import InvalidInput, NotFound

MAX_BYTES = 5_000_000


def read_text(path: Path) -> str:
    """The UTF-8 text of a file, or of stdin for `-`. Raises NotFound, InvalidInput."""
    try:
        if str(path) == "-":
            return sys.stdin.read(MAX_BYTES)
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInput(f"{path} has {path.stat().st_size} bytes, at most {MAX_BYTES} are read.")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}.") from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error


def read_document(path: Path) -> object:
    """A YAML or JSON document. Raises NotFound, InvalidInput."""
    try:
        return yaml.safe_load(read_text(path))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InvalidInput(f"{path} is neither YAML nor JSON: {' '.join(str(error).split())}") from error
