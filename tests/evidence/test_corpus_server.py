"""One corpus, whether its index lies in a folder or on a Chroma server."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from factories_evidence import WordEmbedder, a_corpus, an_own_article, names_of, run_beside

from agent.errors import UpstreamFailed
from agent.evidence.check import check_corpus
from agent.evidence.places import FolderPlace, Place, ServerPlace

PlaceMaker = Callable[[], Place]

SEARCHER = """
import sys
from pathlib import Path
from factories_evidence import a_corpus, names_of
from agent.evidence.places import FolderPlace, ServerPlace
home, url = Path(sys.argv[1]), sys.argv[2]
corpus = a_corpus(home, place=ServerPlace(url) if url.startswith("http") else FolderPlace(home / "index"))
for query in sys.stdin:
    print(" ".join(names_of(corpus.search([query.strip()], limit=9))), flush=True)
"""


def test_what_is_taken_is_found_changed_and_removed(tmp_path: Path, a_place: PlaceMaker) -> None:
    home = tmp_path / "home"
    corpus = a_corpus(home, place=a_place())
    one, two = an_own_article("one", "data engineers", "welders"), an_own_article("two", "nurses")
    corpus.take([one, two])
    assert names_of(corpus.search(["nurses"], limit=1)) == ["two"]
    corpus.take([an_own_article("two", "pilots", date="2020")])
    assert names_of(corpus.search(["pilots"], limit=1)) == ["two"]
    assert names_of(corpus.search(["pilots"], limit=9, as_of="2021-01-01")) == ["two"]
    corpus.remove(one.id)
    assert names_of(corpus.search(["data engineers"], limit=9)) == ["two"]
    assert check_corpus(corpus).problems == ()
    assert corpus.reindex() == 0
    assert names_of(corpus.search(["pilots"], limit=9)) == ["two"]
    assert check_corpus(corpus).problems == ()


def test_two_corpora_on_one_home_see_each_others_changes(tmp_path: Path, a_place: PlaceMaker) -> None:
    home = tmp_path / "home"
    one, two = a_corpus(home, place=a_place()), a_corpus(home, place=a_place())
    for number, corpus in enumerate((one, two, one, two)):
        corpus.take([an_own_article(f"n{number}", f"engineers of kind{number}")])
        for reader in (one, two):
            assert len(reader.search(["engineers"], limit=9)) == number + 1
    assert check_corpus(one).problems == check_corpus(two).problems == ()


def test_another_process_sees_what_is_taken_meanwhile(tmp_path: Path, a_place: PlaceMaker) -> None:
    home = tmp_path / "home"
    corpus = a_corpus(home, place=a_place())
    corpus.take([an_own_article("one", "engineers")])
    reader = run_beside(SEARCHER, str(home), corpus.place.name)
    assert reader.stdin is not None and reader.stdout is not None
    seen = []
    for name in ("two", "three"):
        print("engineers", file=reader.stdin, flush=True)
        seen.append(set(reader.stdout.readline().split()))
        corpus.take([an_own_article(name, "engineers")])
    rest, errors = reader.communicate("engineers\n")
    assert (errors, reader.returncode) == ("", 0)
    assert [*seen, set(rest.split())] == [{"one"}, {"one", "two"}, {"one", "two", "three"}]


def test_two_homes_on_one_server_keep_out_of_each_others_way(tmp_path: Path, a_place: PlaceMaker) -> None:
    here = a_corpus(tmp_path / "here", place=a_place())
    there_place = a_place() if isinstance(here.place, ServerPlace) else FolderPlace(tmp_path / "there" / "index")
    there = a_corpus(tmp_path / "there", place=there_place)
    for corpus, topic in ((here, "engineers"), (there, "nurses"), (here, "welders"), (there, "pilots")):
        corpus.take([an_own_article(topic, topic)])
    here.reindex()
    assert set(names_of(here.search(["engineers"], limit=9))) == {"engineers", "welders"}
    assert set(names_of(there.search(["engineers"], limit=9))) == {"nurses", "pilots"}


def test_a_lost_segment_is_built_from_the_store(tmp_path: Path, a_place: PlaceMaker) -> None:
    home = tmp_path / "home"
    corpus = a_corpus(home, place=a_place())
    corpus.take([an_own_article("one", "engineers", "welders")])
    before = corpus.search(["engineers"], limit=9)
    corpus.close()
    lost = a_place()
    for name in corpus.segments.ready_names():
        lost.drop(name)
    embedder = WordEmbedder()
    assert a_corpus(home, embedder, place=a_place()).search(["engineers"], limit=9) == before
    assert embedder.embedded == []


def test_an_index_moves_between_folder_and_server_without_embedding(tmp_path: Path, chroma_server: object) -> None:
    url: str = chroma_server.url  # type: ignore[attr-defined]
    home, embedder = tmp_path / "home", WordEmbedder()
    a_corpus(home).take([an_own_article("one", "engineers", "welders")])
    before = a_corpus(home).search(["engineers"], limit=9)
    there = a_corpus(home, embedder, place=ServerPlace(url))
    assert there.search(["engineers"], limit=9) == before
    assert {row.place for row in there.segments.ready(there.embedding)} == {url}
    assert check_corpus(there).problems == ()
    shutil.rmtree(home / "index")
    back = a_corpus(home, embedder)
    assert back.search(["engineers"], limit=9) == before
    assert check_corpus(back).problems == ()
    assert embedder.embedded == []


@pytest.mark.parametrize("use", ["search", "take", "reindex", "check"])
def test_a_server_that_is_down_is_named_and_nothing_is_lost(tmp_path: Path, mortal_server: object, use: str) -> None:
    url: str = mortal_server.url  # type: ignore[attr-defined]
    home, article = tmp_path / "home", an_own_article("one", "engineers")
    a_corpus(home, place=ServerPlace(url)).take([article])
    mortal_server.stop()  # type: ignore[attr-defined]
    corpus = a_corpus(home, place=ServerPlace(url))
    uses: dict[str, Callable[[], object]] = {
        "search": lambda: corpus.search(["engineers"], limit=3),
        "take": lambda: corpus.take([an_own_article("two", "welders")]),
        "reindex": corpus.reindex,
        "check": lambda: check_corpus(corpus),
    }
    with pytest.raises(UpstreamFailed, match=f"The Chroma server {url} cannot be") as caught:
        uses[use]()
    assert caught.value.hint is not None and "ASSESS_ROLE_CHROMA_URL" in caught.value.hint
    assert corpus.articles() == [article]
    in_folder = a_corpus(home)
    assert names_of(in_folder.search(["engineers"], limit=3)) == ["one"]
