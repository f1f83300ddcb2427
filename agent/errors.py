"""Every error a user can meet.

    AssessorError
    ├── InvalidInput      exit 3  a file, title, edit or decision that breaks a rule; all breaches at once
    ├── NotFound          exit 3  an id, role or file that does not exist
    ├── Conflict          exit 3  somebody else decided, edited or holds it; or the revision is not the one shown
    ├── Forbidden         exit 3  this person, or somebody who is not known, may not do this
    ├── NotPublishable    exit 3  a BLOCK finding, an unaccepted REVIEW finding or an abstention stands in the way
    ├── NeedsModel        exit 4  no recording for this request and no model connected
    ├── Prerequisite      exit 4  something must be set up first (corpus, reindex, home folder)
    ├── StorageFailed     exit 4  disk full, read-only home, damaged database
    ├── UpstreamFailed    exit 5  the model endpoint failed, refused, cut or garbled an answer
    │   └── BudgetSpent   exit 5  the next call could pass the token budget
    └── ThresholdMissed   exit 6  a required threshold was missed

Anything else that is raised is a bug and keeps its traceback (exit 1). Usage errors (exit 2) and Ctrl-C (130)
belong to the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class ErrorKind(StrEnum):
    """The closed vocabulary of `error.kind` in `--json` output. The last two are set by the command line itself."""

    INVALID_INPUT = "invalid_input"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    NOT_PUBLISHABLE = "not_publishable"
    NEEDS_MODEL = "needs_model"
    PREREQUISITE = "prerequisite"
    STORAGE = "storage"
    UPSTREAM = "upstream"
    BUDGET = "budget"
    THRESHOLD = "threshold"
    USAGE = "usage"
    INTERRUPTED = "interrupted"


class AssessorError(Exception):
    """An outcome a user can act on. `message` names the thing, what was found and what was expected."""

    kind: ErrorKind
    exit_code: int

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidInput(AssessorError):
    """Input that breaks a rule. `problems` lists every breach found, each a full sentence naming its place."""

    kind = ErrorKind.INVALID_INPUT
    exit_code = 3

    def __init__(self, message: str, *, problems: Sequence[str] = (), hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.problems = tuple(problems)


class NotFound(AssessorError):
    """An id, role or file that does not exist."""

    kind = ErrorKind.NOT_FOUND
    exit_code = 3


class Conflict(AssessorError):
    """Somebody else was first, or the content is no longer the content that was shown."""

    kind = ErrorKind.CONFLICT
    exit_code = 3


class Forbidden(AssessorError):
    """Who asks may not do this: not known, not of the role it takes, or not alone."""

    kind = ErrorKind.FORBIDDEN
    exit_code = 3


class NotPublishable(AssessorError):
    """The revision may not be approved or published as it stands."""

    kind = ErrorKind.NOT_PUBLISHABLE
    exit_code = 3


class NeedsModel(AssessorError):
    """A model answer is needed, none is recorded and no model is connected. The run can be resumed."""

    kind = ErrorKind.NEEDS_MODEL
    exit_code = 4


class Prerequisite(AssessorError):
    """Something has to be set up before this can work."""

    kind = ErrorKind.PREREQUISITE
    exit_code = 4


class StorageFailed(AssessorError):
    """The home folder or its database cannot be read or written."""

    kind = ErrorKind.STORAGE
    exit_code = 4


class UpstreamFailed(AssessorError):
    """The model endpoint failed after the bounded retries, or answered with something that cannot be used."""

    kind = ErrorKind.UPSTREAM
    exit_code = 5


class BudgetSpent(UpstreamFailed):
    """The next call could pass the run's token budget; it was not made. The run can be resumed with a larger one."""

    kind = ErrorKind.BUDGET


class ThresholdMissed(AssessorError):
    """A required threshold was missed. `problems` lists what missed it, where that is more than the message says."""

    kind = ErrorKind.THRESHOLD
    exit_code = 6

    def __init__(self, message: str, *, problems: Sequence[str] = (), hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.problems = tuple(problems)
