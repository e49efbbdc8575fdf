"""`/list-sessions`, `/revoke-session`, `/revoke-sessions`, `/revoke-other-sessions`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browsing import EVE
from tests.browsing import Browser
from tests.browsing import set_cookies
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import CLEARED
from tests.expected import NOT_FRESH
from tests.expected import UNAUTHORIZED
from tests.expected import answer
from tests.expected import expired
from tests.expected import invalid
from tests.expected import sealed
from tests.expected import session
from tests.expected import token_cookie
from tests.rows import change
from tests.rows import rows

MakeApp = Callable[..., Flask]

DONE = (200, {"status": True})

#: Every endpoint here, and a body that it takes.
GUARDED = [
    ("GET", "/list-sessions", None),
    ("POST", "/revoke-session", {"token": "x"}),
    ("POST", "/revoke-sessions", {}),
    ("POST", "/revoke-other-sessions", {}),
]


def _send(visitor: Browser, method: str, path: str, body: Any) -> Any:
    return visitor.ask(path) if method == "GET" else visitor.call(path, body)


def token_of(visitor: Browser) -> str:
    """The token of the session *visitor* is signed in with."""
    token = visitor.session()["session"]["token"]
    assert isinstance(token, str)
    return token


@pytest.fixture
def other(app: Flask, signed_in: Browser) -> Browser:
    """A second browser that Ada is signed in with."""
    visitor = browser(app)
    visitor.sign_in()
    return visitor


@pytest.fixture
def eve(app: Flask) -> Browser:
    """The browser of somebody else."""
    visitor = browser(app)
    visitor.sign_up(EVE)
    return visitor


# -- who may ---------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path", "body"), GUARDED)
def test_nobody_is_refused(
    client: Browser, method: str, path: str, body: dict[str, str] | None
) -> None:
    """Without a session cookie nothing is cleared."""
    response = _send(client, method, path, body)
    assert answer(response) == (401, UNAUTHORIZED)
    assert set_cookies(response) == []


@pytest.mark.parametrize(("method", "path", "body"), GUARDED)
def test_session_that_is_over_is_refused_and_cleared(
    app: Flask,
    signed_in: Browser,
    method: str,
    path: str,
    body: dict[str, str] | None,
) -> None:
    """The cookies of a session that is gone go with the answer."""
    change(app, "delete from session")
    response = _send(signed_in, method, path, body)
    assert answer(response) == (401, UNAUTHORIZED)
    assert set_cookies(response) == CLEARED


@pytest.mark.parametrize(("method", "path", "body"), GUARDED)
def test_session_that_is_due_is_refreshed_here_too(
    make_app: MakeApp,
    clock: Clock,
    method: str,
    path: str,
    body: dict[str, str] | None,
) -> None:
    """Whoever reads it: row and cookie."""
    app = make_app(session={"fresh_age": 0})
    visitor = browser(app)
    token = visitor.sign_up().json["token"]
    clock.move(days=1)
    response = _send(visitor, method, path, body)
    assert response.status_code == 200
    if path == "/revoke-sessions":
        # A value that was set and revoked in one request never reaches the wire.
        assert set_cookies(response) == CLEARED
    else:
        assert set_cookies(response) == [token_cookie(token)]
        [row] = rows(app, "session")
        assert row["expiresAt"] == "2030-01-09T00:00:00.000Z"


@pytest.mark.parametrize(("method", "path", "body"), GUARDED)
def test_cached_session_neither_sees_nor_revokes_others(
    make_app: MakeApp, method: str, path: str, body: dict[str, str] | None
) -> None:
    """What is revoked stays revoked: the store is asked, not the cookie."""
    app = make_app(session={"cookie_cache": {"enabled": True}})
    visitor = browser(app)
    visitor.sign_up()
    change(app, "delete from session")
    response = _send(visitor, method, path, body)
    assert answer(response) == (401, UNAUTHORIZED)
    assert set_cookies(response) == CLEARED


@pytest.mark.parametrize(("method", "path", "body"), GUARDED[1:])
def test_query_cannot_weaken_the_check(
    make_app: MakeApp, method: str, path: str, body: dict[str, str]
) -> None:
    """An empty flag is no way to the cookie."""
    app = make_app(session={"cookie_cache": {"enabled": True}})
    visitor = browser(app)
    visitor.sign_up()
    change(app, "delete from session")
    response = _send(visitor, method, f"{path}?disableCookieCache=", body)
    assert answer(response) == (401, UNAUTHORIZED)


# -- listing ---------------------------------------------------------------------------


def test_list_has_every_live_session(
    app: Flask, signed_in: Browser, eve: Browser, clock: Clock
) -> None:
    """One's own alone, tokens included, key order as everywhere."""
    clock.move(seconds=1)
    browser(app).sign_in()
    response = signed_in.ask("/list-sessions")
    later = "2030-01-01T00:00:01.000Z"
    assert answer(response) == (
        200,
        [
            session(token=token_of(signed_in)),
            session(
                createdAt=later, updatedAt=later, expiresAt="2030-01-08T00:00:01.000Z"
            ),
        ],
    )
    assert list(response.json[0]) == list(session())


def test_list_leaves_out_what_is_over(
    app: Flask, signed_in: Browser, other: Browser, clock: Clock
) -> None:
    """A session that ends this very moment is not live any more."""
    change(
        app,
        "update session set expiresAt = '2030-01-01T00:00:00.000Z' where token = :t",
        t=token_of(other),
    )
    [shown] = signed_in.ask("/list-sessions").json
    assert shown["token"] == token_of(signed_in)


def test_list_is_for_fresh_sessions(signed_in: Browser, clock: Clock) -> None:
    """A day after signing in one must prove oneself again."""
    clock.move(seconds=86399.999)
    assert signed_in.ask("/list-sessions").status_code == 200
    clock.move(seconds=0.001)
    assert answer(signed_in.ask("/list-sessions")) == (403, NOT_FRESH)


def test_refreshing_makes_nothing_fresh(signed_in: Browser, clock: Clock) -> None:
    """Freshness counts from the sign-in, not from the last use."""
    clock.move(days=1)
    assert signed_in.session()["session"]["updatedAt"] == "2030-01-02T00:00:00.000Z"
    assert answer(signed_in.ask("/list-sessions")) == (403, NOT_FRESH)
    signed_in.sign_in()
    assert signed_in.ask("/list-sessions").status_code == 200


def test_freshness_can_be_switched_off(make_app: MakeApp, clock: Clock) -> None:
    """`fresh_age` 0."""
    visitor = browser(make_app(session={"fresh_age": 0}))
    visitor.sign_up()
    clock.move(days=6)
    assert visitor.ask("/list-sessions").status_code == 200


def test_list_is_for_get(signed_in: Browser) -> None:
    """Any other method is not found, with an empty body."""
    response = signed_in.call("/list-sessions")
    assert (response.status_code, response.data) == (404, b"")


# -- revoking one ----------------------------------------------------------------------


def test_revoked_session_is_out_at_once(
    app: Flask, signed_in: Browser, other: Browser
) -> None:
    """And this browser's cookies stay."""
    response = signed_in.call("/revoke-session", {"token": token_of(other)})
    assert answer(response) == DONE
    assert set_cookies(response) == []
    assert other.session() is None
    assert signed_in.session() is not None


def test_own_session_can_be_revoked(app: Flask, signed_in: Browser) -> None:
    """That signs this browser out."""
    response = signed_in.call("/revoke-session", {"token": token_of(signed_in)})
    assert answer(response) == DONE
    assert set_cookies(response) == CLEARED
    assert rows(app, "session") == []


@pytest.mark.parametrize("token", ["", "unknown", "x" * 10_000])
def test_unknown_token_is_answered_alike(signed_in: Browser, token: str) -> None:
    """Nobody learns which tokens there are."""
    response = signed_in.call("/revoke-session", {"token": token})
    assert answer(response) == DONE
    assert set_cookies(response) == []


def test_session_of_somebody_else_stays(signed_in: Browser, eve: Browser) -> None:
    """With the same answer."""
    response = signed_in.call("/revoke-session", {"token": token_of(eve)})
    assert answer(response) == DONE
    assert eve.session() is not None


def test_token_in_another_letter_case_is_another_token(
    signed_in: Browser, other: Browser
) -> None:
    """Tokens are compared exactly."""
    token = token_of(other).swapcase()
    assert answer(signed_in.call("/revoke-session", {"token": token})) == DONE
    assert other.session() is not None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "[body.token] Invalid input: expected string, received undefined"),
        (
            {"token": 5},
            "[body.token] Invalid input: expected string, received number",
        ),
        (
            {"token": None},
            "[body.token] Invalid input: expected string, received null",
        ),
        ([], "[body] Invalid input: expected object, received array"),
    ],
)
def test_token_must_be_text(signed_in: Browser, body: Any, message: str) -> None:
    """Validation comes before the session is looked at."""
    assert answer(signed_in.call("/revoke-session", body)) == (400, invalid(message))


# -- revoking several ------------------------------------------------------------------


def test_revoke_others_leaves_this_one(
    app: Flask, signed_in: Browser, other: Browser, eve: Browser
) -> None:
    """Neither this browser's cookies nor anybody else's session is touched."""
    response = signed_in.call("/revoke-other-sessions")
    assert answer(response) == DONE
    assert set_cookies(response) == []
    assert other.session() is None
    assert signed_in.session() is not None
    assert eve.session() is not None


def test_revoke_all_signs_out_everywhere(
    app: Flask, signed_in: Browser, other: Browser, eve: Browser
) -> None:
    """This browser too; somebody else stays."""
    response = signed_in.call("/revoke-sessions")
    assert answer(response) == DONE
    assert set_cookies(response) == CLEARED
    assert other.session() is None
    assert signed_in.session() is None
    assert eve.session() is not None


@pytest.mark.parametrize("path", ["/revoke-sessions", "/revoke-other-sessions"])
def test_body_is_not_needed(signed_in: Browser, path: str) -> None:
    """A POST without one is fine."""
    response = signed_in.post(
        f"/api/auth{path}", headers={"Origin": "http://localhost:3000"}
    )
    assert answer(response) == DONE


def test_clearing_takes_cache_and_chunks_along(make_app: MakeApp) -> None:
    """In the original's order: token, cache, its chunks, mark."""
    app = make_app(session={"cookie_cache": {"enabled": True}})
    visitor = browser(app)
    visitor.sign_up(name="x" * 6000, rememberMe=False)
    response = visitor.call("/revoke-sessions")
    assert set_cookies(response)[-6:] == [
        expired("session_token"),
        expired("session_data"),
        expired("session_data.0"),
        expired("session_data.1"),
        expired("session_data.2"),
        expired("dont_remember"),
    ]
    assert [
        name for name in ("session_data.0", "dont_remember") if visitor.cookie(name)
    ] == []


# -- signing out -----------------------------------------------------------------------


def test_sign_out_ends_the_session(
    app: Flask, signed_in: Browser, other: Browser
) -> None:
    """Its row is gone, so a copy of the cookie is worth nothing; others stay."""
    cookie = signed_in.cookie("session_token") or ""
    response = signed_in.call("/sign-out")
    assert answer(response) == (200, {"success": True})
    assert set_cookies(response) == CLEARED
    signed_in.keep("session_token", cookie)
    assert signed_in.session() is None
    assert other.session() is not None


@pytest.mark.parametrize(
    "value", [None, "nonsense", sealed("x" * 32), sealed("x" * 32, secret="of another")]
)
def test_sign_out_never_fails(client: Browser, value: str | None) -> None:
    """Without a session too, the cookies are cleared."""
    if value is not None:
        client.keep("session_token", value)
    response = client.call("/sign-out")
    assert answer(response) == (200, {"success": True})
    assert set_cookies(response) == CLEARED


def test_badly_signed_cookie_ends_no_session(app: Flask, signed_in: Browser) -> None:
    """A token that somebody learned is not enough to sign its owner out."""
    stranger = browser(app)
    token = token_of(signed_in)
    stranger.keep("session_token", sealed(token, secret="of another"))
    assert stranger.call("/sign-out").status_code == 200
    assert signed_in.session() is not None


def test_sign_out_of_an_expired_session(
    app: Flask, signed_in: Browser, clock: Clock
) -> None:
    """It is removed all the same."""
    clock.move(days=30)
    assert answer(signed_in.call("/sign-out")) == (200, {"success": True})
    assert rows(app, "session") == []


def test_sign_out_needs_no_body_and_ignores_fields(signed_in: Browser) -> None:
    """Nothing that is sent chooses another session."""
    response = signed_in.post(
        "/api/auth/sign-out", headers={"Origin": "http://localhost:3000"}
    )
    assert answer(response) == (200, {"success": True})
    response = signed_in.call("/sign-out", {"callbackURL": "/bye", "state": "x"})
    assert answer(response) == (200, {"success": True})


def test_sign_out_refuses_a_body_that_is_none(signed_in: Browser) -> None:
    """JSON's null is a body, and no object."""
    response = signed_in.post(
        "/api/auth/sign-out",
        data="null",
        content_type="application/json",
        headers={"Origin": "http://localhost:3000"},
    )
    assert answer(response) == (
        400,
        invalid("[body] Invalid input: expected object, received null"),
    )
    assert signed_in.session() is not None


def test_sign_out_with_the_cache_clears_it(make_app: MakeApp) -> None:
    """No copy of the session stays in the browser."""
    visitor = browser(make_app(session={"cookie_cache": {"enabled": True}}))
    visitor.sign_up()
    response = visitor.call("/sign-out")
    assert set_cookies(response) == CLEARED
    assert visitor.cookie("session_data") is None
    assert visitor.session() is None
