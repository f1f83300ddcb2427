"""Judging by the connected model: how many calls that takes, and the budget it is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from agent.errors import NeedsModel
from agent.llm.budget import TokenBook
from agent.llm.recorded import THREE_WAYS
from agent.settings import read_settings
from agent.workflow.engine import connection
from evals.judges.sheet import read_sheet
from evals.suites.context import JUDGED, Context, Mode, load_context

MARGIN = 2
"""How often what the recorded answers cost the budget holds, unless one is given."""
LEAST_TOKENS = 100_000


class Plan(NamedTuple):
    """What judging anew takes, by what it took when it was recorded."""

    calls: int
    tokens: int


def plan(names: Sequence[str], folder: Path = JUDGED) -> Plan:
    """For these suites; one without recorded answers asks no judge or was never recorded, and counts nothing. Raises
    InvalidInput for a file that is not whole."""
    files = [folder / f"{name}.json" for name in names]
    answers = [answer for file in files if file.is_file() for answer in read_sheet(file).answers]
    return Plan(len(answers), sum(answer.input_tokens + answer.output_tokens for answer in answers))


def connected(names: Sequence[str], max_tokens: int | None, *, say: Callable[[str], None]) -> Context:
    """The context with the connected model as judge; `say` is told how many calls that will be and their budget.
    Nothing is asked yet. Raises NeedsModel when no model is configured, Prerequisite for half a configuration."""
    settings = read_settings()
    connect = connection(settings)
    if connect is None:
        raise NeedsModel("--live takes a connected model, and none is configured.", hint=THREE_WAYS)
    needed = plan(names)
    budget = max_tokens or max(LEAST_TOKENS, MARGIN * needed.tokens)
    where = settings.base_url or "OpenAI"
    say(
        f"Live: about {needed.calls} calls to {settings.model_name} at {where}, an answer that does not fit is asked "
        f"for once more; at most {budget:,} tokens together (--max-tokens)."
    )
    return load_context(mode=Mode.LIVE, model=connect(TokenBook(budget)))
