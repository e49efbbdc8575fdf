"""`POST /sign-in/email`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from flask_better_auth.crypto.passwords import hash_scrypt
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import Browser
from tests.browsing import cookie_names
from tests.browsing import set_cookies
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import DONT_REMEMBER
from tests.expected import INVALID_CREDENTIALS
from tests.expected import INVALID_EMAIL
from tests.expected import RANDOM
from tests.expected import TOO_LONG
from tests.expected import Like
from tests.expected import answer
from tests.expected import expired
from tests.expected import invalid
from tests.expected import session
from tests.expected import token_cookie
from tests.expected import user
from tests.rows import change
from tests.rows import rows

MakeApp = Callable[..., Flask]

NOT_VERIFIED = {"message": "Email not verified", "code": "EMAIL_NOT_VERIFIED"}


@pytest.fixture
def visitor(app: Flask, signed_in: Browser) -> Browser:
    """A browser nobody is signed in with; Ada has an account."""
    return browser(app)


def test_sign_in_starts_a_session(app: Flask, visitor: Browser, clock: Clock) -> None:
    """A new one with a new token; the earlier one goes on."""
    clock.move(days=1)
    response = visitor.sign_in()
    assert answer(response) == (
        200,
        {"redirect": False, "token": RANDOM, "user": user()},
    )
    assert list(response.json) == ["redirect", "token", "user"]
    assert set_cookies(response) == [token_cookie(response.json["token"])]
    first, second = rows(app, "session")
    assert second["token"] == response.json["token"] != first["token"]
    assert visitor.session()["session"] == session(
        createdAt="2030-01-02T00:00:00.000Z",
        updatedAt="2030-01-02T00:00:00.000Z",
        expiresAt="2030-01-09T00:00:00.000Z",
    )


def test_letter_case_of_the_address_does_not_matter(visitor: Browser) -> None:
    """It is looked up as it is stored, in lower case."""
    assert visitor.sign_in(email="Ada@EXAMPLE.com").status_code == 200


@pytest.mark.parametrize(
    "url", ["/dash", "http://localhost:3000/dash?x=1#y", "/a b", "/ü"]
)
def test_callback_url_comes_back(visitor: Browser, url: str) -> None:
    """In the body as it was sent, and as Location on a 200."""
    response = visitor.sign_in(callbackURL=url)
    assert answer(response) == (
        200,
        {"redirect": True, "token": RANDOM, "url": url, "user": user()},
    )
    assert list(response.json) == ["redirect", "token", "url", "user"]
    assert "Location" in response.headers


def test_location_is_the_callback_url(visitor: Browser) -> None:
    """A client that follows it stays where it was told to go."""
    response = visitor.sign_in(callbackURL="/dash?a=b")
    assert response.headers["Location"] == "/dash?a=b"


def test_empty_callback_url_leads_nowhere(visitor: Browser) -> None:
    """It is echoed, and there is no Location."""
    response = visitor.sign_in(callbackURL="")
    assert answer(response) == (
        200,
        {"redirect": False, "token": RANDOM, "url": "", "user": user()},
    )
    assert "Location" not in response.headers


def test_session_that_is_not_remembered(visitor: Browser) -> None:
    """Its cookies end with the browser and its row after a day."""
    response = visitor.sign_in(rememberMe=False)
    assert set_cookies(response) == [
        token_cookie(response.json["token"], max_age=None),
        DONT_REMEMBER,
    ]
    expected = session(expiresAt="2030-01-02T00:00:00.000Z")
    assert visitor.session()["session"] == expected


@pytest.mark.parametrize("sent", [{}, {"rememberMe": True}])
def test_remembered_sign_in_takes_the_mark_away(
    visitor: Browser, sent: dict[str, bool]
) -> None:
    """An earlier wish not to be remembered does not outlive its session."""
    visitor.sign_in(rememberMe=False)
    response = visitor.sign_in(**sent)
    assert set_cookies(response) == [
        token_cookie(response.json["token"]),
        expired("dont_remember"),
    ]
    assert visitor.cookie("dont_remember") is None


def test_planted_token_is_never_taken_over(app: Flask, visitor: Browser) -> None:
    """Signing in gives a token of its own, whatever the browser came with."""
    visitor.keep("session_token", "planted.by-somebody")
    response = visitor.sign_in()
    assert response.json["token"] == RANDOM
    assert visitor.cookie("session_token") != "planted.by-somebody"
    assert [row["token"] for row in rows(app, "session")].count("planted") == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"password": "not the password"}, (401, INVALID_CREDENTIALS)),
        ({"password": ""}, (401, INVALID_CREDENTIALS)),
        ({"password": ADA["password"] + " "}, (401, INVALID_CREDENTIALS)),
        ({"password": ADA["password"].upper()}, (401, INVALID_CREDENTIALS)),
        ({"password": "x" * 128}, (401, INVALID_CREDENTIALS)),
        ({"password": "x" * 129}, (400, TOO_LONG)),
        ({"email": "eve@example.com"}, (401, INVALID_CREDENTIALS)),
        ({"email": "eve@example.com", "password": ""}, (401, INVALID_CREDENTIALS)),
        ({"email": "eve@example.com", "password": "x" * 129}, (400, TOO_LONG)),
        ({"email": ""}, (400, INVALID_EMAIL)),
        ({"email": "nonsense"}, (400, INVALID_EMAIL)),
        ({"email": " ada@example.com"}, (400, INVALID_EMAIL)),
        ({"email": "nonsense", "password": "x" * 129}, (400, INVALID_EMAIL)),
    ],
)
def test_sign_in_is_refused(
    visitor: Browser, changes: dict[str, str], expected: tuple[int, dict[str, str]]
) -> None:
    """An unknown address and a wrong password get one answer, and no cookie."""
    response = visitor.sign_in(**changes)
    assert answer(response) == expected
    assert set_cookies(response) == []


_MISSING = "Invalid input: expected string, received undefined"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, f"[body.email] {_MISSING}; [body.password] {_MISSING}"),
        ({"email": ADA["email"]}, f"[body.password] {_MISSING}"),
        (
            {**ADA, "email": 5},
            "[body.email] Invalid input: expected string, received number",
        ),
        (
            {**ADA, "password": ["x"]},
            "[body.password] Invalid input: expected string, received array",
        ),
        (
            {**ADA, "rememberMe": "true"},
            "[body.rememberMe] Invalid input: expected boolean, received string",
        ),
        (
            {**ADA, "callbackURL": False},
            "[body.callbackURL] Invalid input: expected string, received boolean",
        ),
        (
            {**ADA, "callbackURL": None},
            "[body.callbackURL] Invalid input: expected string, received null",
        ),
        ([], "[body] Invalid input: expected object, received array"),
    ],
)
def test_wrong_field_is_named(visitor: Browser, body: Any, message: str) -> None:
    """In the original's words."""
    assert answer(visitor.call("/sign-in/email", body)) == (400, invalid(message))


def test_form_is_read_too(visitor: Browser) -> None:
    """A plain HTML form may be sent to it."""
    body = {"email": ADA["email"], "password": ADA["password"]}
    response = visitor.post("/api/auth/sign-in/email", data=body)
    assert answer(response)[0] == 200


def test_sign_in_can_be_switched_off(make_app: MakeApp) -> None:
    """Off, it answers before it looks at the address."""
    visitor = browser(make_app(email_and_password={"enabled": False}))
    assert answer(visitor.sign_in(email="nonsense")) == (
        400,
        {
            "message": "Email and password is not enabled",
            "code": "EMAIL_PASSWORD_DISABLED",
        },
    )


def test_sign_up_that_is_off_leaves_sign_in_on(
    make_app: MakeApp, app: Flask, signed_in: Browser
) -> None:
    """Who has an account goes on using it."""
    database = app.config["SQLALCHEMY_DATABASE_URI"]
    closed = make_app(
        email_and_password={"disable_sign_up": True},
        config={"SQLALCHEMY_DATABASE_URI": database},
    )
    assert browser(closed).sign_in().status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "delete from account",
        "update account set password = null",
        "update account set password = ''",
        "update account set providerId = 'github'",
        "update account set accountId = 'somebody-else'",
    ],
)
def test_user_without_a_password_is_refused_alike(
    app: Flask, visitor: Browser, statement: str
) -> None:
    """Nobody learns that the address exists."""
    assert change(app, statement) == 1
    assert answer(visitor.sign_in()) == (401, INVALID_CREDENTIALS)


def test_unknown_address_costs_as_much_as_a_wrong_password(
    app: Flask, visitor: Browser, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many statements, and one run of the password hash."""
    work: list[str] = []
    kind = type(app.extensions["better_auth"].passwords)
    for name in ("hash", "verify"):
        real = getattr(kind, name)

        def counted(*args: Any, name: str = name, real: Any = real) -> Any:
            work.append(name)
            return real(*args)

        monkeypatch.setattr(kind, name, counted)

    def cost(**changes: str) -> list[str]:
        statements.clear()
        assert visitor.sign_in(**changes).status_code == 401
        return list(statements)

    visitor.ask("/ok")  # looks at the schema, once
    wrong, unknown = cost(password="wrong one"), cost(email="eve@example.com")
    assert wrong == unknown
    assert work == ["verify", "hash"]


def test_unverified_address_is_told_only_to_its_owner(make_app: MakeApp) -> None:
    """A wrong password is just that; the right one says what is missing."""
    app = make_app(email_and_password={"require_email_verification": True})
    visitor = browser(app)
    visitor.sign_up()
    assert answer(visitor.sign_in(password="wrong one")) == (401, INVALID_CREDENTIALS)
    response = visitor.sign_in()
    assert answer(response) == (403, NOT_VERIFIED)
    assert set_cookies(response) == []
    assert change(app, 'update "user" set emailVerified = 1') == 1
    assert answer(visitor.sign_in()) == (
        200,
        {"redirect": False, "token": RANDOM, "user": user(emailVerified=True)},
    )


def test_passwords_are_compared_in_compatibility_form(client: Browser) -> None:
    """Two ways to type one text are one password; another text is not."""
    client.sign_up(password="ﬁve-ofﬁces-é")
    assert client.sign_in(password="five-offices-é").status_code == 200
    assert client.sign_in(password="five-offices-e\u0301").status_code == 200
    assert client.sign_in(password="five-offices-e").status_code == 401


def test_cookie_cache_is_written_after_the_token(make_app: MakeApp) -> None:
    """Token, mark, cache: the original's order."""
    app = make_app(session={"cookie_cache": {"enabled": True}})
    visitor = browser(app)
    visitor.sign_up()
    visitor = browser(app)
    response = visitor.sign_in(rememberMe=False)
    assert cookie_names(response) == [
        "better-auth.session_token",
        "better-auth.dont_remember",
        "better-auth.session_data",
    ]
    assert set_cookies(response)[2] == Like(
        r"better-auth\.session_data=[\w-]+; Path=/; HttpOnly; SameSite=Lax"
    )


# -- stored passwords of other kinds ---------------------------------------------------


def _stored(app: Flask) -> str:
    [account] = rows(app, "account")
    password = account["password"]
    assert isinstance(password, str)
    return password


def test_password_that_node_hashed_is_accepted_and_hashed_anew(
    app: Flask, visitor: Browser
) -> None:
    """Upstream's scrypt is read, and replaced by argon2id at the sign-in."""
    change(
        app, "update account set password = :hash", hash=hash_scrypt(ADA["password"])
    )
    assert visitor.sign_in(password="wrong one").status_code == 401
    assert _stored(app) == Like("[0-9a-f]{32}:[0-9a-f]{128}")
    assert visitor.sign_in().status_code == 200
    assert _stored(app).startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert visitor.sign_in().status_code == 200


def test_changed_parameters_reach_stored_hashes(
    make_app: MakeApp, app: Flask, visitor: Browser
) -> None:
    """The next sign-in hashes with the parameters of today, and keeps them."""
    stronger = make_app(
        email_and_password={"password": {"memory_cost": 16, "time_cost": 1}},
        config={"SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"]},
    )
    assert browser(stronger).sign_in().status_code == 200
    renewed = _stored(app)
    assert renewed.startswith("$argon2id$v=19$m=16,t=1,p=1$")
    assert browser(stronger).sign_in().status_code == 200
    assert _stored(app) == renewed


def test_scheme_of_a_shared_database_is_kept(
    make_app: MakeApp, app: Flask, visitor: Browser
) -> None:
    """With `scheme="scrypt"` Node can read every password that was used."""
    shared = make_app(
        email_and_password={"password": {"scheme": "scrypt"}},
        config={"SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"]},
    )
    assert browser(shared).sign_in().status_code == 200
    assert _stored(app) == Like("[0-9a-f]{32}:[0-9a-f]{128}")


@pytest.mark.parametrize("stored", ["nonsense", "$argon2id$", "a:b", "x" * 161, ":"])
def test_hash_that_is_none_is_a_wrong_password(
    app: Flask, visitor: Browser, stored: str
) -> None:
    """A broken row refuses its user, and answers no 500."""
    change(app, "update account set password = :hash", hash=stored)
    assert answer(visitor.sign_in()) == (401, INVALID_CREDENTIALS)


def test_own_functions_replace_ours(make_app: MakeApp) -> None:
    """`hash` and `verify` get text by name, and may be async."""

    async def hash_(password: str) -> str:
        return f"plain:{password}"

    def verify(hash: str, password: str) -> bool:
        return hash == f"plain:{password}"

    app = make_app(email_and_password={"password": {"hash": hash_, "verify": verify}})
    visitor = browser(app)
    visitor.sign_up()
    assert _stored(app) == f"plain:{ADA['password']}"
    assert visitor.sign_in().status_code == 200
    assert visitor.sign_in(password="wrong one").status_code == 401


def test_user_who_is_deleted_meanwhile_gets_no_session(make_app: MakeApp) -> None:
    """The database refuses the session of nobody, and the answer is a clean 401."""

    def verify(hash: str, password: str) -> bool:
        change(app, 'delete from "user"')
        return True

    app = make_app(
        email_and_password={
            "password": {"hash": lambda password: "x", "verify": verify}
        }
    )
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine

    def enforce(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    event.listen(engine, "connect", enforce)
    engine.dispose()
    visitor = browser(app)
    visitor.sign_up(EVE)
    response = visitor.sign_in(EVE)
    assert answer(response) == (
        401,
        {"message": "Failed to create session", "code": "FAILED_TO_CREATE_SESSION"},
    )
    assert set_cookies(response) == []
    assert rows(app, "session") == []
