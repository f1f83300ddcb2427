"""Templates of the review queue. Autoescape is on for everything; templates hold the only markup."""

from __future__ import annotations

from functools import lru_cache

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from agent.review.queue import look_first
from agent.schemas.text import without_controls
from agent.web.visitor import Visitor


def page(
    request: Request,
    template: str,
    /,
    *,
    visitor: Visitor | None = None,
    status: int = 200,
    **values: object,
) -> HTMLResponse:
    """A template as an answer. `visitor` is in every page: its forms carry the session's secret."""
    text = _environment().get_template(template).render(visitor=visitor, address=request.url.path, **values)
    return HTMLResponse(text + "\n", status_code=status)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("agent.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["look_first"] = look_first
    return made


def _printable(value: object) -> object:
    """Text without control characters."""
    return without_controls(value) if type(value) is str else value
