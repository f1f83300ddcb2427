"""The page as HTML. Autoescape is on for everything; templates hold the only markup."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from agent.publishing import words
from agent.publishing.view import PageView
from agent.schemas.text import without_controls


def html(page: PageView) -> str:
    """The whole page: one file, no request, and one script of our own that the page is complete without."""
    return _environment().get_template("page.html.j2").render(page=page) + "\n"


def script() -> str:
    """The page's one script, as it stands between its tags."""
    return "\n" + files("agent.publishing").joinpath("templates", "personal.js").read_text(encoding="utf-8")


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
    # A text that is included as a template would be read for its braces; the hash is of the very bytes.
    environment.globals["script"] = script()
    environment.globals["script_hash"] = "sha256-" + b64encode(hashlib.sha256(script().encode()).digest()).decode()
    return environment


def _printable(value: object) -> object:
    """Text without control characters. Markup is left as it is: only templates and our own script make it."""
    return without_controls(value) if type(value) is str else value
