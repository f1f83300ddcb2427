"""Personal data is found where it stands and never printed."""

from __future__ import annotations

import pytest
from factories_grounding import a_citation, a_judgement, a_passage, a_sourced_claim, by_id, found, on_claim
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.grounding.given_names import GIVEN_NAMES
from agent.grounding.personal import personal_data, redacted

PERSON = "private person"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Write to jane.doe@example.org now.", "Write to [e-mail address removed] now."),
        ("Write to jane (at) example (dot) org.", "Write to [e-mail address removed]."),
        ("It is jane at example dot com", "It is [e-mail address removed]"),
        (
            "Write to ｊａｎｅ＠example.org or bob@a.co.uk.",
            "Write to [e-mail address removed] or [e-mail address removed].",
        ),
        ("Call +49 170 1234567.", "Call [telephone number removed]."),
        ("Call us at 555-0123.", "Call us at [telephone number removed]."),
        ("(212) 555-0187 is hers", "[telephone number removed] is hers"),
        ("It is hers ((212) 555-0187).", "It is hers ([telephone number removed])."),
        ("her number ( (212) 555-0187 )", "her number ( [telephone number removed] )"),
        ("It is 212-555-0187.", "It is [telephone number removed]."),
        ("SSN 078-05-1120", "SSN [identity number removed]"),
        ("insured as AB 12 34 56 C", "insured as [identity number removed]"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [identity number removed]"),
        ("paid with 4111 1111 1111 1111", "paid with [identity number removed]"),
        ("known as 12345678Z", "known as [identity number removed]"),
        ("She lives at 12 Baker Street, London.", "She lives at [home address removed], London."),
        ("at 12 rue de la Paix", "at [home address removed]"),
        ("at Calle de Alcalá 45", "at [home address removed]"),
        ("at P.O. Box 123", "at [home address removed]"),
        ("John Smith was diagnosed with cancer.", "[private person removed] was diagnosed with cancer."),
        ("Zorblax Quux, who is depressed, left.", "[private person removed], who is depressed, left."),
        ("John Smith went home.", "[private person removed] went home."),
        ("", ""),
    ],
)
def test_personal_data_is_taken_out(text: str, clean: str) -> None:
    assert redacted(text) == clean


def test_a_person_in_a_span_to_keep_stays_and_what_is_certain_does_not() -> None:
    text = "John Smith went home. John Smith, jane@example.org, has cancer."
    assert redacted(text, keep=[(0, len(text))]) == (
        "John Smith went home. [private person removed], [e-mail address removed], has cancer."
    )
    assert redacted(text, keep=[(0, 9)]).startswith("[private person removed] went home.")


@pytest.mark.parametrize(
    "text",
    [
        "Openings rose from 1 200 000 to 1.234.567.890 between 2020-2024.",
        "In 2019 2020 2021 there were 42051 of 4205100 posts, 0.123456789 of all.",
        "On 01/02/2023 and 2023-04-05 ISO 27001:2022 held for $187,500.",
        "They hired at +12.5% and called it 3-2-1.",
        "As Jane Street and the Stanford University say, 12 million people live here.",
        "John Smith, chief economist at Acme, said so.",
        "The Washington Post, which is no church, reports it.",
        "She met him at 5 on the street; 40 Main roads were closed.",
        "GPT-4 and H100 run on 8 cards at 3.5e12.",
    ],
)
def test_figures_dates_and_people_in_office_are_no_personal_data(text: str) -> None:
    assert personal_data(text) == ()


def test_a_person_without_an_office_is_for_a_person_to_judge() -> None:
    assert personal_data("It was John Smith who went home.") == ((PERSON, 7, 17, False),)


@pytest.mark.parametrize("first", ["Then", "Yesterday", "In Paris"])
def test_a_capital_before_a_name_does_not_hide_it(first: str) -> None:
    assert redacted(f"{first} John Smith was diagnosed with cancer.") == (
        f"{first} [private person removed] was diagnosed with cancer."
    )


@pytest.mark.parametrize("figure", ["30000000.5", "187500000.25", "$1234567890"])
def test_a_figure_is_no_identity_number(figure: str) -> None:
    assert personal_data(f"It came to {figure} then.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "Her passport is AB1234567, 1200 of them were made.",
        "Call +49 170 1234567 or 42051 other people.",
        "SSN 078-05-1120: 1234567 people have one.",
    ],
)
def test_what_was_taken_out_announces_nothing(text: str) -> None:
    assert redacted(redacted(text)) == redacted(text)


def test_no_tail_of_a_number_is_left_where_two_numbers_are_read_into_each_other() -> None:
    assert "0130" not in redacted("SSN 078-05-1120 DE89 3704 0044 0532 0130 00")


def test_a_number_that_ends_a_sentence_leaves_its_full_stop() -> None:
    assert redacted("His SSN is 123-45-6789. It rained.") == "His SSN is [identity number removed]. It rained."


def test_a_claim_prints_no_personal_data() -> None:
    text = "Write to jane.doe@example.org, the team advises its staff."
    report = on_claim(a_judgement("A person, jane.doe@example.org, answers for it."))
    assert found(report) == [("G-PERSONAL-DATA", "BLOCK", "commentary.outlook.0")]
    assert report.findings[0].message == (
        "The claim or a quote holds personal data: e-mail address (jane.doe@example.org); leave it out."
    )
    quoted = on_claim(
        a_sourced_claim("The team advises its staff.", a_citation(text)), passages=by_id(a_passage(text=text))
    )
    assert ("G-PERSONAL-DATA", "BLOCK", "commentary.outlook.0") in found(quoted)


def test_a_person_named_in_a_claim_is_for_review() -> None:
    text = "It was John Smith who went home to the staff."
    report = on_claim(a_sourced_claim(text, a_citation(text)), passages=by_id(a_passage(text=text)))
    assert found(report) == [("G-PERSON-NAMED", "REVIEW", "commentary.outlook.0")]


def test_given_names_are_listed_as_they_are_looked_up() -> None:
    assert all(name == name.lower() and " " not in name for name in GIVEN_NAMES)
    assert "veritone" not in GIVEN_NAMES


PARTS = st.sampled_from(
    [
        "jane@example.org",
        "tel",
        "+49 170 1234567",
        "SSN",
        "passport",
        "078-05-1120",
        "12 Baker Street",
        "1 200",
        "42,051%",
        "John Smith",
        "was diagnosed with",
        "cancer",
        ",",
        "who",
        "in 2025",
        "DE89 3704 0044 0532 0130 00",
        "@",
        ".",
        "٣٤",
    ]
)


@settings(max_examples=400)
@given(st.lists(PARTS, max_size=12).map(" ".join) | st.text(max_size=200))
@example("passport in 42 42% or 14.2%")
def test_a_redacted_text_holds_no_personal_data(text: str) -> None:
    clean = redacted(text)
    assert personal_data(clean) == ()
    assert redacted(clean) == clean


@settings(max_examples=400)
@given(st.lists(PARTS, max_size=12).map(" ".join) | st.text(max_size=200))
def test_personal_data_is_told_in_order_and_inside_any_text(text: str) -> None:
    edges = [edge for datum in personal_data(text) for edge in (datum.start, datum.end)]
    assert edges == sorted(edges)
    assert all(0 <= datum.start < datum.end <= len(text) for datum in personal_data(text))
