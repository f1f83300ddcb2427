from __future__ import annotations

from pathlib import Path

import pytest
from factories_corpus import NOW, VECTOR, a_passage, a_store, an_article
from sqlalchemy import select

from agent.errors import NotFound
from agent.store.corpus import CorpusStore
from agent.store.corpus_changes import CorpusChange
from agent.store.corpus_view import Candidate
from agent.store.database import Database
from agent.store.segments import IndexRow, SegmentStore
from agent.store.tables import articles, corpus_facts, passages


def test_what_is_put_in_comes_out_whole(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article()
    first, second = a_passage(article, 2), a_passage(article, 1, 12, 24)
    store.apply(CorpusChange(NOW, articles=[(article, [first, second])]))
    assert store.articles() == [article]
    assert store.passages_of(article.id) == [first, second]
    assert store.passages([second.id, first.id]) == [second, first]
    assert store.active_passages() == [second.id, first.id]


def test_more_passages_than_fit_one_statement_come_out_in_the_order_asked_for(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article()
    parts = [a_passage(article, number) for number in range(1200)]
    store.apply(CorpusChange(NOW, articles=[(article, parts)]))
    assert store.passages([part.id for part in reversed(parts)]) == parts[::-1]


def test_unknown_passages_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no passage p-unknown"):
        a_store(tmp_path).passages(["p-unknown"])


def test_the_passages_of_an_unknown_article_are_not_an_empty_list(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no article a-unknown"):
        a_store(tmp_path).passages_of("a-unknown")


def test_a_passage_that_left_its_article_stays_resolvable_but_cannot_be_found(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article()
    old, kept = a_passage(article, 1), a_passage(article, 2, 12, 24)
    store.apply(CorpusChange(NOW, articles=[(article, [old, kept])]))
    changed = an_article(text="Second part.")
    moved = a_passage(changed, 2, 0, 12)
    store.apply(CorpusChange(NOW, articles=[(changed, [moved])]))
    assert store.active_passages() == [kept.id]
    assert [passage.text for passage in store.passages([old.id, kept.id])] == ["First part.", "Second part."]
    assert store.passages([kept.id])[0].start == 0
    assert store.find_words('"first"', limit=9) == []
    assert store.find_words('"second"', limit=9) == [kept.id]


def test_a_removed_article_leaves_the_list_and_the_search_and_keeps_its_rows(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article()
    part = a_passage(article, 1)
    store.apply(CorpusChange(NOW, articles=[(article, [part])]))
    store.apply(CorpusChange(NOW, removed=[article.id]))
    assert store.articles() == []
    assert store.content_hashes() == {}
    assert store.find_words('"part"', limit=9) == []
    assert store.passages([part.id]) == [part]


def test_an_article_that_returns_is_searchable_again(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article()
    part = a_passage(article, 1)
    first = store.apply(CorpusChange(NOW, articles=[(article, [part])]))
    store.apply(CorpusChange(NOW, removed=[article.id]))
    assert store.apply(CorpusChange(NOW, articles=[(article, [part])])) == first
    assert store.find_words('"part"', limit=9) == [part.id]


def test_a_failing_change_leaves_nothing(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article()
    broken = a_passage(article, 1).model_copy(update={"article": "a-none"})
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.apply(CorpusChange(NOW, articles=[(article, [broken])], facts={"fact": "v"}))
    assert (store.articles(), store.facts()) == ([], {})


def test_vectors_are_kept_for_each_model_and_a_kept_one_stays(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "store.db")
    store, segments, article = CorpusStore(db), SegmentStore(db), an_article()
    one, two = a_passage(article, 1), a_passage(article, 2, 12, 24)
    store.apply(CorpusChange(NOW, articles=[(article, [one, two])], embedding="m1", vectors={one.id: VECTOR}))
    store.put_vectors("m1", {one.id: VECTOR[::-1], two.id: VECTOR})
    store.put_vectors("m2", {two.id: VECTOR[::-1]})
    both = [one.id, two.id]
    assert (store.embedded("m1", both), store.embedded("m2", both)) == ({one.id, two.id}, {two.id})
    assert list(segments.rows("m1", both)) == [
        [IndexRow(part.id, article.id, "2025-07", 2, VECTOR) for part in (one, two)]
    ]
    assert store.facts()["embedding"] == "m1"


def test_a_passage_that_left_keeps_its_vector_and_is_no_candidate(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article()
    one, two = a_passage(article, 1), a_passage(article, 2, 12, 24)
    vectors = {one.id: VECTOR, two.id: VECTOR}
    store.apply(CorpusChange(NOW, articles=[(article, [one, two])], embedding="m1", vectors=vectors))
    store.apply(CorpusChange(NOW, articles=[(article, [two])]))
    with store.view() as view:
        found = view.candidates([one.id, two.id], "m1")
    assert found == {two.id: Candidate(article.id, article.id, "2025-07", 2, None)}
    assert store.embedded("m1", [one.id, two.id]) == {one.id, two.id}


def test_the_digest_changes_with_text_date_and_tier_and_with_nothing_else(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article()
    part = a_passage(article, 1)
    first = store.apply(CorpusChange(NOW, articles=[(article, [part])]))
    again = store.apply(CorpusChange("2027-01-01T00:00:00Z", articles=[(article, [part])], facts={"other": "x"}))
    dated = an_article(date="2024")
    redated = store.apply(CorpusChange(NOW, articles=[(dated, [a_passage(dated, 1)])]))
    tiered = an_article(tier=1)
    retiered = store.apply(CorpusChange(NOW, articles=[(tiered, [a_passage(tiered, 1)])]))
    assert first == again
    assert len({first, redated, retiered}) == 3
    assert store.digest() == store.facts()["digest"] == retiered


def test_the_digest_does_not_depend_on_the_order_of_arrival(tmp_path: Path) -> None:
    one, two = an_article(1), an_article(2)
    parts = {one.id: [a_passage(one, 9)], two.id: [a_passage(two, 3)]}
    left, right = a_store(tmp_path / "left"), a_store(tmp_path / "right")
    left.apply(CorpusChange(NOW, articles=[(one, parts[one.id]), (two, parts[two.id])]))
    right.apply(CorpusChange(NOW, articles=[(two, parts[two.id])]))
    right.apply(CorpusChange(NOW, articles=[(one, parts[one.id])]))
    assert left.digest() == right.digest()


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"2024-12-31", "2025", "2025-07", "unknown"}),
        ({"not_after": "2025-01-01"}, {"2024-12-31", "2025", "unknown"}),
        ({"not_after": "2024-12-31"}, {"2024-12-31", "unknown"}),
        ({"not_before": "2025-01-01"}, {"2025", "2025-07"}),
        ({"not_before": "2025-07-01", "not_after": "2025-07-01"}, {"2025-07"}),
        ({"not_before": "2025-07-02"}, set()),
        ({"tiers": [1]}, {"2025"}),
        ({"tiers": []}, set()),
    ],
)
def test_words_are_found_within_date_and_tier(tmp_path: Path, filters: dict[str, object], found: set[str]) -> None:
    store = a_store(tmp_path)
    dates = ["2024-12-31", "2025", "2025-07", "unknown"]
    own = [an_article(n, date=date, tier=1 if date == "2025" else 2) for n, date in enumerate(dates)]
    store.apply(CorpusChange(NOW, articles=[(article, [a_passage(article, n)]) for n, article in enumerate(own)]))
    hits = store.passages(store.find_words('"first"', limit=9, **filters))  # type: ignore[arg-type]
    assert {hit.meta.date for hit in hits} == found


def test_words_are_matched_by_their_stem_and_without_accents(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    article = an_article(text="Engineering café wages")
    store.apply(CorpusChange(NOW, articles=[(article, [a_passage(article, 1, 0, 22)])]))
    assert [store.find_words(f'"{word}"', limit=9) for word in ("engineers", "cafe", "wage", "salary")] == [
        ["p-000000000001"],
        ["p-000000000001"],
        ["p-000000000001"],
        [],
    ]


def test_a_lost_word_index_is_filled_again_from_the_passages(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "store.db")
    store, article = CorpusStore(db), an_article()
    store.apply(CorpusChange(NOW, articles=[(article, [a_passage(article, 1)])]))
    with db.write() as connection:
        connection.exec_driver_sql("DELETE FROM passage_words")
    store.rebuild_words()
    store.rebuild_words()
    assert store.find_words('"first"', limit=9) == ["p-000000000001"]


def test_nothing_is_ever_deleted(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "store.db")
    store, article = CorpusStore(db), an_article()
    store.apply(CorpusChange(NOW, articles=[(article, [a_passage(article, 1)])], facts={"f": "1"}))
    store.apply(CorpusChange(NOW, removed=[article.id], facts={"f": "2"}))
    with db.read() as connection:
        assert connection.execute(select(articles.c.id)).scalars().all() == [article.id]
        assert connection.execute(select(passages.c.id)).scalars().all() == ["p-000000000001"]
        facts = {row.name: row.value for row in connection.execute(select(corpus_facts))}
    assert facts["f"] == "2"
