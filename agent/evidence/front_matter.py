"""The front matter of an article: YAML between `---` lines, with exactly the keys of `ArticleMeta`."""

from __future__ import annotations

import datetime
import re

import yaml
from pydantic import ValidationError

from agent.errors import InvalidInput
from agent.schemas.article import ArticleMeta
from agent.schemas.text import one_line

EXPECTED = {
    "title": "a text of 1 to 500 characters",
    "publisher": "a text of 1 to 200 characters",
    "author": "a text of at most 500 characters, or null when the source names none",
    "date": "YYYY, YYYY-MM or YYYY-MM-DD, or `date: unknown` when the source shows none",
    "url": "an address that starts with http:// or https://",
    "tier": "a whole number from 1 (primary data) to 4 (opinion)",
    "interested": "true when the publisher sells what the text praises, else false",
    "retrieved": "the day the source was read, as YYYY-MM-DD",
    "text_kind": "full, excerpt or digest",
}

_FENCE = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(name: str, text: str) -> tuple[ArticleMeta, str]:
    """Metadata and body of one article. `text` is cleaned; `name` is the file as the user knows it.

    Raises InvalidInput with every problem of the front matter.
    """
    found = _FENCE.match(text)
    if found is None:
        raise _invalid(
            name, ["it has no front matter: expected a block between two `---` lines at the start of the file"]
        )
    values, problems = _mapping(found.group(1))
    meta = None
    if not problems:
        meta, problems = _validated(values)
    body = text[found.end() :].strip("\n")
    if not body.strip():
        problems.append("its body is empty: expected the article's text after the front matter")
    if meta is None or problems:
        raise _invalid(name, problems)
    return meta, body


def _invalid(name: str, problems: list[str]) -> InvalidInput:
    sentences = [f"{name}: {problem}." for problem in problems]
    return InvalidInput(
        f"{name} is not a valid article: " + "; ".join(problems) + ".",
        problems=sentences,
        hint="An article needs the keys " + ", ".join(EXPECTED) + ".",
    )


def _mapping(block: str) -> tuple[dict[str, object], list[str]]:
    """The block's keys and scalar values, or what is wrong with it. Collections are refused before they are built."""
    try:
        loader = _Loader(block)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            return {}, ["its front matter is not a YAML mapping of `key: value` lines"]
        return _scalars(loader, node)
    except (yaml.YAMLError, RecursionError) as error:
        return {}, [f"its front matter is not valid YAML ({_where(error)})"]


def _scalars(loader: yaml.SafeLoader, mapping: yaml.MappingNode) -> tuple[dict[str, object], list[str]]:
    values: dict[str, object] = {}
    problems: list[str] = []
    for key_node, node in mapping.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "a nested key"
        expected = EXPECTED.get(key, "no such key")
        if key in values:
            problems.append(f"`{key}` stands twice in the front matter")
        values[key] = None
        if not isinstance(node, yaml.ScalarNode):
            problems.append(f"`{key}` is a list or mapping: expected {expected}")
            continue
        try:
            values[key] = loader.construct_object(node)
        except ValueError:
            problems.append(f"`{key}` is {_shown(node.value)}: expected {expected}")
    return values, problems


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    reason = str(getattr(error, "problem", None) or "it cannot be read")
    return reason if mark is None else f"line {mark.line + 2}: {reason}"


def _validated(values: dict[str, object]) -> tuple[ArticleMeta | None, list[str]]:
    plain = {key: _plain(key, value) for key, value in values.items()}
    problems = [f"`{key}` is missing: expected {wanted}" for key, wanted in EXPECTED.items() if key not in plain]
    problems += [f"`{key}` is not a key of an article" for key in plain if key not in EXPECTED]
    wrong: set[str] = {key for key in ("date", "retrieved") if key in plain and not _is_calendar_date(plain[key])}
    meta = None
    try:
        meta = ArticleMeta.model_validate({key: value for key, value in plain.items() if key in EXPECTED})
    except ValidationError as error:
        wrong |= {str(item["loc"][0]) for item in error.errors() if item["type"] != "missing"}
    problems += [f"`{key}` is {_shown(plain[key])}: expected {EXPECTED[key]}" for key in EXPECTED if key in wrong]
    return meta, problems


def _plain(key: str, value: object) -> object:
    """YAML's own date and number types back to what was written, and one line a text."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if key == "date" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return one_line(value)
    return value


def _is_calendar_date(value: object) -> bool:
    """False for a text in the right pattern that is no day or month; wrong patterns are the schema's to report."""
    if not isinstance(value, str) or re.fullmatch(r"\d{4}(-\d{2}){0,2}", value) is None:
        return True
    try:
        datetime.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _shown(value: object) -> str:
    text = "empty" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
