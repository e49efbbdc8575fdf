"""Signatures: what a wrong one is, and that each has one purpose."""

from __future__ import annotations

import pytest

from flask_better_auth.crypto.keys import KeyRing
from flask_better_auth.crypto.signing import CookieSigner
from flask_better_auth.crypto.signing import SnapshotSigner
from flask_better_auth.crypto.tokens import ALPHANUMERIC
from flask_better_auth.crypto.tokens import random_string
from tests.browsing import SECRET
from tests.expected import RANDOM
from tests.expected import sealed

KEYS = KeyRing((SECRET,))


@pytest.mark.parametrize(
    "value", ["a", "true", "a.b.c", "Zoë 😀", "-_.!~*'()", "a b+c%d;e=f", "."]
)
def test_what_is_sealed_can_be_opened(value: str) -> None:
    """Whatever it holds; dots too, for the last one is ours."""
    cookie = CookieSigner(KEYS).seal(value)
    assert cookie == sealed(value)
    assert CookieSigner(KEYS).open(cookie) == value


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        ".",
        "..",
        "a",
        "a.",
        "a.b",
        ".A" * 22,
        "%",
        "%ff.x",
        "\udcff.x",
        "a." + "=" * 44,
        "a." + "é" * 44,
        "a." + "A" * 43 + "=",
        "a" * 100_000,
        sealed("a")[:-3],
        sealed("a") + "%3D",
        sealed("a").replace("a.", "b.", 1),
        sealed("a", secret="another"),
    ],
)
def test_anything_else_opens_nothing(cookie: str) -> None:
    """Never an exception, whatever a browser sends."""
    assert CookieSigner(KEYS).open(cookie) is None


def test_signature_of_a_snapshot_is_none_of_a_cookie() -> None:
    """They use one key, so one must never read as the other."""
    text = '{"session":{}}'
    signature = SnapshotSigner(KEYS).get_signature(text).decode()
    assert CookieSigner(KEYS).open(f"{text}.{signature}") is None
    cookie = CookieSigner(KEYS).sign("token").rpartition(b".")[2]
    assert not SnapshotSigner(KEYS).verify_signature("token.", cookie)


@pytest.mark.parametrize("signature", ["", "=", "x", "é", "A" * 43, "A" * 44, "-" * 43])
def test_wrong_signature_of_a_snapshot(signature: str) -> None:
    """Is refused, malformed or not."""
    assert not SnapshotSigner(KEYS).verify_signature("{}", signature)


def test_random_text_is_long_and_of_letters_and_digits() -> None:
    """32 of 62 characters: 190 bits, from the system's generator."""
    drawn = {random_string() for _ in range(200)}
    assert len(drawn) == 200
    assert all(text == RANDOM for text in drawn)
    assert set("".join(drawn)) == set(ALPHANUMERIC)


def test_length_and_alphabet_can_be_chosen() -> None:
    """For tokens of other kinds."""
    text = random_string(500, alphabet="ab")
    assert len(text) == 500
    assert set(text) == {"a", "b"}
