"""The rows that entries of the audit trail stand for, held against what the entries say of them.

A row and its entry find each other by who did what to which revision when, or by the row's own id. Then whatever the
entry says of the row is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, select

from agent.schemas.base import text_hash
from agent.store.audit import BEGUN, DONE, WITHDRAWN, AuditEntry
from agent.store.documents import from_text
from agent.store.tables import approvals, comments, decisions, publications, revisions, withdrawals

DECIDED = "decided: "
"""What the event of a decision begins with; its action follows."""
CHUNK = 200
"""Rows that are read at a time: a revision can have some hundred kilobytes."""

Key = tuple[object, ...]


@dataclass(frozen=True)
class _Told:
    """What one entry says of one row."""

    serial: int
    words: str
    facts: dict[str, object]

    def differing(self, facts: Mapping[str, object]) -> list[str]:
        return [name for name, told in self.facts.items() if facts.get(name) != told]


class _Ledger:
    """The entries that each stand for one row of a kind."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._told: dict[Key, list[_Told]] = {}

    def tell(self, key: Key, entry: AuditEntry, facts: Mapping[str, object]) -> None:
        told = _Told(entry.serial, f"{entry.event} by {entry.actor} on {entry.assessment}", dict(facts))
        self._told.setdefault(key, []).append(told)

    def amend(self, key: Key, **facts: object) -> None:
        """What a later entry says of the same row."""
        for told in self._told.get(key, ()):
            told.facts.update(facts)

    def knows(self, key: Key) -> bool:
        return bool(self._told.get(key))

    def hold(self, name: str, key: Key, facts: Mapping[str, object]) -> Iterator[str]:
        """What is wrong with a row. Its entry stands for no other."""
        told = self._told.get(key)
        if not told:
            yield f"{self._kind} {name} has no entry"
            return
        own = min(told, key=lambda one: len(one.differing(facts)))
        told.remove(own)
        if differing := own.differing(facts):
            others = " and ".join(f"another {field}" for field in differing)
            yield f"{self._kind} {name} was changed: the trail (entry {own.serial}) has {others}"

    def left(self) -> Iterator[str]:
        """The entries whose row is missing."""
        for one in sorted((one for told in self._told.values() for one in told), key=lambda one: one.serial):
            yield f"entry {one.serial} ({one.words}) has no {self._kind}"


class Rows:
    """Takes in the trail, an entry at a time, and holds the rows of the store against it.

    Compared are decisions, approvals, comments, publications, withdrawals and revisions: none is missing, none was put
    in, and each is as its entry says. A revision's document has to have the hash that is the revision's key, and a
    publication the score, zone, label and seniority of its revision. What an entry from an earlier version does not say
    (hash of a decision's document, that an approval decided, the claim of a comment, role of a publication) is not
    compared. Leases, reviews and drafts come and go, and are no part of this.
    """

    def __init__(self) -> None:
        self._decisions, self._approvals = _Ledger("decision"), _Ledger("approval")
        # Approvals that decided, from before their entry said so.
        self._unsaid = _Ledger("approval")
        self._comments, self._publications = _Ledger("comment"), _Ledger("publication")
        self._withdrawals, self._revisions = _Ledger("withdrawal"), _Ledger("revision")

    def tell(self, entry: AuditEntry) -> None:
        """Take in one entry; oldest first."""
        detail, revision = entry.detail, (entry.assessment, entry.revision)
        act = (entry.actor, *revision, entry.at)
        if entry.event.startswith(DECIDED):
            said = _of(detail, "gate", "auth", "channel", "reason", "document")
            self._decisions.tell((entry.event, *act), entry, said)
            if detail.get("approval") is not False:
                ledger = self._approvals if detail.get("approval") else self._unsaid
                ledger.tell(act, entry, _of(detail, "auth", "channel"))
        elif entry.event == "approved, not alone":
            self._approvals.tell(act, entry, _of(detail, "auth", "channel"))
        elif entry.event == "commented":
            said = {"assessment": entry.assessment, "revision": entry.revision, "author": entry.actor}
            said |= {"created_at": entry.at, "resolved_by": None, "resolved_at": None}
            said |= _of(detail, "place", "claim", "text", "auth", "channel")
            self._comments.tell((str(detail.get("comment")),), entry, said)
        elif entry.event == "comment resolved":
            self._comments.amend((str(detail.get("comment")),), resolved_by=entry.actor, resolved_at=entry.at)
        elif entry.event == BEGUN:
            said = {"status": "pending", "published_at": entry.at, **_of(detail, "slug", "version", "role")}
            self._publications.tell(revision, entry, said)
        elif entry.event == DONE:
            self._publications.amend(revision, status="done")
        elif entry.event == WITHDRAWN:
            self._withdrawals.tell(act, entry, _of(detail, "auth", "channel", "reason"))
        elif entry.event == "frozen":
            said = {"created_at": entry.at, **_of(detail, "gate", "origin")}
            self._revisions.tell(revision, entry, said)

    def problems(self, connection: Connection) -> Iterator[str]:
        """What does not hold, in words, once every entry was taken in. Call it once, in the transaction that the
        entries were read in."""
        yield from self._of_decisions(connection)
        yield from self._of_approvals(connection)
        yield from self._of_comments(connection)
        yield from self._of_publications(connection)
        yield from self._of_withdrawals(connection)

    def _of_decisions(self, connection: Connection) -> Iterator[str]:
        for row in _read(connection, select(decisions).order_by(decisions.c.id)):
            key = (f"{DECIDED}{row.action}", row.reviewer, row.assessment, row.revision, row.decided_at)
            document = "" if row.document is None else _hash(row.document)
            facts = {**row._mapping, "reason": row.reason or "", "document": document}
            yield from self._decisions.hold(f"{row.id} ({row.action} by {row.reviewer})", key, facts)
        yield from self._decisions.left()

    def _of_approvals(self, connection: Connection) -> Iterator[str]:
        for row in _read(connection, select(approvals).order_by(approvals.c.review, approvals.c.reviewer)):
            assessment, _, _ = row.review.rpartition("/")
            key = (row.reviewer, assessment, row.revision, row.approved_at)
            ledger = self._unsaid if self._unsaid.knows(key) and not self._approvals.knows(key) else self._approvals
            yield from ledger.hold(f"of {row.revision} by {row.reviewer} in {row.review}", key, row._asdict())
        yield from self._approvals.left()

    def _of_comments(self, connection: Connection) -> Iterator[str]:
        for row in _read(connection, select(comments).order_by(comments.c.id)):
            facts = {**row._mapping, "claim": _hash(row.claim)}
            yield from self._comments.hold(f"{row.id} (by {row.author})", (row.id,), facts)
        yield from self._comments.left()

    def _of_publications(self, connection: Connection) -> Iterator[str]:
        """Beside them every revision, read once: it says what its publication has to be."""
        published = {}
        for row in _read(connection, select(publications).order_by(publications.c.slug, publications.c.version)):
            key = (row.assessment, row.revision)
            if self._publications.knows(key):
                published[key] = row
            yield from self._publications.hold(f"{row.slug} v{row.version}", key, row._asdict())
        yield from self._publications.left()
        for row in _read(connection, select(revisions).order_by(revisions.c.assessment, revisions.c.number)):
            key, name = (row.assessment, row.hash), f"{row.hash} of {row.assessment}"
            yield from self._revisions.hold(name, key, row._asdict())
            if (found := _hash(row.document)) != row.hash:
                yield f"revision {name} was changed: its document has the hash {found or 'of no text'}"
            elif key in published:
                yield from _misstated(published[key], from_text(row.document))
        yield from self._revisions.left()

    def _of_withdrawals(self, connection: Connection) -> Iterator[str]:
        query = select(withdrawals).order_by(withdrawals.c.assessment, withdrawals.c.revision)
        for row in _read(connection, query):
            key = (row.reviewer, row.assessment, row.revision, row.withdrawn_at)
            name = f"of {row.revision} of {row.assessment} by {row.reviewer}"
            yield from self._withdrawals.hold(name, key, row._asdict())
        yield from self._withdrawals.left()


def _read(connection: Connection, query: Select[tuple[object, ...]]) -> Iterator[Row[tuple[object, ...]]]:
    yield from connection.execute(query, execution_options={"yield_per": CHUNK})


def _of(detail: Mapping[str, object], *names: str) -> dict[str, object]:
    return {name: detail[name] for name in names if name in detail}


def _hash(text: object) -> str:
    """Hash of a text as it is stored; empty for what is none. Documents are stored as canonical JSON, so that the hash
    of the text is the hash of the document."""
    return text_hash(text) if isinstance(text, str) else ""


def _misstated(row: Row[tuple[object, ...]], document: Mapping[str, object]) -> Iterator[str]:
    """What a publication says otherwise than its revision, whose document is known to be the one that was frozen."""
    result, role = document.get("result"), document.get("role")
    told = _of(result, "score", "zone", "label") if isinstance(result, dict) else {}
    told |= _of(role, "seniority") if isinstance(role, dict) else {}
    score = told.get("score")
    if isinstance(score, int | float):
        told["score"] = str(float(score))
    differing = [f"another {name}" for name, value in told.items() if row._mapping[name] != value]
    if differing:
        yield f"publication {row.slug} v{row.version} was changed: its revision has {' and '.join(differing)}"
