"""YAML that people write: one loader that refuses what would be read otherwise than it looks."""

from __future__ import annotations

from collections.abc import Hashable

import yaml

from agent.errors import InvalidInput

MAX_DEPTH = 60
"""Nested far deeper than any document here; a parser that recurses gives up later and less kindly."""
MAX_DIGITS = 300
"""No number of a document has more."""


class _Loader(yaml.SafeLoader):
    """Safe, without keys that silently replace an earlier one."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """See PyYAML. Aliases are refused: they make a short text an endless document."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it has an alias (*name); write the value out")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise yaml.YAMLError(f"it is nested more than {MAX_DEPTH} deep")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        """See PyYAML; a key that stands twice is an error."""
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.YAMLError(f"a key in line {_line(key_node)} is no plain word")
            if key in seen:
                raise yaml.YAMLError(f"the key {str(key)[:60]!r} stands twice, again in line {_line(key_node)}")
            seen.add(key)
        mapping: dict[Hashable, object] = super().construct_mapping(node, deep=deep)
        return mapping


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def load_yaml(text: str) -> object:
    """The document of a YAML text. Raises InvalidInput that names what is wrong: whatever the loader stumbles over,
    keys that stand twice, aliases, endless numbers, and half surrogates."""
    try:
        document: object = yaml.load(text, Loader=_Loader)
        _check(document, "the document")
    except (
        yaml.YAMLError,
        ValueError,
        RecursionError,
        AttributeError,
        KeyError,
        IndexError,
        TypeError,
        OverflowError,
    ) as error:
        raise InvalidInput(f"The text is not YAML: {str(error) or type(error).__name__}") from error
    return document


def _check(part: object, place: str) -> None:
    if isinstance(part, str):
        if any(0xD800 <= ord(sign) <= 0xDFFF for sign in part):
            raise ValueError(f"{place} holds half a surrogate pair, which is no character")
    elif isinstance(part, int):
        if abs(part) >= 10**MAX_DIGITS:
            raise ValueError(f"{place} is a number of more than {MAX_DIGITS} digits")
    elif isinstance(part, dict):
        for key, value in part.items():
            _check(key, f"a key of {place}")
            _check(value, str(key)[:60])
    elif isinstance(part, list):
        for value in part:
            _check(value, place)
