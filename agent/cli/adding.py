"""The work of `corpus add`: fetch, read, ask, take in, and say what was done."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from agent.cli.opening import OpenCorpus
from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import AssessorError, InvalidInput
from agent.evidence.discover import files_of
from agent.evidence.document import Document
from agent.evidence.fetch import NotFetched, fetch
from agent.evidence.ingest import AddOptions, AddReport, Ingest, Left
from agent.evidence.metadata import is_day_or_part, nobody
from agent.evidence.read import no_progress
from agent.store.read_files import FileStore

SHOWN = 20
"""Files left out that are named one by one at a terminal; --json names all."""


@dataclass(frozen=True)
class Work:
    """One command's ingests."""

    terminal: Terminal
    opened: OpenCorpus
    options: AddOptions
    dry_run: bool
    allow_private: bool

    def once(self, sources: list[str]) -> None:
        """Add everything and say what was done. Raises InvalidInput when nothing at all could be read."""
        urls = [source for source in sources if is_url(source)]
        paths = [Path(source).expanduser() for source in sources if not is_url(source)]
        # Questions and a bar would write over each other.
        asks = self.options.ask is not nobody
        with (
            tempfile.TemporaryDirectory(prefix="assess-role-") as folder,
            nullcontext(no_progress) if asks else self.terminal.bar() as bar,
        ):
            addresses, unfetched = fetched(urls, Path(folder), allow_private=self.allow_private)
            found = files_of([*paths, *addresses])
            ingest = Ingest(
                self.opened.corpus,
                FileStore(self.opened.stores.db),
                replace(self.options, addresses=addresses),
                today=datetime.date.today().isoformat(),
                progress=bar,
            )
            report = ingest.plan(found) if self.dry_run else ingest.add(found)
        report = replace(report, skipped=(*(Left(*left) for left in unfetched), *report.skipped))
        show(self.terminal, report, dry_run=self.dry_run)

    def watch(self, sources: list[str]) -> None:
        """Add what changes, until interrupted."""
        from watchfiles import watch

        paths = [Path(source).expanduser() for source in sources]
        self.terminal.words(f"Watching {', '.join(map(str, paths))}; Ctrl-C ends it.")
        for _ in watch(*paths, raise_interrupt=True):
            try:
                self.once([source for source in sources if Path(source).expanduser().exists()])
            except AssessorError as error:
                self.terminal.failure(error)


def fetched(urls: list[str], folder: Path, *, allow_private: bool) -> tuple[dict[Path, str], list[tuple[str, str]]]:
    """File in `folder` to the address it came from, and (address, reason) of those that could not be fetched."""
    files: dict[Path, str] = {}
    left: list[tuple[str, str]] = []
    for number, page in enumerate(fetch(urls, allow_private=allow_private) if urls else ()):
        if isinstance(page, NotFetched):
            left.append((page.url, page.reason))
            continue
        name = Path(page.final_url.partition("?")[0].rstrip("/")).name or "page"
        file = folder / str(number) / name[-80:]
        file.parent.mkdir()
        file.write_bytes(page.content)
        files[file] = page.final_url
    return files, left


def show(terminal: Terminal, report: AddReport, *, dry_run: bool) -> None:
    """What was done, or would be. Raises InvalidInput when nothing at all could be read."""
    articles = report.articles
    skipped = [{"file": left.file, "reason": left.reason} for left in report.skipped]
    came = len(articles.added) + len(articles.updated) + len(articles.unchanged) + report.unread
    if not came and skipped:
        raise InvalidInput(
            f"Nothing could be read: {skipped[0]['file']}: {skipped[0]['reason']}.",
            problems=[f"{left['file']}: {left['reason']}." for left in skipped],
        )
    if terminal.as_json:
        changes = {name: list(getattr(articles, name)) for name in ("added", "updated", "unchanged")}
        counts = {"files": report.files, "not_read_again": report.unread, "no_text_format": report.ignored}
        rest = {"passages": articles.passages, "embedded": articles.embedded, "dry_run": dry_run}
        terminal.document(
            {"ok": True, **changes, "copies": dict(articles.copies), "skipped": skipped, **counts, **rest}
        )
        return
    would = "would be " if dry_run else ""
    terminal.data(
        f"{len(articles.added)} {would}added, {len(articles.updated)} {would}updated, "
        f"{len(articles.unchanged)} unchanged, {counted(report.unread, 'file')} not read again, "
        f"{len(skipped)} left out; "
        + counted(articles.passages, "passage")
        + ("" if dry_run else f", {articles.embedded} embedded")
    )
    if report.ignored:
        terminal.data(f"{counted(report.ignored, 'file')} of another format passed over")
    for article, work in articles.copies.items():
        terminal.data(f"copy: {article} counts as one source with {work}")
    for left in skipped[:SHOWN]:
        terminal.data(f"left out: {left['file']}: {left['reason']}")
    if len(skipped) > SHOWN:
        terminal.data(f"and {len(skipped) - SHOWN} more left out; --json names all")


def ask_person(name: str, document: Document, missing: tuple[str, ...]) -> Mapping[str, str]:
    """What a person at the terminal knows; an empty answer leaves it unknown."""
    accepted = {
        "date": is_day_or_part,
        "tier": {"1", "2", "3", "4"}.__contains__,
    }
    hints = {"date": "YYYY, YYYY-MM or YYYY-MM-DD", "tier": "1 primary data, 2 research, 3 vendor or trade, 4 opinion"}
    typer.echo(
        f"{document.title or name} ({name}): what it does not say. Enter: unknown; --no-ask: all unknown.", err=True
    )
    given: dict[str, str] = {}
    for field in missing:
        while True:
            hint = f" ({hints[field]})" if field in hints else ""
            answer = str(typer.prompt(f"  {field}{hint}", default="", show_default=False, err=True)).strip()
            if not answer or field not in accepted or accepted[field](answer):
                break
            typer.echo(f"  {answer!r} is none; expected {hints[field]}.", err=True)
        if answer:
            given[field] = answer
    return given


def is_url(source: str) -> bool:
    """Whether a source is an address and not a path."""
    return source.lower().startswith(("http://", "https://"))
