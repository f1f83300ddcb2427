"""Prompt files: front matter, one stable system part, one user part with placeholders."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Template

import yaml

from agent.llm.port import Message, Prompt
from agent.schemas.base import Value
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
    """Parse a prompt file; a malformed one is a bug of the package and raises ValueError."""
    match = _FRONT.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise ValueError(f"{path.name}: no front matter")
    front = yaml.safe_load(match[1])
    system, _, user = match[2].rpartition(_USER) if _USER in match[2] else ("", "", match[2])
    prompt = PromptFile(
        id=front["id"],
        version=front["version"],
        inputs=tuple(front["inputs"]),
        answer=front["answer"],
        system=system.strip(),
        user=user.strip(),
    )
    named = set(Template(prompt.user).get_identifiers())
    if named != set(prompt.inputs):
        raise ValueError(f"{path.name}: inputs {sorted(prompt.inputs)} but placeholders {sorted(named)}")
    return prompt


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
