"""Prompt files: front matter, one stable system part, one user part with placeholders."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Template

import yaml
from pydantic import ValidationError

from agent.errors import InvalidInput, NotFound, StorageFailed
from agent.llm.port import Message, Prompt
from agent.schemas.base import Value
from agent.schemas.text import one_line
from agent.schemas.vocabulary import DRAFTED_SECTIONS

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_USER = "=== user ===\n"
RULES = "rules"
FRAME = "frame"
REDRAFT = "redraft"


class PromptFile(Value):
    """One prompt as it stands in its file."""

    id: str
    version: str
    inputs: tuple[str, ...]
    answer: str
    system: str
    """Never has placeholders, so that a provider can cache it."""
    user: str


def read_prompt(path: Path) -> PromptFile:
    """Parse a prompt file.

    Raises NotFound without the file, StorageFailed for one that cannot be read, InvalidInput, naming file and place,
    for one that is malformed.
    """
    front, body = _parts(path)
    system, _, user = body.rpartition(_USER) if _USER in body else ("", "", body)
    try:
        prompt = PromptFile.model_validate({**front, "system": system.strip(), "user": user.strip()})
    except ValidationError as error:
        problems = tuple(f"{'.'.join(map(str, e['loc']))}: {e['msg']}." for e in error.errors())
        raise InvalidInput(
            f"The front matter of the prompt {path} is not valid: {problems[0]}",
            problems=problems,
            hint='It has id, version, inputs and answer; the version stands in quotes, such as "2".',
        ) from error
    named = set(Template(prompt.user).get_identifiers())
    if named != set(prompt.inputs):
        raise InvalidInput(
            f"The prompt {path} names the inputs {sorted(prompt.inputs)}, but its placeholders are {sorted(named)}."
        )
    return prompt


def _parts(path: Path) -> tuple[dict[str, object], str]:
    """The front matter and what stands below it."""
    try:
        match = _FRONT.match(path.read_text(encoding="utf-8"))
        if match is None:
            raise InvalidInput(f"The prompt {path} has no front matter; expected it between two lines of three dashes.")
        front = yaml.safe_load(match[1])
    except FileNotFoundError as error:
        raise NotFound(f"A prompt is missing: found no {path}.") from error
    except OSError as error:
        raise StorageFailed(f"The prompt {path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInput(f"The prompt {path} cannot be read: {one_line(str(error))}.") from error
    if not isinstance(front, dict):
        raise InvalidInput(f"The front matter of the prompt {path} is {front!r}; expected keys with values.")
    return front, match[2]


class PromptLibrary:
    """The prompts of one folder, read on first use."""

    def __init__(self, folder: Path) -> None:
        self._read = cache(lambda name: read_prompt(folder / f"{name}.md"))

    def version(self, name: str) -> str:
        """The version a recording is bound to: the prompt's own and, where it uses them, that of the rules."""
        own = self._read(name)
        return own.version if name == FRAME else f"{own.version}.r{self._read(RULES).version}"

    def told(self) -> str:
        """All that the prompts of the sections say to every model: the rules and the system parts."""
        return "\n".join([self._read(RULES).user, *(self._read(name.value).system for name in DRAFTED_SECTIONS)])

    def redraft_version(self) -> str:
        """The version of the words that ask for a redraft."""
        return self._read(REDRAFT).version

    def fill(self, name: str, inputs: dict[str, str]) -> str:
        """The user part of a prompt; a missing or an extra input is an error."""
        prompt = self._read(name)
        if set(inputs) != set(prompt.inputs):
            raise ValueError(f"prompt {name} takes {sorted(prompt.inputs)}, got {sorted(inputs)}")
        return Template(prompt.user).substitute(inputs)

    def render(self, name: str, inputs: dict[str, str], *, after: str = "") -> Prompt:
        """The request: rules and section first (stable, cacheable), then the inputs, then what comes `after`."""
        prompt = self._read(name)
        system = prompt.system if name == FRAME else f"{self._read(RULES).user}\n\n{prompt.system}"
        user = self.fill(name, inputs) + (f"\n\n{after}" if after else "")
        version = self.version(name) + (f".d{self.redraft_version()}" if after else "")
        return Prompt(
            id=name,
            version=version,
            messages=(Message(role="system", content=system), Message(role="user", content=user)),
        )
