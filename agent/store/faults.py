"""A full disk or a folder without permission, met outside the store's own transactions."""

from __future__ import annotations

import errno
import sqlite3

from agent.errors import StorageFailed

_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO})


def storage_failure(error: OSError | sqlite3.Error) -> StorageFailed | None:
    """The error as one a user can act on; `None` for a bug."""
    if isinstance(error, sqlite3.Error):
        from pathlib import Path

        from agent.store.sqlite import storage_failure as of_driver

        return of_driver(error, Path("checkpoints.sqlite")) if isinstance(error, sqlite3.DatabaseError) else None
    if error.errno not in _DISK:
        return None
    return StorageFailed(
        f"{error.filename or 'A file of the home folder'} cannot be used: {error.strerror or error}.",
        hint="Free some space or make the folder writable, or choose another one with ASSESS_ROLE_HOME; "
        "a run that had begun goes on with `assess-role resume`.",
    )
