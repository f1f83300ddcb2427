"""Signing in and sessions, attacked rule by rule."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import argon2
import pytest
from factories_accounts import OPERATOR, SECRET, Office
from sqlalchemy import select, update

from agent.errors import Forbidden
from agent.review.accounts import OIDC, check_form, open_session, session_of, sign_in, sign_out
from agent.review.keeping import close_account, set_password, set_role
from agent.review.passwords import verified
from agent.store.accounts import AccountRole
from agent.store.tables import logins, reviewers

HOME, ELSEWHERE = "192.0.2.7", "198.51.100.9"
WRONG = "Name or password is wrong."


def enter(office: Office, name: str = "Ada", password: str = SECRET, address: str = HOME) -> str:
    return sign_in(office.accounts, office.clock, name, password, address)[0]


def refusal(office: Office, name: str = "Ada", password: str = "not the password", address: str = HOME) -> str:
    with pytest.raises(Forbidden) as raised:
        enter(office, name, password, address)
    return raised.value.message


def test_a_session_is_opened_for_the_password_and_keeps_how_its_person_is_known(office: Office) -> None:
    office.add("Ada")
    secret, row = sign_in(office.accounts, office.clock, "Ada", SECRET, HOME)
    assert (row.reviewer, row.auth, row.expires_at) == ("Ada", "password", "2026-02-25T18:00:00Z")
    assert session_of(office.accounts, secret) == row
    assert len(secret) >= 43
    assert len(row.csrf) >= 43


@pytest.mark.parametrize("typed", ["ada", " ADA ", "\uff21\uff44\uff41"])
def test_a_name_is_one_name_however_it_is_spelled(typed: str, office: Office) -> None:
    office.add("Ada")
    session = session_of(office.accounts, enter(office, typed))
    assert session is not None
    assert session.reviewer == "Ada"


def test_unknown_closed_elsewhere_and_wrong_are_refused_in_the_same_words_after_the_same_work(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.add("Ada")
    office.add("Elsewhere", password=None, subject="https://login.example|1")
    office.add("Closed")
    close_account(office.accounts, "Closed", OPERATOR)
    refusal(office, "warm up", address=ELSEWHERE)
    checked: list[str] = []
    real = argon2.PasswordHasher().verify.__func__

    def counted(self: object, kept: str, given: str) -> bool:
        checked.append(kept.rpartition("$")[0].rpartition("$")[0])
        return bool(real(self, kept, given))

    monkeypatch.setattr(argon2.PasswordHasher.func, "verify", counted)
    tried = [("Ada", "not the password"), ("Closed", SECRET), ("Elsewhere", SECRET), ("Nobody", SECRET), ("", "")]
    assert {refusal(office, *one) for one in tried} == {WRONG}
    assert checked == [checked[0]] * len(tried)


@pytest.mark.parametrize("name", ["A" * 10_000_000, "Ada\x00", "Ada\ud800", "' OR 1=1 --", "Ada\n"])
def test_hostile_names_are_refused_like_any_other(name: str, office: Office) -> None:
    office.add("Adam")
    assert refusal(office, name, SECRET) == WRONG


def test_a_password_of_ten_megabytes_is_refused_like_any_other(office: Office) -> None:
    office.add("Ada")
    assert refusal(office, "Ada", "x" * 10_000_000) == WRONG


def test_after_five_failures_a_name_waits_out_the_quarter_of_an_hour_at_that_address_alone(office: Office) -> None:
    office.add("Ada")
    for at in range(5):
        assert refusal(office, ("Ada", "ada", "ADA")[at % 3]) == WRONG
        office.clock.move(minutes=1)
    assert refusal(office, password=SECRET) == "Too many logins failed. Try again in 10 minutes."
    assert session_of(office.accounts, enter(office, address=ELSEWHERE)) is not None
    office.clock.move(minutes=10)
    assert refusal(office, password=SECRET) == "Too many logins failed. Try again in 1 minute."
    office.clock.move(minutes=0.1)
    assert session_of(office.accounts, enter(office)) is not None


def test_after_fifty_failures_at_many_addresses_a_name_waits_at_every_one(office: Office) -> None:
    office.add("Ada")
    for at in range(50):
        assert refusal(office, address=f"203.0.113.{at}") == WRONG
    assert refusal(office, password=SECRET, address=ELSEWHERE) == "Too many logins failed. Try again in 15 minutes."


def test_being_refused_for_too_many_failures_does_not_lengthen_the_wait(office: Office) -> None:
    office.add("Ada")
    for _ in range(5):
        refusal(office)
    for _ in range(14):
        office.clock.move(minutes=1)
        assert "Too many" in refusal(office)
    office.clock.move(minutes=1.1)
    assert enter(office)


def test_a_name_that_nobody_has_waits_as_well(office: Office) -> None:
    assert [refusal(office, "Nobody") for _ in range(6)][-1] == "Too many logins failed. Try again in 15 minutes."


@pytest.mark.parametrize(
    ("first", "other", "shared"),
    [
        (HOME, ELSEWHERE, False),
        (HOME, f"::ffff:{HOME}", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::1%eth1", True),
        ("a socket", "a socket", True),
    ],
)
def test_after_twenty_failures_an_address_waits_whatever_the_name(
    first: str, other: str, shared: bool, office: Office
) -> None:
    office.add("Ada")
    for at in range(20):
        assert refusal(office, f"Nobody {at}", address=first) == WRONG
    assert "Too many" in refusal(office, password=SECRET, address=first)
    if shared:
        assert "Too many" in refusal(office, password=SECRET, address=other)
    else:
        assert enter(office, address=other)


def test_a_login_that_works_forgets_the_names_failures_and_none_of_the_addresss(office: Office) -> None:
    office.add("Ada")
    for _ in range(3):
        for _ in range(4):
            assert refusal(office) == WRONG
        enter(office)
    for at in range(8):
        assert refusal(office, f"Nobody {at}") == WRONG
    assert "Too many" in refusal(office, password=SECRET)


def test_guesses_side_by_side_are_counted_before_they_are_checked(office: Office) -> None:
    office.add("Ada")
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: refusal(office), range(20)))
    assert found.count(WRONG) == 5


def test_failures_that_no_longer_count_are_forgotten(office: Office) -> None:
    office.add("Ada")
    refusal(office)
    office.clock.move(minutes=15.1)
    enter(office)
    with office.db.read() as connection:
        assert connection.execute(select(logins)).all() == []


def test_every_sign_in_makes_a_new_secret_so_that_none_can_be_planted(office: Office) -> None:
    office.add("Ada")
    planted = "x" * 43
    secrets = {enter(office) for _ in range(3)}
    assert len(secrets) == 3
    assert session_of(office.accounts, planted) is None
    assert planted not in secrets


@pytest.mark.parametrize("secret", ["", "wrong", "x" * 10_000_000, "\ud800", "sha256:0"])
def test_what_is_no_sessions_secret_opens_nothing(secret: str, office: Office) -> None:
    office.add("Ada")
    enter(office)
    assert session_of(office.accounts, secret) is None
    sign_out(office.accounts, secret)


def test_the_digest_that_the_store_keeps_opens_nothing(office: Office) -> None:
    office.add("Ada")
    _, row = sign_in(office.accounts, office.clock, "Ada", SECRET, HOME)
    assert session_of(office.accounts, row.digest) is None


def test_a_session_ends_after_eight_idle_hours(office: Office) -> None:
    office.add("Ada")
    secret = enter(office)
    office.clock.move(minutes=479)
    assert session_of(office.accounts, secret) is not None
    office.clock.move(minutes=479)
    assert session_of(office.accounts, secret) is not None
    office.clock.move(minutes=480)
    assert session_of(office.accounts, secret) is None


def test_a_session_ends_after_seven_days_however_it_is_used(office: Office) -> None:
    office.add("Ada")
    secret = enter(office)
    for _ in range(7 * 24 - 1):
        office.clock.move(minutes=60)
        assert session_of(office.accounts, secret) is not None
    office.clock.move(minutes=60)
    assert session_of(office.accounts, secret) is None


def test_use_is_kept_once_a_minute_at_most(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.add("Ada")
    secret = enter(office)
    touched: list[str] = []
    monkeypatch.setattr(office.accounts, "touch_session", lambda digest, until: touched.append(until))
    for _ in range(4):
        session_of(office.accounts, secret)
        office.clock.move(minutes=0.25)
    assert touched == []
    office.clock.move(minutes=0.25)
    session_of(office.accounts, secret)
    assert touched == ["2026-02-25T18:01:15Z"]


def test_signing_out_ends_that_session_only(office: Office) -> None:
    office.add("Ada")
    first, second = enter(office), enter(office)
    sign_out(office.accounts, first)
    assert session_of(office.accounts, first) is None
    assert session_of(office.accounts, second) is not None


def test_closing_an_account_a_new_password_or_another_role_ends_its_sessions_and_no_others(office: Office) -> None:
    for change in (
        partial(close_account, office.accounts, "Ada 0", OPERATOR),
        partial(set_password, office.accounts, "Ada 1", "another good password", OPERATOR),
        partial(set_role, office.accounts, "Ada 2", AccountRole.REQUESTER, OPERATOR),
    ):
        name = str(change.args[1])
        office.add(name)
        office.add(f"{name} other")
        mine, other = enter(office, name), enter(office, f"{name} other")
        change()
        assert session_of(office.accounts, mine) is None
        assert session_of(office.accounts, other) is not None


def test_a_session_of_an_account_that_is_closed_in_the_store_is_dead(office: Office) -> None:
    office.add("Ada")
    secret = enter(office)
    with office.db.write() as connection:
        connection.execute(update(reviewers).values(disabled_at=office.clock.now()))
    assert session_of(office.accounts, secret) is None


def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.add("Ada")

    def meanwhile(stored: str | None, password: str) -> object:
        checked = verified(stored, password)
        set_password(office.accounts, "Ada", "another good password", OPERATOR)
        return checked

    monkeypatch.setattr("agent.review.accounts.verified", meanwhile)
    assert refusal(office, password=SECRET) == "The account changed while you signed in."


def test_a_hash_with_former_parameters_is_replaced_at_sign_in_without_ending_sessions(office: Office) -> None:
    office.add("Ada")
    first = enter(office)
    former = argon2.PasswordHasher(time_cost=2).hash(SECRET)
    with office.db.write() as connection:
        connection.execute(update(reviewers).values(password=former))
    enter(office)
    account = office.accounts.find("Ada")
    assert account is not None
    assert account.password != former
    assert verified(account.password, SECRET) == (True, None)
    assert session_of(office.accounts, first) is not None


def test_a_form_has_to_carry_the_secret_of_its_own_session(office: Office) -> None:
    office.add("Ada")
    _, mine = sign_in(office.accounts, office.clock, "Ada", SECRET, HOME)
    _, other = open_session(office.accounts, office.clock, office.add("Ben"), OIDC)
    check_form(mine, mine.csrf)
    for given in ("", other.csrf, mine.digest, mine.csrf + "x", "\ud800", "é" * 43):
        with pytest.raises(Forbidden, match="not one of this session"):
            check_form(mine, given)


def test_neither_the_store_nor_the_audit_trail_holds_a_password_a_sessions_secret_or_a_name_that_was_typed(
    office: Office,
) -> None:
    office.add("Ada")
    secret = enter(office)
    refusal(office, "my password in the wrong field", "not the password, but near")
    kept = office.bytes_kept()
    assert b"signed in" in kept
    for hidden in (secret, SECRET, "not the password", "my password", HOME):
        assert hidden.encode() not in kept
