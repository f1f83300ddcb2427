"""What `assess-role verify` reads and prints."""

from __future__ import annotations

from pathlib import Path

import typer

from agent.cli.files import read_text
from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import ThresholdMissed
from agent.registry.published import FILE
from agent.registry.published_file import PublishedFile, parse_published
from agent.registry.verify import Verification
from agent.schemas.record import PublishedAssessment
from agent.schemas.text import one_line

HINT = "`assess-role corpus show ID` shows an article or passage as it is stored here."


def read_published_file(path: Path) -> PublishedFile:
    """The `assessment.json` at `path`, or in the folder there. Raises NotFound, InvalidInput."""
    file = path / FILE if path.is_dir() else path
    return parse_published(read_text(file), "stdin" if str(file) == "-" else str(file))


def report(terminal: Terminal, published: PublishedAssessment, found: Verification) -> None:
    """The whole report on stdout, with a miss an error beside it. Raises Exit with a miss."""
    if not terminal.as_json:
        for line in verification_lines(published, found):
            terminal.data(line)
    elif not found.misses:
        terminal.document({"ok": True, **found.document()})
    if found.misses:
        error = ThresholdMissed(
            f"{counted(len(found.misses), 'thing')} of this page cannot be confirmed.",
            problems=[remark.line() for remark in found.misses] if terminal.as_json else (),
            hint=HINT,
        )
        terminal.failure(error, beside=found.document())
        raise typer.Exit(error.exit_code)


def verification_lines(published: PublishedAssessment, found: Verification) -> list[str]:
    """Whether a page was verified, what was counted, and a line for each miss and note."""
    role, result, misses = published.assessment.role, published.assessment.result, len(found.misses)
    standing = "" if result is None else f", {result.score:.1f} of 100, {result.label}"
    verdict = counted(misses, "miss", "misses") if misses else "verified"
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.claims.items() if count)
    lines = [
        f"{verdict}: {role.title} ({role.seniority}){standing}",
        f"revision: {found.revision}",
        f"{counted(sum(found.claims.values()), 'claim')} ({kinds}), {counted(found.citations, 'citation')}",
    ]
    lines += [f"miss {remark.line()}" for remark in found.misses]
    lines += [f"note {remark.line()}" for remark in found.notes]
    return [one_line(line) for line in lines]
