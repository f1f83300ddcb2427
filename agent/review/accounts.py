"""Signing in with a password, and the sessions that follow. Knows nothing of HTTP; secrets are kept as digests."""

from __future__ import annotations

import ipaddress
import math
import secrets
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

from agent.errors import Forbidden
from agent.review.identity import secret_digest
from agent.review.passwords import verified
from agent.store.accounts import AccountRow, AccountStore, SessionRow, name_key
from agent.store.stamps import Stamps, later

PASSWORD = "password"
"""How somebody is known who signed in with a password."""
OIDC = "oidc"
"""How somebody is known who signed in at an OpenID Connect issuer."""

IDLE_MINUTES = 8 * 60
"""A session that is not used for so long ends."""
LONGEST_MINUTES = 7 * 24 * 60
"""However it is used, a session ends after so long."""
TOUCH_MINUTES = 1
"""How old the last use may be before a further one is kept."""
WINDOW_MINUTES = 15
FAILURES_OF_A_NAME_AT_AN_ADDRESS = 5
FAILURES_OF_AN_ADDRESS = 20
FAILURES_OF_A_NAME = 50
"""Failed logins within the window from which on nobody is let in: who guesses at one address keeps nobody out at
another, and who guesses from many is stopped all the same."""
MAX_SECRET = 200
"""Characters; ours have 43 and 46."""
MAX_TYPED_NAME = 200


def sign_in(store: AccountStore, stamps: Stamps, name: str, password: str, address: str) -> tuple[str, SessionRow]:
    """A new session and its secret, which is nowhere else; whatever the browser held before plays no part.

    `address` is the client's. Raises Forbidden, in the same words and after the same work for a name that nobody has,
    a closed account and a wrong password; and with the time to wait after too many failures. Raises Prerequisite
    without argon2.
    """
    now = stamps.now()
    who, where = f"name:{_digest(name_key(name[:MAX_TYPED_NAME]))}", f"address:{_digest(_network(address))}"
    both = f"{who} {where}"
    limits = {both: FAILURES_OF_A_NAME_AT_AN_ADDRESS, where: FAILURES_OF_AN_ADDRESS, who: FAILURES_OF_A_NAME}
    held = store.begin_login(limits, since=later(now, -WINDOW_MINUTES))
    if held is not None:
        minutes = max(1, math.ceil(_minutes(now, later(held, WINDOW_MINUTES))))
        raise Forbidden(f"Too many logins failed. Try again in {minutes} minute{'s' * (minutes != 1)}.")
    account = store.find(name) if len(name) <= MAX_TYPED_NAME else None
    usable = account is not None and account.active
    checked = verified(account.password if account is not None and usable else None, password)
    if account is None or not checked.holds:
        raise Forbidden("Name or password is wrong.")
    stored = account.password
    if checked.again is not None and stored is not None:
        store.rehash(account.name, stored, checked.again)
        stored = checked.again
    opened = open_session(store, stamps, account, PASSWORD, stored=stored)
    store.login_worked(both, where, who)
    return opened


def open_session(
    store: AccountStore, stamps: Stamps, account: AccountRow, auth: str, *, stored: str | None = None
) -> tuple[str, SessionRow]:
    """A new session of somebody who proved by `auth` who they are, and its secret.

    `stored` is the hash that a password was held against. Raises Forbidden when the account changed since.
    """
    now, secret = stamps.now(), secrets.token_urlsafe(32)
    row = SessionRow(
        digest=secret_digest(secret),
        reviewer=account.name,
        auth=auth,
        csrf=secrets.token_urlsafe(32),
        created_at=now,
        seen_at=now,
        expires_at=later(now, IDLE_MINUTES),
    )
    store.open_session(row, password=stored)
    return secret, row


def session_of(store: AccountStore, secret: str) -> SessionRow | None:
    """The session of a secret, which lives on for being used; `None` for none, an ended one or a closed account's."""
    row = store.session(secret_digest(secret)) if 0 < len(secret) <= MAX_SECRET else None
    if row is None:
        return None
    now = store.now()
    if now > later(row.seen_at, TOUCH_MINUTES):
        until = min(later(now, IDLE_MINUTES), later(row.created_at, LONGEST_MINUTES))
        store.touch_session(row.digest, until)
        return row.model_copy(update={"seen_at": now, "expires_at": until})
    return row


def check_form(session: SessionRow, given: str) -> None:
    """Raises Forbidden when a form does not carry the secret of its session."""
    if not compare_digest(session.csrf.encode(), given[:MAX_SECRET].encode(errors="replace")):
        raise Forbidden("The form is not one of this session.", hint="Load the page again and repeat it.")


def sign_out(store: AccountStore, secret: str) -> None:
    """End the session of a secret, if there is one."""
    if len(secret) <= MAX_SECRET:
        store.end_session(secret_digest(secret))


def _network(address: str) -> str:
    """What one client cannot change at will: an address, of IPv6 its network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:MAX_TYPED_NAME]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _digest(text: str) -> str:
    """Kept in the place of what was typed, which may be a password in the wrong field."""
    return sha256(text.encode(errors="replace")).hexdigest()[:40]


def _minutes(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 60
