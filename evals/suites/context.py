"""What a suite gets: `run(context) -> Iterator[Verdict]` is all that a suite module offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from agent.errors import AssessorError
from agent.evidence.read import article_files, read_articles
from agent.evidence.split import passages_of
from agent.llm.port import ChatModel
from agent.llm.recording import Recording, load_recordings
from agent.schemas.article import Passage
from agent.shipped import shipped_path
from evals.golden.roles import read_roles
from evals.suites.thresholds import Thresholds, load_thresholds

EVALS = Path(__file__).resolve().parents[1]
FURTHER = EVALS / "golden" / "recordings"
JUDGED = EVALS / "judges" / "recordings"


class Mode(StrEnum):
    """Where a judge's answers come from."""

    REPLAY = "replay"
    """From the recordings only; what is not recorded fails. No model is reached."""
    RECORD = "record"
    """From the recordings, and from the connected model what is missing there, which is then kept."""
    LIVE = "live"
    """From the connected model, every one, and none is kept."""


@dataclass(frozen=True)
class Context:
    """What to measure and by whom. Read once, handed to every suite."""

    bundled: tuple[Recording, ...]
    """The roles that ship: judged by models too."""
    further: tuple[Recording, ...]
    """Golden roles that do not ship: the deterministic suites only."""
    thresholds: Thresholds
    mode: Mode = Mode.REPLAY
    model: ChatModel | None = None
    """Who judges; `None` when replaying."""
    judged: Path = JUDGED
    """The folder with the recorded answers of judges."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Golden roles that should ship and whose recording is not there, by name, each with the error that names its
    file: nothing of them can be judged."""

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """Every golden role that is recorded."""
        return (*self.bundled, *self.further)

    @property
    def passages(self) -> Mapping[str, Passage]:
        """The bundled corpus by passage id, in reading order."""
        return bundled_passages()


@lru_cache(maxsize=1)
def bundled_passages() -> Mapping[str, Passage]:
    """The bundled corpus by passage id, in reading order; read once a process."""
    files = article_files([shipped_path("corpus")])
    return {passage.id: passage for read in read_articles(files) for passage in passages_of(read.article)}


def load_context(
    *, mode: Mode = Mode.REPLAY, model: ChatModel | None = None, thresholds: Path | None = None, judged: Path = JUDGED
) -> Context:
    """The context of this checkout. Raises InvalidInput for a recording, a file of thresholds or of golden roles that
    is not valid, NotFound without the golden roles.

    `model` is who judges where `mode` is not REPLAY.
    """
    if (model is None) != (mode is Mode.REPLAY):
        raise ValueError(f"mode {mode} {'needs a' if model is None else 'takes no'} model")
    return Context(
        bundled=load_recordings(shipped_path("recordings")),
        further=load_recordings(FURTHER),
        thresholds=load_thresholds(thresholds) if thresholds else load_thresholds(),
        mode=mode,
        model=model,
        judged=judged,
        missing=_missing(),
    )


def _missing() -> Mapping[str, str]:
    found = {}
    for role in read_roles().roles:
        if role.is_bundled:
            try:
                role.read()
            except AssessorError as error:
                found[role.name] = error.message
    return found
