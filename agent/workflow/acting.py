"""Who acts at a command line: by the token of the settings, or by the name that was given."""

from __future__ import annotations

from dataclasses import replace

from agent.review.identity import Scope, identified
from agent.review.service import UNVERIFIED, Reviewer
from agent.review.standing import may_decide
from agent.settings import Settings
from agent.store.accounts import AccountStore
from agent.workflow.wiring import policy_of


def acting(settings: Settings, accounts: AccountStore, name: str | None, channel: str, scope: Scope) -> Reviewer:
    """Who acts, by token or by name (`identified`); the name of the settings where neither is given."""
    token = settings.token.get_secret_value() if settings.token else None
    given = name if name is not None or token is not None else settings.reviewer
    return identified(accounts, token, given, channel, scope=scope)


def deciding(settings: Settings, accounts: AccountStore, name: str | None, channel: str) -> Reviewer:
    """See `acting`: who takes a decision that the review service does not take. Raises Forbidden for who may not."""
    by = acting(settings, accounts, name, channel, Scope.DECIDE)
    return replace(by, name=may_decide(accounts, policy_of(settings), by.name, verified=by.auth != UNVERIFIED))
