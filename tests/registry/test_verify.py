"""What a verification makes of a file and of what a store holds, without either."""

from __future__ import annotations

import pytest
from factories_registry import (
    DAY,
    PASSAGES,
    PAY,
    STAFF,
    a_file,
    a_passage,
    content,
    held,
    some_inputs,
    some_lens,
    sourced,
)

from agent.registry.remarks import Remark
from agent.registry.verify import Verification, verify
from agent.schemas.assessment import Assessment, CitedOverride
from agent.schemas.draft import Citation
from agent.scoring import agreement, scored_draft

ONLY_PAY = held(PASSAGES[0], pack={})


def codes(remarks: tuple[Remark, ...]) -> list[tuple[str, str]]:
    return [(remark.code, remark.place) for remark in remarks]


def verified(made: Assessment, *, as_of: str = DAY, **holds: object) -> Verification:
    holdings = held(PASSAGES[0], pack={}, **holds) if holds else ONLY_PAY  # type: ignore[arg-type]
    return verify(a_file(made), holdings, as_of=as_of)


def test_nothing_is_remarked_of_what_is_as_it_was() -> None:
    found = verified(content())
    assert (found.misses, found.notes) == ((), ())
    assert (found.citations, found.claims["unchecked"]) == (1, 0)
    assert sum(found.claims.values()) == 5 + 1 + 5 + 3 + 1 + 9


def test_a_passage_that_is_gone_is_one_miss_and_the_guard_reads_the_files_own_copy() -> None:
    made = content(inputs=some_inputs(pay=sourced("Release engineers earned 99% more.", "p-pay", PAY)))
    found = verify(a_file(content()), held(PASSAGES[1], pack={}), as_of=DAY)
    assert codes(found.misses) == [("V-PASSAGE-GONE", "p-pay")]
    assert found.claims["unchecked"] == 1
    forged = verify(a_file(made), held(PASSAGES[1], pack={}), as_of=DAY)
    gone, *rest = codes(forged.misses)
    assert gone == ("V-PASSAGE-GONE", "p-pay")
    assert {code[:2] for code, _ in rest} == {"G-"}


def test_a_quote_that_is_not_there_is_said_once() -> None:
    wrong = sourced("Release engineers earned more.", "p-pay", "earned twice as much as anybody else in the survey")
    found = verified(content(inputs=some_inputs(pay=wrong)))
    place = "evidence.wages.claims.0.citations.0"
    assert [code for code, where in codes(found.misses) if where == place] == ["V-QUOTE"]


def test_a_blocking_finding_is_a_miss_even_where_somebody_accepted_it() -> None:
    made = content(inputs=some_inputs(pay=sourced("Release engineers earned 99% more.", "p-pay", PAY)))
    blocked = [finding.id for finding in made.guard.findings if finding.tier == "BLOCK"]
    accepted = tuple({"finding": name, "reason": "Read, and good enough."} for name in blocked)
    forged = Assessment.model_validate({**made.document(), "accepted": accepted})
    assert [f"{code}@{place}" for code, place in codes(verified(forged).misses)] == blocked != []


def test_a_name_that_only_the_drafts_passages_hold_is_undecided_where_these_are_unknown() -> None:
    other = a_passage("other", "In the survey Zyxomatic Corporation answered for its software teams.")
    made = content(inputs=some_inputs(task="A person at Zyxomatic leads."), passages=(*PASSAGES, other))
    assert made.guard.findings == ()
    known = verify(a_file(made), held(PASSAGES[0], pack={other.id: other}), as_of=DAY)
    assert (known.misses, known.notes) == ((), ())
    unknown = verify(a_file(made), held(PASSAGES[0]), as_of=DAY)
    assert unknown.misses == ()
    assert codes(unknown.notes) == [("G-NAME-UNKNOWN", f"tasks.{at}.claims.0") for at in range(5)]


@pytest.mark.parametrize(
    ("name", "value"),
    [("verified", 40), ("speaking_sources", ["Institute Nine"]), ("verdicts", {}), ("findings", "another")],
)
def test_a_report_that_the_guard_does_not_come_to_is_noted(name: str, value: object) -> None:
    made = content().document()
    guard = made["guard"]
    assert isinstance(guard, dict)
    if value == "another":
        value = [
            *guard["findings"],
            {"code": "G-OTHER", "tier": "REVIEW", "section": "tasks", "path": "tasks.0", "message": "Once."},
        ]
    forged = Assessment.model_validate({**made, "guard": {**guard, name: value}})
    assert codes(verified(forged).notes) == [("V-GUARD", f"guard.{name}")]


@pytest.mark.parametrize(
    ("active", "in_corpus", "expected"),
    [
        (True, True, []),
        (False, True, [("V-SUPERSEDED", "p-pay")]),
        (False, False, [("V-ARTICLE-REMOVED", "a-pay")]),
    ],
)
def test_a_reference_that_is_stale_is_noted(active: bool, in_corpus: bool, expected: list[tuple[str, str]]) -> None:
    found = verified(content(), active=active, in_corpus=in_corpus)
    assert (codes(found.misses), codes(found.notes)) == ([], expected)


@pytest.mark.parametrize(
    ("as_of", "noted"), [("2028-05-31", False), ("2028-06-01", True), ("2020-01-01", False), ("2040-01-01", True)]
)
def test_a_source_is_stale_after_the_months_of_the_policy(as_of: str, noted: bool) -> None:
    assert (codes(verified(content(), as_of=as_of).notes) == [("V-STALE", "a-pay")]) is noted


def test_an_article_dated_anew_does_not_make_its_former_citation_late() -> None:
    again = a_passage("pay", PAY, date="2027-03")
    found = verify(a_file(content()), held(again, pack={}), as_of="2027-06-01")
    assert (found.misses, codes(found.notes)) == ((), [("V-META", "a-pay")])


def test_a_date_that_no_version_has_had_is_not_taken_from_the_file() -> None:
    late = a_passage("pay", PAY, date="2027-03")
    made = content(passages=(a_passage("pay", PAY, date="2024-12"),))
    found = verify(a_file(made), held(late, pack={}), as_of=DAY)
    assert ("G-PASSAGE-LATE", "evidence.wages.claims.0.citations.0") in codes(found.misses)


def test_a_printed_text_may_lack_personal_data_and_nothing_else() -> None:
    mailed = PAY + " Questions to jane.roe@example.org, and nobody else, please."
    passage = a_passage("pay", mailed)
    made = content(passages=(passage,))
    assert "removed]" in made.sources[0].text
    assert verify(a_file(made), held(passage, pack={}), as_of=DAY).misses == ()
    for printed in (
        made.sources[0].text.replace("nobody else", "everybody"),
        made.sources[0].text + " More.",
        "More. " + made.sources[0].text,
        made.sources[0].text.replace("Questions to ", "Answers to [home address removed] and "),
    ):
        forged = made.model_copy(update={"sources": (made.sources[0].model_copy(update={"text": printed}),)})
        assert codes(verify(a_file(forged), held(passage, pack={}), as_of=DAY).misses) == [("V-SOURCE", "p-pay")]


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("hired by every third of the firms that the institute asked", []),
        ("hired by every second of the firms that the institute asked", [("V-QUOTE", "override.citations.0")]),
    ],
)
def test_an_override_is_computed_and_its_citation_checked(quote: str, expected: list[tuple[str, str]]) -> None:
    plain = content().result
    assert plain is not None
    cited = (Citation(passage="p-staff", quote=quote),)
    override = CitedOverride(score=plain.score + 2, reason="The institute asked later.", citations=cited)
    found = verify(a_file(content(override=override)), held(*PASSAGES, pack={}), as_of=DAY)
    assert (codes(found.misses), found.score) == (expected, plain.score + 2)
    assert STAFF.count("every third") == 1


@pytest.mark.parametrize(("extra", "named"), [((), "p-pay"), (("p-pay", "p-pay"), "one twice")])
def test_sources_are_the_cited_passages_each_once(extra: tuple[str, ...], named: str) -> None:
    made = content()
    sources = tuple(made.sources[0] for _ in extra)
    found = verified(made.model_copy(update={"sources": sources}))
    assert codes(found.misses) == [("V-SOURCE", "sources")]
    assert named in found.misses[0].message


# The AI-driven lens.


def test_a_lens_is_computed_and_its_citations_are_checked_like_every_other() -> None:
    made = content(lens=some_lens())
    found = verified(made)
    assert made.lens_result is not None
    assert (found.misses, found.notes) == ((), ())
    groups = [claims for _, claims in some_lens().groups()]
    assert found.citations == 1 + sum(map(len, groups))
    gone = verify(a_file(made), held(PASSAGES[1], pack={}), as_of=DAY)
    assert gone.claims["unchecked"] == found.citations


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"score": 99.0}, "lens_result.score"),
        ({"verdict": "Transforms into gold."}, "lens_result.verdict"),
        ({"fragile": True, "fragility": "Fragile."}, "lens_result.fragile"),
    ],
)
def test_a_result_that_does_not_follow_from_the_lens_is_a_miss(changes: dict[str, object], place: str) -> None:
    made = content(lens=some_lens())
    assert made.lens_result is not None and not made.lens_result.fragile
    forged = made.model_copy(update={"lens_result": made.lens_result.model_copy(update=changes)})
    assert codes(verified(forged).misses) == [("V-SCORE", place)]


def test_a_lens_without_its_result_and_a_result_without_its_lens_are_misses() -> None:
    made = content(lens=some_lens())
    assert codes(verified(made.model_copy(update={"lens_result": None})).misses) == [("V-SCORE", "lens_result")]
    assert ("V-SCORE", "lens_result") in codes(verified(made.model_copy(update={"lens": None})).misses)


def test_a_lens_that_breaks_a_rule_is_a_miss() -> None:
    made = content(lens=some_lens())
    assert made.lens is not None
    short = made.model_copy(update={"lens": made.lens.model_copy(update={"tasks": made.lens.tasks[:-1]})})
    assert ("V-SCORE", "lens") in codes(verified(short).misses)


def test_a_lens_scored_by_another_policy_is_compared_by_what_is_of_record() -> None:
    made = content(lens=some_lens())
    assert made.lens_result is not None
    older = made.model_copy(
        update={
            "lens_result": made.lens_result.model_copy(update={"policy": "aijri-0", "fragility": "In other words."})
        }
    )
    assert verified(older).misses == ()


def drafted(changes: dict[str, object] | None = None) -> Assessment:
    """Two drafts that agree, or an agreement that somebody changed."""
    made = content()
    drafts = [scored_draft(at, made.inputs.scored(), model="desk") for at in range(2)]
    found = agreement(drafts).model_copy(update=changes or {})
    return made.model_copy(update={"agreement": found})


def test_an_agreement_that_follows_from_its_drafts_is_no_miss() -> None:
    assert verified(drafted()).misses == ()


def test_an_agreement_that_does_not_follow_from_its_drafts_is_a_miss() -> None:
    assert codes(verified(drafted({"high": 99.0})).misses) == [("V-SCORE", "agreement")]
    first, second = drafted().agreement.drafts  # type: ignore[union-attr]
    forged = second.model_copy(update={"score": 12.0})
    assert ("V-SCORE", "agreement.drafts.1") in codes(verified(drafted({"drafts": (first, forged)})).misses)
    broken = second.model_copy(update={"inputs": second.inputs.model_copy(update={"tasks": second.inputs.tasks[:2]})})
    assert ("V-SCORE", "agreement.drafts.1") in codes(verified(drafted({"drafts": (first, broken)})).misses)
    assert codes(verified(drafted({"policy": "drafts-0"})).misses) == [("V-SCORE", "agreement.policy")]


def test_a_disagreement_between_drafts_that_nobody_accepted_is_a_miss() -> None:
    made = content()
    other = made.inputs.scored().model_copy(update={"growth": -2})
    drafts = [scored_draft(at, one, model="desk") for at, one in enumerate((made.inputs.scored(), other))]
    divided = made.model_copy(update={"agreement": agreement(drafts)})
    assert ("G-DRAFTS-INPUT", "growth") in codes(verified(divided).misses)
