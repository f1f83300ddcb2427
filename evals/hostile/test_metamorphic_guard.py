"""What must not matter to the guard does not, and what must matter does: order, bystanders, copies, loss."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from agent.review.revision import Material, assemble
from agent.schemas.article import Passage
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Claim, EvidenceDraft, Inputs
from agent.schemas.finding import Finding, Tier
from agent.schemas.vocabulary import DRAFTED_SECTIONS, EvidenceName, Section, Status
from evals.hostile.answers import Answers, Document, quoting
from evals.hostile.corpora import Home
from evals.hostile.desk import open_desk, some_articles
from evals.hostile.guarding import clean_claim, judge, judged, sourced, without_payload
from evals.hostile.pages import assessed, inputs_with
from evals.hostile.planting import Planted, honest, write
from evals.hostile.prompting import HostileCorpus

BREAD = (
    "Sourdough needs a warm kitchen and some patience. The crust of a loaf turns dark when the oven is hot enough, and"
    " the crumb stays moist for days. Bakers of the valley keep their starters in cellars."
)


def articles(*names: str) -> list[Planted]:
    """Honest articles of different publishers."""
    return [Planted(name=name, kind="markdown", position="start", sentences=honest(name)) for name in names]


def taken_in(home: Home, planted: Sequence[Planted]) -> dict[str, tuple[Passage, ...]]:
    """The passages of each article by its name, as the product stores and marks them."""
    home.add(write(home.corpus.home / "articles", planted))
    stored = home.passages()
    return {article.name: stored[article.url] for article in planted}


def mixed_claims(hostile: HostileCorpus) -> list[tuple[Claim, tuple[Passage, ...]]]:
    """Claims of every sort with the passages they were drafted from: honest, invented, hostile, without a citation."""
    found: list[tuple[Claim, tuple[Passage, ...]]] = []
    for article in hostile.articles[::23]:
        pack = hostile.packs[article.name]
        pair = clean_claim(article, pack)
        assert pair is not None, article
        claim, passage = pair
        found += [
            (claim, pack),
            (sourced("Pay rose by 12 percent.", passage.id, claim.citations[0].quote), pack),
            (sourced(claim.text, passage.id, "words that stand in no passage at all"), pack),
            (sourced(claim.text, "p-000000000000", claim.citations[0].quote), pack),
            (judged("Zenotron Industries replaces 40 percent of them."), pack),
            (judged("The work stays with people."), pack),
        ]
    return found


def shuffled(passages: Sequence[Passage], seed: int) -> list[Passage]:
    """The same passages in another order."""
    order = list(passages)
    random.Random(seed).shuffle(order)
    return order


def test_the_order_of_passages_and_pack_does_not_matter(hostile: HostileCorpus) -> None:
    for number, (claim, pack) in enumerate(mixed_claims(hostile)):
        usual = judge(claim, pack)
        for seed in range(3):
            order = shuffled(pack, 100 * number + seed)
            assert judge(claim, order, [p.id for p in shuffled(pack, seed)]) == usual


def test_an_irrelevant_article_changes_nothing(hostile: HostileCorpus, home: Home) -> None:
    baker = Planted(name="bread", kind="markdown", position="start", sentences=(BREAD,))
    bread = taken_in(home, [baker])["bread"]
    for claim, pack in mixed_claims(hostile):
        assert judge(claim, [*bread, *pack]) == judge(claim, pack)


def test_the_whole_report_is_independent_of_order(hostile: HostileCorpus) -> None:
    pairs = mixed_claims(hostile)[:12]
    known = {passage.id: passage for _, pack in pairs for passage in pack}
    claims = [claim for claim, _ in pairs]
    usual = assessed(claims, known)
    for seed in range(3):
        order = {passage.id: passage for passage in shuffled(tuple(known.values()), seed)}
        assert assessed(claims, order).guard == usual.guard


def scored(claims: Sequence[Claim], known: Mapping[str, Passage], score: int) -> Assessment:
    """An assessment whose wages have this score and these claims."""
    base = assessed(claims, known)
    wages = EvidenceDraft.model_validate({"score": score, "claims": tuple(claims), "gap": None})
    inputs = inputs_with(claims)
    evidence = {**inputs.evidence, EvidenceName.WAGES: wages}
    return reassembled(base, inputs.model_copy(update={"evidence": evidence}), known)


def reassembled(base: Assessment, inputs: Inputs, known: Mapping[str, Passage]) -> Assessment:
    """The product's own check of other inputs on the same passages."""
    packs = dict.fromkeys(DRAFTED_SECTIONS, frozenset(known))
    material = Material(as_of=base.as_of, frame=base.role, passages=known, packs=packs, provenance=base.provenance)
    return assemble(gate=base.gate, inputs=inputs, material=material)


def of_wages(assessment: Assessment) -> set[tuple[Tier, str]]:
    """Findings about wages."""
    found: tuple[Finding, ...] = assessment.guard.of(Section.EVIDENCE)
    return {(finding.tier, finding.code) for finding in found if finding.path.startswith("evidence.wages")}


def two_sources(home: Home, *, copied: bool) -> tuple[list[Claim], dict[str, Passage]]:
    """Two claims on two articles of two publishers; when `copied`, the second article is the first one's text."""
    first, second = articles("source-a", "source-b")
    if copied:
        second = Planted(name="source-b", kind="markdown", position="start", sentences=first.sentences)
    stored = taken_in(home, [first, second])
    pairs = [clean_claim(article, stored[article.name]) for article in (first, second)]
    claims = [pair[0] for pair in pairs if pair is not None]
    assert len(claims) == 2
    return claims, {passage.id: passage for found in stored.values() for passage in found}


def test_two_independent_sources_carry_a_strong_score(home: Home) -> None:
    claims, known = two_sources(home, copied=False)
    assert of_wages(scored(claims, known, 2)) == set()


def test_two_copies_of_one_article_do_not_carry_a_strong_score(home: Home) -> None:
    claims, known = two_sources(home, copied=True)
    copies = scored(claims, known, 2)
    alone = scored(claims[:1], known, 2)
    assert [Tier.BLOCK in {tier for tier, _ in of_wages(one)} for one in (alone, copies)] == [True, True]
    assert copies.guard.speaking_sources == alone.guard.speaking_sources


def test_evidence_that_is_quoted_twice_is_no_stronger(home: Home) -> None:
    claims, known = two_sources(home, copied=False)
    once = scored(claims[:1], known, 2)
    twice = scored([claims[0], claims[0].model_copy(update={"text": f"{claims[0].text} It is so."})], known, 2)
    assert of_wages(once) <= of_wages(twice)
    assert twice.guard.speaking_sources == once.guard.speaking_sources


def test_a_claim_whose_passage_is_gone_is_blocked(hostile: HostileCorpus) -> None:
    for article in hostile.articles[::29]:
        passages = without_payload(article)
        pair = clean_claim(article, passages)
        assert pair is not None
        claim, passage = pair
        before, after = judge(claim, passages), judge(claim, [p for p in passages if p.id != passage.id])
        assert (before.blocked, after.blocked) == (False, True)
        assert before.verdict != after.verdict


def test_an_assessment_without_its_evidence_is_abstained(tmp_path: Path) -> None:
    with open_desk(tmp_path / "full", Answers()) as desk:
        assert desk.start().status is Status.WAITING
    for left in (0, 1):
        with open_desk(tmp_path / f"left-{left}", Answers(), articles=some_articles(left)) as desk:
            row = desk.start()
            assert (left, row.status) == (left, Status.ABSTAINED)
            assert desk.published() == ""


@pytest.mark.parametrize("unknown", [2, 3])
def test_a_dimension_without_evidence_is_unknown_and_too_many_of_them_end_without_a_score(
    unknown: int, tmp_path: Path
) -> None:
    def change(document: Document, prompt: object) -> Document:
        gap: Document = {"score": None, "claims": [], "gap": "Nothing was found."}
        return {**document, **{name.value: gap for name in list(EvidenceName)[:unknown]}}

    with open_desk(tmp_path, Answers().but("evidence", change)) as desk:
        row = desk.start()
        content = desk.content(row.id)
        if unknown == 3:
            assert (row.status, content) == (Status.ABSTAINED, None)
            return
        assert content is not None and content.result is not None
        assert len(content.result.unknown) == unknown
        assert [draft.score for draft in content.inputs.evidence.values()].count(None) == unknown


def test_a_score_whose_claims_lost_their_passages_cannot_be_approved(tmp_path: Path) -> None:
    def change(document: Document, prompt: object) -> Document:
        wages = document["wages"]
        assert isinstance(wages, dict)
        lost = quoting(("p-000000000000", "Widget engineers earned more than all others in the plants of the region."))
        return {**document, "wages": {**wages, "claims": [lost]}}

    with open_desk(tmp_path, Answers().but("evidence", change)) as desk:
        row = desk.start()
        content = desk.content(row.id)
        assert content is not None
        assert Tier.BLOCK in {tier for tier, _ in of_wages(content)}
        desk.push_through(row.id)
        assert desk.published() == ""
