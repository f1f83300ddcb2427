from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from unittest.mock import patch

import jsonschema
import pytest
from factories_publishing import a_commentary, a_record, an_assessment, an_override, some_inputs, sourced

from agent.errors import Conflict, NotPublishable, StorageFailed
from agent.publishing import json_schema, publish_files, render_html, render_json, render_markdown, write_publication
from agent.schemas.assessment import Assessment
from agent.schemas.base import content_hash
from agent.schemas.finding import Finding, Tier
from agent.schemas.record import PublishedAssessment
from agent.schemas.vocabulary import EvidenceName, Section
from agent.scoring import parse_inputs, score

SCHEMA = Path(__file__).parents[2] / "agent" / "publishing" / "assessment.schema.json"
FILES = {"assessment.json": b"{}\n", "index.html": b"<!DOCTYPE html>"}


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_publication_is_three_files_in_a_folder_of_its_version(tmp_path: Path) -> None:
    assessment = an_assessment()
    record = a_record(assessment)
    target = publish_files(assessment, record, tmp_path / "role" / "v1")
    assert target == tmp_path / "role" / "v1"
    assert tree(tmp_path) == {
        "role/v1/assessment.json": render_json(assessment, record),
        "role/v1/assessment.md": render_markdown(assessment, record).encode(),
        "role/v1/index.html": render_html(assessment, record).encode(),
    }


def test_publishing_twice_changes_nothing(tmp_path: Path) -> None:
    first = write_publication(tmp_path, "role", 1, FILES)
    stamp = (first / "index.html").stat().st_mtime_ns
    assert write_publication(tmp_path, "role", 1, FILES) == first
    assert (first / "index.html").stat().st_mtime_ns == stamp
    assert tree(tmp_path) == {f"role/v1/{name}": content for name, content in FILES.items()}


@pytest.mark.parametrize("other", [{}, {**FILES, "extra": b""}, {**FILES, "index.html": b"else"}])
def test_a_published_version_is_never_overwritten(tmp_path: Path, other: dict[str, bytes]) -> None:
    write_publication(tmp_path, "role", 1, FILES)
    with pytest.raises(Conflict, match="never overwritten"):
        write_publication(tmp_path, "role", 1, other)
    assert tree(tmp_path) == {f"role/v1/{name}": content for name, content in FILES.items()}


def test_a_file_in_the_place_of_the_folder_is_a_conflict(tmp_path: Path) -> None:
    (tmp_path / "role").mkdir()
    (tmp_path / "role" / "v1").write_bytes(b"")
    with pytest.raises(Conflict):
        write_publication(tmp_path, "role", 1, FILES)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with patch.object(os, "fsync", side_effect=full), pytest.raises(StorageFailed, match="No space left on device"):
        write_publication(tmp_path, "role", 1, FILES)
    assert list((tmp_path / "role").iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match=r"cannot be written to .*role/v1"):
        write_publication(tmp_path / "file", "role", 1, FILES)


@pytest.mark.parametrize(("same", "outcome"), [(True, None), (False, Conflict)])
def test_of_two_that_publish_at_once_the_second_finds_the_first(
    tmp_path: Path, same: bool, outcome: type[Conflict] | None
) -> None:
    def rename(draft: Path, target: Path) -> Path:
        target.mkdir()
        for name, content in FILES.items():
            (target / name).write_bytes(content if same else b"other")
        raise OSError(errno.ENOTEMPTY, "Directory not empty")

    with patch.object(Path, "rename", rename):
        if outcome is None:
            write_publication(tmp_path, "role", 1, FILES)
        else:
            with pytest.raises(outcome):
                write_publication(tmp_path, "role", 1, FILES)
    assert [path.name for path in (tmp_path / "role").iterdir()] == ["v1"]


def test_a_failed_rename_is_a_clear_error(tmp_path: Path) -> None:
    denied = PermissionError(errno.EACCES, "Permission denied")
    with patch.object(Path, "rename", side_effect=denied), pytest.raises(StorageFailed, match="Permission denied"):
        write_publication(tmp_path, "role", 1, FILES)
    assert list((tmp_path / "role").iterdir()) == []


def unpublished(assessment: Assessment, tmp_path: Path) -> str:
    with pytest.raises(NotPublishable) as caught:
        publish_files(assessment, a_record(assessment), tmp_path / "role" / "v1")
    assert tree(tmp_path) == {}
    return caught.value.message


def test_a_blocked_revision_is_not_published(tmp_path: Path) -> None:
    assessment = an_assessment()
    blocked = Finding(
        code="G-QUOTE-FABRICATED",
        tier=Tier.BLOCK,
        section=Section.TASKS,
        path="tasks.0",
        message="It does not stand there.",
    )
    guard = assessment.guard.model_copy(update={"findings": (blocked,)})
    message = unpublished(assessment.model_copy(update={"guard": guard}), tmp_path)
    assert message.endswith("carries 1 BLOCK findings, the first is G-QUOTE-FABRICATED@tasks.0.")


@pytest.mark.parametrize(
    ("passage", "quote"), [("p-critic", "this was never written"), ("p-gone", "Most teams I talk to")]
)
def test_a_quote_that_does_not_stand_in_its_passage_is_not_published(tmp_path: Path, passage: str, quote: str) -> None:
    words = a_commentary().model_copy(update={"outlook": (sourced("So it is.", passage, quote),)})
    message = unpublished(an_assessment(commentary=words), tmp_path)
    assert message == f'The quote "{quote}" does not stand in passage {passage}.'


def test_the_citations_of_an_override_are_checked_as_well(tmp_path: Path) -> None:
    override = an_override()
    wrong = override.citations[0].model_copy(update={"quote": "Only 9% deploy models daily"})
    assessment = an_assessment(override=override.model_copy(update={"citations": (wrong,)}))
    assert "Only 9% deploy models daily" in unpublished(assessment, tmp_path)


def test_a_revision_without_a_score_is_not_published(tmp_path: Path) -> None:
    assert "has no score" in unpublished(an_assessment().model_copy(update={"result": None}), tmp_path)


def test_a_record_of_another_revision_is_a_conflict(tmp_path: Path) -> None:
    assessment = an_assessment()
    record = a_record(an_assessment(model="another"))
    with pytest.raises(Conflict, match="nothing was published"):
        publish_files(assessment, record, tmp_path / "v1")
    assert tree(tmp_path) == {}


PUBLISHED = [
    an_assessment(),
    an_assessment(override=an_override()),
    an_assessment(inputs=some_inputs(unknown=(EvidenceName.WAGES,))),
]


@pytest.mark.parametrize("assessment", PUBLISHED, ids=["plain", "overridden", "unknown evidence"])
def test_the_published_document_validates_and_reproduces_hash_and_score(assessment: Assessment) -> None:
    document = json.loads(render_json(assessment, a_record(assessment)))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_bytes())).validate(document)
    assert list(document) == ["format", "revision", "assessment", "record"]
    assert content_hash(document["assessment"]) == document["revision"] == assessment.revision()
    assert PublishedAssessment.model_validate(document).assessment == assessment
    parsed = parse_inputs(document)
    assert score(parsed.inputs, override=parsed.override) == assessment.result


def test_the_schema_refuses_a_document_with_another_format_or_an_unknown_key() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_bytes()))
    document = json.loads(render_json(PUBLISHED[0], a_record(PUBLISHED[0])))
    assert not validator.is_valid({**document, "format": "assess-role/published/2"})
    assert not validator.is_valid({**document, "more": 1})
    assert not validator.is_valid({key: document[key] for key in document if key != "record"})


def test_the_schema_that_ships_is_the_schema_of_the_code() -> None:
    assert SCHEMA.read_bytes() == json_schema()
    jsonschema.Draft202012Validator.check_schema(json.loads(json_schema()))
