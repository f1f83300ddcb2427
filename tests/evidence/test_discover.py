from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from agent.errors import NotFound
from agent.evidence.discover import Discovery, files_of


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def names(found: Discovery, folder: Path) -> list[str]:
    return [str(file.relative_to(folder)) for file in found.files]


def skips(found: Discovery, folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): reason for file, reason in found.skipped}


def test_a_folder_gives_its_articles_by_name_with_everything_below_it(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "a.PDF", "sub/z.html", "sub/deep/y.csv", "c.eml", "d.warc.gz")
    assert names(files_of([tmp_path]), tmp_path) == [
        "a.PDF",
        "b.md",
        "c.eml",
        "d.warc.gz",
        "sub/deep/y.csv",
        "sub/z.html",
    ]


def test_paths_keep_the_order_in_which_they_were_named(tmp_path: Path) -> None:
    write(tmp_path, "b/2.md", "b/1.md", "a.md")
    assert names(files_of([tmp_path / "b", tmp_path / "a.md"]), tmp_path) == ["b/1.md", "b/2.md", "a.md"]


def test_hidden_files_read_me_files_and_what_programs_keep_are_passed_over_in_silence(tmp_path: Path) -> None:
    write(tmp_path, ".hidden.md", ".git/a.md", "node_modules/a.md", "__MACOSX/a.md", "README.md", "sub/readme.MD")
    write(tmp_path, "~$open.docx", "a.md")
    assert files_of([tmp_path]) == Discovery((tmp_path / "a.md",))


def test_what_a_browser_saved_beside_a_page_is_no_article(tmp_path: Path) -> None:
    write(tmp_path, "Jobs fall.html", "Jobs fall_files/advert.html", "Jobs fall_files/pixel.png", "own_files/note.md")
    found = files_of([tmp_path])
    assert (names(found, tmp_path), len(found.ignored)) == (["Jobs fall.html", "own_files/note.md"], 0)


def test_files_of_no_text_format_are_counted_and_those_that_need_a_step_are_tried(tmp_path: Path) -> None:
    write(tmp_path, "a.png", "b.py", "LICENSE", "c.md", "d.doc", "e.xlsx", "f.tar", "g.mobi")
    found = files_of([tmp_path])
    assert (names(found, tmp_path), len(found.ignored)) == (["c.md", "d.doc", "e.xlsx", "f.tar", "g.mobi"], 3)


def test_a_file_that_is_named_is_tried_whatever_it_is_called(tmp_path: Path) -> None:
    write(tmp_path, "a.png", ".hidden", "README.md", "no ending")
    paths = [tmp_path / name for name in ("a.png", ".hidden", "README.md", "no ending")]
    assert files_of(paths) == Discovery(tuple(paths))


def test_a_folder_that_is_named_is_walked_even_if_it_is_hidden(tmp_path: Path) -> None:
    write(tmp_path, ".notes/a.md")
    assert names(files_of([tmp_path / ".notes"]), tmp_path) == [".notes/a.md"]


def test_a_path_that_does_not_exist_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "broken.md").symlink_to("nowhere.md")
    for name in ("none.md", "none/deeper.md", "broken.md"):
        with pytest.raises(NotFound, match=f"There is no file or folder .*{name}"):
            files_of([tmp_path / name])


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert files_of([tmp_path]) == Discovery(())
    assert files_of([]) == Discovery(())


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.md")
    paths = [tmp_path / "sub" / "a.md", tmp_path, tmp_path / "sub" / ".." / "sub" / "a.md"]
    assert files_of(paths).files == (tmp_path / "sub" / "a.md",)


def test_a_file_keeps_its_own_name_before_that_of_a_link_to_it(tmp_path: Path) -> None:
    write(tmp_path, "sub/z.md")
    (tmp_path / "a.md").symlink_to("sub/z.md")
    (tmp_path / "sub" / "b.md").symlink_to("../sub/z.md")
    assert files_of([tmp_path]) == Discovery((tmp_path / "sub" / "z.md",))


def test_links_that_lead_out_of_the_folder_or_to_folders_are_named_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "outside/secret.md", "in/a.md")
    (tmp_path / "in" / "secret.md").symlink_to(tmp_path / "outside" / "secret.md")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "in" / "gone.md").symlink_to("nowhere")
    (tmp_path / "in" / "picture.png").symlink_to(tmp_path / "outside" / "secret.md")
    found = files_of([tmp_path / "in"])
    assert names(found, tmp_path) == ["in/a.md"]
    assert skips(found, tmp_path) == {
        "in/secret.md": "it is a link to a file outside of its folder: name the file itself",
        "in/folder": "it is a link to a folder: name the folder itself",
        "in/gone.md": "it is a link to nothing",
    }
    assert len(found.ignored) == 1


def test_links_that_run_in_a_circle_end_the_walk_of_nothing(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.md")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "one.md").symlink_to("two.md")
    (tmp_path / "two.md").symlink_to("one.md")
    found = files_of([tmp_path])
    assert names(found, tmp_path) == ["sub/a.md"]
    assert set(skips(found, tmp_path)) == {"sub/up", "one.md", "two.md"}


def test_a_folder_that_is_a_link_is_walked_when_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, "real/a.md")
    (tmp_path / "real" / "b.md").symlink_to("a.md")
    (tmp_path / "link").symlink_to("real")
    assert names(files_of([tmp_path / "link"]), tmp_path) == ["link/a.md"]


def test_pipes_and_sockets_are_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    write(tmp_path, "a.md")
    found = files_of([tmp_path])
    assert (names(found, tmp_path), skips(found, tmp_path)) == (["a.md"], {"pipe.md": "it is no regular file"})
    assert files_of([tmp_path / "pipe.md"]).skipped == ((tmp_path / "pipe.md", "it is no regular file"),)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named_and_the_rest_is_found(tmp_path: Path) -> None:
    write(tmp_path, "closed/a.md", "open/b.md")
    (tmp_path / "closed").chmod(0)
    found = files_of([tmp_path])
    (tmp_path / "closed").chmod(0o700)
    assert names(found, tmp_path) == ["open/b.md"]
    assert skips(found, tmp_path) == {"closed": "the folder cannot be read: Permission denied"}


def test_a_folder_that_vanishes_while_it_is_looked_at_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "gone/a.md", "stays/b.md")
    scandir = os.scandir

    def without_gone(path: Path) -> object:
        if path == tmp_path / "gone":
            raise FileNotFoundError(2, "No such file or directory")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", without_gone)
    found = files_of([tmp_path])
    assert names(found, tmp_path) == ["stays/b.md"]
    assert skips(found, tmp_path) == {"gone": "the folder cannot be read: No such file or directory"}


def test_folders_deeper_than_calls_may_lie_are_walked(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1_200):
        os.mkdir("d", dir_fd=folder)
        inner = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    os.close(folder)
    try:
        assert [file.name for file in files_of([tmp_path]).files] == ["a.md"]
    finally:
        # Python's own removal goes down by calls, and pytest's cleaning up would end there.
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


def test_a_name_that_is_no_utf8_is_a_name(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))
    path.write_text("words")
    assert files_of([tmp_path]).files == (path,)


def test_ten_thousand_files_are_listed_in_seconds(tmp_path: Path) -> None:
    for group in range(100):
        (tmp_path / f"{group}").mkdir()
        for number in range(100):
            os.close(os.open(tmp_path / f"{group}" / f"{number}.md", os.O_CREAT | os.O_WRONLY))
    begun = time.process_time()
    found = files_of([tmp_path])
    spent_s = time.process_time() - begun
    assert len(found.files) == 10_000
    assert spent_s < 10.0
