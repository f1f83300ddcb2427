from __future__ import annotations

import re
import time
import unicodedata
from collections import Counter

import pytest
from factories_split import SENTENCE, a_text, items, paragraph, rows
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.evidence.split import HEADING, LONG, passages_of, pieces, split
from agent.grounding.figures import Figure, figures
from agent.schemas.text import without_controls

WORDS = st.text(alphabet="aB3.,%$# \n\t-`|*>:=é“”。٪", max_size=400)
CODE = "```sh\n# a comment\n\nrun it\n```"
LINES = st.sampled_from(
    ["# Heading", "Title\n===", "```", "~~~~", "- item", "  - nested", "12. item", "| a | b |", "a | b\n---|---\n1 | 2"]
)
MARKS = st.sampled_from(["> quote", "---", "Reasons:", "", "    # indented", CODE])
LONG_PARTS = st.one_of(
    st.integers(1, 30).map(paragraph), st.integers(1, 30).map(items), st.integers(1, 50).map(rows), st.just("x" * 3000)
)
TEXTS = st.builds(
    lambda parts, joint: without_controls(joint.join(parts)),
    st.lists(st.one_of(WORDS, LINES, MARKS, LONG_PARTS, st.text(max_size=200)), max_size=10),
    st.sampled_from(["\n\n", "\n"]),
)

FIGURES = st.one_of(
    st.sampled_from(["4.5%", "$ 5 million", "1 200 000 euros", "40 per cent", "7 percentage points", "twenty five"]),
    st.sampled_from(["2 to 4 years", "between 12 and 15%", "US$3 billion", "100 basis points", "five-fold", "€ 40"]),
    st.sampled_from(["two hundred thousand dollars", "half a million", "6 months", "−3 %", "1/2", "5 USD", "USD 5"]),
    st.sampled_from(["three million", "3.5 x", "12 dozen", "hundred and five", "3 billion US dollars", "per cent"]),
)
FILLERS = st.sampled_from(
    ["jobs", "of pay", "and", "more than", "in the whole country", "with, of course", "engineers;"]
)
BLOCKS = st.one_of(
    st.integers(1, 30).map(paragraph),
    st.integers(1, 30).map(items),
    st.integers(2, 50).map(rows),
    st.just("A short paragraph."),
    st.just("The reasons are:"),
    st.just(CODE),
    st.integers(1, 20).map(lambda count: "\n".join(f"> {SENTENCE}".rstrip() for _ in range(count))),
    st.text(alphabet="招聘岗位增加。，5%", min_size=1, max_size=3000),
)


def is_left_out(line: str) -> bool:
    return not line.strip() or re.match(r"\s{0,3}#{1,6}(\s|$)|\s*[-*_=\s]{3,}$", line) is not None


@settings(max_examples=75, deadline=None)
@given(TEXTS)
@example("1234567890" * 400)
@example("a\u0301" * 3000)
def test_offsets_always_reproduce_the_passage_text(text: str) -> None:
    article = a_text(text)
    for passage in passages_of(article):
        assert article.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert len(passage.heading) <= HEADING


@settings(max_examples=75, deadline=None)
@given(TEXTS)
def test_spans_are_in_order_disjoint_and_leave_out_only_space_headings_and_rules(text: str) -> None:
    spans = split(text)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    left_out = [text[end:start].split("\n") for end, start in zip(edges[::2], edges[1::2], strict=True)]
    for lines in left_out:
        for at, line in enumerate(lines):
            underlined = any(re.match(r"\s*(=[=\s]*|-[-\s]*)$", below) for below in lines[at + 1 : at + 2])
            assert is_left_out(line) or underlined, repr(line)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
@example("x" * 5000)
@example("1234567890" * 400)
@example("| " + "5 " * 3000)
@example("a" + "\u0301" * 3000)
def test_no_passage_is_longer_than_the_model_reads(text: str) -> None:
    assert all(0 < end - start <= LONG for start, end in split(text))


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCKS, max_size=8).map("\n\n".join))
def test_a_passage_split_again_is_itself(text: str) -> None:
    for start, end in split(text):
        assert split(text[start:end]) == [(0, end - start)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(FILLERS, FIGURES), min_size=3, max_size=25), st.sampled_from([" ", "\n"]))
@example([("jobs", "4.5%"), ("jobs", "4.5%"), ("jobs", "USD 5")], " ")
@example([("jobs", "two hundred thousand dollars"), ("and", "2 to 4 years"), ("and", "US$3 billion")], " ")
@example([("jobs", "two hundred thousand dollars"), ("and", "$ 5 million"), ("and", "half a million")], " ")
def test_no_figure_is_cut_from_its_sign_scale_or_unit(parts: list[tuple[str, str]], blank: str) -> None:
    words = ["staff", *(word for filler, figure in parts for word in (filler, figure))] * 60
    text = blank.join(words)[: 3 * LONG].rsplit(blank, 1)[0]
    found = split(text)
    assert len(found) > 1
    assert sum((said(text[start:end]) for start, end in found), Counter()) == said(text)


def said(text: str) -> Counter[tuple[object, ...]]:
    def key(figure: Figure) -> tuple[object, ...]:
        return (figure.written, figure.readings, figure.in_words, figure.time)

    return Counter(map(key, figures(text)))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(1, 9_999_999_999), min_size=80, max_size=200).map(
        lambda numbers: "".join(f"增加了{number:,}.5%" for number in numbers)
    )
)
def test_no_number_is_cut_in_a_text_without_spaces(text: str) -> None:
    assert sum((said(text[start:end]) for start, end in split(text)), Counter()) == said(text)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="ae\u0301\u0323क्षिः👩🏽👍🏿한", min_size=1300, max_size=3000))
def test_no_composed_character_is_cut(text: str) -> None:
    for start, _ in split(text)[1:]:
        assert unicodedata.category(text[start]) not in {"Mn", "Mc", "Me", "Sk"} or not re.search(
            r"[^\W]", text[max(0, start - 90) : start]
        )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["Pay", "Jobs", "Skills in C#", "x" * 90])), max_size=12))
def test_the_heading_of_a_passage_is_the_innermost_headings_that_fit(path: list[tuple[int, str]]) -> None:
    text = "\n\n".join(f"{'#' * level} {title}\n\nText." for level, title in path)
    open_levels: list[tuple[int, str]] = []
    for (level, title), piece in zip(path, pieces(text), strict=True):
        open_levels = [*((above, name) for above, name in open_levels if above < level), (level, title)]
        names = [name for _, name in open_levels]
        fitting = next(" > ".join(names[at:]) for at in range(len(names)) if len(" > ".join(names[at:])) <= HEADING)
        assert piece.heading == fitting


HOSTILE = {
    "prose": paragraph(8) + "\n\n",
    "one paragraph": SENTENCE,
    "no space": "x",
    "digits": "1234567890",
    "spaced digits": "1 2 34 ",
    "chinese": "招聘数据显示人工智能岗位增长百分之二十",
    "one letter a line": "a\n",
    "one letter a paragraph": "a\n\n",
    "blank lines": " \n",
    "dashes": "-",
    "dashes and blanks": "- ",
    "headings": "# a\n\n",
    "fences": "```a\n",
    "ticks": "`",
    "rows": "| a | 5 % |\n",
    "tables": "a | b\n---|---\n",
    "bars": "|",
    "items": "- an item\n  - nested\n",
    "leads": "Lead:\n\n- x\n\n",
    "dots": ". ",
    "closing quotes": '!"""',
    "marks": "\u0301",
    "underlines": "a\n---\n",
    "spaces": "a" + " " * 3000,
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_time_grows_with_the_text_and_not_faster(unit: str) -> None:
    small, large = (unit * (size // len(unit)) + "x" for size in (40_000, 320_000))
    assert seconds(large) < 3 * 8 * max(seconds(small), 0.002)


@pytest.mark.parametrize("unit", [paragraph(8) + "\n\n" + items(5) + "\n\n", SENTENCE, "| a | 5 % |\n", "- five\n"])
def test_five_megabytes_are_split_before_a_reader_gives_up(unit: str) -> None:
    assert seconds(unit * (5_000_000 // len(unit))) < 30


def seconds(text: str) -> float:
    """Processor time of one split, the better of two."""
    times = []
    for _ in range(2):
        begin = time.process_time()
        split(text)
        times.append(time.process_time() - begin)
    return min(times)
