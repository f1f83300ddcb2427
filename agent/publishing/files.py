"""Approved content to files: everything is written beside its place and put there by one rename."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from agent.errors import Conflict, NotPublishable, StorageFailed
from agent.grounding.quotes import locate
from agent.publishing.page import render_html, render_json, render_markdown
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Citation
from agent.schemas.finding import Tier
from agent.schemas.places import placed_claims
from agent.schemas.record import ReviewRecord

FILES = ("assessment.json", "assessment.md", "index.html")


def publish_files(assessment: Assessment, record: ReviewRecord, path: str | Path) -> Path:
    """Write the three files of a publication to the new folder `path`, `…/slug/vN`; doing it twice changes nothing.

    Raises Conflict when the record is of another revision or other files stand at `path`, NotPublishable when the
    content has no score, a BLOCK finding or a quote that does not stand in its passage, StorageFailed when the files
    cannot be written.
    """
    _check(assessment, record)
    target = Path(path)
    return _place(
        target,
        {
            "assessment.json": render_json(assessment, record),
            "assessment.md": render_markdown(assessment, record).encode("utf-8"),
            "index.html": render_html(assessment, record).encode("utf-8"),
        },
    )


def file_hashes(folder: str | Path) -> dict[str, str]:
    """`sha256:` and 64 hex digits over the bytes of each file of a publication, by name."""
    return {name: bytes_hash((Path(folder) / name).read_bytes()) for name in FILES}


def bytes_hash(content: bytes) -> str:
    """`sha256:` and 64 hex digits over the bytes of a published file."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def write_publication(folder: Path, slug: str, version: int, files: Mapping[str, bytes]) -> Path:
    """Write `files` to `folder/slug/vN` and return that folder; identical files that stand there are left alone.

    Raises Conflict when anything else stands there, StorageFailed when it cannot be written: then nothing is left.
    """
    return _place(folder / slug / f"v{version}", files)


def _place(target: Path, files: Mapping[str, bytes]) -> Path:
    try:
        if target.exists():
            return _same(target, files)
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f".{target.name}-*"):
            # What a killed process left of this very publication; its assessment's lock is ours.
            shutil.rmtree(left, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            for name, content in files.items():
                _write(draft / name, content)
            draft.chmod(0o755)
            _rename(draft, target, files)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _sync(target.parent)
    except OSError as error:
        raise StorageFailed(
            f"The page cannot be written to {target}: {error.strerror or error}.",
            hint="Free space or make the folder writable, or choose another with --publish-dir, then resume.",
        ) from error
    return target


def _rename(draft: Path, target: Path, files: Mapping[str, bytes]) -> None:
    try:
        draft.rename(target)
    except OSError:
        # Another process may have put the same publication there in the meantime.
        if not target.exists():
            raise
        _same(target, files)


def _same(target: Path, files: Mapping[str, bytes]) -> Path:
    found = {file.name: file.read_bytes() for file in target.iterdir()} if target.is_dir() else {}
    if found != dict(files):
        raise Conflict(
            f"Other files stand at {target} than the approved content; a published version is never overwritten.",
            hint="Move that folder away or choose another with --publish-dir, then resume.",
        )
    return target


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def _sync(folder: Path) -> None:
    """Make the rename itself durable, where folders can be synced."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _check(assessment: Assessment, record: ReviewRecord) -> None:
    revision = assessment.revision()
    if record.revision != revision:
        raise Conflict(
            f"The record is of revision {record.revision}, the content is {revision}; nothing was published."
        )
    blocked = [finding.id for finding in assessment.guard.findings if finding.tier is Tier.BLOCK]
    if blocked:
        raise NotPublishable(f"Revision {revision} carries {len(blocked)} BLOCK findings, the first is {blocked[0]}.")
    texts = {source.passage: source.text for source in assessment.sources}
    for citation in _citations(assessment):
        if locate(citation.quote, texts.get(citation.passage, "")) is None:
            raise NotPublishable(f'The quote "{citation.quote}" does not stand in passage {citation.passage}.')


def _citations(assessment: Assessment) -> list[Citation]:
    placed = placed_claims(assessment.inputs, assessment.commentary, assessment.lens)
    found = [citation for claim in placed for citation in claim.claim.citations]
    return found + (list(assessment.override.citations) if assessment.override else [])
