"""Who is known: accounts with their role, sessions of browsers, tokens of scripts. Secrets are kept as digests."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from agent.errors import Conflict, Forbidden, NotFound
from agent.schemas.base import Value
from agent.store.audit import append
from agent.store.database import Database
from agent.store.stamps import Stamps
from agent.store.tables import logins, reviewers, sessions, tokens


def name_key(name: str) -> str:
    """What two spellings of one name have in common: neither case nor the width of a letter tells people apart."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def secret_digest(secret: str) -> str:
    """What is kept of a random secret of at least 32 bytes, so that the store holds none that could be used."""
    return f"sha256:{sha256(secret.encode(errors='replace')).hexdigest()}"


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
    auth: str
    """How the person signed in: `password` or `oidc`."""
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

    def now(self) -> str:
        """The time that sessions and tokens are held against."""
        return self._stamps.now()

    def all(self) -> tuple[AccountRow, ...]:
        """Every account, by name."""
        with self._db.read() as connection:
            return tuple(
                AccountRow(**r._mapping) for r in connection.execute(select(reviewers).order_by(reviewers.c.name))
            )

    def find(self, name: str) -> AccountRow | None:
        """The account of a name, however it is spelled (`name_key`)."""
        wanted = name_key(name)
        return next((row for row in self.all() if name_key(row.name) == wanted), None)

    def of_subject(self, subject: str) -> AccountRow | None:
        """The account of a person known elsewhere."""
        return next((row for row in self.all() if row.subject == subject), None)

    def deciding(self) -> tuple[AccountRow, ...]:
        """Active accounts that may decide."""
        return tuple(r for r in self.all() if r.active and r.role.covers(AccountRole.REVIEWER))

    def add(
        self, name: str, role: AccountRole, *, password: str | None, subject: str | None, by: str, auth: str
    ) -> AccountRow:
        """A new account. Raises Conflict when the name or the subject is taken, also by a disabled account."""
        now = self._stamps.now()
        row = AccountRow(name=name, role=role, password=password, subject=subject, created_at=now, disabled_at=None)
        with self._db.write() as connection:
            known = [AccountRow(**r._mapping) for r in connection.execute(select(reviewers))]
            taken = next((r.name for r in known if name_key(r.name) == name_key(name)), None)
            if taken is not None:
                raise Conflict(f"There is a reviewer {taken} already.", hint="`assess-role reviewer list` shows all.")
            if subject is not None and any(r.subject == subject for r in known):
                raise Conflict(f"Another reviewer already signs in as {subject}.")
            connection.execute(insert(reviewers).values(row.model_dump()))
            detail = {"reviewer": name, "role": role.value, "auth": auth}
            append(connection, at=now, actor=by, event="reviewer added", detail=detail)
        return row

    def change(self, name: str, *, by: str, auth: str, event: str, **values: object) -> AccountRow:
        """Change an active account, and end its sessions.

        Raises NotFound, and Conflict for one that is closed and where no admin would be left to keep other accounts.
        """
        now = self._stamps.now()
        with self._db.write() as connection:
            before = connection.execute(select(reviewers).where(reviewers.c.name == name)).one_or_none()
            if before is None:
                raise NotFound(f"There is no reviewer {name}.", hint="`assess-role reviewer list` shows all.")
            if before.disabled_at is not None:
                raise Conflict(f"The account {name} is closed since {before.disabled_at}.")
            connection.execute(update(reviewers).where(reviewers.c.name == name).values(values))
            if before.role == AccountRole.ADMIN:
                _check_kept(connection, name)
            connection.execute(delete(sessions).where(sessions.c.reviewer == name))
            shown = {key: str(value) for key, value in values.items() if key == "role"}
            append(connection, at=now, actor=by, event=event, detail={"reviewer": name, **shown, "auth": auth})
            return AccountRow(**connection.execute(select(reviewers).where(reviewers.c.name == name)).one()._mapping)

    def disable(self, name: str, by: str, auth: str) -> AccountRow:
        """Close an account: its sessions and tokens end with it. Raises as `change`."""
        return self.change(name, by=by, auth=auth, event="reviewer disabled", disabled_at=self._stamps.now())

    def rehash(self, name: str, old: str, new: str) -> None:
        """Keep the same password under another hash, unless it was changed meanwhile."""
        with self._db.write() as connection:
            mine = (reviewers.c.name == name) & (reviewers.c.password == old)
            connection.execute(update(reviewers).where(mine).values(password=new))

    def open_session(self, row: SessionRow, *, password: str | None = None) -> None:
        """Keep a session, and forget those that have ended.

        Raises Forbidden when the account is not active, or its password is no longer the one of this hash.
        """
        now = self._stamps.now()
        with self._db.write() as connection:
            mine = (reviewers.c.name == row.reviewer) & reviewers.c.disabled_at.is_(None)
            account = connection.execute(select(reviewers.c.password).where(mine)).one_or_none()
            if account is None or (password is not None and account.password != password):
                raise Forbidden("The account changed while you signed in.", hint="Sign in again.")
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
            connection.execute(insert(sessions).values(row.model_dump()))
            append(connection, at=now, actor=row.reviewer, event="signed in", detail={"auth": row.auth})

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

    def add_token(self, row: TokenRow, by: str, auth: str) -> None:
        """Keep a token."""
        with self._db.write() as connection:
            connection.execute(insert(tokens).values({**row.model_dump(), "scopes": " ".join(row.scopes)}))
            append(
                connection,
                at=row.created_at,
                actor=by,
                event="token added",
                detail={"token": row.id, "reviewer": row.reviewer, "scopes": list(row.scopes), "auth": auth},
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

    def revoke_token(self, token: str, by: str, auth: str) -> TokenRow:
        """End a token. Raises NotFound for one that is not there or was revoked."""
        now = self._stamps.now()
        with self._db.write() as connection:
            open_ones = (tokens.c.id == token) & tokens.c.revoked_at.is_(None)
            if connection.execute(update(tokens).where(open_ones).values(revoked_at=now)).rowcount != 1:
                raise NotFound(f"There is no token {token} that could be revoked.")
            append(connection, at=now, actor=by, event="token revoked", detail={"token": token, "auth": auth})
            return _token(connection.execute(select(tokens).where(tokens.c.id == token)).one())

    def begin_login(self, limits: Mapping[str, int], since: str) -> str | None:
        """Count a login under each of these names as failed until `login_worked`, in one step with the limits.

        Where a name has failed as often as its limit since a time, nothing is counted, and what is returned is when
        the failure was that has to grow older than that time first. Older failures are forgotten.
        """
        now = self._stamps.now()
        with self._db.write() as connection:
            connection.execute(delete(logins).where(logins.c.at < since))
            counted = select(logins.c.who, logins.c.at).where(logins.c.who.in_(limits)).order_by(logins.c.at)
            failed = [(row.who, row.at) for row in connection.execute(counted)]
            held = []
            for who, limit in limits.items():
                times = [at for name, at in failed if name == who]
                held += times[-limit:][:1] if len(times) >= limit else []
            if held:
                return str(max(held))
            connection.execute(insert(logins), [{"who": who, "at": now} for who in limits])
        return None

    def login_worked(self, forgotten: str, *counted: str) -> None:
        """Forget every failure under `forgotten`, and under each name of `counted` the login that just worked."""
        newest = select(func.max(logins.c.serial)).where(logins.c.who.in_(counted)).group_by(logins.c.who)
        with self._db.write() as connection:
            connection.execute(delete(logins).where((logins.c.who == forgotten) | logins.c.serial.in_(newest)))


def _check_kept(connection: Connection, name: str) -> None:
    """Raises Conflict when `name` was the last active admin and there are other accounts."""
    known = [AccountRow(**row._mapping) for row in connection.execute(select(reviewers))]
    if len(known) > 1 and not any(one.active and one.role is AccountRole.ADMIN for one in known):
        raise Conflict(
            f"{name} is the last admin, and there are other accounts to keep.",
            hint="Make somebody else an admin first: `assess-role reviewer role NAME admin`.",
        )


def _token(row: Row[tuple[object, ...]]) -> TokenRow:
    scopes = str(row._mapping["scopes"]).split()
    return TokenRow(**{**row._mapping, "scopes": tuple(scopes)})
