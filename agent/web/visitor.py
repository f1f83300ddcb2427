"""Who a request comes from: a session of a browser or a token of a script, never a field of a form."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from hmac import compare_digest

from fastapi import Request

from agent.errors import Forbidden
from agent.review.identity import TOKEN, Scope, bearer, scopes_of, token_of
from agent.review.service import UNVERIFIED, Reviewer
from agent.store.accounts import AccountRole, AccountStore

COOKIE = "assess_role_session"
CHANNEL = "web"
SCRIPT = "script"
"""The channel of whoever comes with a token: nobody knows what was read."""


class NotSignedIn(Exception):
    """The request takes a session and has none."""


@dataclass(frozen=True)
class Visitor:
    """Who acts, what they may do, and the secret that their forms carry."""

    name: str
    role: AccountRole
    auth: str
    csrf: str
    """Empty for a script: a token is not sent by a browser on its own."""
    scopes: frozenset[str] = frozenset(scope.value for scope in Scope)
    digest: str = ""
    """Of the session's secret; empty without one."""

    @property
    def reviewer(self) -> Reviewer:
        """Under whose name things are kept."""
        return Reviewer(name=self.name, channel=SCRIPT if self.auth == TOKEN else CHANNEL, auth=self.auth)

    def check_scope(self, scope: Scope) -> None:
        """Raises Forbidden when the token is not for this."""
        if scope.value not in self.scopes:
            may = ", ".join(one.value for one in Scope if one.value in self.scopes) or "nothing"
            by = "This token" if self.auth == TOKEN else f"{self.name} as a {self.role.value}"
            raise Forbidden(f"{by} may {may}, and this takes {scope.value}.")

    def check_form(self, given: str | None) -> None:
        """Raises Forbidden when a form does not carry the secret of its session."""
        if self.csrf and not compare_digest(self.csrf.encode(), (given or "").encode()):
            raise Forbidden("The form is not one of this session.", hint="Load the page again and repeat it.")


@dataclass
class LocalKey:
    """The one visitor of a server without accounts: whoever has the key that it printed, on this machine."""

    name: str
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """Part of the address that is printed, used once to get a cookie."""
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def opens(self, given: str) -> bool:
        """Whether this is the key."""
        return compare_digest(self.secret.encode(), given.encode())

    def visitor(self, cookie: str) -> Visitor | None:
        """The visitor behind a cookie."""
        if not compare_digest(self.cookie.encode(), cookie.encode()):
            return None
        return Visitor(name=self.name, role=AccountRole.ADMIN, auth=UNVERIFIED, csrf=self.csrf)


@dataclass(frozen=True)
class Door:
    """Lets visitors in: by accounts where there are any, else by the local key."""

    accounts: AccountStore
    local: LocalKey

    @property
    def has_accounts(self) -> bool:
        """Whether people sign in."""
        return any(account.active for account in self.accounts.all())

    def visitor(self, request: Request) -> Visitor:
        """Who the request comes from. Raises NotSignedIn, Forbidden for a token that is not valid."""
        header = request.headers.get("authorization", "")
        if header:
            return self._of_token(header)
        cookie = request.cookies.get(COOKIE, "")
        found = self._of_session(cookie) if self.has_accounts else self.local.visitor(cookie)
        if found is None:
            raise NotSignedIn
        return found

    def _of_token(self, header: str) -> Visitor:
        row = token_of(self.accounts, bearer(header))
        account = None if row is None else self.accounts.find(row.reviewer)
        if row is None or account is None:
            raise NotSignedIn
        return Visitor(name=account.name, role=account.role, auth=TOKEN, csrf="", scopes=frozenset(row.scopes))

    def _of_session(self, cookie: str) -> Visitor | None:
        from agent.review.accounts import session_of

        if not cookie:
            return None
        row = session_of(self.accounts, cookie)
        account = None if row is None else self.accounts.find(row.reviewer)
        if row is None or account is None:
            return None
        return Visitor(
            name=account.name,
            role=account.role,
            auth=row.auth,
            csrf=row.csrf,
            scopes=frozenset(scope.value for scope in scopes_of(account.role)),
            digest=row.digest,
        )
