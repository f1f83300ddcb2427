"""The front matter of an article: YAML between `---` lines.

`parse` wants exactly the keys of `ArticleMeta`; `read_stated` takes those that a user's file happens to have.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

import yaml
from pydantic import ValidationError

from agent.errors import InvalidInput
from agent.evidence.document import Document, Unreadable
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

OPTIONAL = {
    "licence": "a text of at most 500 characters",
    "tags": "a list of words, or words with commas between them",
}
"""What the front matter of a user's file may have beside `EXPECTED`."""

_SPELLINGS = {"license": "licence"}
_DEEPEST = 50
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


def read_stated(text: str) -> Document:
    """What the front matter of a user's file says, and its body: every key may be missing, unknown ones are ignored.

    A text without front matter, or one that begins with a rule (`---`) and no `key: value` lines, is all body. Raises
    Unreadable when the front matter is not valid YAML, and with every key that has no valid value. `text` is cleaned.
    """
    found = _FENCE.match(text)
    if found is None:
        return Document(text=text.strip("\n"))
    try:
        loader, node = _composed(found.group(1))
        if node is not None and not isinstance(node, yaml.MappingNode):
            return Document(text=text.strip("\n"))
        values, problems = _lenient(loader, node) if node is not None else ({}, [])
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable(f"its front matter is not valid YAML ({_where(error)})") from error
    if problems:
        raise Unreadable("its front matter is not valid: " + "; ".join(problems))
    return _document(values, text[found.end() :].strip("\n"))


def _lenient(loader: yaml.SafeLoader, mapping: yaml.MappingNode) -> tuple[dict[str, object], list[str]]:
    """The known keys with a value, in the form of `ArticleMeta`, or what is wrong with them."""
    known = {**EXPECTED, **OPTIONAL}
    pairs = [(_SPELLINGS.get(_key(key_node), _key(key_node)), node) for key_node, node in mapping.value]
    tags = [node for key, node in pairs if key == "tags" and isinstance(node, yaml.SequenceNode)]
    rest = [(yaml.ScalarNode("", key), node) for key, node in pairs if key in known and node not in tags]
    values, problems = _scalars(loader, yaml.MappingNode(mapping.tag, rest), known)
    plain = {key: _plain(key, value) for key, value in values.items() if value is not None}
    plain = {key: value for key, value in plain.items() if value != ""}
    if tags or isinstance(plain.get("tags"), str):
        plain["tags"] = _tags(tags[0] if tags else str(plain["tags"]))
    named = {problem.split("`")[1] for problem in problems}
    wrong = [key for key in _wrong_keys(plain) if key in plain and key not in named]
    return plain, problems + [f"`{key}` is {_shown(plain[key])}: expected {known[key]}" for key in wrong]


def _wrong_keys(plain: dict[str, object]) -> list[str]:
    wrong: set[str] = {key for key in ("date", "retrieved") if key in plain and not _is_calendar_date(plain[key])}
    try:
        ArticleMeta.model_validate(plain)
    except ValidationError as error:
        wrong |= {str(item["loc"][0]) for item in error.errors() if item["type"] != "missing"}
    if "url" in plain and re.match(r"https?://", str(plain["url"])) is None:
        wrong.add("url")
    return [key for key in (*EXPECTED, *OPTIONAL) if key in wrong]


def _tags(stated: yaml.SequenceNode | str) -> tuple[str, ...] | str:
    """Sorted words, each once; what was written when it is no list of words."""
    if isinstance(stated, str):
        words = stated.split(",")
    elif all(isinstance(node, yaml.ScalarNode) for node in stated.value):
        words = [str(node.value) for node in stated.value]
    else:
        return "a nested list"
    return tuple(sorted({one_line(word) for word in words} - {""}))


def _document(values: dict[str, object], body: str) -> Document:
    def text(key: str) -> str | None:
        value = values.get(key)
        return str(value) if value is not None else None

    tier, interested, tags = values.get("tier"), values.get("interested"), values.get("tags", ())
    return Document(
        text=body,
        title=text("title"),
        publisher=text("publisher"),
        author=text("author"),
        date=None if values.get("date") == "unknown" else text("date"),
        url=text("url"),
        licence=text("licence"),
        tags=tags if isinstance(tags, tuple) else (),
        tier=tier if isinstance(tier, int) else None,
        interested=interested if isinstance(interested, bool) else None,
        text_kind=text("text_kind"),
        retrieved=text("retrieved"),
    )


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
        loader, node = _composed(block)
        if not isinstance(node, yaml.MappingNode):
            return {}, ["its front matter is not a YAML mapping of `key: value` lines"]
        return _scalars(loader, node, EXPECTED)
    except (yaml.YAMLError, RecursionError) as error:
        return {}, [f"its front matter is not valid YAML ({_where(error)})"]


def _composed(block: str) -> tuple[yaml.SafeLoader, yaml.Node | None]:
    """The block's nodes, not yet built into values. Raises YAMLError."""
    depth = 0
    # Composing recurses in C and would overrun the stack; reading the events does not.
    for event in yaml.parse(block, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"it is nested more than {_DEEPEST} deep")
    loader = _Loader(block)
    return loader, loader.get_single_node()


def _key(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else "a nested key"


def _scalars(
    loader: yaml.SafeLoader, mapping: yaml.MappingNode, known: Mapping[str, str]
) -> tuple[dict[str, object], list[str]]:
    values: dict[str, object] = {}
    problems: list[str] = []
    for key_node, node in mapping.value:
        key = _key(key_node)
        expected = known.get(key, "no such key")
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
