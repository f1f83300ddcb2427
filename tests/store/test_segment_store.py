from __future__ import annotations

from pathlib import Path

from factories_corpus import NOW, VECTOR, a_passage, an_article

from agent.schemas.article import Article
from agent.store.corpus import CorpusStore
from agent.store.corpus_changes import CorpusChange
from agent.store.database import Database
from agent.store.segments import SegmentRow, SegmentStore

IDS = [f"p-{number:012x}" for number in range(4)]


def a_segment(name: str, passages: int, *, embedding: str = "m1") -> SegmentRow:
    return SegmentRow(name, embedding, "folder", passages, NOW)


class Stores:
    """One article with four passages, all with a vector of model m1."""

    def __init__(self, folder: Path) -> None:
        db = Database.open(folder / "store.db")
        self.corpus, self.segments, self.article = CorpusStore(db), SegmentStore(db), an_article(1)
        parts = [a_passage(self.article, number) for number in range(4)]
        self.put(self.article, articles=[(self.article, parts)], vectors=dict.fromkeys(IDS, VECTOR))

    def put(self, article: Article, **change: object) -> None:
        self.corpus.apply(CorpusChange(NOW, embedding="m1", **change))  # type: ignore[arg-type]


def test_passages_are_found_through_the_segment_that_was_put_into_force_last(tmp_path: Path) -> None:
    stores = Stores(tmp_path)
    assert stores.segments.unplaced("m1") == IDS
    stores.put(stores.article, segments=[(a_segment("one", 3), IDS[:3])])
    stores.put(stores.article, segments=[(a_segment("two", 2), IDS[2:])])
    assert stores.segments.ready("m1") == [a_segment("one", 3), a_segment("two", 2)]
    assert (stores.segments.live("one"), stores.segments.live("two")) == (2, 2)
    assert stores.segments.held(["one", "two"]) == IDS
    assert stores.segments.unplaced("m1") == []


def test_a_retired_segment_leaves_its_passages_unplaced_unless_another_one_took_them(tmp_path: Path) -> None:
    stores = Stores(tmp_path)
    stores.put(stores.article, segments=[(a_segment("one", 4), IDS)])
    stores.put(stores.article, segments=[(a_segment("two", 3), IDS[1:])], retired=["one"])
    assert stores.segments.unplaced("m1") == IDS[:1]
    assert stores.segments.ready("m1") == [a_segment("two", 3)]
    assert stores.segments.leftovers() == [a_segment("one", 4)]


def test_a_segment_being_written_is_no_segment_and_can_be_cleared_away(tmp_path: Path) -> None:
    segments = Stores(tmp_path).segments
    segments.begin(a_segment("half", 9))
    assert (segments.ready("m1"), segments.ready_names()) == ([], [])
    assert segments.leftovers() == [a_segment("half", 9)]
    segments.forget(["half"])
    assert segments.leftovers() == []


def test_a_segment_in_force_is_never_forgotten(tmp_path: Path) -> None:
    stores = Stores(tmp_path)
    stores.put(stores.article, segments=[(a_segment("one", 4), IDS)])
    stores.segments.forget(["one"])
    assert stores.segments.ready_names() == ["one"]


def test_segments_of_another_model_are_not_searched(tmp_path: Path) -> None:
    stores = Stores(tmp_path)
    stores.put(stores.article, segments=[(a_segment("one", 4), IDS)])
    with stores.corpus.view() as view:
        assert (view.segments("m2"), view.is_placed("m2")) == ([], False)
        assert (view.segments("m1"), view.is_placed("m1")) == ([a_segment("one", 4)], True)


def test_a_new_date_or_tier_makes_the_passages_of_an_article_unplaced_and_a_new_title_does_not(tmp_path: Path) -> None:
    stores = Stores(tmp_path)
    stores.put(stores.article, segments=[(a_segment("one", 4), IDS)])
    parts = stores.corpus.passages(IDS)
    for meta, unplaced in (({"title": "New"}, []), ({"date": "2019"}, IDS)):
        stores.put(stores.article, articles=[(an_article(1, **meta), parts)])  # type: ignore[arg-type]
        assert stores.segments.unplaced("m1") == unplaced
    stores.put(stores.article, segments=[(a_segment("two", 4), IDS)], retired=["one"])
    stores.put(stores.article, articles=[(an_article(1, date="2019", tier=4), parts)])
    assert stores.segments.unplaced("m1") == IDS


def test_a_passage_counts_as_placed_only_with_the_filters_that_it_will_have(tmp_path: Path) -> None:
    stores = Stores(tmp_path)
    stores.put(stores.article, segments=[(a_segment("one", 3), IDS[:3])])
    same, dated = an_article(1, title="New").meta, an_article(1, date="2019").meta
    assert stores.corpus.placed("m1", IDS, {stores.article.id: same}) == set(IDS[:3])
    assert stores.corpus.placed("m1", IDS, {stores.article.id: dated}) == set()
    assert stores.corpus.placed("m1", IDS, {}) == set(IDS[:3])
    assert stores.corpus.placed("m2", IDS, {}) == set()


def test_rows_for_the_index_come_in_the_order_of_ids_and_leave_out_what_has_no_vector(tmp_path: Path) -> None:
    segments = Stores(tmp_path).segments
    rows = [row for batch in segments.rows("m1", [*reversed(IDS), "p-none"]) for row in batch]
    assert [row.passage for row in rows] == IDS
    assert list(segments.rows("m2", IDS)) == [[]]


def test_passages_that_left_are_neither_live_nor_unplaced(tmp_path: Path) -> None:
    stores = Stores(tmp_path)
    stores.put(stores.article, segments=[(a_segment("one", 3), IDS[:3])])
    stores.put(stores.article, articles=[(stores.article, stores.corpus.passages(IDS[:1]))])
    assert (stores.segments.live("one"), stores.segments.active(), stores.segments.unplaced("m1")) == (1, 1, [])
    assert stores.segments.held(["one"]) == IDS[:1]
