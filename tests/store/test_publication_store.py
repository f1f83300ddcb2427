"""Publications: one row a revision, one version after another a slug."""

from __future__ import annotations

import threading
from pathlib import Path

from factories_records import HASH, OTHER, Records, a_publication


def test_claiming_twice_returns_the_row_that_is_there(tmp_path: Path) -> None:
    records = Records(tmp_path)
    first = records.publications.claim(a_publication(), "/pages")
    again = records.publications.claim(a_publication(), "/elsewhere")
    assert again == first
    assert (first.version, first.status, first.path) == (1, "pending", "/pages/widget-engineer-mid/v1")
    assert records.events().count("publishing") == 1


def test_versions_count_by_slug(tmp_path: Path) -> None:
    records = Records(tmp_path)
    claimed = []
    for at, slug in enumerate(["a", "a", "b", "a"], start=2):
        records.add(f"widget-{at}")
        claimed.append(records.publications.claim(a_publication(assessment=f"widget-{at}", slug=slug), "/pages"))
    assert [(row.slug, row.version) for row in claimed] == [("a", 1), ("a", 2), ("b", 1), ("a", 3)]


def test_each_revision_of_an_assessment_has_its_own_row(tmp_path: Path) -> None:
    records = Records(tmp_path)
    first = records.publications.claim(a_publication(), "/pages")
    second = records.publications.claim(a_publication(revision=OTHER), "/pages")
    assert [(first.revision, first.version), (second.revision, second.version)] == [(HASH, 1), (OTHER, 2)]
    assert records.publications.claim(a_publication(), "/pages") == first


def test_finishing_twice_changes_nothing(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.publications.claim(a_publication(), "/pages")
    assert records.publications.done() == ()
    for _ in range(2):
        records.publications.finish("widget-1", HASH)
    [row] = records.publications.done()
    assert (row.status, row.score) == ("done", 47.5)
    assert records.publications.of("widget-1") == row
    assert records.events() == ["requested", "publishing", "published"]


def test_what_was_never_claimed_is_not_finished(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.publications.finish("widget-1", HASH)
    assert records.publications.of("widget-1") is None
    assert records.events() == ["requested"]


def test_threads_that_claim_at_once_get_one_row_a_revision_and_versions_without_gaps(tmp_path: Path) -> None:
    records = Records(tmp_path)
    for at in range(2, 6):
        records.add(f"widget-{at}")
    start, rows = threading.Barrier(8), []

    def claim(at: int) -> None:
        start.wait()
        rows.append(records.publications.claim(a_publication(assessment=f"widget-{2 + at % 4}"), "/pages"))

    threads = [threading.Thread(target=claim, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(row.assessment, row.version) for row in rows}) == 4
    assert sorted({row.version for row in rows}) == [1, 2, 3, 4]


def test_a_pending_publication_can_be_moved_and_leaves_a_trace(tmp_path: Path) -> None:
    records = Records(tmp_path)
    first = records.publications.claim(a_publication(), "/pages")
    for _ in range(2):
        moved = records.publications.move("widget-1", HASH, "/elsewhere")
        assert moved == first.model_copy(update={"path": "/elsewhere/widget-engineer-mid/v1"})
    assert records.events() == ["requested", "publishing", "publication moved"]


def test_a_publication_that_is_done_stays_where_it_is(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.publications.claim(a_publication(), "/pages")
    records.publications.finish("widget-1", HASH)
    assert records.publications.move("widget-1", HASH, "/elsewhere").path == "/pages/widget-engineer-mid/v1"
    assert "publication moved" not in records.events()


def test_the_hashes_of_the_files_are_kept_with_the_event_and_read_with_the_row(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.publications.claim(a_publication(), "site")
    records.publications.finish("widget-1", HASH, {"index.html": OTHER})
    records.publications.finish("widget-1", HASH, {"index.html": HASH})
    (row,) = records.publications.done()
    assert row.files == {"index.html": OTHER}


def test_what_stood_at_an_entry_of_the_trail_is_the_same_whatever_follows(tmp_path: Path) -> None:
    records = Records(tmp_path)
    said = {"reviewer": "Ada", "auth": "local-unverified", "channel": "script", "reason": "It was wrong."}
    for at in range(2, 6):
        records.add(f"widget-{at}")
        records.publications.claim(a_publication(assessment=f"widget-{at}", slug=f"s{at}"), "/pages")
    for at in (2, 3):
        records.publications.finish(f"widget-{at}", HASH)
    records.publications.withdraw("widget-3", HASH, **said)
    records.publications.claim(a_publication(), "/pages")
    mark = records.publications.mark("widget-1", HASH)
    before = records.publications.standing_at(mark)
    assert [(row.slug, row.withdrawn) for row in before] == [("s2", None)]

    records.publications.finish("widget-1", HASH)
    records.publications.finish("widget-4", HASH)
    records.publications.withdraw("widget-2", HASH, **said)
    assert records.publications.standing_at(mark) == before
