"""The tables of a site are those of `export`, and its page says what each file holds and how large it is."""

from __future__ import annotations

import csv
import io
import json
import shutil
from importlib.resources import files as resources
from pathlib import Path

import jsonschema
import pytest
from factories_site import Page, a_registry, a_site, three_rows

from agent.registry.choices import TableName
from agent.registry.export import export
from agent.registry.export_formats import csv_bytes, json_bytes
from agent.registry.site.data import ROW_OF, size_words
from agent.registry.site.versions import read_registry


def test_the_files_have_the_bytes_that_an_export_of_every_version_writes(tmp_path: Path) -> None:
    rows = three_rows(tmp_path)
    site, made = a_site(read_registry(rows)), export(rows)
    assert site["data/assessments.json"] == json_bytes(made)
    for table in TableName:
        assert site[f"data/{table.value}.csv"] == csv_bytes(made, table)
    keys = [(row["slug"], row["version"]) for row in csv.DictReader(io.StringIO(site["data/assessments.csv"].decode()))]
    assert keys == [("archivist-senior", "1"), ("release-engineer-senior", "1"), ("release-engineer-senior", "2")]


def test_the_json_fits_the_schema_that_stands_beside_it(tmp_path: Path) -> None:
    site = a_site(a_registry(tmp_path))
    assert site["export.schema.json"] == resources("agent.registry").joinpath("export.schema.json").read_bytes()
    document = json.loads(site["data/assessments.json"])
    jsonschema.Draft202012Validator(json.loads(site["export.schema.json"])).validate(document)
    assert (document["ok"], document["unreadable"], len(document["assessments"])) == (True, [], 3)


def test_what_the_site_leaves_out_is_in_no_table_and_no_path_of_this_machine_is(tmp_path: Path) -> None:
    rows = three_rows(tmp_path)
    shutil.rmtree(rows[2].path)
    registry = read_registry(rows)
    assert [(remark.slug, remark.version) for remark in registry.left_out] == [("release-engineer-senior", 2)]
    site = a_site(registry)
    data = {name: content for name, content in site.items() if name.startswith("data/")}
    assert data["data/assessments.json"] == json_bytes(export(rows[:2]))
    assert not [name for name, content in site.items() if str(tmp_path).encode() in content]


def test_the_page_says_of_each_file_what_it_holds_how_many_rows_and_how_large_it_is(tmp_path: Path) -> None:
    site = a_site(a_registry(tmp_path))
    page = Page(site["data/index.html"])
    assert "3 published versions of 2 roles" in page.text
    for table in TableName:
        content = site[f"data/{table.value}.csv"]
        head, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
        assert f"{ROW_OF[table]} {len(rows)} {size_words(content)}" in page.text
        assert ", ".join(head) in page.text
    for name in ("data/assessments.json", "export.schema.json", "assessment.schema.json"):
        assert f"../{name}" in page.values("href")
        assert size_words(site[name]) in page.text


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (43_807, "43.8 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (2_340_000, "2.3 MB"),
    ],
)
def test_a_size_is_said_in_thousands(size: int, said: str) -> None:
    assert size_words(b"x" * size) == said
