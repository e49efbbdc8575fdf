"""Where we differ from the original on purpose, one reason a row.

Whatever is not written here is the same: status, headers, cookies and body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Number of a step, counted from 0 -> field -> (the original's, ours).
Found = Mapping[int, Mapping[str, tuple[Any, Any]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One scenario that ends differently, and why that is right."""

    why: str
    found: Found


def is_everywhere(name: str, both: tuple[Any, Any]) -> bool:
    """Whether a field differs in one of the two ways that need no row of their own.

    What the original says of caches at `/get-session` alone holds of everything here:
    answers are about a person. And where one answer sets a cookie twice, only the last
    line counts for a browser: the original writes a few more of the others when it
    clears cookies, and loses some of those that checking the session produced.
    """
    theirs, ours = both
    if name == "cache-control":
        return theirs is None and ours == "no-store"
    return name == "set-cookie" and _effective(theirs) == _effective(ours)


def _effective(lines: list[str]) -> list[str]:
    """The lines that no later line of the same cookie replaces, in order."""
    names = [line.partition("=")[0] for line in lines]
    return [line for at, line in enumerate(lines) if names[at] not in names[at + 1 :]]


_ATTRIBUTES = "Path=/; HttpOnly; SameSite=Lax"
_TOKEN = f"better-auth.session_token=signed #1; Max-Age=604800; {_ATTRIBUTES}"
_COPY = f"better-auth.session_data=a copy; Max-Age=300; {_ATTRIBUTES}"
_JSON_TYPE = "application/json"


def _gone(name: str) -> str:
    return f"better-auth.{name}=; Max-Age=0; {_ATTRIBUTES}"


def _error(code: str, message: str) -> dict[str, str]:
    return {"message": message, "code": code}


def _invalid(text: str) -> dict[str, str]:
    return _error("VALIDATION_ERROR", text)


def _malformed(path: str) -> dict[str, str]:
    return _invalid(f"[{path}] Invalid input: malformed text")


def _unlike(kind: str, field: str) -> dict[str, str]:
    return _invalid(f"[body.{field}] Invalid input: expected string, received {kind}")


_INVALID_EMAIL = _error("INVALID_EMAIL", "Invalid email")
_INVALID_CALLBACK = _error("INVALID_CALLBACK_URL", "Invalid callbackURL")
_UNAUTHORIZED = _error("UNAUTHORIZED", "Unauthorized")
_NO_JSON = _error("BAD_REQUEST", "Invalid JSON in request body")

_WRONG_TYPES = (
    "The original checks neither type: it stores what SQLite makes of the value, or"
    " fails."
)


def _stored(kind: str, field: str) -> Difference:
    """The original took a value of another type at /update-user."""
    return Difference(
        _WRONG_TYPES,
        {
            1: {
                "status": (200, 400),
                "body": ({"status": True}, _unlike(kind, field)),
                "set-cookie": ([_TOKEN], []),
            }
        },
    )


def _crashed(kind: str, field: str) -> Difference:
    """The original failed on a value of another type at /update-user."""
    return Difference(
        _WRONG_TYPES,
        {
            1: {
                "status": (500, 400),
                "content-type": (None, _JSON_TYPE),
                "body": ("text: ", _unlike(kind, field)),
            }
        },
    )


_ENDED = (
    "What was revoked lives on in a copy, but learns no token of the other sessions"
    " and gets no new copy."
)
_ALL_GONE = [_gone("session_token"), _gone("session_data"), _gone("dont_remember")]


def _session(email: str, *, seconds: int = 604_800) -> dict[str, Any]:
    """The answer of /get-session after a sign-up."""
    return {"session": _a_session(seconds=seconds), "user": _user(email)}


def _a_session(
    *, seconds: int = 604_800, address: str = "the peer's address or none"
) -> dict[str, Any]:
    return {
        "expiresAt": f"now+{seconds}s",
        "token": "#1",
        "createdAt": "now+0s",
        "updatedAt": "now+0s",
        "ipAddress": address,
        "userAgent": "differential/1",
        "userId": "#2",
        "id": "#3",
    }


def _user(email: str, *, name: str = "Ada") -> dict[str, Any]:
    return {
        "name": name,
        "email": f"{email}@example.com",
        "emailVerified": False,
        "image": None,
        "createdAt": "now+0s",
        "updatedAt": "now+0s",
        "id": "#2",
    }


#: Outside the mount the app itself answers: with its own 404, a page.
_APP_404 = {"content-type": (None, "text/html"), "body": ("text: ", "a page")}
_OPTIONS = {
    "status": (404, 200),
    "other headers": ([], ["allow"]),
    **_APP_404,
}

DIFFERENCES: dict[str, Difference] = {
    "sign-up with a password of a megabyte": Difference(
        "A body of more than a megabyte is not read at all.",
        {
            0: {
                "status": (400, 413),
                "body": (
                    _error("PASSWORD_TOO_LONG", "Password too long"),
                    _error("PAYLOAD_TOO_LARGE", "Request body is too large"),
                ),
            }
        },
    ),
    "addresses that no mail server takes": Difference(
        "RFC 5321 ends an address after 254 characters, and so does our column.",
        {
            1: {
                "body": (
                    _error("PASSWORD_TOO_SHORT", "Password too short"),
                    _invalid("[body.email] Invalid email address"),
                )
            },
            3: {
                "body": (
                    _error("PASSWORD_TOO_LONG", "Password too long"),
                    _INVALID_EMAIL,
                )
            },
        },
    ),
    "sign-in with a callbackURL": Difference(
        "Werkzeug escapes what no URL in a header may hold.",
        {3: {"location": ("/a b", "/a%20b")}},
    ),
    "update-user with a null name": _crashed("null", "name"),
    "update-user with a number for a name": _stored("number", "name"),
    "update-user with a boolean for a name": _stored("boolean", "name"),
    "update-user with a list for a name": _crashed("array", "name"),
    "update-user with an object for a name": _crashed("object", "name"),
    "update-user with a number for an image": _stored("number", "image"),
    "update-user with a list for an image": _crashed("array", "image"),
    "a tampered dont_remember": Difference(
        "An unreadable cookie is cleared along with a readable one.",
        {
            1: {"set-cookie": ([_TOKEN], [_TOKEN, _gone("dont_remember")])},
            2: {
                "set-cookie": (
                    [_TOKEN, _TOKEN],
                    [_TOKEN, _TOKEN, _gone("dont_remember")],
                )
            },
        },
    ),
    "a session token signed for dont_remember's place": Difference(
        "Only the signed word `true` counts: no cookie stands in for another.",
        {
            2: {
                "body": (
                    _session(
                        "a-session-token-signed-for-dont-remember-s-place",
                        seconds=86_400,
                    ),
                    _session("a-session-token-signed-for-dont-remember-s-place"),
                ),
                "set-cookie": ([], [_TOKEN, _gone("dont_remember")]),
            }
        },
    ),
    "cache: a revoked session at /list-sessions": Difference(
        _ENDED,
        {
            1: {
                "status": (200, 401),
                "body": ([], _UNAUTHORIZED),
                "set-cookie": ([], _ALL_GONE),
            }
        },
    ),
    "cache: a revoked session at /update-user": Difference(
        _ENDED,
        {
            1: {
                "status": (200, 401),
                "body": ({"status": True}, _UNAUTHORIZED),
                "set-cookie": ([_TOKEN, _COPY], _ALL_GONE),
                "cached copies": (
                    [
                        {
                            "session": _a_session(),
                            "user": _user(
                                "cache-a-revoked-session-at-update-user", name="New"
                            ),
                            "updatedAt": "now+0s",
                            "version": "1",
                            "expiresAt": "now+300s",
                        }
                    ],
                    [],
                ),
            }
        },
    ),
    "cache: a stale row behind a good copy": Difference(
        _ENDED,
        {
            2: {
                "status": (200, 401),
                "body": ([], _UNAUTHORIZED),
                "set-cookie": ([], _ALL_GONE),
            },
        },
    ),
    "cache: a copy that is not base64": Difference(
        "A broken copy is no copy; the original fails and leaves it in the browser.",
        {
            1: {
                "status": (500, 200),
                "body": (
                    {
                        **_error("FAILED_TO_GET_SESSION", "Failed to get session"),
                        "cause": {},
                    },
                    _session("cache-a-copy-that-is-not-base64"),
                ),
                "set-cookie": ([], [_gone("session_data"), _COPY]),
                "cached copies": (
                    [],
                    [
                        {
                            **_session("cache-a-copy-that-is-not-base64"),
                            "updatedAt": "now+0s",
                            "version": "1",
                            "expiresAt": "now+300s",
                        }
                    ],
                ),
            }
        },
    ),
    "cache: a copy as bad chunks": Difference(
        "Of the cookies that checking the session set, the original sends the last.",
        {
            2: {
                "set-cookie": (
                    [_COPY],
                    [_gone("session_data.0"), _gone("session_data.1"), _COPY],
                )
            }
        },
    ),
    "cache: refreshed at each store read": Difference(
        "Of the cookies that checking the session set, the original sends the last,"
        " so its browser's token ends before the session it has extended.",
        {number: {"set-cookie": ([_COPY], [_TOKEN, _COPY])} for number in (3, 4, 5)},
    ),
    "JSON of bytes that are not UTF-8": Difference(
        "RFC 8259: JSON is UTF-8. The original replaces the bytes and goes on.",
        {0: {"status": (401, 400), "body": (_UNAUTHORIZED, _NO_JSON)}},
    ),
    "JSON nested two thousand deep": Difference(
        "Python's parser ends where its stack does.",
        {0: {"body": (_unlike("array", "token"), _NO_JSON)}},
    ),
    "JSON under a type that only contains JSON's": Difference(
        "The original goes on with the unread stream, we with the text.",
        {
            0: {
                "body": (
                    _unlike("undefined", "token"),
                    _invalid("[body] Invalid input: expected object, received string"),
                )
            }
        },
    ),
    "text that no database takes": Difference(
        "PostgreSQL stores no NUL and nothing writes a lone surrogate, so both are"
        " refused before anything else.",
        {
            0: {
                "body": (
                    _error("PASSWORD_TOO_SHORT", "Password too short"),
                    _malformed("body.name"),
                )
            },
            1: {
                "body": (
                    _error("PASSWORD_TOO_SHORT", "Password too short"),
                    _malformed("body.password"),
                )
            },
            2: {
                "body": (
                    _error("PASSWORD_TOO_SHORT", "Password too short"),
                    _malformed("body.password"),
                )
            },
            3: {
                "body": (
                    _invalid("[body.email] Invalid email address"),
                    _malformed("body.email"),
                )
            },
            4: {"body": (_INVALID_EMAIL, _malformed("body.email"))},
            5: {
                "status": (403, 400),
                "body": (_INVALID_CALLBACK, _malformed("body.callbackURL")),
            },
            6: {
                "status": (401, 400),
                "body": (_UNAUTHORIZED, _malformed("body.a.0")),
            },
            7: {"status": (401, 400), "body": (_UNAUTHORIZED, _malformed("body"))},
            8: {
                "status": (200, 400),
                "body": (
                    {
                        "token": "#1",
                        "user": _user("text-that-no-database-takes", name="a\0b"),
                    },
                    _malformed("body.name"),
                ),
                "set-cookie": ([_TOKEN], []),
            },
        },
    ),
    "HEAD": Difference(
        "Flask answers HEAD wherever it answers GET.",
        {
            0: {"status": (404, 200), "content-type": (None, _JSON_TYPE)},
            1: {"status": (404, 200), **_APP_404},
            2: {
                "status": (404, 200),
                "content-type": (None, _JSON_TYPE),
                "pragma": (None, "no-cache"),
            },
            3: {"status": (404, 401), "content-type": (None, _JSON_TYPE)},
        },
    ),
    "OPTIONS": Difference(
        "Flask answers OPTIONS with the methods of the path.",
        {number: _OPTIONS for number in range(13)},
    ),
    "an encoded letter in a path": Difference(
        "WSGI hands over decoded paths.",
        {
            0: {
                "status": (404, 200),
                "content-type": (None, _JSON_TYPE),
                "body": ("text: ", {"ok": True}),
            }
        },
    ),
    "outside the base path": Difference(
        "There the app itself answers.", {number: _APP_404 for number in range(3)}
    ),
    "another base path": Difference(
        "Outside the base path the app itself answers.", {1: _APP_404, 2: _APP_404}
    ),
    "a base URL with a path": Difference(
        "Outside the base path the app itself answers.", {1: _APP_404}
    ),
    "the base path at the root": Difference(
        "What is no endpoint there may be a page of the app.", {1: _APP_404}
    ),
    "callback URLs that browsers forgive": Difference(
        "Only what Python and a browser read alike may end up in a Location header.",
        {
            number: {
                "status": (400, 403),
                "body": (_INVALID_EMAIL, _INVALID_CALLBACK),
            }
            for number in range(4)
        },
    ),
    "callback URLs that resolve to another host": Difference(
        "Adding a parameter would resolve the dots and lead away from here.",
        {
            number: {
                "status": (400, 403),
                "body": (_INVALID_EMAIL, _INVALID_CALLBACK),
            }
            for number in range(5)
        },
    ),
    "a forwarded address": Difference(
        "Anybody can write X-Forwarded-For; we take the peer's address.",
        {
            1: {
                "body": (
                    [_a_session(address="203.0.113.7")],
                    [_a_session()],
                )
            }
        },
    ),
    "limit by a forwarded address": Difference(
        "Whoever writes X-Forwarded-For escapes no limit.",
        {
            4: {
                "status": (200, 429),
                "x-retry-after": (None, "about 60"),
                "body": (
                    {"success": True},
                    {"message": "Too many requests. Please try again later."},
                ),
                "set-cookie": (_ALL_GONE, []),
            }
        },
    ),
    "limit counts every method and trailing slash": Difference(
        "Everything that is no endpoint shares one count: made-up paths fill no"
        " memory.",
        {
            4: {
                "status": (429, 401),
                "x-retry-after": ("about 60", None),
                "body": (
                    {"message": "Too many requests. Please try again later."},
                    _UNAUTHORIZED,
                ),
            }
        },
    ),
}
