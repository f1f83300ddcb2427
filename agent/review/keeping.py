"""Keeping accounts and tokens: who may, what may be kept, and secrets that are shown once."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable

from agent.errors import Conflict, Forbidden, InvalidInput, NotFound
from agent.review.identity import Scope, scopes_of, secret_digest
from agent.review.passwords import check_password, hashed
from agent.review.rules import check_reviewer
from agent.review.service import UNVERIFIED, Reviewer
from agent.store.accounts import AccountRole, AccountRow, AccountStore, TokenRow
from agent.store.stamps import Stamps, later

TOKEN_DAYS = 90
MAX_TOKEN_DAYS = 365
MAX_SUBJECT = 500
"""Characters of issuer and subject together; OpenID Connect allows 255 for the subject."""
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that count as printable and show nothing."""


def check_account_name(name: str) -> str:
    """A name for an account, in one spelling (NFKC). Raises InvalidInput for one that could pass for another's."""
    cleaned = check_reviewer(unicodedata.normalize("NFKC", check_reviewer(name)))
    if _UNSEEN.search(name) or not any(character.isalnum() for character in cleaned):
        raise InvalidInput(
            f"The name {name!a} has characters that cannot be seen, or no letter; expected one that can be told "
            "from others."
        )
    return cleaned


def check_keeper(store: AccountStore, by: Reviewer) -> None:
    """Raises Forbidden for somebody who is known here and is no admin.

    Who is not known is the one at the command line of this home: its files are theirs to write, the store among them,
    and no rule in a program could keep them from it.
    """
    if by.auth == UNVERIFIED:
        return
    account = store.find(by.name)
    if account is None or not account.active or account.role is not AccountRole.ADMIN:
        role = "nobody here" if account is None else f"a {account.role.value}"
        raise Forbidden(f"{by.name} is {role}, and accounts are kept by an admin.")


def known_account(store: AccountStore, name: str) -> AccountRow:
    """The account of a name. Raises NotFound."""
    account = store.find(check_reviewer(name))
    if account is None:
        raise NotFound(f"There is no reviewer {check_reviewer(name)}.", hint="`assess-role reviewer list` shows all.")
    return account


def add_account(
    store: AccountStore, name: str, role: AccountRole, by: Reviewer, *, password: str | None, subject: str | None
) -> AccountRow:
    """A new account, which signs in with a password or as `subject` (`issuer|subject`) elsewhere.

    Raises InvalidInput, Conflict when name or subject is taken, Forbidden, Prerequisite without argon2.
    """
    check_keeper(store, by)
    kept = check_account_name(name)
    if password is None and subject is None:
        raise InvalidInput(f"{kept} could not sign in: there is neither a password nor a subject.")
    secret = None if password is None else hashed(check_password(kept, password))
    return store.add(kept, role, password=secret, subject=subject, by=by.name, auth=by.auth)


def set_role(store: AccountStore, name: str, role: AccountRole, by: Reviewer) -> AccountRow:
    """Give an account another role. Its sessions end. Raises NotFound, Conflict, Forbidden."""
    check_keeper(store, by)
    account = known_account(store, name)
    return store.change(account.name, by=by.name, auth=by.auth, event="reviewer role", role=role.value)


def set_password(store: AccountStore, name: str, password: str, by: Reviewer) -> AccountRow:
    """Give an account another password. Its sessions end. Raises NotFound, Conflict, Forbidden, InvalidInput."""
    check_keeper(store, by)
    account = known_account(store, name)
    secret = hashed(check_password(account.name, password))
    return store.change(account.name, by=by.name, auth=by.auth, event="reviewer password", password=secret)


def close_account(store: AccountStore, name: str, by: Reviewer) -> AccountRow:
    """Close an account for good: sessions and tokens end with it, and nobody else gets its name.

    Raises NotFound, Conflict, Forbidden.
    """
    check_keeper(store, by)
    return store.disable(known_account(store, name).name, by.name, by.auth)


def new_token(
    store: AccountStore,
    stamps: Stamps,
    name: str,
    by: Reviewer,
    *,
    scopes: Iterable[Scope] = (),
    days: int = TOKEN_DAYS,
) -> tuple[str, TokenRow]:
    """A token of an account and its secret, which is nowhere else. Without scopes it is for all that the role may.

    Raises NotFound, Conflict for a closed account, Forbidden for a scope beyond the role, InvalidInput for a time
    other than 1 to 365 days.
    """
    check_keeper(store, by)
    account = known_account(store, name)
    if not account.active:
        raise Conflict(f"The account {account.name} is closed since {account.disabled_at}.")
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise InvalidInput(f"The token is to be valid for {days} days, expected 1 to {MAX_TOKEN_DAYS}.")
    asked, allowed = set(scopes), scopes_of(account.role)
    beyond = [scope.value for scope in Scope if scope in asked and scope not in allowed]
    if beyond:
        raise Forbidden(f"{account.name} is a {account.role.value}, whose tokens cannot {', '.join(beyond)}.")
    now, secret = stamps.now(), f"ar_{secrets.token_urlsafe(32)}"
    row = TokenRow(
        id=f"t-{stamps.token()}",
        digest=secret_digest(secret),
        reviewer=account.name,
        scopes=tuple(scope.value for scope in allowed if not asked or scope in asked),
        created_at=now,
        expires_at=later(now, days * 24 * 60),
        revoked_at=None,
    )
    store.add_token(row, by.name, by.auth)
    return secret, row


def revoke_token(store: AccountStore, token: str, by: Reviewer) -> TokenRow:
    """End a token. Raises NotFound, Forbidden."""
    check_keeper(store, by)
    return store.revoke_token(token, by.name, by.auth)
