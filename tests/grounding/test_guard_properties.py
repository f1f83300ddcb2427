"""What never changes the guard's word, whatever is drafted."""

from __future__ import annotations

import random

import pytest
from factories_grounding import (
    QUOTE,
    TEXT,
    a_citation,
    a_commentary,
    a_frame,
    a_judgement,
    a_passage,
    a_sourced_claim,
    by_id,
    found,
    guard,
    on_claim,
    some_inputs,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.grounding.hostile import instruction_spans
from agent.grounding.normalise import normalise
from agent.grounding.personal import personal_data
from agent.grounding.report import check, check_citations, check_one, check_text, repairer
from agent.schemas.article import Passage
from agent.schemas.draft import Citation, Claim, ClaimKind, EvidenceDraft, Stance
from agent.schemas.finding import GuardReport, Verdict
from agent.schemas.vocabulary import Section
from agent.scoring.policy import POLICY

OTHER = "A survey of nurses found that wages may fall by 3% in spring, and that hospitals never hire without a test."
TYPOGRAPHY = {"'": "’", '"': "“", "-": "–", " ": "\u00a0", "e": "e\u200b", "f": "f\u00ad", "fi": "ﬁ"}
WORDS = st.sampled_from(
    [*TEXT.split(), *OTHER.split(), "not", "never", "always", "could", "a third", "doubled", "Kubeflow", "June", "9%"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)


@st.composite
def quotes(draw: st.DrawFn) -> str:
    words = draw(st.sampled_from([TEXT, OTHER])).split(" ")
    start = draw(st.integers(0, len(words) - 1))
    return " ".join(words[start : draw(st.integers(start + 1, len(words)))])


CLAIMS = st.builds(
    Claim,
    text=TEXTS,
    kind=st.sampled_from(ClaimKind),
    stance=st.sampled_from(Stance),
    proxy=st.none() | st.sampled_from(["nurses", "machine learning engineer"]),
    horizon=st.none() | st.sampled_from(["2 to 4 years", "soon"]),
    citations=st.lists(
        st.builds(Citation, passage=st.sampled_from(["p-1", "p-2", "p-9"]), quote=quotes() | TEXTS), max_size=3
    ).map(tuple),
)
PASSAGES = by_id(a_passage(), a_passage("p-2", OTHER, publisher="Hospital Weekly", tier=3))


def report_on(*claims: Claim, passages: dict[str, Passage] = PASSAGES) -> GuardReport:
    draft = EvidenceDraft(score=2, claims=claims)
    return check(
        inputs=some_inputs(wages=draft),
        commentary=a_commentary(*claims),
        passages=passages,
        packs={},
        frame=a_frame(),
        policy=POLICY,
        as_of="2026-11-20",
    )


def typed(text: str, changes: list[str]) -> str:
    for change in changes:
        text = text.replace(change, TYPOGRAPHY[change])
    return text


def in_other_type(claim: Claim, changes: list[str]) -> Claim:
    citations = tuple(c.model_copy(update={"quote": typed(c.quote, changes)}) for c in claim.citations)
    return claim.model_copy(update={"text": typed(claim.text, changes), "citations": citations})


def judged(report: GuardReport) -> tuple[object, ...]:
    return (found(report), report.verdicts, report.counts, report.opposed, report.admissible, report.speaking_sources)


@settings(max_examples=100)
@given(CLAIMS, st.lists(st.sampled_from(sorted(TYPOGRAPHY)), unique=True))
@example(a_sourced_claim(TEXT.split(". ")[0], a_citation(TEXT.split(". ")[0])), sorted(TYPOGRAPHY))
def test_typography_never_changes_what_is_found(claim: Claim, changes: list[str]) -> None:
    assert judged(report_on(in_other_type(claim, changes))) == judged(report_on(claim))


@settings(max_examples=50)
@given(CLAIMS, st.lists(st.sampled_from(sorted(TYPOGRAPHY)), unique=True))
def test_typography_of_a_passage_never_changes_what_is_found(claim: Claim, changes: list[str]) -> None:
    retyped = by_id(*(p.model_copy(update={"text": typed(p.text, changes)}) for p in PASSAGES.values()))
    assert judged(report_on(claim, passages=retyped)) == judged(report_on(claim))


@settings(max_examples=75)
@given(st.lists(CLAIMS, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_passages_never_changes_anything(claims: list[Claim], order: random.Random) -> None:
    names = [*PASSAGES, "p-3"]
    passages = {**PASSAGES, "p-3": a_passage("p-3", OTHER, publisher="Reprint")}
    order.shuffle(names)
    assert report_on(*claims, passages={name: passages[name] for name in names}) == report_on(
        *claims, passages=passages
    )


UNRELATED = a_passage("p-5", "zyx wvu tsr, qpo nml kji; 777 888 hgf edc.", publisher="Zyxwvu", title="Zyx wvu")


@settings(max_examples=75)
@given(st.lists(CLAIMS, max_size=3))
def test_a_passage_that_nobody_cites_never_changes_anything(claims: list[Claim]) -> None:
    assert report_on(*claims, passages={**PASSAGES, "p-5": UNRELATED}) == report_on(*claims)


@settings(max_examples=75)
@given(st.lists(CLAIMS, min_size=1, max_size=3))
def test_a_claim_is_judged_alike_alone_and_among_others(claims: list[Claim]) -> None:
    together = report_on(*claims).verdicts
    alone = [report_on(claim).verdicts["commentary.outlook.0"] for claim in claims]
    assert [together[f"commentary.outlook.{at}"] for at in range(len(claims))] == alone


@settings(max_examples=75)
@given(CLAIMS)
def test_a_claim_is_verified_or_has_a_finding(claim: Claim) -> None:
    report = on_claim(claim, passages=PASSAGES)
    fine = {Verdict.VERIFIED, Verdict.REPAIRED, Verdict.JUDGEMENT}
    (verdict,) = report.verdicts.values()
    assert len({finding.id for finding in report.findings}) == len(report.findings)
    assert verdict not in fine or all(finding.code == "G-PASSAGE-SUSPICIOUS" for finding in report.findings)
    assert (verdict is Verdict.JUDGEMENT) <= (claim.kind is ClaimKind.JUDGEMENT)
    assert report.verified + report.judgement == int(not report.findings)


STRANGE = st.text(min_size=1, max_size=80) | st.lists(
    st.sampled_from(
        ["½", "٣", "İ", "ﬁ", "\u0301", "\u200b", "…", "<!--", "(computed: ", "= ²)", "1/0", "@", "\x00", "👩🏽"]
    )
    | WORDS,
    min_size=1,
    max_size=12,
).map("".join)
STRANGE_CLAIMS = st.builds(
    Claim,
    text=STRANGE,
    kind=st.sampled_from(ClaimKind),
    stance=st.sampled_from(Stance),
    proxy=st.none() | STRANGE.map(lambda text: text[:300]),
    horizon=st.none() | STRANGE.map(lambda text: text[:60]),
    citations=st.lists(
        st.builds(Citation, passage=st.just("p-1") | STRANGE.map(lambda text: text[:64]), quote=STRANGE), max_size=3
    ).map(tuple),
)


@settings(max_examples=200)
@given(STRANGE_CLAIMS, STRANGE, st.sampled_from([None, "2026-11-20"]))
def test_no_unicode_text_is_too_strange_for_the_guard(claim: Claim, told: str, as_of: str | None) -> None:
    passages = by_id(a_passage(text=told), a_passage("p-2", claim.text))
    repaired = repairer(passages, POLICY)(claim)
    assert repairer(passages, POLICY)(repaired) == repaired
    checked = check_one(
        claim,
        section=Section.COMMENTARY,
        path="commentary.outlook.0",
        passages=passages,
        pack=frozenset({"p-1"}),
        frame=a_frame(),
        policy=POLICY,
        as_of=as_of,
    )
    report = check(
        inputs=some_inputs(wages=EvidenceDraft(score=-2, claims=(claim, repaired))),
        commentary=a_commentary(repaired),
        passages=passages,
        packs={},
        frame=a_frame(),
        policy=POLICY,
        as_of=as_of,
    )
    assert report.verdicts["commentary.outlook.0"] is checked.verdict
    check_text(claim.text, passages["p-1"], policy=POLICY)
    check_citations(claim.citations, section=Section.COMMENTARY, path="o", passages=passages, policy=POLICY)
    for text in (claim.text, told):
        personal_data(text), instruction_spans(text)


@settings(max_examples=100)
@given(CLAIMS)
def test_a_finding_points_to_the_words_that_its_message_quotes(claim: Claim) -> None:
    first = {"G-DIRECTION", "G-OPPOSITE", "G-DATE-NOT-IN-QUOTE"}
    for finding in on_claim(claim, passages=PASSAGES).findings:
        if finding.code in first and finding.message.startswith('"') and finding.highlight is not None:
            pointed = normalise(claim.text[finding.highlight.start : finding.highlight.end]).lower()
            assert pointed == finding.message.split('"')[1].strip().lower()


def test_one_claim_of_a_draft_is_checked_as_in_the_whole() -> None:
    claim = a_sourced_claim("Nurses never had 42,051 openings.", a_citation())
    given_ = {"section": Section.COMMENTARY, "path": "commentary.outlook.0", "passages": PASSAGES}
    checked = check_one(claim, pack=frozenset(), frame=a_frame(), policy=POLICY, **given_)  # type: ignore[arg-type]
    assert checked.findings == on_claim(claim, passages=PASSAGES).findings != ()


def test_repairing_reaches_every_claim_of_inputs_and_commentary() -> None:
    slip, exact = a_sourced_claim("x", a_citation(QUOTE.upper())), a_sourced_claim("x")
    inputs = some_inputs(
        wages=EvidenceDraft(score=None, claims=(slip,)),
        reinstatement=[slip],
        barrier_claims=[slip],
        growth_claims=[slip],
        principle_claims=[slip, a_judgement()],
    )
    repair = repairer(PASSAGES, POLICY)
    drafted = QUOTE.upper()
    mended = exact.model_copy(update={"citations": (a_citation().model_copy(update={"as_drafted": drafted}),)})
    assert inputs.map_claims(repair) == some_inputs(
        wages=EvidenceDraft(score=None, claims=(mended,)),
        reinstatement=[mended],
        barrier_claims=[mended],
        growth_claims=[mended],
        principle_claims=[mended, a_judgement()],
    )
    assert a_commentary(slip, a_judgement()).map_claims(repair) == a_commentary(mended, a_judgement())


@pytest.mark.parametrize(
    ("metas", "codes"),
    [
        ([{"interested": True}], ["G-EVIDENCE-INTERESTED"]),
        ([{"interested": True}, {}], []),
        ([{"date": "2024-10"}], ["G-EVIDENCE-STALE"]),
        ([{"date": "2024-10"}, {}], []),
        ([{"date": "unknown"}], ["G-EVIDENCE-STALE"]),
        ([{"date": "unknown", "interested": True}], ["G-EVIDENCE-INTERESTED", "G-EVIDENCE-STALE"]),
        ([{}], []),
    ],
)
def test_evidence_of_sellers_or_of_long_ago_alone_is_for_review(
    metas: list[dict[str, object]], codes: list[str]
) -> None:
    passages = [a_passage(f"p-{at}") for at in range(len(metas))]
    dated = [p.model_copy(update={"meta": p.meta.model_copy(update=m)}) for p, m in zip(passages, metas, strict=True)]
    claims = tuple(a_sourced_claim("There were 42,051 openings for the role.", a_citation(passage=p.id)) for p in dated)
    report = check(
        inputs=some_inputs(wages=EvidenceDraft(score=1, claims=claims)),
        commentary=None,
        passages=by_id(*dated),
        packs={},
        frame=a_frame(),
        policy=POLICY,
        as_of="2026-11-20",
    )
    assert [(f.code, f.tier.value) for f in report.findings if f.path == "evidence.wages"] == [
        (code, "REVIEW") for code in codes
    ]
    assert [code for code, _, _ in found(guard(inputs=some_inputs(), passages=by_id(*dated)))] == []
