from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from factories_evidence import WordEmbedder, a_corpus, take_files, write_article

from agent.errors import InvalidInput
from agent.evidence.bundled import BundledState
from agent.evidence.corpus import Corpus
from agent.evidence.vectors import build_vectors, read_vectors
from agent.evidence.writer import IngestReport
from agent.store.segments import IndexRow


def a_bundle(folder: Path, *names: str) -> Path:
    for name in names:
        write_article(folder, name, f"{name} engineers", f"{name} nurses")
    build_vectors(folder, WordEmbedder())
    return folder


def ids(corpus: Corpus) -> dict[str, str]:
    return {article.meta.url.removeprefix("https://example.org/"): article.id for article in corpus.articles()}


def vectors_of(corpus: Corpus) -> list[IndexRow]:
    rows = corpus.segments.rows(corpus.embedding, corpus.store.active_passages())
    return [row for batch in rows for row in batch]


def test_the_first_run_takes_the_bundle_over_without_embedding(tmp_path: Path) -> None:
    bundle, embedder = a_bundle(tmp_path / "bundle", "one", "two"), WordEmbedder()
    corpus = a_corpus(tmp_path / "home", embedder)
    report = corpus.ensure_bundled(bundle)
    assert report is not None
    assert (len(report.added), report.passages, report.embedded) == (2, 4, 0)
    assert embedder.embedded == []
    assert len(corpus.search(["engineers"], limit=9, per_article=9)) == 4


def test_shipped_vectors_are_the_vectors_that_embedding_would_give(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path / "bundle", "one")
    shipped, own = a_corpus(tmp_path / "shipped"), a_corpus(tmp_path / "own")
    shipped.ensure_bundled(bundle)
    take_files(own, bundle)
    assert vectors_of(shipped) == vectors_of(own)
    assert len(vectors_of(own)) == 2


def test_a_later_run_does_nothing_and_reads_no_vectors(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path / "bundle", "one")
    a_corpus(tmp_path / "home").ensure_bundled(bundle)
    (bundle / "vectors.npy").unlink()
    assert a_corpus(tmp_path / "home").ensure_bundled(bundle) is None


def test_only_what_has_no_shipped_vector_is_embedded(tmp_path: Path) -> None:
    bundle, embedder = a_bundle(tmp_path / "bundle", "one"), WordEmbedder()
    write_article(bundle, "late", "late welders")
    report = a_corpus(tmp_path / "home", embedder).ensure_bundled(bundle)
    assert report is not None
    assert (report.passages, report.embedded, len(embedder.embedded)) == (3, 1, 1)


def test_vectors_of_another_model_are_not_used(tmp_path: Path) -> None:
    bundle, embedder = a_bundle(tmp_path / "bundle", "one"), WordEmbedder("words-2")
    report = a_corpus(tmp_path / "home", embedder).ensure_bundled(bundle)
    assert report is not None
    assert report.embedded == 2


def test_a_folder_without_vectors_is_embedded(tmp_path: Path) -> None:
    write_article(tmp_path / "bundle", "one", "engineers")
    report = a_corpus(tmp_path / "home").ensure_bundled(tmp_path / "bundle")
    assert report is not None
    assert report.embedded == 1


def test_an_upgrade_follows_the_bundle(tmp_path: Path) -> None:
    bundle, corpus = a_bundle(tmp_path / "bundle", "same", "gone", "changed"), a_corpus(tmp_path / "home")
    corpus.ensure_bundled(bundle)
    known = ids(corpus)
    (bundle / "gone.md").unlink()
    write_article(bundle, "changed", "changed engineers", "changed welders")
    a_bundle(bundle, "new")
    report = corpus.ensure_bundled(bundle)
    assert report is not None
    assert replace(report, updates=()) == IngestReport(
        added=(ids(corpus)["new"],),
        updated=(known["changed"],),
        unchanged=(known["same"],),
        removed=(known["gone"],),
        passages=4,
        embedded=0,
    )
    assert set(ids(corpus)) == {"same", "changed", "new"}


def test_an_upgrade_leaves_alone_what_the_user_added_replaced_or_removed(tmp_path: Path) -> None:
    bundle, corpus = a_bundle(tmp_path / "bundle", "kept", "replaced", "removed"), a_corpus(tmp_path / "home")
    corpus.ensure_bundled(bundle)
    take_files(
        corpus,
        write_article(tmp_path / "own", "replaced", "my own text"),
        write_article(tmp_path / "own", "mine", "my own article"),
        write_article(tmp_path / "own", "soon-bundled", "my own version"),
    )
    corpus.remove(ids(corpus)["removed"])
    before = {article.id: article.content_hash for article in corpus.articles()}
    a_bundle(bundle, "soon-bundled")
    (bundle / "replaced.md").unlink()
    report = corpus.ensure_bundled(bundle)
    assert report is not None
    assert (report.added, report.updated, report.removed) == ((), (), ())
    assert {article.id: article.content_hash for article in corpus.articles()} == before


def test_a_bundled_text_that_the_user_has_under_another_url_is_taken_as_a_copy(tmp_path: Path) -> None:
    bundle, corpus = a_bundle(tmp_path / "bundle", "one", "two"), a_corpus(tmp_path / "home")
    own = write_article(tmp_path / "own", "mine", "one engineers", "one nurses", date="2024")
    [mine] = take_files(corpus, own).added
    corpus.ensure_bundled(bundle)
    assert set(ids(corpus)) == {"mine", "one", "two"}
    assert ids(corpus)["one"] in corpus.store.copies(mine)


def test_a_corpus_can_do_without_the_bundle(tmp_path: Path) -> None:
    bundle, corpus = a_bundle(tmp_path / "bundle", "one"), a_corpus(tmp_path / "home")
    corpus.settle_bundled(BundledState.left_out_by_choice())
    assert a_corpus(tmp_path / "home").ensure_bundled(bundle) is None
    assert corpus.articles() == []
    assert corpus.search(["engineers"], limit=3) == []


def test_two_first_runs_take_the_bundle_over_once(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path / "bundle", "one")
    first, second = a_corpus(tmp_path / "home"), a_corpus(tmp_path / "home")
    assert first.ensure_bundled(bundle) is not None
    assert second.ensure_bundled(bundle) is None


def test_building_vectors_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path / "bundle", "one", "two")
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    assert build_vectors(copy, WordEmbedder()) == 4
    for name in ("vectors.npy", "vectors.json"):
        assert (copy / name).read_bytes() == (bundle / name).read_bytes()


def test_shipped_vectors_that_disagree_with_their_list_are_refused(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path / "bundle", "one")
    np.save(bundle / "vectors.npy", np.zeros((1, 32), "<f4"))
    with pytest.raises(InvalidInput, match=r"of shape \(1, 32\), expected <f4 of shape \(2, 32\)"):
        read_vectors(bundle)


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY garbage"])
def test_shipped_vectors_that_cannot_be_read_are_refused(tmp_path: Path, content: bytes) -> None:
    bundle = a_bundle(tmp_path / "bundle", "one")
    (bundle / "vectors.npy").write_bytes(content)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_vectors(bundle)


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"embedding": "m", "passages": 3, "dimensions": 1})])
def test_a_list_of_shipped_vectors_that_cannot_be_read_is_refused(tmp_path: Path, content: str) -> None:
    bundle = a_bundle(tmp_path / "bundle", "one")
    (bundle / "vectors.json").write_text(content)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_vectors(bundle)
