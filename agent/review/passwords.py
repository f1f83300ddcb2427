"""Passwords: what may be one, and keeping and checking it with argon2."""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache
from threading import BoundedSemaphore
from types import ModuleType
from typing import NamedTuple

from agent.errors import InvalidInput, Prerequisite
from agent.store.accounts import name_key

MIN_PASSWORD = 12
MAX_PASSWORD = 1000
"""Characters. A longer one is refused before anything is computed of it."""
OBVIOUS = frozenset(
    {
        "123456789012",
        "1234567890123",
        "abcdefghijkl",
        "adminadminadmin",
        "assess-role-password",
        "changemechangeme",
        "correct horse battery staple",
        "correcthorsebatterystaple",
        "iloveyouiloveyou",
        "letmeinletmein",
        "password1234",
        "password12345",
        "passwordpassword",
        "qwertyqwerty",
        "qwertyuiop12",
        "qwertyuiopas",
        "welcomewelcome",
    }
)
"""Long enough and guessed first."""
_AT_ONCE = BoundedSemaphore(4)
"""One check takes 64 MB of memory."""


class Checked(NamedTuple):
    """What came of checking a password."""

    holds: bool
    again: str | None = None
    """A new hash of it where the stored one was made with former parameters."""


def check_password(name: str, password: str) -> str:
    """The password in one spelling (NFKC), for the account of `name`. Raises InvalidInput; it never repeats it."""
    problem = None
    if len(password) > MAX_PASSWORD:
        problem = f"has {len(password)} characters"
    elif not _is_text(password):
        problem = "is no text that can be stored"
    else:
        password = unicodedata.normalize("NFKC", password)
        if len(password) < MIN_PASSWORD:
            problem = f"has {len(password)} character{'s' * (len(password) != 1)}"
        elif name_key(password) == name_key(name):
            problem = "is the name"
        elif password.casefold() in OBVIOUS or len(set(password)) == 1:
            problem = "is one of those that are guessed first"
    if problem is not None:
        raise InvalidInput(
            f"The password {problem}; expected {MIN_PASSWORD} to {MAX_PASSWORD} characters that are not the name and "
            "not obvious."
        )
    return password


def hashed(password: str) -> str:
    """What is kept of a checked password. Raises Prerequisite without argon2."""
    with _AT_ONCE:
        return str(_argon2().PasswordHasher().hash(password))


def verified(stored: str | None, password: str) -> Checked:
    """Whether `password` is the one that was hashed; `None` stands for no account, and takes as long.

    What can be no password does not hold, and nothing is computed of it. Raises Prerequisite without argon2.
    """
    library = _argon2()
    if len(password) > MAX_PASSWORD or not _is_text(password):
        return Checked(False)
    spelling = unicodedata.normalize("NFKC", password)
    hasher = library.PasswordHasher()
    nobodys = _nobodys()
    with _AT_ONCE:
        try:
            hasher.verify(stored or nobodys, spelling)
        except (library.exceptions.VerificationError, library.exceptions.InvalidHashError):
            return Checked(False)
        if stored is None:
            return Checked(False)
        return Checked(True, str(hasher.hash(spelling)) if hasher.check_needs_rehash(stored) else None)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """The hash of a password that nobody knows."""
    return hashed(secrets.token_urlsafe(32))


def _is_text(password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True


def _argon2() -> ModuleType:
    try:
        import argon2
    except ImportError as error:
        raise Prerequisite(
            "Passwords need a library that is not installed.", hint="pip install 'assess-role[serve]'"
        ) from error
    return argon2
