from __future__ import annotations

import codecs
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.evidence.document import Document, ReadOptions, Unreadable
from agent.evidence.formats.encoding import declared_charset, decode, decoded
from agent.evidence.formats.plain import read_plain, title_of
from agent.schemas.text import without_controls

ARABIC = "الطلب على مهندسي تعلم الآلة يتزايد كل عام"
HEBREW = "הביקוש למהנדסי למידת מכונה עולה מדי שנה"
JAPANESE = "日本の労働市場では機械学習エンジニアの需要が高まっている。"
CHINESE = "机器学习平台工程师的需求正在增长,工资也随之上涨。"
GERMAN = "Für die Größe “quoted” – naïve café costs 10 €."


def read(data: str | bytes) -> Document:
    [found] = read_plain(data if isinstance(data, bytes) else data.encode(), ReadOptions())
    assert isinstance(found, Document)
    return found


def reason(data: str | bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "cp1252"),
        ("Plain English with it’s one quote.", "cp1252"),
        ("Café.", "cp1252"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
        ("機器學習平台工程師的需求正在增長,薪資也隨之上漲。", "big5"),
        ("기계 학습 플랫폼 엔지니어에 대한 수요가 증가하고 있다.", "euc_kr"),
        ("Спрос на инженеров машинного обучения растёт каждый год.", "cp1251"),
        ("Спрос на инженеров машинного обучения растёт каждый год.", "koi8_r"),
        ("Poptávka po inženýrech strojového učení každoročně roste, říká průzkum.", "cp1250"),
        (ARABIC, "cp1256"),
        (HEBREW, "cp1255"),
        (GERMAN, "utf-16"),
        (JAPANESE, "utf-32"),
        ("English without a mark", "utf-16-le"),
        ("English without a mark", "utf-16-be"),
    ],
)
def test_a_text_is_the_same_in_every_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_utf16_mark_decides_for_both_byte_orders() -> None:
    assert decode(codecs.BOM_UTF16_BE + ARABIC.encode("utf-16-be")) == ARABIC
    assert decode(codecs.BOM_UTF16_LE + ARABIC.encode("utf-16-le")) == ARABIC


def test_windows_quotes_pasted_into_utf8_are_read_one_by_one() -> None:
    data = "naïve café, größer, 10 €: ".encode() + b"it\x92s \x93mixed\x94"
    assert decode(data) == "naïve café, größer, 10 €: it’s “mixed”"


@pytest.mark.parametrize("tail", ["Köln roofers sealed über 20.", "Köln, Düren, Büren: größer"])
def test_a_line_of_utf8_with_a_sentence_of_another_encoding_in_it_keeps_both(tail: str) -> None:
    head = "Roofers in Zürich sealed 30 roofs a week. "
    text, note = decoded(head.encode() + tail.encode("latin-1"))
    assert text == head + tail
    assert note == "it mixes character encodings: 1 line is no UTF-8 and read as Windows-1252"


LATIN = "naïve café coûte très cher à Zürich"


@pytest.mark.parametrize(
    ("utf8", "other", "encoding", "named"),
    [
        ("Zwei Zeilen: é", LATIN, "latin-1", "Windows-1252"),
        ("Größe in München, 10 €", "Größe in Köln", "latin-1", "Windows-1252"),
        (ARABIC, LATIN, "cp1252", "Windows-1252"),
        ("Рост зарплат", "Спрос на инженеров растёт каждый год", "cp1251", "Windows-1251"),
        ("日本の労働市場", JAPANESE, "cp932", "CP932"),
    ],
)
def test_lines_of_two_encodings_are_each_read_in_their_own_and_that_is_said(
    utf8: str, other: str, encoding: str, named: str
) -> None:
    for lines in ((utf8.encode(), other.encode(encoding)), (other.encode(encoding), utf8.encode())):
        text, note = decoded(b"\n".join(lines))
        assert sorted(text.split("\n")) == sorted([utf8, other])
        assert note == f"it mixes character encodings: 1 line is no UTF-8 and read as {named}"
    assert read(b"\n\n".join(lines)).note == note


def test_a_page_that_declares_western_text_may_hold_lines_of_utf8() -> None:
    data = b"<meta charset=iso-8859-1>\ncaf\xc3\xa9\ncaf\xe9"
    assert decoded(data, declared="iso-8859-1").text.split("\n")[1:] == ["café", "café"]


def test_a_short_line_that_is_utf8_by_chance_is_read_as_the_rest_and_that_is_said() -> None:
    text = f"目录\n{CHINESE}"
    assert decoded(text.encode("gbk")) == (text, "lines of it could be UTF-8: all are read as GB18030")


def test_a_text_of_one_encoding_needs_no_note() -> None:
    assert [decoded(LATIN.encode(encoding)).note for encoding in ("utf-8", "latin-1")] == ["", ""]


def test_a_declared_encoding_is_used_when_the_bytes_are_not_utf8() -> None:
    data = "Заказ 5".encode("cp866")
    assert decode(data, declared="ibm866") == "Заказ 5"
    assert decode("größer".encode(), declared="iso-8859-1") == "größer"
    assert decode(b"\x93quoted\x94", declared="ISO-8859-1") == "“quoted”"


@pytest.mark.parametrize("declared", ["utf-7", "no-such-charset", "rot13", "hex", "\0"])
def test_a_declared_encoding_that_is_none_is_ignored(declared: str) -> None:
    assert decode("Café costs more than it did.".encode("cp1252"), declared=declared) == "Café costs more than it did."


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b'<meta charset="Shift_JIS">', "Shift_JIS"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "windows-1252"),
        (b"<?xml version='1.0' encoding='euc-kr'?>", "euc-kr"),
        (b"<p>nothing</p>", None),
        (b" " * 5000 + b'<meta charset="late">', None),
    ],
)
def test_the_encoding_a_page_declares_is_found_in_its_head(head: bytes, charset: str | None) -> None:
    assert declared_charset(head) == charset


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"text " + bytes(8) + b"more", b"\x01\x02\x03\x04" * 9],
)
def test_binary_data_is_no_text(data: bytes) -> None:
    assert reason(data) == "it is binary data, not text"


def test_a_text_cut_within_a_wide_character_is_refused_by_what_it_starts_as() -> None:
    assert reason(GERMAN.encode("utf-16")[:-1]) == "it is not the UTF-16 that it starts as"


def test_line_ends_and_invisible_characters_are_settled() -> None:
    assert decode("a\r\nb\rc\u2028d\u200b\u202ee\f".encode()) == "a\nb\nc\nde"


@given(st.text())
@example("\ufeffstart")
@example("÷ñ" * 3)
def test_every_utf8_text_without_controls_is_read_as_it_is(text: str) -> None:
    plain = without_controls(text)
    assert decode(plain.encode("utf-8", "replace")) == without_controls(plain.encode("utf-8", "replace").decode())


@given(st.binary(max_size=400))
def test_any_bytes_are_a_text_or_refused_with_a_reason(data: bytes) -> None:
    try:
        text = decode(data)
    except Unreadable as error:
        assert str(error)
    else:
        assert text == without_controls(text)


FULL = """---
title: "Jobs: up"
publisher: A Bureau
author: Jane Roe
date: 2025-07
url: https://example.org/a
tier: 2
interested: false
retrieved: 2025-08-01
text_kind: excerpt
licence: CC BY 4.0
tags: [wages, ai , wages]
---

# Another heading

Body.
"""


def test_a_full_front_matter_is_taken_whole() -> None:
    assert read(FULL) == Document(
        text="# Another heading\n\nBody.",
        title="Jobs: up",
        publisher="A Bureau",
        author="Jane Roe",
        date="2025-07",
        url="https://example.org/a",
        licence="CC BY 4.0",
        tags=("ai", "wages"),
        tier=2,
        interested=False,
        text_kind="excerpt",
        retrieved="2025-08-01",
    )


def test_what_the_front_matter_does_not_say_stays_open() -> None:
    text = "---\nlayout: post\nnested: {a: [1, 2]}\ndate: unknown\nauthor:\ntags: b, a,\nlicense: MIT\n---\nBody text."
    assert read(text) == Document(text="Body text.", licence="MIT", tags=("a", "b"))


def test_every_invalid_key_is_named_with_what_was_expected() -> None:
    text = "---\ntitle: [a]\ndate: 2025-13\nurl: ftp://x\ntier: 9\ninterested: maybe\ntags: {a: b}\n---\nBody."
    assert reason(text) == (
        "its front matter is not valid: `title` is a list or mapping: expected a text of 1 to 500 characters;"
        " `tags` is a list or mapping: expected a list of words, or words with commas between them;"
        " `date` is '2025-13': expected YYYY, YYYY-MM or YYYY-MM-DD, or `date: unknown` when the source shows none;"
        " `url` is 'ftp://x': expected an address that starts with http:// or https://;"
        " `tier` is 9: expected a whole number from 1 (primary data) to 4 (opinion);"
        " `interested` is 'maybe': expected true when the publisher sells what the text praises, else false"
    )


@pytest.mark.parametrize("tags", ["[[a], b]", "[{a: b}]"])
def test_nested_tags_are_not_valid(tags: str) -> None:
    assert reason(f"---\ntags: {tags}\n---\nBody.").startswith("its front matter is not valid: `tags` is")


def test_a_key_that_stands_twice_is_not_valid() -> None:
    assert "`title` stands twice" in reason("---\ntitle: a\ntitle: b\n---\nBody.")


def test_front_matter_that_is_no_yaml_is_refused_with_its_line() -> None:
    assert reason('---\ntitle: "open\n---\nBody.').startswith("its front matter is not valid YAML (line ")


def test_yaml_aliases_and_deep_nesting_cost_nothing() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert read(f"---\n{bomb}title: T\n---\nBody.").title == "T"
    deep = "---\nx: " + "[" * 50_000 + "]" * 50_000 + "\n---\nBody."
    assert reason(deep) == "its front matter is not valid YAML (it is nested more than 50 deep)"


@pytest.mark.parametrize(
    "text", ["---\nA rule above this line.\n\n---\n\nMore.", "---\n- a\n- b\n---\nMore.", "--- no\nBody"]
)
def test_a_rule_at_the_start_is_no_front_matter(text: str) -> None:
    assert read(text).text == text


def test_an_empty_front_matter_says_nothing() -> None:
    assert read("---\n---\nBody text.") == Document(text="Body text.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("intro text.\n\n## The heading ##\n\nBody.", "The heading"),
        ("```\n# a comment\n```\n\n# Real\n", "Real"),
        ("A short first line\n\nBody text follows.", "A short first line"),
        ("A short first line\n==================\nBody text.", "A short first line"),
        (f"{ARABIC}\n\n{ARABIC}.", ARABIC),
        ("A first sentence.\n\nAnother.", None),
        ("A line\nthat goes on\n\nMore.", None),
        ("- item\n\nMore.", None),
        ("x" * 121 + "\n\nMore.", None),
        ("Only one line", None),
        ("#hashtag first\n\nMore text.", "#hashtag first"),
    ],
)
def test_a_title_is_a_heading_or_a_line_that_looks_like_one(text: str, title: str | None) -> None:
    assert title_of(text) == title


def test_a_stated_title_wins_over_a_heading() -> None:
    stated = read(FULL)
    assert replace(stated, title=title_of(stated.text)).title == "Another heading"
    assert stated.title == "Jobs: up"


@pytest.mark.parametrize("data", ["", " \n\t\n", "---\ntitle: T\n---\n", "\u200b\u200b", "***"])
def test_a_file_without_text_is_refused(data: str) -> None:
    assert reason(data) == "it holds no text"


def test_a_line_of_a_megabyte_is_read() -> None:
    assert len(read("word " * 200_000 + "end").text) == 1_000_003
