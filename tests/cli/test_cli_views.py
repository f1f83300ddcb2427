"""What a person sees: tables that fit, quotes that can be told from their context, text that wraps at words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from factories_cli import Cli, Waiting
from factories_lens import REASON, a_lens, an_unscored_lens

from agent.cli import views
from agent.cli.output import Terminal, fitted
from agent.cli.reading import claim_at
from agent.cli.wording import counted, worded
from agent.errors import InvalidInput
from agent.review.edit import edit_from
from agent.schemas.assessment import Assessment
from agent.schemas.lens import EvidenceDelta, LensGrowth, LensTask
from agent.schemas.vocabulary import BarrierName, EvidenceName, LensBucket, LensOutcome
from agent.scoring import lens_score
from agent.settings import read_settings
from agent.workflow.wiring import open_stores

HEAD = ("ID", "TITLE", "LABEL")
ROWS = [
    ("an-id-that-is-never-cut-0a1b2c3d", "A title of many words that says a lot", "YELLOW (Urgent)"),
    ("short-1", "Little", "RED"),
]


class ATerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def a_table(monkeypatch: pytest.MonkeyPatch, *, columns: int) -> list[str]:
    monkeypatch.setattr("sys.stdout", ATerminal())
    monkeypatch.setenv("COLUMNS", str(columns))
    return views.table(HEAD, ROWS, flexible=("TITLE", "LABEL")).splitlines()


def test_a_pipe_gets_every_cell_whole() -> None:
    assert views.table(HEAD, ROWS, flexible=("TITLE",)).splitlines() == [
        "ID                                TITLE                                  LABEL",
        "an-id-that-is-never-cut-0a1b2c3d  A title of many words that says a lot  YELLOW (Urgent)",
        "short-1                           Little                                 RED",
    ]


def test_a_narrow_terminal_shortens_the_flexible_columns_only(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = a_table(monkeypatch, columns=70)
    assert lines == [
        "ID                                TITLE                LABEL",
        "an-id-that-is-never-cut-0a1b2c3d  A title of many wo…  YELLOW (Urgent)",
        "short-1                           Little               RED",
    ]


def test_a_very_narrow_terminal_gets_each_row_whole_below_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    assert a_table(monkeypatch, columns=40) == [
        "an-id-that-is-never-cut-0a1b2c3d",
        "  A title of many words that says a lot",
        "  YELLOW (Urgent)",
        "short-1",
        "  Little  RED",
    ]


def test_a_cell_too_long_for_a_line_of_its_own_wraps_at_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert a_table(monkeypatch, columns=20)[:4] == [
        "an-id-that-is-never-cut-0a1b2c3d",
        "  A title of many",
        "  words that says a",
        "  lot",
    ]


def test_control_characters_do_not_reach_a_table() -> None:
    assert views.table(("A",), [("\x1b[31mred\x07\u202e",)]) == "A\n[31mred"


def test_long_lines_wrap_at_words_at_a_terminal_and_never_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    text = "  one two three four five\nsha256:0123456789abcdef0123456789"
    assert fitted(text, io.StringIO()) == text
    assert fitted(text, ATerminal()) == "  one two three four\n    five\nsha256:0123456789abcdef0123456789"


def test_several_problems_are_a_list_and_none_is_said_twice(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().failure(InvalidInput("It breaks 2 rules: a: one; b: two", problems=("a: one", "b: two"), hint="Mend."))
    Terminal().failure(InvalidInput("It breaks a rule: a: one", problems=("a: one",)))
    Terminal().failure(InvalidInput("It has 2 errors.", problems=("a: one", "b: two")))
    assert capsys.readouterr().err.splitlines() == [
        *("error: It breaks 2 rules:", "  - a: one", "  - b: two", "hint: Mend."),
        "error: It breaks a rule: a: one",
        *("error: It has 2 errors.", "  - a: one", "  - b: two"),
    ]


@pytest.mark.parametrize(("count", "words"), [(0, "0 passages"), (1, "1 passage"), (2, "2 passages")])
def test_one_thing_is_not_counted_in_the_plural(count: int, words: str) -> None:
    assert counted(count, "passage") == words


def an_edit_error(**changes: object) -> tuple[str, ...]:
    document = {"inputs": {}, "accepted": [], **changes}
    with pytest.raises(InvalidInput) as caught:
        edit_from(document)
    return tuple(problem for problem in worded(caught.value)[1] if not problem.startswith("inputs."))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"accepted": [{"finding": "G-A@b", "reason": "short"}]},
            "found 5 characters, expected at least 10",
        ),
        ({"accepted": [{"finding": "G-A@b"}]}, "missing"),
        ({"accepted": [{"finding": 3, "reason": "x" * 10}]}, "found 3, expected text"),
        ({"accepted": "words"}, "found 'words', expected a list"),
        ({"override": {"score": 101, "reason": "x" * 10, "citations": []}}, "found 101, expected at most 100"),
        ({"override": []}, "found a list, expected a mapping"),
        ({"bogus": 1}, "there is no such key"),
    ],
)
def test_what_a_library_found_is_said_in_our_words(changes: dict[str, object], problem: str) -> None:
    found = an_edit_error(**changes)
    assert found[0].partition(": ")[2] == problem
    assert not any("should" in text or "Input" in text for text in found)


def content_of(waiting: Waiting) -> Assessment:
    with open_stores(read_settings()) as stores:
        return stores.review.revision(waiting.id, waiting.revision)


def test_a_finding_leads_to_its_claim(waiting: Waiting) -> None:
    content = content_of(waiting)
    assert claim_at(content, "tasks.0.claims.0") == "A person leads"
    assert (
        claim_at(content, "evidence.wages.claims.1.citations.0")
        == content.inputs.evidence[EvidenceName.WAGES].claims[1].text
    )
    for elsewhere in ("tasks", "tasks.99.claims.0", "evidence.wages", "override", "commentary.summary.0"):
        assert claim_at(content, elsewhere) is None


def test_a_quote_of_a_digest_is_marked_without_quotation_marks_and_one_of_a_source_with_them(
    waiting: Waiting, capsys: pytest.CaptureFixture[str]
) -> None:
    from agent.cli.reading import review_view
    from agent.schemas.article import TextKind

    content = content_of(waiting)
    source = content.sources[0]
    quote = next(
        c.quote
        for dimension in content.inputs.evidence.values()
        for claim in dimension.claims
        for c in claim.citations
        if c.passage == source.passage
    )
    review_view(content)
    digest = " ".join(capsys.readouterr().out.split())
    assert f"[{quote}]" in digest
    assert f"our digest of {source.meta.publisher}" in digest
    meta = source.meta.model_copy(update={"text_kind": TextKind.FULL})
    sources = tuple(s.model_copy(update={"meta": meta}) if s is source else s for s in content.sources)
    review_view(content.model_copy(update={"sources": sources}))
    full = " ".join(capsys.readouterr().out.split())
    assert f'"{quote}"' in full
    assert f"our digest of {source.meta.publisher}" not in full


def test_dimensions_are_shown_in_the_order_of_the_method(waiting: Waiting, cli: Cli) -> None:
    shown = cli("show", waiting.id).out
    names = ("job postings", "company actions", "wages", "tool maturity", "expert consensus", "regulatory", "cultural")
    places = [shown.index(f"  {name}\n") for name in names]
    assert places == sorted(places)


def test_a_source_without_a_date_is_undated(waiting: Waiting, capsys: pytest.CaptureFixture[str]) -> None:
    from agent.cli.reading import review_view

    content = content_of(waiting)
    sources = tuple(
        s.model_copy(update={"meta": s.meta.model_copy(update={"date": "unknown"})}) for s in content.sources
    )
    review_view(content.model_copy(update={"sources": sources}))
    words = " ".join(capsys.readouterr().out.split())
    assert ", undated, tier " in words
    assert ", unknown, tier " not in words


def test_the_articles_stand_by_publisher_and_title_one_a_line_in_a_pipe(corpus_home: Path, cli: Cli) -> None:
    items = cli("corpus", "list", "--json").document["items"]
    order = [(item["publisher"].casefold(), item["title"].casefold()) for item in items]
    assert order == sorted(order)
    lines = cli("corpus", "list").out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == [item["article"] for item in items]
    assert all(line.endswith(item["title"]) for line, item in zip(lines, items, strict=True))
    assert not any(line.split()[1] == "unknown" for line in lines)


PRINTED = ("function", "aliases", "proxies", "is_not", "experience", "seniority", "seniority_note", "title")
LENS_VOCABULARY = {*LensBucket, *LensOutcome, *EvidenceName, *BarrierName}
NOT_SHOWN = {"id", "kind", "stance", "bucket", "passage", "quote"}


def leaves(value: object, name: str = "") -> list[str]:
    """Every text of a document, except vocabulary and ids."""
    if isinstance(value, dict):
        return [leaf for key, item in value.items() if key not in NOT_SHOWN for leaf in leaves(item, key)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item, name)]
    return [value] if isinstance(value, str) else []


def test_everything_that_a_page_prints_was_shown_to_the_reviewer(
    waiting: Waiting, capsys: pytest.CaptureFixture[str]
) -> None:
    from agent.cli.reading import review_view

    with open_stores(read_settings()) as stores:
        content = stores.review.revision(waiting.id, waiting.revision)
    gap = "The passages say nothing of pay."
    wages = content.inputs.evidence[EvidenceName.WAGES].model_copy(update={"gap": gap})
    inputs = content.inputs.model_copy(
        update={
            "gaps": ("No source gives shares.",),
            "evidence": {**content.inputs.evidence, EvidenceName.WAGES: wages},
        }
    )
    review_view(content.model_copy(update={"inputs": inputs}))
    shown = " ".join(capsys.readouterr().out.split())
    frame = {name: content.role.model_dump(mode="json")[name] for name in PRINTED}
    wanted = leaves(frame) + leaves(inputs.model_dump(mode="json"))
    assert len(wanted) > 20
    assert [leaf for leaf in wanted if " ".join(leaf.split()) not in shown] == []


def test_everything_that_a_page_prints_of_a_lens_was_shown_to_the_reviewer(
    waiting: Waiting, capsys: pytest.CaptureFixture[str]
) -> None:
    from agent.cli.reading import review_view

    content = content_of(waiting)
    said = [REASON.model_copy(update={"text": f"Reason {word}."}) for word in ("alpha", "beta", "gamma", "delta")]
    first, *others = [
        LensTask(id=task.id, share=task.share, score=task.score, bucket=LensBucket.ENHANCED)
        for task in content.inputs.tasks
    ]
    moved = {"share": first.share + 5, "tools": ("Hoist",), "share_claims": (said[0],), "score_claims": (said[1],)}
    tasks = (
        first.model_copy(update={**moved, "score": 4, "bucket": LensBucket.DISPLACED}),
        others[0].model_copy(update={"share": others[0].share - 5}),
        *others[1:],
    )
    lens = a_lens(
        tasks=tasks,
        evidence=(EvidenceDelta(name=EvidenceName.TOOL_MATURITY, delta=1, claims=(said[2],)),),
        growth=LensGrowth(score=1, exists_because_of_ai=False, claims=(said[3],)),
    )
    result = lens_score(lens, content.inputs)
    assert result is not None
    with_lens = content.model_copy(update={"lens": lens, "lens_result": result})
    review_view(with_lens)
    shown = " ".join(capsys.readouterr().out.split())
    wanted = [leaf for leaf in leaves(lens.model_dump(mode="json")) if leaf not in LENS_VOCABULARY]
    wanted += [result.verdict, result.distance, result.fragility, *(line.value for line in result.derivation)]
    wanted += [f"{reread.name}: {reread.score:.1f}, {reread.zone}" for reread in result.rereads]
    wanted += [f"{percent}% {bucket}" for bucket, percent in result.split.items()]
    wanted += [f"{first.share}% {first.score} to {first.share + 5}% 4 displaced", "tools: Hoist", "Transforms"]
    wanted += ["+1 liability", "+1 tool maturity", f"Growth {content.inputs.growth.score} to 1"]
    assert len(wanted) > 40
    assert [leaf for leaf in wanted if " ".join(leaf.split()) not in shown] == []
    assert claim_at(with_lens, "lens.tasks.0.score_claims.0") == said[1].text


def test_a_lens_without_a_composite_is_shown_with_the_reason(
    waiting: Waiting, capsys: pytest.CaptureFixture[str]
) -> None:
    from agent.cli.reading import review_view

    review_view(content_of(waiting).model_copy(update={"lens": an_unscored_lens()}))
    assert "Already AI-driven: the role is the end state itself" in " ".join(capsys.readouterr().out.split())
