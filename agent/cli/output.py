"""stdout is data, stderr is words; one JSON document with --json; errors in words with their exit code."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TextIO

import typer

from agent.cli.wording import worded
from agent.errors import AssessorError
from agent.schemas.text import without_controls
from agent.store.faults import storage_failure


@dataclass(frozen=True)
class Terminal:
    """How one command talks."""

    as_json: bool = False
    quiet: bool = False

    @property
    def interactive(self) -> bool:
        """A person sits at both ends."""
        return not self.as_json and not self.quiet and sys.stdin.isatty() and sys.stdout.isatty()

    def document(self, document: Mapping[str, object]) -> None:
        """The command's one JSON document."""
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")

    def data(self, text: str, *, hang: int = 2) -> None:
        """One line of the command's result; at a terminal its continuation lines stand `hang` columns in."""
        sys.stdout.write(fitted(without_controls(text), sys.stdout, hang=hang) + "\n")

    def words(self, text: str) -> None:
        """A remark for the person, on stderr; silent with --quiet."""
        if not self.quiet:
            sys.stderr.write(fitted(without_controls(text), sys.stderr) + "\n")

    def progress(self, step: str, detail: str) -> None:
        """One line a step, only where a person watches."""
        if not self.quiet and not self.as_json and sys.stderr.isatty():
            sys.stderr.write(f"  {monotonic() - _STARTED:5.1f}s  {step:<18} {without_controls(detail)}\n")

    @contextmanager
    def bar(self) -> Iterator[Callable[[str, int, int], None]]:
        """A progress bar a step, called with step, how much is done and of how much; only where a person watches."""
        if self.quiet or self.as_json or not sys.stderr.isatty():
            yield lambda step, done, total: None
            return
        from agent.cli.bars import bars

        with bars() as advance:
            yield advance

    @contextmanager
    def outcome(self) -> Iterator[None]:
        """Turn an error a user can act on into words or JSON and its exit code."""
        try:
            yield
        except AssessorError as error:
            self.failure(error)
            raise typer.Exit(error.exit_code) from error
        except BrokenPipeError:
            leave_pipe()
            raise typer.Exit(0) from None
        except (OSError, sqlite3.Error) as error:
            failed = storage_failure(error)
            if failed is None:
                raise
            self.failure(failed)
            raise typer.Exit(failed.exit_code) from error

    def interrupted(self, hint: str) -> None:
        """Ctrl-C, and how to go on."""
        if self.as_json:
            self.document({"ok": False, "error": {"kind": "interrupted", "message": "Interrupted.", "hint": hint}})
        else:
            sys.stderr.write(fitted(f"\nInterrupted. {hint}\n", sys.stderr))

    def failure(self, error: AssessorError, *, beside: Mapping[str, object] | None = None) -> None:
        """One error, with every breach it names; `beside` is what else the command's document holds."""
        message, problems = worded(error)
        if self.as_json:
            details: dict[str, object] = {"kind": error.kind.value, "message": message, "hint": error.hint}
            details |= {"problems": list(problems)} if problems else {}
            self.document({"ok": False, **(beside or {}), "error": details})
            return
        self.fault(*_listed(message, problems), hint=error.hint)

    def fault(self, message: str, problems: Sequence[str] = (), *, hint: str | None = None) -> None:
        """What went wrong in words: the message, a line for each of several problems, and what to do."""
        lines = [f"error: {message}", *(f"  - {problem}" for problem in problems)]
        lines += [f"hint: {hint}"] if hint else []
        for line in lines:
            sys.stderr.write(fitted(without_controls(line), sys.stderr) + "\n")


def _listed(message: str, problems: Sequence[str]) -> tuple[str, Sequence[str]]:
    """A message that holds several problems in one sentence, and the problems, apart; each is said once."""
    joined = "; ".join(problems)
    if len(problems) > 1 and joined in message:
        return f"{message.partition(joined)[0].rstrip(' :')}:", problems
    return message, [problem for problem in problems if problem not in message]


def fitted(text: str, stream: TextIO, *, hang: int = 2) -> str:
    """`text` with long lines wrapped at words where a person reads it; as it is in a pipe or a file."""
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    lines = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        wrapped = textwrap.wrap(
            line, width, subsequent_indent=indent + " " * hang, break_long_words=False, break_on_hyphens=False
        )
        lines += wrapped if len(line) > width else [line]
    return "\n".join(lines)


def leave_pipe() -> None:
    """The reader of stdout left: what is still to be written, and Python's own flush at exit, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_STARTED = monotonic()
