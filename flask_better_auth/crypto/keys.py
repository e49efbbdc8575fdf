"""The secret, and the keys derived from it."""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass

from flask_better_auth.errors import OptionsError

#: What upstream uses when nothing is set. Everybody knows it.
DEVELOPMENT_SECRET = "better-auth-secret-12345678901234567890"  # noqa: S105

MIN_LENGTH = 32


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """Secrets, oldest first, as itsdangerous orders them; the last one signs."""

    secrets: tuple[str, ...]

    @property
    def current(self) -> str:
        """The secret that signs."""
        return self.secrets[-1]

    @property
    def raw_keys(self) -> list[bytes]:
        """The secrets as HMAC keys, oldest first."""
        return [secret.encode() for secret in self.secrets]

    def derive(self, purpose: str, *, length: int = 32) -> bytes:
        """A key of *length* bytes that serves *purpose* and nothing else.

        Source: RFC 5869 (HKDF-SHA256), without a salt.
        """
        pseudorandom = hmac.digest(b"\0" * 32, self.current.encode(), "sha256")
        key, block, counter = b"", b"", 1
        while len(key) < length:
            message = block + f"flask-better-auth:{purpose}".encode() + bytes([counter])
            block = hmac.digest(pseudorandom, message, hashlib.sha256)
            key += block
            counter += 1
        return key[:length]

    def __repr__(self) -> str:
        return f"KeyRing({len(self.secrets)} secrets)"


def checked_secret(secret: str | None, *, lenient: bool) -> str:
    """*secret*, or the development secret where that is allowed.

    *lenient* is for debug mode and tests.

    Raises:
        OptionsError: it is missing, well known or too weak, and not *lenient*.
    """
    if lenient:
        return secret or DEVELOPMENT_SECRET
    cure = "make one with 'flask better-auth secret' and set BETTER_AUTH_SECRET"
    if not secret:
        raise OptionsError(f"option 'secret' is missing: {cure}")
    if secret == DEVELOPMENT_SECRET:
        raise OptionsError(f"option 'secret' is the development default: {cure}")
    if len(secret) < MIN_LENGTH:
        raise OptionsError(
            f"option 'secret' has {len(secret)} characters, at least {MIN_LENGTH} are "
            f"needed: {cure}"
        )
    if len(secret) * math.log2(len(set(secret))) < 100:
        raise OptionsError(f"option 'secret' is too easy to guess: {cure}")
    return secret
