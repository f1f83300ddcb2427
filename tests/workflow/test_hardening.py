"""What a reviewer edits, moves and resumes holds to the end: nothing is invisible, stuck or unpaid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from edits_workflow import with_inputs
from factories_workflow import (
    ANNA,
    REASON,
    Corpus,
    Desk,
    FixedStamps,
    HashEmbedder,
    a_settings,
    open_desk,
    open_stores,
)
from pydantic import BaseModel
from scripts_workflow import WidgetScript

from agent.drafting.combine import sections_of
from agent.drafting.drafter import present_draft
from agent.errors import InvalidInput
from agent.evidence.read import article_files, read_articles
from agent.llm.budget import TokenBook
from agent.llm.port import Prompt
from agent.llm.scripted import ScriptedModel
from agent.review.diff import changes
from agent.review.edit import Edit, edit_from, edit_of, edit_text, parse_edit
from agent.schemas.assessment import Assessment
from agent.schemas.vocabulary import Gate, Section, Status
from agent.store.reviews import OpenReview, ReviewStore
from agent.workflow.publication import slug

WaitingAt = Callable[..., tuple[Desk, str]]


def edited(desk: Desk, assessment: str, edit: Edit) -> Assessment:
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.edit(assessment, revision, ANNA, edit))
    return desk.content(assessment)


def with_frame(content: Assessment, **changed: object) -> Edit:
    return edit_of(content).model_copy(update={"frame": content.role.model_copy(update=changed)})


def test_the_role_frame_is_edited_last_and_an_unchanged_text_is_the_same_edit(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    assert list(edit_of(content).model_dump())[-1] == "frame"
    assert parse_edit(edit_text(content)) == edit_of(content)


def test_an_edited_frame_leads_to_gate_1_and_stays_through_send_back_and_publication(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    before = desk.content(assessment)
    after = edited(desk, assessment, with_frame(before, function="Builds\x07  widgets."))
    assert (after.gate, after.commentary, after.role.function) == (Gate.INPUTS, None, "Builds widgets.")
    assert changes(before, after) == ("frame.function: Builds widgets.",)
    revision = desk.waiting(assessment).revision
    desk.runner.decide(
        assessment, lambda service: service.send_back(assessment, revision, ANNA, REASON, (Section.GROWTH,))
    )
    assert desk.content(assessment).role == after.role
    desk.approve(assessment)
    assert desk.content(assessment).role == after.role
    assert desk.approve(assessment).status is Status.PUBLISHED


@pytest.mark.parametrize("field", ["title", "seniority"])
def test_an_edit_does_not_change_what_was_asked_for(waiting_at: WaitingAt, field: str) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    with pytest.raises(InvalidInput) as refusal:
        desk.stores.review.preview(assessment, content.revision(), with_frame(content, **{field: "Chief"}))
    assert [problem.partition(":")[0] for problem in refusal.value.problems] == [f"frame.{field}"]


def test_an_edit_without_a_frame_keeps_it(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    edit = edit_of(content).model_copy(update={"frame": None})
    with pytest.raises(InvalidInput, match="changes nothing"):
        desk.stores.review.edit(assessment, content.revision(), ANNA, edit)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda doc: doc["inputs"].update(gaps=["g" * 2500]), "gaps.0"),
        (lambda doc: doc["inputs"].update(gaps=["g" * 1500] * 2), "gaps"),
        (lambda doc: doc["inputs"]["tasks"][0].update(name="\u200b"), "tasks.0.name"),
        (lambda doc: doc["inputs"]["tasks"][0].update(name="\x07"), "tasks.0.name"),
        (lambda doc: doc["inputs"]["tasks"][0].update(id="t2"), "tasks"),
        (lambda doc: doc["frame"].update(tags=["\u200b"]), "frame.tags.0"),
    ],
)
def test_an_edit_that_no_redraft_could_show_is_refused(
    waiting_at: WaitingAt, change: Callable[[dict[str, object]], None], place: str
) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    document = edit_of(content).model_dump(mode="json")
    change(document)
    with pytest.raises(InvalidInput) as refusal:
        desk.stores.review.edit(assessment, content.revision(), ANNA, edit_from(document))
    assert place in {problem.partition(":")[0] for problem in refusal.value.problems}


def test_a_draft_that_the_answer_cannot_hold_is_presented_as_it_is(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    inputs = content.inputs.model_copy(update={"gaps": ("g" * 2500,)})
    shown = present_draft(Section.TASKS, sections_of(inputs)[Section.TASKS], ())
    assert "g" * 2500 in shown


def test_texts_of_an_edit_are_cleaned_once_and_for_all(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    task = content.inputs.tasks[0].model_copy(update={"name": " Design\u202e\n lines\x1b "})
    edit = with_inputs(content, tasks=(task, *content.inputs.tasks[1:]))
    after = desk.stores.review.preview(assessment, content.revision(), edit)
    assert after.inputs.tasks[0].name == "Design lines"
    assert edited(desk, assessment, edit) == after


def test_no_edit_is_invisible(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    inputs = content.inputs
    a, b, *rest = inputs.tasks
    swapped = (a.model_copy(update={"claims": b.claims}), b.model_copy(update={"claims": a.claims}), *rest)
    twin = a.model_copy(update={"name": "Hidden"})
    wages = {
        name: draft.model_copy(update={"gap": "Old data."}) if name == "wages" else draft
        for name, draft in inputs.evidence.items()
    }
    for changed, line in (
        ({"tasks": (b, a, *rest)}, "tasks: now in the order"),
        ({"tasks": swapped}, "task t1 claims: 1 claims new or changed, 1 removed or replaced"),
        ({"tasks": (twin, *inputs.tasks)}, "added"),
        ({"gaps": ("A gap.",)}, "gaps: A gap."),
        ({"evidence": wages}, "evidence wages gap: Old data."),
        ({"evidence": dict(reversed(inputs.evidence.items()))}, ""),
    ):
        after = content.model_copy(update={"inputs": inputs.model_copy(update=changed)})
        lines = changes(content, after)
        assert bool(lines) == (after.revision() != content.revision()), changed
        assert not line or any(line in found for found in lines), lines
    assert changes(content, content) == ()


@pytest.mark.parametrize("fault", ["foreign files", "no folder"])
def test_a_publication_whose_folder_cannot_be_used_goes_to_another(
    waiting_at: WaitingAt, home: Path, fault: str
) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    target = home / "published" / slug("Widget Engineer", "mid-level") / "v1"
    if fault == "foreign files":
        target.mkdir(parents=True)
        (target / "index.html").write_text("mine")
    else:
        (home / "published").write_text("a file where the folder should be")
    assert desk.approve(assessment).status is Status.FAILED
    desk.bench.publish_dir = home / "other"
    assert desk.runner.advance(assessment).status is Status.PUBLISHED
    [row] = desk.stores.publications.done()
    assert row.path == str(home / "other" / row.slug / "v1")
    assert (Path(row.path) / "index.html").is_file()
    assert "publication moved" in desk.events(assessment)


def test_files_that_stand_are_not_written_to_another_folder(
    waiting_at: WaitingAt, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    with monkeypatch.context() as patch:
        patch.setattr(desk.stores.publications, "finish", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError, match="killed"):
            desk.approve(assessment)
    assert desk.stores.assessments.unfinished() == (assessment,)
    desk.bench.publish_dir = home / "other"
    assert desk.runner.advance(assessment).status is Status.PUBLISHED
    [row] = desk.stores.publications.done()
    assert row.path == str(home / "published" / row.slug / "v1")
    assert not (home / "other").exists()


def test_the_budget_holds_over_resumes_also_for_answers_that_could_not_be_used(home: Path) -> None:
    def garbled(prompt: Prompt, schema: type[BaseModel], sample: int) -> BaseModel | str:
        return WidgetScript()(prompt, schema, sample) if prompt.id == "frame" else "no JSON at all"

    really, assessment = 0, ""
    for at in range(4):
        books: list[tuple[TokenBook, int]] = []

        def connect(book: TokenBook, books: list[tuple[TokenBook, int]] = books) -> ScriptedModel:
            books.append((book, book.total.tokens))
            return ScriptedModel(garbled, book=book)

        with open_desk(home, connect=connect, stamps=FixedStamps(first=1 + at)) as desk:
            row = desk.runner.advance(assessment) if assessment else desk.start(max_tokens=9000)
            assessment = row.id
            really += sum(book.total.tokens - before for book, before in books)
            usage = desk.stores.assessments.usage(assessment)
            assert usage["input_tokens"] + usage["output_tokens"] == really <= 9000
    assert row.outcome is not None and row.outcome["kind"] == "budget"


@pytest.mark.parametrize("decided", [False, True])
def test_a_run_killed_after_its_review_was_opened_waits_for_what_it_holds_now(
    home: Path, monkeypatch: pytest.MonkeyPatch, decided: bool
) -> None:
    real = ReviewStore.open

    def dying(self: ReviewStore, opening: OpenReview) -> str:
        real(self, opening)
        raise KeyboardInterrupt

    with open_desk(home) as desk, monkeypatch.context() as patch:
        patch.setattr(ReviewStore, "open", dying)
        with pytest.raises(KeyboardInterrupt):
            desk.start()
    for file in (home / "articles").glob("*.md"):
        file.write_text(file.read_text().replace('title: "On', 'title: "About'))
    with open_stores(a_settings(home), FixedStamps(first=50)) as stores:
        corpus = Corpus(stores.db, home, HashEmbedder(), clock=stores.stamps.now)
        corpus.take(item.article for item in read_articles(article_files([home / "articles"])))
        corpus.close()
    with open_desk(home, stamps=FixedStamps(first=100)) as desk:
        [assessment] = desk.stores.assessments.unfinished()
        old = desk.waiting(assessment).revision
        if decided:
            desk.stores.review.approve(assessment, old, ANNA)
        assert desk.runner.advance(assessment).status is Status.WAITING
        state, waits = desk.runner.state(assessment), desk.waiting(assessment)
        assert waits.gate is Gate.INPUTS
        assert (state["revision"], state["review"]) == (waits.revision, waits.id)
        assert waits.revision != old
        desk.approve(assessment)
        assert desk.approve(assessment).status is Status.PUBLISHED


def test_titles_that_differ_in_a_sign_do_not_share_a_version_chain() -> None:
    assert [slug(title, "mid") for title in ("C++ Developer", "C# Developer", "C Developer")] == [
        "c-plus-plus-developer-mid",
        "c-sharp-developer-mid",
        "c-developer-mid",
    ]


def test_a_long_title_does_not_swallow_the_level() -> None:
    long = "engineer " * 30
    assert slug(long, "junior") != slug(long, "senior")
    assert slug(long, "senior").endswith("-senior")
    assert len(slug("ß" * 200, "ß" * 60).encode()) <= 120
    assert slug("\u202e!", "") == "role"
