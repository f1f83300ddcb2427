from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from factories_evidence import WordEmbedder, an_article

from agent.errors import UpstreamFailed
from agent.evidence.corpus import Corpus
from agent.evidence.policy import SearchPolicy
from agent.evidence.rerank import EndpointReranker
from agent.store.database import Database

Answer = Callable[[dict[str, object]], tuple[int, object]]


@contextmanager
def a_server(answer: Answer) -> Iterator[tuple[str, list[dict[str, object]]]]:
    asked: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, "key": self.headers.get("Authorization"), **request})
            status, document = answer(request)
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *parts: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def longest_first(request: dict[str, object]) -> tuple[int, object]:
    texts = request["documents"]
    assert isinstance(texts, list)
    order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
    results = [{"index": at, "relevance_score": 1 / (rank + 1)} for rank, at in enumerate(order)]
    return 200, {"results": results}


def test_scores_come_back_in_the_order_of_the_texts() -> None:
    with a_server(longest_first) as (url, asked):
        scores = EndpointReranker(url, "ranker", api_key="k").scores("who?", ["a", "abc", "ab"])
    assert scores == [pytest.approx(1 / 3), 1.0, 0.5]
    assert asked == [
        {
            "path": "/v1/rerank",
            "key": "Bearer k",
            "model": "ranker",
            "query": "who?",
            "documents": ["a", "abc", "ab"],
            "top_n": 3,
        }
    ]


def test_nothing_to_rank_asks_nobody() -> None:
    assert EndpointReranker("http://127.0.0.1:9/v1", "ranker").scores("who?", []) == []


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (200, b"no json"),
        (200, []),
        (200, {"results": "none"}),
        (200, {"results": [{"index": 0, "relevance_score": 0.5}]}),
        (200, {"results": [{"index": 0, "relevance_score": 0.5}, {"index": 0, "relevance_score": 0.5}]}),
        (200, {"results": [{"index": 0, "relevance_score": 0.5}, {"index": 1, "relevance_score": 7}]}),
        (200, {"results": [{"index": 0}, {"index": 1, "relevance_score": 0.1}]}),
    ],
)
def test_an_answer_that_is_none_is_an_upstream_failure(answer: tuple[int, object]) -> None:
    with a_server(lambda request: answer) as (url, _), pytest.raises(UpstreamFailed, match="no usable answer"):
        EndpointReranker(url, "ranker").scores("who?", ["a", "b"])


def test_a_server_that_is_not_there_is_an_upstream_failure() -> None:
    with pytest.raises(UpstreamFailed, match=r"127\.0\.0\.1:9"):
        EndpointReranker("http://127.0.0.1:9/v1", "ranker", timeout_s=2).scores("who?", ["a"])


class Backwards:
    """Ranks by the alphabet, last word first."""

    def scores(self, query: str, texts: list[str]) -> list[float]:
        order = sorted(texts, reverse=True)
        return [1 - order.index(text) / len(texts) for text in texts]


def test_a_search_is_in_the_order_of_the_re_ranker(tmp_path: Path) -> None:
    texts = [f"{word} engineers build widgets in the {word} office of the town." for word in ("alpha", "beta", "gamma")]
    articles = [an_article(text, url=f"https://example.org/{at}") for at, text in enumerate(texts)]
    db = Database.open(tmp_path / "store.db")
    corpus = Corpus(db, tmp_path, WordEmbedder(), clock=lambda: "2026-02-25T10:00:00Z", reranker=Backwards())
    corpus.take(articles)
    found = [item.passage.text for item in corpus.search(["alpha engineers"], limit=3)]
    assert found == sorted(texts, reverse=True)
    corpus.close()


@pytest.mark.parametrize(
    ("tier", "date", "as_of", "weight"),
    [
        (1, "2026-01-01", "2026-02-01", 1.0),
        (4, "2026-01-01", "2026-02-01", 0.9),
        (1, "2024-02", "2026-02-01", 1.0),
        (1, "2024-01", "2026-02-01", 0.5),
        (1, "unknown", "2026-02-01", 0.5),
        (4, "unknown", "2026-02-01", 0.45),
        (1, "unknown", None, 1.0),
    ],
)
def test_tier_and_age_weigh_as_the_policy_says(tier: int, date: str, as_of: str | None, weight: float) -> None:
    policy = SearchPolicy(tier_weights={1: 1.0, 4: 0.9}, stale_weight=0.5)
    assert policy.weight(tier=tier, date=date, as_of=as_of) == pytest.approx(weight)


def test_of_two_equal_passages_the_better_and_fresher_source_is_first(tmp_path: Path) -> None:
    text = "Widget engineers are wanted by every office of the town, the survey found this year."
    # Words of its own keep each article from being a copy, of which only one would be found.
    own = {name: " ".join(f"{name}{at}" for at in range(60)) for name in "abc"}
    articles = [
        an_article(f"{text}\n\n# Own\n\n{own[name]}.", url=f"https://example.org/{name}", tier=tier, date=date)
        for name, tier, date in (("a", 4, "2026-01"), ("b", 1, "2026-01"), ("c", 1, "2019"))
    ]
    corpus = Corpus(Database.open(tmp_path / "s.db"), tmp_path, WordEmbedder(), clock=lambda: "2026-02-25T10:00:00Z")
    corpus.take(articles)
    found = corpus.search(["widget engineers wanted"], limit=3, as_of="2026-02-25", per_article=3)
    tiers = [(item.passage.meta.tier, item.passage.meta.date) for item in found]
    assert tiers == [(1, "2026-01"), (1, "2019"), (4, "2026-01")]
    corpus.close()
