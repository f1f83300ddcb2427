"""One suite for every embedder."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from factories_evidence import WordEmbedder

from agent.errors import Prerequisite, UpstreamFailed
from agent.evidence import embedding as embedding_module
from agent.evidence.embedding import Embedder, MiniLM
from agent.evidence.endpoint import BATCH, EndpointEmbedder

TEXTS = [
    "Wages of data engineers rose by 4% in 2025.",
    "Short",
    "A much longer text about the automation of pipelines, " * 40,
    "数据工程师 🙂 café",
    "",
]


class FakeEndpoint(ThreadingHTTPServer):
    """Answers like an OpenAI-compatible server, in the way that a test asks for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = "good"
        self.requests: list[dict[str, object]] = []
        self.release = threading.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def answer(self, texts: list[str]) -> tuple[int, object]:
        rows = (WordEmbedder().embed([text or "nothing" for text in texts]) * 3).tolist()
        items = [{"object": "embedding", "index": n, "embedding": row} for n, row in enumerate(rows)]
        document = {"object": "list", "model": "m", "data": items, "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        changes: dict[str, tuple[int, object]] = {
            "shuffled": (200, {**document, "data": items[::-1]}),
            "unnumbered": (200, {**document, "data": [{k: v for k, v in i.items() if k != "index"} for i in items]}),
            "too few": (200, {**document, "data": items[1:]}),
            "ragged": (200, {**document, "data": [*items[1:], {**items[0], "embedding": [1.0]}]}),
            "not numbers": (200, {**document, "data": [{**item, "embedding": ["x"]} for item in items]}),
            "infinite": (200, {**document, "data": [{**item, "embedding": [1e999, 1]} for item in items]}),
            "zeros": (200, {**document, "data": [{**item, "embedding": [0.0] * 32} for item in items]}),
            "empty": (200, {**document, "data": []}),
            "garbage": (200, "<html>"),
            "refused": (401, {"error": {"message": "wrong key"}}),
            "broken": (500, {"error": {"message": "oops"}}),
        }
        return changes.get(self.mode, (200, document))


class _Handler(BaseHTTPRequestHandler):
    server: FakeEndpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append({**body, "path": self.path, "auth": self.headers["Authorization"]})
        if self.server.mode == "hang":
            self.server.release.wait(10)
        status, document = self.server.answer(body["input"])
        raw = document.encode() if isinstance(document, str) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    server = FakeEndpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


def asking(endpoint: FakeEndpoint, **changes: object) -> EndpointEmbedder:
    values = {"base_url": endpoint.base_url, "api_key": "k-123", "model": "embed-small", **changes}
    return EndpointEmbedder(**values)  # type: ignore[arg-type]


@pytest.fixture(params=["minilm", "endpoint", "words"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "minilm":
        return request.getfixturevalue("minilm")
    return WordEmbedder() if request.param == "words" else asking(request.getfixturevalue("endpoint"))


def test_each_text_gives_one_row_of_unit_length(embedder: Embedder) -> None:
    rows = embedder.embed([text or "." for text in TEXTS])
    assert rows.shape == (len(TEXTS), embedder.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_in_any_batch(embedder: Embedder) -> None:
    texts = [text or "." for text in TEXTS]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.array_equal(together, alone)
    assert np.array_equal(together, embedder.embed(texts[::-1])[::-1])


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert len(embedder.embed([])) == 0


def test_the_identity_names_the_model_and_fits_the_store(embedder: Embedder) -> None:
    assert embedder.identity == embedder.identity
    assert 0 < len(embedder.identity) <= 200


def test_related_texts_are_nearer_than_unrelated_ones(minilm: MiniLM) -> None:
    rows = minilm.embed(["Salaries of data engineers", "What data engineers are paid", "A recipe for sourdough bread"])
    assert rows[0] @ rows[1] > 0.7
    assert rows[0] @ rows[2] < 0.3


def test_the_bundled_model_reads_no_more_than_its_window(minilm: MiniLM) -> None:
    rows = minilm.embed(["word " * 300, "word " * 5000])
    assert np.array_equal(rows[0], rows[1])


def test_a_bundled_model_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    shutil.copytree(Path(embedding_module.__file__).parent / "minilm", tmp_path / "minilm")
    with (tmp_path / "minilm" / "model.onnx").open("ab") as stream:
        stream.write(b"\0")
    with pytest.raises(Prerequisite, match=r"model.onnx is not the one that shipped: its sha256 is"):
        MiniLM(tmp_path / "minilm").embed(["text"])


def test_a_model_that_loads_ahead_gives_the_same_vectors(minilm: MiniLM) -> None:
    ahead = MiniLM()
    ahead.prepare()
    assert ahead.embed(["A platform for models."]).tobytes() == minilm.embed(["A platform for models."]).tobytes()


def test_what_fails_while_loading_ahead_is_said_at_the_first_text(tmp_path: Path) -> None:
    ahead = MiniLM(tmp_path)
    ahead.prepare()
    with pytest.raises(Prerequisite, match="cannot be read"):
        ahead.embed(["a"])


def test_a_missing_bundled_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(Prerequisite, match=r"model.onnx cannot be read: No such file"):
        MiniLM(tmp_path).embed(["text"])


def test_the_endpoint_is_asked_in_bounded_batches_with_key_and_model(endpoint: FakeEndpoint) -> None:
    texts = [f"text {number}" for number in range(BATCH + 1)]
    rows = asking(endpoint).embed(texts)
    assert [len(request["input"]) for request in endpoint.requests] == [BATCH, 1]  # type: ignore[arg-type]
    assert {(r["path"], r["model"], r["auth"]) for r in endpoint.requests} == {
        ("/v1/embeddings", "embed-small", "Bearer k-123")
    }
    assert np.allclose(rows, WordEmbedder().embed(texts), atol=1e-6)


@pytest.mark.parametrize("mode", ["shuffled", "unnumbered"])
def test_the_rows_of_an_endpoint_come_in_the_order_asked_for(endpoint: FakeEndpoint, mode: str) -> None:
    endpoint.mode = mode
    assert np.allclose(asking(endpoint).embed(["a", "b", "c"]), WordEmbedder().embed(["a", "b", "c"]), atol=1e-6)


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        ("too few", "gave 2 vectors for 3 texts"),
        ("ragged", "gave vectors that are no lists of numbers of one length"),
        ("not numbers", "gave vectors that are no lists of numbers"),
        ("infinite", "gave vectors that are no lists of numbers"),
        ("zeros", "gave a vector of zeros"),
        ("empty", "gave "),
        ("garbage", "gave "),
        ("refused", "answered with status 401"),
    ],
)
def test_an_endpoint_that_fails_is_an_upstream_failure(endpoint: FakeEndpoint, mode: str, found: str) -> None:
    endpoint.mode = mode
    with pytest.raises(UpstreamFailed) as caught:
        asking(endpoint).embed(["a", "b", "c"])
    assert f"The embedding endpoint {endpoint.base_url} {found}" in caught.value.message
    assert "k-123" not in caught.value.message


def test_a_server_error_is_tried_again_a_bounded_number_of_times(
    endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    endpoint.mode = "broken"
    with pytest.raises(UpstreamFailed, match="answered with status 500"):
        asking(endpoint).embed(["a"])
    assert len(endpoint.requests) == 3


def test_an_endpoint_that_hangs_is_given_up(endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    endpoint.mode = "hang"
    with pytest.raises(UpstreamFailed, match=r"did not answer within 0.1 s"):
        asking(endpoint, timeout_s=0.1).embed(["a"])


def test_an_endpoint_that_is_not_there_is_an_upstream_failure(
    endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    base_url = endpoint.base_url
    endpoint.server_close()
    with pytest.raises(UpstreamFailed, match="cannot be reached"):
        EndpointEmbedder(base_url=base_url, api_key="k", model="m").embed(["a"])


def test_an_endpoint_that_changes_its_length_is_an_upstream_failure(endpoint: FakeEndpoint) -> None:
    asked = asking(endpoint)
    asked.embed(["a"])
    asked._dimensions = 5
    with pytest.raises(UpstreamFailed, match="gave vectors of length 32, before of 5"):
        asked.embed(["a"])


def test_two_models_or_addresses_have_two_identities(endpoint: FakeEndpoint) -> None:
    embedders = [asking(endpoint), asking(endpoint, model="large"), asking(endpoint, base_url="http://127.0.0.1:9/v1")]
    assert len({embedder.identity for embedder in embedders}) == 3
    assert endpoint.requests == []
