"""What a site takes from the registry, and what it says between two versions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from factories_lens import a_base, a_lens, an_unscored_lens
from factories_registry import content, some_inputs
from factories_site import a_registry, an_assessment, published

from agent.publishing.page import render_json
from agent.registry.site.changes import Difference, change, first_words
from agent.registry.site.versions import OTHERWISE, Remark, SiteVersion, read_registry
from agent.schemas.assessment import Assessment
from agent.schemas.draft import EvidenceDraft
from agent.schemas.lens import Lens
from agent.schemas.vocabulary import Bucket, EvidenceName
from agent.scoring.lens import lens_score
from agent.scoring.policy import POLICY
from agent.store.publications import PublicationRow


def rewritten(file: Path, change_: Callable[[dict[str, object]], None]) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    change_(document)
    file.write_text(json.dumps(document), encoding="utf-8")


def other_score(folder: Path) -> None:
    def forge(document: dict[str, object]) -> None:
        document["assessment"]["result"]["score"] = 90.0  # type: ignore[index]

    rewritten(folder / "assessment.json", forge)


def other_record(folder: Path) -> None:
    rewritten(folder / "assessment.json", lambda document: document["record"].update(version=7))  # type: ignore[attr-defined]


def other_revision(folder: Path) -> None:
    other = published(folder.parent.parent / "elsewhere", an_assessment(scores=(4, 3, 3, 3, 3)))
    shutil.copy(Path(other.path) / "assessment.json", folder)


def other_page(folder: Path) -> None:
    other = published(folder.parent.parent / "elsewhere", an_assessment(scores=(4, 3, 3, 3, 3)))
    shutil.copy(Path(other.path) / "index.html", folder)


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "folder gone": (shutil.rmtree, "There is no file {}/assessment.json."),
    "page gone": (lambda folder: (folder / "index.html").unlink(), "There is no file {}/index.html."),
    "a folder for a page": (
        lambda folder: ((folder / "index.html").unlink(), (folder / "index.html").mkdir())[0],
        "{}/index.html cannot be read: Is a directory.",
    ),
    "no JSON": (lambda folder: (folder / "assessment.json").write_text("{") and None, "{}/assessment.json is not JSON"),
    "no UTF-8": (
        lambda folder: (folder / "assessment.json").write_bytes(b'{"a": "\xff"}') and None,
        "{}/assessment.json is not UTF-8 text: invalid start byte at byte 7.",
    ),
    "another score": (other_score, "{}/assessment.json is not what was published: its content has the hash sha256:"),
    "another revision": (other_revision, "{}/assessment.json is not what was published: its content has the hash"),
    "another record": (other_record, "{}/assessment.json has the review record of another publication."),
    "another page": (other_page, "{}/index.html does not belong to assessment.json: it names another revision."),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_publication_that_is_missing_or_damaged_is_named_and_left_out(name: str, tmp_path: Path) -> None:
    damage, reason = DAMAGES[name]
    first = published(tmp_path, an_assessment())
    second = published(tmp_path, an_assessment(scores=(2, 3, 3, 3, 3)), version=2)
    damage(Path(second.path))
    registry = read_registry([first, second])
    assert [[version.number for version in role.versions] for role in registry.roles] == [[1]]
    (left_out,) = registry.left_out
    assert (left_out.slug, left_out.version) == (second.slug, 2)
    assert left_out.reason.startswith(reason.format(second.path))


def damaged(folder: Path, made: Assessment) -> PublicationRow:
    """A publication whose content has its own hash, and which is not whole."""
    row = published(folder, an_assessment())
    record = read_registry([row]).roles[0].newest.document.record
    place = Path(row.path)
    (place / "assessment.json").write_bytes(
        render_json(made, record.model_copy(update={"revision": made.revision(), "slug": row.slug}))
    )
    for name in ("index.html", "assessment.md"):
        text = (place / name).read_text(encoding="utf-8").replace(row.revision, made.revision())
        (place / name).write_text(text, encoding="utf-8")
    return row.model_copy(update={"revision": made.revision()})


def test_what_cites_a_source_that_it_does_not_print_is_named_and_left_out(tmp_path: Path) -> None:
    row = damaged(tmp_path, an_assessment().model_copy(update={"sources": ()}))
    registry = read_registry([row])
    assert registry.roles == ()
    said = f"{row.path} holds an assessment without its source p-pay."
    assert [remark.reason for remark in registry.left_out] == [said]


def test_what_has_two_tasks_of_one_id_is_named_and_left_out(tmp_path: Path) -> None:
    made = an_assessment()
    tasks = tuple(task.model_copy(update={"id": "t1"}) for task in made.inputs.tasks)
    row = damaged(tmp_path, made.model_copy(update={"inputs": made.inputs.model_copy(update={"tasks": tasks})}))
    registry = read_registry([row])
    assert registry.roles == ()
    assert [remark.reason for remark in registry.left_out] == [
        f"Revision {row.revision} has several tasks of the id t1; expected one each."
    ]
    assert registry.lost == (row,)


def test_a_page_that_is_not_what_its_document_gives_is_shown_and_noted(tmp_path: Path) -> None:
    row = published(tmp_path, an_assessment())
    page = Path(row.path) / "index.html"
    page.write_bytes(page.read_bytes().replace(b"Skip to the content", b"To the content"))
    registry = read_registry([row])
    assert len(registry.roles) == 1
    assert registry.notes == (Remark(row.slug, 1, f"index.html {OTHERWISE}"),)
    assert registry.roles[0].newest.files["index.html"] == page.read_bytes()


def test_roles_stand_by_title_and_versions_by_number(tmp_path: Path) -> None:
    rows = [
        published(tmp_path, an_assessment(title="Zoologist"), slug="a"),
        published(tmp_path, an_assessment(title="archivist", seniority="Senior"), slug="c"),
        published(tmp_path, an_assessment(title="Archivist", seniority="Junior"), slug="d"),
        published(tmp_path, an_assessment(title="Biologist"), slug="b", version=10),
        published(tmp_path, an_assessment(title="Bee keeper"), slug="b", version=9),
    ]
    roles = read_registry(rows).roles
    assert [(role.title, role.slug) for role in roles] == [
        ("Archivist", "d"),
        ("archivist", "c"),
        ("Biologist", "b"),
        ("Zoologist", "a"),
    ]
    assert [version.number for version in roles[2].versions] == [9, 10]


def two(tmp_path: Path, **after: object) -> tuple[SiteVersion, SiteVersion]:
    rows = [published(tmp_path, an_assessment()), published(tmp_path, an_assessment(**after), version=2)]  # type: ignore[arg-type]
    first, second = read_registry(rows).roles[0].versions
    return first, second


def test_a_first_version_says_that_it_is_the_first(tmp_path: Path) -> None:
    version = a_registry(tmp_path).roles[0].newest
    assert first_words(version) == (f"First publication: {version.result.score:.1f} of 100, {version.result.label}.",)


def test_a_version_with_the_same_content_says_that_nothing_changed(tmp_path: Path) -> None:
    same = change(*two(tmp_path))
    assert same.sentences == ("The score is 32.5 as before.", "No input changed.")
    assert same.totals == same.inputs == ()


def test_a_changed_score_is_told_with_its_way_and_every_number_behind_it(tmp_path: Path) -> None:
    changed = change(*two(tmp_path, scores=(2, 3, 3, 3, 3)))
    assert changed.sentences == ("The score moved from 32.5 to 35.2 (+2.7).", "1 number of the inputs changed.")
    assert changed.totals == (
        Difference("Score of record", "32.5", "35.2"),
        Difference("Formula score", "32.5", "35.2"),
        Difference("Task resistance", "3.00", "3.20"),
    )
    assert changed.inputs == (Difference("Task “planning”: score", "3", "2"),)


def test_a_changed_zone_is_said_and_so_is_a_label_within_one(tmp_path: Path) -> None:
    green = change(*two(tmp_path / "a", scores=(2, 2, 2, 2, 2), growth=1))
    assert "The zone changed from Yellow to Green." in green.sentences
    fallen = change(*two(tmp_path / "b", scores=(4, 4, 4, 4, 4)))
    assert "The zone changed from Yellow to Red." in fallen.sentences
    within = change(*two(tmp_path / "c", scores=(2, 2, 2, 2, 3)))
    assert "The label changed from YELLOW (Urgent) to YELLOW (Moderate); the zone did not." in within.sentences


def test_tasks_dimensions_policy_and_sources_are_compared(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    made = second.document.assessment
    tasks = made.inputs.tasks
    evidence = {
        **made.inputs.evidence,
        EvidenceName.JOB_POSTINGS: EvidenceDraft(score=-1, claims=()),
        EvidenceName.WAGES: EvidenceDraft(score=None, claims=()),
    }
    inputs = made.inputs.model_copy(
        update={
            "tasks": (
                tasks[0].model_copy(update={"name": "  PLANNING ", "share": 25, "bucket": Bucket.NOT_INVOLVED}),
                tasks[1].model_copy(update={"name": "handing over", "share": 15}),
                *tasks[2:],
            ),
            "evidence": evidence,
        }
    )
    result = second.result.model_copy(update={"policy": "aijri-9"})
    content_ = made.model_copy(update={"inputs": inputs, "sources": ()})
    changed = change(
        first, SiteVersion(second.row, second.document.model_copy(update={"assessment": content_}), result, {})
    )
    assert changed.inputs == (
        Difference("Task “  PLANNING ”: share", "20%", "25%"),
        Difference("Task “  PLANNING ”: bucket", "Augmentation", "Not involved"),
        Difference("Task “handing over”", "none", "15%, score 3, augmentation"),
        Difference("Task “building”", "20%, score 3, augmentation", "none"),
        Difference("Job postings", "unknown", "−1"),
        Difference("Wages", "+1", "unknown"),
    )
    assert changed.sentences == (
        "The score is 32.5 as before.",
        f"It was scored by another version of the method: {POLICY.version} before, aijri-9 now.",
        "6 numbers of the inputs changed.",
        "Of the cited articles none is new, 1 is no longer cited.",
    )


def test_the_factory_s_content_is_that_of_the_registry() -> None:
    assert an_assessment().inputs == content(inputs=some_inputs()).inputs


def test_a_lens_that_came_or_changed_is_told(tmp_path: Path) -> None:
    first, second = two(tmp_path)

    def with_lens(lens: Lens) -> SiteVersion:
        made = second.document.assessment
        changed = made.model_copy(update={"lens": lens, "lens_result": lens_score(lens, a_base())})
        document = second.document.model_copy(update={"assessment": changed})
        return SiteVersion(second.row, document, second.result, {})

    came = change(first, with_lens(a_lens())).totals
    went = change(with_lens(a_lens()), with_lens(an_unscored_lens())).totals
    assert Difference("AI-driven lens", "none", "52.3, Transforms") in came
    assert went == (Difference("AI-driven lens", "52.3, Transforms", "Already AI-driven"),)
