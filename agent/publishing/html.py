"""The page as HTML. Autoescape is on for everything; templates hold the only markup."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from agent.publishing import words
from agent.publishing.view import PageView
from agent.schemas.text import without_controls


def html(page: PageView) -> str:
    """The whole page: one file, no script, no request."""
    return _environment().get_template("page.html.j2").render(page=page) + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("agent.publishing", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Globals, because a macro that is imported sees nothing else of the page's context.
    environment.globals["words"] = words
    return environment


def _printable(value: object) -> object:
    """Text without control characters. Markup is left as it is: only templates make it."""
    return without_controls(value) if type(value) is str else value
