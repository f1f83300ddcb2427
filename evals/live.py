"""Judging by the connected model: how many calls that takes, and the budget it is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.errors import NeedsModel
from agent.llm.budget import TokenBook
from agent.llm.recorded import THREE_WAYS
from agent.llm.retry import RetryPolicy
from agent.settings import read_settings
from agent.workflow.engine import connection
from evals.judges import record
from evals.suites.context import Context, Mode, load_context

TOKENS_A_CALL = 10_000
"""What the budget holds for each call, unless one is given: the longest prompts of a judge take about half of it."""
REQUESTS_A_CALL = 2 * (1 + RetryPolicy.retries)
"""The most that one call can send: it may be asked once more, and each asking has its retries. What a server does not
take is refused before it works, which costs at most three requests for each call that is under way at the start."""


def connected(names: Sequence[str], max_tokens: int | None, *, say: Callable[[str], None]) -> Context:
    """The context with the connected model as judge; `say` is told how many calls that will be, how many requests they
    can come to, and their budget. Nothing is asked yet. Raises NeedsModel when no model is configured, Prerequisite for
    half a configuration."""
    settings = read_settings()
    connect = connection(settings)
    if connect is None:
        raise NeedsModel("--live takes a connected model, and none is configured.", hint=THREE_WAYS)
    judged = [name for name in names if name in record.SUITES]
    book = TokenBook()
    context = load_context(mode=Mode.LIVE, model=connect(book))
    calls = sum(record.planned_calls(context, judged).values())
    book.max_tokens = max_tokens or TOKENS_A_CALL * max(calls, 1)
    say(
        f"Live: at most {calls} calls to {settings.model_name} at {settings.base_url or 'OpenAI'}, each asked once "
        f"more if its answer does not fit; at most {calls * REQUESTS_A_CALL:,} requests with retries of a failing "
        f"endpoint, and at most {book.max_tokens:,} tokens together (--max-tokens)."
    )
    return context
