"""Who signs up on every server, and what each server is told about them."""

from __future__ import annotations

SECRET = "benchmark-secret-0123456789-ABCDEFGH"

#: Longer than any run: a cookie that lapsed would turn cache hits into database reads.
CACHE_SECONDS = 86_400

#: Users on each server; the first of them signs in.
USERS = 20

NAME = "Ada Lovelace"
EMAIL = "ada@example.com"
PASSWORD = "correct horse battery staple"


def greet(name: str) -> str:
    """The text a protected route answers with."""
    return f"Hello, {name}!"


GREETING = greet(NAME)


def sign_ups() -> list[dict[str, str]]:
    """The body of each sign-up, the one who signs in first."""
    others = [f"user{number}@example.com" for number in range(1, USERS)]
    return [
        {"name": NAME, "email": email, "password": PASSWORD}
        for email in [EMAIL, *others]
    ]
