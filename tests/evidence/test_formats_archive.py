"""A ZIP file is read in memory, entry by entry, within its limits."""

from __future__ import annotations

import io
import random
import stat
import struct
import warnings
import zipfile

import pytest
from factories_formats import a_bomb, a_zip, read
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.evidence.document import Document, Skipped, Unreadable
from agent.evidence.formats.archive import read_zip

NOTE = "# A note\n\nOne hundred posts in May.\n"


def parts(found: list[Document | Skipped]) -> list[str]:
    return [item.part for item in found if isinstance(item, Document)]


def skips(found: list[Document | Skipped]) -> list[Skipped]:
    return [item for item in found if isinstance(item, Skipped)]


def zipped(info: zipfile.ZipInfo, content: str = NOTE) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        container.writestr(info, content)
    return buffer.getvalue()


def test_every_entry_is_a_document_of_its_own_named_by_its_part() -> None:
    data = a_zip({"b/second.md": "# Second\n\n第二篇文章。\n", "a.md": NOTE, "עברית.txt": "שלום לכולם, זהו טקסט.\n"})
    found = read(read_zip, data)
    assert parts(found) == ["b/second.md", "a.md", "עברית.txt"]
    assert [item.text.splitlines()[-1] for item in found if isinstance(item, Document)] == [
        "第二篇文章。",
        "One hundred posts in May.",
        "שלום לכולם, זהו טקסט.",
    ]


def test_folders_hidden_entries_and_resource_forks_are_passed_over() -> None:
    data = a_zip({"d/": b"", "d/.DS_Store": b"\0\1", "__MACOSX/._a.md": b"\0\5", ".git/config": "x", "a.md": NOTE})
    assert (parts(found := read(read_zip, data)), skips(found)) == (["a.md"], [])


@pytest.mark.parametrize("name", ["../up.md", "a/../../up.md", "/etc/up.md", "C:\\up.md", "a\\..\\up.md", "\\up.md"])
def test_a_name_that_points_outside_is_skipped(name: str) -> None:
    data = a_zip({name: NOTE, "in.md": NOTE})
    found = read(read_zip, data)
    assert parts(found) == ["in.md"]
    assert [item.reason for item in skips(found)] == ["its name points outside of the archive"]


def test_a_symbolic_link_is_skipped() -> None:
    link = zipfile.ZipInfo("link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert read(read_zip, zipped(link, "/etc/passwd")) == [Skipped("it is a symbolic link", "link.md")]


def test_an_encrypted_entry_is_skipped() -> None:
    data = bytearray(a_zip({"a.md": NOTE}, stored=True))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert read(read_zip, bytes(data)) == [Skipped("it is encrypted", "a.md")]


def test_a_wrong_checksum_costs_one_entry() -> None:
    data = a_zip({"bad.md": "Ninety posts.\n", "good.md": NOTE}, stored=True).replace(b"Ninety", b"Eighty")
    found = read(read_zip, data)
    assert parts(found) == ["good.md"]
    assert skips(found) == [Skipped("it is damaged: its checksum or its packed data is wrong", "bad.md")]


def test_the_second_entry_of_a_name_is_skipped() -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as container:
        warnings.simplefilter("ignore", UserWarning)
        container.writestr("a.md", NOTE)
        container.writestr("a.md", "# Another\n\nSomething else.\n")
    found = read(read_zip, buffer.getvalue())
    assert parts(found) == ["a.md"]
    assert skips(found) == [Skipped("its name stands twice in the archive", "a.md")]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = a_bomb(3)
    assert len(bomb) < 4_000
    with pytest.raises(Unreadable, match=r"it unpacks to 3\.0 MB, more than the 2\.0 MB that are allowed"):
        read(read_zip, bomb, max_bytes=2_000_000)


def test_an_entry_packed_beyond_what_text_ever_is_is_skipped() -> None:
    found = read(read_zip, a_zip({"bomb.txt": b"0" * 1_100_000, "a.md": NOTE}))
    assert parts(found) == ["a.md"]
    assert skips(found) == [Skipped("it unpacks to more than 200 times its size", "bomb.txt")]


def test_nested_archives_share_one_budget() -> None:
    text = "".join(random.Random(1).choices("abcdefgh \n", k=40_000))
    inner = a_zip({"inner.txt": text})
    found = read(read_zip, a_zip({"a.zip": inner, "b.zip": inner}), max_bytes=2 * len(inner) + 60_000)
    assert parts(found) == ["a.zip/inner.txt"]
    [skipped] = skips(found)
    assert (skipped.part, "more than the" in skipped.reason) == ("b.zip", True)


def test_a_size_that_is_declared_too_small_does_not_unpack_to_more() -> None:
    data = bytearray(a_zip({"a.txt": b"0" * 900_000}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = struct.pack("<I", 100)
    assert read(read_zip, bytes(data)) == [Skipped("it is damaged: its checksum or its packed data is wrong", "a.txt")]


def test_archives_are_read_two_deep_and_no_deeper() -> None:
    data = a_zip({"note.md": NOTE})
    for depth in range(3):
        data = a_zip({f"{depth}.zip": data, f"{depth}.md": NOTE})
    found = read(read_zip, data)
    assert parts(found) == ["2.zip/1.zip/0.md", "2.zip/1.md", "2.md"]
    assert skips(found) == [Skipped("it lies more than 2 archives deep", "2.zip/1.zip/0.zip")]


def test_too_many_entries_are_refused() -> None:
    with pytest.raises(Unreadable, match="it holds 3 entries, more than the 2 that are allowed"):
        read(read_zip, a_zip({f"{number}.md": NOTE for number in range(3)}), max_parts=2)


def test_what_is_no_archive_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="it is a damaged ZIP file"):
        read(read_zip, b"PK\x03\x04 and no more")


def test_an_entry_that_is_no_text_is_named_with_its_reason() -> None:
    found = read(read_zip, a_zip({"logo.png": b"\x89PNG\r\n\x1a\n" + bytes(50), "a.md": NOTE}))
    assert parts(found) == ["a.md"]
    assert [item.part for item in skips(found)] == ["logo.png"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_archive_never_raises_anything_else(data: st.DataObject) -> None:
    sample = bytearray(a_zip({"a.md": NOTE, "inner.zip": a_zip({"b.md": NOTE})}))
    for _ in range(data.draw(st.integers(1, 6))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read(read_zip, bytes(sample[: data.draw(st.integers(0, len(sample)))]))
    except Unreadable:
        return
    assert all(isinstance(item, (Document, Skipped)) for item in found)
