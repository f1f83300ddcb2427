"""Who is known: accounts with their role, sessions of browsers, tokens of scripts. Secrets are kept as digests."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import Row, delete, func, insert, select, update

from agent.errors import Conflict, NotFound
from agent.schemas.base import Value
from agent.store.audit import append
from agent.store.database import Database
from agent.store.stamps import Stamps
from agent.store.tables import logins, reviewers, sessions, tokens


class AccountRole(StrEnum):
    """What an account may do; each may do what those before it may."""

    REQUESTER = "requester"
    """Start assessments, read, comment."""
    REVIEWER = "reviewer"
    """Decide."""
    ADMIN = "admin"
    """Keep accounts, plant known errors, read what reviewers looked at."""

    def covers(self, other: AccountRole) -> bool:
        """Whether this role may do what `other` may."""
        return list(AccountRole).index(self) >= list(AccountRole).index(other)


class AccountRow(Value):
    """A known person."""

    name: str
    role: AccountRole
    password: str | None
    """An argon2 hash; `None` for one who signs in elsewhere."""
    subject: str | None
    """Issuer and subject of OpenID Connect."""
    created_at: str
    disabled_at: str | None

    @property
    def active(self) -> bool:
        """May sign in and decide."""
        return self.disabled_at is None


class SessionRow(Value):
    """A browser that is signed in. `digest` is of the secret in its cookie."""

    digest: str
    reviewer: str
    csrf: str
    created_at: str
    seen_at: str
    expires_at: str


class TokenRow(Value):
    """A script that may act for a person. `digest` is of the token."""

    id: str
    digest: str
    reviewer: str
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str
    revoked_at: str | None


class AccountStore:
    """Reads and writes of accounts, sessions, tokens and failed logins."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def all(self) -> tuple[AccountRow, ...]:
        """Every account, by name."""
        with self._db.read() as connection:
            return tuple(
                AccountRow(**r._mapping) for r in connection.execute(select(reviewers).order_by(reviewers.c.name))
            )

    def find(self, name: str) -> AccountRow | None:
        """The account of a name, without regard to case."""
        wanted = name.casefold()
        return next((row for row in self.all() if row.name.casefold() == wanted), None)

    def of_subject(self, subject: str) -> AccountRow | None:
        """The account of a person known elsewhere."""
        return next((row for row in self.all() if row.subject == subject), None)

    def deciding(self) -> tuple[AccountRow, ...]:
        """Active accounts that may decide."""
        return tuple(r for r in self.all() if r.active and r.role.covers(AccountRole.REVIEWER))

    def add(self, name: str, role: AccountRole, *, password: str | None, subject: str | None, by: str) -> AccountRow:
        """A new account. Raises Conflict when the name or the subject is taken, also by a disabled account."""
        now = self._stamps.now()
        row = AccountRow(name=name, role=role, password=password, subject=subject, created_at=now, disabled_at=None)
        with self._db.write() as connection:
            known = [AccountRow(**r._mapping) for r in connection.execute(select(reviewers))]
            if any(r.name.casefold() == name.casefold() for r in known):
                raise Conflict(f"There is a reviewer {name} already.", hint="`assess-role reviewer list` shows all.")
            if subject is not None and any(r.subject == subject for r in known):
                raise Conflict(f"Another reviewer already signs in as {subject}.")
            connection.execute(insert(reviewers).values(row.model_dump()))
            append(connection, at=now, actor=by, event="reviewer added", detail={"reviewer": name, "role": role.value})
        return row

    def change(self, name: str, *, by: str, event: str, **values: object) -> AccountRow:
        """Change an account, and end its sessions. Raises NotFound."""
        now = self._stamps.now()
        with self._db.write() as connection:
            if connection.execute(update(reviewers).where(reviewers.c.name == name).values(values)).rowcount != 1:
                raise NotFound(f"There is no reviewer {name}.", hint="`assess-role reviewer list` shows all.")
            connection.execute(delete(sessions).where(sessions.c.reviewer == name))
            shown = {key: str(value) for key, value in values.items() if key == "role"}
            append(connection, at=now, actor=by, event=event, detail={"reviewer": name, **shown})
            return AccountRow(**connection.execute(select(reviewers).where(reviewers.c.name == name)).one()._mapping)

    def disable(self, name: str, by: str) -> AccountRow:
        """Close an account: its sessions and tokens end with it."""
        return self.change(name, by=by, event="reviewer disabled", disabled_at=self._stamps.now())

    def open_session(self, row: SessionRow) -> None:
        """Keep a session, and forget those that have ended."""
        with self._db.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= self._stamps.now()))
            connection.execute(insert(sessions).values(row.model_dump()))
            append(connection, at=self._stamps.now(), actor=row.reviewer, event="signed in")

    def session(self, digest: str) -> SessionRow | None:
        """The session of a digest that has not ended, of an account that is active."""
        query = (
            select(sessions)
            .join(reviewers, reviewers.c.name == sessions.c.reviewer)
            .where(
                sessions.c.digest == digest,
                sessions.c.expires_at > self._stamps.now(),
                reviewers.c.disabled_at.is_(None),
            )
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else SessionRow(**row._mapping)

    def touch_session(self, digest: str, expires_at: str) -> None:
        """Keep that a session was used, and until when it lives now."""
        with self._db.write() as connection:
            connection.execute(
                update(sessions)
                .where(sessions.c.digest == digest)
                .values(seen_at=self._stamps.now(), expires_at=expires_at)
            )

    def end_session(self, digest: str) -> None:
        """Sign out."""
        with self._db.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest))

    def add_token(self, row: TokenRow, by: str) -> None:
        """Keep a token."""
        with self._db.write() as connection:
            connection.execute(insert(tokens).values({**row.model_dump(), "scopes": " ".join(row.scopes)}))
            append(
                connection,
                at=row.created_at,
                actor=by,
                event="token added",
                detail={"token": row.id, "reviewer": row.reviewer, "scopes": list(row.scopes)},
            )

    def token(self, digest: str) -> TokenRow | None:
        """The token of a digest that is valid now, of an account that is active."""
        query = (
            select(tokens)
            .join(reviewers, reviewers.c.name == tokens.c.reviewer)
            .where(
                tokens.c.digest == digest,
                tokens.c.expires_at > self._stamps.now(),
                tokens.c.revoked_at.is_(None),
                reviewers.c.disabled_at.is_(None),
            )
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _token(row)

    def tokens(self, reviewer: str | None = None) -> tuple[TokenRow, ...]:
        """Every token, or those of one person, oldest first."""
        query = select(tokens).order_by(tokens.c.created_at, tokens.c.id)
        with self._db.read() as connection:
            rows = connection.execute(query if reviewer is None else query.where(tokens.c.reviewer == reviewer))
            return tuple(_token(row) for row in rows)

    def revoke_token(self, token: str, by: str) -> None:
        """End a token. Raises NotFound for one that is not there or was revoked."""
        now = self._stamps.now()
        with self._db.write() as connection:
            open_ones = (tokens.c.id == token) & tokens.c.revoked_at.is_(None)
            if connection.execute(update(tokens).where(open_ones).values(revoked_at=now)).rowcount != 1:
                raise NotFound(f"There is no token {token} that could be revoked.")
            append(connection, at=now, actor=by, event="token revoked", detail={"token": token})

    def note_failed_login(self, who: Iterable[str]) -> None:
        """Keep a failed login under each of these names, such as the account and the address."""
        now = self._stamps.now()
        with self._db.write() as connection:
            connection.execute(insert(logins), [{"who": one[:100], "at": now} for one in who])

    def failed_logins(self, who: str, since: str) -> int:
        """How many logins under a name failed since a time; older ones are forgotten."""
        with self._db.read() as connection:
            query = select(func.count()).where(logins.c.who == who[:100], logins.c.at >= since)
            return int(connection.execute(query).scalar_one())

    def forget_failed_logins(self, who: str, before: str) -> None:
        """Forget what is too old to count, and what a login that worked makes good."""
        with self._db.write() as connection:
            connection.execute(delete(logins).where((logins.c.who == who[:100]) | (logins.c.at < before)))


def _token(row: Row[tuple[object, ...]]) -> TokenRow:
    scopes = str(row._mapping["scopes"]).split()
    return TokenRow(**{**row._mapping, "scopes": tuple(scopes)})
