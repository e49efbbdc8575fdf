"""Signatures, all through itsdangerous.

Two of them are upstream's formats and use the secret itself as the key, because a
Node app must be able to read them. They cannot be mistaken for one another: a
signed cookie is ``value.signature``, a snapshot is JSON that carries its own
signature over a text that starts with ``{``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from urllib.parse import quote
from urllib.parse import unquote

from itsdangerous import BadData
from itsdangerous import BadSignature
from itsdangerous import Signer
from itsdangerous.encoding import base64_decode
from itsdangerous.encoding import base64_encode

from flask_better_auth.crypto.keys import KeyRing

#: What ``encodeURIComponent`` leaves alone besides letters and digits.
_UNRESERVED = "-_.!~*'()"

#: Standard base64 of 32 bytes, with its padding.
_SIGNATURE_LENGTH = 44


class CookieSigner(Signer):
    """Signs cookies as ``value.signature`` with padded standard base64.

    Source: better-call dist/cookies, dist/crypto (HMAC-SHA256 over the value).
    """

    def __init__(self, keys: KeyRing) -> None:
        super().__init__(
            keys.raw_keys, sep=b".", key_derivation="none", digest_method=hashlib.sha256
        )

    def get_signature(self, value: str | bytes) -> bytes:
        """Standard base64 of the HMAC, 44 bytes."""
        message = value if isinstance(value, bytes) else value.encode()
        key = self.secret_keys[-1]
        return base64.b64encode(self.algorithm.get_signature(key, message))

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Whether *sig* belongs to *value* under any of the keys."""
        message = value if isinstance(value, bytes) else value.encode()
        text = sig if isinstance(sig, bytes) else sig.encode()
        if len(text) != _SIGNATURE_LENGTH or not text.endswith(b"="):
            return False
        try:
            decoded = base64.b64decode(text, validate=True)
        except binascii.Error:
            return False
        return any(
            self.algorithm.verify_signature(key, message, decoded)
            for key in reversed(self.secret_keys)
        )

    def seal(self, value: str) -> str:
        """*value* signed and percent-encoded, ready for ``Set-Cookie``."""
        return quote(self.sign(value).decode(), safe=_UNRESERVED)

    def open(self, cookie: str) -> str | None:
        """The value that :meth:`seal` put into *cookie*, or None if it did not."""
        try:
            text = unquote(cookie, errors="strict") if "%" in cookie else cookie
            if text.rfind(".") < 1:
                return None
            return self.unsign(text.encode()).decode()
        except (BadSignature, UnicodeError):
            return None


class SnapshotSigner(Signer):
    """Signs the text of a session snapshot; URL-safe base64 without padding.

    Source: better-auth cookies/index.ts, setCookieCache (compact)
    """

    def __init__(self, keys: KeyRing) -> None:
        super().__init__(
            keys.raw_keys, key_derivation="none", digest_method=hashlib.sha256
        )

    def get_signature(self, value: str | bytes) -> bytes:
        """URL-safe base64 of the HMAC, 43 bytes."""
        message = value if isinstance(value, bytes) else value.encode()
        return base64_encode(
            self.algorithm.get_signature(self.secret_keys[-1], message)
        )

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Whether *sig*, in either base64 alphabet, belongs to *value*."""
        message = value if isinstance(value, bytes) else value.encode()
        text = sig if isinstance(sig, bytes) else sig.encode()
        try:
            decoded = base64_decode(
                text.rstrip(b"=").replace(b"+", b"-").replace(b"/", b"_")
            )
        except BadData:  # malformed base64
            return False
        return any(
            self.algorithm.verify_signature(key, message, decoded)
            for key in reversed(self.secret_keys)
        )
