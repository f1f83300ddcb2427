"""What reviewers say about a claim or a part: kept with the words it was about, so that it can be found in the next
revision."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from agent.errors import Conflict, NotFound
from agent.schemas.base import Value, text_hash
from agent.store.audit import append
from agent.store.database import Database
from agent.store.stamps import Stamps
from agent.store.tables import comments


class CommentRow(Value):
    """One comment."""

    id: str
    assessment: str
    revision: str
    """The revision that was commented on."""
    place: str
    """The path of the claim or part in it, for example `evidence.wages.claims.0` or `tasks.t3`; empty for a remark on
    the whole."""
    claim: str
    """The claim's text as it stood, or the part's name; empty for the whole."""
    author: str
    auth: str
    channel: str
    text: str
    created_at: str
    resolved_by: str | None = None
    resolved_at: str | None = None


class CommentStore:
    """Reads and writes of comments. None is changed or removed; one can be resolved, once."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def add(
        self, *, assessment: str, revision: str, place: str, claim: str, author: str, auth: str, channel: str, text: str
    ) -> CommentRow:
        """Keep a comment."""
        now = self._stamps.now()
        row = CommentRow(
            id=f"c-{self._stamps.token()}",
            assessment=assessment,
            revision=revision,
            place=place,
            claim=claim,
            author=author,
            auth=auth,
            channel=channel,
            text=text,
            created_at=now,
        )
        with self._db.write() as connection:
            connection.execute(insert(comments).values(row.model_dump()))
            append(
                connection,
                at=now,
                actor=author,
                event="commented",
                assessment=assessment,
                revision=revision,
                detail={
                    "comment": row.id,
                    "place": place,
                    "claim": text_hash(claim),
                    "text": text,
                    "auth": auth,
                    "channel": channel,
                },
            )
        return row

    def of(self, assessment: str) -> tuple[CommentRow, ...]:
        """Every comment on an assessment, oldest first."""
        query = (
            select(comments).where(comments.c.assessment == assessment).order_by(comments.c.created_at, comments.c.id)
        )
        with self._db.read() as connection:
            return tuple(CommentRow(**row._mapping) for row in connection.execute(query))

    def find(self, comment: str) -> CommentRow:
        """One comment. Raises NotFound."""
        with self._db.read() as connection:
            row = connection.execute(select(comments).where(comments.c.id == comment)).one_or_none()
        if row is None:
            raise NotFound(f"There is no comment {comment}.")
        return CommentRow(**row._mapping)

    def resolve(self, comment: str, by: str) -> CommentRow:
        """Mark a comment as done. Raises NotFound, Conflict when it was resolved already."""
        now = self._stamps.now()
        with self._db.write() as connection:
            row = connection.execute(select(comments).where(comments.c.id == comment)).one_or_none()
            if row is None:
                raise NotFound(f"There is no comment {comment}.")
            if row.resolved_at is not None:
                raise Conflict(f"{row.resolved_by} already resolved comment {comment} at {row.resolved_at}.")
            connection.execute(update(comments).where(comments.c.id == comment).values(resolved_by=by, resolved_at=now))
            append(
                connection,
                at=now,
                actor=by,
                event="comment resolved",
                assessment=row.assessment,
                revision=row.revision,
                detail={"comment": comment},
            )
        return CommentRow(**{**row._mapping, "resolved_by": by, "resolved_at": now})
