"""What can be a role's title, and its level."""

from __future__ import annotations

from agent.errors import InvalidInput
from agent.schemas.text import one_line

MAX_ROLE = 120
MAX_SENIORITY = 60


def check_role(role: str) -> str:
    """The role title, cleaned. Raises InvalidInput for one that cannot be a title."""
    title = one_line(role)
    if not title:
        raise InvalidInput("The role title is empty.", hint='Try: assess-role "ML Platform Engineer"')
    if len(title) > MAX_ROLE:
        raise InvalidInput(f"The role title has {len(title)} characters, at most {MAX_ROLE} are allowed.")
    if sum(c.isalpha() for c in title) < 2:
        raise InvalidInput(f"{title!r} is no role title: it has fewer than two letters.")
    return title


def check_seniority(seniority: str | None) -> str | None:
    """The level, cleaned; `None` stays open. Raises InvalidInput for one that is empty or longer than 60 characters."""
    if seniority is None:
        return None
    level = one_line(seniority)
    if not level or len(level) > MAX_SENIORITY:
        raise InvalidInput(f"The seniority {seniority!r} is not a level of 1 to {MAX_SENIORITY} characters.")
    return level
