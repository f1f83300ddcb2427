"""A site takes the place of an earlier one whole or not at all, and of nothing else."""

from __future__ import annotations

import errno
from pathlib import Path
from unittest.mock import patch

import pytest
from filelock import FileLock

from agent.errors import Conflict, StorageFailed
from agent.registry.site import place
from agent.registry.site.place import FORMAT, MARKER, place_site

FILES = {"index.html": b"new", "roles/a/index.html": b"a"}
EARLIER = {"index.html": b"old", "roles/gone/index.html": b"gone"}


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def built(target: Path, files: dict[str, bytes] = FILES) -> None:
    place_site(target, files, locks=target.parent / "locks")


def marker(files: dict[str, bytes]) -> bytes:
    return "\n".join([FORMAT, *sorted(files), ""]).encode()


@pytest.mark.parametrize("before", ["nothing", "an empty folder", "an earlier site"])
def test_a_site_is_all_that_stands_in_its_folder(before: str, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "site"
    if before == "an empty folder":
        target.mkdir(parents=True)
    elif before == "an earlier site":
        built(target, EARLIER)
    built(target)
    assert tree(target) == {**FILES, MARKER: marker(FILES)}
    assert target.stat().st_mode & 0o555 == 0o555
    assert sorted(path.name for path in target.parent.iterdir()) == ["locks", "site"]


def refused(target: Path, words: str) -> None:
    with pytest.raises(Conflict, match=words):
        built(target)


def test_a_folder_that_is_no_earlier_site_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / "thesis.txt").write_bytes(b"mine")
    refused(target, "is not empty and no earlier site: it has no file .assess-role-site. Nothing was written.")
    assert tree(target) == {"thesis.txt": b"mine"}


def test_an_earlier_site_into_which_somebody_put_files_is_refused_and_they_are_named(tmp_path: Path) -> None:
    target = tmp_path / "site"
    built(target, EARLIER)
    for name in ("CNAME", "roles/mine.txt", "x", "y"):
        (target / name).write_bytes(b"mine")
    refused(target, "holds files that no build wrote: CNAME, roles/mine.txt, x and 1 more. Nothing was written.")
    assert tree(target).keys() == {*EARLIER, MARKER, "CNAME", "roles/mine.txt", "x", "y"}


def test_a_site_from_which_somebody_took_files_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "site"
    built(target, EARLIER)
    (target / "index.html").unlink()
    built(target)
    assert tree(target) == {**FILES, MARKER: marker(FILES)}


@pytest.mark.parametrize("text", ["", "assess-role/site/9\nindex.html\n"])
def test_a_site_of_another_format_is_refused(text: str, tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / MARKER).write_text(text)
    refused(target, f"is a site of the format .*, expected '{FORMAT}'")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_bytes(b"mine")
    refused(tmp_path / "site", "is no folder; expected a new one or an earlier site")
    assert (tmp_path / "site").read_bytes() == b"mine"


def test_a_link_leads_to_the_folder_that_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "site")
    built(tmp_path / "site", EARLIER)
    built(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path / "site") == {**FILES, MARKER: marker(FILES)}


def test_a_full_disk_leaves_the_earlier_site_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "site"
    built(target, EARLIER)
    full = OSError(errno.ENOSPC, "No space left on device")
    with patch.object(place, "_write", side_effect=full), pytest.raises(StorageFailed, match="No space left on device"):
        built(target)
    assert tree(target) == {**EARLIER, MARKER: marker(EARLIER)}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["locks", "site"]


def test_where_the_new_site_cannot_be_renamed_the_earlier_one_is_put_back(tmp_path: Path) -> None:
    target, real = tmp_path / "site", Path.rename
    built(target, EARLIER)

    def rename(path: Path, goal: Path) -> Path:
        if path.name == "site" and path != target:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, goal)

    with patch.object(Path, "rename", rename), pytest.raises(StorageFailed, match="Permission denied"):
        built(target)
    assert tree(target) == {**EARLIER, MARKER: marker(EARLIER)}


def test_what_a_killed_build_left_is_cleared_away(tmp_path: Path) -> None:
    left = tmp_path / ".site.new-1a2b"
    left.mkdir()
    (left / "index.html").write_bytes(b"half")
    built(tmp_path / "site")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["locks", "site"]


def test_of_two_builds_at_once_the_second_is_told(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    with patch.object(place, "LOCK_WAIT_S", 0), FileLock(tmp_path / "locks" / "site.lock"):
        refused(tmp_path / "site", "Another process has been building a site")
    assert not (tmp_path / "site").exists()
