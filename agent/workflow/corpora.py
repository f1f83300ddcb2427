"""The corpus of a home folder, with the embedding model and the index that the settings choose."""

from __future__ import annotations

from collections.abc import Callable

from agent.errors import Prerequisite
from agent.evidence.corpus import Corpus
from agent.evidence.embedding import Embedder, MiniLM
from agent.evidence.endpoint import EndpointEmbedder
from agent.evidence.places import ServerPlace
from agent.evidence.rerank import EndpointReranker, Reranker
from agent.llm.openai_endpoint import OPENAI_URL
from agent.settings import Settings
from agent.workflow.wiring import Stores


def corpus_of(settings: Settings, stores: Stores, waits: Callable[[str], None]) -> Corpus:
    """Close it before the stores. `waits` is told who is waited for."""
    place = None if settings.chroma_url is None else ServerPlace(settings.chroma_url)
    return Corpus(
        stores.db,
        settings.home,
        embedder(settings),
        clock=stores.stamps.now,
        place=place,
        reranker=reranker(settings),
        waits=waits,
    )


def embedder(settings: Settings) -> Embedder:
    """The embedding model in force: the bundled one, or an endpoint's."""
    if settings.embedding_model is None:
        return MiniLM()
    return EndpointEmbedder(
        base_url=settings.embedding_base_url or settings.base_url or OPENAI_URL,
        api_key=settings.api_key.get_secret_value() if settings.api_key else "",
        model=settings.embedding_model,
    )


def reranker(settings: Settings) -> Reranker | None:
    """The server that ranks passages again, if there is one. Raises Prerequisite for half a configuration."""
    if settings.rerank_base_url is None:
        return None
    if settings.rerank_model is None:
        raise Prerequisite(
            "ASSESS_ROLE_RERANK_BASE_URL is set, but no model is named.",
            hint="Set ASSESS_ROLE_RERANK_MODEL to the server's model.",
        )
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    return EndpointReranker(settings.rerank_base_url, settings.rerank_model, api_key=key)
