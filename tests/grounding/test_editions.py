"""Whether an article is a later edition of another."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.editions import is_later_edition
from agent.schemas.article import ArticleMeta, TextKind


def a_meta(title: str, date: str, *, publisher: str = "Institute of Work", url: str = "") -> ArticleMeta:
    return ArticleMeta(
        title=title,
        publisher=publisher,
        author=None,
        date=date,
        url=url or f"https://example.org/{quote(title)}/{date}",
        tier=2,
        interested=False,
        retrieved="2026-01-02",
        text_kind=TextKind.DIGEST,
    )


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Labour market report 2024", "Labour market report 2025"),
        ("Labour market report", "Labour market report 2025"),
        ("Labour Market Report, March 2025", "labour market reports: april 2025"),
        ("Hiring monitor Q3 2024", "Hiring monitor Q1 2025"),
        ("Hiring monitor H2 FY24", "Hiring monitor H1 FY2025"),
        ("The 3rd survey of wages", "The 4th survey of wages"),
        ("Survey of wages, Sept 2024", "Survey of wages, 12 Feb 2025"),
        ("Outlook for work 2024/25", "Outlook for work 2025/26"),
    ],
)
def test_a_title_that_differs_in_its_time_only_is_a_later_edition(earlier: str, later: str) -> None:
    assert is_later_edition(a_meta(later, "2025-04"), a_meta(earlier, "2024-10"))
    assert not is_later_edition(a_meta(earlier, "2024-10"), a_meta(later, "2025-04"))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Labour market report 2024", "Labour market outlook 2025"),
        ("Wages of engineers 2024", "Wages of nurses 2025"),
        ("Blog, May 2024", "Blog, June 2025"),
        ("March 2024", "April 2025"),
        ("2024", "2025"),
        ("—", "…"),
    ],
    ids=["another word", "another subject", "one word left", "nothing left", "numbers alone", "no words"],
)
def test_another_or_an_unspecific_title_is_no_edition(earlier: str, later: str) -> None:
    assert not is_later_edition(a_meta(later, "2025-04"), a_meta(earlier, "2024-10"))


def test_the_same_title_at_another_address_is_a_later_edition() -> None:
    title = "Occupational outlook: software developers"
    later = a_meta(title, "2025-04").model_copy(update={"url": "https://example.org/2025"})
    assert is_later_edition(later, a_meta(title, "2024-10"))
    assert not is_later_edition(
        later.model_copy(update={"url": a_meta(title, "2024-10").url}), a_meta(title, "2024-10")
    )


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("2024", "2025", True),
        ("2024-05", "2024-06", True),
        ("2024-05-01", "2024-05-02", True),
        ("2024", "2025-01-01", True),
        ("2024-12-31", "2025", True),
        ("2024", "2024-06", False),
        ("2024-06", "2024", False),
        ("2024-06-01", "2024-06", False),
        ("2024-06-01", "2024-06-01", False),
        ("2025", "2024", False),
        ("unknown", "2025", False),
        ("2024", "unknown", False),
    ],
)
def test_it_is_later_as_far_as_both_dates_are_known(earlier: str, later: str, expected: bool) -> None:
    found = is_later_edition(a_meta("Report on work B 2", later), a_meta("Report on work B 1", earlier))
    assert found is expected


def test_the_publisher_is_the_same_but_for_case_and_the_address_another() -> None:
    earlier = a_meta("Report on work 2024", "2024", url="https://example.org/report")
    assert is_later_edition(a_meta("Report on work 2025", "2025", publisher="INSTITUTE OF WORK"), earlier)
    assert not is_later_edition(a_meta("Report on work 2025", "2025", publisher="Institute of Rest"), earlier)
    assert not is_later_edition(a_meta("Report on work 2025", "2025", url="https://example.org/report"), earlier)


DATES = st.one_of(
    st.just("unknown"), st.dates().map(str), st.dates().map(lambda d: str(d)[:7]), st.dates().map(lambda d: str(d)[:4])
)
TITLES = st.lists(
    st.sampled_from(["report", "Work", "on", "2024", "Q1", "May", "5th", "2025", "é", "—"]), min_size=1
).map(" ".join)
METAS = st.builds(a_meta, TITLES, DATES, publisher=st.sampled_from(["A", "a", "B"]))


@given(METAS, METAS)
def test_of_two_articles_at_most_one_is_the_later_edition_and_none_of_itself(
    one: ArticleMeta, other: ArticleMeta
) -> None:
    assert not (is_later_edition(one, other) and is_later_edition(other, one))
    assert not is_later_edition(one, one)


@given(st.sampled_from(["Report on work", "Monitor of hiring"]), st.integers(1990, 2050), st.integers(1, 49))
def test_a_yearly_series_is_found_whatever_the_years(title: str, year: int, after: int) -> None:
    earlier, later = a_meta(f"{title} {year}", str(year)), a_meta(f"{title} {year + after}", str(year + after))
    assert is_later_edition(later, earlier)
