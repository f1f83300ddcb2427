"""Where `assess-role personal` has its assessment and its shares from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from agent.cli.files import read_document, read_text
from agent.cli.output import Terminal
from agent.errors import InvalidInput
from agent.registry.lookup import find_published
from agent.registry.published import FILE
from agent.registry.published_file import parse_published
from agent.schemas.draft import TaskDraft
from agent.schemas.record import PublishedAssessment
from agent.schemas.scored import ScoreResult
from agent.schemas.text import one_line
from agent.scoring import POLICY
from agent.scoring.personal import changed_shares
from agent.scoring.personal_file import parse_fragment, parse_options, parse_personal
from agent.settings import read_settings
from agent.store.publications import Withdrawal
from agent.workflow.lists import open_lists


class Published(NamedTuple):
    """A published assessment that can be seen at other shares."""

    document: PublishedAssessment
    result: ScoreResult
    withdrawn: Withdrawal | None = None
    """By whom, when and why it was withdrawn; `None` also for a file, which needs no home to be read."""

    @property
    def tasks(self) -> tuple[TaskDraft, ...]:
        """The tasks in printed order."""
        return self.document.assessment.inputs.tasks

    @property
    def shares(self) -> dict[str, int]:
        """The published share of each task, by id."""
        return {task.id: task.share for task in self.tasks}


def published_of(role: str, version: int | None) -> Published:
    """What `role` names of that published in this home, or the file or folder at the path `role`.

    Raises NotFound, InvalidInput; also when it cannot be compared, because another policy scored it.
    """
    withdrawn = None
    if _is_path(role):
        if version is not None:
            raise InvalidInput("`--version` goes with a role that is published in this home, not with a file.")
        file = Path(role) / FILE if Path(role).is_dir() else Path(role)
    else:
        with open_lists(read_settings()) as stores:
            row = find_published(role, stores.publications.done(), version)
        file, withdrawn = Path(row.path) / FILE, row.withdrawn
    document, found = parse_published(read_text(file), "stdin" if role == "-" else str(file))
    if found != document.revision:
        raise InvalidInput(f"{file} is not what was published: its content does not have the hash it states.")
    result = document.assessment.result
    if result is None:
        raise InvalidInput(f"{file} has no score, so there is nothing to see at other shares.")
    if result.policy != POLICY.version:
        raise InvalidInput(
            f"{file} was scored by policy {result.policy}, and this program has {POLICY.version}: the two could not be "
            "compared.",
            hint="The page itself, index.html, computes your view with the constants it was published with.",
        )
    return Published(document, result, withdrawn)


def _is_path(role: str) -> bool:
    # A title can hold anything, also what no path may.
    with suppress(OSError, ValueError):
        return role == "-" or role.endswith(".json") or Path(role).is_file() or (Path(role) / FILE).is_file()
    return False


def asked_shares(
    terminal: Terminal,
    published: Published,
    *,
    file: Path | None,
    fragment: str | None,
    share: Sequence[str],
    without: Sequence[str],
) -> dict[str, int]:
    """The share of every task by id, from the one place that gives them; asked for where a person sits and none does.

    Raises NotFound, InvalidInput.
    """
    known, revision = published.shares, published.document.revision
    if file is not None:
        return parse_personal(read_document(file), known, revision)
    if fragment is not None:
        return parse_fragment(fragment, known, revision)
    if share or without:
        return parse_options(share, without, known)
    return _ask(terminal, published.tasks, known) if terminal.interactive else known


def _ask(terminal: Terminal, tasks: Sequence[TaskDraft], known: Mapping[str, int]) -> dict[str, int]:
    from agent.cli.asking import ask

    terminal.words(
        "Your share of each task in whole percent, 0 for one you do not do; an empty answer keeps the share in "
        f"brackets. They sum to {POLICY.share_total}; if you only set tasks to 0, the others are scaled."
    )
    shares = dict(known)
    while True:
        for task in tasks:
            answer = ask(terminal, f"{task.id} {one_line(task.name)} [{shares[task.id]}]", _whole)
            shares[task.id] = shares[task.id] if answer is None else answer
        try:
            return changed_shares(known, {name: share for name, share in shares.items() if share != known[name]})
        except InvalidInput as error:
            terminal.failure(error)


def _whole(answer: str) -> int:
    total = POLICY.share_total
    if not (answer.isascii() and answer.isdigit() and len(answer) <= len(str(total)) and int(answer) <= total):
        raise InvalidInput(f"Found {answer!r}, expected a whole percent, 0 to {total}.")
    return int(answer)
