"""`withdraw`: a person takes back a published version, and every command that reads what is published says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories_cli import BY, Cli, Run, accepted
from factories_publications import a_content, publish
from terminal_cli import Screen

from agent.store.database import Database
from agent.store.publications import PublicationRow, PublicationStore
from agent.store.stamps import SystemStamps

SLUG = "release-engineer-senior"
WHY = "A source that carried the score was retracted."
NAMED = ("--reviewer", "Ada Marsh", "--reason", WHY)
FIRST, SECOND, OTHER = a_content(), a_content(growth=1), a_content("Data Engineer", barriers=(2, 2, 2, 2, 2))


@pytest.fixture
def registry(home: Path) -> Path:
    """A home with two versions of one role and one of another."""
    for content in (FIRST, SECOND, OTHER):
        publish(home, content)
    return home


def withdrawn(cli: Cli, role: str, revision: str, *more: str) -> Run:
    return cli("withdraw", role, *NAMED, "--revision", revision, *more)


def rows_of(home: Path) -> tuple[PublicationRow, ...]:
    db = Database.of_home(home)
    try:
        return PublicationStore(db, SystemStamps()).done()
    finally:
        db.close()


def files_of(home: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in (home / "published").rglob("*") if file.is_file()}


def refused(run: Run, kind: str, code: int = 3) -> str:
    assert (run.code, run.document["ok"], run.document["error"]["kind"]) == (code, False, kind), run
    return str(run.document["error"]["message"])


# by a script


def test_a_script_withdraws_exactly_the_revision_it_saw_and_no_file_changes(registry: Path, cli: Cli) -> None:
    before = files_of(registry)
    run = withdrawn(cli, SLUG, SECOND.revision(), "--json")
    document = run.document
    assert (run.code, run.err, document["ok"]) == (0, "", True)
    assert (document["slug"], document["version"], document["revision"]) == (SLUG, 2, SECOND.revision())
    said = document["withdrawn"]
    assert set(said) == {"reviewer", "auth", "channel", "reason", "withdrawn_at"}
    assert (said["reviewer"], said["auth"], said["channel"], said["reason"]) == (
        "Ada Marsh",
        "local-unverified",
        "script",
        WHY,
    )
    assert files_of(registry) == before
    assert [(row.slug, row.version) for row in rows_of(registry) if row.withdrawn] == [(SLUG, 2)]
    last = json.loads(cli("audit", "export").out.splitlines()[-1])
    assert (last["event"], last["actor"], last["revision"]) == ("withdrawn", "Ada Marsh", SECOND.revision())
    assert cli("audit", "verify").code == 0


def test_in_words_it_says_who_withdrew_what_when_and_why(registry: Path, cli: Cli) -> None:
    run = withdrawn(cli, f"{SLUG}@1", FIRST.revision())
    (row,) = [row for row in rows_of(registry) if row.withdrawn]
    assert row.withdrawn is not None
    day = row.withdrawn.withdrawn_at[:10]
    assert run.out == f"withdrawn: Release Engineer (Senior) v1 by Ada Marsh on {day}: {WHY}\n"
    assert run.err == "Its files stay as they are. Next: `assess-role site build` has a site say so.\n"


def test_without_a_version_the_newest_that_stands_is_withdrawn(registry: Path, cli: Cli) -> None:
    assert withdrawn(cli, "Release Engineer", SECOND.revision()).code == 0
    assert withdrawn(cli, "Release Engineer", FIRST.revision()).code == 0
    assert [row.version for row in rows_of(registry) if row.withdrawn] == [1, 2]


def test_a_script_without_a_revision_is_a_usage_error(registry: Path, cli: Cli) -> None:
    run = cli("withdraw", SLUG, *NAMED)
    assert (run.code, run.out) == (2, "")
    assert "a script needs --revision HASH" in run.err
    assert cli("withdraw", SLUG, *NAMED, "--json").document["error"]["kind"] == "usage"
    assert not any(row.withdrawn for row in rows_of(registry))


@pytest.mark.parametrize(
    ("arguments", "kind", "code", "said"),
    [
        (("Sailor", *NAMED), "not_found", 3, "No published role is called 'Sailor'"),
        ((f"{SLUG}@3", *NAMED), "not_found", 3, "no published version '3'; published: 1, 2"),
        ((SLUG, *NAMED[:2], "--reason", "bad"), "invalid_input", 3, "a reason of at least 10 characters, got 3"),
        ((SLUG, *NAMED[:2], "--reason", "x " * 1001), "invalid_input", 3, "2001 characters, expected 10 to 2000"),
        (
            (SLUG, *NAMED[:2], "--reason", "Ask jo.smith@example.com about it."),
            "invalid_input",
            3,
            "holds personal data",
        ),
        ((SLUG, "--reviewer", " ", "--reason", WHY), "invalid_input", 3, "is not a name of 1 to 100"),
        ((SLUG, "--reviewer", "A" * 101, "--reason", WHY), "invalid_input", 3, "is not a name of 1 to 100"),
        ((SLUG, *NAMED[:2]), "usage", 2, "--reason"),
        ((SLUG, *NAMED[2:]), "usage", 2, "--reviewer"),
        ((SLUG, *NAMED, "--revision", "sha256:" + "0" * 64), "conflict", 3, "v2 is revision sha256:"),
        ((SLUG, *NAMED, "--revision", ""), "conflict", 3, "v2 is revision sha256:"),
    ],
)
def test_bad_input_is_refused_and_withdraws_nothing(
    arguments: tuple[str, ...], kind: str, code: int, said: str, registry: Path, cli: Cli
) -> None:
    more = () if "--revision" in arguments else ("--revision", SECOND.revision())
    assert said in refused(cli("withdraw", *arguments, *more, "--json"), kind, code)
    assert not any(row.withdrawn for row in rows_of(registry))


def test_a_path_is_not_this_homes_to_withdraw(registry: Path, cli: Cli) -> None:
    file = registry / "published" / SLUG / "v1" / "assessment.json"
    assert "No published role is called" in refused(withdrawn(cli, str(file), FIRST.revision(), "--json"), "not_found")


@pytest.mark.parametrize("role", [f"{SLUG}@2", f"{SLUG}-00000002"])
def test_withdrawing_twice_is_a_conflict_that_says_who_did_it_when_and_why(role: str, registry: Path, cli: Cli) -> None:
    assert withdrawn(cli, role, SECOND.revision()).code == 0
    message = refused(withdrawn(cli, role, SECOND.revision(), "--json"), "conflict")
    assert message.startswith("Release Engineer (Senior) v2 was withdrawn already by Ada Marsh on 20")
    assert message.endswith(WHY)


def test_what_is_not_published_yet_is_not_found(home: Path, cli: Cli) -> None:
    message = refused(withdrawn(cli, SLUG, FIRST.revision(), "--json"), "not_found")
    assert message == "No published role is called 'release-engineer-senior'. Nothing is published yet."


# at a terminal


@pytest.fixture
def screen(registry: Path) -> Iterator[Screen]:
    with Screen(("withdraw", SLUG, *NAMED)) as screen:
        yield screen


def test_at_a_terminal_it_is_shown_and_asked_about(registry: Path, screen: Screen) -> None:
    shown = " ".join(screen.until("[y/N]").split())
    assert "Release Engineer (Senior) v2: " in shown and SECOND.revision() in shown
    assert f"reason: {WHY}" in shown and "Withdraw it as Ada Marsh?" in shown
    screen.type("y")
    assert screen.end() == 0
    (row,) = [row for row in rows_of(registry) if row.withdrawn]
    assert row.withdrawn is not None
    assert (row.version, row.withdrawn.channel) == (2, "terminal")


def test_at_a_terminal_nothing_is_withdrawn_without_a_yes(registry: Path, screen: Screen) -> None:
    screen.until("[y/N]")
    screen.type("")
    assert screen.end() == 0
    assert "Nothing was withdrawn." in screen.words
    assert not any(row.withdrawn for row in rows_of(registry))


# what every other command says


@pytest.fixture
def second_gone(registry: Path, cli: Cli) -> Path:
    """`registry` with the second version of its first role withdrawn."""
    assert withdrawn(cli, SLUG, SECOND.revision()).code == 0
    return registry


@pytest.fixture
def role_gone(second_gone: Path, cli: Cli) -> Path:
    """No version of the role stands."""
    assert withdrawn(cli, SLUG, FIRST.revision()).code == 0
    return second_gone


def test_published_lists_withdrawn_versions_marked_with_day_and_reason(second_gone: Path, cli: Cli) -> None:
    items = {(item["id"], item["version"]): item for item in cli("published", "--json").document["items"]}
    assert [bool(item["withdrawn"]) for item in items.values()] == [False, False, True]
    assert items[f"{SLUG}-00000002", 2]["withdrawn"]["reason"] == WHY
    head, *lines = cli("published").out.splitlines()
    assert "WITHDRAWN" in head
    assert [WHY in line for line in lines] == [False, False, True]


def test_without_a_withdrawal_the_list_has_no_column_for_it(registry: Path, cli: Cli) -> None:
    assert "WITHDRAWN" not in cli("published").out


def test_show_says_that_what_was_published_was_withdrawn(second_gone: Path, cli: Cli) -> None:
    document = cli("show", f"{SLUG}-00000002", "--json").document
    assert document["published"]["withdrawn"]["reason"] == WHY
    assert cli("show", f"{SLUG}-00000001", "--json").document["published"]["withdrawn"] is None


def test_a_personal_view_of_a_withdrawn_version_says_so_beside_it(second_gone: Path, cli: Cli) -> None:
    notes = cli("personal", f"{SLUG}@2", "--json").document["notes"]
    assert notes[0].startswith("It was withdrawn by Ada Marsh on 20") and WHY in notes[0]
    run = cli("personal", f"{SLUG}@2", "--share", "t1=20")
    assert run.err == f"{notes[0]}\n" and "withdrawn" not in run.out
    for role in (SLUG, str(second_gone / "published" / SLUG / "v2")):
        assert not [note for note in cli("personal", role, "--json").document["notes"] if "withdrawn" in note]
    run = cli("personal", SLUG)
    assert "withdrawn" not in run.out + run.err


def test_compare_offers_no_withdrawn_version(registry: Path, cli: Cli) -> None:
    asked = ("compare", SLUG, "--json")
    assert [item["to"]["slug"] for item in cli(*asked).document["items"]] == ["data-engineer-senior"]
    assert withdrawn(cli, "Data Engineer", OTHER.revision()).code == 0
    document = cli(*asked).document
    assert (document["items"], document["left_out"]) == ([], [])
    assert document["sentence"] == "Nowhere to look: no role but Release Engineer (Senior) v2 is published."


def test_a_comparison_with_a_withdrawn_version_says_so_in_a_sentence(second_gone: Path, cli: Cli) -> None:
    document = cli("compare", f"{SLUG}@2", "Data Engineer", "--json").document
    said = [sentence for sentence in document["sentences"] if "withdrawn" in sentence]
    assert len(said) == 1
    assert said[0].startswith("Release Engineer (Senior) v2 was withdrawn by Ada Marsh on 20") and WHY in said[0]
    assert (document["from"]["withdrawn"]["reason"], document["to"]["withdrawn"]) == (WHY, None)
    assert "was withdrawn by Ada Marsh" in cli("compare", f"{SLUG}@2", "Data Engineer", "--no-ask").out
    assert "withdrawn" not in cli("compare", SLUG, "Data Engineer", "--no-ask").out


def test_a_role_of_which_nothing_stands_is_answered_with_who_withdrew_it_and_how_to_name_it(
    role_gone: Path, cli: Cli
) -> None:
    run = cli("compare", SLUG, "--json")
    message = refused(run, "not_found")
    assert message.startswith(
        f"Nothing stands of what '{SLUG}' names: the newest version v2 of Release Engineer (Senior) was withdrawn "
        "by Ada Marsh on 20"
    )
    assert message.endswith(WHY)
    assert run.document["error"]["hint"] == f"A withdrawn version can be named: {SLUG}@2"
    assert "It was withdrawn by Ada Marsh on 20" in cli("watch", f"{SLUG}@2").err


def test_watch_passes_over_what_was_withdrawn(second_gone: Path, cli: Cli) -> None:
    def watched() -> list[tuple[str, int]]:
        return sorted((item["of"]["slug"], item["of"]["version"]) for item in cli("watch", "--json").document["items"])

    assert watched() == [("data-engineer-senior", 1), (SLUG, 1)]
    assert withdrawn(cli, SLUG, FIRST.revision()).code == 0
    assert watched() == [("data-engineer-senior", 1)]
    assert withdrawn(cli, "Data Engineer", OTHER.revision()).code == 0
    run = cli("watch")
    assert (run.code, run.out) == (0, "")
    assert run.err == "Nothing that was published stands: every version was withdrawn.\n"


def test_an_export_has_what_stands_and_with_all_versions_the_withdrawn_ones_with_day_and_reason(
    second_gone: Path, cli: Cli
) -> None:
    def exported(*more: str) -> dict[tuple[str, int], tuple[object, object]]:
        rows = cli("export", "--format", "json", *more).document["assessments"]
        return {(r["slug"], r["version"]): (r["withdrawn_at"], r["withdrawn_reason"]) for r in rows}

    data, stands = "data-engineer-senior", (None, None)
    assert exported() == {(data, 1): stands, (SLUG, 1): stands}
    (at,) = [row.withdrawn.withdrawn_at for row in rows_of(second_gone) if row.withdrawn]
    assert exported("--all-versions") == {(data, 1): stands, (SLUG, 1): stands, (SLUG, 2): (at, WHY)}


# refreshing


@pytest.fixture
def with_corpus(corpus_home: Path) -> Path:
    """A home with a corpus, and two versions of one role."""
    for content in (FIRST, SECOND):
        publish(corpus_home, content)
    return corpus_home


def test_a_refresh_passes_over_what_was_withdrawn_and_is_refused_of_it(with_corpus: Path, cli: Cli) -> None:
    assert withdrawn(cli, SLUG, SECOND.revision()).code == 0
    named = cli("refresh", f"{SLUG}@2", "--dry-run", "--json")
    message = refused(named, "invalid_input")
    assert message.startswith("Release Engineer (Senior) v2 was withdrawn by Ada Marsh on 20") and WHY in message
    assert [item["version"] for item in cli("refresh", "--dry-run", "--json").document["items"]] == [1]
    assert withdrawn(cli, SLUG, FIRST.revision()).code == 0
    assert "was withdrawn by Ada Marsh" in refused(cli("refresh", SLUG, "--dry-run", "--json"), "not_found")
    run = cli("refresh", "--dry-run")
    assert (run.code, run.err) == (0, "Nothing that was published stands: every version was withdrawn.\n")


def test_a_refresh_that_has_begun_goes_on_and_becomes_the_next_version(page: Path, home: Path, cli: Cli) -> None:
    begun = cli("refresh", SLUG, "--section", "growth", "--by-hand", "--json").document
    (item,) = begun["items"]
    name = item["started"]["id"]
    assert withdrawn(cli, SLUG, item["revision"]).code == 0
    document = cli("show", name, "--json").document
    for _ in range(2):
        revision = accepted(name, str(document["revision"]))
        document = cli("approve", name, "--revision", revision, *BY).document
    assert (document["status"], document["published"]["version"]) == ("published", 2), document
    assert [(row.version, row.withdrawn is None) for row in rows_of(home)] == [(1, False), (2, True)]
    assert cli("audit", "verify").code == 0


# verifying


def test_verify_notes_what_this_homes_registry_says_was_withdrawn(
    page: Path, home: Path, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = shutil.copytree(home, tmp_path / "elsewhere")
    assert not [note for note in cli("verify", str(page), "--json").document["notes"] if note["code"] == "V-WITHDRAWN"]
    (row,) = rows_of(home)
    assert withdrawn(cli, SLUG, row.revision).code == 0
    run = cli("verify", str(page), "--json")
    (note,) = [note for note in run.document["notes"] if note["code"] == "V-WITHDRAWN"]
    assert run.code == 0
    assert note["message"].startswith("this version was withdrawn by Ada Marsh on 20") and WHY in note["message"]
    assert "note V-WITHDRAWN record: " in cli("verify", str(page)).out
    monkeypatch.setenv("ASSESS_ROLE_HOME", str(elsewhere))
    assert "V-WITHDRAWN" not in cli("verify", str(page)).out
