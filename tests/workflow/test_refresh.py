"""A refresh from what is due to the role's next version: what is asked of the model, what stands, what is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from factories_workflow import ANNA, BEN, Desk, FixedStamps, copy_home, open_desk
from refreshes_workflow import (
    LATER,
    NEVER_USED,
    PAYS_LESS,
    PAYS_MORE,
    PINNED,
    YEARS_LATER,
    an_article,
    check_now,
    corpus_of,
    fenced,
    findings_of,
    pick,
    publish_one,
    refresh,
    without_wages,
)
from scripts_workflow import ROLE, Document, WidgetScript, invented_quote, sourced

from agent.drafting.queries import lens_queries
from agent.llm.budget import TokenBook
from agent.llm.port import ChatModel, Prompt
from agent.llm.scripted import ScriptedModel
from agent.registry.holdings import citations_of, holdings_for
from agent.registry.published_file import parse_published
from agent.registry.verify import verify
from agent.schemas.article import Article
from agent.schemas.assessment import Assessment
from agent.schemas.record import PublishedAssessment
from agent.schemas.refresh import Due
from agent.schemas.vocabulary import Gate, Section, Status
from agent.workflow.retrieval import gather_lens
from agent.workflow.summary import summary

Open = Callable[..., Desk]
LESS = PINNED.but("evidence", without_wages)
PAY = {"title": "On pay", "publisher": "Office of pay", "url": "https://example.org/pay", "date": "2026-02-20"}
SCHEMA = Path(__file__).parents[2] / "agent" / "publishing" / "assessment.schema.json"


@pytest.fixture
def home(published_home: Path, tmp_path: Path) -> Path:
    return copy_home(published_home, tmp_path / "home")


@pytest.fixture
def later(home: Path) -> Iterator[Callable[..., Desk]]:
    """Opens desks a fortnight after the publication; the second is of another process, with tokens of its own."""
    with ExitStack() as stack:

        def desk(
            script: WidgetScript = PINNED, *articles: Article, now: str = LATER, first: int = 50, **how: object
        ) -> Desk:
            opened = stack.enter_context(open_desk(home, script, stamps=FixedStamps(now=now, first=first), **how))  # type: ignore[arg-type]
            if articles:
                corpus_of(opened).take(articles)
            return opened

        yield desk


def version(desk: Desk, number: int) -> Assessment:
    row = next(row for row in desk.stores.publications.done() if row.version == number)
    return desk.stores.review.revision(row.assessment, row.revision)


def refresh_of(desk: Desk, assessment: str) -> dict[str, object]:
    document = summary(desk.stores, assessment)["refresh"]
    assert isinstance(document, dict)
    return document


# what is asked of the model


def test_of_stale_evidence_only_the_evidence_is_asked_for_before_gate_1(later: Open, home: Path) -> None:
    desk = later(now=YEARS_LATER)
    row = refresh(desk, home)
    assert (row.status, desk.waiting(row.id).gate, desk.calls()) == (Status.WAITING, Gate.INPUTS, ["evidence"])
    before, after = version(desk, 1), desk.content(row.id)
    assert after.as_of == YEARS_LATER[:10]
    assert (after.inputs.tasks, after.inputs.barriers, after.inputs.growth) == (
        before.inputs.tasks,
        before.inputs.barriers,
        before.inputs.growth,
    )
    told = findings_of(desk.prompts("evidence")[0])
    assert told.count("(stale)") == 5 and "none newer than 2025-11-04" in told


def test_a_newer_version_of_a_cited_article_is_read_in_place_of_the_former_one(later: Open, home: Path) -> None:
    desk = later(PINNED, an_article("pay", PAYS_MORE, **PAY))
    (reason,) = check_now(desk, home).reasons
    (cited,) = (c.passage for c in version(desk, 1).inputs.evidence["wages"].claims[0].citations)  # type: ignore[index]
    row = refresh(desk, home)
    (prompt,) = desk.prompts("evidence")
    assert reason.passages[0] in fenced(prompt) and cited not in fenced(prompt)
    assert PAYS_MORE[:40] in prompt and "a newer version of “On pay”" in findings_of(prompt)
    assert desk.content(row.id).inputs.evidence["wages"].claims[0].citations[0].passage == reason.passages[0]  # type: ignore[index]


def test_a_removed_article_is_not_read_again(later: Open, home: Path) -> None:
    desk = later(PINNED)
    (pay,) = (a for a in corpus_of(desk).articles() if a.meta.url == PAY["url"])
    (gone,) = corpus_of(desk).store.passages_of(pay.id)
    corpus_of(desk).remove(pay.id)
    row = refresh(desk, home)
    (prompt,) = desk.prompts("evidence")
    assert gone.id not in fenced(prompt) and "has left the corpus (superseded)" in findings_of(prompt)
    assert gone.id not in {source.passage for source in desk.content(row.id).sources}


def test_a_contradicting_passage_is_in_the_prompt_and_its_sentence_among_the_findings(later: Open, home: Path) -> None:
    desk = later(LESS, an_article("wages", PAYS_LESS))
    row = refresh(desk, home)
    (prompt,) = desk.prompts("evidence")
    (reason,) = check_now(desk, home).reasons
    assert reason.passages[0] in fenced(prompt)
    assert f"evidence.wages.claims.0: {reason.message} (contradicted)" in findings_of(prompt)
    assert '"score": 1' in prompt.partition("<draft>")[2]
    assert desk.content(row.id).inputs.evidence["wages"].score == -1  # type: ignore[index]


def test_what_a_due_section_cites_is_still_in_its_prompt(later: Open, home: Path) -> None:
    desk = later(LESS, an_article("wages", PAYS_LESS))
    refresh(desk, home)
    before = version(desk, 1).inputs.evidence
    cited = {c.passage for draft in before.values() for claim in draft.claims for c in claim.citations}
    assert len(cited) == 5 and cited <= set(fenced(desk.prompts("evidence")[0]))


def test_a_huge_number_of_new_articles_adds_no_more_than_a_search_would(later: Open, home: Path) -> None:
    desk = later(LESS, *(an_article(f"w{n}", f"{PAYS_LESS} It is number {n}.", publisher=f"B{n}") for n in range(60)))
    refresh(desk, home)
    assert len(fenced(desk.prompts("evidence")[0])) <= 5 * 8 + 5 + 1


def test_what_is_due_is_drafted_again_on_findings_at_most_twice(later: Open, home: Path) -> None:
    def never_the_same(document: Document, prompt: Prompt) -> Document:
        said = prompt.messages[-1].content.partition("<draft>")[2].count("no passage at all")
        broken = invented_quote(("wages", "claims"), until_redraft=False)(without_wages(document, prompt), prompt)
        return {**broken, "job_postings": {**broken["wages"], "claims": broken["wages"]["claims"] * (1 + said)}}  # type: ignore[index,call-overload,dict-item]

    desk = later(PINNED.but("evidence", never_the_same), an_article("wages", PAYS_LESS))
    row = refresh(desk, home)
    assert desk.calls() == ["evidence"] * 3
    assert desk.waiting(row.id).block > 0
    # What made it due is said of the published words, not of those that were drafted in their place.
    assert ["(contradicted)" in findings_of(prompt) for prompt in desk.prompts("evidence")] == [True, False, False]
    assert "(G-QUOTE" in findings_of(desk.prompts("evidence")[2])


# commentary and lens


def test_while_the_inputs_stand_so_do_commentary_and_lens_and_no_model_is_called(later: Open, home: Path) -> None:
    desk = later(PINNED, now=YEARS_LATER, connected=False)
    row = refresh(desk, home, Section.GROWTH, by_hand=True)
    assert desk.content(row.id).inputs == version(desk, 1).inputs


def test_a_section_drafted_again_to_the_same_effect_leaves_commentary_and_lens_as_they_are(
    later: Open, home: Path
) -> None:
    desk = later()
    row = refresh(desk, home, Section.GROWTH)
    assert desk.calls() == ["growth"]
    desk.approve(row.id)
    assert desk.calls() == ["growth"] and desk.waiting(row.id).gate is Gate.PUBLICATION
    before, after = version(desk, 1), desk.content(row.id)
    assert (after.commentary, after.lens, after.result) == (before.commentary, before.lens, before.result)
    assert refresh_of(desk, row.id)["changes"] == []
    assert desk.approve(row.id).status is Status.PUBLISHED


def test_changed_inputs_have_commentary_and_lens_drafted_again_from_the_beginning(later: Open, home: Path) -> None:
    desk = later(LESS, an_article("wages", PAYS_LESS))
    row = refresh(desk, home)
    desk.approve(row.id)
    assert sorted(desk.calls()) == ["commentary", "evidence", "lens"]
    assert all("<draft>" not in desk.prompts(name)[0] for name in ("commentary", "lens"))
    assert "wages -1" in desk.prompts("commentary")[0]


@pytest.mark.parametrize("section", [Section.COMMENTARY, Section.LENS])
def test_of_commentary_and_lens_only_the_one_that_is_asked_for_is_drafted_again(
    later: Open, home: Path, section: Section
) -> None:
    desk = later()
    row = refresh(desk, home, section)
    assert (desk.calls(), desk.waiting(row.id).gate) == ([], Gate.INPUTS)
    assert desk.content(row.id).inputs == version(desk, 1).inputs
    desk.approve(row.id)
    assert desk.calls() == [section.value]
    assert findings_of(desk.prompts(section.value)[0]).strip() == f"- {section.value}: a person asked for it (asked)"


def test_a_lens_that_is_contradicted_is_drafted_again_from_what_contradicts_it(later: Open, home: Path) -> None:
    script = PINNED.but(
        "evidence",
        lambda document, prompt: {**document, "tool_maturity": {"score": None, "claims": [], "gap": "Unclear."}},
    )
    desk = later(script, an_article("benches", NEVER_USED.replace("Hoist", "Hoist,")))
    found = check_now(desk, home)
    assert {reason.section for reason in found.reasons} == {Section.EVIDENCE, Section.LENS}
    row = refresh(desk, home)
    # Two passages now speak of the tool; the script quotes one of them.
    desk.approve(row.id)
    (prompt,) = desk.prompts("lens")
    assert found.refresh.passages(Section.LENS)[0] in fenced(prompt)
    assert findings_of(prompt).count("(contradicted)") == 2


def test_what_a_due_lens_or_commentary_cites_is_still_in_its_prompt(widget_home: Path, tmp_path: Path) -> None:
    """Also where a search would not find it again, and where it is not cited in the inputs."""

    def signed(document: Document, prompt: Prompt) -> Document:
        return {**document, "durability_signal": [sourced(pick(prompt, "sign for"))]}

    home = copy_home(widget_home, tmp_path / "crowded")
    script = PINNED.but("lens", lambda document, prompt: signed(PINNED.changes["lens"](document, prompt), prompt))
    with open_desk(home, script) as first:
        publish_one(first)
    with open_desk(home, script, stamps=FixedStamps(now=LATER, first=50)) as desk:
        before = version(desk, 1)
        assert before.lens is not None and before.commentary is not None
        cited = {c.passage for _, group in before.lens.groups() for claim in group for c in claim.citations}
        (signing,) = cited - {
            c.passage for placed in citations_of(before.model_copy(update={"lens": None})) for c in (placed.citation,)
        }
        queries = [q for group in lens_queries(ROLE, [t.name for t in before.inputs.tasks]) for q in group.displacing]
        corpus_of(desk).take(
            an_article(f"n{at}", f"{query}. {query}, says bureau {at} in so many words.", publisher=f"B{at}")
            for at, query in enumerate([*queries, *(q for g in lens_queries(ROLE, []) for q in g.protecting)] * 2)
        )
        assert signing not in gather_lens(corpus_of(desk), before.model_copy(update={"as_of": LATER[:10]}))
        row = refresh(desk, home, Section.LENS, Section.COMMENTARY)
        desk.approve(row.id)
        assert cited <= set(fenced(desk.prompts("lens")[0]))
        told = {c.passage for claim in before.commentary.summary for c in claim.citations}
        assert told and told <= set(fenced(desk.prompts("commentary")[0]))


def test_a_commentary_drafted_on_what_contradicted_it_can_cite_it_in_the_refresh_after_that(
    later: Open, home: Path
) -> None:
    weeks = "Widget engineers never spend their week on designing lines, writing controllers and inspecting batches."

    def against(document: Document, prompt: Prompt) -> Document:
        return {**document, "summary": [sourced(pick(prompt, "never spend"), stance="against")]}

    desk = later(PINNED.but("commentary", against))
    corpus_of(desk).take([an_article("weeks", f"{weeks} The guild of hours counted the days of sixty workshops.")])
    found = check_now(desk, home).refresh
    assert set(found.sections) == {Section.TASKS, Section.COMMENTARY}
    (cited,) = found.passages(Section.COMMENTARY)
    name = refresh(desk, home).id
    desk.approve(name)
    assert cited in fenced(desk.prompts("commentary")[0])
    desk.approve(name)
    second = version(desk, 2)
    assert cited not in {c.citation.passage for c in citations_of(second.model_copy(update={"commentary": None}))}
    again = refresh(desk, home, Section.COMMENTARY).id
    desk.approve(again)
    assert cited in fenced(desk.prompts("commentary")[1])


def test_a_version_without_a_lens_gets_none_by_a_refresh_of_something_else(widget_home: Path, tmp_path: Path) -> None:
    home = copy_home(widget_home, tmp_path / "former")
    with open_desk(home, PINNED) as first:
        publish_one(first, without_lens=True, without_commentary=True)
    with open_desk(home, PINNED, stamps=FixedStamps(now=LATER, first=50)) as desk:
        row = refresh(desk, home, Section.GROWTH)
        desk.approve(row.id)
        content = desk.content(row.id)
        assert (desk.calls(), content.gate, content.lens, content.commentary) == (
            ["growth"],
            Gate.PUBLICATION,
            None,
            None,
        )
        assert desk.approve(row.id).status is Status.PUBLISHED
        again = refresh(desk, home, Section.LENS)
        desk.approve(again.id)
        assert desk.calls() == ["growth", "lens"] and desk.content(again.id).lens is not None


def test_a_version_from_before_passages_of_a_lens_were_kept_is_refreshed_all_the_same(later: Open, home: Path) -> None:
    desk = later()
    with desk.stores.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM drafts WHERE part = 'lens_pack'")
    row = refresh(desk, home, Section.GROWTH)
    desk.approve(row.id)
    before, after = version(desk, 1), desk.content(row.id)
    assert (after.lens, after.guard.findings) == (before.lens, before.guard.findings)
    assert desk.approve(row.id).status is Status.PUBLISHED
    again = refresh(desk, home, Section.LENS)
    desk.approve(again.id)
    assert desk.calls() == ["growth", "lens"] and fenced(desk.prompts("lens")[0])


# gates, summary, record


def test_a_refresh_is_published_as_the_next_version_after_both_approvals_with_what_made_it_due(
    later: Open, home: Path
) -> None:
    desk = later(LESS, an_article("wages", PAYS_LESS))
    due = check_now(desk, home).refresh
    row = refresh(desk, home)
    first = desk.waiting(row.id).revision
    assert desk.approve(row.id).status is Status.WAITING
    second = desk.waiting(row.id).revision
    assert [r.version for r in desk.stores.publications.done()] == [1]
    assert desk.approve(row.id, BEN).status is Status.PUBLISHED
    assert [(r.slug, r.version) for r in desk.stores.publications.done()] == [
        ("widget-engineer-mid-level", 1),
        ("widget-engineer-mid-level", 2),
    ]
    (file,) = (home / "published").glob("*/v2/assessment.json")
    document = json.loads(file.read_bytes())
    published = PublishedAssessment.model_validate(document)
    assert published.record.refreshed == due
    assert [reason.kind for reason in due.reasons] == [Due.CONTRADICTED]
    assert [(d.gate, d.revision, d.reviewer) for d in published.record.decisions] == [
        (Gate.INPUTS, first, ANNA.name),
        (Gate.PUBLICATION, second, BEN.name),
    ]
    assert published.record.usage.calls == 3
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_bytes())).validate(document)


def test_a_refreshed_page_says_what_it_refreshes_and_is_verified(later: Open, home: Path) -> None:
    desk = later(LESS, an_article("wages", PAYS_LESS))
    name = refresh(desk, home).id
    desk.approve(name)
    desk.approve(name)
    (folder,) = (home / "published").glob("*/v2")
    file = parse_published((folder / "assessment.json").read_text(encoding="utf-8"), "v2")
    held = holdings_for(file.document, desk.stores.review.corpus, desk.stores.assessments, desk.stores.publications)
    assert list(verify(file, held, as_of=LATER[:10]).misses) == []
    for page in ("index.html", "assessment.md"):
        assert "This version refreshes version 1 " in (folder / page).read_text(encoding="utf-8")


def test_the_first_version_stays_as_it_is_byte_for_byte_and_says_nothing_of_a_refresh(later: Open, home: Path) -> None:
    desk = later(LESS, an_article("wages", PAYS_LESS))
    (row,) = desk.stores.publications.done()
    before = {file.name: file.read_bytes() for file in Path(row.path).iterdir()}
    name = refresh(desk, home).id
    desk.approve(name)
    desk.approve(name)
    assert {file.name: file.read_bytes() for file in Path(row.path).iterdir()} == before
    assert b'"refreshed"' not in before["assessment.json"]


def test_the_summary_says_why_what_changed_and_the_score_at_both_gates(later: Open, home: Path) -> None:
    desk = later(LESS, an_article("wages", PAYS_LESS))
    (reason,) = check_now(desk, home).reasons
    name = refresh(desk, home).id
    published = version(desk, 1)
    assert published.result is not None
    expected = {
        "version": 1,
        "revision": published.revision(),
        "score": published.result.score,
        "sections": ["evidence"],
        "reasons": [f"evidence.wages.claims.0: {reason.message} (contradicted)"],
        "changes": [
            "evidence wages: 1 to -1",
            "evidence wages claims: 1 claims new or changed, 1 removed or replaced",
        ],
    }
    assert refresh_of(desk, name) == expected
    assert summary(desk.stores, name)["score"] != published.result.score
    desk.approve(name)
    # Both are drafted from the beginning, to the same words; the lens counts from another base.
    assert refresh_of(desk, name) == expected
    desk.approve(name)
    assert refresh_of(desk, name) == expected
    assert summary(desk.stores, publish_one(desk))["refresh"] is None


def test_a_commentary_that_is_gone_in_the_refresh_is_named_as_a_change(later: Open, home: Path) -> None:
    desk = later()
    name = refresh(desk, home, Section.COMMENTARY).id
    desk.stores.assessments.change_request(name, {"without_commentary": True})
    desk.approve(name)
    assert desk.content(name).commentary is None
    assert refresh_of(desk, name)["changes"] == ["commentary: removed"]


def test_the_model_of_every_part_is_named_once(widget_home: Path, tmp_path: Path) -> None:
    home = copy_home(widget_home, tmp_path / "models")
    for at, label in enumerate(("one", "two", "three")):
        connect = partial(_labelled, label)
        with open_desk(home, connect=connect, stamps=FixedStamps(now=LATER, first=50 * (at + 1))) as desk:
            name = desk.start().id if not at else refresh(desk, home, Section.GROWTH, Section.COMMENTARY).id
            names = ", ".join(sorted(["one", "two", "three"][: at + 1]))
            assert desk.content(name).provenance.model == names
            desk.approve(name)
            assert desk.approve(name).status is Status.PUBLISHED
            assert version(desk, at + 1).provenance.model == names
            assert not version(desk, at + 1).provenance.recorded


def _labelled(label: str, book: TokenBook) -> ChatModel:
    return ScriptedModel(PINNED, label=label, book=book)


# again and again


def test_a_refresh_of_a_refresh_starts_from_the_refreshed_version(later: Open, home: Path) -> None:
    desk = later(LESS, an_article("wages", PAYS_LESS))
    name = refresh(desk, home).id
    desk.approve(name)
    desk.approve(name)
    second = version(desk, 2)
    again = refresh(desk, home, Section.BARRIERS)
    assert desk.content(again.id).inputs.evidence == second.inputs.evidence
    desk.approve(again.id)
    third = desk.content(again.id)
    assert (third.commentary, third.lens) == (second.commentary, second.lens)
    assert third.guard.findings == second.guard.findings
    desk.approve(again.id)
    assert [row.version for row in desk.stores.publications.done()] == [1, 2, 3]
    (file,) = (home / "published").glob("*/v3/assessment.json")
    refreshed = PublishedAssessment.model_validate_json(file.read_bytes()).record.refreshed
    assert refreshed is not None and (refreshed.version, refreshed.assessment) == (2, name)


def test_a_corpus_rebuilt_with_another_embedding_model_is_refreshed_from(home: Path) -> None:
    from factories_workflow import HashEmbedder

    from agent.errors import Prerequisite
    from agent.evidence.corpus import Corpus

    class Other(HashEmbedder):
        identity = "other-words-of-the-test"
        dimensions = 48

    with open_desk(home, LESS, stamps=FixedStamps(now=LATER, first=50)) as desk:
        corpus_of(desk).take([an_article("wages", PAYS_LESS)])
        corpus = Corpus(desk.stores.db, home, Other(), clock=desk.stores.stamps.now)
        desk.bench.evidence = corpus
        with pytest.raises(Prerequisite):
            check_now(desk, home)
        corpus.reindex()
        row = refresh(desk, home)
        assert (row.status, desk.calls()) == (Status.WAITING, ["evidence"])
        assert desk.content(row.id).provenance.embedding == Other.identity
        corpus.close()
