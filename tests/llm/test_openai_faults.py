"""Every way in which a server has been seen to misbehave, over real HTTP on loopback."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from factories_llm import CANARY, KEY, Answer, Bench, Verdict, a_bench, a_prompt, a_text, a_verdict, error, ok, serving

from agent.errors import BudgetSpent, InvalidInput, UpstreamFailed
from agent.llm.budget import TokenBook
from agent.llm.dialect import DialectMemory
from agent.llm.openai_endpoint import OpenAIModel, shown_url
from agent.llm.port import NO_USAGE, Completion, Usage

ONE = Usage(input_tokens=120, output_tokens=30, calls=1)
LONG = "Evidence on data engineers and their daily work. " * 400


def ask(bench: Bench, text: str = "Which tasks?") -> Completion[Verdict]:
    return bench.model.complete(a_prompt(text=text), Verdict, canary=CANARY)


@dataclass
class Failure:
    message: str
    hint: str
    requests: int
    total: Usage
    waits: list[float]


def failing(*answers: Answer, text: str = "Which tasks?", **options: float) -> Failure:
    """Ask once where it must fail; everything that is left to see afterwards."""
    with serving(*answers) as server:
        bench = a_bench(server.url, **options)  # type: ignore[arg-type]
        with pytest.raises(UpstreamFailed) as caught:
            ask(bench, text)
        assert KEY not in f"{caught.value.message} {caught.value.hint}"
        return Failure(
            caught.value.message, caught.value.hint or "", len(server.requests), bench.book.total, bench.waits
        )


def test_a_rate_limit_waits_as_long_as_the_server_asks() -> None:
    with serving(error(429, "slow down", retry_after="7"), ok()) as server:
        bench = a_bench(server.url)
        assert ask(bench).value == a_verdict()
        assert (bench.waits, len(server.requests), bench.book.total) == ([7.0], 2, ONE)


@pytest.mark.parametrize(
    ("header", "waited"),
    [("3600", 30.0), ("Sun, 09 Sep 2001 01:46:52 GMT", 12.0), ("Sun, 09 Sep 2001 01:00:00 GMT", 0.0), ("soon", 1.0)],
)
def test_retry_after_is_read_as_seconds_or_date_and_bounded(header: str, waited: float) -> None:
    with serving(error(429, "slow down", retry_after=header), ok()) as server:
        bench = a_bench(server.url)
        ask(bench)
        assert bench.waits == [waited]


def test_a_spent_account_is_not_retried() -> None:
    body = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    failure = failing(Answer(429, body))
    assert (failure.requests, failure.waits, failure.total) == (1, [], NO_USAGE)
    assert failure.hint == "The account has no credit left."


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_retried_and_the_answer_used(status: int) -> None:
    with serving(error(status, "later"), ok()) as server:
        bench = a_bench(server.url)
        assert ask(bench).usage == ONE
        assert (bench.waits, len(server.requests), bench.book.total) == ([1.0], 2, ONE)


def test_a_lasting_server_error_ends_after_the_bounded_retries_with_growing_waits() -> None:
    failure = failing(error(500, "broken"))
    assert (failure.requests, failure.waits, failure.total) == (3, [1.0, 2.0], NO_USAGE)
    assert "tasks@1 (3 attempts): HTTP 500: broken" in failure.message


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_request_that_the_server_refuses_is_not_repeated(status: int) -> None:
    failure = failing(error(status, "no"))
    assert (failure.requests, failure.waits, failure.total) == (1, [], NO_USAGE)
    assert f"HTTP {status}: no" in failure.message


def test_a_hanging_server_ends_in_a_timeout_per_attempt() -> None:
    failure = failing(Answer(hang=True), timeout_s=0.3, retries=1)
    assert (failure.requests, failure.waits, failure.total) == (2, [1.0], NO_USAGE)
    assert "no answer within 0.3 s" in failure.message


def test_a_refused_connection_says_where_it_looked() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/v1"
    bench = a_bench(url)
    with pytest.raises(UpstreamFailed, match="no connection") as caught:
        ask(bench)
    assert url in caught.value.message
    assert (bench.waits, bench.book.total) == ([1.0, 2.0], NO_USAGE)


def test_the_key_never_reaches_a_message() -> None:
    failure = failing(error(401, f"Incorrect API key provided: {KEY}"))
    assert "Incorrect API key provided: [key]" in failure.message
    assert failure.hint == "Check OPENAI_API_KEY."


def test_control_characters_of_a_server_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in failing(error(400, "bad\x1b[31m\r\nrequest")).message


def test_a_body_that_is_no_json_is_retried() -> None:
    with serving(Answer(body='{"choices": [{"mess'), ok()) as server:
        bench = a_bench(server.url)
        assert ask(bench).value == a_verdict()
        assert (len(server.requests), bench.book.total) == (2, ONE)


def test_an_answer_that_breaks_off_on_the_way_is_asked_for_again() -> None:
    with serving(Answer(body='{"choices": [', headers={"content-length": "5000"}), ok()) as server:
        bench = a_bench(server.url, timeout_s=0.3)
        assert ask(bench).value == a_verdict()
        assert (len(server.requests), bench.waits, bench.book.total) == (2, [1.0], ONE)


def test_a_web_page_instead_of_an_api_is_an_error_about_the_address() -> None:
    failure = failing(Answer(body="<html>hello</html>", headers={"content-type": "text/html"}))
    assert failure.requests == 1
    assert "not a chat completion" in failure.message
    assert "OPENAI_BASE_URL" in failure.hint


def test_an_answer_that_breaks_the_schema_is_asked_for_once_more_with_its_problems() -> None:
    with serving(ok(a_text(score="3", bucket="both")), ok()) as server:
        bench = a_bench(server.url)
        completion = ask(bench)
        assert (completion.text, completion.usage) == (a_text(), ONE + ONE)
        assert (len(server.requests), bench.book.total, bench.waits) == (2, ONE + ONE, [])
        *_, given, again = server.requests[1]["messages"]  # type: ignore[misc]
        assert given == {"role": "assistant", "content": a_text(score="3", bucket="both")}
        assert "- bucket: Input should be 'displacement' or 'augmentation', found 'both'" in again["content"]
        assert "- score: Input should be a valid integer, found '3'" in again["content"]
        assert '"additionalProperties": false' in again["content"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{not json", "not a JSON object"),
        ("[1]", "JSON, but not an object"),
        (a_text(score=None), "score: Field required"),
        (a_text(more=1), "more: Extra inputs are not permitted"),
        (a_text(score="\ud800"), "Invalid JSON"),
    ],
)
def test_an_answer_that_stays_unusable_fails_after_one_more_question(text: str, said: str) -> None:
    failure = failing(ok(text))
    assert (failure.requests, failure.total) == (2, ONE + ONE)
    assert said in failure.message
    assert "after it was asked again" in failure.message


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ok('{"first_', finish_reason="length"), "max_output_tokens is 1000"),
        (ok("", message={"content": None, "refusal": "I cannot help"}), "was refused: I cannot help"),
        (ok("", finish_reason="content_filter"), "content filter"),
        (ok(""), "came back empty"),
        (ok("", message={"content": None, "reasoning_content": "let me think"}), "came back empty"),
    ],
)
def test_an_outcome_that_is_no_answer_fails_at_once_and_its_tokens_are_booked(answer: Answer, said: str) -> None:
    failure = failing(answer)
    assert (failure.requests, failure.total, failure.waits) == (1, ONE, [])
    assert said in failure.message


@pytest.mark.parametrize("choices", [[], None, "none"])
def test_an_answer_without_choices_fails_and_its_tokens_are_booked(choices: object) -> None:
    answer = ok()
    assert isinstance(answer.body, dict)
    failure = failing(Answer(body=answer.body | {"choices": choices}))
    assert (failure.requests, failure.total) == (1, Usage(input_tokens=120, output_tokens=30, calls=1))
    assert "no choices" in failure.message


def test_missing_counts_are_estimated_and_marked() -> None:
    with serving(ok(read=None)) as server:
        bench = a_bench(server.url)
        usage = ask(bench).usage
        assert usage == Usage(input_tokens=6, output_tokens=-(-len(a_text()) // 4), calls=1, estimated=True)
        assert bench.book.total == usage


def test_a_prompt_that_the_server_read_only_in_part_is_an_error() -> None:
    failure = failing(ok(read=2048), text=LONG)
    assert (failure.requests, failure.total) == (1, Usage(input_tokens=2048, output_tokens=30, calls=1))
    assert "the server read 2048 tokens of at least" in failure.message
    assert "num_ctx" in failure.hint


def test_a_long_prompt_that_was_read_whole_is_answered() -> None:
    with serving(ok(read=len(LONG) // 5)) as server:
        assert ask(a_bench(server.url), LONG).value == a_verdict()


@pytest.mark.parametrize(
    ("changed", "said"), [("first_passage_id", "beginning of the prompt"), ("last_passage_id", "end of the prompt")]
)
def test_a_passage_id_that_is_not_repeated_gives_the_cut_away(changed: str, said: str) -> None:
    failure = failing(ok(a_text(**{changed: "p-00000000000a"})))
    assert (failure.requests, failure.total) == (1, ONE)
    assert said in failure.message


def test_json_in_the_reasoning_field_is_used_when_the_content_is_empty() -> None:
    with serving(ok("", message={"content": None, "reasoning_content": a_text()})) as server:
        assert ask(a_bench(server.url)).text == a_text()


REFUSES_SCHEMA = error(400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported")
REFUSES_FORMAT = error(422, "unknown field response_format")
REFUSES_LIMIT = error(400, "Unsupported parameter: 'max_completion_tokens'")


def formats(requests: list[dict[str, object]]) -> list[str | None]:
    return [str(r["response_format"]["type"]) if "response_format" in r else None for r in requests]  # type: ignore[index]


def test_a_server_without_json_schema_is_asked_for_an_object_and_that_is_remembered() -> None:
    memory = DialectMemory()
    with serving(REFUSES_SCHEMA, ok()) as server:
        bench = a_bench(server.url, retries=0, memory=memory)
        assert ask(bench).value == a_verdict()
        assert formats(server.requests) == ["json_schema", "json_object"]
        assert '"first_passage_id"' in server.requests[1]["messages"][-1]["content"]  # type: ignore[index]
        ask(a_bench(server.url, memory=memory))
        assert formats(server.requests)[2:] == ["json_object"]
        assert (bench.waits, bench.book.total) == ([], ONE)


def test_a_server_without_any_format_is_asked_in_words_and_its_fence_is_taken_off() -> None:
    with serving(REFUSES_SCHEMA, REFUSES_FORMAT, ok(f"Here it is:\n```json\n{a_text()}\n```\n")) as server:
        bench = a_bench(server.url, retries=0)
        assert ask(bench).value == a_verdict()
        assert formats(server.requests) == ["json_schema", "json_object", None]
        assert (bench.waits, bench.book.total) == ([], ONE)


def test_a_server_that_refuses_every_step_fails_after_the_last() -> None:
    failure = failing(error(400, "structured output is not supported"))
    assert (failure.requests, failure.total) == (3, NO_USAGE)


def test_a_step_that_did_not_work_is_not_remembered() -> None:
    memory = DialectMemory()
    with serving(REFUSES_SCHEMA, error(401, "no"), ok()) as server:
        with pytest.raises(UpstreamFailed):
            ask(a_bench(server.url, memory=memory))
        ask(a_bench(server.url, memory=memory))
        assert formats(server.requests) == ["json_schema", "json_object", "json_schema"]


def test_an_old_server_is_given_the_old_name_of_the_output_limit() -> None:
    memory = DialectMemory()
    with serving(REFUSES_LIMIT, ok()) as server:
        ask(a_bench(server.url, retries=0, memory=memory))
        ask(a_bench(server.url, memory=memory))
        limits = [{k: v for k, v in r.items() if k.startswith("max")} for r in server.requests]
        assert limits == [{"max_completion_tokens": 1000}, {"max_tokens": 1000}, {"max_tokens": 1000}]


def test_a_request_says_only_what_the_server_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-leak: meant for another server")
    with serving(ok()) as server:
        ask(a_bench(server.url))
        assert set(server.requests[0]) == {"model", "messages", "max_completion_tokens", "response_format"}
        sent = server.headers[0]
        assert sent["authorization"] == f"Bearer {KEY}"
        assert not [name for name in sent if name.startswith(("x-stainless", "openai-", "x-leak"))]


def test_a_prompt_is_never_sent_on_to_another_address() -> None:
    with serving(ok()) as elsewhere:
        target = {"location": f"{elsewhere.url}/chat/completions"}
        with serving(Answer(status=307, headers=target), Answer(status=307, headers=target)) as server:
            with pytest.raises(UpstreamFailed, match="307"):
                ask(a_bench(server.url))
            assert (len(server.requests), elsewhere.requests) == (1, [])


def test_a_body_nested_beyond_reason_is_no_answer() -> None:
    with pytest.raises(UpstreamFailed):
        failing_body = Answer(body="[" * 200_000)
        with serving(*[failing_body] * 4) as server:
            ask(a_bench(server.url))


def test_a_servers_name_for_its_model_is_kept_short_and_clean() -> None:
    with serving(ok(model="m" * 1000 + "\x1b[31m")) as server:
        label = ask(a_bench(server.url)).model
        assert (len(label), "\x1b" in label) == (200, False)


def test_the_name_of_a_schema_is_one_that_the_api_takes() -> None:
    with serving(ok()) as server:
        a_bench(server.url).model.complete(a_prompt(), type("Ünit[int]", (Verdict,), {}))
        form = server.requests[0]["response_format"]["json_schema"]  # type: ignore[index]
        assert (form["name"], form["strict"], form["schema"]["type"]) == ("_nit_int_", True, "object")


def test_a_server_without_a_key_works() -> None:
    with serving(ok()) as server:
        assert ask(a_bench(server.url, key=None)).model == "m-2026"


def test_no_call_is_made_that_could_pass_the_budget() -> None:
    with serving(ok()) as server:
        bench = a_bench(server.url, book=TokenBook(max_tokens=1100))
        with pytest.raises(BudgetSpent):
            ask(bench)
        assert (server.requests, bench.book.total) == ([], NO_USAGE)


def test_asking_again_needs_its_own_room_in_the_budget() -> None:
    with serving(ok("{}", read=120, written=900)) as server:
        bench = a_bench(server.url, book=TokenBook(max_tokens=1900))
        with pytest.raises(BudgetSpent):
            ask(bench)
        assert (len(server.requests), bench.book.total.tokens) == (1, 1020)


@pytest.mark.parametrize(
    ("url", "key", "model"),
    [
        ("localhost:11434", "k", "m"),
        ("ftp://h/v1", "k", "m"),
        ("http://h:x/v1", "k", "m"),
        (None, "k\nk", "m"),
        (None, "ключ", "m"),
        (None, "k", " "),
    ],
)
def test_settings_that_cannot_work_are_refused_without_showing_the_key(url: str | None, key: str, model: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        OpenAIModel(url, key, model)
    assert len(caught.value.problems) == 1
    assert key == "k" or key not in caught.value.message


def test_the_address_is_shown_without_its_password() -> None:
    assert shown_url("https://user:secret@host:8443/v1?token=1") == "https://host:8443/v1"


def test_half_a_character_in_an_answer_is_replaced_so_that_it_can_be_stored() -> None:
    halved = a_text(first_passage_id="p-?").replace("?", "\ud800")
    assert "first_passage_id 'p-\ufffd'" in failing(ok(halved)).message


def test_many_threads_share_the_slots_of_one_endpoint() -> None:
    running, lock = 0, threading.Lock()
    four, fifth, go = threading.Event(), threading.Event(), threading.Event()

    def slow(_: dict[str, object]) -> Answer:
        nonlocal running
        with lock:
            running += 1
            if running >= 4:
                (four if running == 4 else fifth).set()
        go.wait(timeout=5)
        with lock:
            running -= 1
        return ok()

    with serving(slow) as server, ThreadPoolExecutor(8) as pool:
        bench = a_bench(server.url, timeout_s=20)
        jobs = [pool.submit(ask, bench) for _ in range(8)]
        assert four.wait(timeout=5)
        assert not fifth.wait(timeout=0.2)
        go.set()
        assert [job.result(20).value for job in jobs] == [a_verdict()] * 8
        assert bench.book.total == Usage(input_tokens=960, output_tokens=240, calls=8)


def test_only_a_bad_request_leads_down_the_ladder() -> None:
    with serving(error(500, "json_schema engine crashed"), ok()) as server:
        ask(a_bench(server.url))
        assert formats(server.requests) == ["json_schema", "json_schema"]
