"""The corpus of a home folder, with the embedding model and the index that the settings choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from agent.errors import Prerequisite
from agent.evidence.corpus import Corpus
from agent.evidence.embedding import Embedder, MiniLM
from agent.evidence.endpoint import EndpointEmbedder
from agent.evidence.places import ServerPlace
from agent.evidence.rerank import EndpointReranker, Reranker
from agent.llm.openai_endpoint import OPENAI_URL
from agent.settings import Settings
from agent.shipped import shipped_path
from agent.store.database import Database
from agent.store.stamps import Stamps, SystemStamps


@dataclass(frozen=True)
class OpenCorpus:
    """A corpus and the store it lives in."""

    corpus: Corpus
    db: Database


@contextmanager
def home_corpus(
    settings: Settings, waits: Callable[[str], None], *, bundled: bool = True, embeds: bool = False
) -> Iterator[OpenCorpus]:
    """The home folder's corpus; with `bundled`, the bundled articles are taken over first. See `corpus_of`."""
    with closing(Database.of_home(settings.home)) as db:
        corpus = corpus_of(settings, db, waits, embeds=embeds)
        try:
            if bundled:
                corpus.ensure_bundled(shipped_path("corpus"))
            yield OpenCorpus(corpus, db)
        finally:
            corpus.close()


def corpus_of(
    settings: Settings,
    db: Database,
    waits: Callable[[str], None],
    *,
    stamps: Stamps | None = None,
    embeds: bool = False,
) -> Corpus:
    """Close it before the store. `waits` is told who is waited for; `embeds` says that a text will be embedded."""
    place = None if settings.chroma_url is None else ServerPlace(settings.chroma_url)
    return Corpus(
        db,
        settings.home,
        embedder(settings, soon=embeds),
        clock=(stamps or SystemStamps()).now,
        place=place,
        reranker=reranker(settings),
        waits=waits,
    )


def embedder(settings: Settings, *, soon: bool = False) -> Embedder:
    """The embedding model in force: the bundled one, which loads at once if it is needed `soon`, or an endpoint's."""
    if settings.embedding_model is None:
        bundled = MiniLM()
        if soon:
            bundled.prepare()
        return bundled
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
