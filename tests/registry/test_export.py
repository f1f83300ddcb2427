"""The tables of an export hold what the published documents say, and nothing is left out without a word."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow
import pyarrow.parquet
import pytest
from factories_registry import PAY, STAFF, a_file, content, some_inputs, sourced

from agent.errors import Prerequisite
from agent.publishing.page import render_json
from agent.registry.choices import TableName
from agent.registry.export import export
from agent.registry.export_formats import csv_bytes, json_bytes, json_schema, parquet_bytes
from agent.registry.exported import ROWS, Export, ExportedTask
from agent.schemas.assessment import Assessment, CitedOverride
from agent.schemas.draft import Citation
from agent.store.publications import PublicationRow

SLUG = "release-engineer-senior"
SCHEMA = Path(__file__).parents[2] / "agent" / "registry" / "export.schema.json"
Document = dict[str, Any]


def a_row(folder: Path, made: Assessment, *, slug: str = SLUG, version: int = 1) -> PublicationRow:
    """A publication whose file stands in its place."""
    record = a_file(made).document.record.model_copy(update={"slug": slug, "version": version})
    target = folder / slug / f"v{version}"
    target.mkdir(parents=True)
    (target / "assessment.json").write_bytes(render_json(made, record))
    result = made.result
    assert result is not None
    return PublicationRow(
        assessment=record.assessment,
        revision=made.revision(),
        slug=slug,
        version=version,
        role=made.role.title,
        seniority=made.role.seniority,
        score=result.score,
        zone=result.zone.value,
        label=result.label,
        status="done",
        path=str(target),
        published_at=record.published_at,
    )


def overridden() -> Assessment:
    cited = (Citation(passage="p-staff", quote=STAFF.rstrip(".")),)
    reason = "The hiring that was observed is underrated."
    return content(override=CitedOverride(score=34.0, reason=reason, citations=cited))


def document_of(row: PublicationRow) -> Document:
    document = json.loads((Path(row.path) / "assessment.json").read_bytes())
    assert isinstance(document, dict)
    return document


def assessment_row(document: Document) -> Document:
    """What the first table has to say of a published document."""
    held, record = document["assessment"], document["record"]
    result = held["result"]
    same = ("score", "formula_score", "zone", "label", "evidence", "barriers", "growth", "protective", "policy")
    return {
        "slug": record["slug"],
        "version": record["version"],
        "role": held["role"]["title"],
        "seniority": held["role"]["seniority"],
        "revision": document["revision"],
        **{name: result[name] for name in same},
        "unrounded": float(result["unrounded"]),
        "task_resistance": float(result["task_resistance"]),
        "unknown": len(result["unknown"]),
        "overridden": held["override"] is not None,
        "as_of": held["as_of"],
        "published_at": record["published_at"],
        "drafted_by": held["provenance"]["model"],
        "recorded": held["provenance"]["recorded"],
        "approved_inputs_by": "",
        "approved_by": "Ada Marsh",
        "assessment": record["assessment"],
        "withdrawn_at": None,
        "withdrawn_reason": None,
    }


def dimension_rows(document: Document) -> list[Document]:
    inputs, key = document["assessment"]["inputs"], key_of(document)
    rows = [
        {**key, "group": group, "dimension": name, "score": part["score"], "gap": part.get("gap")}
        for group in ("evidence", "barriers", "principles")
        for name, part in inputs[group].items()
    ]
    growth = {"group": "growth", "dimension": "growth", "score": inputs["growth"]["score"], "gap": None}
    return [*rows, {**key, **growth}]


def key_of(document: Document) -> Document:
    role, record = document["assessment"]["role"], document["record"]
    return {
        "slug": record["slug"],
        "version": record["version"],
        "role": role["title"],
        "seniority": role["seniority"],
    }


def citation_row(document: Document, place: str, quote: str, passage: str, claim: str | None) -> Document:
    (source,) = (source for source in document["assessment"]["sources"] if source["passage"] == passage)
    meta = source["meta"]
    same = ("text_kind", "title", "publisher", "date", "tier", "interested", "url")
    return {
        **key_of(document),
        "place": place,
        "claim": claim,
        "stance": "for" if claim else None,
        "verdict": "verified" if claim else None,
        "passage": passage,
        "quote": quote,
        "article": source["article"],
        **{name: meta[name] for name in same},
    }


def as_cells(row: Mapping[str, object]) -> dict[str, str]:
    """How CSV has to show plain values."""
    words = {None: "", True: "true", False: "false"}
    return {
        name: words[value] if value is None or isinstance(value, bool) else str(value) for name, value in row.items()
    }


def csv_rows(made: Export, table: TableName) -> list[dict[str, str]]:
    text = csv_bytes(made, table).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def parquet_rows(made: Export, table: TableName) -> list[Document]:
    read = pyarrow.parquet.read_table(io.BytesIO(parquet_bytes(made, table)))
    assert read.column_names == list(ROWS[table].model_fields)
    return list(read.to_pylist())


def expected(rows: tuple[PublicationRow, ...]) -> dict[TableName, list[Document]]:
    """The rows of every table, from the files alone."""
    documents = [document_of(row) for row in rows]
    citations = []
    for document in documents:
        held = document["assessment"]
        (claim,) = held["inputs"]["evidence"]["wages"]["claims"]
        place = "evidence.wages.claims.0.citations.0"
        citations.append(citation_row(document, place, claim["citations"][0]["quote"], "p-pay", claim["text"]))
        for cited in held["override"]["citations"] if held["override"] else ():
            citations.append(citation_row(document, "override.citations.0", cited["quote"], "p-staff", None))
    return {
        TableName.ASSESSMENTS: [assessment_row(document) for document in documents],
        TableName.TASKS: [
            {**key_of(d), "task": t["id"], **{name: t[name] for name in ("name", "share", "score", "bucket")}}
            for d in documents
            for t in d["assessment"]["inputs"]["tasks"]
        ],
        TableName.DIMENSIONS: [row for document in documents for row in dimension_rows(document)],
        TableName.CITATIONS: citations,
    }


@pytest.fixture
def rows(tmp_path: Path) -> tuple[PublicationRow, ...]:
    """Three publications of two slugs, one overridden."""
    first, second = a_row(tmp_path, content()), a_row(tmp_path, overridden(), version=2)
    return (first, second, a_row(tmp_path, content(), slug="widget-engineer-open"))


@pytest.mark.parametrize("table", TableName)
def test_csv_holds_what_the_published_documents_say(table: TableName, rows: tuple[PublicationRow, ...]) -> None:
    found, wanted = csv_rows(export(rows), table), [as_cells(row) for row in expected(rows)[table]]
    assert len(wanted) >= 3
    assert found == wanted


@pytest.mark.parametrize("table", TableName)
def test_parquet_holds_what_the_published_documents_say(table: TableName, rows: tuple[PublicationRow, ...]) -> None:
    assert parquet_rows(export(rows), table) == expected(rows)[table]


def test_json_holds_every_table_and_validates(rows: tuple[PublicationRow, ...]) -> None:
    document = json.loads(json_bytes(export(rows)))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_bytes())).validate(document)
    wanted = {table.value: values for table, values in expected(rows).items()}
    assert document == {"ok": True, "format": "assess-role/export/1", **wanted, "unreadable": []}
    assert list(document["citations"][0]) == list(ROWS[TableName.CITATIONS].model_fields)


def test_the_schema_of_the_export_that_ships_is_that_of_the_code() -> None:
    assert SCHEMA.read_bytes() == json_schema()


def test_parquet_columns_have_the_types_of_their_values(rows: tuple[PublicationRow, ...]) -> None:
    read = pyarrow.parquet.read_schema(io.BytesIO(parquet_bytes(export(()), TableName.DIMENSIONS)))
    assert {field.name: (str(field.type), field.nullable) for field in read} == {
        "slug": ("string", False),
        "version": ("int64", False),
        "role": ("string", False),
        "seniority": ("string", False),
        "group": ("string", False),
        "dimension": ("string", False),
        "score": ("int64", True),
        "gap": ("string", True),
    }


def test_an_export_of_nothing_still_has_its_header() -> None:
    assert csv_bytes(export(()), TableName.TASKS) == b"slug,version,role,seniority,task,name,share,score,bucket\r\n"


def test_columns_stand_in_the_order_that_is_promised() -> None:
    assert {table.value: " ".join(row.model_fields) for table, row in ROWS.items()} == {
        "assessments": (
            "slug version role seniority revision score formula_score unrounded zone label task_resistance evidence "
            "barriers growth protective unknown overridden policy as_of published_at drafted_by recorded "
            "approved_inputs_by approved_by assessment withdrawn_at withdrawn_reason"
        ),
        "tasks": "slug version role seniority task name share score bucket",
        "dimensions": "slug version role seniority group dimension score gap",
        "citations": (
            "slug version role seniority place claim stance verdict passage quote text_kind article title publisher "
            "date tier interested url"
        ),
    }


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ('=HYPERLINK("http://192.0.2.1")', '\'=HYPERLINK("http://192.0.2.1")'),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("＝1+1", "'＝1+1"),
        ("-2", "-2"),
        ("+12.5", "+12.5"),
        ("plan = do", "plan = do"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_defused_and_a_signed_number_is_not(name: str, cell: str) -> None:
    task = {"slug": "a", "version": 1, "role": "A", "seniority": "B", "task": "t1", "share": 20, "score": 3}
    row = ExportedTask.model_validate({**task, "name": name, "bucket": "augmentation"})
    made = Export(ok=True, assessments=(), tasks=(row,), dimensions=(), citations=(), unreadable=())
    assert csv_rows(made, TableName.TASKS)[0]["name"] == cell
    assert parquet_rows(made, TableName.TASKS)[0]["name"] == name


def test_csv_is_utf_8_with_quoted_commas_quotes_and_line_breaks(tmp_path: Path) -> None:
    told = 'Släpp, so the "Institute" says,\nin two lines'
    claim = sourced(told, "p-pay", PAY.rstrip("."))
    made = content(inputs=some_inputs(pay=claim))
    raw = csv_bytes(export((a_row(tmp_path, made),)), TableName.CITATIONS)
    assert b'"Sl\xc3\xa4pp, so the ""Institute"" says,\nin two lines"' in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert all(line.endswith(b"\r") for line in raw.split(b"\n") if line and not line.endswith(b"says,"))


def damage(row: PublicationRow, how: str) -> None:
    file = Path(row.path) / "assessment.json"
    document = document_of(row)
    match how:
        case "gone":
            file.unlink()
        case "changed":
            file.write_text(file.read_text(encoding="utf-8").replace("planning", "plotting"), encoding="utf-8")
        case "cut":
            file.write_bytes(file.read_bytes()[:-20])
        case "another":
            file.write_bytes(render_json(overridden(), a_file(overridden()).document.record))
        case "no record":
            file.write_text(json.dumps({name: document[name] for name in document if name != "record"}))


@pytest.mark.parametrize("how", ["gone", "changed", "cut", "another", "no record"])
def test_a_publication_whose_file_is_missing_or_damaged_is_named_and_the_others_stand(
    how: str, rows: tuple[PublicationRow, ...]
) -> None:
    damage(rows[0], how)
    made = export(rows)
    (named,) = made.unreadable
    assert (named.slug, named.version, made.ok) == (SLUG, 1, False)
    assert rows[0].path in named.reason
    assert [(row.slug, row.version) for row in made.assessments] == [(SLUG, 2), ("widget-engineer-open", 1)]


def test_parquet_without_its_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Prerequisite) as caught:
        parquet_bytes(export(()), TableName.TASKS)
    assert "pip install 'assess-role[parquet]'" in str(caught.value.hint)
