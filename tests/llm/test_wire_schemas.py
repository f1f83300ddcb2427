"""Strict schemas, and the linter that keeps wire models inside what strict mode takes."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Literal, Optional

import jsonschema
import pytest
from factories_llm import Verdict, a_verdict
from pydantic import BaseModel, ConfigDict, Field, RootModel

from agent.llm.wire import lint, strict_schema


class Bucket(StrEnum):
    """What AI does."""

    A = "a"
    B = "b"


class Leaf(BaseModel):
    text: str


class Clean(BaseModel):
    """A wire model with everything that is allowed."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    leaf: Leaf
    """The best one."""
    leaves: list[Leaf]
    many: tuple[Leaf, ...]
    bucket: Bucket
    """Which bucket."""
    kind: Literal["x"]
    maybe: int | None
    either: Leaf | Literal["none"]
    score: int = Field(ge=1, le=5)


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


def nodes(value: object) -> list[dict[str, object]]:
    if isinstance(value, dict):
        return [value, *(n for child in value.values() for n in nodes(child))]
    return [n for child in value for n in nodes(child)] if isinstance(value, list) else []


def a_model(annotation: object, **options: object) -> type[BaseModel]:
    return type("M", (BaseModel,), {"__annotations__": {"field": annotation}, **options})


def test_a_strict_schema_is_closed_and_requires_every_key() -> None:
    assert strict_schema(Verdict) == {
        "description": "A small wire model.",
        "type": "object",
        "properties": {
            "first_passage_id": {"type": "string"},
            "last_passage_id": {"type": "string"},
            "bucket": {"type": "string", "enum": ["displacement", "augmentation"]},
            "score": {"type": "integer"},
        },
        "required": ["first_passage_id", "last_passage_id", "bucket", "score"],
        "additionalProperties": False,
    }


def test_every_object_at_any_depth_is_closed_and_nothing_stands_beside_a_reference() -> None:
    schema = strict_schema(Clean)
    objects = [node for node in nodes(schema) if "properties" in node and node.get("type") == "object"]
    assert len(objects) >= 3
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])  # type: ignore[call-overload]
    assert all(set(node) == {"$ref"} for node in nodes(schema) if "$ref" in node)


def test_the_words_beside_a_reference_survive_inlining() -> None:
    properties = strict_schema(Clean)["properties"]
    assert properties["bucket"] == {"description": "Which bucket.", "enum": ["a", "b"], "type": "string"}  # type: ignore[index]
    assert properties["leaf"]["description"] == "The best one."  # type: ignore[index]


def test_definitions_that_nothing_refers_to_are_left_out() -> None:
    assert list(strict_schema(Clean)["$defs"]) == ["Leaf"]  # type: ignore[call-overload]


def test_a_strict_schema_is_a_json_schema_that_takes_the_models_own_values() -> None:
    schema = strict_schema(Verdict)
    jsonschema.Draft202012Validator.check_schema(strict_schema(Clean))
    jsonschema.validate(json.loads(a_verdict().model_dump_json()), schema)


def test_a_caller_cannot_change_the_schema_of_the_next_one() -> None:
    strict_schema(Verdict).clear()
    assert strict_schema(Verdict)["type"] == "object"


def test_a_model_that_holds_itself_has_a_finite_schema() -> None:
    class Tree(BaseModel):
        model_config = ConfigDict(use_attribute_docstrings=True)
        left: Optional[Tree]  # noqa: UP045
        """One side."""
        right: Tree
        """The other."""

    Tree.model_rebuild(_types_namespace={"Tree": Tree})
    assert "$ref" in json.dumps(strict_schema(Tree))
    assert all(set(node) == {"$ref"} for node in nodes(strict_schema(Tree)) if "$ref" in node)


def test_a_clean_model_has_no_findings() -> None:
    assert lint(Clean) == ()
    assert lint(Verdict) == ()


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (a_model(int, field=3), "M.field has a default"),
        (a_model(int | None, field=None), "M.field has a default"),
        (a_model(list[int], field=Field(default_factory=list)), "M.field may be left out"),
        (a_model(dict[str, int]), "M.field is a mapping"),
        (a_model(dict[Bucket, int]), "M.field is a mapping"),
        (a_model(tuple[int, str]), "(prefixItems)"),
        (a_model(set[int]), "(uniqueItems)"),
        (a_model(Any), "M.field takes any value"),
        (a_model(object), "M.field takes any value"),
        (a_model(list[Any]), "M.field is a list of anything"),
        (a_model(list), "M.field is a list of anything"),
        (a_model(Annotated[Cat | Dog, Field(discriminator="kind")]), "(oneOf)"),
        (a_model(Annotated[str, Field(min_length=1)]), "(minLength)"),
        (a_model(list[Annotated[str, Field(max_length=9)]]), "M.field[] restricts the length of a text (maxLength)"),
        (a_model(int, model_config=ConfigDict(extra="allow")), "takes unknown keys"),
        (a_model(type("Empty", (BaseModel,), {})), "Empty is an object without fields"),
        (RootModel[list[int]], "is not an object at the top"),
        (a_model(Annotated[int, Field(json_schema_extra={"allOf": [{"type": "integer"}]})]), "(allOf)"),
        (a_model(Annotated[int, Field(json_schema_extra={"not": {"const": 3}})]), "(not)"),
        (a_model(Annotated[int, Field(json_schema_extra={"if": {"const": 3}})]), "(if)"),
        (a_model(Annotated[int, Field(json_schema_extra={"patternProperties": {}})]), "(patternProperties)"),
        (a_model(Annotated[int, Field(json_schema_extra={"contains": {}})]), "(contains)"),
    ],
)
def test_a_construct_that_strict_mode_refuses_is_named_with_its_place(model: type[BaseModel], said: str) -> None:
    found = lint(model)
    assert len(found) == 1, found
    assert said in found[0]


def test_a_construct_in_a_nested_model_is_found() -> None:
    class Outer(BaseModel):
        inner: list[Leaf]
        named: dict[str, Leaf]

    class Top(BaseModel):
        outer: Outer

    assert lint(Top) == (
        "Outer.named is a mapping or takes unknown keys (additionalProperties); use a list of objects",
    )
