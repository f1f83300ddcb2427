"""Judged queries: a public set in BEIR's format, and the golden passages of the bundled corpus."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from agent.errors import InvalidInput, NotFound
from agent.evidence.read import make_article
from agent.schemas.article import Article, ArticleMeta, Passage, TextKind
from agent.schemas.text import one_line, without_controls

TITLE_LENGTH = 500
_FIRST_SENTENCE = re.compile(r"(.+?[.?!])\s+(?=\S)", re.DOTALL)


@dataclass(frozen=True)
class JudgedQuery:
    """A query with what answers it."""

    id: str
    text: str
    relevant: frozenset[str]
    """Ids of articles in a public set, of passages in the golden one; at least one."""


@dataclass(frozen=True)
class PublicSet:
    """A public set as articles."""

    articles: tuple[Article, ...]
    queries: tuple[JudgedQuery, ...]


def read_beir(folder: Path) -> PublicSet:
    """The set in `folder`: `corpus.jsonl`, `queries.jsonl` (either may end in `.gz`) and `qrels.tsv` or
    `qrels/test.tsv`. An article's text is title and text in one, as BEIR's own baselines read it; where the set has
    joined them already, the title is the first sentence. Queries without a judgement above 0 are left out.

    Raises NotFound for a file that is not there, InvalidInput for a judgement of an article that is not there.
    """
    articles: dict[str, Article] = {}
    for row in _rows(folder, "corpus.jsonl"):
        articles[row["_id"]] = _article(row)
    relevant: dict[str, set[str]] = defaultdict(set)
    for query, document, score in _judgements(folder):
        if document not in articles:
            raise InvalidInput(f"{folder} judges the document {document}, which its corpus.jsonl does not have.")
        if score > 0:
            relevant[query].add(articles[document].id)
    queries = tuple(
        JudgedQuery(row["_id"], row["text"], frozenset(relevant[row["_id"]]))
        for row in _rows(folder, "queries.jsonl")
        if row["_id"] in relevant
    )
    return PublicSet(tuple(articles.values()), queries)


def read_golden(file: Path, passages: Sequence[Passage]) -> tuple[JudgedQuery, ...]:
    """The golden queries with the passages that are relevant: those of the named article that contain the quote, white
    space aside. Raises InvalidInput naming every quote that no passage contains, and for a file of another shape."""
    by_url: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for passage in passages:
        by_url[passage.meta.url].append((passage.id, one_line(passage.text)))
    queries, lost = [], []
    for row in _golden_rows(file):
        relevant: set[str] = set()
        for place in row.relevant:
            quote = one_line(place.quote)
            found = {passage for passage, text in by_url[place.url] if quote in text}
            if not found:
                lost.append(f"{row.id}: no passage of {place.url} contains {place.quote!r}.")
            relevant |= found
        queries.append(JudgedQuery(row.id, row.query, frozenset(relevant)))
    if lost:
        raise InvalidInput(f"{file} and the corpus do not belong together: {lost[0]}", problems=lost)
    return tuple(queries)


class _Place(BaseModel):
    url: str
    quote: str = Field(min_length=1)


class _GoldenQuery(BaseModel):
    id: str
    query: str = Field(min_length=1)
    relevant: tuple[_Place, ...] = Field(min_length=1)


class _GoldenFile(BaseModel):
    queries: tuple[_GoldenQuery, ...] = Field(min_length=1)


def _golden_rows(file: Path) -> tuple[_GoldenQuery, ...]:
    try:
        return _GoldenFile.model_validate_json(file.read_bytes()).queries
    except FileNotFoundError as error:
        raise NotFound(f"The golden passages are missing: found no {file}.") from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}." for e in error.errors()]
        raise InvalidInput(f"The golden passages {file} are not valid: {problems[0]}", problems=problems) from error


def _article(row: Mapping[str, str]) -> Article:
    text = without_controls(row["text"])
    title = one_line(without_controls(row.get("title") or ""))
    if title:
        text = f"{title}\n\n{text}"
    else:
        first = _FIRST_SENTENCE.match(text)
        title = one_line(first.group(1) if first else text)
    meta = ArticleMeta(
        title=title[:TITLE_LENGTH],
        publisher="a public test set",
        author=None,
        date="unknown",
        url=f"local:{row['_id']}",
        tier=1,
        interested=False,
        retrieved="2020-01-01",
        text_kind=TextKind.FULL,
    )
    return make_article(meta, text)


def _rows(folder: Path, name: str) -> Iterator[Mapping[str, str]]:
    for file in (folder / name, folder / f"{name}.gz"):
        if file.is_file():
            content = file.read_bytes()
            text = (gzip.decompress(content) if file.suffix == ".gz" else content).decode()
            yield from (json.loads(line) for line in text.split("\n") if line.strip())
            return
    raise _missing(folder, name)


def _judgements(folder: Path) -> Iterator[tuple[str, str, int]]:
    for file in (folder / "qrels.tsv", folder / "qrels" / "test.tsv"):
        if file.is_file():
            with file.open(encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines, delimiter="\t"):
                    yield row["query-id"], row["corpus-id"], int(row["score"])
            return
    raise _missing(folder, "qrels.tsv")


def _missing(folder: Path, name: str) -> NotFound:
    return NotFound(
        f"{folder} has no {name}: expected a set in BEIR's format.", hint="evals/README.md says where it comes from."
    )
