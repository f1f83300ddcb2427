"""Whether a claim says what its quotes say: the bends that the guard finds, and fair paraphrases that it lets pass."""

from __future__ import annotations

import pytest
from factories_grounding import a_citation, a_frame, a_passage, a_sourced_claim, by_id, found, on_claim
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding import lexicon
from agent.grounding.report import check_text
from agent.scoring.policy import POLICY


def meaning(text: str, told: str, quote: str | None = None) -> list[str]:
    """Code (without `G-`) and tier of the findings on a claim that quotes `told`, or a part of it."""
    claim = a_sourced_claim(text, a_citation(quote or told))
    report = on_claim(claim, passages=by_id(a_passage(text=told)), frame=a_frame())
    return [f"{code.removeprefix('G-')} {tier}" for code, tier, _ in found(report)]


ROSE = "Openings for engineers rose by 14% in spring."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ROSE, ROSE),
        ("Vacancies for engineers increased 14% in spring.", ROSE),
        ("In spring, 14% more openings were posted for engineers.", ROSE),
        ("Companies automate the work of their employees.", "Firms automate the work of their workers."),
        ("Firms hire engineers rather than analysts.", "Firms hire engineers instead of analysts."),
        ("Firms do not hire analysts.", "The firms never hire analysts."),
        ("Engineers are needed with and without tools.", "Engineers are needed with and without tools, it says."),
        ("Automation may replace engineers.", "Automation could replace engineers."),
        ("Automation will replace engineers.", "Automation replaces engineers."),
        ("The survey confirms that engineers are needed.", "A survey confirmed that engineers are needed."),
        ("Engineers reran the tests of the platform.", "Engineers were rerunning the tests of the platform."),
        ("Well-paid engineers left the firm.", "Engineers who were well paid left the firm."),
        ("Wages stayed level for engineers.", "Pay of engineers stayed level."),
        ("Firms hire not only engineers in spring.", "Firms hire engineers in spring, and not just them."),
        ("Pay rose in spring.", "Pay of nurses rose in spring, and pay of bakers fell then."),
        ("Engineers could use new tools in spring.", "Engineers who could use new tools were hired in spring."),
    ],
)
def test_a_fair_paraphrase_passes(text: str, told: str) -> None:
    assert meaning(text, told) == []


@pytest.mark.parametrize(
    ("text", "told", "codes"),
    [
        # Direction: certain where a figure goes the other way.
        ("Openings for engineers fell by 14% in spring.", ROSE, "DIRECTION BLOCK, OPPOSITE, WORD-CHANGED"),
        ("Pay of nurses was 14% less than before.", "Pay of nurses was 14% more than before.", "DIRECTION BLOCK, OPPOSITE"),  # noqa: E501
        ("Wages fell 14% and openings rose 3%.", "Wages rose 14% and openings fell 3%.", "DIRECTION BLOCK"),
        ("Posts for bakers fell in spring.", "Posts for bakers grew in spring.", "DIRECTION, OPPOSITE, WORD-CHANGED"),
        # Denial put in or left out.
        ("Openings for engineers did not rise.", "Openings for engineers rose.", "NEGATION"),
        ("Openings for engineers rose.", "Openings for engineers did not rise.", "NEGATION"),
        ("Firms hire engineers without tests.", "Firms hire engineers with tests.", "NEGATION"),
        # The opposite word.
        ("Firms automate the work of engineers.", "Firms augment the work of engineers.", "OPPOSITE, WORD-CHANGED"),
        ("More engineers were hired.", "Fewer engineers were hired.", "OPPOSITE"),
        ("The tools are unsafe for the staff.", "The tools are safe for the staff.", "OPPOSITE"),
        # Another subject.
        ("Nurses were hired by hospitals.", "Teachers were hired by hospitals.", "SUBJECT"),
        # A sentence followed word for word but for one.
        ("Firms train engineers in testing paints.", "Firms train engineers in testing hardware.", "WORD-CHANGED"),
        # More certain or wider than the source.
        ("Firms always hire engineers for platforms.", "Firms hire engineers for platforms.", "STRENGTHENED"),
        ("Automation will replace engineers.", "Automation may replace engineers.", "STRENGTHENED"),
        ("Automation replaces engineers.", "Automation may replace engineers.", "STRENGTHENED"),
        ("Tools help the engineers of the firm today.", "Tools help some engineers of the firm today.", "STRENGTHENED"),
        # Beyond everything that is cited.
        ("Engineers bake bread for astronauts.", "Engineers keep their jobs in the city.", "BEYOND-SUPPORT"),
    ],
)  # fmt: skip
def test_a_bent_claim_is_found(text: str, told: str, codes: str) -> None:
    expected = [code if code.endswith("BLOCK") else f"{code} REVIEW" for code in codes.split(", ")]
    assert meaning(text, told) == expected


def test_a_claim_has_to_share_words_with_its_quote_and_not_only_with_the_passage() -> None:
    told = "Openings for engineers rose in spring. The bakery of the old town sells bread and cakes all day."
    text = "The bakery of the town sells bread and cakes."
    assert meaning(text, told, quote="Openings for engineers rose in spring.") == ["QUOTE-UNRELATED REVIEW"]
    assert meaning(text, told, quote="sells bread and cakes all day") == []


def test_what_the_role_and_the_source_are_called_needs_no_quote() -> None:
    assert meaning("ML platform engineers were hired, Veritone writes.", "They were hired in every city.") == []


@pytest.mark.parametrize("word", ["no longer", "not", "never"])
def test_a_thing_of_the_past_is_denied(word: str) -> None:
    told = "Firms hire engineers for platforms."
    assert "NEGATION REVIEW" in meaning(f"Firms {word} hire engineers for platforms.", told)


def test_a_finding_of_one_kind_is_told_once() -> None:
    codes = meaning("Wages fell 14% and openings fell 3%.", "Wages rose 14% and openings rose 3%.")
    assert len(set(codes)) == len(codes)


def test_a_text_is_checked_against_the_sentences_that_are_most_like_it() -> None:
    told = a_passage(
        text="Acme hired engineers in spring. Wages of bakers fell by 3% in autumn. Openings for nurses rose by 14%."
    )

    def codes(text: str) -> list[str]:
        return [finding.code for finding in check_text(text, told, policy=POLICY)]

    assert codes("Openings for nurses rose by 14%, Veritone says.") == []
    assert codes("Openings for nurses fell by 14%.") == ["G-DIRECTION"]
    assert codes("Openings for nurses rose by 15%.") == ["G-FIGURE-NOT-IN-QUOTE"]
    assert codes("It bakes bread on Kubeflow in June.") == [
        "G-DATE-NOT-IN-QUOTE",
        "G-NAME-UNKNOWN",
        "G-BEYOND-SUPPORT",
    ]


ACTS = ["hire engineers", "test the platform", "train the staff of the bakery", "pay for licences"]


@given(st.sampled_from(ACTS), st.sampled_from(["in the city", "on the coast", "with great care"]))
def test_a_sentence_is_a_fair_paraphrase_of_itself_and_its_denial_is_not(act: str, where: str) -> None:
    told, denied = f"Many firms {act} {where}.", f"Many firms do not {act} {where}."
    assert meaning(told, told) == meaning(denied, denied) == []
    assert "NEGATION REVIEW" in meaning(denied, told)
    assert "NEGATION REVIEW" in meaning(told, denied)


VERBS = {"rose": 1, "grew": 1, "climbed": 1, "fell": -1, "declined": -1, "dropped": -1}


@given(st.sampled_from(sorted(VERBS)), st.sampled_from(sorted(VERBS)), st.integers(2, 99))
def test_a_figure_that_goes_the_other_way_always_blocks(quoted: str, claimed: str, percent: int) -> None:
    told = f"Openings for bakers {quoted} by {percent}% in the city."
    codes = meaning(f"Openings for bakers {claimed} by {percent}% in the city.", told)
    assert ("DIRECTION BLOCK" in codes) is (VERBS[quoted] != VERBS[claimed])
    assert codes == [] or VERBS[quoted] != VERBS[claimed]


RISING = "rose grew climbed increased jumped surged soared gained expanded rebounded recovered"
FALLING = "fell declined dropped decreased shrank plunged plummeted slumped contracted dipped tumbled dwindled"


@pytest.mark.parametrize("up", RISING.split())
def test_a_rise_is_no_fall_in_whatever_words(up: str) -> None:
    assert "DIRECTION BLOCK" in meaning("Openings for bakers fell by 14%.", f"Openings for bakers {up} by 14%.")


@pytest.mark.parametrize("down", FALLING.split())
def test_a_fall_is_no_rise_in_whatever_words(down: str) -> None:
    assert "DIRECTION BLOCK" in meaning("Openings for bakers rose by 14%.", f"Openings for bakers {down} by 14%.")


@pytest.mark.parametrize("line", [line for line in lexicon.OPPOSITES.splitlines() if "-" not in line])
def test_every_pair_of_opposites_is_found_both_ways(line: str) -> None:
    for quoted, claimed in (line.split(), line.split()[::-1]):
        told = f"The bakery of the old mill was {quoted} by the river in Ghent then."
        codes = meaning(told.replace(f" {quoted} ", f" {claimed} "), told)
        assert any(code.split()[0] in {"OPPOSITE", "DIRECTION", "NEGATION", "STRENGTHENED"} for code in codes), claimed
