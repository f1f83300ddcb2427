"""What may be a password, and that it is kept and checked as argon2 does it."""

from __future__ import annotations

import sys

import argon2
import pytest

from agent.errors import InvalidInput, Prerequisite
from agent.review import passwords
from agent.review.passwords import check_password, hashed, verified

GOOD = "a long night in Lisbon"


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "x" * 1001,
        "Ada Marsh-Oduya",
        "ada  marsh-oduya",
        "\uff21da Marsh-Oduya",
        "PasswordPassword",
        "aaaaaaaaaaaaaaaa",
        "half a character \ud800",
    ],
)
def test_what_is_short_long_the_name_or_guessed_first_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(InvalidInput, match="expected 12 to 1000 characters") as raised:
        check_password("Ada Marsh-Oduya", password)
    assert not password or password not in raised.value.message


@pytest.mark.parametrize("password", ["a" * 11 + "b", "all lower case letters", "ß" * 20 + "x", "x" * 999 + "y"])
def test_nothing_is_asked_of_a_password_but_its_length(password: str) -> None:
    assert check_password("Ada", password) == password


def test_a_password_of_ten_megabytes_is_refused_before_anything_is_computed_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> str:
        raise AssertionError("computed")

    monkeypatch.setattr(passwords, "unicodedata", None)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", never)
    monkeypatch.setattr(argon2.PasswordHasher, "hash", never)
    with pytest.raises(InvalidInput, match="has 10000000 characters"):
        check_password("Ada", "x" * 10_000_000)
    assert not verified("$argon2id$whatever", "x" * 10_000_000).holds


def test_the_hash_is_argon2id_with_the_librarys_parameters_and_a_salt() -> None:
    first, second = hashed(GOOD), hashed(GOOD)
    assert first != second
    assert argon2.extract_parameters(first) == argon2.profiles.get_default_parameters()
    assert verified(first, GOOD) == (True, None)


@pytest.mark.usefixtures("cheap_hashes")
def test_only_the_password_holds() -> None:
    kept = hashed(check_password("Ada", GOOD))
    assert verified(kept, GOOD).holds
    assert not any(verified(kept, wrong).holds for wrong in (GOOD + " ", GOOD.upper(), "", "\ud800"))
    assert not verified(None, GOOD).holds
    assert not verified("no hash at all", GOOD).holds


@pytest.mark.usefixtures("cheap_hashes")
def test_one_password_typed_on_two_keyboards_is_one_password() -> None:
    composed, decomposed = "Café au lait, bitte", "Cafe\u0301 au lait, bitte"
    assert verified(hashed(check_password("Ada", composed)), decomposed).holds


@pytest.mark.usefixtures("cheap_hashes")
def test_a_hash_with_former_parameters_is_made_anew_when_the_password_holds() -> None:
    former = argon2.PasswordHasher(time_cost=2).hash(GOOD)
    checked = verified(former, GOOD)
    assert checked.holds
    assert checked.again is not None
    assert verified(checked.again, GOOD) == (True, None)
    assert verified(former, "another password") == (False, None)


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "argon2", None)
    for work in (lambda: hashed(GOOD), lambda: verified(None, GOOD)):
        with pytest.raises(Prerequisite) as raised:
            work()
        assert raised.value.hint == "pip install 'assess-role[serve]'"
