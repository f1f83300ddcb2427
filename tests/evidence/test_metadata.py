from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.evidence.document import Document, Unreadable
from agent.evidence.metadata import ASKED, Stated, address_of, complete, is_day_or_part, local_url, nobody
from agent.schemas.article import ArticleMeta, TextKind

TODAY = "2026-02-25"
FILE = Path("/clippings/a report.txt")


def a_document(**changes: object) -> Document:
    values: dict[str, object] = {
        "text": "words",
        "title": "A survey",
        "publisher": "An institute",
        "author": "A. Writer",
        "date": "2025-07-10",
        "url": "https://example.org/a",
        "tier": 2,
        "interested": False,
        "text_kind": "full",
        "retrieved": "2026-01-02",
    }
    return Document(**{**values, **changes})  # type: ignore[arg-type]


def meta_of(document: Document, *, file: Path = FILE, **stated: object) -> ArticleMeta:
    return complete(document, file, stated=Stated(**stated), ask=nobody, today=TODAY)  # type: ignore[arg-type]


def asked_meta(document: Document, answers: Mapping[str, str], **stated: object) -> tuple[ArticleMeta, list[object]]:
    """The metadata, and what was asked."""
    asked: list[object] = []

    def ask(name: str, shown: Document, missing: tuple[str, ...]) -> Mapping[str, str]:
        asked.append((name, shown, missing))
        return answers

    return complete(document, FILE, stated=Stated(**stated), ask=ask, today=TODAY), asked  # type: ignore[arg-type]


def test_what_a_file_says_of_itself_is_taken_and_nothing_is_assumed() -> None:
    assert meta_of(a_document(licence="CC BY 4.0", tags=("Wages", " wages ", "jobs"))) == ArticleMeta(
        title="A survey",
        publisher="An institute",
        author="A. Writer",
        date="2025-07-10",
        url="https://example.org/a",
        tier=2,
        interested=False,
        retrieved="2026-01-02",
        text_kind=TextKind.FULL,
        licence="CC BY 4.0",
        tags=("jobs", "wages"),
        assumed=(),
    )


def test_what_nobody_knows_is_marked_and_never_better_than_the_worst() -> None:
    assert meta_of(Document("words")) == ArticleMeta(
        title="a report",
        publisher="unknown",
        author=None,
        date="unknown",
        url=local_url(FILE),
        tier=4,
        interested=False,
        retrieved=TODAY,
        text_kind=TextKind.FULL,
        licence=None,
        tags=(),
        assumed=("publisher", "tier", "interested"),
    )


def test_what_the_user_says_stands_above_what_the_file_says() -> None:
    said = {
        "publisher": "The Office",
        "author": "B. Author",
        "date": "2024",
        "tier": 1,
        "interested": True,
        "licence": "private",
        "text_kind": "excerpt",
    }
    meta = meta_of(a_document(licence="CC BY", tags=("wages",)), **said, tags=("Mine",))
    assert {name: getattr(meta, name) for name in said} == said
    assert (meta.title, meta.tags, meta.assumed) == ("A survey", ("mine", "wages"), ())


@pytest.mark.parametrize("missing", ["publisher", "tier", "interested"])
def test_a_field_that_somebody_states_is_not_assumed(missing: str) -> None:
    stated: dict[str, object] = {"publisher": "The Office", "tier": 4, "interested": False}
    assert meta_of(a_document(**{missing: None})).assumed == (missing,)
    assert meta_of(a_document(**{missing: None}), **{missing: stated[missing]}).assumed == ()


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://www.news.example.org/story", "news.example.org"),
        ("http://Example.ORG:8080/x", "example.org"),
        (None, "unknown"),
        ("ftp://example.org/x", "unknown"),
        ("https://" + "a" * 300 + ".org/", "a" * 200),
    ],
)
def test_a_publisher_that_is_not_stated_is_the_address_and_marked(url: str | None, publisher: str) -> None:
    meta = meta_of(a_document(publisher=None, url=url))
    assert (meta.publisher, meta.assumed) == (publisher, ("publisher",))


@pytest.mark.parametrize(
    "date",
    ["yesterday", "2025-13", "2025-02-30", "2025-1-1", "25", "20250101", "2025-07-10T10:00", "0000", "", "２０２５"],
)
def test_a_date_of_a_file_that_is_none_is_unknown(date: str) -> None:
    assert meta_of(a_document(date=date)).date == "unknown"


@pytest.mark.parametrize("date", ["2025", "2025-02", "2024-02-29"])
def test_a_date_is_kept_as_precise_as_it_is(date: str) -> None:
    assert (is_day_or_part(date), meta_of(a_document(date=date)).date) == (True, date)


@pytest.mark.parametrize("date", ["soon", "2025-13", "2025-02-30"])
def test_a_date_that_a_person_gave_and_is_none_is_an_error_and_not_unknown(date: str) -> None:
    with pytest.raises(Unreadable, match=f"`date` is '{date}': expected YYYY, YYYY-MM or YYYY-MM-DD"):
        meta_of(a_document(), date=date)
    with pytest.raises(Unreadable, match=f"`date` is '{date}'"):
        asked_meta(a_document(date=None), {"date": date})


def test_every_value_that_is_not_valid_is_named_at_once() -> None:
    with pytest.raises(Unreadable) as raised:
        meta_of(a_document(tier=9, retrieved="today", text_kind="half"))
    assert str(raised.value) == (
        "`tier` is 9: expected a whole number from 1 (primary data) to 4 (opinion); "
        "`retrieved` is 'today': expected the day the source was read, as YYYY-MM-DD; "
        "`text_kind` is 'half': expected full, excerpt or digest"
    )


def test_a_person_is_asked_once_for_all_that_neither_file_nor_user_say() -> None:
    document = a_document(publisher=None, author=None, date="soon", tier=None, part="row 7")
    answers = {"publisher": " The  Office ", "tier": "1", "date": "2025-06"}
    meta, asked = asked_meta(document, answers, author="B. Author")
    assert asked == [("a report.txt row 7", document, ("publisher", "date", "tier"))]
    assert (meta.publisher, meta.author, meta.date, meta.tier) == ("The Office", "B. Author", "2025-06", 1)
    assert meta.assumed == ()


def test_nobody_is_asked_for_what_is_known() -> None:
    assert asked_meta(a_document(), {"publisher": "Another"}) == (meta_of(a_document()), [])


@pytest.mark.parametrize("answers", [{}, {"publisher": "", "date": " ", "tier": ""}, {"colour": "red", "tier": "five"}])
def test_what_a_person_does_not_know_stays_unknown(answers: Mapping[str, str]) -> None:
    document = a_document(publisher=None, url=None, author=None, date=None, tier=None)
    meta, asked = asked_meta(document, answers)
    assert len(asked) == 1
    assert meta == meta_of(document)
    assert meta.assumed == ("publisher", "tier")


def test_a_file_without_a_public_address_is_known_by_its_name_and_folder_which_it_does_not_tell() -> None:
    here, there = local_url(FILE), local_url(Path("/private/me/a report.txt"))
    assert here != there
    assert [url.partition("/")[2] for url in (here, there)] == ["a%20report.txt"] * 2
    assert "private" not in there
    assert local_url(FILE, "row 7") == f"{here}#row%207"


@pytest.mark.parametrize(
    "url",
    [
        "http://[bad/x",
        "http://",
        "https:///path",
        "//example.org",
        "javascript:alert(1)",
        "example.org/a",
        "",
        "http://x/" + "a" * 2000,
    ],
)
def test_an_address_that_is_none_is_as_good_as_none(url: str) -> None:
    document = a_document(url=url)
    assert address_of(document, FILE) == local_url(FILE)
    assert meta_of(document).url == local_url(FILE)


def test_an_address_is_cleaned_of_what_cannot_be_stored() -> None:
    assert meta_of(a_document(url=" https://example.org/\x00a\n b\ud800\u202e ")).url == "https://example.org/ab"


def test_a_name_that_is_no_text_still_gives_an_address(tmp_path: Path) -> None:
    file = Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.txt"))
    meta = meta_of(Document("words"), file=file)
    assert meta.url.endswith("/caf%E9.txt")
    assert meta.title == "caf"


@pytest.mark.parametrize("part", ["x" * 3000, "\u6587" * 3000, "\U0001f600" * 101, "half \ud83d of one"])
def test_a_part_of_any_name_has_an_address_of_its_own(part: str) -> None:
    file = Path("/clippings") / ("\u6587" * 85)
    metas = [meta_of(Document("words", part=name), file=file) for name in (part, part + "2")]
    assert metas[0].url != metas[1].url


@pytest.mark.parametrize("title", ["", " \n ", "\u200b", None])
def test_a_text_without_a_title_has_the_name_of_its_file(title: str | None) -> None:
    assert meta_of(a_document(title=title)).title == "a report"
    assert meta_of(a_document(title=title, part="row 2")).title == "a report row 2"


def test_long_and_broken_lines_are_cut_to_what_is_stored() -> None:
    meta = meta_of(
        a_document(title="a\n" + "t" * 600, publisher="p" * 300, author="\x1b[1mA.\tB.", licence="l" * 600),
    )
    assert (meta.title, meta.publisher) == ("a " + "t" * 498, "p" * 200)
    assert (meta.author, meta.licence) == ("[1mA. B.", "l" * 500)


line = st.none() | st.text(max_size=40)


@given(
    title=line,
    publisher=line,
    author=line,
    date=line | st.from_regex(r"\d{4}(-\d{2}){0,2}", fullmatch=True),
    url=line | line.map(lambda text: f"https://{text}"),
    licence=line,
    part=st.text(max_size=300),
    tags=st.lists(st.text(max_size=10), max_size=3).map(tuple),
    stem=st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60),
)
def test_whatever_a_file_says_of_itself_gives_metadata_that_can_be_stored(stem: str, **values: object) -> None:
    meta = meta_of(a_document(**values), file=Path("/in") / f"{stem}.txt")
    assert meta.model_dump_json().encode("utf-8")
    assert meta.date == "unknown" or is_day_or_part(meta.date)
    assert meta == ArticleMeta.model_validate(meta.model_dump())


@given(st.text(max_size=12))
def test_a_date_is_a_day_or_part_only_as_it_is_written_in_full(text: str) -> None:
    if is_day_or_part(text):
        assert text.isascii()
        assert [len(piece) for piece in text.split("-")] == [4, 2, 2][: text.count("-") + 1]


def test_the_fields_that_are_asked_for_are_those_of_an_article() -> None:
    assert set(ASKED) <= set(ArticleMeta.model_fields)
