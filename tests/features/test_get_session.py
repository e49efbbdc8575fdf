"""`GET` and `POST /get-session`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browsing import Browser
from tests.browsing import set_cookies
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import CLEARED
from tests.expected import DONT_REMEMBER
from tests.expected import answer
from tests.expected import expired
from tests.expected import sealed
from tests.expected import session
from tests.expected import snapshot
from tests.expected import token_cookie
from tests.expected import user
from tests.rows import change
from tests.rows import rows

MakeApp = Callable[..., Flask]

CACHED = {"cookie_cache": {"enabled": True}}


def test_nobody_is_null(client: Browser) -> None:
    """200, four bytes, and no cookie is touched."""
    response = client.ask("/get-session")
    assert (response.status_code, response.data) == (200, b"null")
    assert response.content_type == "application/json"
    assert set_cookies(response) == []


def test_answer_is_not_to_be_stored(client: Browser) -> None:
    """By nobody, not even an old proxy."""
    headers = client.ask("/get-session").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Pragma"] == "no-cache"
    assert headers["Vary"] == "Cookie"


def test_whoever_is_signed_in_is_told(signed_in: Browser) -> None:
    """Session, then user; no cookie while nothing is due."""
    response = signed_in.ask("/get-session")
    assert answer(response) == (200, {"session": session(), "user": user()})
    assert list(response.json) == ["session", "user"]
    assert list(response.json["session"]) == list(session())
    assert list(response.json["user"]) == list(user())
    assert set_cookies(response) == []


def test_post_is_for_deferred_refresh_only(signed_in: Browser) -> None:
    """As upstream while `deferSessionRefresh` is off, whatever the body."""
    for response in (
        signed_in.call("/get-session"),
        signed_in.post(
            "/api/auth/get-session",
            data="{nope",
            content_type="text/plain",
            headers={"Origin": "http://localhost:3000"},
        ),
    ):
        assert answer(response) == (
            405,
            {
                "message": (
                    "POST method requires deferSessionRefresh to be enabled in "
                    "session config"
                ),
                "code": "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED",
            },
        )


def test_body_of_a_get_is_not_read(signed_in: Browser) -> None:
    """Whatever it is."""
    response = signed_in.get(
        "/api/auth/get-session", data="{nope", content_type="application/json"
    )
    assert answer(response) == (200, {"session": session(), "user": user()})


@pytest.mark.parametrize(
    "value",
    [
        "nonsense",
        "",
        "%",
        sealed("token", secret="a-secret-of-somebody-else-0123456789"),
        "u05EWnVkZ39duFt1aWKXDt4RRkSkj2zz",
    ],
)
def test_badly_signed_cookie_is_nobody(client: Browser, value: str) -> None:
    """It is as if there were none: nothing is cleared, and nothing is looked up."""
    client.keep("session_token", value)
    response = client.ask("/get-session")
    assert (response.status_code, response.data) == (200, b"null")
    assert set_cookies(response) == []


def test_unknown_token_is_cleared(client: Browser) -> None:
    """A good signature of a session that is not there any more."""
    client.keep("session_token", sealed("x" * 32))
    response = client.ask("/get-session")
    assert answer(response) == (200, None)
    assert set_cookies(response) == CLEARED
    assert client.cookie("session_token") is None


def test_expired_session_is_cleared_and_its_row_removed(
    app: Flask, signed_in: Browser, clock: Clock
) -> None:
    """One millisecond after its end; at its end it still counts."""
    clock.move(days=7)
    assert signed_in.ask("/get-session?disableRefresh=1").json["session"] == session()
    clock.move(seconds=0.001)
    response = signed_in.ask("/get-session")
    assert answer(response) == (200, None)
    assert set_cookies(response) == CLEARED
    assert rows(app, "session") == []


def test_session_of_a_deleted_user_is_nobody(app: Flask, signed_in: Browser) -> None:
    """A row that belongs to nobody signs nobody in."""
    change(app, 'delete from "user"')
    response = signed_in.ask("/get-session")
    assert answer(response) == (200, None)
    assert set_cookies(response) == CLEARED


def test_user_is_read_each_time(app: Flask, signed_in: Browser) -> None:
    """What another program changed shows at once."""
    change(app, "update \"user\" set name = 'Eve', emailVerified = 1")
    assert signed_in.session()["user"] == user(name="Eve", emailVerified=True)


# -- refreshing ------------------------------------------------------------------------


def test_session_is_refreshed_a_day_after_it_was_last(
    app: Flask, signed_in: Browser, clock: Clock
) -> None:
    """Row, answer and cookie move together; freshness does not."""
    clock.move(days=1)
    response = signed_in.ask("/get-session")
    moved = session(
        expiresAt="2030-01-09T00:00:00.000Z", updatedAt="2030-01-02T00:00:00.000Z"
    )
    assert response.json["session"] == moved
    assert set_cookies(response) == [token_cookie(response.json["session"]["token"])]
    assert rows(app, "session") == [moved]
    clock.move(seconds=86399.999)
    assert set_cookies(signed_in.ask("/get-session")) == []


def test_session_is_not_refreshed_within_a_day(
    app: Flask, signed_in: Browser, clock: Clock
) -> None:
    """Up to the last millisecond nothing is written."""
    clock.move(seconds=86399.999)
    response = signed_in.ask("/get-session")
    assert response.json["session"] == session()
    assert set_cookies(response) == []
    assert rows(app, "session") == [session()]


@pytest.mark.parametrize("value", ["true", "1", "false", "0"])
def test_caller_can_ask_for_no_refresh(
    signed_in: Browser, clock: Clock, value: str
) -> None:
    """Any text means yes, as in JavaScript."""
    clock.move(days=2)
    response = signed_in.ask(f"/get-session?disableRefresh={value}")
    assert response.json["session"] == session()
    assert set_cookies(response) == []


def test_empty_flag_means_no(signed_in: Browser, clock: Clock) -> None:
    """An empty text is false."""
    clock.move(days=2)
    response = signed_in.ask("/get-session?disableRefresh=")
    assert response.json["session"]["expiresAt"] == "2030-01-10T00:00:00.000Z"


def test_session_that_is_not_remembered_is_never_extended(
    client: Browser, clock: Clock
) -> None:
    """It ends a day after it began."""
    client.sign_up(rememberMe=False)
    clock.move(seconds=86399)
    response = client.ask("/get-session")
    assert response.json["session"]["expiresAt"] == "2030-01-02T00:00:00.000Z"
    assert set_cookies(response) == []
    clock.move(seconds=1.001)
    assert client.session() is None


def test_refresh_can_be_switched_off(make_app: MakeApp, clock: Clock) -> None:
    """`disable_session_refresh`: seven days, and that is that."""
    visitor = browser(make_app(session={"disable_session_refresh": True}))
    visitor.sign_up()
    clock.move(days=6)
    response = visitor.ask("/get-session")
    assert response.json["session"] == session()
    assert set_cookies(response) == []


def test_zero_update_age_refreshes_each_time(make_app: MakeApp, clock: Clock) -> None:
    """Each use moves the end."""
    visitor = browser(make_app(session={"update_age": 0}))
    visitor.sign_up()
    clock.move(seconds=1)
    response = visitor.ask("/get-session")
    assert response.json["session"]["expiresAt"] == "2030-01-08T00:00:01.000Z"
    assert len(set_cookies(response)) == 1


def test_session_that_ends_while_it_is_refreshed_is_over(
    app: Flask, signed_in: Browser, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refresh never brings a revoked session back."""
    records = app.extensions["better_auth"].session_records
    real = type(records).extend

    def revoked_meanwhile(self: Any, token: str, **moments: Any) -> bool:
        change(app, "delete from session")
        return real(self, token, **moments)

    monkeypatch.setattr(type(records), "extend", revoked_meanwhile)
    clock.move(days=2)
    response = signed_in.ask("/get-session")
    assert answer(response) == (
        401,
        {"message": "Failed to get session", "code": "FAILED_TO_GET_SESSION"},
    )
    assert set_cookies(response) == CLEARED
    assert rows(app, "session") == []


# -- the cookie cache ------------------------------------------------------------------


@pytest.fixture
def cached(make_app: MakeApp) -> Flask:
    """An app with the cookie cache."""
    return make_app(session=CACHED)


@pytest.fixture
def visitor(cached: Flask) -> Browser:
    """A browser of it, signed in."""
    visitor = browser(cached)
    visitor.sign_up()
    return visitor


def test_cache_is_believed_without_any_sql(
    visitor: Browser, statements: list[str]
) -> None:
    """The answer is the same, and no cookie is written."""
    statements.clear()
    response = visitor.ask("/get-session")
    assert answer(response) == (200, {"session": session(), "user": user()})
    assert set_cookies(response) == []
    assert statements == []


def test_cache_holds_what_the_original_puts_there(visitor: Browser) -> None:
    """Session, user, when it was written, its version, and its end."""
    held = snapshot(visitor.cookie("session_data") or "")
    assert held["session"] == {
        "session": session(),
        "user": user(),
        "updatedAt": 1893456000000,
        "version": "1",
    }
    assert list(held["session"]["session"]) == list(session())
    assert list(held["session"]["user"]) == list(user())
    assert held["expiresAt"] == 1893456000000 + 300_000


def test_cache_is_renewed_when_it_is_too_old(
    visitor: Browser, clock: Clock, statements: list[str]
) -> None:
    """After five minutes the database is asked, by one statement."""
    clock.move(seconds=300)
    statements.clear()
    assert visitor.session() is not None
    assert statements == []
    clock.move(seconds=0.001)
    response = visitor.ask("/get-session")
    assert answer(response) == (200, {"session": session(), "user": user()})
    assert len(statements) == 1
    written = visitor.cookie("session_data")
    assert written is not None
    assert set_cookies(response) == [
        expired("session_data"),
        f"better-auth.session_data={written}; Max-Age=300; Path=/; HttpOnly; "
        "SameSite=Lax",
    ]


def test_revoked_session_is_believed_until_the_cache_ends(
    cached: Flask, visitor: Browser, clock: Clock
) -> None:
    """That is the price; a reader that asks for the truth gets it."""
    change(cached, "delete from session")
    assert visitor.session() is not None
    assert visitor.ask("/get-session?disableCookieCache=true").json is None


def test_caller_can_ask_for_the_truth(visitor: Browser, statements: list[str]) -> None:
    """`disableCookieCache` reads the store and writes a new cache."""
    statements.clear()
    response = visitor.ask("/get-session?disableCookieCache=true")
    assert len(statements) == 1
    assert [line.partition("=")[0] for line in set_cookies(response)] == [
        "better-auth.session_data"
    ]


def test_undecodable_cache_is_replaced(visitor: Browser) -> None:
    """Expired first, then written anew: the last line counts."""
    visitor.keep("session_data", "nonsense")
    response = visitor.ask("/get-session")
    assert answer(response) == (200, {"session": session(), "user": user()})
    written = visitor.cookie("session_data")
    assert written != "nonsense"
    assert set_cookies(response) == [
        expired("session_data"),
        f"better-auth.session_data={written}; Max-Age=300; Path=/; HttpOnly; "
        "SameSite=Lax",
    ]


def test_cache_without_a_session_cookie_is_nobody(
    cached: Flask, visitor: Browser, statements: list[str]
) -> None:
    """Alone it signs nobody in, and is left alone."""
    visitor.forget("session_token")
    statements.clear()
    response = visitor.ask("/get-session")
    assert answer(response) == (200, None)
    assert set_cookies(response) == []
    assert statements == []


def test_cache_of_another_session_is_not_believed(
    cached: Flask, visitor: Browser
) -> None:
    """Token and cache must belong together."""
    other = browser(cached)
    other.sign_in()
    other.keep("session_data", visitor.cookie("session_data") or "")
    token = other.ask("/get-session").json["session"]["token"]
    assert sealed(token) == other.cookie("session_token")


def test_cache_of_a_session_that_is_not_remembered_lasts_a_minute(
    cached: Flask, clock: Clock, statements: list[str]
) -> None:
    """Its cookies end with the browser; reading it writes none again."""
    visitor = browser(cached)
    response = visitor.sign_up(rememberMe=False)
    data = visitor.cookie("session_data")
    assert set_cookies(response) == [
        token_cookie(response.json["token"], max_age=None),
        DONT_REMEMBER,
        f"better-auth.session_data={data}; Path=/; HttpOnly; SameSite=Lax",
    ]
    assert snapshot(data or "")["expiresAt"] == 1893456000000 + 60_000
    clock.move(seconds=60)
    statements.clear()
    assert visitor.session() is not None
    assert statements == []
    clock.move(seconds=0.001)
    response = visitor.ask("/get-session")
    assert response.json is not None
    assert len(statements) == 1
    assert set_cookies(response) == [expired("session_data")]


def test_cache_left_over_from_when_it_was_on_is_removed(
    signed_in: Browser,
) -> None:
    """Off, it is never decoded; it and its chunks go, also without a session."""
    for name in ("session_data", "session_data.0", "session_data.1"):
        signed_in.keep(name, "nonsense")
    signed_in.keep("session_data.01", "of somebody else")
    response = signed_in.ask("/get-session")
    swept = [expired(f"session_data{part}") for part in ("", ".0", ".1")]
    assert set_cookies(response) == swept
    signed_in.keep("session_data", "nonsense")
    signed_in.forget("session_token")
    response = signed_in.ask("/get-session")
    assert (response.data, set_cookies(response)) == (b"null", swept[:1])


def test_version_drops_every_cache_at_once(make_app: MakeApp) -> None:
    """Raising it makes what was written before unbelievable."""
    app = make_app(session=CACHED)
    visitor = browser(app)
    visitor.sign_up()
    raised = make_app(
        session={"cookie_cache": {"enabled": True, "version": "2"}},
        config={"SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"]},
    )
    later = browser(raised)
    later.keep("session_token", visitor.cookie("session_token") or "")
    later.keep("session_data", visitor.cookie("session_data") or "")
    change(app, "update \"user\" set name = 'Eve'")
    response = later.ask("/get-session")
    assert response.json["user"]["name"] == "Eve"
    assert snapshot(later.cookie("session_data") or "")["session"]["version"] == "2"


def test_version_may_be_worked_out(make_app: MakeApp) -> None:
    """A callable gets session and user in wire form."""

    def version(session: dict[str, Any], user: dict[str, Any]) -> str:
        return f"{user['email']}-{session['ipAddress']}"

    app = make_app(session={"cookie_cache": {"enabled": True, "version": version}})
    visitor = browser(app)
    visitor.sign_up()
    held = snapshot(visitor.cookie("session_data") or "")
    assert held["session"]["version"] == "ada@example.com-127.0.0.1"
    change(app, "delete from session")
    assert visitor.session() is not None


def test_large_cache_comes_in_chunks(cached: Flask, statements: list[str]) -> None:
    """Each line stays under the limit, and together they are believed."""
    visitor = browser(cached)
    response = visitor.sign_up(name="x" * 6000)
    lines = set_cookies(response)
    assert [line.partition("=")[0] for line in lines] == [
        "better-auth.session_token",
        "better-auth.session_data.0",
        "better-auth.session_data.1",
        "better-auth.session_data.2",
    ]
    assert max(len(line) for line in lines) <= 4050
    statements.clear()
    assert visitor.session()["user"]["name"] == "x" * 6000
    assert statements == []
    response = visitor.call("/update-user", {"name": "short"})
    assert [line for line in set_cookies(response) if "Max-Age=0" in line] == [
        expired(f"session_data.{index}") for index in range(3)
    ]
    assert visitor.session()["user"]["name"] == "short"
