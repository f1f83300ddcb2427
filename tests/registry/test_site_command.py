"""`site build`: from this home's registry to a folder."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from factories_site import BASE, a_record, an_assessment

from agent.cli.main import execute
from agent.publishing import publish_files
from agent.registry.site.place import MARKER
from agent.schemas.assessment import Assessment
from agent.store.assessments import AssessmentStore
from agent.store.database import Database
from agent.store.publications import Publication, PublicationStore
from agent.store.stamps import SystemStamps


class Run(NamedTuple):
    code: int
    out: str
    err: str


def site_build(*arguments: str) -> Run:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = execute(["site", "build", *arguments])
    return Run(code, out.getvalue(), err.getvalue())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSESS_ROLE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ASSESS_ROLE_PUBLISH_DIR", raising=False)
    return tmp_path / "home"


def publish(home: Path, made: Assessment, slug: str, run: str) -> Path:
    """As the workflow does: a row, the files, and the row marked done."""
    db, stamps = Database.of_home(home), SystemStamps()
    AssessmentStore(db, stamps).create(run, role=made.role.title, seniority="", request={}, graph_version="1")
    store = PublicationStore(db, stamps)
    assert made.result is not None
    row = store.claim(
        Publication(
            assessment=run,
            revision=made.revision(),
            slug=slug,
            role=made.role.title,
            seniority=made.role.seniority,
            score=made.result.score,
            zone=made.result.zone.value,
            label=made.result.label,
        ),
        str(home / "published"),
    )
    record = a_record(made, slug, row.version, published_at=row.published_at, reviewer="Ada Marsh", assessment=run)
    path = publish_files(made, record, row.path)
    store.finish(run, made.revision())
    db.close()
    return path


@pytest.fixture
def two_roles(home: Path) -> tuple[Path, Path]:
    """The folders of two published roles."""
    return (
        publish(home, an_assessment(), "release-engineer-senior", "run-1"),
        publish(home, an_assessment(title="Archivist"), "archivist-senior", "run-2"),
    )


def test_the_site_of_a_home_stands_in_it_unless_another_folder_is_given(
    home: Path, two_roles: object, tmp_path: Path
) -> None:
    run = site_build()
    assert (run.code, run.out) == (0, f"2 roles, 2 versions, 2 comparisons, 25 files: {home / 'site' / 'index.html'}\n")
    assert run.err == (
        "No sitemap.xml and no feed.atom: they need absolute addresses, so give the site's with --base-url.\n"
    )
    assert not (home / "site" / "feed.atom").exists()
    given = site_build(str(tmp_path / "public"), "--base-url", BASE)
    assert (given.code, given.err) == (0, "")
    assert (tmp_path / "public" / "feed.atom").is_file()
    assert (tmp_path / "public" / "index.html").is_file()


def test_built_again_the_site_has_the_same_bytes(home: Path, two_roles: object) -> None:
    def built() -> dict[str, bytes]:
        assert site_build("--base-url", BASE).code == 0
        return {str(file): file.read_bytes() for file in (home / "site").rglob("*") if file.is_file()}

    assert built() == built()


def test_with_json_one_document_says_what_was_built(home: Path, two_roles: object) -> None:
    run = site_build("--json")
    assert (run.code, run.err) == (0, "")
    assert json.loads(run.out) == {
        "ok": True,
        "path": str(home / "site"),
        "roles": 2,
        "versions": 2,
        "withdrawn": 0,
        "comparisons": 2,
        "files": 25,
        "base_url": None,
        "left_out": [],
        "notes": [],
    }


def withdraw(home: Path, run: str) -> None:
    db = Database.of_home(home)
    store = PublicationStore(db, SystemStamps())
    (row,) = [row for row in store.done() if row.assessment == run]
    said = {"reviewer": "Ada Marsh", "auth": "local-unverified", "channel": "script", "reason": "It was retracted."}
    store.withdraw(run, row.revision, **said)
    db.close()


def test_withdrawn_versions_are_counted_and_a_site_of_nothing_else_is_built(
    home: Path, two_roles: tuple[Path, Path]
) -> None:
    def built(*arguments: str) -> dict[str, bytes]:
        assert site_build(*arguments).code == 0
        return {str(file.relative_to(home)): file.read_bytes() for file in (home / "site").rglob("*") if file.is_file()}

    built()
    withdraw(home, "run-1")
    counts = json.loads(site_build("--json").out)
    assert [counts[key] for key in ("roles", "versions", "withdrawn", "comparisons")] == [1, 1, 1, 0]
    assert site_build().out.startswith("1 role, 1 version, 1 withdrawn version, 0 comparisons, ")
    withdraw(home, "run-2")
    files = built("--base-url", BASE)
    assert files == built("--base-url", BASE)
    for folder in two_roles:
        for file in folder.iterdir():
            assert files[f"site/roles/{folder.parent.name}/v1/{file.name}"] == file.read_bytes()
        assert b"It was retracted." in files[f"site/roles/{folder.parent.name}/index.html"]


def test_a_publication_whose_files_are_gone_is_named_and_the_others_are_built(
    home: Path, two_roles: tuple[Path, Path]
) -> None:
    shutil.rmtree(two_roles[1])
    reason = f"There is no file {two_roles[1] / 'assessment.json'}."
    run = site_build("--json")
    document = json.loads(run.out)
    assert (run.code, document["ok"], document["roles"]) == (3, False, 1)
    assert document["left_out"] == [{"slug": "archivist-senior", "version": 1, "reason": reason}]
    assert document["error"]["kind"] == "invalid_input"
    assert document["error"]["problems"] == [f"archivist-senior v1: {reason}"]
    assert document["comparisons"] == 0
    files = [file for file in (home / "site").rglob("*") if file.is_file()]
    assert [file for file in files if b"Archivist" in file.read_bytes()] == []
    words = site_build()
    assert words.code == 3
    assert f"error: 1 publication cannot be shown, and the site is without: archivist-senior v1: {reason}" in words.err


def test_tasks_are_matched_by_the_bundled_model_until_a_person_confirms_a_mapping(
    home: Path, two_roles: object, tmp_path: Path
) -> None:
    page = home / "site" / "compare" / "archivist-senior--release-engineer-senior.html"
    assert site_build().code == 0
    text = page.read_text(encoding="utf-8")
    assert "suggested mapping, not confirmed" in text
    assert "all-MiniLM-L6-v2" in text
    assert "100% of the working time of Archivist (Senior) v1 is kept" in text
    compare = ["compare", "archivist-senior", "release-engineer-senior"]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert execute([*compare, "--json"]) == 0
    mapping = json.loads(out.getvalue())["mapping"]
    mapping["pairs"] = mapping["pairs"][:1]
    (tmp_path / "mapping.json").write_text(json.dumps(mapping), encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()):
        assert execute([*compare, "--confirm", str(tmp_path / "mapping.json"), "--reviewer", "Ben Ode"]) == 0
    assert site_build().code == 0
    text = page.read_text(encoding="utf-8")
    assert "Mapping confirmed by Ben Ode." in text
    assert "20% of the working time of Archivist (Senior) v1 is kept" in text
    assert "not confirmed" not in text


def test_the_tables_of_a_site_are_those_that_export_writes(home: Path, two_roles: object, tmp_path: Path) -> None:
    assert site_build().code == 0
    for form, table, name in (("json", (), "assessments.json"), ("csv", ("--table", "tasks"), "tasks.csv")):
        written = tmp_path / name
        arguments = ["export", "--all-versions", "--format", form, *table, "--output", str(written), "--quiet"]
        assert execute(arguments) == 0
        assert (home / "site" / "data" / name).read_bytes() == written.read_bytes()


def test_a_page_that_was_changed_is_noted(home: Path, two_roles: tuple[Path, Path]) -> None:
    page = two_roles[0] / "index.html"
    page.write_bytes(page.read_bytes() + b"<!-- seen -->")
    assert "page or Markdown of release-engineer-senior v1" in site_build().err
    (note,) = json.loads(site_build("--json").out)["notes"]
    assert (note["slug"], note["version"]) == ("release-engineer-senior", 1)


def test_where_nothing_can_be_shown_the_earlier_site_stays(home: Path, two_roles: tuple[Path, Path]) -> None:
    assert site_build().code == 0
    before = (home / "site" / "index.html").read_bytes()
    for folder in two_roles:
        shutil.rmtree(folder)
    run = site_build()
    assert (run.code, run.out) == (3, "")
    assert run.err.startswith("error: None of the published assessments can be shown, and no site was built:")
    assert (home / "site" / "index.html").read_bytes() == before


def test_without_a_publication_the_next_step_is_said(home: Path) -> None:
    run = site_build()
    assert (run.code, run.out) == (3, "")
    assert run.err.splitlines() == [
        "error: Nothing is published yet, so there is no site to build.",
        "hint: `assess-role ROLE` begins an assessment, and `assess-role queue` lists what waits for review.",
    ]
    assert not (home / "site").exists()


def test_a_folder_of_somebody_s_own_is_refused_before_anything_is_read(home: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "notes.txt").write_bytes(b"mine")
    run = site_build(str(tmp_path / "own"), "--json")
    assert (run.code, json.loads(run.out)["error"]["kind"]) == (3, "conflict")
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["notes.txt"]
    assert not (tmp_path / "own" / MARKER).exists()


def test_an_address_that_is_none_is_refused(home: Path, two_roles: object) -> None:
    run = site_build("--base-url", "example.org")
    assert (run.code, run.out) == (3, "")
    assert "`--base-url` is 'example.org'" in run.err
    assert not (home / "site").exists()
