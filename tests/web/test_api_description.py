"""The OpenAPI description against the application: what it promises is what comes, whatever is sent."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
import schemathesis
from factories_web import Stock, Web, open_web
from factories_workflow import copy_home
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.errors import SchemathesisError
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

EXAMPLES = 4
"""Requests of either kind an operation."""
CHECKS = [
    *(not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance),
    *(negative_data_rejection, unsupported_method),
]
"""That data which fits the description may still be refused, by a rule that no schema can say, is no failure here."""


@pytest.fixture(scope="module")
def served(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with open_web(copy_home(stock.home, tmp_path_factory.mktemp("described") / "home")) as web:
        yield web


def operations(web: Web) -> list[APIOperation[Any, Any, Any, Any]]:
    """Every operation of the description, on the application that runs already."""

    async def running(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await web.app(scope, receive, send)

    description = schemathesis.openapi.from_asgi("/api/openapi.json", running)
    return [found.ok() for found in description.get_all_operations()]


def sent(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> Iterator[Case]:
    """A few requests that fit the description, or do not."""
    cases: list[Case] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        cases.append(case)

    collect()
    yield from cases


def test_answers_are_those_of_the_description_and_none_is_a_fault(served: Web, stock: Stock) -> None:
    token = {"authorization": f"Bearer {served.script('Ben').headers['authorization'].split()[1]}"}
    calls = {"fits": 0, "fits not": 0}
    answered = set()
    for operation in operations(served):
        for case in sent(operation, GenerationMode.POSITIVE):
            # What is drawn names nothing that there is; what there is has to be drawn too.
            if case.path_parameters and "assessment" in case.path_parameters and calls["fits"] % 2:
                case.path_parameters["assessment"] = stock.other
                if isinstance(case.body, dict) and "revision" in case.body and calls["fits"] % 4 == 1:
                    case.body["revision"] = served.desk.stores.assessments.revisions(stock.other)[-1].hash
            answer = case.call_and_validate(headers=token, checks=CHECKS)
            calls["fits"] += 1
            answered.add(answer.status_code)
        try:
            for case in sent(operation, GenerationMode.NEGATIVE):
                case.call_and_validate(headers=token, checks=CHECKS)
                calls["fits not"] += 1
        except SchemathesisError:
            # There is nothing that could be wrong with a call without parameters.
            assert not operation.body and not operation.path_parameters and not operation.query
        served.worker.settle()
    assert calls["fits"] >= 14 * 2 and calls["fits not"] >= 10 * 2
    assert {200, 404, 422} <= answered


def test_nothing_is_reachable_without_a_token(served: Web) -> None:
    for operation in operations(served):
        for case in list(sent(operation, GenerationMode.POSITIVE))[:2]:
            case.cookies.clear()
            for name in ("Authorization", "authorization", "X-CSRF"):
                case.headers.pop(name, None)
            answer = case.call()
            assert (answer.status_code, answer.json()["error"]["kind"]) == (401, "forbidden"), operation.label
