from __future__ import annotations

import os
from pathlib import Path

import pytest
from factories_evidence import article_text, some_meta, write_article

from agent.errors import InvalidInput, NotFound
from agent.evidence.read import article_files, make_article, read_article, read_articles
from agent.schemas.article import Article


def read(folder: Path, text: str | bytes) -> Article:
    file = folder / "article.md"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_article(file)


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read(folder, text)
    assert caught.value.message.startswith(str(folder / "article.md"))
    return [
        problem.removeprefix(f"{folder / 'article.md'}: ")
        for problem in caught.value.problems or [caught.value.message]
    ]


def test_a_valid_file_becomes_an_article(tmp_path: Path) -> None:
    found = read(tmp_path, article_text("One paragraph.\n\nAnother."))
    assert found == make_article(some_meta(), "One paragraph.\n\nAnother.")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025", "2025"),
        ('"2025"', "2025"),
        ("2025-07", "2025-07"),
        ("2025-07-10", "2025-07-10"),
        ('"2025-07-10"', "2025-07-10"),
        ("2025-07-10T08:00:00Z", "2025-07-10"),
        ("unknown", "unknown"),
    ],
)
def test_a_date_may_be_written_in_any_yaml_type(tmp_path: Path, written: str, meant: str) -> None:
    assert read(tmp_path, article_text(date=written)).meta.date == meant


def test_the_same_source_keeps_its_id_when_its_text_changes(tmp_path: Path) -> None:
    before, after = read(tmp_path, article_text("Before.")), read(tmp_path, article_text("After."))
    assert before.id == after.id
    assert before.content_hash != after.content_hash


def test_a_change_of_metadata_alone_changes_the_content_hash(tmp_path: Path) -> None:
    assert read(tmp_path, article_text()).content_hash != read(tmp_path, article_text(tier="1")).content_hash


def test_line_ends_composition_and_invisible_characters_are_settled(tmp_path: Path) -> None:
    body = "A\u200b\u202erole\u0007 cafe\u0301\tcosts\r\n\r\nNext\rline\U000e0041\ufeff."
    assert read(tmp_path, "\ufeff" + article_text(body)).text == "Arole caf\u00e9\tcosts\n\nNext\nline."


def test_control_characters_are_stripped_from_metadata_too(tmp_path: Path) -> None:
    assert read(tmp_path, article_text(publisher='"An \\u202Einstitute"')).meta.publisher == "An institute"


def test_all_problems_of_a_file_are_reported_at_once(tmp_path: Path) -> None:
    text = article_text(" ", title=None, date=None, tier="7", score="5", url="ftp://x")
    assert problems(tmp_path, text) == [
        "`title` is missing: expected a text of 1 to 500 characters.",
        "`date` is missing: expected YYYY, YYYY-MM or YYYY-MM-DD, or `date: unknown` when the source shows none.",
        "`score` is not a key of an article.",
        "`url` is 'ftp://x': expected an address that starts with http:// or https://.",
        "`tier` is 7: expected a whole number from 1 (primary data) to 4 (opinion).",
        "its body is empty: expected the article's text after the front matter.",
    ]


def test_a_missing_date_says_how_to_write_that_none_is_known(tmp_path: Path) -> None:
    assert problems(tmp_path, article_text(date=None)) == [
        "`date` is missing: expected YYYY, YYYY-MM or YYYY-MM-DD, or `date: unknown` when the source shows none."
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tier": '"2"'}, "`tier` is '2': expected a whole number"),
        ({"tier": "2.5"}, "`tier` is 2.5: expected a whole number"),
        ({"tier": "true"}, "`tier` is True: expected a whole number"),
        ({"date": "2025-13"}, "`date` is '2025-13': expected YYYY"),
        ({"date": "2025-02-30"}, "`date` is '2025-02-30': expected YYYY"),
        ({"date": "July 2025"}, "`date` is 'July 2025': expected YYYY"),
        ({"date": "0000"}, "`date` is "),
        ({"date": ""}, "`date` is empty: expected YYYY"),
        ({"retrieved": "2026"}, "`retrieved` is "),
        ({"interested": "perhaps"}, "`interested` is 'perhaps': expected true when"),
        ({"text_kind": "summary"}, "`text_kind` is 'summary': expected full, excerpt or digest"),
        ({"title": "[a, b]"}, "`title` is a list or mapping: expected a text"),
        ({"author": "{a: b}"}, "`author` is a list or mapping: expected a text"),
        ({"title": '""'}, "`title` is '': expected a text of 1 to 500"),
        ({"publisher": "x" * 201}, "`publisher` is '" + "x" * 56 + "…: expected a text of 1 to 200"),
        ({"extra": "&a [*a]"}, "`extra` is a list or mapping: expected no such key"),
        ({"publisher": "A\ntier: 3"}, "`tier` stands twice in the front matter"),
        ({"title": '"unclosed'}, "its front matter is not valid YAML (line "),
        ({"title": "!!python/object:os.system x"}, "its front matter is not valid YAML"),
    ],
)
def test_each_wrong_value_is_named_with_what_was_expected(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    found = problems(tmp_path, article_text(**changes))
    assert len(found) == 1
    assert found[0].startswith(expected)


@pytest.mark.parametrize("text", ["", "No front matter.\n", "----\ntitle: x\n----\n", "---\ntitle: never closed\n"])
def test_a_file_without_front_matter_says_what_was_expected(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text) == [
        "it has no front matter: expected a block between two `---` lines at the start of the file."
    ]


@pytest.mark.parametrize("block", ["- a\n- b", "just words", ""])
def test_front_matter_that_is_no_mapping_is_refused(tmp_path: Path, block: str) -> None:
    assert problems(tmp_path, f"---\n{block}\n---\nText.\n") == [
        "its front matter is not a YAML mapping of `key: value` lines."
    ]


def test_a_file_that_is_not_utf8_names_the_byte(tmp_path: Path) -> None:
    found = problems(tmp_path, article_text().encode() + b"caf\xe9")
    assert found == [f"{tmp_path / 'article.md'} is not UTF-8: found byte 0xe9 at position {len(article_text()) + 3}."]


def test_a_large_file_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "article.md"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read"))
    with pytest.raises(InvalidInput, match=r"is too large: it has 50.0 MB, expected at most 5 MB"):
        read_article(file)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "article.md").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InvalidInput, match=r"article.md cannot be read: No such file"):
        read_article(tmp_path / "article.md")


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(InvalidInput, match="is no regular file"):
        read_article(tmp_path / "pipe.md")


def test_folders_are_searched_without_hidden_files_and_readmes(tmp_path: Path) -> None:
    wanted = [write_article(tmp_path, "b", "x"), write_article(tmp_path / "deep" / "er", "a", "y")]
    for left_out in (tmp_path / ".hidden", tmp_path / "deep" / ".git"):
        write_article(left_out, "c", "z")
    for name in ("README.md", ".d.md", "notes.txt"):
        (tmp_path / name).write_text("no article")
    assert article_files([tmp_path]) == wanted


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    file = write_article(tmp_path, "a", "x")
    assert article_files([file, tmp_path]) == [file]


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"holds no articles: found no .md file"):
        article_files([tmp_path])


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no file or folder .*nowhere"):
        article_files([tmp_path / "nowhere"])


def test_the_problems_of_all_files_come_together(tmp_path: Path) -> None:
    good = write_article(tmp_path, "good", "x")
    undated, tierless = write_article(tmp_path, "b", "y", date=None), write_article(tmp_path, "c", "z", tier=None)
    with pytest.raises(InvalidInput, match="2 problems in 3 files") as caught:
        read_articles([good, undated, tierless])
    assert [problem.split(": ")[0] for problem in caught.value.problems] == [str(undated), str(tierless)]


def test_two_files_with_one_url_are_duplicates_and_both_are_named(tmp_path: Path) -> None:
    one = write_article(tmp_path, "one", "x", url="https://example.org/same")
    two = write_article(tmp_path, "two", "y", url="https://example.org/same")
    with pytest.raises(InvalidInput) as caught:
        read_articles([one, two])
    assert caught.value.problems == (f"{two} is a duplicate of {one}: both have the url https://example.org/same.",)


def test_two_files_with_one_text_are_duplicates_and_both_are_named(tmp_path: Path) -> None:
    one, two = write_article(tmp_path, "one", "x"), write_article(tmp_path, "two", "x")
    with pytest.raises(InvalidInput) as caught:
        read_articles([one, two])
    assert caught.value.problems == (f"{two} is a duplicate of {one}: both have the same text.",)


def test_progress_counts_the_files(tmp_path: Path) -> None:
    files = [write_article(tmp_path, "one", "x"), write_article(tmp_path, "two", "y")]
    seen: list[tuple[str, int, int]] = []
    read_articles(files, progress=lambda *step: seen.append(step))
    assert seen == [("read", 1, 2), ("read", 2, 2)]
