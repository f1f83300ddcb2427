from __future__ import annotations

from pathlib import Path

import pytest
from factories_evidence import (
    PARAGRAPH,
    WordEmbedder,
    a_corpus,
    an_article_about,
    articles_in,
    names_of,
    segment_folders,
    take_files,
    write_article,
)

from agent.errors import InvalidInput, NotFound, Prerequisite, StorageFailed
from agent.evidence import writer as writer_module
from agent.evidence.check import check_corpus
from agent.evidence.writer import IngestReport, Update
from agent.schemas.article import Article


def test_an_ingest_reports_what_it_did(tmp_path: Path) -> None:
    article = an_article_about("one", "data engineers", "welders")
    corpus = a_corpus(tmp_path)
    assert corpus.take([article]) == IngestReport(added=(article.id,), passages=2, embedded=2)
    assert corpus.articles() == [article]
    assert check_corpus(corpus).problems == ()


def test_the_same_ingest_again_embeds_indexes_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = WordEmbedder()
    corpus, article = a_corpus(tmp_path, embedder), an_article_about("one", "data engineers")
    first, digest, segments = corpus.take([article]), corpus.digest, segment_folders(tmp_path)
    embedder.embedded.clear()
    monkeypatch.setattr(writer_module, "build_segment", lambda *_, **__: pytest.fail("it was indexed"))
    assert corpus.take([article]) == IngestReport(unchanged=first.added)
    assert embedder.embedded == []
    assert (corpus.digest, segment_folders(tmp_path)) == (digest, segments)


def test_a_changed_article_touches_only_its_own_changed_passages(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    corpus, other = a_corpus(tmp_path, embedder), an_article_about("two", "nurses")
    before = an_article_about("one", "data engineers", "welders")
    corpus.take([before, other])
    embedder.embedded.clear()
    article = an_article_about("one", "data engineers", "plumbers")
    after = corpus.take([article, other])
    assert after == IngestReport(
        updated=(article.id,),
        updates=(Update(article.id, before.meta, article.meta),),
        unchanged=(other.id,),
        passages=2,
        embedded=1,
    )
    assert embedder.embedded == [PARAGRAPH.format(topic="plumbers")]


def test_a_cited_passage_stays_resolvable_when_its_article_changes_or_goes(tmp_path: Path) -> None:
    corpus, first = a_corpus(tmp_path), an_article_about("one", "data engineers")
    corpus.take([first])
    cited = corpus.search(["data engineers"], limit=1)[0].passage
    report = corpus.take([an_article_about("one", "welders")])
    assert [found.passage.id for found in corpus.search(["data engineers"], limit=5)] != [cited.id]
    corpus.remove(report.updated[0])
    assert corpus.search(["data engineers"], limit=5) == []
    assert corpus.passages([cited.id]) == [cited]
    assert corpus.store.text_around(cited.id) == (first.text, cited.start, cited.end)


def test_articles_are_read_no_further_ahead_than_a_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "STAGE_STEP", 2)
    embedder = WordEmbedder()
    corpus = a_corpus(tmp_path, embedder)
    embedded_before: list[int] = []

    def stream():  # type: ignore[no-untyped-def]
        for number in range(6):
            embedded_before.append(len(embedder.embedded))
            yield an_article_about(f"n{number}", f"topic{number}")

    assert len(corpus.take(stream()).added) == 6
    assert embedded_before == [0, 0, 2, 2, 4, 4]


def test_the_last_of_two_articles_at_one_address_counts(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    first, last = an_article_about("one", "welders"), an_article_about("one", "nurses")
    assert corpus.take([first, last]).added == (last.id,)
    assert corpus.articles() == [last]
    assert check_corpus(corpus).problems == ()


def test_an_article_without_a_passage_is_kept_and_finds_nothing(tmp_path: Path) -> None:
    corpus, article = a_corpus(tmp_path), an_article_about("one", "welders")
    empty = Article(id="a-00000000000e", meta=article.meta, text=" ", content_hash="sha256:e")
    assert corpus.take([empty]).passages == 0
    assert (len(corpus.articles()), corpus.search(["welders"], limit=3)) == (1, [])


def test_an_article_that_was_removed_can_come_back_without_embedding(tmp_path: Path) -> None:
    corpus, article = a_corpus(tmp_path), an_article_about("one", "data engineers")
    report, digest = corpus.take([article]), corpus.digest
    corpus.remove(article.id)
    assert corpus.take([article]) == IngestReport(added=report.added, passages=1, embedded=0)
    assert corpus.digest == digest
    assert names_of(corpus.search(["data engineers"], limit=3)) == ["one"]


def test_removing_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no article 'a-none'"):
        a_corpus(tmp_path).remove("a-none")


def test_one_text_under_two_addresses_comes_in_twice_and_is_one_work(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    later, first = (
        an_article_about(name, "data engineers", "welders", date=date)
        for name, date in (("later", "2026-01-01"), ("first", "2025-01-01"))
    )
    report = corpus.take([later, first])
    assert report.copies == {later.id: first.id}
    assert (corpus.store.copies(later.id), corpus.store.copies(first.id)) == ([first.id], [later.id])
    works = {part.article: part.work for one in (later, first) for part in corpus.store.passages_of(one.id)}
    assert works == {later.id: first.id, first.id: ""}
    found = corpus.search(["welders"], limit=4, per_article=4)
    assert {(hit.passage.article, hit.copies) for hit in found} == {(first.id, (later.id,))}


def test_an_updated_copy_is_still_reported_as_one(tmp_path: Path) -> None:
    corpus, first = a_corpus(tmp_path), an_article_about("first", "data engineers", date="2025-01-01")
    corpus.take([first, an_article_about("copy", "data engineers")])
    again = an_article_about("copy", "data engineers", tier=4)
    assert corpus.take([again]).copies == {again.id: first.id}


def test_a_copy_stands_for_itself_when_its_original_goes_or_changes(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    first = an_article_about("first", "data engineers", date="2025-01-01")
    second, third = an_article_about("b", "data engineers"), an_article_about("c", "data engineers", date="2025-09-01")
    corpus.take([first, second, third])
    corpus.remove(first.id)
    assert corpus.store.copies(third.id) == [second.id]
    assert {row.article: row.work for row in corpus.store.signed()} == {second.id: second.id, third.id: second.id}
    corpus.take([an_article_about("b", "nurses and their wages in hospitals")])
    assert corpus.store.copies(third.id) == []


def test_another_embedding_model_is_an_error_until_the_corpus_is_reindexed(tmp_path: Path) -> None:
    a_corpus(tmp_path).take([an_article_about("one", "data engineers", "welders")])
    other = a_corpus(tmp_path, WordEmbedder("words-2"))
    for use in (lambda: other.search(["welders"], limit=5), lambda: other.take([an_article_about("two", "x")])):
        with pytest.raises(Prerequisite, match="embedded with words-1, but the embedding model in use is words-2") as e:
            use()
        assert e.value.hint is not None and "assess-role corpus reindex" in e.value.hint
    assert other.reindex() == 2
    assert "welders" in other.search(["welders"], limit=1)[0].passage.text
    assert check_corpus(other).problems == ()
    with pytest.raises(Prerequisite, match="embedded with words-2"):
        a_corpus(tmp_path).search(["welders"], limit=5)


def test_going_back_to_a_former_model_embeds_nothing(tmp_path: Path) -> None:
    a_corpus(tmp_path).take([an_article_about("one", "data engineers")])
    a_corpus(tmp_path, WordEmbedder("words-2")).reindex()
    assert a_corpus(tmp_path).reindex() == 0
    assert len(a_corpus(tmp_path).search(["data engineers"], limit=5)) == 1


def test_a_corpus_of_another_time_sees_what_was_added_to_it(tmp_path: Path) -> None:
    reader, writer = a_corpus(tmp_path), a_corpus(tmp_path)
    writer.take([an_article_about("one", "data engineers")])
    assert names_of(reader.search(["welders"], limit=5)) == ["one"]
    writer.take([an_article_about("two", "welders")])
    assert names_of(reader.search(["welders"], limit=5))[0] == "two"


def test_an_empty_corpus_finds_nothing(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    corpus = a_corpus(tmp_path, embedder)
    assert corpus.search(["data engineers"], limit=5, as_of="2026-01-01") == []
    assert embedder.embedded == []


def test_an_index_folder_that_cannot_be_written_is_a_storage_failure_and_keeps_the_vectors(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    corpus, article = a_corpus(tmp_path, embedder), an_article_about("one", "data engineers")
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(StorageFailed, match="cannot be written"):
        corpus.take([article])
    assert corpus.articles() == []
    (tmp_path / "index").unlink()
    assert corpus.take([article]) == IngestReport(added=(article.id,), passages=1, embedded=0)
    assert len(corpus.search(["data engineers"], limit=5)) == 1


def test_progress_tells_every_step(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    article = an_article_about("one", "data engineers")
    a_corpus(tmp_path).take([article], progress=lambda *step: steps.append(step))
    assert steps == [("embed", 1, 1), ("index", 1, 1)]


def test_files_become_the_articles_that_they_hold(tmp_path: Path) -> None:
    write_article(tmp_path / "in", "one", "data engineers")
    corpus = a_corpus(tmp_path / "home")
    assert take_files(corpus, tmp_path / "in").added == (corpus.articles()[0].id,)
    assert corpus.articles() == articles_in(tmp_path / "in")


@pytest.mark.parametrize("leg", ["engineers", "nothing that stands in it"])
def test_an_edit_of_date_or_tier_moves_the_filters_of_both_legs_and_embeds_nothing(tmp_path: Path, leg: str) -> None:
    embedder = WordEmbedder()
    corpus, article = a_corpus(tmp_path, embedder), an_article_about("one", "engineers", date="2024-01-01", tier=2)
    corpus.take([article, an_article_about("two", "welders", date="2020-01-01", tier=1)])
    assert "one" in names_of(corpus.search([leg], limit=5, as_of="2024-06-01"))
    embedder.embedded.clear()
    after = corpus.edit(article.id, {"date": "2025-01-01", "tier": 3})
    assert (after.meta.date, after.meta.tier) == ("2025-01-01", 3)
    assert names_of(corpus.search([leg], limit=5, as_of="2024-06-01")) == ["two"]
    assert names_of(corpus.search([leg], limit=5, since="2024-06-01")) == ["one"]
    assert names_of(corpus.search([leg], limit=5, tiers=frozenset({3}))) == ["one"]
    assert names_of(corpus.search([leg], limit=5, tiers=frozenset({2}))) == []
    assert embedder.embedded == []
    assert check_corpus(corpus).problems == ()


def test_an_edit_is_remembered_field_by_field_and_states_what_was_assumed(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    article = an_article_about("one", "engineers", assumed=("publisher", "tier"))
    corpus.take([article])
    corpus.edit(article.id, {"tier": 1})
    after = corpus.edit(article.id, {"title": "Another title", "tags": ["wages"]})
    assert corpus.store.edits() == {article.id: {"tier": 1, "title": "Another title", "tags": ["wages"]}}
    assert (after.meta.tier, after.meta.title, after.meta.tags) == (1, "Another title", ("wages",))
    assert after.meta.assumed == ("publisher",)
    assert corpus.articles() == [after]
    assert [hit.passage.meta for hit in corpus.search(["engineers"], limit=1)] == [after.meta]


def test_an_edit_that_confirms_what_is_known_is_remembered_too(tmp_path: Path) -> None:
    corpus, article = a_corpus(tmp_path), an_article_about("one", "engineers", tier=2)
    corpus.take([article])
    assert corpus.edit(article.id, {"tier": 2}) == article
    assert corpus.store.edits() == {article.id: {"tier": 2}}


@pytest.mark.parametrize("changes", [{"tier": 9}, {"date": "July"}, {"colour": "red"}, {"title": ""}])
def test_an_edit_that_is_not_valid_changes_nothing(tmp_path: Path, changes: dict[str, object]) -> None:
    corpus, article = a_corpus(tmp_path), an_article_about("one", "engineers")
    corpus.take([article])
    with pytest.raises(InvalidInput, match=f"{article.id} cannot be edited: `{next(iter(changes))}`"):
        corpus.edit(article.id, changes)
    assert (corpus.articles(), corpus.store.edits()) == ([article], {})


def test_an_address_is_what_an_article_is_known_by_and_cannot_be_edited(tmp_path: Path) -> None:
    corpus, article = a_corpus(tmp_path), an_article_about("one", "engineers")
    corpus.take([article])
    with pytest.raises(InvalidInput, match="url"):
        corpus.edit(article.id, {"url": "https://example.org/elsewhere"})
    assert corpus.articles() == [article]


def test_only_an_article_of_the_corpus_can_be_edited(tmp_path: Path) -> None:
    corpus, article = a_corpus(tmp_path), an_article_about("one", "engineers")
    corpus.take([article])
    corpus.remove(article.id)
    with pytest.raises(NotFound, match="has left the corpus"):
        corpus.edit(article.id, {"tier": 1})
    with pytest.raises(NotFound, match="no article a-none"):
        corpus.edit("a-none", {"tier": 1})
