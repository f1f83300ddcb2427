"""What a trace holds: a span a run, node, search and model call, with ids and numbers, and texts only when asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from factories_workflow import FixedStamps, a_request, copy_home, open_desk
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from scripts_workflow import WidgetScript, invented_quote

from agent.drafting.frame import FrameAnswer
from agent.errors import UpstreamFailed
from agent.llm.port import Prompt, request_key
from agent.llm.recording import RecordedAnswer, Recording
from agent.llm.scripted import ScriptedModel
from agent.schemas.vocabulary import INPUT_SECTIONS, Status
from agent.workflow.otel import OtelTracer

REDRAFTED = WidgetScript().but("growth", invented_quote(("growth", "claims"), until_redraft=True))
Tree = tuple[str, tuple["Tree", ...]]
SEARCH: Tree = ("retrieval corpus", ())
CALL: Tree = ("chat scripted", ())
IDS = {"gen_ai.conversation.id": "widget-engineer-00000001"}
OF_A_CALL = {
    "gen_ai.operation.name",
    "gen_ai.provider.name",
    "gen_ai.request.model",
    "gen_ai.output.type",
    "gen_ai.prompt.name",
    "gen_ai.prompt.version",
    "gen_ai.conversation.id",
    "gen_ai.response.model",
    "gen_ai.response.finish_reasons",
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.output_tokens",
    "assess_role.sample",
    "assess_role.answers",
    "assess_role.estimated",
    "assess_role.recorded",
}
TEXTS = (
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.retrieval.query.text",
    "gen_ai.retrieval.documents",
)


@dataclass
class Traced:
    """Spans kept in memory."""

    tracer: OtelTracer
    exporter: InMemorySpanExporter

    @property
    def spans(self) -> list[ReadableSpan]:
        """In the order they began."""
        return sorted(self.exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]

    def tree(self, of: int | None = None) -> tuple[Tree, ...]:
        """Names within names; what goes on side by side in the order of its names."""
        below = [span for span in self.spans if (span.parent.span_id if span.parent else None) == of]
        return tuple((span.name, self.tree(span.context.span_id)) for span in below if span.context)


def a_tracer(*, texts: bool = False) -> Traced:
    # The edge of the model's tools switches the SDK off for its process.
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("OTEL_SDK_DISABLED", raising=False)
        exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Traced(OtelTracer(provider, texts=texts), exporter)


@pytest.fixture(scope="module")
def published(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Traced:
    """A whole run with one redraft, approved twice."""
    traced = a_tracer()
    home = copy_home(widget_home, tmp_path_factory.mktemp("traced") / "home")
    with open_desk(home, REDRAFTED, tracer=traced.tracer) as desk:
        assessment = desk.start().id
        desk.approve(assessment)
        assert desk.approve(assessment).status is Status.PUBLISHED
    return traced


def _sorted(tree: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Nodes that run side by side begin in no order."""
    return tuple(sorted((name, _sorted(below)) for name, below in tree))


def test_a_whole_run_is_a_tree_of_runs_nodes_searches_and_calls(published: Traced) -> None:
    to_gate_1, to_gate_2, to_the_page = published.tree()
    assert {name for name, _ in published.tree()} == {"invoke_workflow assess-role"}
    assert _sorted(to_gate_1[1]) == _sorted(
        (
            ("frame", (CALL,)),
            ("retrieve", (SEARCH,) * 8),
            *((f"draft_{name}", (CALL,)) for name in ("tasks", "evidence", "barriers", "growth")),
            ("guard_inputs", ()),
            ("draft_growth", (CALL,)),
            ("guard_inputs", ()),
            ("score", ()),
            ("freeze_inputs", ()),
            ("gate_inputs", ()),
        )
    )
    assert _sorted(to_gate_2[1]) == _sorted(
        (
            ("gate_inputs", ()),
            ("accept_inputs", ()),
            ("draft_commentary", (CALL,)),
            ("draft_lens", (SEARCH, SEARCH, CALL)),
            ("guard_commentary", ()),
            ("freeze_publication", ()),
            ("gate_publication", ()),
        )
    )
    assert to_the_page[1] == (("gate_publication", ()), ("publish", ()))


def test_the_calls_of_further_drafts_are_told_of_within_their_node(widget_home: Path, tmp_path: Path) -> None:
    traced = a_tracer()
    with open_desk(copy_home(widget_home, tmp_path / "home"), tracer=traced.tracer) as desk:
        desk.start(drafts=2)
    (run,) = traced.tree()
    assert dict(run[1])["draft_samples"] == (CALL,) * 4
    (node,) = traced.named("draft_samples")
    assert "assess_role.redraft" not in (node.attributes or {})
    samples = [(span.attributes or {})["assess_role.sample"] for span in traced.named("chat scripted")]
    assert sorted(samples) == [0] * 5 + [1] * 4  # type: ignore[type-var]


def test_every_run_and_node_names_the_assessment_and_no_span_has_failed(published: Traced) -> None:
    for span in published.spans:
        assert span.status.status_code is StatusCode.UNSET, span.name
        assert not span.events and "error.type" not in (span.attributes or {})
        if not span.name.startswith("retrieval"):
            assert dict(span.attributes or {}).items() >= IDS.items()
    assert [(s.attributes or {})["assess_role.status"] for s in published.named("invoke_workflow assess-role")] == [
        "waiting",
        "waiting",
        "published",
    ]


def test_a_draft_says_which_redraft_it_is_and_a_gate_which_revision_waits(published: Traced) -> None:
    drafts = [s.attributes or {} for s in published.spans if s.name.startswith("draft_")]
    assert [d["assess_role.redraft"] for d in drafts if d["assess_role.node"] == "draft_growth"] == [0, 1]
    assert {d["assess_role.redraft"] for d in drafts if d["assess_role.node"] != "draft_growth"} == {0}
    waits, answered = (s.attributes or {} for s in published.named("gate_inputs"))
    [frozen] = (s.attributes or {} for s in published.named("freeze_inputs"))
    assert (waits["assess_role.waits"], "assess_role.waits" in answered) == (True, False)
    assert waits["assess_role.revision"] == answered["assess_role.revision"] == frozen["assess_role.revision"]


def test_a_call_has_model_tokens_and_finish_reason_by_the_names_of_the_conventions(published: Traced) -> None:
    calls = published.named("chat scripted")
    for span in calls:
        assert (span.kind, set(span.attributes or {})) == (SpanKind.CLIENT, OF_A_CALL)
    first = dict(calls[0].attributes or {})
    tokens = first.pop("gen_ai.usage.input_tokens"), first.pop("gen_ai.usage.output_tokens")
    assert all(isinstance(count, int) and count > 0 for count in tokens)
    assert first.pop("gen_ai.prompt.version")
    assert first == IDS | {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "scripted",
        "gen_ai.output.type": "json",
        "gen_ai.prompt.name": "frame",
        "gen_ai.response.model": "scripted",
        "gen_ai.response.finish_reasons": ("stop",),
        "assess_role.sample": 0,
        "assess_role.answers": 1,
        "assess_role.estimated": False,
        "assess_role.recorded": False,
    }


def test_a_search_says_where_by_which_model_how_many_and_what_it_found(published: Traced) -> None:
    search = published.named("retrieval corpus")[0]
    attributes = dict(search.attributes or {})
    assert str(attributes.pop("assess_role.corpus")).startswith("sha256:")
    assert (search.kind, attributes) == (
        SpanKind.CLIENT,
        {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.data_source.id": "corpus",
            "gen_ai.request.model": "words-of-the-test",
            "gen_ai.retrieval.top_k": 12,
            "assess_role.passages": 9,
        },
    )


def test_no_span_holds_a_text_of_the_run(published: Traced) -> None:
    held = [value for span in published.spans for value in (span.attributes or {}).values()]
    assert not any(name in (span.attributes or {}) for span in published.spans for name in TEXTS)
    # Ids, names and hashes: nothing with the blanks of a sentence.
    assert [value for value in held if isinstance(value, str) and (" " in value or len(value) > 71)] == []


@dataclass(frozen=True)
class Told:
    """A run up to gate 1 that was traced with its texts."""

    home: Path
    traced: Traced
    frame: Prompt
    """The first prompt."""
    packs: dict[str, tuple[str, ...]]
    calls: int
    """Call spans before the frame was asked for once more."""


@pytest.fixture(scope="module")
def told(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    home = copy_home(widget_home, tmp_path_factory.mktemp("told") / "home")
    traced = a_tracer(texts=True)
    with open_desk(home, tracer=traced.tracer) as desk:
        assessment = desk.start().id
        packs = desk.stores.review.packs(assessment)
        calls = len(traced.named("chat scripted"))
        desk.bench.drafter(assessment).frame(a_request().role, None)
        [first, *_] = desk.made()
    return Told(home, traced, first.prompt, {section.value: packs[section] for section in INPUT_SECTIONS}, calls)


def test_with_texts_asked_for_calls_and_searches_hold_them(told: Told) -> None:
    traced = told.traced
    call, search = traced.named("chat scripted")[0], traced.named("retrieval corpus")[0]
    held = dict(call.attributes or {})
    assert json.loads(str(held["gen_ai.input.messages"])) == [
        {"role": message.role, "parts": [{"type": "text", "content": message.content}]}
        for message in told.frame.messages
    ]
    [given] = json.loads(str(held["gen_ai.output.messages"]))
    assert (given["role"], given["finish_reason"]) == ("assistant", "stop")
    assert "Widget Engineer" in given["parts"][0]["content"]
    found = dict(search.attributes or {})
    assert "Widget" in str(found["gen_ai.retrieval.query.text"])
    documents = json.loads(str(found["gen_ai.retrieval.documents"]))
    assert len(documents) == 9 and set(documents[0]) == {"id", "score"}


def refusing(*request: object) -> str:
    raise UpstreamFailed("It was refused: as a model I will not say what sk-key-of-somebody opens.")


def test_a_failed_call_tells_its_kind_and_none_of_its_words(home: Path) -> None:
    traced = a_tracer(texts=True)
    with open_desk(home, refusing, tracer=traced.tracer) as desk:
        assert desk.start().status is Status.FAILED
    failed = [span for span in traced.spans if span.status.status_code is StatusCode.ERROR]
    assert [span.name for span in failed] == ["invoke_workflow assess-role", "frame", "chat scripted"]
    assert {(span.attributes or {})["error.type"] for span in failed} == {"upstream"}
    assert not any(span.events or span.status.description for span in failed)
    assert "sk-key" not in "".join(span.to_json() for span in traced.spans)


def test_a_bug_is_told_by_its_name_and_keeps_its_traceback(home: Path) -> None:
    def broken(*request: object) -> str:
        raise ZeroDivisionError("words")

    traced = a_tracer()
    with open_desk(home, broken, tracer=traced.tracer) as desk, pytest.raises(ZeroDivisionError):
        desk.start()
    assert {(span.attributes or {})["error.type"] for span in traced.spans} == {"ZeroDivisionError"}


def test_a_stored_answer_is_no_call(told: Told) -> None:
    assert len(told.traced.named("chat scripted")) == told.calls == 5


def test_a_replayed_answer_is_told_as_one_that_no_model_was_called_for(told: Told, home: Path) -> None:
    answer = ScriptedModel(WidgetScript()).complete(told.frame, FrameAnswer)
    recording = Recording(
        role="Widget Engineer",
        seniority="mid-level",
        as_of="2026-02-25",
        model="desk",
        recorded_at="2026-02-25",
        corpus="c",
        embedding="e",
        packs=told.packs,
        answers=(
            RecordedAnswer(
                key=request_key(told.frame, FrameAnswer, 0),
                prompt=told.frame.label,
                sample=0,
                text=answer.text,
                model="desk",
                input_tokens=11,
                output_tokens=22,
                finish_reason="stop",
                recorded_at="2026-02-25",
            ),
        ),
    )
    traced = a_tracer()
    with open_desk(
        home, connected=False, recordings=(recording,), stamps=FixedStamps(first=100), tracer=traced.tracer
    ) as desk:
        assert desk.start(recorded=True).status is Status.NEEDS_MODEL
    frame, *unknown = (dict(span.attributes or {}) for span in traced.named("chat recorded: desk"))
    names = ("gen_ai.provider.name", "gen_ai.response.model", "gen_ai.usage.input_tokens", "assess_role.recorded")
    assert [frame[name] for name in names] == ["recording", "desk", 11, True]
    assert unknown and {span["error.type"] for span in unknown} == {"needs_model"}
