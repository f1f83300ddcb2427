from __future__ import annotations

import codecs
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest
from factories_onet import (
    FOLDER,
    HEADINGS,
    NURSES,
    OTHER,
    SOFTWARE,
    TABLES,
    WAREHOUSE,
    a_rating,
    a_release,
    a_task,
    comma_separated,
    tab_separated,
    with_rows,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.errors import AssessorError, InvalidInput, NotFound
from agent.occupations import table as table_module
from agent.occupations.release import Note, read_release
from agent.schemas.occupation import NameKind, Occupation, OfficialTask


def notes(folder: Path) -> list[tuple[str, str]]:
    return [tuple(note) for note in read_release(folder).notes]  # type: ignore[misc]


def refusal(folder: Path) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read_release(folder)
    assert caught.value.hint is not None
    return caught.value


def test_a_release_is_read_with_its_ratings_and_names(tmp_path: Path) -> None:
    read = read_release(a_release(tmp_path / FOLDER))
    assert read.version == "29.0"
    assert [one.code for one in read.occupations] == [WAREHOUSE, SOFTWARE, OTHER, NURSES]
    assert read.occupations[2] == Occupation(code=OTHER, title="Computer Occupations, All Other", description="")
    assert [(task.id, task.kind, task.importance, task.relevance) for task in read.tasks] == [
        (101, "Core", 4.5, 90.0),
        (102, "Core", 4.0, 75.0),
        (103, "Supplemental", 3.0, 50.0),
        (104, None, None, None),
        (201, "Core", 5.0, 100.0),
        (202, "Core", 3.0, 80.0),
        (301, "Core", None, None),
    ]
    assert read.tasks[0].text == "Build pipelines that bring data from source systems into the warehouse."
    assert read.rated == 5
    warehouse = [(name.kind, name.text, name.words) for name in read.names if name.occupation == WAREHOUSE]
    assert warehouse == [
        (NameKind.TITLE, "Data Warehousing Specialists", "data warehousing specialist"),
        (NameKind.ALTERNATE, "Data Engineer", "data engineer"),
        (
            NameKind.ALTERNATE,
            "Extract, Transform, Load Developer (ETL Developer)",
            "extract transform load developer etl developer",
        ),
        (NameKind.SHORT, "ETL Developer", "etl developer"),
    ]


def test_suppressed_and_missing_ratings_are_counted_and_not_used(tmp_path: Path) -> None:
    assert notes(a_release(tmp_path / "onet")) == [
        ("Task Statements.txt", "1 of 4 occupations have no tasks"),
        ("Task Ratings.txt", "1 rating not used, as O*NET recommends"),
        ("Task Ratings.txt", "1 rating without a value"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_line_ends_and_byte_order_marks_make_no_difference(end: str, mark: bytes, tmp_path: Path) -> None:
    plain = read_release(a_release(tmp_path / "plain"))
    files = {
        table.replace(" ", "_"): mark + tab_separated(table, rows, end=end).encode() for table, rows in TABLES.items()
    }
    other = read_release(a_release(tmp_path / "other", **files))
    assert (other.occupations, other.tasks, other.names) == (plain.occupations, plain.tasks, plain.names)


def test_csv_files_with_quoted_cells_give_the_same_release(tmp_path: Path) -> None:
    plain = read_release(a_release(tmp_path / "plain"))
    folder = tmp_path / "csv"
    folder.mkdir()
    for table, rows in TABLES.items():
        (folder / f"{table.replace(' ', '_')}.csv").write_text(comma_separated(table, rows), encoding="utf-8-sig")
    other = read_release(folder)
    assert (other.occupations, other.tasks, other.names) == (plain.occupations, plain.tasks, plain.names)


def test_a_csv_cell_may_hold_a_line_break_and_lines_are_still_counted(tmp_path: Path) -> None:
    folder = a_release(tmp_path / "onet", Occupation_Data=None)
    rows = [*TABLES["Occupation Data"][:1], (SOFTWARE, "Software\nDevelopers", "x"), ("bad", "No\nbody", "")]
    text = comma_separated("Occupation Data", rows) + comma_separated("Occupation Data", TABLES["Occupation Data"][1:])
    (folder / "Occupation Data.csv").write_text(text, encoding="utf-8")
    read = read_release(folder)
    assert {one.code: one.title for one in read.occupations}[SOFTWARE] == "Software Developers"
    assert read.notes[0] == Note(
        "Occupation Data.csv",
        "3 rows left out: line 5: 'bad' is no O*NET-SOC code such as 15-1252.00; line 7: 'O*NET-SOC Code' is no "
        f"O*NET-SOC code such as 15-1252.00; line 9: the occupation {SOFTWARE} stands above already",
    )


def test_a_csv_row_with_a_broken_quote_costs_itself_only(tmp_path: Path) -> None:
    folder = a_release(tmp_path / "onet", Alternate_Titles=None)
    lines = comma_separated("Alternate Titles", TABLES["Alternate Titles"]).splitlines()
    lines += [f'{NURSES},"Night" Nurse,n/a,08', f"{NURSES},Day Nurse,n/a,08", f'{NURSES},"Last Nurse,n/a,08']
    (folder / "Alternate Titles.csv").write_text("\n".join(lines), encoding="utf-8")
    read = read_release(folder)
    assert [name.text for name in read.names if name.occupation == NURSES][2:] == ["Day Nurse"]
    assert read.notes[0] == Note(
        "Alternate Titles.csv",
        "2 rows left out: line 7: it is no valid CSV: ',' expected after '\"'; "
        "line 9: it is no valid CSV: unexpected end of data",
    )


def test_a_quoted_cell_may_end_a_line_of_windows(tmp_path: Path) -> None:
    content = with_rows("Occupation Data", ("11-1011.00", "Chief", '"Leads, in short."'))
    assert content.endswith(b'."\r\n')
    read = read_release(a_release(tmp_path / "onet", Occupation_Data=content))
    assert read.occupations[0].description == "Leads, in short."


def test_quotes_around_a_cell_go_and_a_lone_one_swallows_no_rows(tmp_path: Path) -> None:
    content = with_rows(
        "Alternate Titles",
        (NURSES, '"Night ""Owl"" Nurse"', "n/a", "08"),
        (NURSES, '"Best" Nurse', "n/a", "08"),
        (NURSES, '"Lone Nurse', "n/a", "08"),
        (NURSES, "Last Nurse", "n/a", "08"),
    )
    read = read_release(a_release(tmp_path / "onet", Alternate_Titles=content))
    names = [name.text for name in read.names if name.occupation == NURSES]
    assert names[2:] == ['Night "Owl" Nurse', '"Best" Nurse', '"Lone Nurse', "Last Nurse"]


def test_further_columns_in_any_order_are_passed_over(tmp_path: Path) -> None:
    rows = [("Date", "Task Type", "Task", "Title", "task id", "O*NET-SOC  Code")]
    rows += [("08/2024", kind, text, "x", number, code) for code, number, text, kind, *_ in TABLES["Task Statements"]]
    content = "\n".join("\t".join(row) for row in rows).encode()
    read = read_release(a_release(tmp_path / "onet", Task_Statements=content))
    assert read.tasks == read_release(a_release(tmp_path / "plain")).tasks


@pytest.mark.parametrize("deep", ["db_28_3_text", "unzipped/db_28_3_text"])
def test_the_release_may_lie_in_a_folder_below(deep: str, tmp_path: Path) -> None:
    a_release(tmp_path / deep)
    read = read_release(tmp_path)
    assert (read.path, read.version) == (tmp_path / deep, "28.3")


def test_the_version_may_stand_in_the_read_me_only(tmp_path: Path) -> None:
    folder = a_release(tmp_path / "onet")
    assert read_release(folder).version is None
    (folder / "Read Me.txt").write_text("O*NET® 27.2 Database\nText files", encoding="utf-8")
    assert read_release(folder).version == "27.2"


def test_a_folder_that_is_not_there_a_file_and_a_folder_without_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no folder"):
        read_release(tmp_path / "gone")
    (tmp_path / "onet.zip").write_bytes(b"PK")
    assert "is a file: expected the folder of an unzipped O*NET text release" in refusal(tmp_path / "onet.zip").message
    assert refusal(tmp_path).message == (
        f"{tmp_path} holds no table of O*NET: found onet.zip; expected Occupation Data.txt, Task Statements.txt, "
        "Task Ratings.txt, Alternate Titles.txt."
    )


def test_missing_tables_are_named_with_those_that_are_there(tmp_path: Path) -> None:
    folder = a_release(tmp_path / "onet", Task_Ratings=None, Alternate_Titles=None)
    assert refusal(folder).message == (
        f"{folder} is no whole release: Task Ratings.txt, Alternate Titles.txt are missing; found Occupation Data.txt, "
        "Task Statements.txt."
    )


def test_several_releases_and_a_table_in_two_forms_are_refused(tmp_path: Path) -> None:
    for name in ("db_28_3_text", "db_29_0_text"):
        a_release(tmp_path / name)
    assert "holds several releases" in refusal(tmp_path).message
    (tmp_path / "db_29_0_text" / "Task Ratings.csv").write_text("x")
    assert "more than once: Task Ratings.csv, Task Ratings.txt" in refusal(tmp_path / "db_29_0_text").message


@pytest.mark.parametrize("table", list(TABLES))
def test_missing_columns_are_named_with_the_file_the_found_and_the_expected_ones(table: str, tmp_path: Path) -> None:
    first = HEADINGS[table][0]
    content = tab_separated(table, TABLES[table]).replace(first, "SOC", 1).encode()
    message = refusal(a_release(tmp_path / "onet", **{table.replace(" ", "_"): content})).message
    assert message.startswith(f"{table}.txt lacks the column {first}: found SOC, ")
    assert f"expected {first}, " in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Task Ratings.txt is empty: expected a heading with the columns O*NET-SOC Code, Task ID, "),
        (tab_separated("Task Ratings", []).encode(), "Task Ratings.txt has a heading and no rows."),
        (codecs.BOM_UTF16_LE + "O*NET-SOC Code".encode("utf-16-le"), "cannot be read: it is not UTF-8 text."),
        (b"x" * 70_000, "cannot be read: it has more than 65,536 bytes."),
        (
            tab_separated("Task Ratings", [a_rating("12", 101, "IM", "4.00")]).encode(),
            "No row of Task Ratings.txt can be used: line 2: '12' is no O*NET-SOC code such as 15-1252.00.",
        ),
    ],
    ids=["empty", "heading", "utf-16", "long", "broken"],
)
def test_a_table_that_gives_nothing_is_an_error(content: bytes, said: str, tmp_path: Path) -> None:
    assert said in refusal(a_release(tmp_path / "onet", Task_Ratings=content)).message


def test_a_table_of_too_many_rows_or_bytes_is_an_error(tmp_path: Path) -> None:
    folder = a_release(tmp_path / "onet")
    with patch.dict("agent.occupations.release.MAX_ROWS", {"Task Ratings": 3}):
        assert refusal(folder).message == "Task Ratings.txt has more than the 3 rows allowed."
    with patch.object(table_module, "MAX_BYTES", 100):
        assert "a table has at most 0 MB" in refusal(folder).message


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        ("Occupation Data", (WAREHOUSE, "Again", "x"), f"the occupation {WAREHOUSE} stands above already"),
        ("Occupation Data", ("15-1", "x", "y"), "'15-1' is no O*NET-SOC code such as 15-1252.00"),
        ("Occupation Data", ("11-1011.00", "n/a", "y"), "it has no title"),
        ("Occupation Data", ("11-1011.00", "x" * 301, "y"), "its title has more than 300 characters"),
        ("Occupation Data", ("11-1011.00", "x", "y" * 5001), "its description has more than 5,000 characters"),
        ("Occupation Data", ("11-1011.00", "Chief"), "it has 2 cells, expected 3 as in the heading"),
        ("Task Statements", a_task("11-1011.00", 900, "Lead."), "Occupation Data has no occupation 11-1011.00"),
        ("Task Statements", a_task(NURSES, 101, "Lead."), "the task 101 stands above already"),
        ("Task Statements", a_task(NURSES, -1, "Lead."), "'-1' is no task id"),
        ("Task Statements", a_task(NURSES, 900, "--"), "it has no task"),
        ("Task Ratings", a_rating(NURSES, 999, "IM", "4.00"), "Task Statements has no task 999"),
        ("Task Ratings", a_rating(NURSES, 201, "IM", "4"), f"the task 201 belongs to {SOFTWARE}, not to {NURSES}"),
        ("Task Ratings", a_rating(SOFTWARE, 201, "IM", "4"), "the scale IM of task 201 stands above already"),
        ("Task Ratings", a_rating(NURSES, 301, "LV", "4"), "'LV' is none of the scales IM, RT, FT"),
        ("Task Ratings", a_rating(NURSES, 301, "IM", "6.00"), "the value '6.00' is none of 1 to 5"),
        ("Task Ratings", a_rating(NURSES, 301, "RT", "nan"), "the value 'nan' is none of 0 to 100"),
        ("Task Ratings", a_rating(NURSES, 301, "RT", "many"), "the value 'many' is none of 0 to 100"),
        (
            "Task Ratings",
            a_rating(NURSES, 301, "RT", "9", suppress="?"),
            "Recommend Suppress is '?', expected Y, N or n/a",
        ),
        ("Alternate Titles", (NURSES, "n/a", "n/a", "08"), "it has no alternate title"),
        ("Alternate Titles", ("11-1011.00", "Chief", "n/a", "08"), "Occupation Data has no occupation 11-1011.00"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_with_its_line_and_reason(
    table: str, row: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    plain = read_release(a_release(tmp_path / "plain"))
    read = read_release(a_release(tmp_path / "onet", **{table.replace(" ", "_"): with_rows(table, row)}))
    line = len(TABLES[table]) + 2
    (note,) = set(read.notes) - set(plain.notes)
    assert note.file == f"{table}.txt"
    assert note.note.startswith(f"1 row left out: line {line}: ") and said in note.note
    assert (read.occupations, read.tasks, read.names) == (plain.occupations, plain.tasks, plain.names)


def test_a_row_that_is_no_text_or_too_long_costs_itself_only(tmp_path: Path) -> None:
    good = f"{NURSES}\tNight Nurse\tn/a\t08\n".encode()
    bad = f"{NURSES}\tNurse \xe9\tn/a\t08\n".encode("latin-1") + b"x" * 200_000 + b"\n"
    read = read_release(a_release(tmp_path / "onet", Alternate_Titles=with_rows("Alternate Titles") + bad + good))
    assert "Night Nurse" in [name.text for name in read.names]
    assert (
        Note(
            "Alternate Titles.txt",
            "2 rows left out: line 7: it is not UTF-8 text; line 8: it has more than 65,536 bytes",
        )
        in read.notes
    )


def test_many_broken_rows_are_counted_and_the_first_named(tmp_path: Path) -> None:
    rows = [("11-1011.00", f"Chief {number}", "n/a", "08") for number in range(1234)]
    folder = a_release(tmp_path / "onet", Alternate_Titles=with_rows("Alternate Titles", *rows))
    (note,) = [text for file, text in notes(folder) if file == "Alternate Titles.txt"]
    assert note.startswith("1,234 rows left out: line 7: ")
    assert note.count("line ") == table_module.NAMED
    assert note.endswith("; and 1,229 more")


def test_control_characters_of_a_task_do_not_come_in(tmp_path: Path) -> None:
    content = with_rows("Task Statements", a_task(NURSES, 302, "Wash \x1b[31m hands \u202e often."))
    read = read_release(a_release(tmp_path / "onet", Task_Statements=content))
    assert read.tasks[-1] == OfficialTask(
        id=302, occupation=NURSES, text="Wash [31m hands often.", kind="Core", importance=None, relevance=None
    )


_ODD = (
    "",
    "n/a",
    "11-1011.00",
    "101",
    "999",
    "XX",
    "1e5",
    "many",
    '"',
    '"a',
    'a"b',
    "\x00",
    "\r",
    "\n",
    "é",
    "9" * 400,
)


def _rows(table: str) -> st.SearchStrategy[list[list[str]]]:
    """Rows of the table, with odd cells in some places."""
    rows = st.sampled_from([list(row) for row in TABLES[table]])
    cells = st.dictionaries(st.integers(0, len(HEADINGS[table]) - 1), st.sampled_from(_ODD), max_size=2)
    odd = st.builds(lambda row, changed: [changed.get(at, cell) for at, cell in enumerate(row)], rows, cells)
    return st.lists(st.one_of(rows, odd, st.lists(st.sampled_from(_ODD), max_size=13)), max_size=8)


@st.composite
def _contents(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """A table, a suffix, and what may be in that file: mostly a right heading with rows of anything below it."""
    table, suffix = draw(st.sampled_from(list(TABLES))), draw(st.sampled_from([".txt", ".csv"]))
    between = "\t" if suffix == ".txt" else ","
    heading = draw(st.sampled_from([HEADINGS[table], HEADINGS[table], HEADINGS[table][1:], ("", '"')]))
    rows = [between.join(row) for row in [heading, *draw(_rows(table))]]
    written = "\n".join(rows).encode() + draw(st.binary(max_size=20))
    return table, suffix, draw(st.sampled_from([written, written, draw(st.binary(max_size=200))]))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_contents())
def test_whatever_a_file_holds_only_errors_of_the_tree_are_raised(given_file: tuple[str, str, bytes]) -> None:
    table, suffix, content = given_file
    folder = Path(tempfile.mkdtemp())
    try:
        a_release(folder, **{table.replace(" ", "_"): None})
        (folder / f"{table}{suffix}").write_bytes(content)
        try:
            read = read_release(folder)
        except AssessorError as error:
            assert error.message
        else:
            assert read.occupations and read.tasks and read.names
    finally:
        shutil.rmtree(folder)
