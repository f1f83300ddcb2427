"""The work of `corpus add`: fetch, read, ask, take in, and say what was done."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from agent.cli import added
from agent.cli.output import Terminal
from agent.errors import AssessorError, NotFound
from agent.evidence.bundled import BundledState
from agent.evidence.discover import Discovery, files_of
from agent.evidence.document import Document
from agent.evidence.fetch import NotFetched, fetch
from agent.evidence.ingest import AddOptions, AddReport, Ingest, Left
from agent.evidence.metadata import is_day_or_part, nobody
from agent.evidence.read import no_progress
from agent.schemas.text import without_controls
from agent.store.read_files import FileStore
from agent.workflow.corpora import OpenCorpus

LOOK_MS = 200
"""A watch is certain to be in force after this time; what came before is then read."""


@dataclass(frozen=True)
class Work:
    """One command's ingests."""

    terminal: Terminal
    opened: OpenCorpus
    options: AddOptions
    dry_run: bool = False
    allow_private: bool = False
    without_bundled: bool = False

    def once(self, sources: list[str]) -> None:
        """Add everything and say what was done. Raises InvalidInput when nothing at all could be read."""
        with self._bundled_left_out():
            report, found = self._added(sources)
            if not self._has_given(report, found):
                added.refuse(self.terminal, report, sources)
        added.show(self.terminal, report, dry_run=self.dry_run)

    def watch(self, folders: list[str]) -> None:
        """Add what is there and then what changes, until interrupted."""
        from watchfiles import watch

        paths = [named(folder) for folder in folders]
        left: set[Left] | None = None
        for changes in watch(*paths, raise_interrupt=True, yield_on_timeout=True, rust_timeout=LOOK_MS):
            if not changes and left is not None:
                continue
            try:
                with self._bundled_left_out():
                    report, _ = self._added([f for f, path in zip(folders, paths, strict=True) if path.exists()])
            except AssessorError as error:
                self.terminal.failure(error)
                left = left or set()
                continue
            if left is None:
                added.show(self.terminal, report, dry_run=False)
                self.terminal.words(f"Watching {', '.join(folders)}; Ctrl-C ends it.")
            else:
                added.show_change(self.terminal, report, before=left)
            left = set(report.skipped)

    def _added(self, sources: list[str]) -> tuple[AddReport, Discovery]:
        paths = [named(source) for source in sources if not is_url(source)]
        urls = [source for source in sources if is_url(source)]
        # Questions and a bar would write over each other.
        asks = self.options.ask is not nobody
        with (
            tempfile.TemporaryDirectory(prefix="assess-role-") as folder,
            nullcontext(no_progress) if asks else self.terminal.bar() as bar,
        ):
            addresses, unfetched = fetched(urls, Path(folder), allow_private=self.allow_private, progress=bar)
            found = files_of([*paths, *addresses])
            ingest = Ingest(
                self.opened.corpus,
                FileStore(self.opened.db),
                replace(self.options, addresses=addresses),
                today=datetime.date.today().isoformat(),
                progress=bar,
            )
            report = ingest.plan(found) if self.dry_run else ingest.add(found)
        return replace(report, skipped=(*unfetched, *report.skipped)), found

    def _has_given(self, report: AddReport, found: Discovery) -> bool:
        """Whether any file gave an article, now or when it was last read."""
        articles = report.articles
        if articles.added or articles.updated or articles.unchanged:
            return True
        if not report.unread:
            return False
        before = FileStore(self.opened.db).known([str(path.absolute()) for path in found.files])
        return any(row.articles for row in before.values())

    @contextmanager
    def _bundled_left_out(self) -> Iterator[None]:
        """With `without_bundled`, nothing takes them over meanwhile, also where this is killed; a failure undoes it."""
        corpus = self.opened.corpus
        before = corpus.bundled
        if not self.without_bundled or self.dry_run or before.left_out:
            yield
            return
        if before.articles:
            self.terminal.words("The bundled articles came in before and stay; `corpus remove` takes one out.")
        corpus.settle_bundled(BundledState.left_out_by_choice())
        try:
            yield
        except Exception:
            # A command that failed does not decide about the bundled articles.
            corpus.settle_bundled(before)
            raise


def fetched(
    urls: list[str], folder: Path, *, allow_private: bool, progress: Callable[[str, int, int], None]
) -> tuple[dict[Path, str], list[Left]]:
    """File in `folder` to the address it came from, and the addresses that could not be fetched."""
    files: dict[Path, str] = {}
    left: list[Left] = []
    for number, page in enumerate(fetch(urls, allow_private=allow_private) if urls else (), start=1):
        progress("fetch", number, len(urls))
        if isinstance(page, NotFetched):
            left.append(Left(page.url, page.reason))
            continue
        name = Path(page.final_url.partition("?")[0].rstrip("/")).name or "page"
        file = folder / str(number) / name[-80:]
        file.parent.mkdir()
        file.write_bytes(page.content)
        files[file] = page.final_url
    return files, left


def named(source: str) -> Path:
    """The file or folder that a source names. Raises NotFound for a path that cannot be looked at."""
    scheme, _, rest = source.partition("://")
    if rest:
        raise NotFound(f"{source} cannot be read: only http and https addresses are fetched, not {scheme}.")
    try:
        path = Path(source).expanduser()
        path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"There is no file or folder {source}.") from error
    except (OSError, RuntimeError) as error:
        raise NotFound(f"{source} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    return path


def ask_person(name: str, document: Document, missing: tuple[str, ...]) -> Mapping[str, str]:
    """What a person at the terminal knows; an empty answer leaves it unknown."""
    accepted = {
        "date": is_day_or_part,
        "tier": {"1", "2", "3", "4"}.__contains__,
    }
    hints = {"date": "YYYY, YYYY-MM or YYYY-MM-DD", "tier": "1 primary data, 2 research, 3 vendor or trade, 4 opinion"}
    said = f"{document.title} ({name})" if document.title else name
    typer.echo(f"{without_controls(said)}: what it does not say (empty: unknown)", err=True)
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
