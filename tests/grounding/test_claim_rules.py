from __future__ import annotations

import pytest
from factories_grounding import (
    a_citation,
    a_frame,
    a_judgement,
    a_passage,
    a_sourced_claim,
    by_id,
    found,
    on_claim,
)
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.report import check_citations
from agent.schemas.draft import Citation, Claim, ClaimKind, Stance
from agent.schemas.vocabulary import Section
from agent.scoring.policy import POLICY

HERE = "commentary.outlook.0"
SALARY = a_citation("The median salary rose to $187,500.")


def only_message(claim: Claim, **given: object) -> str:
    (finding,) = on_claim(claim, **given).findings
    return finding.message


def test_a_claim_whose_quote_and_figures_stand_in_the_passage_is_verified() -> None:
    report = on_claim(
        a_sourced_claim("Veritone counted 42,051 openings; the median was $187.5K.", a_citation(), SALARY)
    )
    assert (report.findings, report.verified, report.judgement) == ((), 1, 0)


def test_a_judgement_without_figures_and_strange_names_passes() -> None:
    report = on_claim(a_judgement("Somebody has to answer for ML platform design at three in the morning."))
    assert (report.findings, report.verified, report.judgement) == ((), 0, 1)


def test_a_sourced_claim_must_cite() -> None:
    claim = Claim(text="Demand rose.", kind=ClaimKind.SOURCED, stance=Stance.FOR)
    assert found(on_claim(claim)) == [("G-CITATION-MISSING", "BLOCK", HERE)]


def test_a_judgement_must_not_cite() -> None:
    assert found(on_claim(a_judgement("Demand rose.", a_citation()))) == [("G-JUDGEMENT-CITED", "BLOCK", HERE)]


@pytest.mark.parametrize("text", [" ", "\u200b", "—…", "\n"])
def test_a_claim_must_have_words(text: str) -> None:
    assert found(on_claim(a_judgement(text))) == [("G-CLAIM-EMPTY", "BLOCK", HERE)]


@pytest.mark.parametrize(
    "text",
    [
        "This role is just below the Green line and safer than most.",
        "The role stands half a point from Green.",
        "It is on the cusp of the green zone.",
        "Its work puts it close to the red band.",
        "Tools would push it into the Red zone.",
        "It lies nearly at YELLOW.",
    ],
)
def test_a_distance_to_a_zone_is_left_to_code(text: str) -> None:
    assert found(on_claim(a_judgement(text))) == [("G-DISTANCE-STATED", "BLOCK", HERE)]


@pytest.mark.parametrize(
    "text",
    [
        "The outcome does not contradict the Yellow zone of the base.",
        "The base already stands in the red zone.",
        "Widget engineers near Green Bay inspect red lines of code.",
        "Green hydrogen projects hire people who are close to the work.",
        "Well built lines need fewer inspections.",
    ],
)
def test_a_colour_without_a_distance_is_no_distance(text: str) -> None:
    assert "G-DISTANCE-STATED" not in [code for code, *_ in found(on_claim(a_judgement(text)))]


def test_an_unknown_passage_blocks() -> None:
    claim = a_sourced_claim("Demand rose.", a_citation(passage="p-unheard-of"))
    assert found(on_claim(claim)) == [("G-PASSAGE-UNKNOWN", "BLOCK", f"{HERE}.citations.0")]


def test_a_misspelled_passage_id_is_answered_with_the_nearest_of_the_pack() -> None:
    passages = by_id(a_passage("p-0123456789ab"), a_passage("p-0123456789ac"))
    claim = a_sourced_claim("Demand rose.", a_citation(passage="p-0123456789ad"))
    pack = {Section.COMMENTARY: frozenset({"p-0123456789ac", "p-gone"})}
    assert only_message(claim, passages=passages, packs=pack) == (
        'No passage "p-0123456789ad" exists; did you mean p-0123456789ac?'
    )


def test_a_stored_passage_outside_the_pack_may_be_cited() -> None:
    assert on_claim(a_sourced_claim(), packs={Section.COMMENTARY: frozenset({"p-other"})}).findings == ()


def test_an_invented_quote_blocks() -> None:
    claim = a_sourced_claim("Demand rose.", a_citation("Demand for platform engineers rose"))
    assert found(on_claim(claim)) == [("G-QUOTE-FABRICATED", "BLOCK", f"{HERE}.citations.0")]


def test_a_true_quote_of_another_passage_is_misattributed_and_its_home_is_named() -> None:
    passages = by_id(a_passage("p-1", "Nothing of the kind is said here."), a_passage("p-2"), a_passage("p-3"))
    claim = a_sourced_claim("Demand rose.", a_citation())
    assert found(on_claim(claim, passages=passages)) == [("G-QUOTE-MISATTRIBUTED", "BLOCK", f"{HERE}.citations.0")]
    assert "stands in p-2, not in p-1" in only_message(claim, passages=passages)
    pack = {Section.COMMENTARY: frozenset({"p-3"})}
    assert "stands in p-3, not in p-1" in only_message(claim, passages=passages, packs=pack)


@pytest.mark.parametrize(
    ("quote", "advice"),
    [
        ("counted … openings for ML", "copy one unbroken span, or cite each place on its own"),
        ("051 openings for ML platform", "copy whole words"),
        ("counted forty thousand openings", "copy a span of the passage word for word"),
    ],
)
def test_the_message_says_what_is_wrong_with_a_quote(quote: str, advice: str) -> None:
    message = only_message(a_sourced_claim("Demand rose.", a_citation(quote)))
    assert message.startswith(f'The quote "{quote}" does not stand in p-1: ')
    assert advice in message


def test_a_short_quote_blocks() -> None:
    assert found(on_claim(a_sourced_claim("Demand rose.", a_citation("openings")))) == [
        ("G-QUOTE-SHORT", "BLOCK", f"{HERE}.citations.0")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "There were 42,052 openings.",
        "There were $42,051 openings.",
        "There were 42,051% openings.",
        "There were 42,051 openings in 2024.",
        "There were 42 openings.",
        "There were 42,051 million openings.",
        "There were openings for ninety percent of it.",
    ],
)
def test_a_figure_must_stand_in_one_of_the_claims_quotes_with_its_unit(text: str) -> None:
    assert found(on_claim(a_sourced_claim(text, a_citation()))) == [("G-FIGURE-NOT-IN-QUOTE", "BLOCK", HERE)]


def test_all_missing_figures_of_a_claim_are_named_once() -> None:
    message = only_message(a_sourced_claim("From 7% to 42,051, then 7% and 9x.", a_citation()))
    assert message.startswith("7%, 9x stands in none of the claim's quotes")


def test_a_figure_that_the_quote_cuts_from_its_unit_is_not_in_the_quote() -> None:
    claim = a_sourced_claim("It was 14.2 more.", a_citation("in the third quarter of 2025, 14.2"))
    assert found(on_claim(claim)) == [("G-FIGURE-NOT-IN-QUOTE", "BLOCK", HERE)]


def test_a_figure_does_not_count_from_a_quote_that_does_not_verify() -> None:
    claim = a_sourced_claim("It pays $187,500.", a_citation("The median wage rose to $187,500."))
    assert found(on_claim(claim)) == [
        ("G-QUOTE-FABRICATED", "BLOCK", f"{HERE}.citations.0"),
        ("G-FIGURE-NOT-IN-QUOTE", "BLOCK", HERE),
    ]


def test_a_judgement_states_no_figure() -> None:
    assert found(on_claim(a_judgement("About 40% of it goes."))) == [("G-JUDGEMENT-FIGURE", "BLOCK", HERE)]


def test_a_name_from_nowhere_is_for_review() -> None:
    assert found(on_claim(a_judgement("Teams will move to Kubeflow."))) == [("G-NAME-UNKNOWN", "REVIEW", HERE)]
    assert on_claim(a_judgement("Teams will move to Veritone and H100 cards.")).findings == ()
    assert (
        on_claim(
            a_judgement("Kin to the Data Engineer."), frame=a_frame(tags=("data engineering", "data engineer"))
        ).findings
        == ()
    )


def test_a_sourced_claim_may_name_what_its_own_passages_or_their_metadata_name() -> None:
    passages = by_id(a_passage(), a_passage("p-2", "Kubeflow is used by most of them.", title="State of Kueue"))
    named = "According to Kueue, teams use Kubeflow."
    second = a_citation("is used by most of them", "p-2")
    assert on_claim(a_sourced_claim(named, second), passages=passages).findings == ()
    report = on_claim(a_sourced_claim(named, a_citation()), passages=passages)
    assert ("G-NAME-UNKNOWN", "BLOCK", HERE) in found(report)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Openings for Machine-Learning Engineers rose.", []),
        ("Openings rose.", ["G-PROXY-UNNAMED"]),
    ],
)
def test_a_proxy_is_named_in_the_sentence(text: str, codes: list[str]) -> None:
    told = a_passage(text="Openings for machine learning engineers rose in spring.")
    claim = a_sourced_claim(text, a_citation(told.text), proxy="machine learning engineer")
    assert [finding.code for finding in on_claim(claim, passages=by_id(told)).findings] == codes


@pytest.mark.parametrize(
    ("horizon", "admissible"),
    [
        ("2 to 4 years", True),
        ("2–4 years", True),
        ("Within two years", True),
        ("by 2028", True),
        ("by the end of 2028", True),
        ("2027 to 2029", True),
        ("18 months", True),
        ("soon", False),
        ("", False),
        ("2 to 4", False),
        ("by 2028 all are gone", False),
    ],
)
def test_a_horizon_is_a_span_of_time(horizon: str, admissible: bool) -> None:
    report = on_claim(a_judgement().model_copy(update={"horizon": horizon}))
    assert found(report) == ([] if admissible else [("G-HORIZON-FORMAT", "REVIEW", HERE)])


def test_a_passage_that_addresses_a_model_is_for_review() -> None:
    report = on_claim(a_sourced_claim(), passages=by_id(a_passage(suspicious=True)))
    assert found(report) == [("G-PASSAGE-SUSPICIOUS", "REVIEW", f"{HERE}.citations.0")]


def test_outside_text_in_a_message_is_one_short_printable_line() -> None:
    message = only_message(a_sourced_claim("Demand rose.", a_citation("evil\x1b[31m\nline " + "x" * 500)))
    assert "\x1b" not in message
    assert "\n" not in message
    assert len(message) < 300


def test_citations_that_belong_to_no_claim_are_checked_alike() -> None:
    findings = check_citations(
        [a_citation(), a_citation("not to be found there")],
        section=Section.COMMENTARY,
        path="override",
        passages=by_id(a_passage()),
        policy=POLICY,
    )
    assert [finding.id for finding in findings] == ["G-QUOTE-FABRICATED@override.citations.1"]


@st.composite
def a_figure(draw: st.DrawFn) -> str:
    number = draw(st.integers(0, 10**7))
    decimals = draw(st.sampled_from(["", ".5", ".25"]))
    form = draw(st.sampled_from(["{}", "{}%", "{} percent", "${}", "{}x", "{} million", "${}K", "{} jobs"]))
    return form.format(f"{number:,}{decimals}" if draw(st.booleans()) else f"{number}{decimals}")


@given(a_figure(), st.data())
def test_one_changed_digit_is_always_found(figure: str, data: st.DataObject) -> None:
    sentence = f"the report says that {figure} was the outcome of it"
    passages = by_id(a_passage(text=f"As before, {sentence}, all in all."))
    at = data.draw(st.sampled_from([place for place, c in enumerate(figure) if c.isdigit()]))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != figure[at]]))
    wrong = figure[:at] + digit + figure[at + 1 :]

    assert on_claim(a_sourced_claim(f"It was {figure} then.", a_citation(sentence)), passages=passages).findings == ()
    in_claim = on_claim(a_sourced_claim(f"It was {wrong} then.", a_citation(sentence)), passages=passages)
    in_both = on_claim(
        a_sourced_claim(f"It was {wrong} then.", a_citation(sentence.replace(figure, wrong))), passages=passages
    )
    assert [finding.code for finding in in_claim.findings] == ["G-FIGURE-NOT-IN-QUOTE"]
    assert [finding.code for finding in in_both.findings] == ["G-QUOTE-FABRICATED", "G-FIGURE-NOT-IN-QUOTE"]


strange = st.text(min_size=1, max_size=60)


claims = st.builds(
    Claim,
    text=strange,
    kind=st.sampled_from(ClaimKind),
    stance=st.sampled_from(Stance),
    proxy=st.none() | strange,
    horizon=st.none() | strange,
    citations=st.lists(st.builds(Citation, passage=st.just("p-1") | strange, quote=strange), max_size=3).map(tuple),
)


@given(claims, strange)
def test_no_claim_is_too_strange_to_be_checked(claim: Claim, passage: str) -> None:
    report = on_claim(claim, passages=by_id(a_passage(text=passage)))
    assert len({finding.id for finding in report.findings}) == len(report.findings)
