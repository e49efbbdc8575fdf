"""How passwords are hashed, checked and hashed anew."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import extract_parameters

from flask_better_auth.crypto.passwords import Passwords
from flask_better_auth.crypto.passwords import hash_scrypt
from flask_better_auth.crypto.passwords import utf16_length
from flask_better_auth.crypto.passwords import verify_scrypt
from flask_better_auth.options import PasswordOptions
from tests.expected import Like


def cheap(**options: Any) -> Passwords:
    """argon2id that takes no time."""
    return Passwords(PasswordOptions(memory_cost=8, time_cost=1, **options))


def test_default_is_argon2id_as_owasp_asks() -> None:
    """19 MiB, two passes, one lane; the parameters stand in the hash."""
    parameters = extract_parameters(Passwords(PasswordOptions()).hash("password"))
    assert parameters.type.name == "ID"
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        19456,
        2,
        1,
    )
    assert (parameters.salt_len, parameters.hash_len) == (16, 32)


def test_each_hash_has_a_salt_of_its_own() -> None:
    """Two people with one password do not share a hash."""
    assert cheap().hash("password") != cheap().hash("password")
    assert hash_scrypt("password") != hash_scrypt("password")


@pytest.mark.parametrize("scheme", ["argon2id", "scrypt"])
@pytest.mark.parametrize(
    ("password", "other"),
    [
        ("password", "Password"),
        ("password", "password "),
        ("password", " password"),
        ("password", "passwor"),
        ("x" * 128, "x" * 127),
        ("pässword", "password"),
        ("", "x"),
    ],
)
def test_password_is_compared_exactly(scheme: Any, password: str, other: str) -> None:
    """Nothing is cut, trimmed or lowered."""
    passwords = cheap(scheme=scheme)
    stored = passwords.hash(password)
    assert passwords.verify(stored, password)
    assert not passwords.verify(stored, other)


@pytest.mark.parametrize("scheme", ["argon2id", "scrypt"])
@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("é-password", "e\u0301-password"),
        ("ﬁve-ofﬁces", "five-offices"),
        ("\uff50\uff41ss\uff57ord", "password"),
        ("pass\ud800word", "pass\ufffdword"),
    ],
)
def test_password_is_normalised_first(scheme: Any, typed: str, same: str) -> None:
    """Two keyboards that mean one text give one hash."""
    passwords = cheap(scheme=scheme)
    assert passwords.verify(passwords.hash(typed), same)
    assert passwords.verify(passwords.hash(same), typed)


def test_scrypt_has_the_format_of_the_original() -> None:
    """Salt and key in hexadecimal, 161 characters."""
    assert hash_scrypt("password") == Like("[0-9a-f]{32}:[0-9a-f]{128}")


def test_scrypt_matches_the_published_vector() -> None:
    """The salt is the hexadecimal text itself."""
    stored = (
        "00112233445566778899aabbccddeeff:"
        "73122e887cfc14f91396cdef78dfe4b9dec28d459037601c4904cedba5a637ab"
        "97b39b40c236df5d42881d0109ca8cf0f85e39dbaba2911c190915bd8f30fe85"
    )
    assert verify_scrypt(stored, "password123")
    assert not verify_scrypt(stored, "password124")


@pytest.mark.parametrize("scheme", ["argon2id", "scrypt"])
def test_either_format_is_read_whatever_is_written(scheme: Any) -> None:
    """So a change of scheme locks nobody out."""
    passwords = cheap(scheme=scheme)
    for stored in (cheap().hash("password"), hash_scrypt("password")):
        assert passwords.verify(stored, "password")
        assert not passwords.verify(stored, "another")


@pytest.mark.parametrize(
    "stored",
    [
        "",
        ":",
        "a:b",
        "nonsense",
        "$argon2id$",
        "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$",
        "$argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$uZ6ivuVvQ8Q",
        "$2b$12$abcdefghijklmnopqrstuv",
        "é:é",
        "0" * 32 + ":" + "é" * 128,
    ],
)
def test_text_that_is_no_hash_is_a_wrong_password(stored: str) -> None:
    """Never an exception, and never a match."""
    assert not cheap().verify(stored, "password")
    assert not cheap().verify(stored, "")


def test_stale_hashes_are_those_made_otherwise() -> None:
    """Another scheme, or other parameters than today's."""
    today, earlier = cheap(), Passwords(PasswordOptions(memory_cost=16, time_cost=1))
    assert not today.is_stale(today.hash("password"))
    assert today.is_stale(earlier.hash("password"))
    assert today.is_stale(hash_scrypt("password"))
    assert today.is_stale(today.hash("x").replace("argon2id", "argon2i"))
    shared = cheap(scheme="scrypt")
    assert not shared.is_stale(hash_scrypt("password"))
    assert shared.is_stale(today.hash("password"))


def test_own_functions_do_everything() -> None:
    """Then no hash is stale, for only their author can tell."""
    passwords = Passwords(
        PasswordOptions(),
        hash_own=lambda password: f"own:{password}",
        verify_own=lambda stored, password: stored == f"own:{password}",
    )
    assert passwords.hash("password") == "own:password"
    assert passwords.verify("own:password", "password")
    assert not passwords.verify("own:password", "another")
    assert not passwords.is_stale("anything")


def test_nobody_costs_as_much_as_somebody() -> None:
    """`waste` hashes once, in whatever way hashes are made."""
    hashed: list[str] = []

    def hash_own(password: str) -> str:
        hashed.append(password)
        return password

    passwords = Passwords(
        PasswordOptions(), hash_own=hash_own, verify_own=lambda stored, password: False
    )
    passwords.waste("password")
    assert hashed == ["password"]


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("abc", 3), ("é", 1), ("日本", 2), ("😀", 2), ("👩‍👧", 5), ("\ud800", 1)],
)
def test_length_is_what_javascript_says(text: str, length: int) -> None:
    """UTF-16 units."""
    assert utf16_length(text) == length
