"""What somebody may do here, by their account and by how they are known."""

from __future__ import annotations

from agent.errors import Forbidden
from agent.review.policy import ReviewPolicy
from agent.review.rules import check_reviewer
from agent.store.accounts import AccountRole, AccountStore


def spelled(accounts: AccountStore, name: str) -> str:
    """`name` as its account spells it, where there is one. Raises InvalidInput for what is no name."""
    cleaned = check_reviewer(name)
    account = accounts.find(cleaned)
    return cleaned if account is None else account.name


def known_name(accounts: AccountStore, name: str) -> str:
    """See `spelled`: the name under which something is kept. Raises Forbidden too, for an account that was closed."""
    kept = spelled(accounts, name)
    account = accounts.find(kept)
    if account is not None and not account.active:
        raise Forbidden(f"The account {account.name} is closed.")
    return kept


def four_eyes(accounts: AccountStore, policy: ReviewPolicy) -> bool:
    """Whether the policy is in force for those who are known here."""
    return policy.applies(len(accounts.deciding()))


def may_decide(accounts: AccountStore, policy: ReviewPolicy, name: str, *, verified: bool) -> str:
    """The name under which a decision of `name` is kept; `verified` when it is more than a name that was given.

    Raises Forbidden for somebody who may not decide, InvalidInput for what is no name.
    """
    kept = known_name(accounts, name)
    account = accounts.find(kept)
    if account is not None and not account.role.covers(AccountRole.REVIEWER):
        raise Forbidden(
            f"{account.name} is a {account.role.value}, and decisions take a reviewer.",
            hint="An admin can change it: `assess-role reviewer role NAME reviewer`.",
        )
    if not verified and four_eyes(accounts, policy):
        raise Forbidden(
            f"Who decides has to be known here, and {kept} is a name that was given.",
            hint="Make a token, `assess-role reviewer token NAME`, and set it as ASSESS_ROLE_TOKEN; "
            "or decide in the browser.",
        )
    return kept
