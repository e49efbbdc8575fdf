"""Both doors give the same answer, because they lead into the same room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from flask_better_auth import APIError
from flask_better_auth import Context
from flask_better_auth import ErrorCode
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import Browser
from tests.clock import Clock
from tests.conftest import browser
from tests.features.doors import CHANGE_PASSWORD
from tests.features.doors import REVOKE_ALL
from tests.features.doors import REVOKE_OTHERS
from tests.features.doors import SIGN_IN
from tests.features.doors import SIGN_OUT
from tests.features.doors import SIGN_UP
from tests.features.doors import UPDATE_USER
from tests.features.doors import Door
from tests.features.doors import Form
from tests.features.doors import JsonDoor
from tests.features.doors import PageDoor
from tests.features.doors import Refusal
from tests.rows import change
from tests.rows import rows

MakeApp = Callable[..., Flask]

NEW = "a new password"
CHANGED = {"currentPassword": ADA["password"], "newPassword": NEW}


@pytest.fixture(params=[JsonDoor(), PageDoor()], ids=["json", "page"])
def door(request: pytest.FixtureRequest) -> Door:
    """One way in, then the other."""
    entered: Door = request.param
    return entered


def _with_password(person: dict[str, str], password: str) -> dict[str, str]:
    return {"email": person["email"], "password": password}


# -- signing in ------------------------------------------------------------------------


def test_sign_in(app: Flask, signed_in: Browser, door: Door) -> None:
    """The right password signs in."""
    visitor = browser(app)
    assert door.send(visitor, SIGN_IN, {**ADA, "rememberMe": True}) is None
    assert visitor.session()["user"]["email"] == ADA["email"]
    assert visitor.cookie("dont_remember") is None


def test_sign_in_without_being_remembered(
    app: Flask, signed_in: Browser, door: Door
) -> None:
    """The session ends with the browser, and after a day."""
    visitor = browser(app)
    assert door.send(visitor, SIGN_IN, {**ADA, "rememberMe": False}) is None
    assert visitor.cookie("dont_remember") is not None
    expires_at = visitor.session()["session"]["expiresAt"]
    assert expires_at == "2030-01-02T00:00:00.000Z"


@pytest.mark.parametrize(
    ("person", "password", "status", "code"),
    [
        (ADA, "not the password", 401, "INVALID_EMAIL_OR_PASSWORD"),
        (ADA, "", 401, "INVALID_EMAIL_OR_PASSWORD"),
        (EVE, EVE["password"], 401, "INVALID_EMAIL_OR_PASSWORD"),
        (ADA, "x" * 129, 400, "PASSWORD_TOO_LONG"),
        (EVE, "x" * 129, 400, "PASSWORD_TOO_LONG"),
        ({"email": "nonsense"}, "x", 400, "INVALID_EMAIL"),
        ({"email": ""}, "x", 400, "INVALID_EMAIL"),
    ],
)
def test_sign_in_is_refused(
    app: Flask,
    signed_in: Browser,
    door: Door,
    person: dict[str, str],
    password: str,
    status: int,
    code: str,
) -> None:
    """For the same reason at each door, and nobody is signed in."""
    visitor = browser(app)
    refused = door.send(visitor, SIGN_IN, _with_password(person, password))
    assert refused == door.refusal(status, code)
    assert visitor.cookie("session_token") is None


def test_unverified_address_is_refused(make_app: MakeApp, door: Door) -> None:
    """Only once the password was right."""
    app = make_app(email_and_password={"require_email_verification": True})
    visitor = browser(app)
    assert door.send(visitor, SIGN_UP, ADA) is None
    assert visitor.cookie("session_token") is None
    refused = door.send(visitor, SIGN_IN, ADA)
    assert refused == door.refusal(403, "EMAIL_NOT_VERIFIED")
    wrong = door.send(visitor, SIGN_IN, _with_password(ADA, "wrong one"))
    assert wrong == door.refusal(401, "INVALID_EMAIL_OR_PASSWORD")


def test_sign_in_that_is_off(make_app: MakeApp, door: Door) -> None:
    """Both doors are closed by one option."""
    visitor = browser(make_app(email_and_password={"enabled": False}))
    refused = door.send(visitor, SIGN_IN, ADA)
    assert refused == door.refusal(400, "EMAIL_PASSWORD_DISABLED")


@pytest.mark.parametrize("options", [{"enabled": False}, {"disable_sign_up": True}])
def test_sign_up_that_is_off(
    make_app: MakeApp, door: Door, options: dict[str, bool]
) -> None:
    """A client is told so, and the page is not there."""
    app = make_app(email_and_password=options)
    refused = door.send(browser(app), SIGN_UP, ADA)
    assert refused in (
        Refusal(400, "EMAIL_PASSWORD_SIGN_UP_DISABLED"),
        Refusal(404, None),
    )
    assert rows(app, "user") == []


def test_disabled_path_is_disabled_for_both(make_app: MakeApp, door: Door) -> None:
    """A page is no way around `disabled_paths`."""
    app = make_app(disabled_paths=["/sign-up/email"])
    refused = door.send(browser(app), SIGN_UP, ADA)
    assert refused is not None
    assert refused.status == 404
    assert rows(app, "user") == []


def test_hook_guards_both(make_app: MakeApp, door: Door) -> None:
    """What a hook refuses, it refuses to everybody."""

    def refuse(ctx: Context) -> None:
        if ctx.endpoint.name == "sign_in_email":
            raise APIError(403, ErrorCode("NO_ROBOTS", "Are you a robot?"))

    app = make_app(hooks={"before": refuse})
    visitor = browser(app)
    visitor.sign_up()
    refused = door.send(visitor, SIGN_IN, ADA)
    assert refused in (
        Refusal(403, "NO_ROBOTS"),
        Refusal(403, "Are you a robot?"),
    )


# -- too many tries --------------------------------------------------------------------

TOO_MANY = (
    Refusal(429, "Too many requests. Please try again later."),
    Refusal(429, "Too many tries. Please wait 10 seconds and try again."),
)


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (SIGN_IN, {**ADA, "password": "wrong one"}),
        (SIGN_UP, {**EVE, "password": "short"}),
        (CHANGE_PASSWORD, {**CHANGED, "currentPassword": "wrong one"}),
    ],
)
def test_fourth_try_within_ten_seconds_is_too_many(
    make_app: MakeApp,
    wall_clock: Clock,
    door: Door,
    form: Form,
    fields: dict[str, Any],
) -> None:
    """Whatever is sent."""
    app = make_app(rate_limit={"enabled": True})
    visitor = browser(app)
    visitor.call("/sign-up/email", ADA, environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
    if form is not CHANGE_PASSWORD:
        visitor = browser(app)
    refused = [door.send(visitor, form, fields) for _ in range(4)]
    assert refused[0] == refused[1] == refused[2]
    assert refused[0] is not None
    assert refused[0].status in (400, 401)
    assert refused[3] in TOO_MANY


def test_right_password_comes_too_late_and_then_in_time(
    make_app: MakeApp, wall_clock: Clock, door: Door
) -> None:
    """The fourth try is refused though it is right; ten seconds on it counts."""
    app = make_app(rate_limit={"enabled": True})
    visitor = browser(app)
    visitor.call("/sign-up/email", ADA, environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
    visitor = browser(app)
    for _ in range(3):
        door.send(visitor, SIGN_IN, {**ADA, "password": "wrong one"})
    assert door.send(visitor, SIGN_IN, ADA) in TOO_MANY
    wall_clock.move(seconds=10.001)
    assert door.send(visitor, SIGN_IN, ADA) is None


def test_both_doors_spend_one_budget(make_app: MakeApp) -> None:
    """Going from one to the other gives no fresh tries."""
    app = make_app(rate_limit={"enabled": True})
    visitor = browser(app)
    wrong = _with_password(ADA, "wrong one")
    doors: list[Door] = [JsonDoor(), PageDoor(), JsonDoor(), PageDoor(), JsonDoor()]
    statuses = [door.send(visitor, SIGN_IN, wrong) for door in doors]
    assert [one.status for one in statuses if one] == [401, 401, 401, 429, 429]


# -- signing up ------------------------------------------------------------------------


def test_sign_up(app: Flask, client: Browser, door: Door) -> None:
    """A new account, and signed in with it."""
    assert door.send(client, SIGN_UP, ADA) is None
    assert client.session()["user"]["name"] == "Ada"
    assert len(rows(app, "account")) == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({}, 422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
        ({"email": "ADA@example.com"}, 422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
        ({"password": "short"}, 400, "PASSWORD_TOO_SHORT"),
        ({"password": "x" * 129}, 400, "PASSWORD_TOO_LONG"),
    ],
)
def test_sign_up_is_refused(
    app: Flask,
    signed_in: Browser,
    door: Door,
    changes: dict[str, str],
    status: int,
    code: str,
) -> None:
    """For the same reason at each door, and nobody is added."""
    visitor = browser(app)
    refused = door.send(visitor, SIGN_UP, {**ADA, **changes})
    assert refused == door.refusal(status, code)
    assert len(rows(app, "user")) == 1
    assert visitor.cookie("session_token") is None


@pytest.mark.parametrize("changes", [{"email": "nonsense"}, {"email": ""}])
def test_malformed_address_is_refused(
    client: Browser, door: Door, changes: dict[str, str]
) -> None:
    """With the status and, at a page, beside the field."""
    refused = door.send(client, SIGN_UP, {**ADA, **changes})
    assert refused in (
        Refusal(400, "VALIDATION_ERROR"),
        Refusal(400, "Enter a valid email address."),
    )


def test_discreet_sign_up_tells_nothing(make_app: MakeApp, door: Door) -> None:
    """A known address is answered like a new one."""
    app = make_app(email_and_password={"auto_sign_in": False})
    visitor = browser(app)
    assert door.send(visitor, SIGN_UP, ADA) is None
    assert door.send(visitor, SIGN_UP, {**EVE, "email": ADA["email"]}) is None
    assert [row["name"] for row in rows(app, "user")] == ["Ada"]


# -- signed in -------------------------------------------------------------------------


def test_sign_out(app: Flask, signed_in: Browser, door: Door) -> None:
    """The session is over on the server too."""
    cookie = signed_in.cookie("session_token")
    assert cookie is not None
    assert door.send(signed_in, SIGN_OUT, {}) is None
    assert signed_in.cookie("session_token") is None
    assert rows(app, "session") == []
    signed_in.keep("session_token", cookie)
    assert signed_in.session() is None


def test_change_password(app: Flask, signed_in: Browser, door: Door) -> None:
    """The new one counts from now on, and this device stays signed in."""
    sent = {**CHANGED, "revokeOtherSessions": False}
    assert door.send(signed_in, CHANGE_PASSWORD, sent) is None
    assert signed_in.session() is not None
    assert browser(app).sign_in().status_code == 401
    assert browser(app).sign_in(password=NEW).status_code == 200


def test_change_password_and_sign_others_out(
    app: Flask, signed_in: Browser, door: Door
) -> None:
    """Every other session ends, and this browser gets a new one."""
    other = browser(app)
    other.sign_in()
    earlier = signed_in.session()["session"]["token"]
    sent = {**CHANGED, "revokeOtherSessions": True}
    assert door.send(signed_in, CHANGE_PASSWORD, sent) is None
    assert other.session() is None
    assert signed_in.session()["session"]["token"] != earlier
    assert len(rows(app, "session")) == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"currentPassword": "wrong one"}, 400, "INVALID_PASSWORD"),
        ({"currentPassword": ""}, 400, "INVALID_PASSWORD"),
        ({"newPassword": "short"}, 400, "PASSWORD_TOO_SHORT"),
        ({"newPassword": "x" * 129}, 400, "PASSWORD_TOO_LONG"),
        ({"currentPassword": "x" * 129}, 400, "PASSWORD_TOO_LONG"),
    ],
)
def test_change_password_is_refused(
    app: Flask,
    signed_in: Browser,
    door: Door,
    changes: dict[str, str],
    status: int,
    code: str,
) -> None:
    """For the same reason at each door, and the password stays."""
    refused = door.send(signed_in, CHANGE_PASSWORD, {**CHANGED, **changes})
    assert refused == door.refusal(status, code)
    assert browser(app).sign_in().status_code == 200


def test_change_password_that_there_is_none_of(
    app: Flask, signed_in: Browser, door: Door
) -> None:
    """A user of another provider is told so."""
    change(app, "delete from account")
    refused = door.send(signed_in, CHANGE_PASSWORD, CHANGED)
    assert refused == door.refusal(400, "CREDENTIAL_ACCOUNT_NOT_FOUND")


def test_update_user(signed_in: Browser, door: Door) -> None:
    """Name and picture."""
    sent = {"name": "Countess", "image": "https://example.com/ada.png"}
    assert door.send(signed_in, UPDATE_USER, sent) is None
    user = signed_in.session()["user"]
    assert (user["name"], user["image"]) == (sent["name"], sent["image"])


def test_revoke_others(app: Flask, signed_in: Browser, door: Door) -> None:
    """Every other browser is out, this one stays."""
    other = browser(app)
    other.sign_in()
    assert door.send(signed_in, REVOKE_OTHERS, {}) is None
    assert other.session() is None
    assert signed_in.session() is not None


def test_revoke_all(app: Flask, signed_in: Browser, door: Door) -> None:
    """Every browser is out, and this one's cookies are gone."""
    other = browser(app)
    other.sign_in()
    assert door.send(signed_in, REVOKE_ALL, {}) is None
    assert other.session() is None
    assert signed_in.cookie("session_token") is None
    assert rows(app, "session") == []


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (CHANGE_PASSWORD, CHANGED),
        (UPDATE_USER, {"name": "Eve"}),
        (REVOKE_OTHERS, {}),
        (REVOKE_ALL, {}),
    ],
)
@pytest.mark.parametrize("state", ["signed out", "revoked", "expired", "user is gone"])
def test_nobody_without_a_session_gets_anywhere(
    app: Flask,
    signed_in: Browser,
    clock: Clock,
    door: Door,
    form: Form,
    fields: dict[str, str],
    state: str,
) -> None:
    """A client is told 401, and a browser is led to the sign-in page."""
    if state == "signed out":
        signed_in.forget("session_token")
    elif state == "revoked":
        change(app, "delete from session")
    elif state == "expired":
        clock.move(days=7, seconds=0.001)
    else:
        change(app, 'delete from "user"')
    before = rows(app, "user"), rows(app, "account")
    refused = door.send(signed_in, form, fields)
    assert refused in (Refusal(401, "UNAUTHORIZED"), Refusal(303, None))
    assert (rows(app, "user"), rows(app, "account")) == before
