from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.evidence.document import ReadOptions, Skipped, Unreadable
from agent.evidence.extraction import SIMPLE_BYTES, Extraction, extracted, read_whole, simply_extracted

CHANGED = "it changed while it was read"
A_READER = "test_extraction:refuses_with_a_fault"


def refuses_with_a_fault(name: str, data: bytes, options: ReadOptions) -> object:
    raise KeyError("what no reader may raise")


def a_file(folder: Path, content: bytes = b"words") -> Path:
    file = folder / "a.md"
    file.write_bytes(content)
    return file


def replaced(file: Path) -> None:
    other = file.with_suffix(".new")
    other.write_bytes(b"other")
    os.utime(other, ns=(file.stat().st_mtime_ns, file.stat().st_mtime_ns))
    other.replace(file)


def appended(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b" and more")


def rewritten(file: Path) -> None:
    file.write_bytes(b"other")
    os.utime(file, ns=(7, 7))


def emptied(file: Path) -> None:
    os.truncate(file, 0)


@pytest.mark.parametrize("change", [replaced, appended, rewritten, emptied, Path.unlink])
@pytest.mark.parametrize("after", [False, True], ids=["before the first byte", "after it"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, change: Callable[[Path], None], after: bool
) -> None:
    file = a_file(tmp_path)
    changes = [change]

    def read(descriptor: int, size: int) -> bytes:
        piece = os.read(descriptor, 1) if after else b""
        while changes:
            changes.pop()(file)
        return piece or os.read(descriptor, size)

    with pytest.raises(Unreadable, match=f"{CHANGED}|No such file"):
        read_whole(file, 1_000, read=read)


def test_a_file_that_only_others_look_at_is_read(tmp_path: Path) -> None:
    file = a_file(tmp_path, bytes(range(256)) * 9_000)
    os.utime(file, ns=(1, 1_700_000_000_123_456_789))
    assert read_whole(file, 3_000_000) == (bytes(range(256)) * 9_000, 1_700_000_000_123_456_789)


def test_a_file_without_an_end_is_not_read_to_the_end() -> None:
    with pytest.raises(Unreadable, match="it is no regular file"):
        read_whole(Path("/dev/zero"), 1_000)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    assert extracted(tmp_path / "a.md", ReadOptions()).skipped == (Skipped("it is no regular file"),)


def test_a_file_may_have_exactly_as_many_bytes_as_are_allowed(tmp_path: Path) -> None:
    file = a_file(tmp_path, b"x" * 2_000_000)
    assert read_whole(file, 2_000_000).data == b"x" * 2_000_000
    with pytest.raises(Unreadable, match=r"it has 2\.0 MB, at most 1 MB are read"):
        read_whole(file, 1_000_000)


def test_a_name_that_no_file_can_have_is_named_and_not_raised() -> None:
    assert extracted(Path("a\0b.md"), ReadOptions()).skipped == (Skipped("it cannot be read: embedded null byte"),)


def test_what_was_not_read_to_its_end_has_no_digest_and_what_was_has_one(tmp_path: Path) -> None:
    file = a_file(tmp_path, b"\x89PNG\r\n\x1a\n\x00")
    refused = extracted(file, ReadOptions())
    assert (refused.skipped, len(refused.sha256), refused.size) == ((Skipped("it is a PNG image"),), 64, 9)
    assert extracted(file, ReadOptions(max_bytes=1)).sha256 == ""


def test_any_fault_of_a_reader_costs_one_file_and_is_named(tmp_path: Path) -> None:
    assert extracted(a_file(tmp_path), ReadOptions(), A_READER).skipped == (Skipped("its reader failed: KeyError"),)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b"words"),
        ("a.pdf", b"words"),
        ("a.md", b"%PDF-1.7 words"),
        ("a.md", b"PK\x03\x04"),
        ("a.txt", b"<!doctype html><p>words"),
        ("a.md", "Löhne".encode("cp1252")),
        ("a.md", b"word " * (SIMPLE_BYTES // 5 + 1)),
    ],
)
def test_only_small_plain_text_in_utf8_is_simple(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert simply_extracted(tmp_path / name, ReadOptions()) is None


@pytest.mark.parametrize(
    "content", ["# Löhne\n\nSie fallen.".encode(), b"", b"\x00\x01" * 40, b"\x89PNG\r\n\x1a\n\xff"]
)
def test_what_is_simple_is_extracted_as_any_other_file(tmp_path: Path, content: bytes) -> None:
    file = a_file(tmp_path, content)
    assert simply_extracted(file, ReadOptions()) == extracted(file, ReadOptions())
    assert simply_extracted(tmp_path / "none.md", ReadOptions()) == Extraction(
        tmp_path / "none.md", skipped=(Skipped("it cannot be read: No such file or directory"),)
    )
