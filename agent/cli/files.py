"""Reading a file that a user named."""

from __future__ import annotations

import sys
from pathlib import Path

from agent.errors import InvalidInput, NotFound
from agent.review.yaml_text import load_yaml

MAX_BYTES = 5_000_000


def read_text(path: Path) -> str:
    """The UTF-8 text of a file, or of stdin for `-`. Raises NotFound, InvalidInput."""
    name = "stdin" if str(path) == "-" else str(path)
    try:
        raw = _bounded(path)
        if len(raw) > MAX_BYTES:
            raise InvalidInput(f"{name} is too large: at most {MAX_BYTES / 1e6:.0f} MB are read.")
        return raw.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {name}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{name} is not UTF-8 text: {error.reason} at byte {error.start}.") from error
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror or error}.") from error


def _bounded(path: Path) -> bytes:
    """A device or pipe tells no size and may never end, so the bound is on what is read."""
    if str(path) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def read_document(path: Path) -> object:
    """A YAML or JSON document. Raises NotFound, InvalidInput."""
    text = read_text(path)
    try:
        return load_yaml(text)
    except InvalidInput as error:
        raise InvalidInput(f"{path} is neither YAML nor JSON: {error.message}") from error
