"""What is staged, what is visible, and what stays resolvable."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories_corpus import NOW, VECTOR, a_passage, a_store, an_article

from agent.errors import NotFound
from agent.schemas.article import Article, Passage
from agent.store.corpus import CorpusStore, Signed
from agent.store.corpus_changes import CorpusChange
from agent.store.corpus_view import Standing

LATER = "2026-03-01T10:00:00Z"
Parts = list[tuple[Article, list[Passage]]]


def everything_readable(store: CorpusStore, ids: list[str]) -> list[object]:
    """What the reads of a search and of a list answer."""
    with store.view() as view:
        seen = [view.candidates(ids, "m1"), view.find_words('"part"', limit=9), view.facts(), view.is_placed("m1")]
    own = [store.articles(), store.content_hashes(), store.active_passages(), store.signed(), store.edits()]
    return [*seen, *own, store.words(), store.digest(), store.facts()]


def test_what_is_staged_is_invisible_to_every_read_until_it_is_applied(tmp_path: Path) -> None:
    store, old = a_store(tmp_path), an_article(1)
    kept = a_passage(old, 1)
    store.apply(CorpusChange(NOW, articles=[(old, [kept])], embedding="m1", vectors={kept.id: VECTOR}))
    changed, new = an_article(1, text="Third part. Fourth part."), an_article(2, date="2020", tier=1)
    parts: Parts = [(changed, [a_passage(changed, 2)]), (new, [a_passage(new, 3)])]
    ids = ["p-000000000001", "p-000000000002", "p-000000000003"]
    before = everything_readable(store, ids)
    store.stage(NOW, parts)
    store.put_vectors("m1", {ids[1]: VECTOR, ids[2]: VECTOR})
    assert everything_readable(store, ids) == before
    store.apply(CorpusChange(NOW, articles=parts))
    assert store.content_hashes() == {changed.id: changed.content_hash, new.id: new.content_hash}
    assert store.active_passages() == ids[1:]


def test_staging_does_not_touch_a_passage_that_is_searched_now(tmp_path: Path) -> None:
    store, old = a_store(tmp_path), an_article(1)
    kept = a_passage(old, 1, 12, 24)
    store.apply(CorpusChange(NOW, articles=[(old, [kept])]))
    shorter = an_article(1, text="Second part.")
    moved = a_passage(shorter, 1, 0, 12)
    store.stage(NOW, [(shorter, [moved])])
    assert store.passages([kept.id]) == [kept]
    assert store.text_around(kept.id) == (old.text, 12, 24)
    store.apply(CorpusChange(NOW, articles=[(shorter, [moved])]))
    assert store.text_around(kept.id) == (shorter.text, 0, 12)


def test_staging_twice_is_staging_once(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article(1)
    parts: Parts = [(article, [a_passage(article, 1)])]
    store.stage(NOW, parts)
    store.stage(LATER, parts)
    assert store.versions(article.id) == [(article.content_hash, NOW)]


def test_a_passage_of_a_former_version_still_gives_the_text_it_was_cut_from(tmp_path: Path) -> None:
    store, first = a_store(tmp_path), an_article(1)
    cited = a_passage(first, 1, 12, 24)
    store.apply(CorpusChange(NOW, articles=[(first, [cited])]))
    second = an_article(1, text="All is new.")
    store.apply(CorpusChange(LATER, articles=[(second, [a_passage(second, 2)])]))
    store.apply(CorpusChange(LATER, removed=[first.id]))
    assert store.text_around(cited.id) == (first.text, 12, 24)
    assert store.versions(first.id) == [(first.content_hash, NOW), (second.content_hash, LATER)]
    assert store.torn([cited.id, "p-000000000002"]) == []


def test_a_passage_of_a_former_version_keeps_what_that_version_said_of_its_source(tmp_path: Path) -> None:
    store, first = a_store(tmp_path), an_article(1, date="2025-07")
    cited = a_passage(first, 1, 0, 11)
    store.apply(CorpusChange(NOW, articles=[(first, [cited])]))
    second = an_article(1, text="All is new.", date="2026-02", text_kind="full", title="Corrected")
    store.apply(CorpusChange(LATER, articles=[(second, [a_passage(second, 2)])]))
    found = store.find_passages([cited.id, "p-000000000002"])
    assert (found[cited.id].meta, found["p-000000000002"].meta) == (first.meta, second.meta)
    store.apply(CorpusChange(LATER, removed=[first.id]))
    assert store.find_passages([cited.id])[cited.id].meta == first.meta


def test_a_passage_stands_in_its_article_and_in_the_corpus_or_no_longer(tmp_path: Path) -> None:
    store, first, other = a_store(tmp_path), an_article(1, date="2025-07"), an_article(2, date="2024")
    cited, kept, own = a_passage(first, 1), a_passage(first, 2, 12, 24), a_passage(other, 3)
    store.apply(CorpusChange(NOW, articles=[(first, [cited, kept]), (other, [own])]))
    second = an_article(1, text="All is new. Second part.", date="2026")
    store.apply(CorpusChange(LATER, articles=[(second, [a_passage(second, 2, 12, 24)])], removed=[other.id]))
    with store.view() as view:
        found = view.standings([cited.id, kept.id, own.id, "p-unknown"])
    dates = frozenset({"2025-07", "2026"})
    assert found == {
        cited.id: Standing(False, True, LATER, dates),
        kept.id: Standing(True, True, LATER, dates),
        own.id: Standing(False, False, NOW, frozenset({"2024"})),
    }


def test_an_article_that_has_left_can_still_be_shown(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article(1)
    store.apply(CorpusChange(NOW, articles=[(article, [])]))
    store.apply(CorpusChange(NOW, removed=[article.id]))
    assert store.article(article.id) == article


@pytest.mark.parametrize("read", ["article", "copies", "versions", "passages_of"])
def test_an_unknown_article_is_named(tmp_path: Path, read: str) -> None:
    with pytest.raises(NotFound, match="no article a-unknown"):
        getattr(a_store(tmp_path), read)("a-unknown")


def test_a_passage_whose_text_is_unknown_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no passage p-unknown"):
        a_store(tmp_path).text_around("p-unknown")


def test_metadata_pages_and_headings_come_out_as_they_went_in(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    plain = an_article(1, licence="CC BY 4.0", tags=("survey", "wages"), assumed=("publisher", "tier"))
    article = plain.model_copy(update={"pages": ((0, 3), (12, 4))})
    part = a_passage(article, 1, 12, 24).model_copy(update={"page": 4, "heading": "Report > Wages"})
    store.apply(CorpusChange(NOW, articles=[(article, [part])]))
    assert store.articles() == [article]
    assert store.passages_of(article.id) == [part]


def test_copies_are_listed_both_ways_and_a_passage_names_its_work(tmp_path: Path) -> None:
    store, original, copy, other = a_store(tmp_path), an_article(1), an_article(2), an_article(3)
    part, own = a_passage(copy, 1), a_passage(original, 2)
    signatures = {original.id: b"s", copy.id: b"s"}
    works = {original.id: original.id, copy.id: original.id, other.id: other.id}
    all_articles: Parts = [(original, [own]), (copy, [part]), (other, [])]
    store.apply(CorpusChange(NOW, articles=all_articles, signatures=signatures, works=works))
    assert [store.copies(article.id) for article in (original, copy, other)] == [[copy.id], [original.id], []]
    assert [found.work for found in store.passages([part.id, own.id])] == [original.id, ""]
    assert store.signed() == [
        Signed(original.id, original.id, "2025-07", b"s"),
        Signed(copy.id, original.id, "2025-07", b"s"),
        Signed(other.id, other.id, "2025-07", None),
    ]


def test_the_digest_changes_when_an_article_becomes_a_copy(tmp_path: Path) -> None:
    store, one, two = a_store(tmp_path), an_article(1), an_article(2)
    before = store.apply(CorpusChange(NOW, articles=[(one, [a_passage(one, 1)]), (two, [a_passage(two, 2)])]))
    after = store.apply(CorpusChange(NOW, works={two.id: one.id}))
    assert before != after
    assert store.apply(CorpusChange(NOW, works={two.id: two.id})) == before


def test_a_passage_that_is_not_what_its_version_says_is_torn(tmp_path: Path) -> None:
    store, article = a_store(tmp_path), an_article(1)
    right, wrong = a_passage(article, 1), a_passage(article, 2).model_copy(update={"start": 1, "end": 12})
    store.apply(CorpusChange(NOW, articles=[(article, [right, wrong])]))
    assert store.torn([right.id, wrong.id]) == [wrong.id]
