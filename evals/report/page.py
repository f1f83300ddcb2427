"""The report as a page: one file, no request, no script. Autoescape is on; the template holds the only markup."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent.schemas.text import without_controls
from evals.report import words
from evals.report.amiss import amiss
from evals.report.shape import Report


def page(report: Report) -> str:
    """The whole page."""
    controls = [line for line in report.verdicts if line.control]
    template = _environment().get_template("report.html.j2")
    return template.render(report=report, amiss=amiss(report.verdicts), controls=controls, words=words) + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: without_controls(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
