"""`verify`: what is genuine passes, whatever was changed since is named, and what cannot be read is refused."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from factories_cli import Cli, Clipped, Run
from published_cli import Change, Document, document_of, forge, overridden
from sqlalchemy import Connection, text

from agent.evidence.bundled import BundledState
from agent.evidence.embedding import MiniLM
from agent.schemas.base import content_hash
from agent.settings import read_settings
from agent.store.sqlite import sqlite_engine, use_write_ahead_log
from agent.workflow.wiring import open_stores

TODAY = "2026-11-20"


def a_source(page: Path) -> Document:
    """The first source that the page prints."""
    source = document_of(page)["assessment"]["sources"][0]
    assert isinstance(source, dict)
    return source


def in_store(home: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(home / "store.sqlite") as connection:
        assert connection.execute(statement, values).rowcount > 0


def verified(cli: Cli, page: Path, *more: str) -> Run:
    return cli("verify", str(page), "--json", "--as-of", TODAY, *more)


def codes(run: Run, kind: str) -> set[str]:
    return {remark["code"] for remark in run.document[kind]}


def assert_missed(run: Run, *expected: str) -> None:
    document = run.document
    assert (run.code, document["ok"], document["error"]["kind"]) == (6, False, "threshold"), document
    assert codes(run, "misses") == set(expected)
    lines = [f"{remark['code']} {remark['place']}: {remark['message']}" for remark in document["misses"]]
    assert document["error"]["problems"] == lines


def assert_noted(run: Run, *expected: str) -> None:
    assert run.code == 0, run
    assert (run.document["ok"], run.document["misses"]) == (True, [])
    assert codes(run, "notes") - {"V-STALE"} == set(expected)


def test_a_page_as_it_was_published_is_verified(page: Path, cli: Cli) -> None:
    run = verified(cli, page)
    content = document_of(page)["assessment"]
    assert_noted(run)
    document = run.document
    assert document["revision"] == content_hash(content)
    assert document["score"] == content["result"]["score"] == 35.6
    found = Counter(content["guard"]["verdicts"].values())
    assert {name: count for name, count in document["claims"].items() if count} == found
    assert document["citations"] > 0
    assert set(document) == {"ok", "revision", "score", "claims", "citations", "misses", "notes"}


def test_the_result_stands_in_the_first_line(page: Path, cli: Cli) -> None:
    run = cli("verify", str(page), "--as-of", TODAY)
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[0] == "verified: Release Engineer (Senior), 35.6 of 100, YELLOW (Urgent)"
    page.write_text(page.read_text(encoding="utf-8").replace("A person leads", "Nobody leads", 1), encoding="utf-8")
    run = cli("verify", str(page), "--as-of", TODAY)
    first, *rest = run.out.splitlines()
    assert (run.code, first) == (6, "1 miss: Release Engineer (Senior), 35.6 of 100, YELLOW (Urgent)")
    assert [line.split(": ")[0] for line in rest if line.startswith("miss ")] == ["miss V-HASH revision"]
    assert run.err.splitlines()[0] == "error: 1 thing of this page cannot be confirmed."


def test_the_folder_of_a_page_and_stdin_will_do(page: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = verified(cli, page).document
    assert verified(cli, page.parent).document == whole
    with page.open("rb") as file, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", type("Stdin", (), {"buffer": file})())
        assert verified(cli, Path("-")).document == whole


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda whole: whole[:-20], "is not JSON"),
        (lambda whole: whole[: len(whole) // 2], "is not JSON"),
        (lambda whole: "", "is not JSON"),
        (lambda whole: "[" * 100_000, "is not JSON"),
        (lambda whole: whole.replace('"revision":', '"revision": "x", "revision":', 1), "stands twice"),
        (lambda whole: whole.replace("35.6", "NaN", 1), "NaN is no number"),
        (lambda whole: "[]", "is no published assessment"),
        (lambda whole: '{"role": "Data Engineer", "tasks": []}', "is no published assessment"),
        (lambda whole: json.dumps(json.loads(whole)["assessment"]), "is no published assessment"),
        (lambda whole: json.dumps({**json.loads(whole), "record": {}}), "record.slug: missing"),
        (lambda whole: json.dumps({**json.loads(whole), "more": 1}), "more: there is no such key"),
        (lambda whole: json.dumps({**json.loads(whole), "revision": "sha256:12"}), "revision: found 'sha256:12'"),
    ],
)
def test_what_is_no_published_assessment_is_refused(
    spoil: Callable[[str], str], says: str, page: Path, cli: Cli
) -> None:
    spoiled = spoil(page.read_text(encoding="utf-8"))
    page.write_text(spoiled, encoding="utf-8")
    run = verified(cli, page)
    error = run.document["error"]
    assert (run.code, error["kind"]) == (3, "invalid_input")
    assert says in error["message"]
    assert len(error["message"]) < 3000


def test_a_file_that_is_not_there_and_a_day_that_is_none_are_refused_before_a_home_is_made(
    home: Path, tmp_path: Path, cli: Cli
) -> None:
    run = verified(cli, tmp_path / "nothing.json")
    assert (run.code, run.document["error"]["kind"]) == (3, "not_found")
    for day in ("2027", "20270630", "2027-02-30", "tomorrow"):
        run = cli("verify", str(tmp_path / "nothing.json"), "--as-of", day)
        assert (run.code, run.out) == (3, "")
        assert "expected a day" in run.err
    assert not home.exists()


@pytest.mark.parametrize("place", ["revision", "record.revision"])
def test_content_without_the_hash_that_the_file_states_was_changed(place: str, page: Path, cli: Cli) -> None:
    document = document_of(page)
    if place == "revision":
        document["assessment"]["inputs"]["tasks"][0]["claims"][0]["text"] = "Nobody leads"
    else:
        document["record"]["revision"] = "sha256:" + "0" * 64
    page.write_text(json.dumps(document), encoding="utf-8")
    run = verified(cli, page)
    assert_missed(run, "V-HASH")
    assert [remark["place"] for remark in run.document["misses"]] == [place]


def test_a_page_that_nobody_approved_is_a_miss(page: Path, cli: Cli) -> None:
    document = document_of(page)
    document["record"]["decisions"].pop()
    page.write_text(json.dumps(document), encoding="utf-8")
    assert_missed(verified(cli, page), "V-DECISION")


def _raise_score(content: Document) -> None:
    content["result"]["score"] = 95.6


def _raise_task(content: Document) -> None:
    content["inputs"]["tasks"][0]["score"] = 4


def _drop_result(content: Document) -> None:
    content["result"] = None


def _say_firm(content: Document) -> None:
    content["result"]["robustness"]["verdict"] = "No step changes the zone."


def _raise_lens(content: Document) -> None:
    content["lens_result"]["score"] += 5


@pytest.mark.parametrize(
    ("change", "more"),
    # A raised task also leaves the lens with another score than its base, for which it names no tool.
    [(_raise_score, ()), (_raise_task, ("G-LENS-NO-TOOL",)), (_drop_result, ()), (_say_firm, ()), (_raise_lens, ())],
)
def test_a_result_that_does_not_follow_from_the_inputs_is_a_miss_also_under_a_new_hash(
    change: Change, more: tuple[str, ...], page: Path, cli: Cli
) -> None:
    forge(page, change)
    assert_missed(verified(cli, page), "V-SCORE", *more)


def test_a_score_in_the_record_that_is_not_the_results_is_a_miss(page: Path, cli: Cli) -> None:
    document = document_of(page)
    document["record"]["final_score"] = 95.6
    page.write_text(json.dumps(document), encoding="utf-8")
    assert_missed(verified(cli, page), "V-SCORE")


def test_the_score_is_computed_with_its_override(page: Path, cli: Cli) -> None:
    forge(page, overridden(None, 4.0))
    run = verified(cli, page)
    assert_noted(run)
    assert run.document["score"] == 39.6


def test_an_override_further_than_the_policy_allows_is_a_miss(page: Path, cli: Cli) -> None:
    forge(page, overridden(None, 20.0))
    run = verified(cli, page)
    assert_missed(run, "V-SCORE")
    assert [remark["place"] for remark in run.document["misses"]] == ["override"]


def test_the_citation_of_an_override_is_checked_as_every_other(page: Path, cli: Cli) -> None:
    forge(page, overridden("machines wrote all of the releases without anybody", 4.0))
    run = verified(cli, page)
    assert_missed(run, "V-QUOTE")
    assert [remark["place"] for remark in run.document["misses"]] == ["override.citations.0"]


def _forge_quote(content: Document) -> None:
    claim = next(c for d in content["inputs"]["evidence"].values() for c in d["claims"] if c["citations"])
    claim["citations"][0]["quote"] = "machines wrote all of the releases without anybody"


def test_a_quote_that_does_not_stand_in_the_stored_passage_is_a_miss(page: Path, cli: Cli) -> None:
    forge(page, _forge_quote)
    run = verified(cli, page)
    assert "V-QUOTE" in codes(run, "misses")
    assert not any(code.startswith("G-QUOTE-") for code in codes(run, "misses"))


def _forge_figure(content: Document) -> None:
    claim = next(c for d in content["inputs"]["evidence"].values() for c in d["claims"] if c["citations"])
    claim["text"] = "The source speaks of 987 releases"


def test_what_the_guard_finds_and_nobody_accepted_is_a_miss_under_its_own_code(page: Path, cli: Cli) -> None:
    forge(page, _forge_figure)
    run = verified(cli, page)
    assert run.code == 6
    assert any(code.startswith("G-") for code in codes(run, "misses"))
    assert {remark["place"].rpartition(".claims.")[0] for remark in run.document["misses"]} <= {
        "evidence.job_postings", "evidence.company_actions", "evidence.wages",
    }  # fmt: skip


def test_a_removed_article_is_said_to_have_left_the_corpus(page: Path, cli: Cli) -> None:
    article = a_source(page)["article"]
    assert cli("corpus", "remove", article).code == 0
    run = verified(cli, page)
    assert_noted(run, "V-ARTICLE-REMOVED")
    (remark,) = [r for r in run.document["notes"] if r["code"] == "V-ARTICLE-REMOVED"]
    assert (remark["place"], remark["message"].partition(";")[0]) == (article, "left the corpus")


def test_a_passage_that_is_not_in_this_store_cannot_be_checked_here(
    page: Path, clipped_instead: None, cli: Cli
) -> None:
    run = verified(cli, page)
    assert_missed(run, "V-PASSAGE-GONE")
    cited = {source["passage"] for source in document_of(page)["assessment"]["sources"]}
    messages = {remark["place"]: remark["message"] for remark in run.document["misses"]}
    assert messages == {p: f"cannot be checked here: passage {p} is not in this store" for p in cited}
    assert (run.document["claims"]["verified"], run.document["claims"]["unchecked"] > 0) == (0, True)


@pytest.fixture
def clipped_instead(page: Path, _clipped: Clipped, home: Path) -> None:
    """Another home than the one that published: only clippings are in it."""
    shutil.rmtree(home)
    shutil.copytree(_clipped.home, home)


def test_a_passage_whose_stored_text_was_changed_is_a_miss(page: Path, home: Path, cli: Cli) -> None:
    passage = a_source(page)["passage"]
    in_store(home, "UPDATE passages SET text = text || ' And more.' WHERE id = ?", passage)
    run = verified(cli, page)
    assert_missed(run, "V-PASSAGE-CHANGED")
    assert [remark["place"] for remark in run.document["misses"]] == [passage]


def test_a_text_that_the_file_prints_for_a_passage_has_to_be_its_own(page: Path, cli: Cli) -> None:
    def change(content: Document) -> None:
        content["sources"][0]["text"] += " And more."

    forge(page, change)
    assert_missed(verified(cli, page), "V-SOURCE")


def test_a_page_prints_every_source_it_cites(page: Path, cli: Cli) -> None:
    forge(page, lambda content: content["sources"].pop())
    assert_missed(verified(cli, page), "V-SOURCE")


def test_a_former_version_is_a_stale_reference_and_no_miss(page: Path, tmp_path: Path, cli: Cli) -> None:
    source = a_source(page)
    meta = {**source["meta"], "date": "2027-03", "text_kind": "digest"}
    front = [f"{name}: {json.dumps(meta[name])}" for name in ("title", "publisher", "author", "date", "url", "tier")]
    body = "Everything was written anew, and nothing of the former text about developers and engineers is left of it."
    (tmp_path / "anew.md").write_text("\n".join(["---", *front, "---", body, ""]), encoding="utf-8")
    assert cli("corpus", "add", str(tmp_path / "anew.md"), "--no-ask").code == 0
    run = verified(cli, page)
    assert_noted(run, "V-SUPERSEDED")
    superseded = [r["place"] for r in run.document["notes"] if r["code"] == "V-SUPERSEDED"]
    assert source["passage"] in superseded


def test_what_the_store_now_says_of_a_source_is_said(page: Path, cli: Cli) -> None:
    article, publisher = a_source(page)["article"], a_source(page)["meta"]["publisher"]
    assert cli("corpus", "edit", article, "--publisher", "Another Institute").code == 0
    run = verified(cli, page)
    assert_noted(run, "V-META", "V-GUARD")
    (remark,) = [r for r in run.document["notes"] if r["code"] == "V-META"]
    assert remark == {
        "code": "V-META",
        "place": article,
        "message": f"publisher {publisher} is now Another Institute",
    }


def test_evidence_grows_old_and_that_is_no_miss(page: Path, cli: Cli) -> None:
    dated = {s["article"]: s["meta"]["date"] for s in document_of(page)["assessment"]["sources"]}
    run = cli("verify", str(page), "--json", "--as-of", "2060-01-01")
    assert run.code == 0
    stale = {r["place"]: r["message"] for r in run.document["notes"] if r["code"] == "V-STALE"}
    assert set(stale) == set(dated)
    assert all(("before 2060-01-01" in stale[a]) == (date != "unknown") for a, date in dated.items())
    run = cli("verify", str(page), "--json", "--as-of", "1999-01-01")
    undated = {article for article, date in dated.items() if date == "unknown"}
    assert {r["place"] for r in run.document["notes"] if r["code"] == "V-STALE"} == undated


def test_the_day_is_today_unless_one_is_given(page: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    class Later(datetime.date):
        @classmethod
        def today(cls) -> Later:
            return cls(2060, 1, 1)

    monkeypatch.setattr("datetime.date", Later)
    assert "before 2060-01-01" in cli("verify", str(page)).out


def _other_policy(content: Document) -> None:
    content["provenance"]["policy"] = content["result"]["policy"] = "aijri-0.9.0"


def test_another_policy_is_reported(page: Path, cli: Cli) -> None:
    forge(page, _other_policy)
    assert_noted(verified(cli, page), "V-POLICY")


def test_a_score_of_another_policy_that_this_one_does_not_give_cannot_be_checked_here(page: Path, cli: Cli) -> None:
    def change(content: Document) -> None:
        _other_policy(content)
        _raise_score(content)

    forge(page, change)
    run = verified(cli, page)
    assert_missed(run, "V-SCORE")
    assert "cannot be checked here" in run.document["misses"][0]["message"]


def test_an_empty_home_gets_the_bundled_corpus_and_calls_no_model(
    page: Path, home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a text was embedded")

    shutil.rmtree(home)
    monkeypatch.setattr(MiniLM, "embed", never)
    assert_noted(verified(cli, page))


def test_verifying_changes_nothing_in_the_home(page: Path, home: Path, cli: Cli) -> None:
    def rows() -> list[str]:
        with sqlite3.connect(home / "store.sqlite") as connection:
            return list(connection.iterdump())

    before = rows()
    assert verified(cli, page).code == 0
    assert rows() == before


FIRST_ARTICLE = """INSERT INTO articles VALUES (:id, 'sha256:0', :title, :publisher, :author, :date, :url, :tier,
 :interested, :retrieved, :text_kind, :text, :active, '2026-01-05T00:00:00Z')"""
FIRST_PASSAGE = "INSERT INTO passages VALUES (:passage, :article, :text, :text_hash, 0, :end, :suspicious, :active)"


def a_first_home(home: Path, sources: list[Document], *, left: str) -> None:
    """A store of the first schema that holds these passages, the article `left` no longer in the corpus."""
    shutil.rmtree(home)
    home.mkdir()
    engine = sqlite_engine(home / "store.sqlite")
    use_write_ahead_log(engine)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "agent.store:migrations")
        command.upgrade(config, "0001")
        _fill(connection, sources, left)
    engine.dispose()


def _fill(connection: Connection, sources: list[Document], left: str) -> None:
    for name, value in BundledState.left_out_by_choice().fact().items():
        connection.execute(text("INSERT INTO corpus_facts VALUES (:n, :v)"), {"n": name, "v": value})
    first = {source["article"]: source for source in reversed(sources)}
    for article, source in first.items():
        row = {**source["meta"], "id": article, "text": source["text"], "active": article != left}
        connection.execute(text(FIRST_ARTICLE), row)
    for source in sources:
        row = {**source, "end": len(source["text"]), "active": source["article"] != left}
        connection.execute(text(FIRST_PASSAGE), row)


def test_a_store_of_the_first_schema_is_brought_up_to_date_and_verified_against(
    page: Path, home: Path, cli: Cli
) -> None:
    sources = document_of(page)["assessment"]["sources"]
    a_first_home(home, sources, left=sources[0]["article"])
    run = verified(cli, page)
    assert_noted(run, "V-ARTICLE-REMOVED")
    with open_stores(read_settings()) as stores:
        assert set(stores.corpus.find_passages([s["passage"] for s in sources])) == {s["passage"] for s in sources}


def test_a_damaged_store_is_an_error_in_words(page: Path, home: Path, cli: Cli) -> None:
    for file in home.glob("store.sqlite*"):
        file.unlink()
    (home / "store.sqlite").write_bytes(b"no database" * 1000)
    run = verified(cli, page)
    assert (run.code, run.document["error"]["kind"]) == (4, "storage")
