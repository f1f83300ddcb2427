"""What judges answered, on disk: one JSON file a suite, beside what it was that they judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import Field

from agent.errors import NotFound
from agent.llm.atomic import write_atomically
from agent.llm.recording import Day, RecordedAnswer, RecordedAnswers, Recording, in_order, read_whole
from agent.schemas.base import Value, content_hash
from agent.shipped import shipped_path


class JudgeSheet(Value):
    """The recorded answers of one suite's judge."""

    format: Literal["assess-role/judge/1"] = "assess-role/judge/1"
    suite: str = Field(min_length=1)
    model: str = Field(min_length=1)
    """Label of the model that judged."""
    recorded_at: str = Field(pattern=Day)
    prompts: str = ""
    """Digest of the prompts that the judged drafts were made with; empty, and then stale, until all was measured."""
    drafts: dict[str, str] = Field(default_factory=dict)
    """Role to the digest of the drafts that were judged: of other drafts, these answers say nothing."""
    pinned: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Query to the passages that were found for it then."""
    searched: str = ""
    """Digest of the articles that these were found among; empty where none was."""
    answers: RecordedAnswers = ()


def read_sheet(path: Path) -> JudgeSheet:
    """The answers in one file. Raises NotFound where there is none, InvalidInput if it is not whole and valid."""
    if not path.is_file():
        raise NotFound(
            f"No answer of a judge is recorded: there is no {path.name}.",
            hint=f"Record them: python -m evals.judges.record --suite {path.stem}",
        )
    return read_whole(path, JudgeSheet)


def write_sheet(path: Path, sheet: JudgeSheet) -> None:
    """Write or replace one file, whole or not at all; sorted, so that a re-recording gives a small diff."""
    document = sheet.model_dump(mode="json") | {
        "drafts": dict(sorted(sheet.drafts.items())),
        "pinned": {query: list(ids) for query, ids in sorted(sheet.pinned.items())},
        "answers": [answer.model_dump(mode="json") for answer in in_order(sheet.answers)],
    }
    write_atomically(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def role_name(recording: Recording) -> str:
    """A recorded role as people call it, for example `Data Engineer (Mid-level)`."""
    return f"{recording.role} ({recording.seniority})" if recording.seniority else recording.role


def drafts_digest(recording: Recording) -> str:
    """`sha256:` over what was drafted and from what: the answers of the draft that is reviewed, and the recording's
    packs of passages. Further drafts are not judged."""
    answers = sorted((answer.key, answer.text) for answer in recording.answers if answer.sample == 0)
    packs = {section: list(ids) for section, ids in sorted(recording.packs.items())}
    return content_hash({"answers": [list(pair) for pair in answers], "packs": packs})


def prompts_digest() -> str:
    """`sha256:` over every prompt file: a changed prompt makes other drafts than those that were judged."""
    files = sorted(shipped_path("prompts").glob("*.md"))
    return content_hash({file.name: file.read_text(encoding="utf-8") for file in files})


def library_version(name: str) -> str:
    """The installed version of a framework: its prompts are part of what a judge was asked."""
    return version(name)


def named(answers: tuple[RecordedAnswer, ...]) -> Mapping[str, RecordedAnswer]:
    """Answers by the key of their request."""
    return {answer.key: answer for answer in answers}
