"""Where a newsletter stands on the web, and what in it tells who received it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from agent.evidence.formats.tree import Node

REMOVED = "[recipient]"
"""Stands where an address of a recipient stood."""

_IN_BROWSER = re.compile(
    r"\b(?:view|read|open|see)\b.{0,40}\b(?:browser|online|web|webpage|website)\b"
    r"|\b(?:im browser|online[ -](?:version|ansicht|lesen)|(?:web|online) version|dans (?:votre|le) navigateur"
    r"|version en ligne|en (?:el|tu|su) navegador|nel browser|in (?:je|uw) browser|no (?:seu )?navegador)\b"
    r"|ブラウザ|浏览器|瀏覽器",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>\"'\])]+", re.IGNORECASE)
_PERSONAL = re.compile(
    r"utm_\w+|mc_[ce]id|e|_hs\w+|mkt_tok|ck_subscriber_id|subscriber_id|email|fbclid|gclid|token|r", re.IGNORECASE
)
_LONGEST_LABEL = 80


def browser_address(root: Node, recipients: Iterable[str]) -> str | None:
    """The address behind the message's "view in browser" link."""
    links = (node for node in root.elements() if node.tag == "a" and "href" in node.attributes)
    for link in links:
        label = link.text()
        if len(label) <= _LONGEST_LABEL and _IN_BROWSER.search(label):
            address = usable_address(link.attributes["href"], recipients)
            if address is not None:
                return address
    return None


def browser_address_in_text(text: str, recipients: Iterable[str]) -> str | None:
    """The address that stands on a "view in browser" line of a plain message, or on the line after it."""
    lines = [line for line in text.split("\n") if line.strip()]
    for number, line in enumerate(lines):
        if len(_ADDRESS.sub("", line)) <= _LONGEST_LABEL and _IN_BROWSER.search(_ADDRESS.sub("", line)):
            found = _ADDRESS.search(" ".join(lines[number : number + 2]))
            return usable_address(found.group(), recipients) if found else None
    return None


def usable_address(address: str, recipients: Iterable[str]) -> str | None:
    """An http or https address without what tracks its reader; None when it still names a recipient."""
    try:
        parts = urlsplit(address.strip())
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
            return None
    except ValueError:
        return None
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _is_personal(name)]
    plain = urlunsplit((parts.scheme.lower(), parts.netloc, parts.path, urlencode(kept), ""))
    is_whole = len(plain) <= 2000 and not re.search(r"\s", plain)
    return plain if is_whole and without_recipients(plain, recipients) == plain else None


def without_recipients(text: str, recipients: Iterable[str]) -> str:
    """`text` with every recipient's address replaced, also where it is quoted for use in an address of the web."""
    forms: set[str] = set()
    for recipient in recipients:
        forms |= {recipient, quote(recipient, safe=""), quote(recipient, safe="@"), recipient.replace("@", "=")}
    if not forms:
        return text
    # The longest first: one address may end in another.
    pattern = "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
    return re.sub(pattern, REMOVED, text, flags=re.IGNORECASE)


def _is_personal(name: str) -> bool:
    return _PERSONAL.fullmatch(name) is not None
