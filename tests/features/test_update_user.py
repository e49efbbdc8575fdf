"""`POST /update-user`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browsing import Browser
from tests.browsing import set_cookies
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import DONT_REMEMBER
from tests.expected import UNAUTHORIZED
from tests.expected import answer
from tests.expected import expired
from tests.expected import invalid
from tests.expected import snapshot
from tests.expected import token_cookie
from tests.expected import user
from tests.rows import change
from tests.rows import rows

MakeApp = Callable[..., Flask]

DONE = (200, {"status": True})
NOTHING = {"message": "No fields to update"}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"name": "Countess"}, {"name": "Countess"}),
        ({"name": ""}, {"name": ""}),
        (
            {"image": "https://example.com/a.png"},
            {"image": "https://example.com/a.png"},
        ),
        ({"image": ""}, {"image": ""}),
        ({"name": "Eve", "image": "/eve.png"}, {"name": "Eve", "image": "/eve.png"}),
    ],
)
def test_name_and_picture_can_be_changed(
    signed_in: Browser, clock: Clock, body: dict[str, str], shown: dict[str, str]
) -> None:
    """Each alone or both; what is left out stays."""
    clock.move(seconds=1)
    assert answer(signed_in.call("/update-user", body)) == DONE
    changed = user(updatedAt="2030-01-01T00:00:01.000Z", **shown)
    assert signed_in.session()["user"] == changed


def test_picture_can_be_removed(client: Browser) -> None:
    """By null."""
    client.sign_up(image="/ada.png")
    assert answer(client.call("/update-user", {"image": None})) == DONE
    assert client.session()["user"] == user()


def test_cookie_is_set_again_and_the_row_is_not(
    app: Flask, signed_in: Browser, clock: Clock
) -> None:
    """Its full Max-Age, as upstream; the session ends when it did."""
    token = signed_in.session()["session"]["token"]
    clock.move(seconds=60)
    response = signed_in.call("/update-user", {"name": "Eve"})
    assert set_cookies(response) == [token_cookie(token)]
    [row] = rows(app, "session")
    assert row["expiresAt"] == "2030-01-08T00:00:00.000Z"


def test_session_that_is_not_remembered_stays_so(client: Browser) -> None:
    """The cookies are set again without Max-Age."""
    token = client.sign_up(rememberMe=False).json["token"]
    response = client.call("/update-user", {"name": "Eve"})
    assert set_cookies(response) == [token_cookie(token, max_age=None), DONT_REMEMBER]


def test_cookie_cache_shows_the_change_at_once(make_app: MakeApp) -> None:
    """The copy in the browser is written anew."""
    visitor = browser(make_app(session={"cookie_cache": {"enabled": True}}))
    visitor.sign_up()
    response = visitor.call("/update-user", {"name": "Eve"})
    assert [line.partition("=")[0] for line in set_cookies(response)] == [
        "better-auth.session_token",
        "better-auth.session_data",
    ]
    held = snapshot(visitor.cookie("session_data") or "")
    assert held["session"]["user"] == user(name="Eve")
    assert visitor.session()["user"] == user(name="Eve")


@pytest.mark.parametrize(
    "body", [{}, {"unknown": 1}, {"emailVerified": True, "id": "x", "createdAt": 1}]
)
def test_nothing_to_change_is_a_mistake(
    app: Flask, signed_in: Browser, body: dict[str, Any]
) -> None:
    """Core fields and unknown ones do not count; this error has no code."""
    before = rows(app, "user")
    assert answer(signed_in.call("/update-user", body)) == (400, NOTHING)
    assert rows(app, "user") == before


def test_core_fields_are_ignored_beside_others(app: Flask, signed_in: Browser) -> None:
    """Nobody verifies themselves."""
    body = {"name": "Eve", "emailVerified": True, "id": "chosen", "role": "admin"}
    assert answer(signed_in.call("/update-user", body)) == DONE
    assert signed_in.session()["user"] == user(name="Eve")


@pytest.mark.parametrize("email", ["eve@example.com", 5, ["x"], True])
def test_address_cannot_be_changed_here(signed_in: Browser, email: Any) -> None:
    """Whatever it is, and whatever comes with it."""
    response = signed_in.call("/update-user", {"name": "Eve", "email": email})
    assert answer(response) == (
        400,
        {"message": "Email can not be updated", "code": "EMAIL_CAN_NOT_BE_UPDATED"},
    )
    assert signed_in.session()["user"] == user()


@pytest.mark.parametrize("email", ["", None, False, 0])
def test_empty_address_is_as_none(signed_in: Browser, email: Any) -> None:
    """Upstream looks for a value that is true."""
    response = signed_in.call("/update-user", {"name": "Eve", "email": email})
    assert answer(response) == DONE


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ("[]", "[body] Invalid input: expected record, received array"),
        ("null", "[body] Invalid input: expected record, received null"),
        ('"x"', "[body] Invalid input: expected record, received string"),
    ],
)
def test_body_must_be_an_object(signed_in: Browser, sent: str, message: str) -> None:
    """Anything else is refused."""
    response = signed_in.post(
        "/api/auth/update-user",
        data=sent,
        content_type="application/json",
        headers={"Origin": "http://localhost:3000"},
    )
    assert answer(response) == (400, invalid(message))


def test_body_must_be_there(signed_in: Browser) -> None:
    """Without one there is nothing to do."""
    response = signed_in.post(
        "/api/auth/update-user", headers={"Origin": "http://localhost:3000"}
    )
    message = "[body] Invalid input: expected record, received undefined"
    assert answer(response) == (400, invalid(message))


@pytest.mark.parametrize(
    "body", [{"name": None}, {"name": 5}, {"name": ["x"]}, {"image": 5}, {"image": {}}]
)
def test_value_that_cannot_be_stored_is_refused(
    app: Flask, signed_in: Browser, body: dict[str, Any]
) -> None:
    """Upstream stores some and answers 500 for others; we say which field it was."""
    before = rows(app, "user")
    response = signed_in.call("/update-user", body)
    [field] = body
    assert response.status_code == 400
    assert response.json["code"] == "VALIDATION_ERROR"
    assert response.json["message"].startswith(
        f"[body.{field}] Invalid input: expected"
    )
    assert rows(app, "user") == before


def test_nobody_is_refused(client: Browser) -> None:
    """With the protocol's 401."""
    response = client.call("/update-user", {"name": "Eve"})
    assert answer(response) == (401, UNAUTHORIZED)


def test_only_oneself_is_changed(app: Flask, signed_in: Browser) -> None:
    """An id in the body chooses nobody else."""
    other = browser(app)
    other.sign_up({"name": "Eve", "email": "eve@example.com", "password": "12345678"})
    eve = other.session()["user"]["id"]
    signed_in.call("/update-user", {"name": "Changed", "id": eve, "userId": eve})
    assert other.session()["user"]["name"] == "Eve"


def test_revoked_session_does_not_live_on_by_changing_the_name(
    make_app: MakeApp,
) -> None:
    """Each change writes a new copy: from a copy alone it would never end."""
    app = make_app(session={"cookie_cache": {"enabled": True}})
    visitor = browser(app)
    visitor.sign_up()
    change(app, "delete from session")
    response = visitor.call("/update-user", {"name": "Eve"})
    assert answer(response) == (401, UNAUTHORIZED)
    assert visitor.session() is None
    [row] = rows(app, "user")
    assert row["name"] == "Ada"


def test_cached_session_of_a_deleted_user_changes_nothing(make_app: MakeApp) -> None:
    """The copy in the cookie is believed only as far as there is somebody."""
    app = make_app(session={"cookie_cache": {"enabled": True}})
    visitor = browser(app)
    visitor.sign_up()
    change(app, 'delete from "user"')
    assert answer(visitor.call("/update-user", {"name": "Eve"})) == (401, UNAUTHORIZED)


def test_refresh_and_change_set_the_cookie_once_for_good(
    signed_in: Browser, clock: Clock
) -> None:
    """When the session was due as well, the last line is the one that counts."""
    token = signed_in.session()["session"]["token"]
    clock.move(days=1)
    lines = set_cookies(signed_in.call("/update-user", {"name": "Eve"}))
    assert set(lines) == {token_cookie(token)}
    assert expired("session_token") not in lines
