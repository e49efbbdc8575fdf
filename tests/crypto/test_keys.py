"""Which secrets are let through, and what derives from them."""

from __future__ import annotations

import hmac

import pytest

from flask_better_auth import OptionsError
from flask_better_auth.crypto.keys import DEVELOPMENT_SECRET
from flask_better_auth.crypto.keys import KeyRing
from flask_better_auth.crypto.keys import checked_secret
from flask_better_auth.crypto.signing import CookieSigner
from flask_better_auth.crypto.signing import SnapshotSigner
from tests.browsing import SECRET
from tests.expected import sealed

CURE = "make one with 'flask better-auth secret' and set BETTER_AUTH_SECRET"


@pytest.mark.parametrize(
    ("secret", "complaint"),
    [
        (None, "option 'secret' is missing"),
        ("", "option 'secret' is missing"),
        (DEVELOPMENT_SECRET, "option 'secret' is the development default"),
        ("x", "option 'secret' has 1 characters, at least 32 are needed"),
        (SECRET[:31], "option 'secret' has 31 characters, at least 32 are needed"),
        ("x" * 64, "option 'secret' is too easy to guess"),
        ("abab" * 16, "option 'secret' is too easy to guess"),
    ],
)
def test_weak_secret_is_refused(secret: str | None, complaint: str) -> None:
    """The message says what is wrong, and the cure, and not the secret."""
    with pytest.raises(OptionsError) as raised:
        checked_secret(secret, lenient=False)
    assert str(raised.value) == f"{complaint}: {CURE}"


@pytest.mark.parametrize("secret", [SECRET, "0123456789abcdef" * 4, "7f3c9a1e" * 5])
def test_strong_secret_is_let_through(secret: str) -> None:
    """32 characters that nobody guesses; a hexadecimal key is one."""
    assert checked_secret(secret, lenient=False) == secret


@pytest.mark.parametrize(
    ("secret", "used"), [(None, DEVELOPMENT_SECRET), ("x", "x"), (SECRET, SECRET)]
)
def test_while_developing_any_secret_will_do(secret: str | None, used: str) -> None:
    """And none is the well-known one, as upstream."""
    assert checked_secret(secret, lenient=True) == used


def test_newest_secret_signs_and_older_ones_are_read() -> None:
    """A rotation signs nobody out; a secret that is taken away does."""
    before = CookieSigner(KeyRing(("old secret",)))
    during = CookieSigner(KeyRing(("old secret", "new secret")))
    after = CookieSigner(KeyRing(("new secret",)))
    old, new = before.seal("token"), during.seal("token")
    assert new == sealed("token", secret="new secret")
    assert [signer.open(old) for signer in (before, during, after)] == [
        "token",
        "token",
        None,
    ]
    assert [signer.open(new) for signer in (before, during, after)] == [
        None,
        "token",
        "token",
    ]


def test_snapshots_rotate_like_cookies() -> None:
    """The copy in a cookie outlives a rotation too."""
    before = SnapshotSigner(KeyRing(("old secret",)))
    during = SnapshotSigner(KeyRing(("old secret", "new secret")))
    after = SnapshotSigner(KeyRing(("new secret",)))
    signature = before.get_signature(b"{}")
    assert during.verify_signature(b"{}", signature)
    assert not after.verify_signature(b"{}", signature)


def test_key_is_derived_as_rfc_5869_says() -> None:
    """HKDF-SHA256 without a salt, the purpose as its info."""
    prk = hmac.digest(b"\0" * 32, SECRET.encode(), "sha256")
    info = b"flask-better-auth:flask-session"
    first = hmac.digest(prk, info + b"\1", "sha256")
    second = hmac.digest(prk, first + info + b"\2", "sha256")
    keys = KeyRing((SECRET,))
    assert keys.derive("flask-session") == first
    assert keys.derive("flask-session", length=48) == first + second[:16]


def test_each_purpose_and_each_secret_has_a_key_of_its_own() -> None:
    """A key that leaks opens one door."""
    keys = KeyRing(("old secret", SECRET))
    assert keys.derive("one") != keys.derive("another")
    assert keys.derive("one") == KeyRing((SECRET,)).derive("one")
    assert keys.derive("one") != KeyRing(("old secret",)).derive("one")


def test_secrets_are_not_shown() -> None:
    """Not even where an error prints what it found."""
    assert SECRET not in repr(KeyRing((SECRET,)))
