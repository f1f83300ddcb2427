"""One published assessment as JSON, Markdown and a self-contained HTML page. The same content gives the same bytes."""

from __future__ import annotations

import json

from agent.publishing.markdown import markdown
from agent.publishing.view import page_view
from agent.schemas.assessment import Assessment
from agent.schemas.record import PublishedAssessment, ReviewRecord

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def render_json(assessment: Assessment, record: ReviewRecord) -> bytes:
    """The published document as UTF-8 JSON; `assess-role score` reads it and reproduces the score."""
    published = PublishedAssessment(revision=assessment.revision(), assessment=assessment, record=record)
    return _json(published.model_dump(mode="json", by_alias=True))


def json_schema() -> bytes:
    """The JSON schema of the published document, as it ships beside this module."""
    schema = PublishedAssessment.model_json_schema(by_alias=True, mode="serialization")
    return _json({"$schema": SCHEMA_ID, **schema})


def render_markdown(assessment: Assessment, record: ReviewRecord) -> str:
    """The page as Markdown; outside text is escaped, so that none of it becomes markup. Raises NotPublishable."""
    return markdown(page_view(assessment, record))


def render_html(assessment: Assessment, record: ReviewRecord) -> str:
    """The page as one HTML file, complete without its script. Raises NotPublishable without a score."""
    # Jinja is loaded when a page is written, not when a command starts.
    from agent.publishing.html import html

    return html(page_view(assessment, record))


def _json(document: dict[str, object]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
