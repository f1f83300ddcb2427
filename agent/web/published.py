"""What is published: the site's files by their exact names, and the documents behind them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from agent.errors import AssessorError, InvalidInput, NotFound, StorageFailed
from agent.publishing.files import FILES
from agent.registry.published_file import read_assessment
from agent.registry.site import address
from agent.registry.site.pages import withdrawn_words
from agent.schemas.record import PublishedAssessment
from agent.store.publications import PublicationRow
from agent.web.desk import desk_of
from agent.web.pages import page
from agent.web.site import POLICY, TYPES, policy_of
from agent.web.visitor import Visitor

PREFIX = "/published/"
AS_APPROVED = "as-approved"
"""In the query of a page that was withdrawn: its bytes, which stay as they were approved."""
AGAIN_S = 3
"""Seconds after which a page that is being made is asked for again."""
router = APIRouter(include_in_schema=False)


def address_of(row: PublicationRow) -> str:
    """Where the page of a version is served."""
    return f"{PREFIX}{address.link(address.version_page(f'{row.slug}/v{row.version}').removesuffix(address.INDEX))}"


def document_of(row: PublicationRow) -> PublishedAssessment:
    """The document of a version, held against the hash it was published with. Raises StorageFailed."""
    try:
        document = read_assessment(Path(row.path))
    except (NotFound, InvalidInput) as error:
        raise _lost(row) from error
    if document.revision != row.revision:
        raise StorageFailed(f"The files of {row.words} are of another revision.")
    return document


@router.get("/published")
def folder() -> Response:
    """The links of a site are relative to its folder."""
    return RedirectResponse(PREFIX, status_code=308)


@router.get("/published/{path:path}")
def published(request: Request, path: str) -> Response:
    """A file of the site, by its exact name; of a folder its `index.html`. A page that was withdrawn says so first, and
    has its approved bytes at `?as-approved`; one that is not built yet is 503."""
    desk = desk_of(request)
    visitor = desk.visitor(request)
    rows = desk.engine.stores.publications.done()
    site = desk.site.present if desk.site is not None else None
    if f"{path}/{address.INDEX}" in (_names(rows) if site is None else _names(rows) | site.names):
        return RedirectResponse(f"{PREFIX}{address.link(path)}/", status_code=308)
    name = f"{path}{address.INDEX}" if path == "" or path.endswith("/") else path
    row = next((row for row in rows if name in _files(row)), None)
    withdrawn = row.withdrawn if row is not None else None
    if (
        row is not None
        and withdrawn is not None
        and name.endswith(address.INDEX)
        and AS_APPROVED not in request.query_params
    ):
        said = withdrawn_words(withdrawn)
        return page(request, "withdrawn.html.j2", visitor=visitor, row=row, said=said, as_approved=f"?{AS_APPROVED}")
    content, kind = None if site is None else site.read(name), TYPES.get(Path(name).suffix)
    if content is None or kind is None:
        # A site that came since is not asked again here; it is when the page looks again.
        settled = desk.site is None or (desk.site.is_current and desk.site.present is site)
        if name in _names(rows) and not settled:
            return _making(request, visitor)
        raise _missing(rows, row)
    policy = policy_of(content) if kind.startswith("text/html") else POLICY.format(scripts="")
    headers = {"content-security-policy": policy, "x-frame-options": "DENY", "cache-control": "private, no-cache"}
    if withdrawn is not None:
        headers["x-withdrawn"] = withdrawn.withdrawn_at
    return Response(content, media_type=kind, headers=headers)


def _names(rows: Collection[PublicationRow]) -> frozenset[str]:
    """Names of pages and files that a site of these has, as far as they are told by the publications alone."""
    found = {address.INDEX, address.METHOD, address.COMPARE, address.DATA} if rows else set()
    for row in rows:
        found |= _files(row)
        found |= {address.role_page(row.slug), address.history_page(row.slug), address.next_page(row.slug)}
    return frozenset(found)


def _files(row: PublicationRow) -> frozenset[str]:
    return frozenset(address.version_file(row.slug, row.version, name) for name in FILES)


def _making(request: Request, visitor: Visitor) -> Response:
    answer = page(request, "making.html.j2", visitor=visitor, status=503, again_s=AGAIN_S)
    answer.headers["retry-after"] = str(AGAIN_S)
    return answer


def _missing(rows: Collection[PublicationRow], row: PublicationRow | None) -> AssessorError:
    """Why there is nothing at a name, of a site that is built."""
    if row is not None:
        return _lost(row)
    return NotFound("Nothing is published at this address." if rows else "Nothing is published yet.")


def _lost(row: PublicationRow) -> StorageFailed:
    return StorageFailed(
        f"The files of {row.words} are missing or not what was published.",
        hint="`assess-role verify` on the server says what is wrong.",
    )
