"""A model server on loopback that answers every section of an assessment from the passages it is shown."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-cli-test-7c41e09b"
MODEL = "desk-1"
PASSAGE = re.compile(r'<passage id="(p-[0-9a-f]+)" tier="(\d)".*? publisher="(.*?)".*?>\n(.*?)\n</passage>', re.DOTALL)
EVIDENCE = ("job_postings", "company_actions", "wages", "tool_maturity", "expert_consensus")
PROXIES = ["developers", "engineers", "programmers"]
BASE_TASK = re.compile(r"^- (t\d+): .*: (\d+) percent, (\d), (\w+)$", re.MULTILINE)
NAMED = re.compile(r"\b(?:developer|engineer|programmer)s?\b", re.IGNORECASE)
"""A proxy as the guard finds it: `engineering` names none."""

Document = dict[str, Any]
Answers = Callable[[str, str], Document]
"""Schema name and the last user message in, the answer out."""


def a_claim(text: str, *, citations: list[Document] | None = None) -> Document:
    return {
        "text": text,
        "kind": "sourced" if citations else "judgement",
        "stance": "for",
        "proxy": None,
        "horizon": None,
        "citations": citations or [],
    }


def _quote(text: str) -> str:
    """The first sentence of a passage as it stands there, cut between words, without its full stop."""
    sentence = re.split(r"(?<=[a-z])\. ", unescape(text).split("\n", maxsplit=1)[0])[0]
    return (sentence if len(sentence) <= 200 else sentence[:200].rpartition(" ")[0]).rstrip(". ")


def cited(message: str) -> list[Document]:
    """One claim a publisher that says what it quotes, from passages that name a proxy and have a tier that counts."""
    claims: dict[str, Document] = {}
    for passage, tier, publisher, text in PASSAGE.findall(message):
        if tier != "4" and NAMED.search(unescape(text)):
            quote = _quote(text)
            claims.setdefault(
                publisher,
                a_claim(quote, citations=[{"passage_id": passage, "quote": quote}]),
            )
    return list(claims.values())


def _scored(score: int | None, text: str) -> Document:
    return {"score": score, "claims": [a_claim(text)]}


def a_frame(**changes: object) -> Document:
    return {
        "is_a_role": True,
        "not_a_role_reason": None,
        "title": "Release Engineer",
        "seniority": "Senior",
        "function": "Builds and ships releases of software",
        "aliases": ["build engineer"],
        "proxies": PROXIES,
        "is_not": [],
        "experience": "Several years",
        "seniority_note": "A hypothesis",
        "tags": ["software"],
        **{f"{section}_queries": ["software developers"] for section in ("tasks", "barriers", "growth")},
        "evidence_queries": {name: ["software developers"] for name in EVIDENCE},
    } | changes


def a_lens(message: str, claims: list[Document]) -> Document:
    """The base as the message shows it, without a moved share or score."""
    buckets = {"displacement": "displaced", "augmentation": "enhanced", "not_involved": "unchanged"}
    told, (first, *_) = [a_claim("People answer for what agents build")], claims
    tasks = [
        {
            "task_id": name,
            "share_percent": int(share),
            "score": int(score),
            "bucket": buckets[bucket],
            "tools": [],
            "share_claims": [],
            "score_claims": [],
        }
        for name, share, score, bucket in BASE_TASK.findall(message)
    ]
    parts = ("leverage", "headcount", "compounding", "verification_burden", "skill_ceiling")
    tests = ("subject_or_method", "base_consistency", "spine")
    return {
        "outcome": "transforms",
        "concept": {**dict.fromkeys(tests, told), "market_evidence": [first]},
        "tasks": tasks,
        "postings_signal": [first],
        "durability_signal": [first],
        "counter_evidence": [{**first, "stance": "against"}],
        "evidence_deltas": [],
        "barrier_deltas": [{"barrier": "liability", "delta": 1, "claims": told}],
        "growth": None,
        **dict.fromkeys(parts, told),
    }


def answer(schema: str, message: str) -> Document:
    """A modest, valid answer to any section."""
    if schema == "FrameAnswer":
        return a_frame()
    passages = PASSAGE.findall(message)
    ends = {"first_passage_id": passages[0][0], "last_passage_id": passages[-1][0]}
    return {**ends, **_section(schema, message)}


def _section(schema: str, message: str) -> Document:
    """The answer without the ends of its pack."""
    claims = cited(message)
    if schema == "TasksAnswer":
        tasks = [
            {
                "name": name,
                "share_percent": 20,
                "score": 3,
                "bucket": "augmentation",
                "claims": [a_claim("A person leads")],
            }
            for name in ("planning", "building", "checking", "shipping", "advising")
        ]
        return {"tasks": tasks, "reinstatement": [], "not_enough_evidence": None}
    if schema == "EvidenceAnswer":
        known: Document = {name: {"score": 1, "claims": claims[:4], "gap": None} for name in EVIDENCE[:3]}
        unknown = {"score": None, "claims": [], "gap": "nothing on this"}
        return {**known, **dict.fromkeys(EVIDENCE[3:], unknown)}
    if schema == "BarriersAnswer":
        barriers = ("regulatory", "physical", "union", "liability", "cultural")
        return {**{name: _scored(0, "No such barrier") for name in barriers}}
    if schema == "GrowthAnswer":
        principles = {name: _scored(1, "Some of it") for name in ("physicality", "interpersonal", "judgment")}
        return {**principles, "growth": _scored(0, "No effect either way")}
    if schema == "LensAnswer":
        return a_lens(message, claims)
    parts = "summary score_against_reality not_captured who_should_worry who_should_not separator outlook"
    return {**{part: [a_claim("A judgement")] for part in (*parts.split(), "survival_strategy", "timeline")}}


class Endpoint:
    """An OpenAI-compatible server: what it was asked, and what it will do."""

    def __init__(self, answers: Answers = answer, *, status: int = 200, models: object = (MODEL,)) -> None:
        self.asked: list[tuple[str, str]] = []
        """Schema name and last user message of every request."""
        self.keys: set[str] = set()
        self.answers = answers
        self.status = status
        self.models = models
        self.hanging = threading.Event()
        """Set once a request is kept waiting."""
        self.hang_on: str | None = None
        """The schema whose requests get no answer."""
        self._released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def schemas(self) -> list[str]:
        return [schema for schema, _ in self.asked]

    def environment(self) -> dict[str, str]:
        return {"OPENAI_BASE_URL": self.url, "OPENAI_API_KEY": KEY, "ASSESS_ROLE_MODEL": MODEL}

    def release(self) -> None:
        """Break off the requests that are kept waiting."""
        self._released.set()

    def close(self) -> None:
        self.release()
        self._http.shutdown()
        self._http.server_close()

    def complete(self, request: Document) -> Document | None:
        schema = request["response_format"]["json_schema"]["name"]
        message = request["messages"][-1]["content"]
        self.asked.append((schema, message))
        if schema == self.hang_on:
            self.hanging.set()
            self._released.wait(timeout=60)
            return None
        said = {"role": "assistant", "content": json.dumps(self.answers(schema, message))}
        size = sum(len(m["content"]) for m in request["messages"]) // 4
        return {
            "id": "c-1",
            "object": "chat.completion",
            "created": 1,
            "model": MODEL,
            "choices": [{"index": 0, "finish_reason": "stop", "message": said}],
            "usage": {"prompt_tokens": size, "completion_tokens": 300, "total_tokens": size + 300},
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                rows = endpoint.models
                listed = (
                    [{"id": name, "object": "model", "created": 1, "owned_by": "x"} for name in rows]
                    if isinstance(rows, tuple)
                    else rows
                )
                self._send(endpoint.status, {"object": "list", "data": listed})

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                endpoint.keys.add(str(self.headers["authorization"]))
                if endpoint.status != 200:
                    return self._send(endpoint.status, {"error": {"message": f"no entry for {KEY}"}})
                answered = endpoint.complete(request)
                return None if answered is None else self._send(200, answered)

            def _send(self, status: int, document: Document) -> None:
                raw = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

        return Handler


@contextmanager
def an_endpoint(answers: Answers = answer, *, status: int = 200, models: object = (MODEL,)) -> Iterator[Endpoint]:
    endpoint = Endpoint(answers, status=status, models=models)
    try:
        yield endpoint
    finally:
        endpoint.close()
