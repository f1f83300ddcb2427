"""stdout is data, stderr is words; one JSON document with --json; errors in words with their exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import typer

from agent.errors import AssessorError, InvalidInput
from agent.schemas.text import without_controls


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

    def data(self, text: str) -> None:
        """One line of the command's result."""
        sys.stdout.write(without_controls(text) + "\n")

    def words(self, text: str) -> None:
        """A remark for the person, on stderr; silent with --quiet."""
        if not self.quiet:
            sys.stderr.write(without_controls(text) + "\n")

    def progress(self, step: str, detail: str) -> None:
        """One line a step, only where a person watches."""
        if not self.quiet and not self.as_json and sys.stderr.isatty():
            sys.stderr.write(f"  {monotonic() - _STARTED:5.1f}s  {step:<18} {without_controls(detail)}\n")

    @contextmanager
    def outcome(self) -> Iterator[None]:
        """Turn an error a user can act on into words or JSON and its exit code."""
        try:
            yield
        except AssessorError as error:
            self.failure(error)
            raise typer.Exit(error.exit_code) from error
        except BrokenPipeError:
            # The reader of a pipe left. Python would report it again when it flushes stdout at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None

    def failure(self, error: AssessorError) -> None:
        """One error, with every breach it names."""
        problems = error.problems if isinstance(error, InvalidInput) else ()
        if self.as_json:
            details = {"kind": error.kind.value, "message": error.message, "hint": error.hint}
            self.document({"ok": False, "error": {**details, **({"problems": list(problems)} if problems else {})}})
            return
        sys.stderr.write(f"error: {without_controls(error.message)}\n")
        for problem in problems:
            if problem not in error.message:
                sys.stderr.write(f"  - {without_controls(problem)}\n")
        if error.hint:
            sys.stderr.write(f"hint: {without_controls(error.hint)}\n")


_STARTED = monotonic()
