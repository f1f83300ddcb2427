"""The JSON schema of a wire model as strict structured output takes it, and a linter that says what it refuses.

Rules: OpenAI, "Structured model outputs", section "Supported schemas": every object closed, every key required, no
defaults, nothing beside a `$ref`, and only a subset of JSON schema's keywords.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pydantic import BaseModel

Schema = dict[str, object]

_NAMED = ("properties", "$defs")
_LISTED = ("anyOf", "oneOf", "allOf", "prefixItems")
_SINGLE = ("items", "additionalProperties")
_DEFS = "#/$defs/"

REFUSED = {
    "default": "has a default; every field must be given by the model",
    "oneOf": "is a discriminated union (oneOf); use one object with nullable fields, or a plain union",
    "allOf": "combines schemas (allOf)",
    "not": "negates a schema (not)",
    "if": "is conditional (if)",
    "prefixItems": "is a tuple with typed positions (prefixItems); use an object, or a list of one type",
    "patternProperties": "is a mapping (patternProperties); use a list of objects with a name field",
    "contains": "restricts a list by what it contains (contains)",
    "uniqueItems": "is a set (uniqueItems); use a list",
    "minLength": "restricts the length of a text (minLength); check it in the domain value",
    "maxLength": "restricts the length of a text (maxLength); check it in the domain value",
}
"""Keyword -> why it may not stand in a wire model. Compatible servers still refuse the text lengths."""


def strict_schema(model: type[BaseModel]) -> Schema:
    """The JSON schema of `model` with every object closed and every key required, without titles.

    Titles are dropped because they only repeat names. What strict mode refuses stays in place: see `lint`.
    """
    loaded: Schema = json.loads(_strict_text(model))
    return loaded


def lint(model: type[BaseModel]) -> tuple[str, ...]:
    """Every construct of `model` that strict structured output refuses, each with its place; empty when clean."""
    schema = strict_schema(model)
    refusals = [*_left_out(model.model_json_schema(), model.__name__), *_refusals(schema, model.__name__)]
    if schema.get("type") != "object":
        refusals.insert(0, (model.__name__, "is not an object at the top"))
    return tuple(dict.fromkeys(f"{place} {reason}" for place, reason in refusals))


@lru_cache(maxsize=128)
def _strict_text(model: type[BaseModel]) -> str:
    raw = model.model_json_schema(mode="validation")
    definitions = raw.get("$defs", {})
    return json.dumps(_without_unused(_closed(raw, definitions, ())), ensure_ascii=False)


def _closed(node: Mapping[str, object], definitions: Mapping[str, Schema], path: tuple[str, ...]) -> Schema:
    """A copy of one schema node, and of all below it, in strict form. `path`: the definitions being inlined."""
    reference = node.get("$ref")
    if isinstance(reference, str) and len(node) > 1:
        if reference in path:
            return {"$ref": reference}
        target = definitions[reference.removeprefix(_DEFS)]
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _closed({**target, **beside}, definitions, (*path, reference))
    closed: Schema = {}
    for key, value in node.items():
        if key in _NAMED and isinstance(value, dict):
            closed[key] = {name: _closed(child, definitions, path) for name, child in value.items()}
        elif key in _LISTED and isinstance(value, list):
            closed[key] = [_closed(child, definitions, path) for child in value]
        elif key in _SINGLE and isinstance(value, dict):
            closed[key] = _closed(value, definitions, path)
        elif key == "const":
            closed["enum"] = [value]
        elif key != "title":
            closed[key] = value
    properties = closed.get("properties")
    if isinstance(properties, dict):
        closed["required"] = list(properties)
        closed.setdefault("additionalProperties", False)
    return closed


def _without_unused(schema: Schema) -> Schema:
    """The schema without the definitions that inlining left unused."""
    definitions = schema.pop("$defs", None)
    if not isinstance(definitions, dict):
        return schema
    needed: dict[str, object] = {}
    waiting = _references(schema)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = definitions[name]
            waiting |= _references(definitions[name])
    return {**schema, "$defs": {name: needed[name] for name in definitions if name in needed}} if needed else schema


def _references(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].removeprefix(_DEFS)} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()


def _refusals(node: Mapping[str, object], place: str) -> Iterator[tuple[str, str]]:
    yield from ((place, reason) for keyword, reason in REFUSED.items() if keyword in node)
    if node.get("additionalProperties", False) is not False:
        yield place, "is a mapping or takes unknown keys (additionalProperties); use a list of objects"
    elif node.get("type") == "object" and not node.get("properties"):
        yield place, "is an object without fields"
    if not any(key in node for key in ("type", "$ref", "enum", *_LISTED)):
        yield place, "takes any value; give it a type"
    if node.get("type") == "array" and not node.get("items") and "prefixItems" not in node:
        yield place, "is a list of anything; give its items a type"
    for child_place, child in _children(node, place):
        yield from _refusals(child, child_place)


def _left_out(raw: Mapping[str, object], place: str) -> Iterator[tuple[str, str]]:
    """Fields with a default factory: pydantic's own schema shows them only as not required."""
    properties, required = raw.get("properties"), raw.get("required", [])
    if isinstance(properties, dict) and isinstance(required, list):
        for name, child in properties.items():
            if name not in required and "default" not in child:
                yield f"{place}.{name}", "may be left out; every field must be given by the model"
    for child_place, child in _children(raw, place):
        yield from _left_out(child, child_place)


def _children(node: Mapping[str, object], place: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    for key, value in node.items():
        if key == "properties" and isinstance(value, dict):
            yield from ((f"{place}.{name}", child) for name, child in value.items())
        elif key == "$defs" and isinstance(value, dict):
            yield from value.items()
        elif key in _LISTED and isinstance(value, list):
            yield from ((place, child) for child in value)
        elif key == "items" and isinstance(value, dict) and value:
            yield f"{place}[]", value
