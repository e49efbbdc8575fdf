"""The official JavaScript clients get from us what they get from the original."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import needs
from tests.client import node
from tests.client import servers

pytestmark = needs.node()


def _user(kind: str, *, name: str = "Ada") -> dict[str, Any]:
    return {
        "name": name,
        "email": f"ada.{kind}@example.com",
        "emailVerified": False,
        "image": None,
        "createdAt": "Date",
        "updatedAt": "Date",
        "id": "string of 32",
    }


def _data(value: Any) -> dict[str, Any]:
    return {"data": value, "error": None}


def _error(status: int, code: str | None = None, message: str | None = None) -> Any:
    found = {"status": status, "code": code, "message": message}
    told = {name: value for name, value in found.items() if value is not None}
    return {"data": None, "error": told}


_ATTRIBUTES = "Path=/; HttpOnly; SameSite=Lax"
_STATUS = _data({"status": True})
_UNAUTHORIZED = _error(401, "UNAUTHORIZED", "Unauthorized")
_BAD_CREDENTIALS = _error(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password")
_INVALID_PASSWORD = _error(400, "INVALID_PASSWORD", "Invalid password")
_TOO_SHORT = _error(400, "PASSWORD_TOO_SHORT", "Password too short")
_TOO_LONG = _error(400, "PASSWORD_TOO_LONG", "Password too long")
_FOREIGN_URL = _error(403, "INVALID_CALLBACK_URL", "Invalid callbackURL")


def _invalid(message: str) -> Any:
    return _error(400, "VALIDATION_ERROR", message)


def expected(kind: str) -> dict[str, Any]:
    """What every scenario of clients.mjs hands to its caller, in its order."""
    user = _user(kind)
    renamed = _user(kind, name="Ada Zoë 😀")
    ada = f"ada.{kind}@example.com"
    signed_in = {"redirect": False, "token": "string of 32", "user": user}
    bob, bobby = f"bob <bob.{kind}@example.com>", f"Bobby <bob.{kind}@example.com>"
    session = {
        "expiresAt": "Date",
        "token": "string of 32",
        "createdAt": "Date",
        "updatedAt": "Date",
        "ipAddress": "string",
        "userAgent": "string",
        "userId": "string of 32",
        "id": "string of 32",
    }
    return {
        "getSession before anything": _data(None),
        "signUp.email": _data({"token": "string of 32", "user": user}),
        "signUp.email: cookies": [
            f"better-auth.session_token=…; Max-Age=604800; {_ATTRIBUTES}"
        ],
        "getSession after signUp.email": _data({"session": session, "user": user}),
        "signOut": _data({"success": True}),
        "signOut: cookies": [
            f"better-auth.session_token=; Max-Age=0; {_ATTRIBUTES}",
            f"better-auth.session_data=; Max-Age=0; {_ATTRIBUTES}",
            f"better-auth.dont_remember=; Max-Age=0; {_ATTRIBUTES}",
        ],
        "getSession after signOut": _data(None),
        "signIn.email": _data(signed_in),
        "signIn.email: cookies": [
            f"better-auth.session_token=…; Max-Age=604800; {_ATTRIBUTES}"
        ],
        "signIn.email with rememberMe false": _data(signed_in),
        "signIn.email with rememberMe false: cookies": [
            f"better-auth.session_token=…; {_ATTRIBUTES}",
            f"better-auth.dont_remember=…; {_ATTRIBUTES}",
        ],
        "getSession with rememberMe false": {"hours": 24},
        "signIn.email with callbackURL": {
            **_data({**signed_in, "redirect": True, "url": "/dashboard?tab=1"}),
            "page": "http://localhost:3000/dashboard?tab=1",
        },
        "listSessions": {
            "error": None,
            "count": 3,
            "keys": sorted(session),
            "dates": True,
            "mine": 1,
        },
        "revokeSession of another browser": {
            "answer": _STATUS,
            "other": None,
            "self": ada,
        },
        "revokeSession of an unknown token": _STATUS,
        "revokeOtherSessions": {
            "answer": _STATUS,
            "other": None,
            "self": ada,
            "left": 1,
        },
        "updateUser": {
            "answer": _STATUS,
            "name": "Ada Zoë 😀",
            "image": "https://example.com/ada.png",
        },
        "updateUser with a null image": {"answer": _STATUS, "image": None},
        "changePassword": {
            "answer": _data({"token": None, "user": renamed}),
            "other": ada,
            "self": ada,
        },
        "signIn.email with the old password": _BAD_CREDENTIALS,
        "changePassword with revokeOtherSessions": {
            "answer": _data({"token": "string of 32", "user": renamed}),
            "newToken": True,
            "other": None,
            "self": ada,
            "left": 1,
        },
        "revokeSessions": {"answer": _STATUS, "other": None, "self": None},
        "useSession": {
            "seen": [
                "pending",
                "signed out",
                "pending",
                bob,
                bobby,
                "signed out",
                "pending",
                bobby,
                "signed out",
            ],
            "other": None,
        },
        "useSession: a revoked browser finds out": [
            "pending",
            f"eve <eve.{kind}@example.com>",
            "signed out",
        ],
        "signUp.email: existing address": _error(
            422,
            "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
            "User already exists. Use another email.",
        ),
        "signUp.email: short password": _TOO_SHORT,
        "signUp.email: long password": _TOO_LONG,
        "signUp.email: empty password": _invalid(
            "[body.password] Too small: expected string to have >=1 characters"
        ),
        "signUp.email: malformed address": _invalid(
            "[body.email] Invalid email address"
        ),
        "signUp.email: no name": _invalid(
            "[body.name] Invalid input: expected string, received undefined"
        ),
        "signUp.email: foreign callbackURL": _FOREIGN_URL,
        "signIn.email: wrong password": _BAD_CREDENTIALS,
        "signIn.email: unknown user": _BAD_CREDENTIALS,
        "signIn.email: malformed address": _error(
            400, "INVALID_EMAIL", "Invalid email"
        ),
        "signIn.email: long password": _TOO_LONG,
        "signIn.email: no password": _invalid(
            "[body.password] Invalid input: expected string, received undefined"
        ),
        "signIn.email: foreign callbackURL": _FOREIGN_URL,
        "signIn.email: foreign origin": _error(403, "INVALID_ORIGIN", "Invalid origin"),
        "not signed in: listSessions": _UNAUTHORIZED,
        "not signed in: revokeSession": _UNAUTHORIZED,
        "not signed in: revokeSessions": _UNAUTHORIZED,
        "not signed in: revokeOtherSessions": _UNAUTHORIZED,
        "not signed in: updateUser": _UNAUTHORIZED,
        "not signed in: changePassword": _UNAUTHORIZED,
        "not signed in: verifyPassword": _UNAUTHORIZED,
        "changePassword: wrong password": _INVALID_PASSWORD,
        "changePassword: short password": _TOO_SHORT,
        "changePassword: long password": _TOO_LONG,
        "verifyPassword: wrong password": _INVALID_PASSWORD,
        "revokeSession: no token": _invalid(
            "[body.token] Invalid input: expected string, received undefined"
        ),
        "updateUser: email": _error(
            400, "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated"
        ),
        "updateUser: nothing known": _error(400, message="No fields to update"),
        "updateUser: nothing at all": _error(404),
        "a method that does not exist": _error(404),
        "verifyPassword": _STATUS,
        "ok": _data({"ok": True}),
        "an error thrown instead of returned": {
            "status": 401,
            "error": {"code": "UNAUTHORIZED", "message": "Unauthorized"},
        },
        "errors leave nobody signed in": None,
        "what the client asked for": [
            "GET /api/auth/get-session",
            "GET /api/auth/list-sessions",
            "GET /api/auth/ok",
            "GET /api/auth/update-user",
            "POST /api/auth/change-password",
            "POST /api/auth/no/such/method",
            "POST /api/auth/revoke-other-sessions",
            "POST /api/auth/revoke-session",
            "POST /api/auth/revoke-sessions",
            "POST /api/auth/sign-in/email",
            "POST /api/auth/sign-out",
            "POST /api/auth/sign-up/email",
            "POST /api/auth/update-user",
            "POST /api/auth/verify-password",
        ],
    }


@pytest.fixture(
    scope="module",
    params=[servers.original, servers.ours],
    ids=["original", "ours"],
)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Server]:
    """One of the two servers, with an empty database."""
    folder = tmp_path_factory.mktemp("clients")
    with request.param({"clients": {}}, folder=folder, cheap={"clients"}) as running:
        yield running["clients"]


@pytest.mark.parametrize("kind", ["vanilla", "react", "vue"])
def test_the_official_client_gets_what_it_expects(
    server: servers.Server, kind: str, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    """Each call gives the caller the value, or the error, written down above."""
    results = _drive(server.url, kind, log=tmp_path / "client.log")
    wanted = expected(kind)
    assert [each["name"] for each in results] == list(wanted)
    for each in results:
        with subtests.test(each["name"]):
            assert each["ok"], each["got"]
            assert each["got"] == wanted[each["name"]]


def _drive(url: str, kind: str, *, log: Path) -> list[dict[str, Any]]:
    """Run every scenario against the server at `url`."""
    process = node.start("clients.mjs", url, kind, log=log)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, log.read_text()
    results: list[dict[str, Any]] = json.loads(output)
    return results
