"""The site's templates. Autoescape is on for everything, also for XML; templates hold the only markup."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from agent.publishing import words
from agent.registry.site import address
from agent.schemas.text import without_controls

SCRIPTS = ("find", "pick")
"""Each inline in one page, which is complete without it."""
NO_CHARACTERS = {0xFFFE: None, 0xFFFF: None}
"""What XML does not have (XML 1.0, section 2.2), beside controls and surrogates."""


class Script(NamedTuple):
    """An inline script, and what a page's policy allows it by."""

    text: str
    hash: str


def rendered(template: str, **values: object) -> bytes:
    """A page or feed of the site, in UTF-8."""
    return (_environment().get_template(template).render(**values) + "\n").encode("utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        # The style sheet is that of the published page.
        loader=ChoiceLoader([PackageLoader("agent.registry.site"), PackageLoader("agent.publishing")]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "words": words,
        "address": address,
        "scripts": {name: _script(name) for name in SCRIPTS},
    }
    return environment


def _script(name: str) -> Script:
    # A script that is included as a template would be read for its braces; the hash is of the very bytes.
    text = "\n" + files("agent.registry.site").joinpath("templates", f"{name}.js").read_text(encoding="utf-8")
    digest = b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Script(text, f"sha256-{digest}")


def _printable(value: object) -> object:
    """Text that can stand in HTML and XML. Markup is left as it is: only templates and our own script make it."""
    return without_controls(value).translate(NO_CHARACTERS) if type(value) is str else value
