"""Keeping a judge's answers: nothing recorded is asked again, and a new answer is on disk before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TypeVar

from pydantic import BaseModel

from agent.llm.journal import JournaledModel, StoredAnswer
from agent.llm.port import ChatModel, Completion, Prompt, request_key
from agent.llm.recording import RecordedAnswer
from evals.judges.sheet import JudgeSheet, named, prompts_digest, read_sheet, write_sheet

T = TypeVar("T", bound=BaseModel)


class SheetJournal:
    """A journal of answers in a judge's file. Safe to use from several threads."""

    def __init__(self, path: Path, *, suite: str, model: str, today: date) -> None:
        """Goes on with the file at `path`, or begins it. Raises InvalidInput for one that is not whole and valid."""
        self._path = path
        self._today = today.isoformat()
        self._lock = Lock()
        self._sheet = (
            read_sheet(path) if path.is_file() else JudgeSheet(suite=suite, model=model, recorded_at=self._today)
        )
        self._answers = dict(named(self._sheet.answers))
        self._used: set[str] = set()
        self._new = 0

    @property
    def new(self) -> int:
        """How many answers were added."""
        return self._new

    def get(self, key: str) -> StoredAnswer | None:
        """See `agent.llm.journal.Journal`."""
        with self._lock:
            self._used.add(key)
            found = self._answers.get(key)
        if found is None:
            return None
        usage = {"input_tokens": found.input_tokens, "output_tokens": found.output_tokens, "calls": 1}
        return StoredAnswer.model_validate(
            {**found.model_dump(include={"text", "model", "finish_reason", "sample"}), "usage": usage, "recorded": True}
        )

    def put(self, key: str, prompt_label: str, answer: StoredAnswer) -> None:
        """See `agent.llm.journal.Journal`. The file is written before this returns."""
        with self._lock:
            if key in self._answers:
                return
            self._answers[key] = RecordedAnswer(
                key=key,
                prompt=prompt_label,
                sample=answer.sample,
                text=answer.text,
                model=answer.model,
                input_tokens=answer.usage.input_tokens,
                output_tokens=answer.usage.output_tokens,
                finish_reason=answer.finish_reason,
                recorded_at=self._today,
            )
            self._new += 1
            self._write({"recorded_at": self._today, "model": answer.model})

    def pin(self, query: str, found: tuple[str, ...], corpus: str) -> None:
        """Write the passages that a judge is shown for a query; answers about former ones are not used any more."""
        with self._lock:
            if self._sheet.pinned.get(query) != found or self._sheet.searched != corpus:
                self._write({"pinned": {**self._sheet.pinned, query: found}, "searched": corpus})

    def close(self, drafts: Mapping[str, str]) -> int:
        """Say which drafts were judged and drop every answer that was not used, when all was measured.

        Returns how many were dropped.
        """
        with self._lock:
            unused = set(self._answers) - self._used
            for key in unused:
                del self._answers[key]
            self._write({"drafts": dict(drafts), "prompts": prompts_digest()})
            return len(unused)

    def _write(self, change: Mapping[str, object]) -> None:
        changed: dict[str, object] = {**self._sheet.model_dump(), **change, "answers": tuple(self._answers.values())}
        self._sheet = JudgeSheet.model_validate(changed)
        write_sheet(self._path, self._sheet)


class AskedOnce:
    """A journaled model that asks a question once even when several threads ask it at the same time."""

    def __init__(self, inner: ChatModel, journal: SheetJournal) -> None:
        self._model = JournaledModel(inner, journal)
        self._asking: dict[str, Lock] = {}
        self._lock = Lock()

    @property
    def label(self) -> str:
        """The label of the model that answers."""
        return self._model.label

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        """See ChatModel."""
        with self._lock:
            turn = self._asking.setdefault(request_key(prompt, schema, sample), Lock())
        with turn:
            return self._model.complete(prompt, schema, sample=sample, canary=canary)
