"""The site of `assess-role site build` as the server keeps it: in the home, built anew whenever it is out of date.

A site stands in a folder named by what it was built from, so that the one before it is served until the next is whole.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from agent.registry.site.build import site_files
from agent.registry.site.compared import compare_roles
from agent.registry.site.place import FORMAT, MARKER, place_site
from agent.registry.site.versions import read_registry
from agent.schemas.base import Value, canonical_json
from agent.settings import Settings
from agent.store.publications import PublicationRow
from agent.store.task_mappings import TaskMappingStore
from agent.workflow.comparing import open_comparer
from agent.workflow.wiring import Stores

LOG = logging.getLogger("assess-role")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
}
"""Of everything that a site holds."""
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; {scripts}base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What a page may do: what its own policy says, and to stand in no frame."""
_META = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_SCRIPT = re.compile(r"'sha256-[A-Za-z0-9+/]{43}='")
_HEAD = 4000
"""Bytes of a page in which its own policy stands."""
_NAME = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Built:
    """A site that stands, and every name in it: nothing else is served."""

    folder: Path
    names: frozenset[str]

    @classmethod
    def at(cls, folder: Path) -> Built | None:
        """The site in a folder, or `None` where there is none that is whole."""
        try:
            form, *names = (folder / MARKER).read_text(encoding="utf-8").split("\n")
        except OSError:
            return None
        return cls(folder, frozenset(name for name in names if name)) if form == FORMAT else None

    def read(self, name: str) -> bytes | None:
        """The bytes of a file by its exact name; `None` for every other name, and for what a link leads to."""
        if name not in self.names:
            return None
        file = self.folder / name
        try:
            if file.resolve(strict=True) != self.folder.resolve(strict=True) / name:
                return None
            return file.read_bytes()
        except OSError:
            return None


class Site:
    """The site of a home's publications."""

    def __init__(self, settings: Settings, stores: Stores) -> None:
        self._settings, self._publications = settings, stores.publications
        self._mappings = TaskMappingStore(stores.db, stores.stamps)
        self._place = settings.home / "served"
        self._building = threading.Lock()
        self._present = self._newest()
        self._tried = ""
        """The name of the last site that was built, or could not be for want of anything to show."""

    @property
    def present(self) -> Built | None:
        """What is served now; `None` before the first one was built."""
        return self._present

    @property
    def is_current(self) -> bool:
        """Whether `present` is made of all that is published now, as far as it can be shown."""
        return self._tried == _name_of(self._publications.done(), self._mappings.all())

    def bring_up_to_date(self) -> None:
        """Build the site anew when something was published, withdrawn or mapped since; does nothing while another
        thread is at it.

        Raises StorageFailed, Conflict, Prerequisite: then the former one is still served.
        """
        if not self._building.acquire(blocking=False):
            return
        try:
            # What was published while a site was being built is in the next one.
            while self._step():
                pass
        finally:
            self._building.release()

    def _step(self) -> bool:
        """Whether there was anything to do."""
        rows = self._publications.done()
        name = _name_of(rows, self._mappings.all())
        if not rows or name == self._tried:
            return False
        if Built.at(self._place / name) is None:
            self._build(rows, self._place / name)
        built = Built.at(self._place / name)
        if built is not None:
            former, self._present = self._present, built
            self._forget({name, *([former.folder.name] if former else [])})
        self._tried = name
        return True

    def _build(self, rows: tuple[PublicationRow, ...], folder: Path) -> None:
        registry = read_registry(rows)
        for remark in registry.left_out:
            LOG.warning("the site is without %s", remark.line())
        if not registry.roles and not registry.withdrawn:
            return
        with open_comparer(self._settings) as comparer:
            compared = compare_roles(registry, comparer.mapping_of())
        place_site(folder, site_files(registry, compared, None), locks=self._settings.home / "locks")

    def _newest(self) -> Built | None:
        found = [built for folder in self._folders() if (built := Built.at(folder)) is not None]
        return max(found, key=lambda built: (built.folder / MARKER).stat().st_mtime, default=None)

    def _forget(self, kept: set[str]) -> None:
        for folder in self._folders():
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _folders(self) -> list[Path]:
        if not self._place.is_dir():
            return []
        return [path for path in sorted(self._place.iterdir()) if _NAME.fullmatch(path.name) and path.is_dir()]


def _name_of(rows: Sequence[PublicationRow], mappings: Iterable[Value]) -> str:
    """What a site is built from, in 16 hex digits: the publications, the mappings that people confirmed between them,
    and the version of the software."""
    content = {
        "software": version("assess-role"),
        "rows": [row.model_dump(mode="json") for row in rows],
        "mappings": [row.model_dump(mode="json") for row in mappings],
    }
    return hashlib.sha256(canonical_json(content)).hexdigest()[:16]


def policy_of(page: bytes) -> str:
    """The policy of a page as a header: its scripts are those whose hashes its own policy names."""
    own = _META.search(page[:_HEAD])
    hashes = _SCRIPT.findall(own[1].decode("ascii", "replace").replace("&#39;", "'")) if own else []
    return POLICY.format(scripts=f"script-src {' '.join(hashes)}; " if hashes else "")
