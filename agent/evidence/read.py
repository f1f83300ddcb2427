"""Files in, articles out: every file is read and checked before anything is done with one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import InvalidInput, NotFound
from agent.evidence.front_matter import EXPECTED, parse
from agent.evidence.split import SPLIT
from agent.schemas.article import Article, ArticleMeta
from agent.schemas.base import content_hash, text_hash
from agent.schemas.text import without_controls

MAX_BYTES = 5_000_000
NOT_ARTICLES = frozenset({"readme.md"})

Progress = Callable[[str, int, int], None]
"""Called with the step's name, how many items are done, and how many there are."""


@dataclass(frozen=True)
class ReadArticle:
    """An article and the file it came from."""

    file: Path
    article: Article


def no_progress(step: str, done: int, total: int) -> None:
    """Report nothing."""


def article_files(paths: Sequence[Path]) -> list[Path]:
    """The Markdown files that `paths` name: files as given, folders searched, hidden files and README.md left out.

    Raises NotFound for a path that does not exist and InvalidInput for a folder without articles.
    """
    files: list[Path] = []
    for path in paths:
        try:
            files.extend(_files_of(path))
        except OSError as error:
            raise InvalidInput(f"{path} cannot be read: {error.strerror or error}.") from error
    return list(dict.fromkeys(files))


def read_articles(files: Sequence[Path], *, progress: Progress = no_progress) -> list[ReadArticle]:
    """Read and check all files. Raises one InvalidInput that lists every problem of every file, duplicates included."""
    articles: list[ReadArticle] = []
    problems: list[str] = []
    hints: list[str] = []
    for done, file in enumerate(files, start=1):
        try:
            articles.append(ReadArticle(file, read_article(file)))
        except InvalidInput as error:
            problems.extend(error.problems or (error.message,))
            hints.append(error.hint or "")
        progress("read", done, len(files))
    problems.extend(_duplicates(articles))
    if problems:
        raise InvalidInput(
            problems[0] if len(problems) == 1 else f"{len(problems)} problems in {len(files)} files: {problems[0]} …",
            problems=problems,
            hint=next(filter(None, hints), "Nothing was added. Correct the files and add them again."),
        )
    return articles


def read_article(file: Path) -> Article:
    """One article from one file. Raises InvalidInput naming the file and every problem in it."""
    try:
        if not file.is_file() and file.exists():
            raise InvalidInput(f"{file} is no regular file: expected a Markdown file.")
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise InvalidInput(
                f"{file} is too large: it has {size / 1e6:.1f} MB, expected at most {MAX_BYTES / 1e6:.0f} MB.",
                hint="Cut it into articles with a front matter each.",
            )
        raw = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror or error}.") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{file} is not UTF-8: found byte 0x{raw[error.start]:02x} at position {error.start}.",
            hint="Save the file as UTF-8 text.",
        ) from error
    meta, body = parse(str(file), without_controls(text))
    return make_article(meta, body)


def make_article(meta: ArticleMeta, text: str, pages: tuple[tuple[int, int], ...] = ()) -> Article:
    """The article as it is stored. `text` is cleaned."""
    # What is left at its default does not count, so that a new optional field changes no hash.
    stated = meta.model_dump(mode="json", include=set(EXPECTED)) | meta.model_dump(mode="json", exclude_defaults=True)
    whole: dict[str, object] = {"meta": stated, "text": text, "split": SPLIT}
    if pages:
        whole["pages"] = [list(page) for page in pages]
    return Article(
        id=article_id(meta.url),
        meta=meta,
        text=text,
        content_hash=content_hash(whole),
        pages=pages,
    )


def article_id(url: str) -> str:
    """The id of the article that has this address."""
    return "a-" + hashlib.sha256(url.encode()).hexdigest()[:12]


def edited(article: Article, edits: Mapping[str, object]) -> Article:
    """The article with some of its metadata as a person corrected them. Raises ValidationError of pydantic."""
    values = article.meta.model_dump(mode="json") | dict(edits)
    values["assumed"] = [name for name in article.meta.assumed if name not in edits]
    return make_article(ArticleMeta.model_validate(values), article.text, article.pages)


def _files_of(path: Path) -> list[Path]:
    if not path.exists():
        raise NotFound(f"There is no file or folder {path}.")
    if not path.is_dir():
        return [path]
    inside = [file for file in sorted(path.rglob("*.md")) if _is_article(file, path)]
    if not inside:
        raise InvalidInput(
            f"The folder {path} holds no articles: found no .md file in it.",
            hint="An article is a Markdown file with front matter; README.md and hidden files do not count.",
        )
    return inside


def _is_article(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not hidden and file.name.lower() not in NOT_ARTICLES and file.is_file()


def _duplicates(articles: Sequence[ReadArticle]) -> list[str]:
    problems: list[str] = []
    by_url: dict[str, Path] = {}
    by_text: dict[str, Path] = {}
    for read in articles:
        url, digest = read.article.id, text_hash(read.article.text)
        if url in by_url:
            problems.append(f"{read.file} is a duplicate of {by_url[url]}: both have the url {read.article.meta.url}.")
        elif digest in by_text:
            problems.append(f"{read.file} is a duplicate of {by_text[digest]}: both have the same text.")
        by_url.setdefault(url, read.file)
        by_text.setdefault(digest, read.file)
    return problems
