"""What answers and cookies look like, made without the package under test."""

from __future__ import annotations

import base64
import hmac
import json
import re
from typing import Any
from urllib.parse import quote

from werkzeug.test import TestResponse

from tests.browsing import SECRET


class Like:
    """Equal to any text that all of *pattern* describes."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and bool(re.fullmatch(self._pattern, other))

    def __hash__(self) -> int:
        return hash(self._pattern)

    def __repr__(self) -> str:
        return f"Like({self._pattern!r})"


#: An id or a session token: 32 letters and digits.
RANDOM = Like("[A-Za-z0-9]{32}")

#: Seven days, the lifetime of a session.
WEEK = 604800

START_TEXT = "2030-01-01T00:00:00.000Z"

UNAUTHORIZED = {"message": "Unauthorized", "code": "UNAUTHORIZED"}
NOT_FRESH = {"message": "Session is not fresh", "code": "SESSION_NOT_FRESH"}
INVALID_CREDENTIALS = {
    "message": "Invalid email or password",
    "code": "INVALID_EMAIL_OR_PASSWORD",
}
INVALID_EMAIL = {"message": "Invalid email", "code": "INVALID_EMAIL"}
INVALID_PASSWORD = {"message": "Invalid password", "code": "INVALID_PASSWORD"}
TOO_SHORT = {"message": "Password too short", "code": "PASSWORD_TOO_SHORT"}
TOO_LONG = {"message": "Password too long", "code": "PASSWORD_TOO_LONG"}
NO_CREDENTIAL = {
    "message": "Credential account not found",
    "code": "CREDENTIAL_ACCOUNT_NOT_FOUND",
}
TOO_MANY = {"message": "Too many requests. Please try again later."}


def invalid(message: str) -> dict[str, str]:
    """The body of a VALIDATION_ERROR."""
    return {"message": message, "code": "VALIDATION_ERROR"}


def user(**changes: Any) -> dict[str, Any]:
    """Ada as answers show her, key order included."""
    return {
        "name": "Ada",
        "email": "ada@example.com",
        "emailVerified": False,
        "image": None,
        "createdAt": START_TEXT,
        "updatedAt": START_TEXT,
        "id": RANDOM,
        **changes,
    }


def session(**changes: Any) -> dict[str, Any]:
    """A session as answers show it, key order included."""
    return {
        "expiresAt": "2030-01-08T00:00:00.000Z",
        "token": RANDOM,
        "createdAt": START_TEXT,
        "updatedAt": START_TEXT,
        "ipAddress": "127.0.0.1",
        "userAgent": Like("Werkzeug/.*"),
        "userId": RANDOM,
        "id": RANDOM,
        **changes,
    }


def sealed(value: str, *, secret: str = SECRET) -> str:
    """The value of a signed cookie."""
    mac = hmac.digest(secret.encode(), value.encode(), "sha256")
    return quote(f"{value}.{base64.b64encode(mac).decode()}", safe="-_.!~*'()")


def token_cookie(token: str, *, max_age: int | None = WEEK) -> str:
    """The Set-Cookie line that signs a browser in."""
    age = f"; Max-Age={max_age}" if max_age is not None else ""
    return (
        f"better-auth.session_token={sealed(token)}{age}; Path=/; HttpOnly; "
        "SameSite=Lax"
    )


#: The Set-Cookie line of a session that ends with the browser.
DONT_REMEMBER = (
    f"better-auth.dont_remember={sealed('true')}; Path=/; HttpOnly; SameSite=Lax"
)


def expired(name: str) -> str:
    """The Set-Cookie line that removes one of our cookies."""
    return f"better-auth.{name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"


#: What signs out a browser that holds no cookie cache.
CLEARED = [expired("session_token"), expired("session_data"), expired("dont_remember")]


def snapshot(cookie: str) -> dict[str, Any]:
    """What a compact cookie cache holds: `session`, `expiresAt`, `signature`."""
    decoded = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
    value: dict[str, Any] = json.loads(decoded)
    return value


def answer(response: TestResponse) -> tuple[int, Any]:
    """The status, and the whole body as JSON; None for an empty body."""
    return response.status_code, response.json if response.data else None
