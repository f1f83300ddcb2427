"""Published pages for tests of the command line, and what somebody may do to one who knows its format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.schemas.assessment import Assessment
from agent.schemas.base import content_hash
from agent.schemas.scored import Override
from agent.scoring import score

Document = dict[str, Any]
Change = Callable[[Document], None]


def document_of(page: Path) -> Document:
    document = json.loads(page.read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def forge(page: Path, change: Change) -> None:
    """Change the content and state its new hash everywhere, as somebody would who knows the format."""
    document = document_of(page)
    change(document["assessment"])
    revision = content_hash(document["assessment"])
    document["revision"] = document["record"]["revision"] = revision
    document["record"]["decisions"][-1]["revision"] = revision
    if document["assessment"]["result"]:
        document["record"]["final_score"] = document["assessment"]["result"]["score"]
    page.write_text(json.dumps(document), encoding="utf-8")


def overridden(quote: str | None, by: float) -> Change:
    """An override of the score with a citation of the page's first source; its own first words without a quote."""

    def change(content: Document) -> None:
        value, reason = round(content["result"]["formula_score"] + by, 1), "The survey postdates the postings."
        source = content["sources"][0]
        words = quote or " ".join(source["text"].split()[:8]).rstrip(".,;:")
        content["override"] = {
            "score": value,
            "reason": reason,
            "citations": [{"passage": source["passage"], "quote": words, "as_drafted": None}],
        }
        scored = Assessment.model_validate({**content, "override": None}).inputs.scored()
        if by <= 5:
            result = score(scored, override=Override(score=value, reason=reason))
            content["result"] = result.model_dump(mode="json", by_alias=True)

    return change
