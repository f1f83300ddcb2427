"""Where things stand in a site, and the public address of all of it."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from agent.errors import InvalidInput

INDEX = "index.html"
METHOD = "methodology.html"
SCHEMA = "assessment.schema.json"
SITEMAP = "sitemap.xml"
FEED = "feed.atom"


def role_page(slug: str) -> str:
    """The newest version of a role."""
    return f"roles/{slug}/index.html"


def history_page(slug: str) -> str:
    """All versions of a role."""
    return f"roles/{slug}/history.html"


def version_file(slug: str, version: int, name: str = "index.html") -> str:
    """A published file of one version."""
    return f"roles/{slug}/v{version}/{name}"


def link(path: str, *, up: int = 0) -> str:
    """The reference to a path of the site from a page that stands `up` folders deep."""
    return "../" * up + quote(path)


def base_address(given: str) -> str:
    """The address of the site with a slash at its end. Raises InvalidInput for what is no address of a folder."""
    try:
        parts = urlsplit(given.strip())
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or parts.username is not None or not given.isprintable():
        raise InvalidInput(
            f"`--base-url` is {given!r}: expected the address of the site's folder, without query and fragment.",
            hint="For example: --base-url https://example.org/roles/",
        )
    return f"{parts.scheme}://{parts.netloc}{quote(parts.path.rstrip('/'), safe='/%')}/"
