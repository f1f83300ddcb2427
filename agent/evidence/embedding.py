"""The port for embedding models, and the one that ships."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.errors import Prerequisite

Vector = NDArray[np.float32]
"""One unit-length row."""
Vectors = NDArray[np.float32]
"""One unit-length row a text."""

MODEL_SHA256 = "e65b6599b8950c547b90ccc921d886c8e76c3b9c757910f2b12e02e7af605b24"
TOKENIZER_SHA256 = "b2671b6b396976e3f5aef2c69ea482aa60a2a571933664ab36f352d655ecea29"
MAX_TOKENS = 256
THREADS = 2


class Embedder(Protocol):
    """Turns texts into vectors. The same text gives the same vector in any batch."""

    @property
    def identity(self) -> str:
        """Names model and version: vectors of one identity are comparable, of two are not."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) array of unit-length rows in the order of `texts`; n may be 0."""
        ...


class _Run(Protocol):
    def __call__(self, text: str) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class _Files:
    model: bytes
    tokenizer: str


class MiniLM:
    """The bundled all-MiniLM-L6-v2, run on the processor. Loaded at the first text; safe to share between threads."""

    identity = f"all-MiniLM-L6-v2-int8-{MAX_TOKENS}-{MODEL_SHA256[:8]}"
    dimensions = 384

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(__file__).parent / "minilm"
        self._lock = threading.Lock()
        self._run: _Run | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Raises Prerequisite when the model's files are missing or are not the ones that shipped."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        if len(texts) == 0:
            return vectors
        run = self._loaded()
        # One text a run: a padded batch would change the last bits of a vector, and is no faster here.
        with ThreadPoolExecutor(THREADS) as pool:
            for row, vector in enumerate(pool.map(run, texts)):
                vectors[row] = vector
        return vectors

    def prepare(self) -> None:
        """Begin to load the model beside what comes before the first text, which raises what fails."""

        def load() -> None:
            with suppress(Exception):
                self._loaded()

        threading.Thread(target=load).start()

    def _loaded(self) -> _Run:
        with self._lock:
            if self._run is None:
                self._run = _load(self._files())
            return self._run

    def _files(self) -> _Files:
        model = self._checked("model.onnx", MODEL_SHA256)
        return _Files(model, self._checked("tokenizer.json", TOKENIZER_SHA256).decode())

    def _checked(self, name: str, expected: str) -> bytes:
        file = self._folder / name
        hint = "Install assess-role again, or choose an embedding endpoint."
        try:
            content = file.read_bytes()
        except OSError as error:
            raise Prerequisite(
                f"The embedding model's file {file} cannot be read: {error.strerror or error}.", hint=hint
            ) from error
        found = hashlib.sha256(content).hexdigest()
        if found != expected:
            raise Prerequisite(
                f"The embedding model's file {file} is not the one that shipped: its sha256 is {found[:12]}…,"
                f" expected {expected[:12]}….",
                hint=hint,
            )
        return content


def _load(files: _Files) -> _Run:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    # Texts run side by side, each on one thread: short texts gain nothing from more.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(files.model, options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_str(files.tokenizer)
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()

    def run(text: str) -> NDArray[np.float32]:
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        output = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
        vector: NDArray[np.float32] = np.asarray(output, np.float32)
        return vector

    return run
