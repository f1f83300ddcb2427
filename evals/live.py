"""Judging by the connected model: how many calls that takes, and the budget it is held to."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from agent.errors import NeedsModel
from agent.llm.budget import TokenBook
from agent.llm.recorded import THREE_WAYS
from agent.settings import read_settings
from agent.workflow.engine import connection
from evals.running import SUITES
from evals.suites.context import Context, Mode, load_context

TOKENS_A_CALL = 10_000
"""What the budget holds for each call, unless one is given: the longest prompts of a judge take about half of it."""


def planned_calls(names: Sequence[str], context: Context) -> int:
    """The most answers of a judge that these suites take; a suite without judged cases takes none."""
    found = (getattr(importlib.import_module(SUITES[name]), "cases", None) for name in names)
    return sum(case.calls for cases in found if cases is not None for case in cases(context))


def connected(names: Sequence[str], max_tokens: int | None, *, say: Callable[[str], None]) -> Context:
    """The context with the connected model as judge; `say` is told how many calls that will be and their budget.
    Nothing is asked yet. Raises NeedsModel when no model is configured, Prerequisite for half a configuration."""
    settings = read_settings()
    connect = connection(settings)
    if connect is None:
        raise NeedsModel("--live takes a connected model, and none is configured.", hint=THREE_WAYS)
    calls = planned_calls(names, load_context())
    budget = max_tokens or TOKENS_A_CALL * max(calls, 1)
    say(
        f"Live: at most {calls} calls to {settings.model_name} at {settings.base_url or 'OpenAI'}, each asked once more "
        f"if its answer does not fit, and at most {budget:,} tokens together (--max-tokens)."
    )
    return load_context(mode=Mode.LIVE, model=connect(TokenBook(budget)))
