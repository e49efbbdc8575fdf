"""`POST /sign-up/email`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped

from flask_better_auth import AccountMixin
from flask_better_auth import BetterAuth
from flask_better_auth import UserMixin
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import SECRET
from tests.browsing import Browser
from tests.browsing import set_cookies
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import DONT_REMEMBER
from tests.expected import RANDOM
from tests.expected import TOO_LONG
from tests.expected import TOO_SHORT
from tests.expected import Like
from tests.expected import answer
from tests.expected import invalid
from tests.expected import session
from tests.expected import token_cookie
from tests.expected import user
from tests.rows import rows

MakeApp = Callable[..., Flask]

TAKEN = {
    "message": "User already exists. Use another email.",
    "code": "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
}
DISABLED = {
    "message": "Email and password sign up is not enabled",
    "code": "EMAIL_PASSWORD_SIGN_UP_DISABLED",
}


def test_sign_up_creates_an_account_and_signs_in(app: Flask, client: Browser) -> None:
    """The answer has a token and the user, and the browser the session's cookie."""
    response = client.call("/sign-up/email", ADA)
    assert answer(response) == (200, {"token": RANDOM, "user": user()})
    assert list(response.json["user"]) == list(user())
    assert response.content_type == "application/json"
    assert set_cookies(response) == [token_cookie(response.json["token"])]
    assert client.session() == {
        "session": session(
            token=response.json["token"], userId=response.json["user"]["id"]
        ),
        "user": response.json["user"],
    }


def test_sign_up_writes_a_user_an_account_and_a_session(
    app: Flask, client: Browser
) -> None:
    """The rows are those that the original writes."""
    answered = client.sign_up().json
    user_id = answered["user"]["id"]
    now = "2030-01-01T00:00:00.000Z"
    assert rows(app, "user") == [
        {
            "id": user_id,
            "name": "Ada",
            "email": "ada@example.com",
            "emailVerified": 0,
            "image": None,
            "createdAt": now,
            "updatedAt": now,
        }
    ]
    assert rows(app, "account") == [
        {
            "id": RANDOM,
            "accountId": user_id,
            "providerId": "credential",
            "userId": user_id,
            "accessToken": None,
            "refreshToken": None,
            "idToken": None,
            "accessTokenExpiresAt": None,
            "refreshTokenExpiresAt": None,
            "scope": None,
            "password": Like(r"\$argon2id\$v=19\$m=8,t=1,p=1\$[^$]+\$[^$]+"),
            "createdAt": now,
            "updatedAt": now,
        }
    ]
    assert rows(app, "session") == [
        {
            "id": RANDOM,
            "expiresAt": "2030-01-08T00:00:00.000Z",
            "token": answered["token"],
            "createdAt": now,
            "updatedAt": now,
            "ipAddress": "127.0.0.1",
            "userAgent": Like("Werkzeug/.*"),
            "userId": user_id,
        }
    ]


def test_session_takes_address_and_user_agent_of_the_request(client: Browser) -> None:
    """Both stand in the session; an address that is not known is empty text."""
    client.call(
        "/sign-up/email",
        ADA,
        headers={"User-Agent": "Toaster/1.0"},
        environ_overrides={"REMOTE_ADDR": ""},
    )
    assert client.session()["session"] == session(ipAddress="", userAgent="Toaster/1.0")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"image": "https://example.com/ada.png"}, "https://example.com/ada.png"),
        ({"image": ""}, ""),
        ({}, None),
    ],
)
def test_picture_is_stored_as_it_was_sent(
    client: Browser, sent: dict[str, str], shown: str | None
) -> None:
    """Left out it is null."""
    assert client.sign_up(**sent).json["user"] == user(image=shown)


@pytest.mark.parametrize("name", ["", "  Ada  ", "Zoë 日本 😀\u2028", "<b>&'\"\\\n"])
def test_name_may_be_anything(client: Browser, name: str) -> None:
    """It comes back byte for byte, an empty one too."""
    assert client.sign_up(name=name).json["user"] == user(name=name)
    assert client.session()["user"]["name"] == name


def test_address_is_stored_in_lower_case(client: Browser) -> None:
    """So no second account differs by letter case alone."""
    response = client.sign_up(email="ADA@Example.COM")
    assert response.json["user"] == user()


def test_unknown_and_core_keys_are_ignored(client: Browser) -> None:
    """Nobody chooses an id, or verifies themselves."""
    response = client.sign_up(
        id="chosen",
        role="admin",
        emailVerified=True,
        createdAt="2000-01-01T00:00:00.000Z",
        __proto__={"a": 1},
        remember_me=False,
    )
    assert answer(response) == (200, {"token": RANDOM, "user": user()})
    assert set_cookies(response) == [token_cookie(response.json["token"])]


def test_session_that_is_not_remembered_ends_with_the_browser(client: Browser) -> None:
    """Its cookies have no Max-Age, and its row lives for a day."""
    response = client.sign_up(rememberMe=False)
    assert set_cookies(response) == [
        token_cookie(response.json["token"], max_age=None),
        DONT_REMEMBER,
    ]
    expected = session(expiresAt="2030-01-02T00:00:00.000Z")
    assert client.session()["session"] == expected


def test_remembered_sign_up_ends_an_earlier_wish_not_to_be(client: Browser) -> None:
    """The mark of the earlier session is taken away."""
    client.sign_up(rememberMe=False)
    response = client.sign_up(EVE)
    assert set_cookies(response) == [
        token_cookie(response.json["token"]),
        "better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
    ]


def test_callback_url_is_accepted_and_not_echoed(client: Browser) -> None:
    """Sign-up uses it for links only."""
    response = client.sign_up(callbackURL="/welcome")
    assert answer(response) == (200, {"token": RANDOM, "user": user()})
    assert "Location" not in response.headers


def test_form_is_read_as_json_is(client: Browser) -> None:
    """Of a field given twice the last counts."""
    response = client.post(
        "/api/auth/sign-up/email",
        data="name=No&email=ada%40example.com&password=correct+horse&name=Ada",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer(response) == (200, {"token": RANDOM, "user": user()})


def test_form_holds_text_alone(client: Browser) -> None:
    """A boolean cannot be sent in one."""
    response = client.post(
        "/api/auth/sign-up/email", data={**ADA, "rememberMe": "true"}
    )
    assert answer(response) == (
        400,
        invalid("[body.rememberMe] Invalid input: expected boolean, received string"),
    )


_MISSING = "Invalid input: expected string, received undefined"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": None}, f"[body.name] {_MISSING}"),
        ({"email": None}, f"[body.email] {_MISSING}"),
        ({"password": None}, f"[body.password] {_MISSING}"),
        (
            {"name": None, "email": None, "password": None},
            f"[body.name] {_MISSING}; [body.email] {_MISSING}; "
            f"[body.password] {_MISSING}",
        ),
        ({"name": 5}, "[body.name] Invalid input: expected string, received number"),
        ({"name": []}, "[body.name] Invalid input: expected string, received array"),
        ({"email": {}}, "[body.email] Invalid input: expected string, received object"),
        ({"email": "nonsense"}, "[body.email] Invalid email address"),
        ({"email": ""}, "[body.email] Invalid email address"),
        (
            {"password": ""},
            "[body.password] Too small: expected string to have >=1 characters",
        ),
        (
            {"password": True},
            "[body.password] Invalid input: expected string, received boolean",
        ),
        (
            {"image": 1.5},
            "[body.image] Invalid input: expected string, received number",
        ),
        (
            {"rememberMe": "false"},
            "[body.rememberMe] Invalid input: expected boolean, received string",
        ),
        (
            {"rememberMe": 0},
            "[body.rememberMe] Invalid input: expected boolean, received number",
        ),
    ],
)
def test_wrong_field_is_named(
    client: Browser, changes: dict[str, Any], message: str
) -> None:
    """Every issue stands in the message, in the original's words."""
    body = {
        key: value for key, value in {**ADA, **changes}.items() if value is not None
    }
    response = client.call("/sign-up/email", body)
    assert answer(response) == (400, invalid(message))
    assert set_cookies(response) == []


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("name", "string"),
        ("email", "string"),
        ("password", "string"),
        ("image", "string"),
        ("callbackURL", "string"),
        ("rememberMe", "boolean"),
    ],
)
def test_null_is_no_value(client: Browser, field: str, expected: str) -> None:
    """A field may be left out, not null."""
    response = client.call("/sign-up/email", {**ADA, field: None})
    message = f"[body.{field}] Invalid input: expected {expected}, received null"
    assert answer(response) == (400, invalid(message))


@pytest.mark.parametrize(
    ("sent", "received"),
    [("[]", "array"), ("null", "null"), ('"x"', "string"), ("5", "number")],
)
def test_body_that_is_no_object_is_refused(
    client: Browser, sent: str, received: str
) -> None:
    """Upstream checks it twice, and so says it twice."""
    response = client.post(
        "/api/auth/sign-up/email", data=sent, content_type="application/json"
    )
    assert answer(response) == (
        400,
        invalid(
            f"[body] Invalid input: expected object, received {received}; "
            f"[body] Invalid input: expected record, received {received}"
        ),
    )


def test_no_body_is_refused(client: Browser) -> None:
    """A request without one is a mistake of the caller's."""
    response = client.post("/api/auth/sign-up/email")
    assert answer(response) == (
        400,
        invalid(
            "[body] Invalid input: expected object, received undefined; "
            "[body] Invalid input: expected record, received undefined"
        ),
    )


@pytest.mark.parametrize(
    ("password", "status", "body"),
    [
        ("1234567", 400, TOO_SHORT),
        ("12345678", 200, None),
        ("🔑" * 3, 400, TOO_SHORT),
        ("🔑" * 4, 200, None),
        (" " * 8, 200, None),
        ("a" * 16, 200, None),
        ("x" * 64, 200, None),
        ("x" * 128, 200, None),
        ("x" * 129, 400, TOO_LONG),
        ("🔑" * 64, 200, None),
        ("🔑" * 65, 400, TOO_LONG),
        ("x" * 900_000, 400, TOO_LONG),
    ],
)
def test_password_has_8_to_128_units(
    client: Browser, password: str, status: int, body: dict[str, str] | None
) -> None:
    """Counted as JavaScript counts: a character beyond U+FFFF is two."""
    response = client.call("/sign-up/email", {**ADA, "password": password})
    assert response.status_code == status
    if body is not None:
        assert response.json == body
        assert set_cookies(response) == []


def test_limits_of_passwords_are_options(make_app: MakeApp) -> None:
    """`min_password_length` and `max_password_length` are both inclusive."""
    visitor = browser(
        make_app(
            email_and_password={"min_password_length": 3, "max_password_length": 4}
        )
    )
    answers = [
        visitor.call(
            "/sign-up/email", {**ADA, "email": f"{n}@ex.com", "password": "x" * n}
        )
        for n in (2, 3, 4, 5)
    ]
    assert [one.status_code for one in answers] == [400, 200, 200, 400]
    assert (answers[0].json, answers[3].json) == (TOO_SHORT, TOO_LONG)


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM"])
def test_known_address_is_refused(app: Flask, signed_in: Browser, email: str) -> None:
    """Nothing is written, and nobody is signed in."""
    stranger = browser(app)
    response = stranger.call("/sign-up/email", {**EVE, "email": email})
    assert answer(response) == (422, TAKEN)
    assert set_cookies(response) == []
    assert [len(rows(app, table)) for table in ("user", "account", "session")] == [
        1,
        1,
        1,
    ]


def test_length_of_the_password_is_checked_before_the_address(
    app: Flask, signed_in: Browser, statements: list[str]
) -> None:
    """A password that nobody can have tells nothing about an address."""
    signed_in.ask("/ok")  # looks at the schema, once
    statements.clear()
    response = browser(app).call("/sign-up/email", {**ADA, "password": "short"})
    assert answer(response) == (400, TOO_SHORT)
    assert statements == []


@pytest.mark.parametrize("options", [{"enabled": False}, {"disable_sign_up": True}])
def test_sign_up_can_be_switched_off(
    make_app: MakeApp, options: dict[str, bool]
) -> None:
    """Off, it refuses before it looks at the password."""
    visitor = browser(make_app(email_and_password=options))
    response = visitor.call("/sign-up/email", {**ADA, "password": "x"})
    assert answer(response) == (400, DISABLED)


def test_sign_up_that_is_off_still_checks_the_fields(make_app: MakeApp) -> None:
    """Validation comes first, as upstream."""
    visitor = browser(make_app(email_and_password={"enabled": False}))
    response = visitor.call("/sign-up/email", {**ADA, "email": "nonsense"})
    assert answer(response) == (400, invalid("[body.email] Invalid email address"))


# -- sign-up that tells nothing about addresses ---------------------------------------


@pytest.fixture(params=["auto_sign_in", "require_email_verification"])
def discreet(request: pytest.FixtureRequest, make_app: MakeApp) -> Flask:
    """An app whose sign-up signs nobody in."""
    value = request.param == "require_email_verification"
    return make_app(email_and_password={request.param: value})


def test_discreet_sign_up_signs_nobody_in(discreet: Flask) -> None:
    """The token is there and null, and no cookie is set."""
    visitor = browser(discreet)
    response = visitor.call("/sign-up/email", ADA)
    assert answer(response) == (200, {"token": None, "user": user()})
    assert set_cookies(response) == []
    assert visitor.session() is None
    assert len(rows(discreet, "user")) == len(rows(discreet, "account")) == 1
    assert rows(discreet, "session") == []


def test_discreet_sign_up_answers_alike_for_known_addresses(
    discreet: Flask, clock: Clock
) -> None:
    """Status, headers, keys and their order are those of a new address."""
    visitor = browser(discreet)
    visitor.sign_up()
    clock.move(seconds=5)
    known = visitor.call("/sign-up/email", {**EVE, "email": "ADA@example.com"})
    fresh = visitor.call("/sign-up/email", EVE)
    moment = "2030-01-01T00:00:05.000Z"
    expected = user(name="Eve", createdAt=moment, updatedAt=moment)
    assert answer(known) == (200, {"token": None, "user": expected})
    assert answer(fresh) == (
        200,
        {"token": None, "user": {**expected, "email": "eve@example.com"}},
    )
    assert list(known.json["user"]) == list(fresh.json["user"])
    assert sorted(known.headers.keys()) == sorted(fresh.headers.keys())
    assert known.json["user"]["id"] != rows(discreet, "user")[0]["id"]


def test_discreet_sign_up_leaves_the_known_account_alone(discreet: Flask) -> None:
    """Neither its name nor its password changes."""
    visitor = browser(discreet)
    visitor.sign_up()
    before = rows(discreet, "user"), rows(discreet, "account")
    visitor.call("/sign-up/email", {**EVE, "email": ADA["email"]})
    assert (rows(discreet, "user"), rows(discreet, "account")) == before


def test_discreet_sign_up_works_as_much_for_known_addresses(
    discreet: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is hashed once either way, so time tells nothing."""
    hashed: list[str] = []
    passwords = discreet.extensions["better_auth"].passwords
    real = type(passwords).hash

    def count(self: Any, password: str) -> str:
        hashed.append(password)
        return real(self, password)

    monkeypatch.setattr(type(passwords), "hash", count)
    visitor = browser(discreet)
    visitor.sign_up()
    visitor.sign_up()
    assert hashed == [ADA["password"]] * 2


def test_owner_of_a_known_address_can_be_told(make_app: MakeApp) -> None:
    """`on_existing_user_sign_up` gets the user, after the answer is decided."""
    told: list[str] = []

    def tell(user: Any) -> None:
        told.append(user.email)

    app = make_app(
        email_and_password={"auto_sign_in": False, "on_existing_user_sign_up": tell}
    )
    visitor = browser(app)
    visitor.sign_up()
    assert told == []
    visitor.sign_up(EVE, email="ada@example.com")
    assert told == ["ada@example.com"]


def test_failing_to_tell_the_owner_changes_no_answer(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """The mistake is logged; an attacker sees nothing of it."""

    async def tell(user: Any) -> None:
        raise ConnectionError("no mail today")

    app = make_app(
        email_and_password={"auto_sign_in": False, "on_existing_user_sign_up": tell}
    )
    visitor = browser(app)
    visitor.sign_up()
    response = visitor.call("/sign-up/email", ADA)
    assert answer(response) == (200, {"token": None, "user": user()})
    assert "an effect after the commit failed" in caplog.text


def test_password_is_nowhere_in_the_answer(client: Browser) -> None:
    """Neither it nor its hash leaves the server."""
    response = client.sign_up()
    assert ADA["password"] not in response.text
    assert "argon2" not in response.text
    assert "password" not in json.dumps(response.json)


@pytest.mark.parametrize("auto_sign_in", [True, False])
def test_what_else_the_database_refuses_is_no_known_address(
    make_app: MakeApp, auto_sign_in: bool
) -> None:
    """A column of the app's own that may not be empty is the app's mistake."""
    db = SQLAlchemy()

    class User(UserMixin, db.Model):  # type: ignore[name-defined]
        tenant: Mapped[str]

    options = {"auto_sign_in": auto_sign_in}
    auth = BetterAuth(
        models={"user": User},
        secret=SECRET,
        email_and_password={"enabled": True, **options},
    )
    app = make_app(auth, db=db, migrate=True)
    with pytest.raises(IntegrityError, match="tenant"):
        browser(app).call("/sign-up/email", ADA)


def test_errors_of_the_database_hold_no_hash(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """They end up in the app's log, with the statement but without its values."""
    db = SQLAlchemy()

    class Account(AccountMixin, db.Model):  # type: ignore[name-defined]
        tenant: Mapped[str]

    passwords = {"enabled": True, "password": {"memory_cost": 8, "time_cost": 1}}
    auth = BetterAuth(
        models={"account": Account}, secret=SECRET, email_and_password=passwords
    )
    app = make_app(auth, db=db, migrate=True, config={"PROPAGATE_EXCEPTIONS": False})
    assert browser(app).call("/sign-up/email", ADA).status_code == 500
    assert "INSERT INTO account" in caplog.text
    assert "$argon2" not in caplog.text
    assert ADA["email"] not in caplog.text
