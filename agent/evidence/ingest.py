"""Files and pages into the corpus: what is unchanged is not read again, what cannot be read is named and left out."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from agent.evidence.corpus import Corpus
from agent.evidence.discover import Discovery
from agent.evidence.document import Document, ReadOptions, Unreadable
from agent.evidence.metadata import ASKED, Ask, Stated, address_of, complete, is_later, nobody, same_site, without_claim
from agent.evidence.read import Progress, article_id, edited, make_article, no_progress
from agent.evidence.split import SPLIT, passages_of
from agent.evidence.worker import Extraction, extract
from agent.evidence.writer import IngestReport, Update
from agent.schemas.article import Article
from agent.store.read_files import FileRow, FileStore

READERS = "3"
"""Raise it when a reader gives another text for the same file: every file is then read again."""


@dataclass(frozen=True)
class Left:
    """A file, or a part of it, that did not come in, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Note:
    """What the user has to know of a file, or a part of it, that came in."""

    file: str
    words: str


@dataclass(frozen=True)
class AddReport:
    """What an ingest did with files."""

    articles: IngestReport
    skipped: tuple[Left, ...] = ()
    files: int = 0
    """Files looked at."""
    unread: int = 0
    """Files that were not read again, because neither they nor what they gave has changed."""
    ignored: tuple[str, ...] = ()
    """Files of a folder that are no text format."""
    notes: tuple[Note, ...] = ()
    """What was assumed of files that were read now."""


@dataclass(frozen=True)
class AddOptions:
    """What the user says about one ingest."""

    read: ReadOptions = field(default_factory=ReadOptions)
    stated: Stated = field(default_factory=Stated)
    ask: Ask = nobody
    addresses: Mapping[Path, str] = field(default_factory=dict)
    """For files that were fetched: the address each came from."""

    @property
    def reader(self) -> str:
        """Changes with everything that changes what a file gives."""
        said = json.dumps([asdict(self.read), asdict(self.stated)], sort_keys=True, default=str)
        return f"{READERS}-{SPLIT}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


class Ingest:
    """One ingest of files into a corpus."""

    def __init__(
        self, corpus: Corpus, files: FileStore, options: AddOptions, *, today: str, progress: Progress = no_progress
    ) -> None:
        self._corpus = corpus
        self._files = files
        self._options = options
        self._today = today
        self._progress = progress
        self._left: list[Left] = []
        self._notes: list[Note] = []
        self._rows: list[FileRow] = []
        self._by_address: dict[str, str] = {}
        self._dates: dict[str, str] = {}
        self._unread = 0
        self._stored: Mapping[str, str] = {}
        self._known: Mapping[str, FileRow] = {}
        self._edits: Mapping[str, Mapping[str, object]] = {}
        self._answers: dict[str, dict[str, object]] = {}

    def add(self, found: Discovery) -> AddReport:
        """Take everything in that can be read. Raises what `Corpus.take` raises."""
        articles = self._articles(found)
        if self._options.ask is not nobody:
            # A person may think for long: nobody is kept waiting for the corpus meanwhile.
            articles = iter(list(articles))
        report = self._corpus.take(articles, files=lambda: self._rows, edits=self._answers, progress=self._progress)
        return self._report(found, report)

    def plan(self, found: Discovery) -> AddReport:
        """What `add` would do; nothing is written or embedded."""
        stored = self._corpus.store.content_hashes()
        added: dict[str, None] = {}
        updated: dict[str, Update] = {}
        unchanged: dict[str, None] = {}
        passages = 0
        for article in self._articles(found):
            known = stored.get(article.id)
            if known is None:
                added[article.id] = None
            elif known == article.content_hash:
                unchanged[article.id] = None
                continue
            else:
                before = self._corpus.store.article(article.id).meta
                updated[article.id] = Update(article.id, before=before, after=article.meta)
            passages += len(passages_of(article))
        would = IngestReport(
            added=tuple(added),
            updated=tuple(updated),
            unchanged=tuple(unchanged),
            updates=tuple(updated.values()),
            passages=passages,
        )
        return self._report(found, would)

    def _report(self, found: Discovery, articles: IngestReport) -> AddReport:
        return AddReport(
            articles=articles,
            skipped=(*(Left(_shown(path), reason) for path, reason in found.skipped), *self._left),
            files=len(found.files) + len(found.skipped),
            unread=self._unread,
            ignored=tuple(map(str, found.ignored)),
            notes=tuple(self._notes),
        )

    def _articles(self, found: Discovery) -> Iterator[Article]:
        """The articles of every file that is new or has changed, in the order of the files."""
        self._known = self._files.known([_shown(path.absolute()) for path in found.files])
        self._stored = self._corpus.store.content_hashes()
        todo = [path for path in found.files if not self._is_settled(path)]
        self._unread = len(found.files) - len(todo)
        self._edits = self._corpus.store.edits()
        for done, extraction in enumerate(extract(todo, self._options.read), start=1):
            yield from self._articles_of(extraction)
            self._progress("read", done, len(todo))

    def _is_settled(self, path: Path) -> bool:
        before = self._known.get(_shown(path.absolute()))
        if before is None or before.reader != self._options.reader:
            return False
        try:
            status = path.stat()
        except OSError:
            return False
        if (status.st_size, status.st_mtime_ns) != (before.size, before.mtime_ns):
            return False
        if any(self._stored.get(article) != content for article, content in before.articles):
            return False
        self._left.extend(Left(_shown(path), reason) for reason in before.skipped)
        for article, _ in before.articles:
            self._by_address.setdefault(article, _shown(path))
        return True

    def _articles_of(self, extraction: Extraction) -> Iterator[Article]:
        path = extraction.path
        given: dict[str, str] = {}
        reasons: list[str] = []
        name = self._options.addresses.get(path, _shown(path))
        is_settled = bool(extraction.sha256) and path not in self._options.addresses
        for skipped in extraction.skipped:
            reasons.append(f"{skipped.part}: {skipped.reason}" if skipped.part else skipped.reason)
        for found in extraction.documents:
            document, notes = self._placed(found, path)
            place = f"{document.part}: " if document.part else ""
            try:
                article = self._article(document, path)
            except Unreadable as error:
                reasons.append(f"{place}{error}")
                continue
            own_name = f"{name} {document.part}".strip()
            refused = self._superseded(article, own_name, path)
            if refused is not None:
                reasons.append(f"{place}{refused}")
                # The other file may go or change: whether this one counts has to be asked again.
                is_settled = is_settled and article.id in given
                continue
            self._by_address[article.id] = own_name
            self._dates[article.id] = article.meta.date
            given[article.id] = article.content_hash
            self._notes.extend(Note(own_name, words) for words in notes)
            yield article
        self._left.extend(Left(name, reason) for reason in reasons)
        if is_settled:
            self._rows.append(
                FileRow(
                    path=_shown(path.absolute()),
                    size=extraction.size,
                    mtime_ns=extraction.mtime_ns,
                    sha256=extraction.sha256,
                    reader=self._options.reader,
                    articles=tuple(given.items()),
                    skipped=tuple(reasons),
                    read_at=self._today,
                )
            )

    def _superseded(self, article: Article, name: str, path: Path) -> str | None:
        """Why an article does not come in beside another of its address; `None` when it does, as the newest version."""
        date, url = article.meta.date, article.meta.url
        twin = self._by_address.get(article.id)
        if twin is not None:
            if not is_later(date, self._date_of(article.id)):
                return f"it has the same address as {twin}: {url}"
            self._left.append(Left(twin, f"{name} is a newer version of it: {url}"))
        elif path not in self._options.addresses and self._is_of_others(article.id, path):
            stored = self._date_of(article.id)
            if is_later(stored, date):
                return f"the corpus has a newer version of it, of {stored}: {url}"
        return None

    def _date_of(self, article: str) -> str:
        """The date of the version that came in now, or of the one that is stored."""
        return self._dates.get(article) or self._corpus.store.article(article).meta.date

    def _placed(self, document: Document, path: Path) -> tuple[Document, list[str]]:
        """The document under the address that it may have, and what the user has to know of it."""
        notes = [document.note] if document.note else []
        address, claim = self._options.addresses.get(path), document.url
        if address is not None and (claim is None or (not document.part and not same_site(claim, address))):
            if claim is not None:
                notes.append(f"it calls itself {claim}, of another site: known by the address it was fetched from")
            return without_claim(document, address), notes
        is_claimed = document.claimed or (address is not None and bool(document.part))
        if claim is not None and is_claimed and self._is_of_others(article_id(address_of(document, path)), path):
            notes.append(f"it calls itself {claim}, which is another article of the corpus: known by its file")
            return without_claim(document, None), notes
        return document, notes

    def _is_of_others(self, article: str, path: Path) -> bool:
        """Whether the corpus has the article from elsewhere than this file."""
        content, before = self._stored.get(article), self._known.get(_shown(path.absolute()))
        return content is not None and (before is None or (article, content) not in before.articles)

    def _article(self, document: Document, path: Path) -> Article:
        key = article_id(address_of(document, path))
        edits = self._edits.get(key, {})
        answers: dict[str, str] = {}

        def ask(name: str, shown: Document, missing: tuple[str, ...]) -> Mapping[str, str]:
            unknown = tuple(field for field in missing if field not in edits)
            answers.update(self._options.ask(name, shown, unknown) if unknown else {})
            return answers

        meta = complete(document, path, stated=self._options.stated, ask=ask, today=self._today)
        given = {name: getattr(meta, name) for name, answer in answers.items() if name in ASKED and answer.strip()}
        given = {name: value for name, value in given.items() if name not in meta.assumed}
        if given:
            # The file will not say it the next time either.
            self._answers[key] = {**edits, **given}
        article = make_article(meta, document.text, document.pages)
        return edited(article, edits) if edits else article


def _shown(path: Path) -> str:
    """The path as it is stored and shown, also where its bytes are no text."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
