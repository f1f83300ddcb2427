"""The page exactly as it will be published, for a frame beside the decision."""

from __future__ import annotations

import re

from agent.errors import NotPublishable
from agent.publishing import render_html
from agent.store.reviews import ReviewRow
from agent.web.desk import Desk
from agent.workflow.publication import preview_record

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


def as_published(desk: Desk, review: ReviewRow) -> tuple[str, str]:
    """The page and the policy that its own head gives, closed to every site but this one.

    Raises NotPublishable without a score.
    """
    content = desk.service.revision(review.assessment, review.revision)
    if content.result is None:
        raise NotPublishable("The revision has no score, so that there is no page.")
    text = render_html(content, preview_record(desk.engine.bench, review.assessment, content))
    found = _POLICY.search(text)
    own = found.group(1).replace("&#39;", "'") if found else "default-src 'none'"
    return text, f"{own}; frame-ancestors 'self'; sandbox allow-scripts"
