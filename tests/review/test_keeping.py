"""Keeping accounts and tokens: names, the last admin, scopes, and what ends when."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from factories_accounts import OPERATOR, SECRET, Office
from sqlalchemy import update

from agent.errors import AssessorError, Conflict, Forbidden, InvalidInput, NotFound
from agent.review.identity import Scope, bearer, identified, token_of
from agent.review.keeping import (
    add_account,
    close_account,
    new_token,
    revoke_token,
    set_password,
    set_role,
)
from agent.review.service import Reviewer
from agent.store.accounts import AccountRole, AccountStore
from agent.store.audit_trail import AuditTrail
from agent.store.tables import reviewers

ADMIN, REVIEWER, REQUESTER = AccountRole.ADMIN, AccountRole.REVIEWER, AccountRole.REQUESTER
ADA = Reviewer(name="Ada", channel="web", auth="password")
BEN = Reviewer(name="Ben", channel="script", auth="token")


def token(office: Office, name: str = "Ada", *scopes: Scope, days: int = 90) -> str:
    return new_token(office.accounts, office.clock, name, OPERATOR, scopes=scopes, days=days)[0]


def acts(office: Office, secret: str, scope: Scope = Scope.READ, name: str | None = None) -> Reviewer:
    return identified(office.accounts, secret, name, "script", scope=scope)


@pytest.mark.parametrize("other", ["Ada", "ada", "ADA", " Ada\t", "\uff21da", "\uff41\uff44\uff41"])
def test_a_name_that_is_another_spelling_of_one_is_taken(other: str, office: Office) -> None:
    office.add("Ada")
    with pytest.raises(Conflict, match="There is a reviewer Ada already"):
        office.add(other)
    close_account(office.accounts, "Ada", OPERATOR)
    with pytest.raises(Conflict, match="There is a reviewer Ada already"):
        office.add(other)


def test_a_sharp_s_and_a_kelvin_sign_make_no_second_person(office: Office) -> None:
    office.add("Weiss Kay")
    for other in ("Weiß Kay", "WEISS \u212aAY"):
        with pytest.raises(Conflict):
            office.add(other)


@pytest.mark.parametrize(
    "name",
    [
        *("", " \t", "x" * 101, "Ada\x1b[31m", "Ada\x00", "Ada\u202e", "A\u200bda", "A\u00adda", "Ada\ud800"),
        *("Ada\ufe0f", "Ada\u3164", "A\u034fda", "Ada\u2800", "---", "\u00a8"),
    ],
)
def test_a_name_that_cannot_be_told_from_others_is_refused(name: str, office: Office) -> None:
    with pytest.raises(InvalidInput) as raised:
        office.add(name)
    assert raised.value.message.isprintable()
    assert office.accounts.all() == ()


def test_a_name_is_kept_in_one_spelling(office: Office) -> None:
    assert office.add("  \uff21da   Marsh ").name == "Ada Marsh"


def test_an_account_needs_a_way_to_sign_in(office: Office) -> None:
    with pytest.raises(InvalidInput, match="could not sign in"):
        office.add("Ada", password=None)


def test_one_subject_is_one_person(office: Office) -> None:
    office.add("Ada", password=None, subject="https://login.example|1")
    with pytest.raises(Conflict, match="Another reviewer already signs in as"):
        office.add("Ben", password=None, subject="https://login.example|1")


def test_the_last_admin_can_neither_go_nor_step_down_while_others_have_accounts(office: Office) -> None:
    office.add("Ada", ADMIN)
    office.add("Ben")
    for attempt in (
        lambda: close_account(office.accounts, "ada", OPERATOR),
        lambda: set_role(office.accounts, "Ada", REVIEWER, OPERATOR),
    ):
        with pytest.raises(Conflict, match="Ada is the last admin"):
            attempt()
    set_password(office.accounts, "Ada", "another good password", OPERATOR)
    set_role(office.accounts, "Ben", ADMIN, OPERATOR)
    assert close_account(office.accounts, "Ada", OPERATOR).active is False
    with pytest.raises(Conflict, match="Ben is the last admin"):
        close_account(office.accounts, "Ben", OPERATOR)


def test_an_admin_who_is_alone_may_go(office: Office) -> None:
    office.add("Ada", ADMIN)
    assert close_account(office.accounts, "Ada", OPERATOR).disabled_at == office.clock.now()


def test_of_two_admins_who_close_each_other_at_once_one_stays(office: Office) -> None:
    office.add("Ada", ADMIN)
    office.add("Ben", ADMIN)

    def closed(name: str) -> bool:
        try:
            close_account(AccountStore(office.db, office.clock), name, OPERATOR)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(closed, ("Ada", "Ben"))) == [False, True]


def test_a_closed_account_stays_as_it_is(office: Office) -> None:
    office.add("Ada", ADMIN)
    office.add("Ben")
    close_account(office.accounts, "Ben", OPERATOR)
    for attempt in (
        lambda: close_account(office.accounts, "Ben", OPERATOR),
        lambda: set_role(office.accounts, "Ben", ADMIN, OPERATOR),
        lambda: set_password(office.accounts, "Ben", SECRET, OPERATOR),
        lambda: token(office, "Ben"),
    ):
        with pytest.raises(Conflict, match="The account Ben is closed since"):
            attempt()


def test_who_is_known_and_no_admin_keeps_no_accounts(office: Office) -> None:
    office.add("Ada", ADMIN)
    office.add("Ben")
    office.add("Cora", REQUESTER)
    nobody = Reviewer(name="Zoe", channel="web", auth="oidc")
    for by in (BEN, Reviewer(name="Cora", channel="web", auth="password"), nobody):
        for attempt in (
            lambda by=by: add_account(office.accounts, "Dan", ADMIN, by, password=SECRET, subject=None),
            lambda by=by: set_role(office.accounts, "Ben", ADMIN, by),
            lambda by=by: set_password(office.accounts, "Ada", SECRET + "!", by),
            lambda by=by: close_account(office.accounts, "Cora", by),
            lambda by=by: new_token(office.accounts, office.clock, "Ada", by),
            lambda by=by: revoke_token(office.accounts, "t-00000001", by),
        ):
            with pytest.raises(Forbidden, match="accounts are kept by an admin"):
                attempt()
    assert set_role(office.accounts, "Ben", REQUESTER, ADA).role is REQUESTER


def test_whoever_is_not_there_is_not_found(office: Office) -> None:
    for attempt in (
        lambda: set_role(office.accounts, "Zoe", ADMIN, OPERATOR),
        lambda: token(office, "Zoe"),
        lambda: revoke_token(office.accounts, "t-unknown", OPERATOR),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_token_is_its_persons_and_says_so(office: Office) -> None:
    office.add("Ada")
    secret = token(office)
    assert secret.startswith("ar_")
    assert len(secret) == 46
    assert acts(office, secret, Scope.DECIDE) == Reviewer(name="Ada", channel="script", auth="token")
    assert acts(office, secret, name="ada").name == "Ada"
    assert acts(office, secret, name="\uff21DA").name == "Ada"


def test_another_name_beside_a_token_is_refused(office: Office) -> None:
    office.add("Ada")
    with pytest.raises(InvalidInput, match="The token is Ada's, and the name given is Ben"):
        acts(office, token(office), name="Ben")


def test_a_token_is_for_its_scopes_only(office: Office) -> None:
    office.add("Ada")
    reading = token(office, "Ada", Scope.READ)
    assert acts(office, reading).name == "Ada"
    for beyond in (Scope.RUN, Scope.DECIDE):
        with pytest.raises(Forbidden, match=f"is for read, and this takes {beyond.value}"):
            acts(office, reading, beyond)


def test_the_role_bounds_the_scopes_when_a_token_is_made(office: Office) -> None:
    office.add("Cora", REQUESTER)
    with pytest.raises(Forbidden, match="Cora is a requester, whose tokens cannot decide"):
        token(office, "Cora", Scope.READ, Scope.DECIDE)
    secret, row = new_token(office.accounts, office.clock, "Cora", OPERATOR)
    assert row.scopes == ("read", "run")
    with pytest.raises(Forbidden, match="this takes decide"):
        acts(office, secret, Scope.DECIDE)


def test_the_role_bounds_the_scopes_also_of_a_token_that_was_made_before(office: Office) -> None:
    office.add("Ada", ADMIN)
    office.add("Ben")
    secret = token(office, "Ben")
    set_role(office.accounts, "Ben", REQUESTER, OPERATOR)
    with pytest.raises(Forbidden, match="is for read, run, and this takes decide"):
        acts(office, secret, Scope.DECIDE)
    row = token_of(office.accounts, secret)
    assert row is not None
    assert row.scopes == ("read", "run")


@pytest.mark.parametrize("days", [-1, 0, 366, 10**9])
def test_a_token_is_valid_for_1_to_365_days(days: int, office: Office) -> None:
    office.add("Ada")
    with pytest.raises(InvalidInput, match="expected 1 to 365"):
        token(office, days=days)


@pytest.mark.parametrize("days", [1, 90, 365])
def test_a_token_ends_with_its_last_day(days: int, office: Office) -> None:
    office.add("Ada")
    secret = token(office, days=days)
    office.clock.move(minutes=days * 24 * 60 - 1)
    assert acts(office, secret).name == "Ada"
    office.clock.move(minutes=1)
    with pytest.raises(Forbidden, match="none that is valid here"):
        acts(office, secret)


def test_a_revoked_token_and_those_of_a_closed_account_are_dead_at_once(office: Office) -> None:
    office.add("Ada", ADMIN)
    office.add("Ben")
    kept, revoked, bens = token(office), token(office), token(office, "Ben")
    revoke_token(office.accounts, "t-00000002", ADA)
    with pytest.raises(NotFound, match="could be revoked"):
        revoke_token(office.accounts, "t-00000002", ADA)
    with office.db.write() as connection:
        closed = update(reviewers).where(reviewers.c.name == "Ben").values(disabled_at=office.clock.now())
        connection.execute(closed)
    for dead in (revoked, bens):
        with pytest.raises(Forbidden, match="none that is valid here"):
            acts(office, dead)
    assert acts(office, kept).name == "Ada"


@pytest.mark.parametrize("secret", ["", "ar_", "ar_" + "x" * 43, "x" * 10_000_000, "\ud800", "t-00000001"])
def test_what_is_no_token_is_refused_and_not_repeated(secret: str, office: Office) -> None:
    office.add("Ada")
    made = new_token(office.accounts, office.clock, "Ada", OPERATOR)[1]
    for given in (secret, made.digest):
        with pytest.raises(Forbidden) as raised:
            acts(office, given)
        assert raised.value.message == "The token is none that is valid here."


@pytest.mark.parametrize("header", ["Bearer ar_x", "bearer  ar_x ", " BEARER ar_x"])
def test_a_bearer_header_holds_a_token(header: str) -> None:
    assert bearer(header) == "ar_x"


@pytest.mark.parametrize("header", ["", "ar_x", "Bearer", "Bearer ", "Basic QWRhOng=", "Token ar_x"])
def test_another_header_holds_none(header: str) -> None:
    with pytest.raises(Forbidden, match="holds no token"):
        bearer(header)


def test_who_keeps_accounts_and_how_they_are_known_stands_in_the_audit_trail_and_no_secret(office: Office) -> None:
    office.add("Ada", ADMIN)
    add_account(office.accounts, "Ben", REVIEWER, ADA, password="a password of Ben's", subject=None)
    set_password(office.accounts, "Ben", "a better password", ADA)
    secret, row = new_token(office.accounts, office.clock, "Ben", ADA)
    revoke_token(office.accounts, row.id, ADA)
    close_account(office.accounts, "Ben", ADA)
    told = [(e.actor, e.event, e.detail) for e in AuditTrail(office.db).entries()]
    known = {"auth": "password"}
    assert told == [
        ("operator", "reviewer added", {"reviewer": "Ada", "role": "admin", "auth": "local-unverified"}),
        ("Ada", "reviewer added", {"reviewer": "Ben", "role": "reviewer", **known}),
        ("Ada", "reviewer password", {"reviewer": "Ben", **known}),
        ("Ada", "token added", {"token": row.id, "reviewer": "Ben", "scopes": ["read", "run", "decide"], **known}),
        ("Ada", "token revoked", {"token": row.id, **known}),
        ("Ada", "reviewer disabled", {"reviewer": "Ben", **known}),
    ]
    kept = office.bytes_kept()
    assert row.id.encode() in kept
    for hidden in (secret, secret.removeprefix("ar_"), "a password of Ben's", "a better password", SECRET):
        assert hidden.encode() not in kept
    for text in (repr(row), str(told)):
        assert secret not in text


def test_no_error_repeats_a_password(office: Office) -> None:
    office.add("Ada", ADMIN)
    said = []
    for attempt in (
        lambda: office.add("Ada", password="an unlikely sentence"),
        lambda: office.add("Ben", password="unlikely"),
        lambda: set_password(office.accounts, "Zoe", "an unlikely sentence", OPERATOR),
        lambda: set_password(office.accounts, "Ada", "an unlikely sentence" * 100, OPERATOR),
    ):
        with pytest.raises(AssessorError) as raised:
            attempt()
        said.append(f"{raised.value.message} {raised.value.hint}")
    assert [words for words in said if "unlikely" in words] == []
