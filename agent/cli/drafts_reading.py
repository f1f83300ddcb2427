"""How far independent drafts agree, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from agent.publishing.drafts import drafts_view
from agent.schemas.assessment import Assessment
from agent.schemas.text import one_line


def draft_lines(content: Assessment) -> Iterator[str]:
    """The sentences, a line a draft, then a line for each input that the drafts do not say the same of. With one draft
    the sentence that no interval is known."""
    view = drafts_view(content)
    yield from view.sentences
    for draft in view.drafts:
        parts = f"  ({draft.parts})" if draft.parts else ""
        yield f"  draft {draft.number}: {draft.score}  {one_line(draft.label)}{parts}"
    for row in view.spreads:
        mark = f"; {row.mark}" if row.mark else ""
        yield f"  {one_line(row.name)}: {', '.join(row.values)}{mark}"
