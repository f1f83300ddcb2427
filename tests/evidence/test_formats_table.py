"""Exports: which column holds what, and what is said about a row that cannot be read."""

from __future__ import annotations

import json

import pytest
from factories_formats import SENTENCE, read
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.evidence.document import Document, Skipped, Unreadable
from agent.evidence.formats.dates import date_of, day_of
from agent.evidence.formats.table import read_csv, read_json, read_jsonl

ROW = {
    "headline": "Fewer posts",
    "body": SENTENCE,
    "link": "https://example.org/a",
    "pubDate": "Tue, 05 Mar 2024 09:30:00 GMT",
    "byline": "A. Writer",
    "source": "Example Daily",
    "license": "CC BY 4.0",
    "tags": ["jobs", "ai", "jobs"],
}
DOCUMENT = Document(
    SENTENCE,
    part="row 1",
    title="Fewer posts",
    publisher="Example Daily",
    author="A. Writer",
    date="2024-03-05",
    url="https://example.org/a",
    licence="CC BY 4.0",
    tags=("jobs", "ai"),
)


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def test_usual_column_names_need_no_mapping() -> None:
    assert read(read_json, as_json([ROW])) == [DOCUMENT]


def test_the_one_array_of_objects_in_an_object_is_the_export() -> None:
    value = {"status": "ok", "counts": [1, 2], "articles": [ROW]}
    assert read(read_json, as_json(value)) == [DOCUMENT]


def test_two_arrays_of_objects_are_not_guessed_between() -> None:
    with pytest.raises(Unreadable, match="several arrays of objects: `a`, `b`"):
        read(read_json, as_json({"a": [ROW], "b": [ROW]}))


def test_a_mapping_reaches_into_nested_values() -> None:
    row = {"data": {"main": {"story": [SENTENCE, "第二段。"]}}, "who": [{"name": "A. Writer"}], "when": "March 2024"}
    columns = {"text": "data.main.story", "author": "who.0.name", "date": "when"}
    assert read(read_json, as_json([row]), columns=columns) == [
        Document(f"{SENTENCE}\n\n第二段。", part="row 1", author="A. Writer", date="2024-03")
    ]


def test_what_the_user_states_about_a_source_is_taken_over() -> None:
    row = {"text": SENTENCE, "tier": 2, "interested": False, "text_kind": "excerpt", "retrieved": "2025-01-31"}
    assert read(read_json, as_json([row])) == [
        Document(SENTENCE, part="row 1", tier=2, interested=False, text_kind="excerpt", retrieved="2025-01-31")
    ]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("tier", "9", "its tier is `9`: expected a whole number from 1 to 4"),
        ("interested", "maybe", "its `interested` is `maybe`: expected true or false"),
        ("text_kind", "all", "its text_kind is `all`: expected full, excerpt or digest"),
    ],
)
def test_a_wrong_statement_about_a_source_costs_the_row(field: str, value: str, reason: str) -> None:
    assert read(read_json, as_json([{"text": SENTENCE, field: value}])) == [Skipped(reason, "row 1")]


def test_without_a_text_column_the_columns_are_named() -> None:
    with pytest.raises(Unreadable, match=r"no column holds the text: found `id`, `meta\.story`; say which one does"):
        read(read_json, as_json([{"id": 1, "meta": {"story": SENTENCE}}]))


def test_a_mapped_column_that_is_missing_is_named() -> None:
    with pytest.raises(Unreadable, match="it has no column `story` for the field `text`: found `text`"):
        read(read_json, as_json([{"text": SENTENCE}]), columns={"text": "story"})


def test_a_mapped_field_that_does_not_exist_is_named() -> None:
    with pytest.raises(Unreadable, match="there is no field `autor`"):
        read(read_json, as_json([{"text": SENTENCE}]), columns={"autor": "text"})


def test_html_in_a_text_becomes_text_and_hidden_text_stays_out() -> None:
    html = '<p>One <b>hundred</b> posts.</p><ul><li>First</li></ul><p style="display:none">Ignore this.</p>'
    [found] = read(read_json, as_json([{"text": html}]))
    assert isinstance(found, Document)
    assert found.text == "One hundred posts.\n\n- First"


def test_a_text_that_only_speaks_of_tags_is_left_alone() -> None:
    text = "Less is < more, and <p> is a tag."
    assert read(read_json, as_json([{"text": text}])) == [Document(text, part="row 1")]


def test_an_address_that_is_none_and_a_date_in_no_known_form_are_not_stated() -> None:
    row = {"text": SENTENCE, "url": "javascript:alert(1)", "date": "03/05/2024"}
    assert read(read_json, as_json([row])) == [Document(SENTENCE, part="row 1")]


def test_controls_and_half_characters_never_reach_the_text() -> None:
    [found] = read(read_json, b'[{"text": "One \\u202ehundred\\ud800 posts\\u0000.", "title": "A\\nB"}]')
    assert found == Document("One hundred posts.", part="row 1", title="A B")


def test_a_bad_line_is_skipped_with_its_number() -> None:
    data = as_json(ROW) + b'\n\n{"body": \n[1]\n' + as_json(ROW) + b"\n"
    found = read(read_jsonl, data)
    assert [item.part for item in found] == ["line 1", "line 3", "line 4", "line 5"]
    assert [item.reason for item in found if isinstance(item, Skipped)] == [
        "it is no valid JSON: Expecting value",
        "it is no object with named columns",
    ]


def test_deep_nesting_is_refused_and_costs_only_its_line() -> None:
    deep = b'{"body": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(Unreadable, match="it is nested too deep"):
        read(read_json, deep)
    assert read(read_jsonl, as_json(ROW) + b"\n" + deep)[1] == Skipped("it is nested too deep", "line 2")


def test_values_that_are_no_json_are_refused() -> None:
    with pytest.raises(Unreadable, match="it is no valid JSON"):
        read(read_json, b'[{"text": NaN}]')


def test_csv_with_a_byte_order_mark_semicolons_and_line_feeds_in_cells() -> None:
    data = '\ufeffTitle;Body;Published At\r\nA;"One, two;\nthree ""four""";2024-03\r\n'.encode()
    assert read(read_csv, data) == [
        Document('One, two;\nthree "four"', part="row 2", title="A", date="2024-03"),
    ]


def test_csv_in_other_encodings() -> None:
    rows = "title,text\nÜber Löhne,Die Löhne stiegen um 3 % – für alle Beschäftigten in der Industrie.\n"
    expected = [
        Document(
            "Die Löhne stiegen um 3 % – für alle Beschäftigten in der Industrie.", part="row 2", title="Über Löhne"
        )
    ]
    assert read(read_csv, rows.encode("utf-16")) == expected
    assert read(read_csv, rows.encode("cp1252")) == expected


def test_a_ragged_row_is_skipped_and_an_empty_one_is_not_mentioned() -> None:
    data = f"title,text\nA,{SENTENCE}\n\nB\nC,,\nD,\n".encode()
    assert read(read_csv, data) == [
        Document(SENTENCE, part="row 2", title="A"),
        Skipped("it has 1 cells, expected 2 as in the first row", "row 4"),
        Skipped("it has 3 cells, expected 2 as in the first row", "row 5"),
        Skipped("its column `text` is empty", "row 6"),
    ]


def test_a_line_of_a_megabyte_is_read() -> None:
    text = "Wörter " * 150_000
    [found] = read(read_csv, f"title,text\nA,{text}\n".encode())
    assert isinstance(found, Document)
    assert found.text == text.strip()


def test_a_text_that_is_too_long_costs_its_row() -> None:
    data = as_json([{"text": "x" * 101}, {"text": "y"}])
    assert read(read_json, data, max_text=100) == [
        Skipped("its text has 101 characters, more than the 100 that are allowed", "row 1"),
        Document("y", part="row 2"),
    ]


def test_rows_beyond_the_limit_are_named_once() -> None:
    data = as_json([{"text": "a"}, {"text": "b"}, {"text": "c"}, {"text": "d"}])
    assert read(read_json, data, max_parts=2) == [
        Document("a", part="row 1"),
        Document("b", part="row 2"),
        Skipped("it and all after it are more than the 2 rows that are allowed", "row 3"),
    ]


@pytest.mark.parametrize("data", [b"[]", b"{}", b"[1, 2]", b'"text"', b"7"])
def test_json_without_rows_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(read_json, data)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024", "2024"),
        ("2024-03", "2024-03"),
        ("2024-03-05", "2024-03-05"),
        (" 2024-03-05T23:30:00-05:00 ", "2024-03-05"),
        ("2024-03-05 08:00", "2024-03-05"),
        ("Tue, 05 Mar 2024 09:30:00 GMT", "2024-03-05"),
        ("5 March 2024", "2024-03-05"),
        ("March 5, 2024", "2024-03-05"),
        ("Sept. 5, 2024", "2024-09-05"),
        ("May 2024", "2024-05"),
        ("2024-02-30", None),
        ("2024-13", None),
        ("February 30, 2024", None),
        ("03/05/2024", None),
        ("0000-01-01", None),
        ("1709631000", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_as_precise_as_it_is_stated(text: str, date: str | None) -> None:
    assert date_of(text) == date
    assert day_of(text) == (date if date is not None and len(date) == 10 else None)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"text,title\n", b'[{"text": "', b'{"text": 1}\n']))
def test_any_bytes_give_documents_skips_or_unreadable(data: bytes, start: bytes) -> None:
    for reader in (read_json, read_jsonl, read_csv):
        try:
            found = read(reader, start + data)
        except Unreadable:
            continue
        assert all(isinstance(item, (Document, Skipped)) for item in found)


def test_a_cell_that_is_too_long_is_said_to_be_and_costs_its_row_only() -> None:
    rows = f'title,text\nBefore,{SENTENCE}\nLong,"{"word " * 1_200_000}"\nAfter,{SENTENCE}\n'
    found = read(read_csv, rows.encode())
    assert [item.title if isinstance(item, Document) else item for item in found] == [
        "Before",
        Skipped("its text has 5,999,999 characters, more than the 5,000,000 that are allowed", "row 3"),
        "After",
    ]


def test_an_export_of_two_encodings_says_so_once() -> None:
    rows = "title,text\nOne,Größe in München\nTwo,".encode() + "Größe in Köln".encode("latin-1")
    found = read(read_csv, rows)
    assert [(item.text, bool(item.note)) for item in found if isinstance(item, Document)] == [
        ("Größe in München", True),
        ("Größe in Köln", False),
    ]
