"""Recordings on disk: one JSON file a role, holding the answers a real model gave and what they were given for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import AfterValidator, Field, ValidationError

from agent.errors import InvalidInput, StorageFailed
from agent.llm.atomic import write_atomically
from agent.schemas.base import Value

Hash = r"^sha256:[0-9a-f]{64}$"
Day = r"^\d{4}-\d{2}-\d{2}$"

ValueT = TypeVar("ValueT", bound=Value)


class RecordedAnswer(Value):
    """One accepted answer and the digest of the request it answers."""

    key: str = Field(pattern=Hash)
    """`agent.llm.port.request_key` of the request."""
    prompt: str = Field(pattern=r"^[^@]+@[^@]+$")
    """`id@version`: names the prompt when a changed one finds no recording."""
    sample: int = Field(ge=0)
    text: str = Field(min_length=1)
    """As the model gave it, good or bad. After a re-ask, the answer that was accepted."""
    model: str
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    """With `input_tokens`: what the answer cost when it was recorded, re-asks included."""
    finish_reason: str
    recorded_at: str = Field(pattern=Day)


def _one_answer_a_request(answers: tuple[RecordedAnswer, ...]) -> tuple[RecordedAnswer, ...]:
    twice = [key for key, count in Counter(answer.key for answer in answers).items() if count > 1]
    if twice:
        named = ", ".join(f"{a.prompt} {a.key[:19]}…" for a in answers if a.key in twice)
        raise ValueError(f"two answers for one request: {named}")
    return answers


RecordedAnswers = Annotated[tuple[RecordedAnswer, ...], AfterValidator(_one_answer_a_request)]


class Answered(Protocol):
    """Whatever holds recorded answers."""

    @property
    def model(self) -> str:
        """Label of the model that answered."""
        ...

    @property
    def answers(self) -> tuple[RecordedAnswer, ...]:
        """At most one a request."""
        ...


class Recording(Value):
    """Everything that is needed to replay one role's assessment."""

    format: Literal["assess-role/recording/1"] = "assess-role/recording/1"
    role: str = Field(min_length=1)
    seniority: str
    as_of: str = Field(pattern=Day)
    """The day the assessment speaks of; a replay pins it."""
    model: str
    """Label of the model that answered."""
    recorded_at: str = Field(pattern=Day)
    corpus: str
    """Digest of the corpus the passages were chosen from."""
    embedding: str
    """Identity of the embedding model that chose them."""
    packs: dict[str, tuple[str, ...]]
    """For each section the passage ids it was drafted from, in order."""
    answers: RecordedAnswers


def read_recording(path: Path | Traversable) -> Recording:
    """The recording in one file. Raises InvalidInput, naming the file, if it is not a whole and valid one."""
    return read_whole(path, Recording)


def read_whole(path: Path | Traversable, kind: type[ValueT]) -> ValueT:
    """The value of one file of recorded answers.

    Raises InvalidInput, naming the file, if it is not whole JSON or no valid `kind`; StorageFailed if it cannot be
    read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_unique)
        return kind.model_validate_json(json.dumps(document))
    except OSError as error:
        raise StorageFailed(f"The recording {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        problems = tuple(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise InvalidInput(
            f"The recording {path} is not valid: {'; '.join(problems[:3])}.", problems=problems
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"The recording {path} is not whole JSON: {error}.", hint="Restore the file or record the role again."
        ) from error


def load_recordings(folder: Path | Traversable) -> tuple[Recording, ...]:
    """Every recording of a folder, by file name; none if the folder does not exist. Raises InvalidInput."""
    if not folder.is_dir():
        return ()
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".json")), key=lambda f: f.name)
    return tuple(read_recording(file) for file in files)


def find_recording(recordings: tuple[Recording, ...], role: str, seniority: str | None = None) -> Recording | None:
    """The recording of a role, whatever its case and spacing; `None` if there is none.

    Without a seniority the role's only recording. Raises InvalidInput if the role has several.
    """
    same_role = [recording for recording in recordings if _plain(recording.role) == _plain(role)]
    if seniority is not None:
        same_role = [recording for recording in same_role if _plain(recording.seniority) == _plain(seniority)]
    if len(same_role) > 1:
        known = ", ".join(recording.seniority or "(none)" for recording in same_role)
        raise InvalidInput(
            f"{same_role[0].role} is recorded for several seniorities: {known}.", hint="Choose one with --seniority."
        )
    return same_role[0] if same_role else None


def write_recording(path: Path, recording: Recording) -> None:
    """Write or replace one file, whole or not at all; answers sorted, so that a re-recording gives a small diff."""
    document = recording.model_dump(mode="json") | {
        "packs": {section: list(ids) for section, ids in sorted(recording.packs.items())},
        "answers": [answer.model_dump(mode="json") for answer in in_order(recording.answers)],
    }
    write_atomically(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def in_order(answers: Iterable[RecordedAnswer]) -> list[RecordedAnswer]:
    """Answers as files hold them: sorted by what was asked."""
    return sorted(answers, key=lambda answer: (answer.prompt, answer.sample, answer.key))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"the key {twice[0]!r} stands twice in one object")
    return dict(pairs)
