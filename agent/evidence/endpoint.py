"""Embeddings from an OpenAI-compatible endpoint."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from agent.errors import UpstreamFailed
from agent.evidence.embedding import Vectors
from agent.llm.openai_client import sdk_client

BATCH = 64
TIMEOUT_S = 60.0
RETRIES = 2


class EndpointEmbedder:
    """Asks `base_url` for embeddings of `model`. Nothing is sent before the first text."""

    def __init__(self, *, base_url: str, api_key: str, model: str, timeout_s: float = TIMEOUT_S) -> None:
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._model = model
        self._timeout_s = timeout_s
        self._dimensions: int | None = None
        self._lock = threading.Lock()

    @property
    def identity(self) -> str:
        """Model and address; the key is no part of it."""
        return f"{self._model}@{self._base_url}"[:200]

    @property
    def dimensions(self) -> int:
        """Length of a vector; asks the endpoint once when it is not known yet."""
        if self._dimensions is None:
            self.embed(["dimensions"])
        assert self._dimensions is not None
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Raises UpstreamFailed when the endpoint cannot be reached, refuses, or answers with unusable vectors."""
        if len(texts) == 0:
            return np.empty((0, self._dimensions or 0), np.float32)
        parts = [self._ask(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return np.concatenate(parts)

    def _ask(self, texts: Sequence[str]) -> Vectors:
        import openai

        client = sdk_client(self._base_url, self._api_key, timeout_s=self._timeout_s, max_retries=RETRIES)
        try:
            with client:
                answer = client.embeddings.create(model=self._model, input=list(texts), encoding_format="float")
        except openai.APIStatusError as error:
            raise self._failed(f"answered with status {error.status_code}") from error
        except openai.APITimeoutError as error:
            raise self._failed(f"did not answer within {self._timeout_s:g} s") from error
        except openai.APIConnectionError as error:
            raise self._failed("cannot be reached") from error
        except (openai.OpenAIError, ValueError) as error:
            raise self._failed(f"gave an answer that cannot be read ({type(error).__name__})") from error
        return self._checked(answer.data, len(texts))

    def _checked(self, items: Sequence[object] | None, expected: int) -> Vectors:
        """Rows in the order asked for, of one length, brought to unit length."""
        found = list(items or ())
        if len(found) != expected:
            raise self._failed(f"gave {len(found)} vectors for {expected} texts")
        order = [getattr(item, "index", None) for item in found]
        if sorted(place for place in order if isinstance(place, int)) == list(range(expected)):
            found.sort(key=lambda item: int(getattr(item, "index", 0)))
        try:
            vectors = np.array([getattr(item, "embedding", None) for item in found], np.float32)
        except (TypeError, ValueError) as error:
            raise self._failed("gave vectors that are no lists of numbers of one length") from error
        if vectors.ndim != 2 or vectors.shape[1] == 0 or not np.isfinite(vectors).all():
            raise self._failed("gave vectors that are no lists of numbers of one length")
        if self._dimensions is not None and vectors.shape[1] != self._dimensions:
            raise self._failed(f"gave vectors of length {vectors.shape[1]}, before of {self._dimensions}")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not lengths.all():
            raise self._failed("gave a vector of zeros")
        with self._lock:
            self._dimensions = vectors.shape[1]
        unit: Vectors = (vectors / lengths).astype(np.float32)
        return unit

    def _failed(self, found: str) -> UpstreamFailed:
        return UpstreamFailed(
            f"The embedding endpoint {self._base_url} {found} (model {self._model}).",
            hint="Check address, key and model name, or use the bundled embedding model.",
        )
