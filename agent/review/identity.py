"""Who acts: a person known by a token, a password or elsewhere, or no more than a name that was given."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256

from agent.errors import Forbidden, InvalidInput
from agent.review.rules import check_reviewer
from agent.review.service import Reviewer
from agent.store.accounts import AccountStore

TOKEN = "token"
"""How somebody is known whose script holds a token."""


class Scope(StrEnum):
    """What a token may be used for."""

    READ = "read"
    """Read queue, assessments and published pages."""
    RUN = "run"
    """Start assessments, comment."""
    DECIDE = "decide"
    """Claim and decide."""


def secret_digest(secret: str) -> str:
    """What is kept of a random secret of at least 32 bytes, so that the store holds none that could be used."""
    return f"sha256:{sha256(secret.encode()).hexdigest()}"


def identified(accounts: AccountStore, token: str | None, name: str | None, channel: str, *, scope: Scope) -> Reviewer:
    """Who acts at a terminal or in a script: the person of the token, else the name as it was given.

    Raises Forbidden for a token that is not valid or not for this, InvalidInput when another name is given beside it,
    or none at all.
    """
    if token is None:
        return Reviewer(name=check_reviewer(name or ""), channel=channel)
    known = accounts.token(secret_digest(token))
    if known is None:
        raise Forbidden(
            "ASSESS_ROLE_TOKEN is no token that is valid here.", hint="`assess-role reviewer token NAME` makes one."
        )
    if scope.value not in known.scopes:
        raise Forbidden(f"The token {known.id} is for {', '.join(known.scopes)}, and this takes {scope.value}.")
    if name is not None and check_reviewer(name).casefold() != known.reviewer.casefold():
        raise InvalidInput(f"The token is {known.reviewer}'s, and the name given is {check_reviewer(name)}.")
    return Reviewer(name=known.reviewer, channel=channel, auth=TOKEN)
