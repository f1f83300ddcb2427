"""Long work in a thread of its own, with what it does told to the client while the server goes on answering."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from anyio import to_thread

from agent.workflow.progress import Progress

Result = TypeVar("Result")
Report = Callable[[float, float | None, str | None], Awaitable[None]]
"""Called with how many steps were told, of how many (`None`: nobody knows), and the step in words."""


async def told(report: Report, work: Callable[[Progress], Result]) -> Result:
    """What `work` returns; each step that it tells, from any thread, is reported in order before that.

    A client that cancels is answered at once; the work itself goes on to its end, and what it stores is kept.
    """
    loop, steps = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def tell(step: str, detail: str) -> None:
        # Once the client has left there is no loop any more, and nobody to be told.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(steps.put_nowait, f"{step}: {detail}")

    teller = asyncio.create_task(_reported(report, steps))
    try:
        return await to_thread.run_sync(work, tell, abandon_on_cancel=True)
    finally:
        steps.put_nowait(None)
        await teller


async def _reported(report: Report, steps: asyncio.Queue[str | None]) -> None:
    count = 0
    while (words := await steps.get()) is not None:
        count += 1
        await report(count, None, words)
