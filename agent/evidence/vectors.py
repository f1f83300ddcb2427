"""Vectors that ship beside a folder of articles, so that its first ingest embeds nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.errors import InvalidInput
from agent.evidence.embedding import Embedder
from agent.evidence.read import article_files, read_articles
from agent.evidence.split import passages_of

VECTORS = "vectors.npy"
MANIFEST = "vectors.json"


@dataclass(frozen=True)
class ShippedVectors:
    """What a folder ships: passage id to vector, of one embedding model. A passage's id is a hash over its text."""

    embedding: str
    by_passage: Mapping[str, bytes]


def build_vectors(folder: Path, embedder: Embedder) -> int:
    """Write the vectors of every passage in `folder` beside the articles and return how many there are.

    The same articles and model give the same bytes. Raises InvalidInput when an article is not valid.
    """
    texts = {
        passage.id: passage.text
        for read in read_articles(article_files([folder]))
        for passage in passages_of(read.article)
    }
    ids = sorted(texts)
    vectors = embedder.embed([texts[passage] for passage in ids])
    np.save(folder / VECTORS, vectors.astype("<f4"), allow_pickle=False)
    manifest = {"embedding": embedder.identity, "dimensions": embedder.dimensions, "passages": ids}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return len(ids)


def read_vectors(folder: Path) -> ShippedVectors | None:
    """The vectors that `folder` ships; `None` when it ships none.

    Raises InvalidInput when the two files disagree or one of them cannot be read.
    """
    if not (folder / MANIFEST).exists():
        return None
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        vectors = np.load(folder / VECTORS, allow_pickle=False)
        embedding, ids = str(manifest["embedding"]), [str(passage) for passage in manifest["passages"]]
        shape = (len(ids), int(manifest["dimensions"]))
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"The shipped vectors in {folder} cannot be read ({type(error).__name__}: {error})."
        ) from error
    if vectors.shape != shape or vectors.dtype != np.dtype("<f4"):
        raise InvalidInput(
            f"{folder / VECTORS} holds {vectors.dtype} numbers of shape {vectors.shape}, expected <f4 of shape {shape}."
        )
    return ShippedVectors(embedding, {passage: vectors[row].tobytes() for row, passage in enumerate(ids)})
