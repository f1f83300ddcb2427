"""Values, and a chat completions server that does what it is told, for the tests of agent.llm."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.llm.budget import TokenBook
from agent.llm.dialect import DialectMemory
from agent.llm.openai_endpoint import OpenAIModel, Waiting
from agent.llm.port import Message, Prompt

KEY = "sk-test-4f1d9c"
CANARY = ("p-000000000001", "p-00000000000f")


class Verdict(BaseModel):
    """A small wire model."""

    model_config = ConfigDict(extra="forbid")

    first_passage_id: str
    last_passage_id: str
    bucket: Literal["displacement", "augmentation"]
    score: int


class OtherVerdict(BaseModel):
    """A wire model without the canary's fields."""

    score: int


def a_verdict(*, score: int = 3, canary: tuple[str, str] = CANARY) -> Verdict:
    return Verdict(first_passage_id=canary[0], last_passage_id=canary[1], bucket="augmentation", score=score)


def a_text(**changes: object) -> str:
    """The raw answer of a_verdict with some keys changed; `None` removes a key."""
    document = a_verdict().model_dump() | changes
    return json.dumps({key: value for key, value in document.items() if value is not None})


def a_prompt(*, id: str = "tasks", version: str = "1", text: str = "Which tasks?") -> Prompt:  # noqa: A002
    messages = (Message(role="system", content="You assess."), Message(role="user", content=text))
    return Prompt(id=id, version=version, messages=messages)


@dataclass
class Answer:
    """One HTTP answer of the server."""

    status: int = 200
    body: object = None
    """Sent as JSON; a str is sent as it is."""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False


def ok(
    text: str | None = None,
    *,
    finish_reason: str = "stop",
    read: int | None = 120,
    written: int | None = 30,
    message: dict[str, object] | None = None,
    model: str = "m-2026",
) -> Answer:
    """A chat completion around `text` (default: a_verdict), as OpenAI sends it."""
    said = {"role": "assistant", "content": a_text() if text is None else text} | (message or {})
    body: dict[str, object] = {
        "id": "c-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "finish_reason": finish_reason, "message": said}],
    }
    if read is not None and written is not None:
        body["usage"] = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    return Answer(body=body)


def error(status: int, message: str, **headers: str) -> Answer:
    """An error as OpenAI-compatible servers send it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, body={"error": {"message": message, "type": "error"}}, headers=named)


class Server:
    """Gives its answers in order, the last one for ever, and keeps what it was asked."""

    def __init__(self, *answers: Answer | Callable[[dict[str, object]], Answer]) -> None:
        self.requests: list[dict[str, object]] = []
        self.headers: list[dict[str, str]] = []
        self.closing = threading.Event()
        self._answers = list(answers)
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def next(self, request: dict[str, object], headers: dict[str, str]) -> Answer:
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer(request) if callable(answer) else answer

    def close(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                answer = server.next(request, {k.lower(): v for k, v in self.headers.items()})
                if answer.hang:
                    server.closing.wait(timeout=5)
                    self.close_connection = True
                    return
                raw = (answer.body if isinstance(answer.body, str) else json.dumps(answer.body)).encode()
                self.send_response(answer.status)
                for name, value in {"content-type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                if "content-length" not in answer.headers:
                    self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

        return Handler


@contextmanager
def serving(*answers: Answer | Callable[[dict[str, object]], Answer]) -> Iterator[Server]:
    server = Server(*answers)
    try:
        yield server
    finally:
        server.close()


@dataclass
class Bench:
    """A model on a server, its book and the waits it asked for."""

    model: OpenAIModel
    book: TokenBook
    waits: list[float]


def a_bench(
    url: str,
    *,
    key: str | None = KEY,
    timeout_s: float = 5.0,
    retries: int = 2,
    book: TokenBook | None = None,
    memory: DialectMemory | None = None,
) -> Bench:
    waits: list[float] = []
    book = book or TokenBook()
    model = OpenAIModel(
        url,
        key,
        "m",
        timeout_s=timeout_s,
        max_output_tokens=1000,
        retries=retries,
        book=book,
        memory=memory or DialectMemory(),
        waiting=Waiting(sleep=waits.append, now=lambda: 1_000_000_000.0, jitter=lambda: 0.0),
    )
    return Bench(model, book, waits)
