"""The panel on where to look next, put into a copy of a published page; the approved page itself is left as it is."""

from __future__ import annotations

MARKER = b"<!-- site: panel -->"
"""Where the template of the published page leaves room. Outside text is escaped, so that none can be this."""


def with_panel(page: bytes, panel: bytes) -> bytes:
    """The page with the panel in the place of its marker; a page that has none, or several, is left as it is."""
    return page.replace(MARKER, panel.strip()) if page.count(MARKER) == 1 else page
