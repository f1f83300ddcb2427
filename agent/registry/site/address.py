"""Where things stand in a site, and the public address of all of it."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from agent.errors import InvalidInput

INDEX = "index.html"
METHOD = "methodology.html"
COMPARE = "compare/index.html"
DATA = "data/index.html"
SCHEMA = "assessment.schema.json"
EXPORT_SCHEMA = "export.schema.json"
SITEMAP = "sitemap.xml"
FEED = "feed.atom"


def role_page(slug: str) -> str:
    """The newest version of a role that stands."""
    return f"roles/{slug}/index.html"


def history_page(slug: str) -> str:
    """All versions of a role."""
    return f"roles/{slug}/history.html"


def next_page(slug: str) -> str:
    """Where to look next from a role, and every other role beside it."""
    return f"roles/{slug}/next.html"


def compare_page(before: str, after: str) -> str:
    """The way from one role to another. A slug has no two hyphens in a row, so that every pair has its own name."""
    return f"compare/{before}--{after}.html"


def data_file(name: str) -> str:
    """A file with tables of everything that the site shows."""
    return f"data/{name}"


def version_page(folder: str) -> str:
    """The page of one version by its folder below the publish folder, `SLUG/vN`."""
    return f"roles/{folder}/index.html"


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
