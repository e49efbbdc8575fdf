"""Password hashing: argon2id, and upstream's scrypt."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import argon2
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError

from flask_better_auth.options import PasswordOptions

# scrypt as upstream's packages/better-auth/src/crypto/password.ts
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P, _SCRYPT_LENGTH = 16384, 16, 1, 64
_SCRYPT_MAXMEM = 128 * _SCRYPT_N * _SCRYPT_R * 2


@dataclass(frozen=True, slots=True)
class Passwords:
    """Hashes and checks passwords.

    `hash_own` and `verify_own` are the app's own functions and replace ours; they
    take text and are synchronous here.
    """

    options: PasswordOptions
    hash_own: Callable[[str], str] | None = None
    verify_own: Callable[[str, str], bool] | None = None

    def hash(self, password: str) -> str:
        """A new hash of *password*, which is normalised (NFKC) first.

        Takes about 20 ms of one core; hold no database connection meanwhile.
        """
        if self.hash_own is not None:
            return self.hash_own(password)
        if self.options.scheme == "scrypt":
            return hash_scrypt(password)
        return self._argon2.hash(_normal(password))

    def verify(self, stored: str, password: str) -> bool:
        """Whether *password* is the one behind *stored*, whichever format that has."""
        if self.verify_own is not None:
            return self.verify_own(stored, password)
        if stored.startswith("$argon2"):
            try:
                return self._argon2.verify(stored, _normal(password))
            except (VerificationError, InvalidHashError):
                return False
        return verify_scrypt(stored, password)

    def is_stale(self, stored: str) -> bool:
        """Whether *stored* was made in another way than :meth:`hash` does now."""
        if self.hash_own is not None:
            return False
        if self.options.scheme == "scrypt":
            return stored.startswith("$argon2")
        if not stored.startswith("$argon2id$"):
            return True
        return self._argon2.check_needs_rehash(stored)

    def waste(self, password: str) -> None:
        """As much work as checking *password*, for a user who does not exist."""
        self.hash(password)

    @property
    def _argon2(self) -> argon2.PasswordHasher:
        return argon2.PasswordHasher(
            time_cost=self.options.time_cost,
            memory_cost=self.options.memory_cost,
            parallelism=self.options.parallelism,
        )


def hash_scrypt(password: str) -> str:
    """``<salt hex>:<key hex>``, the format Node writes: 161 characters."""
    # The salt is the hex *text*, not the bytes it stands for.
    salt = secrets.token_hex(16)
    return f"{salt}:{_scrypt(password, salt)}"


def verify_scrypt(stored: str, password: str) -> bool:
    """Whether *password* is the one behind the scrypt hash *stored*."""
    salt, separator, key = stored.partition(":")
    if not separator or not salt or not key.isascii():
        return False
    return hmac.compare_digest(_scrypt(password, salt), key)


def _scrypt(password: str, salt: str) -> str:
    return hashlib.scrypt(
        _normal(password).encode(),
        salt=salt.encode(),
        n=_SCRYPT_N,
        r=_SCRYPT_R,
        p=_SCRYPT_P,
        dklen=_SCRYPT_LENGTH,
        maxmem=_SCRYPT_MAXMEM,
    ).hex()


def _normal(password: str) -> str:
    # A lone surrogate has no UTF-8: as JavaScript, we write U+FFFD in its place.
    whole = password.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFKC", whole)


def utf16_length(text: str) -> int:
    """How long JavaScript says *text* is: characters beyond U+FFFF count twice."""
    return len(text) + sum(1 for char in text if char > "\uffff")
