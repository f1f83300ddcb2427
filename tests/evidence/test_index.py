from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from agent.errors import Prerequisite, StorageFailed
from agent.evidence import index as index_module
from agent.evidence.embedding import Vectors
from agent.evidence.index import (
    UNKNOWN_DATE,
    IndexKey,
    IndexRow,
    build_index,
    day_number,
    drop_indexes,
    open_index,
    self_query_share,
)

KEY = IndexKey("model-1", "sha256:one")


def vectors_of(count: int, dimensions: int = 16) -> Vectors:
    rows = np.random.default_rng(7).normal(size=(count, dimensions))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def some_rows(count: int) -> list[IndexRow]:
    return [
        IndexRow(f"p-{n:012x}", f"a-{n // 2:012x}", 20250101 + n, n % 4 + 1, row.astype("<f4").tobytes())
        for n, row in enumerate(vectors_of(count))
    ]


def folders(folder: Path) -> int:
    return len(list(folder.glob("passages-*")))


def test_every_passage_is_found_by_its_own_vector_with_cosine_order(tmp_path: Path) -> None:
    rows, vectors = some_rows(120), vectors_of(120)
    built = build_index(tmp_path, KEY, rows)
    order = [[rows[n].passage for n in np.argsort(-(vectors @ vector), kind="stable")[:5]] for vector in vectors]
    assert built.nearest(vectors * 3, limit=5) == order


def test_an_opened_index_is_the_built_one(tmp_path: Path) -> None:
    rows = some_rows(30)
    built = build_index(tmp_path, KEY, rows).nearest(vectors_of(30), limit=30)
    reopened = open_index(tmp_path, KEY)
    assert reopened is not None
    assert reopened.size == 30
    assert reopened.nearest(vectors_of(30), limit=30) == built


def test_equal_distances_are_ordered_by_id(tmp_path: Path) -> None:
    same = vectors_of(1)[0].tobytes()
    rows = [IndexRow(f"p-{n:012x}", "a-1", 0, 1, same) for n in (3, 1, 2)]
    found = build_index(tmp_path, KEY, rows).nearest(vectors_of(1), limit=3)
    assert found == [["p-000000000001", "p-000000000002", "p-000000000003"]]


def test_the_filters_reach_the_index(tmp_path: Path) -> None:
    built = build_index(tmp_path, KEY, some_rows(40))
    where = {"$and": [{"date": {"$lte": 20250105}}, {"tier": {"$in": [1, 2]}}]}
    assert sorted(built.nearest(vectors_of(1), limit=40, where=where)[0]) == [f"p-{n:012x}" for n in (0, 1, 4)]


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    assert build_index(tmp_path, KEY, []).nearest(vectors_of(2), limit=5) == [[], []]
    reopened = open_index(tmp_path, KEY)
    assert reopened is not None
    assert reopened.size == 0


def test_an_index_of_another_model_or_corpus_is_not_opened(tmp_path: Path) -> None:
    build_index(tmp_path, KEY, some_rows(5))
    assert open_index(tmp_path, IndexKey("model-2", KEY.digest)) is None
    assert open_index(tmp_path, IndexKey(KEY.embedding, "sha256:two")) is None
    assert open_index(tmp_path / "nowhere", KEY) is None


def test_a_build_that_was_cut_off_does_not_count_and_goes_with_the_next(tmp_path: Path) -> None:
    rows = some_rows(5)
    build_index(tmp_path, KEY, rows)
    (next(tmp_path.glob("passages-*")) / "complete.json").unlink()
    assert open_index(tmp_path, KEY) is None
    build_index(tmp_path, KEY, rows)
    assert open_index(tmp_path, KEY) is not None
    assert folders(tmp_path) == 1


def test_one_index_of_an_earlier_state_is_kept_for_readers_and_no_more(tmp_path: Path) -> None:
    keys = [IndexKey("model-1", f"sha256:{n}") for n in range(4)]
    for key in keys:
        build_index(tmp_path, key, some_rows(5))
    found = [open_index(tmp_path, key) is not None for key in keys]
    assert found == [False, False, True, True]
    assert folders(tmp_path) == 2


def test_a_reader_of_the_state_before_goes_on_finding(tmp_path: Path) -> None:
    before = build_index(tmp_path, KEY, some_rows(30))
    build_index(tmp_path, IndexKey("model-1", "sha256:two"), some_rows(10))
    assert before.nearest(vectors_of(30)[:1], limit=1) == [["p-000000000000"]]


def test_an_index_that_lost_passages_is_damaged(tmp_path: Path) -> None:
    build_index(tmp_path, KEY, some_rows(5))
    marker = next(tmp_path.glob("passages-*/complete.json"))
    marker.write_text(json.dumps({"embedding": KEY.embedding, "digest": KEY.digest, "passages": 6}))
    with pytest.raises(Prerequisite, match="it holds 5 passages, expected 6") as caught:
        open_index(tmp_path, KEY)
    assert caught.value.hint == "Run `assess-role corpus reindex`."


def test_an_index_whose_files_are_garbage_is_damaged(tmp_path: Path) -> None:
    build_index(tmp_path, KEY, some_rows(5)).close()
    (next(tmp_path.glob("passages-*")) / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    with pytest.raises(Prerequisite, match="is damaged") as caught:
        open_index(tmp_path, KEY)
    assert caught.value.hint == "Run `assess-role corpus reindex`."


def test_an_index_that_does_not_find_its_own_passages_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "self_query_share", lambda index, rows: 0.92)
    with pytest.raises(StorageFailed, match=r"finds 92.0% of its own passages, expected 99%"):
        build_index(tmp_path, KEY, some_rows(5))
    assert open_index(tmp_path, KEY) is None


def test_the_self_query_share_counts_what_the_index_finds(tmp_path: Path) -> None:
    rows = some_rows(40)
    built = build_index(tmp_path, KEY, rows[:30])
    assert self_query_share(built, rows[:30]) == 1
    assert self_query_share(built, rows) == 0.75


def test_a_folder_that_cannot_be_written_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="cannot be written"):
        build_index(tmp_path / "file", KEY, some_rows(1))


def test_a_disk_that_fills_up_while_building_is_a_storage_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chromadb.errors import InternalError

    def full(*_: object) -> None:
        raise InternalError("database or disk is full")

    monkeypatch.setattr(index_module, "_filled", full)
    with pytest.raises(StorageFailed, match="cannot be written: database or disk is full"):
        build_index(tmp_path, KEY, some_rows(1))
    assert open_index(tmp_path, KEY) is None


def test_dropping_leaves_nothing_behind_but_other_peoples_files(tmp_path: Path) -> None:
    build_index(tmp_path, KEY, some_rows(5))
    (tmp_path / "mine.txt").write_text("keep")
    drop_indexes(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_partial_date_counts_from_its_first_day() -> None:
    assert [day_number(date) for date in ("2025", "2025-07", "2025-07-10", "unknown")] == [
        20250101,
        20250701,
        20250710,
        UNKNOWN_DATE,
    ]
