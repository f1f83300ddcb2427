"""Every test starts without a key, an endpoint or settings of the person who runs it, and with telemetry off."""

from __future__ import annotations

import gc
import os

import pytest
from running_order import place_of

OFF = {
    "ANONYMIZED_TELEMETRY": "False",
    "DEEPEVAL_DISABLE_DOTENV": "1",
    "DEEPEVAL_TELEMETRY_OPT_OUT": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "RAGAS_DO_NOT_TRACK": "true",
}
"""Read by the libraries when they are imported, also in the processes that tests start."""

os.environ.update(OFF)
for _name in tuple(os.environ):
    if _name.startswith(("OPENAI_", "ASSESS_ROLE_", "LANGSMITH_API", "LANGCHAIN_API", "OTEL_")):
        del os.environ[_name]

MEASURED = ("tests/scoring/", "tests/grounding/")
"""The tests that coverage is measured of, where it is measured. It slows down the others for nothing."""


def pytest_configure(config: pytest.Config) -> None:
    """Files are given to the processes in the order of the tests, and not those with many tests first."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests out of coverage that are not to give any, and begin with the longest files in several processes."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place_of(item.nodeid))
    for item in items:
        if not item.nodeid.startswith(MEASURED):
            item.add_marker(pytest.mark.no_cover)


def pytest_collection_finish() -> None:
    """What was loaded stays to the end: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
