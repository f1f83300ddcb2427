"""What the index promises, of a folder and of a Chroma server alike."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from agent.errors import AssessorError, Prerequisite, StorageFailed, UpstreamFailed
from agent.evidence import index as index_module
from agent.evidence.embedding import Vectors
from agent.evidence.index import (
    BUILDS,
    UNKNOWN_DATE,
    Hit,
    Index,
    build_segment,
    clear_leftovers,
    day_number,
    open_index,
    self_query_share,
)
from agent.evidence.places import FolderPlace, Place, ServerPlace
from agent.evidence.read import no_progress
from agent.schemas.article import ArticleMeta
from agent.store.segments import IndexRow, SegmentRow

NOW = "2026-02-25T10:00:00Z"
MODEL = "model-1"

PlaceMaker = Callable[[], Place]


class FakeStore:
    """The rows that an index is built from, and the segments that were noted."""

    def __init__(self, rows: Sequence[IndexRow]) -> None:
        self.by_id = {row.passage: row for row in rows}
        self.begun: dict[str, SegmentRow] = {}
        self.forgotten: list[str] = []
        self.ready: list[SegmentRow] = []

    def begin(self, row: SegmentRow) -> None:
        self.begun[row.name] = row

    def rows(self, embedding: str, ids: Sequence[str]) -> Iterator[list[IndexRow]]:
        known = [self.by_id[passage] for passage in ids if passage in self.by_id]
        for start in range(0, len(known), 7):
            yield known[start : start + 7]

    def leftovers(self) -> list[SegmentRow]:
        ready = {row.name for row in self.ready}
        return [row for row in self.begun.values() if row.name not in ready and row.name not in self.forgotten]

    def ready_names(self) -> list[str]:
        return [row.name for row in self.ready]

    def forget(self, names: Sequence[str]) -> None:
        self.forgotten.extend(names)


def vectors_of(count: int, dimensions: int = 16) -> Vectors:
    rows = np.random.default_rng(7).normal(size=(count, dimensions))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def some_rows(count: int) -> list[IndexRow]:
    return [
        IndexRow(f"p-{n:012x}", f"a-{n // 2:012x}", f"2025-01-{n % 28 + 1:02d}", n % 4 + 1, row.astype("<f4").tobytes())
        for n, row in enumerate(vectors_of(count))
    ]


def build(
    place: Place,
    rows: Sequence[IndexRow],
    store: FakeStore | None = None,
    changed: Mapping[str, ArticleMeta] = MappingProxyType({}),
) -> SegmentRow:
    row, held = build_segment(
        store or FakeStore(rows),  # type: ignore[arg-type]
        place,
        MODEL,
        [row.passage for row in rows],
        built_at=NOW,
        changed=changed,
        progress=no_progress,
    )
    assert held == [row.passage for row in rows]
    return row


def opened(place: Place, *segments: SegmentRow) -> Index:
    found = open_index(place, segments)
    assert found is not None
    return found


def ids(hits: Sequence[Sequence[Hit]]) -> list[list[str]]:
    return [[hit.passage for hit in own] for own in hits]


def test_every_passage_is_found_by_its_own_vector_with_cosine_order(a_place: PlaceMaker) -> None:
    rows, vectors = some_rows(120), vectors_of(120)
    place = a_place()
    order = [[rows[n].passage for n in np.argsort(-(vectors @ vector), kind="stable")[:5]] for vector in vectors]
    hits = opened(place, build(place, rows)).nearest(vectors * 3, limit=5)
    assert ids(hits) == order
    assert [own[0].distance for own in hits] == pytest.approx([0] * 120, abs=1e-5)


def test_an_index_opened_elsewhere_is_the_built_one(a_place: PlaceMaker) -> None:
    built = build(a_place(), some_rows(30))
    here, there = opened(a_place(), built), opened(a_place(), built)
    assert (there.size, there.names) == (30, (built.name,))
    assert there.nearest(vectors_of(30), limit=30) == here.nearest(vectors_of(30), limit=30)


def test_several_segments_answer_as_one(a_place: PlaceMaker) -> None:
    rows, vectors, place = some_rows(60), vectors_of(60), a_place()
    whole = opened(place, build(place, rows)).nearest(vectors[:9], limit=8)
    parts = [build(place, rows[start : start + 20]) for start in (0, 20, 40)]
    split = opened(place, *parts)
    hits = split.nearest(vectors[:9], limit=8)
    assert [own[:8] for own in ids(hits)] == ids(whole)
    assert split.size == 60
    segment_of = {row.passage: parts[number // 20].name for number, row in enumerate(rows)}
    assert all(hit.segment == segment_of[hit.passage] for own in hits for hit in own)


def test_equal_distances_are_ordered_by_id(a_place: PlaceMaker) -> None:
    same, place = vectors_of(1)[0].tobytes(), a_place()
    rows = [IndexRow(f"p-{n:012x}", "a-1", "unknown", 1, same) for n in (3, 1, 2)]
    found = opened(place, build(place, rows)).nearest(vectors_of(1), limit=3)
    assert ids(found) == [["p-000000000001", "p-000000000002", "p-000000000003"]]


def test_the_filters_reach_the_index(a_place: PlaceMaker) -> None:
    place = a_place()
    built = opened(place, build(place, some_rows(24)))
    where = {"$and": [{"date": {"$lte": 20250105}}, {"tier": {"$in": [1, 2]}}]}
    found = built.nearest(vectors_of(1), limit=24, where=where)
    assert sorted(ids(found)[0]) == [f"p-{n:012x}" for n in (0, 1, 4)]


def test_metadata_that_are_about_to_change_are_what_the_filters_see(a_place: PlaceMaker) -> None:
    place, rows = a_place(), some_rows(4)
    values = {"title": "T", "publisher": "P", "author": None, "url": "https://example.org/a", "interested": False}
    meta = ArticleMeta.model_validate(
        {**values, "date": "unknown", "tier": 4, "retrieved": "2026-01-02", "text_kind": "digest"}
    )
    built = opened(place, build(place, rows, None, {rows[0].article: meta}))
    later = built.nearest(vectors_of(1), limit=4, where={"date": {"$gte": 20250101}})
    assert sorted(ids(later)[0]) == [row.passage for row in rows[2:]]


def test_nothing_asked_for_is_nothing_found(a_place: PlaceMaker) -> None:
    place = a_place()
    built = opened(place, build(place, some_rows(5)))
    assert built.nearest(vectors_of(5)[:0], limit=3) == []
    assert built.nearest(vectors_of(2), limit=0) == [[], []]
    assert opened(place).nearest(vectors_of(2), limit=5) == [[], []]


def test_a_batch_larger_than_one_write_is_taken_whole(a_place: PlaceMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    place, rows = a_place(), some_rows(25)
    monkeypatch.setattr(place, "batch_size", lambda: 4)
    hits = opened(place, build(place, rows)).nearest(vectors_of(25), limit=1)
    assert ids(hits) == [[row.passage] for row in rows]


def test_a_segment_that_is_gone_or_lies_elsewhere_opens_nothing(a_place: PlaceMaker) -> None:
    place = a_place()
    built = build(place, some_rows(5))
    assert open_index(place, [built, built._replace(name=f"passages-{uuid.uuid4().hex}")]) is None
    assert open_index(place, [built._replace(place="http://elsewhere:8000")]) is None
    place.drop(built.name)
    assert open_index(a_place(), [built]) is None


def test_dropping_what_is_not_there_is_no_error(a_place: PlaceMaker) -> None:
    a_place().drop(f"passages-{uuid.uuid4().hex}")


def test_a_segment_that_lost_passages_is_damaged_and_reindexing_is_the_way_out(a_place: PlaceMaker) -> None:
    place = a_place()
    built = build(place, some_rows(5))
    with pytest.raises(Prerequisite, match=f"the segment {built.name} holds 5 passages, expected 6") as caught:
        open_index(place, [built._replace(passages=6)])
    assert caught.value.hint == "Run `assess-role corpus reindex`."


def test_a_segment_that_does_not_find_its_own_passages_is_refused_and_can_be_cleared_away(
    a_place: PlaceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, place = FakeStore(some_rows(5)), a_place()
    monkeypatch.setattr(index_module, "self_query_share", lambda index, rows: 0.92)
    with pytest.raises(StorageFailed, match=r"finds 92.0% of its own passages, expected 99%"):
        build(place, some_rows(5), store)
    tried = [half.name for half in store.leftovers()]
    assert len(tried) == len(set(tried)) == BUILDS
    clear_leftovers(store, place)  # type: ignore[arg-type]
    assert store.forgotten == tried
    assert not any(place.open(name) for name in tried)


def test_a_segment_that_misses_some_of_its_own_passages_is_written_again(
    a_place: PlaceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, place, shares = FakeStore(some_rows(5)), a_place(), iter([0.97, 1.0])
    monkeypatch.setattr(index_module, "self_query_share", lambda index, rows: next(shares))
    built = build(place, some_rows(5), store)
    assert [half.name for half in store.leftovers()][-1] == built.name and len(store.leftovers()) == 2
    assert ids(opened(place, built).nearest(vectors_of(5), limit=1)) == [[row.passage] for row in some_rows(5)]


def test_the_self_query_share_counts_what_the_index_finds(a_place: PlaceMaker) -> None:
    rows, place = some_rows(40), a_place()
    built = opened(place, build(place, rows[:30]))
    assert self_query_share(built, rows[:30]) == 1
    assert self_query_share(built, rows) == 0.75
    assert self_query_share(built, []) == 1


def test_passages_with_one_and_the_same_vector_count_as_found_and_lost_ones_beside_them_do_not(
    a_place: PlaceMaker,
) -> None:
    rows, place = some_rows(60), a_place()
    same = [row._replace(vector=rows[0].vector) for row in rows[:40]]
    built = opened(place, build(place, [*same, *rows[40:55]]))
    assert self_query_share(built, same) == 1
    assert self_query_share(built, rows[40:]) == 0.75


def test_clearing_spares_what_is_in_force_what_is_kept_and_what_lies_elsewhere(a_place: PlaceMaker) -> None:
    place, store = a_place(), FakeStore(some_rows(3))
    ready, kept, gone = (build(place, some_rows(3), store) for _ in range(3))
    store.ready.append(ready)
    far = SegmentRow("passages-far", MODEL, "http://elsewhere:8000", 3, NOW)
    store.begin(far)
    clear_leftovers(store, place, keep=[kept.name])  # type: ignore[arg-type]
    assert store.forgotten == [gone.name]
    assert [place.open(row.name) is not None for row in (ready, kept, gone)] == [True, True, False]


def test_a_folder_of_another_time_is_a_stray_and_other_peoples_files_are_not(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path)
    store = FakeStore(some_rows(3))
    store.ready.append(build(place, some_rows(3), store))
    (tmp_path / "passages-former").mkdir()
    (tmp_path / "mine.txt").write_text("keep")
    clear_leftovers(store, place)  # type: ignore[arg-type]
    assert {path.name for path in tmp_path.iterdir()} == {"mine.txt", store.ready[0].name}
    place.close()


def test_a_server_has_no_strays_because_others_may_use_it(chroma_server: object) -> None:
    url: str = chroma_server.url  # type: ignore[attr-defined]
    ours, theirs = ServerPlace(url), ServerPlace(url)
    segment = build(theirs, some_rows(3))
    clear_leftovers(FakeStore([]), ours)  # type: ignore[arg-type]
    assert theirs.open(segment.name) is not None


def test_a_folder_whose_files_are_garbage_is_damaged(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path)
    built = build(place, some_rows(5))
    place.close()
    (tmp_path / built.name / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    with pytest.raises(Prerequisite, match="is damaged") as caught:
        open_index(FolderPlace(tmp_path), [built])
    assert caught.value.hint == "Run `assess-role corpus reindex`."


def test_a_folder_that_cannot_be_written_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="cannot be written"):
        build(FolderPlace(tmp_path / "file"), some_rows(1))


def test_a_disk_that_fills_up_while_building_is_a_storage_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chromadb.errors import InternalError

    def full(*_: object) -> None:
        raise InternalError("database or disk is full")

    monkeypatch.setattr(index_module, "_filters", full)
    with pytest.raises(StorageFailed, match="cannot be written: database or disk is full"):
        build(FolderPlace(tmp_path), some_rows(1))


@pytest.mark.parametrize("use", ["create", "open", "drop", "batch_size"])
def test_a_server_that_is_down_is_an_upstream_failure_that_says_what_to_check(use: str) -> None:
    place = ServerPlace("http://127.0.0.1:1")
    with pytest.raises(UpstreamFailed, match=r"The Chroma server http://127.0.0.1:1 cannot be") as caught:
        getattr(place, use)(*([] if use == "batch_size" else ["passages-x"]))
    assert caught.value.hint is not None
    assert "`chroma run`" in caught.value.hint and "ASSESS_ROLE_CHROMA_URL" in caught.value.hint


def test_a_server_that_goes_down_while_it_is_searched_is_an_upstream_failure(mortal_server: object) -> None:
    place = ServerPlace(mortal_server.url)  # type: ignore[attr-defined]
    built = opened(place, build(place, some_rows(5)))
    mortal_server.stop()  # type: ignore[attr-defined]
    with pytest.raises(AssessorError) as caught:
        built.nearest(vectors_of(1), limit=3)
    assert isinstance(caught.value, UpstreamFailed)


def test_a_partial_date_counts_from_its_first_day() -> None:
    assert [day_number(date) for date in ("2025", "2025-07", "2025-07-10", "unknown")] == [
        20250101,
        20250701,
        20250710,
        UNKNOWN_DATE,
    ]
