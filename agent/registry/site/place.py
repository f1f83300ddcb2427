"""A site on its way to its folder: written beside it, then put there by renaming."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from agent.errors import Conflict, StorageFailed

MARKER = ".assess-role-site"
"""Lists the files of a site, and tells it from any other folder."""
FORMAT = "assess-role/site/1"
LOCK_WAIT_S = 30
HINT = "Build into another folder, which may be new: `assess-role site build DIR`."


def place_site(target: Path, files: Mapping[str, bytes], *, locks: Path) -> None:
    """Put a site of these files into `target`, in the place of an earlier one; `locks` is the home's lock folder.

    Raises Conflict when `target` is something else than a new or empty folder or an earlier site, or holds files that
    no build wrote; StorageFailed when it cannot be written: then what stood there still stands.
    """
    try:
        target = target.resolve()
        locks.mkdir(parents=True, exist_ok=True)
        with FileLock(locks / "site.lock", timeout=LOCK_WAIT_S):
            check_target(target)
            _replace(target, files)
    except Timeout as error:
        raise Conflict(f"Another process has been building a site for more than {LOCK_WAIT_S} s.") from error
    except OSError as error:
        raise StorageFailed(
            f"The site cannot be written to {target}: {error.strerror or error}.",
            hint="Free space or make the folder that holds it writable, or build into another one.",
        ) from error


def check_target(target: Path) -> None:
    """Raises Conflict when a site may not be put to `target`; see `place_site`."""
    if not target.exists():
        return
    if not target.is_dir():
        raise Conflict(f"{target} is no folder; expected a new one or an earlier site.", hint=HINT)
    marker = target / MARKER
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    if not found and not any(target.iterdir()):
        return
    if not marker.is_file():
        raise Conflict(
            f"{target} is not empty and no earlier site: it has no file {MARKER}. Nothing was written.", hint=HINT
        )
    form, *ours = marker.read_text(encoding="utf-8", errors="replace").split("\n")
    if form != FORMAT:
        raise Conflict(f"{target} is a site of the format {form!r}, expected {FORMAT!r}.", hint=HINT)
    others = sorted(found - {MARKER, *ours})
    if others:
        count = f" and {len(others) - 3} more" if len(others) > 3 else ""
        raise Conflict(
            f"{target} holds files that no build wrote: {', '.join(others[:3])}{count}. Nothing was written.",
            hint="Move them away, or build into another folder and copy from there.",
        )


def _replace(target: Path, files: Mapping[str, bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}.new-*"):
        # What a killed build left.
        shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    former = draft / "former"
    try:
        # The temporary folder itself is closed to others, and a site is there to be read.
        site = draft / "site"
        _write(site, {**files, MARKER: "\n".join([FORMAT, *sorted(files), ""]).encode("utf-8")})
        if target.exists():
            target.rename(former)
        try:
            site.rename(target)
        except OSError:
            if former.exists():
                former.rename(target)
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(site: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        file = site / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
