"""What is published: the site's files by their exact names, and the documents behind them."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from agent.errors import InvalidInput, NotFound, StorageFailed
from agent.registry.published_file import read_assessment
from agent.registry.site import address
from agent.schemas.record import PublishedAssessment
from agent.store.publications import PublicationRow
from agent.web.desk import desk_of
from agent.web.site import POLICY, TYPES, policy_of

PREFIX = "/published/"
router = APIRouter(include_in_schema=False)


def address_of(row: PublicationRow) -> str:
    """Where the page of a version is served."""
    return f"{PREFIX}{address.link(address.version_page(f'{row.slug}/v{row.version}').removesuffix(address.INDEX))}"


def document_of(row: PublicationRow) -> PublishedAssessment:
    """The document of a version, held against the hash it was published with. Raises StorageFailed."""
    try:
        document = read_assessment(Path(row.path))
    except (NotFound, InvalidInput) as error:
        raise StorageFailed(
            f"The files of {row.words} are missing or not what was published.",
            hint="`assess-role verify` on the server says what is wrong.",
        ) from error
    if document.revision != row.revision:
        raise StorageFailed(f"The files of {row.words} are of another revision.")
    return document


@router.get("/published")
def folder() -> Response:
    """The links of a site are relative to its folder."""
    return RedirectResponse(PREFIX, status_code=308)


@router.get("/published/{path:path}")
def published(request: Request, path: str) -> Response:
    """A file of the site, by its exact name; of a folder its `index.html`."""
    desk = desk_of(request)
    desk.visitor(request)
    site = desk.site.present if desk.site is not None else None
    if site is None:
        raise NotFound("Nothing is published yet, or the pages are still being made.", hint="Try again in a moment.")
    if f"{path}/{address.INDEX}" in site.names:
        return RedirectResponse(f"{PREFIX}{address.link(path)}/", status_code=308)
    name = f"{path}{address.INDEX}" if path == "" or path.endswith("/") else path
    content, kind = site.read(name), TYPES.get(Path(name).suffix)
    if content is None or kind is None:
        raise NotFound("Nothing is published at this address.")
    policy = policy_of(content) if kind.startswith("text/html") else POLICY.format(scripts="")
    headers = {"content-security-policy": policy, "x-frame-options": "DENY", "cache-control": "private, no-cache"}
    return Response(content, media_type=kind, headers=headers)
