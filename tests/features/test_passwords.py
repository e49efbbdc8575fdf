"""`POST /change-password` and `POST /verify-password`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browsing import ADA
from tests.browsing import Browser
from tests.browsing import set_cookies
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import CLEARED
from tests.expected import DONT_REMEMBER
from tests.expected import INVALID_PASSWORD
from tests.expected import NO_CREDENTIAL
from tests.expected import RANDOM
from tests.expected import TOO_LONG
from tests.expected import TOO_SHORT
from tests.expected import UNAUTHORIZED
from tests.expected import Like
from tests.expected import answer
from tests.expected import invalid
from tests.expected import token_cookie
from tests.expected import user
from tests.rows import change
from tests.rows import rows

MakeApp = Callable[..., Flask]

NEW = "a new password"
BODY = {"currentPassword": ADA["password"], "newPassword": NEW}


def test_password_is_changed(app: Flask, signed_in: Browser, clock: Clock) -> None:
    """The answer has no token, and no cookie is set; other devices stay."""
    other = browser(app)
    other.sign_in()
    clock.move(seconds=1)
    response = signed_in.call("/change-password", BODY)
    assert answer(response) == (200, {"token": None, "user": user()})
    assert list(response.json) == ["token", "user"]
    assert set_cookies(response) == []
    assert other.session() is not None
    assert browser(app).sign_in().status_code == 401
    assert browser(app).sign_in(password=NEW).status_code == 200
    [account] = rows(app, "account")
    assert account["password"] == Like(r"\$argon2id\$.*")
    assert account["updatedAt"] == "2030-01-01T00:00:01.000Z"


@pytest.mark.parametrize("sent", [{}, {"revokeOtherSessions": False}])
def test_others_stay_unless_asked(
    app: Flask, signed_in: Browser, sent: dict[str, bool]
) -> None:
    """As upstream."""
    signed_in.call("/change-password", {**BODY, **sent})
    assert len(rows(app, "session")) == 1
    assert signed_in.session() is not None


def test_others_are_signed_out_on_request(
    app: Flask, signed_in: Browser, clock: Clock
) -> None:
    """Every session ends, this one too, and a new one takes its place."""
    other = browser(app)
    other.sign_in()
    earlier = signed_in.cookie("session_token") or ""
    clock.move(seconds=1)
    body = {**BODY, "revokeOtherSessions": True}
    response = signed_in.call("/change-password", body)
    assert answer(response) == (200, {"token": RANDOM, "user": user()})
    token = response.json["token"]
    assert set_cookies(response) == [token_cookie(token)]
    [row] = rows(app, "session")
    assert (row["token"], row["expiresAt"]) == (token, "2030-01-08T00:00:01.000Z")
    assert other.session() is None
    assert signed_in.session()["session"]["token"] == token
    signed_in.keep("session_token", earlier)
    assert signed_in.session() is None


def test_new_session_keeps_the_wish_not_to_be_remembered(
    app: Flask, client: Browser
) -> None:
    """The row has the full lifetime, the cookies have no Max-Age, as upstream."""
    client.sign_up(rememberMe=False)
    response = client.call("/change-password", {**BODY, "revokeOtherSessions": True})
    assert set_cookies(response) == [
        token_cookie(response.json["token"], max_age=None),
        DONT_REMEMBER,
    ]
    [row] = rows(app, "session")
    assert row["expiresAt"] == "2030-01-08T00:00:00.000Z"


def test_password_may_stay_the_same(app: Flask, signed_in: Browser) -> None:
    """It gets a new hash all the same."""
    [before] = rows(app, "account")
    body = {**BODY, "newPassword": ADA["password"]}
    assert signed_in.call("/change-password", body).status_code == 200
    [after] = rows(app, "account")
    assert before["password"] != after["password"]
    assert browser(app).sign_in().status_code == 200


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"newPassword": "1234567"}, TOO_SHORT),
        ({"newPassword": ""}, TOO_SHORT),
        ({"newPassword": "x" * 129}, TOO_LONG),
        ({"currentPassword": "x" * 129}, TOO_LONG),
        ({"currentPassword": "x" * 129, "newPassword": "short"}, TOO_SHORT),
        ({"currentPassword": "wrong one"}, INVALID_PASSWORD),
        ({"currentPassword": ""}, INVALID_PASSWORD),
        ({"currentPassword": ADA["password"] + " "}, INVALID_PASSWORD),
    ],
)
def test_change_is_refused(
    app: Flask, signed_in: Browser, changes: dict[str, str], body: dict[str, str]
) -> None:
    """Length first, then the current password; nothing changes."""
    before = rows(app, "account"), rows(app, "session")
    sent = {**BODY, "revokeOtherSessions": True, **changes}
    response = signed_in.call("/change-password", sent)
    assert answer(response) == (400, body)
    assert set_cookies(response) == []
    assert (rows(app, "account"), rows(app, "session")) == before


_MISSING = "Invalid input: expected string, received undefined"


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (
            "/change-password",
            {},
            f"[body.newPassword] {_MISSING}; [body.currentPassword] {_MISSING}",
        ),
        (
            "/change-password",
            {**BODY, "newPassword": 12345678},
            "[body.newPassword] Invalid input: expected string, received number",
        ),
        (
            "/change-password",
            {**BODY, "revokeOtherSessions": "true"},
            "[body.revokeOtherSessions] Invalid input: expected boolean, "
            "received string",
        ),
        ("/verify-password", {}, f"[body.password] {_MISSING}"),
        (
            "/verify-password",
            {"password": None},
            "[body.password] Invalid input: expected string, received null",
        ),
    ],
)
def test_wrong_field_is_named(
    signed_in: Browser, path: str, body: Any, message: str
) -> None:
    """In the original's words."""
    assert answer(signed_in.call(path, body)) == (400, invalid(message))


@pytest.mark.parametrize(
    "statement",
    [
        "delete from account",
        "update account set password = null",
        "update account set providerId = 'github'",
    ],
)
def test_user_without_a_password(
    app: Flask, signed_in: Browser, statement: str
) -> None:
    """Has none to change, and none that would be right."""
    change(app, statement)
    assert answer(signed_in.call("/change-password", BODY)) == (400, NO_CREDENTIAL)
    response = signed_in.call("/verify-password", {"password": ADA["password"]})
    assert answer(response) == (400, INVALID_PASSWORD)


@pytest.mark.parametrize(
    ("path", "body"),
    [("/change-password", BODY), ("/verify-password", {"password": ADA["password"]})],
)
@pytest.mark.parametrize("cached", [False, True])
def test_revoked_session_is_refused(
    make_app: MakeApp, path: str, body: dict[str, str], cached: bool
) -> None:
    """Also while a copy in a cookie says otherwise."""
    app = make_app(session={"cookie_cache": {"enabled": cached}})
    visitor = browser(app)
    assert answer(visitor.call(path, body)) == (401, UNAUTHORIZED)
    visitor.sign_up()
    change(app, "delete from session")
    response = visitor.call(path, body)
    assert answer(response) == (401, UNAUTHORIZED)
    assert set_cookies(response) == CLEARED


def test_change_that_lost_a_race_is_refused(
    app: Flask, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two changes at once one counts, and the other is told so."""
    kind = type(app.extensions["better_auth"].passwords)
    real = kind.hash

    def slow(self: Any, password: str) -> str:
        change(app, "update account set password = 'changed meanwhile'")
        return real(self, password)

    monkeypatch.setattr(kind, "hash", slow)
    body = {**BODY, "revokeOtherSessions": True}
    response = signed_in.call("/change-password", body)
    assert answer(response) == (400, INVALID_PASSWORD)
    assert set_cookies(response) == []
    [account] = rows(app, "account")
    assert account["password"] == "changed meanwhile"
    assert len(rows(app, "session")) == 1


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        (ADA["password"], (200, {"status": True})),
        ("wrong one", (400, INVALID_PASSWORD)),
        ("", (400, INVALID_PASSWORD)),
        ("x" * 128, (400, INVALID_PASSWORD)),
        ("x" * 129, (400, TOO_LONG)),
    ],
)
def test_password_can_be_checked(
    signed_in: Browser, password: str, expected: tuple[int, Any]
) -> None:
    """Nothing but yes or no, and no cookie."""
    response = signed_in.call("/verify-password", {"password": password})
    assert answer(response) == expected
    assert set_cookies(response) == []


def test_checking_writes_nothing(
    app: Flask, signed_in: Browser, statements: list[str]
) -> None:
    """Two reads: the session and the account."""
    signed_in.ask("/ok")  # looks at the schema, once
    statements.clear()
    signed_in.call("/verify-password", {"password": ADA["password"]})
    assert [statement.split()[0] for statement in statements] == ["SELECT", "SELECT"]


def test_guesses_at_one_account_are_counted_from_everywhere(
    make_app: MakeApp, wall_clock: Clock
) -> None:
    """Fifty in a quarter of an hour, whatever the address; then it ends by itself."""
    app = make_app(rate_limit={"enabled": True})
    victim = browser(app)
    victim.sign_up()

    def guess(n: int, password: str) -> int:
        stranger = browser(app)
        return stranger.sign_in_from(f"198.51.100.{n}", password).status_code

    assert [guess(n, "wrong one") for n in range(51)] == [401] * 50 + [429]
    assert guess(200, ADA["password"]) == 429
    assert victim.session() is not None
    wall_clock.move(seconds=15 * 60 + 1)
    assert guess(201, ADA["password"]) == 200


def test_guesses_at_an_address_nobody_has_are_counted_alike(
    make_app: MakeApp, wall_clock: Clock
) -> None:
    """So the limit does not tell who has an account."""
    app = make_app(rate_limit={"enabled": True})
    statuses = [
        browser(app).sign_in_from(f"198.51.100.{n}", "wrong one").status_code
        for n in range(51)
    ]
    assert statuses == [401] * 50 + [429]
