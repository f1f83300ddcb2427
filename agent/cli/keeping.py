"""What the `reviewer` commands do and print. Nothing of it prints a password or a hash, and a token once."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import typer

from agent.cli.output import Terminal
from agent.errors import Conflict, InvalidInput
from agent.review.identity import Scope
from agent.review.keeping import (
    add_account,
    check_account_name,
    close_account,
    known_account,
    new_token,
    revoke_token,
    set_password,
    set_role,
)
from agent.review.oidc import MAX_SUB, subject_of
from agent.review.passwords import MAX_PASSWORD, check_password
from agent.review.service import Reviewer
from agent.settings import Settings, read_settings
from agent.store.accounts import AccountRole, AccountRow, AccountStore, TokenRow
from agent.store.stamps import SystemStamps
from agent.workflow.acting import acting
from agent.workflow.lists import open_lists

MAX_ISSUER = 400
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True)
class _Office:
    """The accounts of a home, and who keeps them now."""

    settings: Settings
    accounts: AccountStore

    @property
    def keeper(self) -> Reviewer:
        """The person of the token, or the reviewer of the settings, unverified."""
        return acting(self.settings, self.accounts, None, "script", Scope.DECIDE)


@contextmanager
def _open_office() -> Iterator[_Office]:
    settings = read_settings()
    with open_lists(settings) as lists:
        yield _Office(settings, lists.accounts)


def add_reviewer(terminal: Terminal, name: str, role: str, *, oidc: str | None, from_stdin: bool) -> None:
    """Add an account with a password, a subject elsewhere, or both. Raises InvalidInput, Conflict, Forbidden."""
    kept, wanted = check_account_name(name), _word(AccountRole, "role", role)
    with _open_office() as office:
        keeper = office.keeper
        if (taken := office.accounts.find(kept)) is not None:
            raise Conflict(f"There is a reviewer {taken.name} already.", hint="`assess-role reviewer list` shows all.")
        subject = None if oidc is None else _subject(oidc, office.settings.oidc_issuer)
        password = _password(terminal, kept, from_stdin) if oidc is None or from_stdin else None
        account = add_account(office.accounts, kept, wanted, keeper, password=password, subject=subject)
        _show(terminal, account, f"{account.name} has an account here: {account.role.value}.")
        if len(office.accounts.deciding()) == 2 and office.settings.four_eyes == "auto":
            terminal.words("From now on decisions take somebody who is known, and who requests does not approve alone.")


def list_reviewers(terminal: Terminal) -> None:
    """Every account."""
    with _open_office() as office:
        rows = office.accounts.all()
    if terminal.as_json:
        terminal.document({"ok": True, "items": [_account(row) for row in rows]})
        return
    width = max([len(row.name) for row in rows], default=0) + 2
    for row in rows:
        state = f"closed {row.disabled_at[:10]}" if row.disabled_at else f"signs in by {_words(_ways(row))}"
        terminal.data(f"{row.name:<{width}}{row.role.value:<11}{state}")
    if not rows:
        terminal.words("Nobody has an account here: names of reviewers are taken on trust.")


def change_role(terminal: Terminal, name: str, role: str) -> None:
    """Give an account another role. Raises InvalidInput, NotFound, Conflict, Forbidden."""
    wanted = _word(AccountRole, "role", role)
    with _open_office() as office:
        account = set_role(office.accounts, name, wanted, office.keeper)
    _show(terminal, account, f"{account.name} is {account.role.value} now; every session of theirs has ended.")


def change_password(terminal: Terminal, name: str, *, from_stdin: bool) -> None:
    """Give an account another password. Raises InvalidInput, NotFound, Conflict, Forbidden."""
    with _open_office() as office:
        keeper, known = office.keeper, known_account(office.accounts, name)
        password = _password(terminal, known.name, from_stdin)
        account = set_password(office.accounts, known.name, password, keeper)
    _show(terminal, account, f"{account.name} has another password; every session of theirs has ended.")


def disable_reviewer(terminal: Terminal, name: str) -> None:
    """Close an account. Raises NotFound, Conflict, Forbidden."""
    with _open_office() as office:
        account = close_account(office.accounts, name, office.keeper)
    _show(terminal, account, f"{account.name} is closed; every session and token of theirs has ended.")


def make_token(terminal: Terminal, name: str, scopes: Sequence[str], days: int) -> None:
    """Print a new token. Raises InvalidInput, NotFound, Conflict, Forbidden."""
    asked = [_word(Scope, "scope", scope) for scope in scopes]
    with _open_office() as office:
        secret, row = new_token(office.accounts, SystemStamps(), name, office.keeper, scopes=asked, days=days)
    terminal.data(secret)
    terminal.words(
        f"Token {row.id} of {row.reviewer} for {_words(row.scopes)}, until {row.expires_at[:10]}. "
        "It is not shown again."
    )


def list_tokens(terminal: Terminal, name: str | None) -> None:
    """Every token, or one person's. Raises NotFound."""
    with _open_office() as office:
        reviewer = None if name is None else known_account(office.accounts, name).name
        rows, now = office.accounts.tokens(reviewer), office.accounts.now()
        closed = {row.name for row in office.accounts.all() if not row.active}
    items = [_token(row, now, closed) for row in rows]
    if terminal.as_json:
        terminal.document({"ok": True, "items": items})
        return
    for row, item in zip(rows, items, strict=True):
        terminal.data(f"{row.id}  {row.reviewer}  {_words(row.scopes)}  {item['state']}, until {row.expires_at[:10]}")
    if not rows:
        terminal.words("There are no tokens.")


def end_token(terminal: Terminal, token: str) -> None:
    """Revoke a token. Raises NotFound, Forbidden."""
    with _open_office() as office:
        row = revoke_token(office.accounts, token, office.keeper)
        now = office.accounts.now()
    if terminal.as_json:
        terminal.document({"ok": True, **_token(row, now, set())})
        return
    terminal.data(f"{row.id} of {row.reviewer} is revoked.")


def _password(terminal: Terminal, name: str, from_stdin: bool) -> str:
    """A new password for an account, read from where no list of processes shows it."""
    if from_stdin:
        raw = sys.stdin.buffer.read(4 * MAX_PASSWORD + 3)
        try:
            given = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidInput("The password on stdin is not UTF-8 text.") from error
        return check_password(name, given.removesuffix("\n").removesuffix("\r"))
    if not sys.stdin.isatty():
        raise typer.BadParameter("there is no terminal to ask for the password: say --password-stdin.")
    while True:
        given = str(typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True))
        try:
            return check_password(name, given)
        except InvalidInput as error:
            terminal.failure(error)


def _subject(given: str, issuer: str | None) -> str:
    """`issuer|sub`, from that or from a `sub` of the issuer in the settings, which may itself have a bar in it."""
    if given.startswith(("https://", "http://")) and "|" in given:
        issuer, _, given = given.partition("|")
    if issuer is None:
        raise InvalidInput(
            f"The subject {given!r} names no issuer; expected ISSUER|SUB.",
            hint="Or set ASSESS_ROLE_OIDC_ISSUER to the issuer that people sign in at.",
        )
    if not 0 < len(given) <= MAX_SUB or len(issuer) > MAX_ISSUER or not f"{issuer}{given}".isprintable():
        raise InvalidInput(f"The subject {given[:MAX_SUB]!r} is not one of 1 to {MAX_SUB} printable characters.")
    return subject_of(issuer, given)


def _word(kind: type[_Word], what: str, given: str) -> _Word:
    try:
        return kind(given)
    except ValueError as error:
        raise InvalidInput(f"There is no {what} {given!r}; expected {', '.join(kind)}.") from error


def _show(terminal: Terminal, account: AccountRow, words: str) -> None:
    if terminal.as_json:
        terminal.document({"ok": True, **_account(account)})
        return
    terminal.data(words)


def _account(row: AccountRow) -> dict[str, object]:
    return {
        "name": row.name,
        "role": row.role.value,
        "signs_in_by": list(_ways(row)),
        "subject": row.subject,
        "created_at": row.created_at,
        "disabled_at": row.disabled_at,
    }


def _ways(row: AccountRow) -> tuple[str, ...]:
    ways = {"password": row.password, "oidc": row.subject}
    return tuple(way for way, kept in ways.items() if kept is not None)


def _token(row: TokenRow, now: str, closed: set[str]) -> dict[str, object]:
    state = "valid"
    if row.reviewer in closed:
        state = "account closed"
    if row.expires_at <= now:
        state = "expired"
    if row.revoked_at is not None:
        state = "revoked"
    document = row.model_dump(mode="json", exclude={"digest"})
    return {**document, "state": state}


def _words(items: Sequence[str]) -> str:
    return ", ".join(items)
