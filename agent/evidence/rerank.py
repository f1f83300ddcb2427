"""The port for re-rankers, which read query and passage together, and the one for servers that offer it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agent.errors import UpstreamFailed

DEPTH = 30
"""Best passages of each query that are ranked again."""


class Reranker(Protocol):
    """Says how well each text answers a query."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """One score from 0 to 1 a text, in their order. Raises UpstreamFailed."""
        ...


class EndpointReranker:
    """A server's `/rerank` as vLLM, Text Embeddings Inference, Jina and Cohere offer it. Safe to share between
    threads."""

    def __init__(self, base_url: str, model: str, *, api_key: str = "", timeout_s: float = 60.0) -> None:
        self._url = base_url.rstrip("/") + "/rerank"
        self._model = model
        self._api_key = api_key
        self._timeout_s = timeout_s

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker.scores`."""
        import httpx

        if not texts:
            return []
        headers = {"Authorization": f"Bearer {self._api_key}"} if self._api_key else {}
        request = {"model": self._model, "query": query, "documents": list(texts), "top_n": len(texts)}
        try:
            with httpx.Client(timeout=self._timeout_s, trust_env=False, headers=headers) as client:
                answer = client.post(self._url, json=request)
            answer.raise_for_status()
            return _read(answer.json(), len(texts))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise UpstreamFailed(
                f"The re-ranker at {self._url} gave no usable answer: {str(error) or type(error).__name__}.",
                hint="Check ASSESS_ROLE_RERANK_BASE_URL and ASSESS_ROLE_RERANK_MODEL, or unset them to search without.",
            ) from error


def _read(document: object, count: int) -> list[float]:
    """Every text's score, once. Raises ValueError, KeyError, TypeError for another answer."""
    results = document["results"] if isinstance(document, dict) else None
    if not isinstance(results, list):
        raise ValueError("it has no list of results")
    found = {int(result["index"]): float(result["relevance_score"]) for result in results}
    if sorted(found) != list(range(count)) or not all(0 <= score <= 1 for score in found.values()):
        raise ValueError(f"expected a score from 0 to 1 for each of {count} texts")
    return [found[index] for index in range(count)]
