"""ZIP containers opened within limits: nothing is written to disk, nothing unpacks to more than was allowed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from io import BytesIO

from agent.evidence.document import ReadOptions, Unreadable
from agent.evidence.formats.faults import PARSER_FAULTS

MOST_RATIO = 200
"""Text packs 3 to 30 times, the most regular XML about 100 times."""
RATIO_FROM = 1_000_000
"""Bytes: a smaller entry may have any ratio."""
DEEPEST = 2
"""How many archives an archive may lie in."""
_CHUNK = 1 << 16
_FAULTS: tuple[type[Exception], ...] = (zipfile.BadZipFile, *PARSER_FAULTS)


@dataclass
class Budget:
    """Bytes that may still be unpacked, shared by an archive and everything nested in it."""

    left: int

    def spend(self, size: int) -> None:
        """Take `size` bytes. Raises Unreadable when fewer are left."""
        if size > self.left:
            raise Unreadable(
                f"it unpacks to {size / 1e6:.1f} MB, more than the {self.left / 1e6:.1f} MB that are allowed"
            )
        self.left -= size


@dataclass(frozen=True)
class NestedOptions(ReadOptions):
    """The options for what lies in an archive: one level deeper, and from the archive's own budget."""

    budget: Budget = field(default_factory=lambda: Budget(0))


def budget_of(options: ReadOptions) -> Budget:
    """The budget of the archive that this file lies in, or a new one."""
    return options.budget if isinstance(options, NestedOptions) else Budget(options.max_bytes)


def nested(options: ReadOptions, budget: Budget) -> NestedOptions:
    """`options` for a file that lies in an archive with `options`. Raises Unreadable when that is too deep."""
    if options.depth > DEEPEST:
        raise Unreadable(f"it lies more than {DEEPEST} archives deep")
    same = {item.name: getattr(options, item.name) for item in fields(ReadOptions)}
    return NestedOptions(**{**same, "depth": options.depth + 1}, budget=budget)


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The container. Raises Unreadable when its directory cannot be read."""
    try:
        return zipfile.ZipFile(BytesIO(data))
    except _FAULTS as error:
        raise Unreadable("it is a damaged ZIP file") from error


def check_total(entries: Iterable[zipfile.ZipInfo], budget: Budget) -> None:
    """Take the declared size of all entries from the budget; no entry can unpack to more than it declares.

    Raises Unreadable when they declare more than is left.
    """
    budget.spend(sum(entry.file_size for entry in entries))


def read_entry(container: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The entry's bytes. Raises Unreadable: encrypted, damaged, or packed beyond what text ever is."""
    if entry.flag_bits & 0x1:
        raise Unreadable("it is encrypted")
    if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise Unreadable(f"it unpacks to more than {MOST_RATIO} times its size")
    unpacked = bytearray()
    try:
        with container.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += chunk
                if len(unpacked) > entry.file_size:
                    raise Unreadable("it unpacks to more than it declares")
    except NotImplementedError as error:
        raise Unreadable("it is packed with a method that is not known") from error
    except _FAULTS as error:
        raise Unreadable("it is damaged: its checksum or its packed data is wrong") from error
    return bytes(unpacked)
