from __future__ import annotations

from factories_occupations import Angles, a_name

from agent.occupations.suggest import LEAST_SIMILAR, Suggestion, suggest
from agent.schemas.occupation import NameKind

CHIEFS, BUILDERS, NURSES, CLERKS = "11-1111.00", "22-2222.00", "33-3333.00", "44-4444.00"
NAMES = (
    a_name(CHIEFS, "Chief Executives"),
    a_name(CHIEFS, "Head Builder", NameKind.ALTERNATE),
    a_name(BUILDERS, "Ship Builders"),
    a_name(BUILDERS, "Hull Builder", NameKind.ALTERNATE),
    a_name(BUILDERS, "HB", NameKind.SHORT),
    a_name(NURSES, "Ward Nurses"),
    a_name(NURSES, "Hull Builder", NameKind.ALTERNATE),
    a_name(CLERKS, "Office Clerks"),
)


def found(title: str) -> list[tuple[str, str]]:
    return [(item.code, item.reason) for item in suggest(title, NAMES)]


def test_the_very_title_comes_first_case_and_plural_aside() -> None:
    assert suggest("ship  BUILDER", NAMES)[0] == Suggestion(BUILDERS, 1.0, "its title")


def test_an_alternate_title_of_several_occupations_suggests_them_all() -> None:
    assert found("Hull builder")[:2] == [
        (BUILDERS, "alternate title: Hull Builder"),
        (NURSES, "alternate title: Hull Builder"),
    ]


def test_a_short_title_is_found_too() -> None:
    assert found("HB") == [(BUILDERS, "short title: HB")]


def test_words_in_common_are_named_with_the_name_they_stand_in() -> None:
    assert found("Ship Builder Apprentice") == [(BUILDERS, "its title has ship, builder")]
    assert ("11-1111.00", "alternate title with head: Head Builder") in found("Head Gardener")


def test_the_same_words_in_another_order_are_not_the_title() -> None:
    assert suggest("Builder Ship", NAMES) == [Suggestion(BUILDERS, 0.99, "its title has builder, ship")]


def test_a_common_word_alone_suggests_nothing() -> None:
    many = [a_name(f"55-{number:04d}.00", f"Engineer {number} sort") for number in range(1000)]
    assert suggest("Wind Engineer", many) == []


def test_a_title_that_no_occupation_has_a_word_of_suggests_nothing() -> None:
    assert found("Prompt Artist") == []
    assert found("--") == []


def test_at_most_as_many_as_asked_for_are_suggested_each_once() -> None:
    many = [a_name(f"55-{number:04d}.00", "Welder", NameKind.ALTERNATE) for number in range(20)]
    codes = [item.code for item in suggest("Welder", [*many, *many], limit=3)]
    assert codes == ["55-0000.00", "55-0001.00", "55-0002.00"]


def test_meaning_adds_close_titles_after_those_found_by_words_and_takes_none_twice() -> None:
    embed = Angles(
        {"Ship Builder": 0, "Chief Executives": 80, "Ship Builders": 1, "Ward Nurses": 59, "Office Clerks": 61}
    )
    by_words = suggest("Ship Builder", NAMES)
    assert LEAST_SIMILAR == 0.5
    assert suggest("Ship Builder", NAMES, embed=embed) == [
        *by_words,
        Suggestion(NURSES, 0.52, "its title is close in meaning"),
    ]
    assert embed.embedded == ["Ship Builder", "Chief Executives", "Ship Builders", "Ward Nurses", "Office Clerks"]
