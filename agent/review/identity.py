"""Who acts: a person known by a token, a password or elsewhere, or no more than a name that was given."""

from __future__ import annotations

from enum import StrEnum

from agent.errors import Forbidden, InvalidInput
from agent.review.rules import check_reviewer
from agent.review.service import Reviewer
from agent.store.accounts import AccountRole, AccountStore, TokenRow, name_key, secret_digest

__all__ = ["MAX_TOKEN", "TOKEN", "Scope", "bearer", "identified", "scopes_of", "secret_digest", "token_of"]

TOKEN = "token"
"""How somebody is known whose script holds a token."""
MAX_TOKEN = 200
"""Characters; ours have 46."""


class Scope(StrEnum):
    """What a token may be used for."""

    READ = "read"
    """Read queue, assessments and published pages."""
    RUN = "run"
    """Start and resume assessments, comment."""
    DECIDE = "decide"
    """Claim and decide."""


def scopes_of(role: AccountRole) -> tuple[Scope, ...]:
    """What the tokens of somebody of this role may be used for at most."""
    return tuple(Scope) if role.covers(AccountRole.REVIEWER) else (Scope.READ, Scope.RUN)


def token_of(accounts: AccountStore, token: str) -> TokenRow | None:
    """The token that is meant, with the scopes that its person's role leaves; `None` for one that is not valid."""
    row = accounts.token(secret_digest(token)) if len(token) <= MAX_TOKEN else None
    account = None if row is None else accounts.find(row.reviewer)
    if row is None or account is None or not account.active:
        return None
    left = {scope.value for scope in scopes_of(account.role)}
    return row.model_copy(update={"scopes": tuple(scope for scope in row.scopes if scope in left)})


def bearer(header: str) -> str:
    """The token in an Authorization header. Raises Forbidden when it holds none."""
    kind, _, token = header.strip().partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Forbidden("The Authorization header holds no token; expected `Bearer` and a token.")
    return token.strip()


def identified(accounts: AccountStore, token: str | None, name: str | None, channel: str, *, scope: Scope) -> Reviewer:
    """Who acts at a terminal, in a script or by a request: the person of the token, else the name as it was given.

    Raises Forbidden for a token that is not valid or not for this, InvalidInput when another name is given beside it,
    or none at all.
    """
    if token is None:
        return Reviewer(name=check_reviewer(name or ""), channel=channel)
    known = token_of(accounts, token)
    if known is None:
        raise Forbidden(
            "The token is none that is valid here.",
            hint="Set ASSESS_ROLE_TOKEN to one that `assess-role reviewer token NAME` made.",
        )
    if scope.value not in known.scopes:
        left = ", ".join(known.scopes) or "nothing"
        raise Forbidden(f"The token {known.id} is for {left}, and this takes {scope.value}.")
    if name is not None and name_key(check_reviewer(name)) != name_key(known.reviewer):
        raise InvalidInput(f"The token is {known.reviewer}'s, and the name given is {check_reviewer(name)}.")
    return Reviewer(name=known.reviewer, channel=channel, auth=TOKEN)
