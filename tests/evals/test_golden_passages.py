from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from agent.evidence.read import article_files, read_articles
from agent.evidence.split import passages_of
from agent.schemas.article import Article, Passage
from agent.schemas.base import Value
from agent.schemas.vocabulary import BarrierName, EvidenceName, PrincipleName

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "evals" / "golden"
SECTIONS = {
    "tasks",
    "growth",
    *(f"evidence/{name}" for name in EvidenceName),
    *(f"barriers/{name}" for name in BarrierName),
    *(f"principles/{name}" for name in PrincipleName),
}


class Judgement(Value):
    url: str
    quote: str = Field(min_length=30, max_length=120, pattern=r"^\S[^\n\r]*\S$")


class Query(Value):
    id: str = Field(pattern=r"^q\d{3}$")
    query: str = Field(min_length=15, max_length=100, pattern=r"^\S[^\n\r]*\S$")
    section: str
    role: Annotated[str, Field(min_length=1)] | None
    relevant: tuple[Judgement, ...] = Field(min_length=1, max_length=8)


class Golden(Value):
    version: int
    judged_at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    judge: str = Field(min_length=1)
    queries: tuple[Query, ...]


@pytest.fixture(scope="module")
def golden() -> Golden:
    return Golden.model_validate_json((FOLDER / "passages.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    found = [read.article for read in read_articles(article_files([ROOT / "corpus"]))]
    return {article.meta.url: article for article in found}


@pytest.fixture(scope="module")
def passages(articles: dict[str, Article]) -> dict[str, list[Passage]]:
    return {url: passages_of(article) for url, article in articles.items()}


def holders(judgement: Judgement, passages: dict[str, list[Passage]]) -> list[str]:
    return [passage.id for passage in passages[judgement.url] if judgement.quote in passage.text]


def counts_in(readme: str) -> dict[str, int]:
    """The rows of its tables: what was counted, and the count."""
    return {name: int(count) for name, count in re.findall(r"^\| ([^|]+?) \| (\d+) \|$", readme, re.MULTILINE)}


def test_every_judgement_names_a_bundled_article(golden: Golden, articles: dict[str, Article]) -> None:
    named = {judgement.url for query in golden.queries for judgement in query.relevant}
    assert named - set(articles) == set()


def test_every_quote_stands_exactly_once_in_its_article(golden: Golden, articles: dict[str, Article]) -> None:
    wrong = [
        (query.id, judgement.quote, count)
        for query in golden.queries
        for judgement in query.relevant
        if (count := articles[judgement.url].text.count(judgement.quote)) != 1
    ]
    assert wrong == []


def test_every_quote_lies_in_exactly_one_passage(golden: Golden, passages: dict[str, list[Passage]]) -> None:
    wrong = [
        (query.id, judgement.quote, found)
        for query in golden.queries
        for judgement in query.relevant
        if len(found := holders(judgement, passages)) != 1
    ]
    assert wrong == []


def test_no_query_lists_a_place_twice(golden: Golden) -> None:
    for query in golden.queries:
        found = Counter((judgement.url, judgement.quote) for judgement in query.relevant)
        assert {place: count for place, count in found.items() if count > 1} == {}, query.id


def test_ids_count_up_and_no_query_is_asked_twice(golden: Golden) -> None:
    assert [query.id for query in golden.queries] == [f"q{number:03}" for number in range(1, len(golden.queries) + 1)]
    asked = Counter(query.query.casefold() for query in golden.queries)
    assert {text: count for text, count in asked.items() if count > 1} == {}


def test_a_query_is_not_copied_from_a_passage_that_answers_it(
    golden: Golden, passages: dict[str, list[Passage]]
) -> None:
    copied = [
        query.id
        for query in golden.queries
        for judgement in query.relevant
        for passage in passages[judgement.url]
        if judgement.quote in passage.text and query.query.rstrip("?").casefold() in passage.text.casefold()
    ]
    assert copied == []


def test_the_set_is_large_enough_to_measure_with(golden: Golden) -> None:
    assert len(golden.queries) >= 64
    assert sum(len(query.relevant) for query in golden.queries) >= 130
    assert len({query.role for query in golden.queries} - {None}) >= 20


def test_every_section_that_the_corpus_speaks_of_is_asked_about(golden: Golden) -> None:
    asked = Counter(query.section for query in golden.queries)
    assert set(asked) == SECTIONS
    assert {name: asked[f"evidence/{name}"] for name in EvidenceName if asked[f"evidence/{name}"] < 8} == {}


def test_about_half_of_the_queries_are_questions(golden: Golden) -> None:
    questions = sum(query.query.endswith("?") for query in golden.queries)
    assert 0.4 <= questions / len(golden.queries) <= 0.6


def test_the_readme_counts_what_the_file_holds(
    golden: Golden, articles: dict[str, Article], passages: dict[str, list[Passage]]
) -> None:
    judgements = [judgement for query in golden.queries for judgement in query.relevant]
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = counts_in(text)
    held = {
        query.id: {holder for judgement in query.relevant for holder in holders(judgement, passages)}
        for query in golden.queries
    }
    in_file = {
        "queries": len(golden.queries),
        "of these written as a question (the others are keywords)": sum(q.query.endswith("?") for q in golden.queries),
        "judgements (query and relevant place)": len(judgements),
        "query and relevant passage, as articles are split now": sum(map(len, held.values())),
        "passages that are relevant to at least one query": len(set().union(*held.values())),
        "articles that are relevant to at least one query": len({judgement.url for judgement in judgements}),
        "queries with exactly one relevant passage": sum(len(found) == 1 for found in held.values()),
        "most relevant passages of one query": max(map(len, held.values())),
    }
    assert {name: table.get(name) for name in in_file} == in_file
    corpus = f"{len(articles)} digests, {sum(map(len, passages.values()))} passages"
    assert corpus in text


def test_the_readme_accounts_for_every_disagreement_of_the_two_readings(golden: Golden) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = counts_in(text)
    first, second = table["found relevant in the first"], table["found relevant in the second"]
    both = table["in both"]
    assert (table["in the first only"], table["in the second only"]) == (first - both, second - both)
    kept = re.search(r"That gives (\d+) \+ (\d+) \+ (\d+) \+ (\d+) = (\d+)\.", text)
    assert kept is not None
    *parts, total = map(int, kept.groups())
    assert (parts[0], sum(parts)) == (both, total)
    later = re.search(
        r"found (\d+) pairs, the second (\d+), both (\d+)\. .* (\d+) of the (\d+) that only one had found were kept, "
        r"which makes (\d+)",
        text,
    )
    assert later is not None
    one, other, agreed, chosen, apart, added = map(int, later.groups())
    assert (one + other - 2 * agreed, agreed + chosen) == (apart, added)
    assert total + added == sum(len(query.relevant) for query in golden.queries)
