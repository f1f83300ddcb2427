"""Withdrawing a published version: a person's decision on exactly what was seen, recorded once."""

from __future__ import annotations

from collections.abc import Sequence

from agent.errors import Conflict, NotFound
from agent.registry.lookup import find_published
from agent.review.rules import MAX_REASON, check_reason, check_reviewer
from agent.review.service import Reviewer
from agent.store.publications import PublicationRow, PublicationStore


def version_to_withdraw(asked: str, rows: Sequence[PublicationRow]) -> PublicationRow:
    """The published version that is meant: the newest that stands of a role, or that which is named.

    Raises NotFound, InvalidInput for what fits several roles, and Conflict for what was withdrawn already.
    """
    try:
        row = find_published(asked, rows, also_withdrawn=True)
    except NotFound as error:
        # A file that lies elsewhere is not this home's to withdraw.
        raise NotFound(error.message, hint="`assess-role published` lists what is.") from error
    if row.withdrawn is not None:
        raise Conflict(f"{row.words} was withdrawn already {row.withdrawn.words}")
    return row


def checked_reason(reason: str) -> str:
    """The reason, cleaned. Raises InvalidInput for one that is too short or too long, or holds personal data."""
    return check_reason("withdraw", reason, at_most=MAX_REASON)


def withdraw(
    publications: PublicationStore, row: PublicationRow, revision: str, by: Reviewer, reason: str
) -> PublicationRow:
    """Withdraw the version of `row`, whose revision was seen to be `revision`. No file changes.

    Raises InvalidInput for a reason or name that will not do, Conflict for another revision, and for what is not
    published yet or was withdrawn already.
    """
    text, name = checked_reason(reason), check_reviewer(by.name)
    if revision != row.revision:
        raise Conflict(
            f"{row.words} is revision {row.revision}, not {revision}.",
            hint="`assess-role published --json` lists the revisions; read the one that is to be withdrawn.",
        )
    return publications.withdraw(
        row.assessment, row.revision, reviewer=name, auth=by.auth, channel=by.channel, reason=text
    )
