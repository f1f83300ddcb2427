from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from agent.store import query_vectors as module
from agent.store.database import Database
from agent.store.query_vectors import QueryVectors
from agent.store.tables import query_vectors


def count(db: Database) -> int:
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(query_vectors)).scalar_one())


def test_a_vector_is_remembered_for_its_model_and_text_only(tmp_path: Path) -> None:
    kept = QueryVectors(Database.open(tmp_path / "store.db"))
    kept.remember("m1", {"wages": b"1", "demand": b"2"})
    assert kept.known("m1", ["demand", "layoffs", "wages"]) == {"wages": b"1", "demand": b"2"}
    assert kept.known("m2", ["wages"]) == {}
    assert kept.known("m1", ["Wages"]) == {}


def test_what_is_remembered_stays_as_it_is(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "store.db")
    kept = QueryVectors(db)
    kept.remember("m1", {"wages": b"1"})
    kept.remember("m1", {"wages": b"9", "demand": b"2"})
    assert kept.known("m1", ["wages", "demand"]) == {"wages": b"1", "demand": b"2"}
    assert count(db) == 2


def test_remembering_nothing_writes_nothing(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "store.db")
    QueryVectors(db).remember("m1", {})
    assert count(db) == 0


def test_two_processes_that_embed_the_same_query_keep_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = Database.open(tmp_path / "store.db")
    slow, fast = QueryVectors(db), QueryVectors(db)
    monkeypatch.setattr(slow, "known", lambda embedding, texts: {})
    fast.remember("m1", {"wages": b"1"})
    slow.remember("m1", {"wages": b"9", "demand": b"2"})
    assert fast.known("m1", ["wages", "demand"]) == {"wages": b"1", "demand": b"2"}


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    db = Database.open(tmp_path / "store.db")
    kept = QueryVectors(db)
    for text in "abcde":
        kept.remember("m1", {text: text.encode()})
    assert kept.known("m1", list("abcde")) == {"c": b"c", "d": b"d", "e": b"e"}
    assert count(db) == 3


def test_more_queries_than_fit_one_statement_are_remembered(tmp_path: Path) -> None:
    kept = QueryVectors(Database.open(tmp_path / "store.db"))
    many = {f"query {number}": str(number).encode() for number in range(1200)}
    kept.remember("m1", many)
    assert kept.known("m1", list(many)) == many
