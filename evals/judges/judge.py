"""The one seam between evaluation frameworks and a model: whatever they ask goes through the project's own port."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import TypeVar

from pydantic import BaseModel

from agent.errors import AssessorError, NeedsModel
from agent.llm.port import ChatModel, Completion, Message, Prompt, request_key
from agent.llm.recorded import RecordedModel
from agent.llm.recording import Recording
from evals.judges.keeping import AskedOnce, SheetJournal
from evals.judges.sheet import JudgeSheet, drafts_digest, prompts_digest, read_sheet, role_name
from evals.suites.context import Context, Mode

T = TypeVar("T", bound=BaseModel)
UNFINISHED = "the judge's answers were not recorded to their end: python -m evals.judges.record"


class Stale(Exception):
    """Recorded answers are about something else than what would be judged now, and why."""


class Unreadable:
    """A judge whose recorded answers could not be read: whoever asks is told why."""

    label = "recorded: nothing"

    def __init__(self, error: AssessorError) -> None:
        self._error = error

    def complete(
        self, prompt: Prompt, schema: type[T], *, sample: int = 0, canary: tuple[str, str] | None = None
    ) -> Completion[T]:
        """Raises the error."""
        raise self._error


class Asker:
    """One metric on one case asks its judge through this; it keeps what was answered and what went wrong.

    Frameworks swallow errors (ResponseGroundedness turns each into NaN, and a NaN beside a number into that number):
    a suite looks here before it believes a score.
    """

    def __init__(self, model: ChatModel, metric: str, version: str, seen: Callable[[str], None]) -> None:
        """`metric` and `version` name the prompt; `seen` is told the key of each request."""
        self._model = model
        self._metric = metric
        self._version = version
        self._seen = seen
        self.answers: list[BaseModel] = []
        self.errors: list[AssessorError] = []

    @property
    def label(self) -> str:
        """The model's."""
        return self._model.label

    def ask(self, text: str, schema: type[T]) -> T:
        """The judge's answer to a framework's prompt. Raises the errors of the port, after noting them."""
        prompt = Prompt(id=self._metric, version=self._version, messages=(Message(role="user", content=text),))
        self._seen(request_key(prompt, schema, 0))
        try:
            completion: Completion[T] = self._model.complete(prompt, schema)
        except AssessorError as error:
            self.errors.append(error)
            raise
        self.answers.append(completion.value)
        return completion.value


class Judge:
    """Who judges for one suite: recorded answers, or the connected model."""

    def __init__(self, suite: str, context: Context, *, today: date | None = None) -> None:
        """A replay without a file, or with one that is not whole, answers every request with that error."""
        self._suite = suite
        self._mode = context.mode
        self._lock = Lock()
        self._keys: set[str] = set()
        self._journal: SheetJournal | None = None
        self._sheet: JudgeSheet | None = None
        path = context.judged / f"{suite}.json"
        self._model: ChatModel
        if context.model is None:
            try:
                self._sheet = read_sheet(path)
                self._model = RecordedModel((self._sheet,))
            except AssessorError as error:
                self._model = Unreadable(error)
        elif context.mode is Mode.RECORD:
            day = today or date.today()
            self._journal = SheetJournal(path, suite=suite, model=context.model.label, today=day)
            self._model = AskedOnce(context.model, self._journal)
        else:
            self._model = context.model

    @property
    def recorded(self) -> JudgeSheet | None:
        """What is replayed; `None` when a model is connected."""
        return self._sheet

    @property
    def journal(self) -> SheetJournal | None:
        """Where new answers are kept; `None` when none is."""
        return self._journal

    @property
    def asked(self) -> frozenset[str]:
        """The keys of all requests so far."""
        with self._lock:
            return frozenset(self._keys)

    def asker(self, metric: str, version: str) -> Asker:
        """For one metric on one case; `version` is of the prompt, so that another one finds no recording."""
        return Asker(self._model, f"{self._suite}.{metric}", version, self._note)

    def stale(self, recording: Recording) -> str | None:
        """Why the recorded answers say nothing of this role's drafts; `None` if they do, or a model is connected."""
        if self._sheet is None:
            return None
        if not self._sheet.prompts:
            return f"stale, not run: {UNFINISHED}"
        if self._sheet.prompts != prompts_digest():
            return "stale, not run: the prompts changed after the judge's answers were recorded"
        name = role_name(recording)
        judged = self._sheet.drafts.get(name)
        if judged is None:
            return f"stale, not run: the drafts of {name} are not among those judged; {UNFINISHED}"
        if judged == drafts_digest(recording):
            return None
        return f"stale, not run: the drafts of {name} changed after the judge's answers about them were recorded"

    def pin(self, query: str, found: Sequence[str], *, best: int, corpus: str) -> tuple[str, ...]:
        """The `best` passages for a query as a judge is shown them: `found` in the articles with the digest `corpus`,
        and in a replay those that were judged.

        Raises NeedsModel where a replay has none for the query, Stale where it has others. Among the same articles one
        of them may be another and the order too, since another processor ranks a tie otherwise.
        """
        shown = tuple(found)[:best]
        if self._mode is not Mode.REPLAY:
            if self._journal is not None:
                self._journal.pin(query, tuple(found), corpus)
            return shown
        pinned = self._sheet.pinned.get(query) if self._sheet is not None else None
        if self._sheet is None or pinned is None:
            raise NeedsModel(f"No passages are recorded for the query {query!r}.")
        judged = pinned[:best]
        tied = self._sheet.searched == corpus and len(set(judged) & set(shown)) >= best - 1
        if judged != shown and not tied:
            raise Stale(f"stale, not run: the search finds other passages for {query} than those that were judged")
        return judged

    def close(self, recordings: Sequence[Recording]) -> int:
        """After everything was measured in a recording: say what was judged, and drop what was not asked again."""
        drafts: Mapping[str, str] = {role_name(recording): drafts_digest(recording) for recording in recordings}
        return self._journal.close(drafts) if self._journal is not None else 0

    def _note(self, key: str) -> None:
        with self._lock:
            self._keys.add(key)
