"""``auth.api``: every endpoint for the app's own code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask import Response
from flask import g

from flask_better_auth import APIError
from flask_better_auth import BetterAuth
from flask_better_auth import Context
from flask_better_auth import current_user
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import set_cookies
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import CLEARED
from tests.expected import RANDOM
from tests.expected import answer
from tests.expected import sealed
from tests.expected import session
from tests.expected import token_cookie
from tests.expected import user
from tests.rows import rows
from tests.runtime.plugins import talk

MakeApp = Callable[..., Flask]


@pytest.fixture
def auth(make_auth: Callable[..., BetterAuth]) -> BetterAuth:
    """The extension that `app` is made with."""
    return make_auth(plugins=[talk])


@pytest.fixture
def app(make_app: MakeApp, auth: BetterAuth) -> Flask:
    """An app whose extension the test holds."""
    return make_app(auth)


# -- outside of a request --------------------------------------------------------------


def test_result_has_the_wire_form(app: Flask, auth: BetterAuth) -> None:
    """And the work is committed."""
    with app.app_context():
        result = auth.api.sign_up_email(body=ADA)
    assert result == {"token": RANDOM, "user": user()}
    [row] = rows(app, "session")
    assert (row["ipAddress"], row["userAgent"]) == ("", "")


def test_error_is_raised(app: Flask, auth: BetterAuth) -> None:
    """With everything the client would get."""
    with app.app_context(), pytest.raises(APIError) as raised:
        auth.api.sign_in_email(body=ADA)
    error = raised.value
    assert (error.status, error.status_code) == (401, 401)
    assert error.code == "INVALID_EMAIL_OR_PASSWORD"
    assert error.message == str(error) == "Invalid email or password"
    assert error.body == {"message": error.message, "code": error.code}


def test_body_may_use_either_spelling(app: Flask, auth: BetterAuth) -> None:
    """Python's names are welcome here; over HTTP only those of the wire count."""
    with app.app_context():
        auth.api.sign_up_email(body=ADA)
        for body in (
            {**ADA, "remember_me": False},
            {**ADA, "rememberMe": False},
        ):
            auth.api.sign_in_email(body=body)
    ends = [row["expiresAt"] for row in rows(app, "session")]
    assert ends == ["2030-01-08T00:00:00.000Z", *["2030-01-02T00:00:00.000Z"] * 2]


def test_validation_runs(app: Flask, auth: BetterAuth) -> None:
    """Your own code makes mistakes too."""
    with app.app_context(), pytest.raises(APIError) as raised:
        auth.api.sign_up_email(body={})
    assert (raised.value.status, raised.value.code) == (400, "VALIDATION_ERROR")


def test_hooks_run_and_doors_do_not(make_auth: Any, make_app: MakeApp) -> None:
    """No limit, no origin check, no disabled path for your own code."""
    seen: list[str] = []

    def see(ctx: Context) -> None:
        seen.append(ctx.endpoint.name)

    auth = make_auth(
        hooks={"before": see},
        disabled_paths=["/sign-up/email"],
        rate_limit={"enabled": True, "max": 1},
    )
    app = make_app(auth)
    with app.app_context():
        auth.api.sign_up_email(body={**ADA, "callbackURL": "https://evil.example"})
        for _ in range(5):
            auth.api.sign_in_email(body=ADA)
    assert seen == ["sign_up_email", *["sign_in_email"] * 5]


def test_headers_carry_a_session(app: Flask, auth: BetterAuth) -> None:
    """In whatever case their names are."""
    with app.app_context():
        token = auth.api.sign_up_email(body=ADA)["token"]
        for name in ("Cookie", "cookie"):
            headers = {name: f"better-auth.session_token={sealed(token)}"}
            found = auth.api.get_session(headers=headers)
            assert found == {
                "session": session(ipAddress="", userAgent=""),
                "user": user(),
            }
        assert auth.api.get_session() is None
        assert auth.api.get_session(headers={}) is None


def test_headers_of_the_answer_can_be_had(app: Flask, auth: BetterAuth) -> None:
    """Cookies as lines, in order."""
    with app.app_context():
        result = auth.api.sign_up_email(body=ADA, return_headers=True)
    token = result["response"]["token"]
    assert result == {
        "headers": [("Set-Cookie", token_cookie(token))],
        "response": {"token": token, "user": user()},
    }


def test_response_can_be_had(app: Flask, auth: BetterAuth) -> None:
    """Errors included, which are not raised then."""
    with app.app_context():
        fine = auth.api.sign_up_email(body=ADA, as_response=True)
        refused = auth.api.sign_up_email(body=ADA, as_response=True)
    assert isinstance(fine, Response)
    assert (fine.status_code, fine.json) == (200, {"token": RANDOM, "user": user()})
    assert fine.headers.getlist("Set-Cookie") == [token_cookie(fine.json["token"])]
    assert refused.status_code == 422
    assert refused.json["code"] == "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"


def test_query_reaches_the_endpoint(app: Flask, auth: BetterAuth, clock: Clock) -> None:
    """As over HTTP."""
    with app.app_context():
        token = auth.api.sign_up_email(body=ADA)["token"]
        clock.move(days=2)
        headers = {"Cookie": f"better-auth.session_token={sealed(token)}"}
        kept = auth.api.get_session(headers=headers, query={"disableRefresh": "true"})
        moved = auth.api.get_session(headers=headers)
    assert kept["session"]["expiresAt"] == "2030-01-08T00:00:00.000Z"
    assert moved["session"]["expiresAt"] == "2030-01-10T00:00:00.000Z"


def test_every_endpoint_has_a_function(app: Flask, auth: BetterAuth) -> None:
    """Also those that have no path; the docstring says what it does."""
    with app.app_context():
        assert set(dir(auth.api)) == {one.name for one in auth.api}
        assert {"sign_in_email", "get_session", "on_the_server"} <= set(dir(auth.api))
        assert auth.api.on_the_server() == {"door": "server"}
        assert auth.api.echo.__name__ == "echo"
        assert auth.api.echo.__doc__ == "Say it again."


def test_name_that_is_none_is_an_attribute_error(app: Flask, auth: BetterAuth) -> None:
    """So that `hasattr` works, and mistakes are named."""
    with app.app_context():
        with pytest.raises(AttributeError, match="no endpoint is called 'sign_inn'"):
            auth.api.sign_inn(body=ADA)
        assert not hasattr(auth.api, "_private")


def test_without_an_app_the_cure_is_named(auth: BetterAuth) -> None:
    """One needs an app context, as everywhere in Flask."""
    with pytest.raises(RuntimeError, match="Working outside of application context"):
        auth.api.ok()


# -- inside a request ------------------------------------------------------------------


def test_call_acts_for_the_request(app: Flask, auth: BetterAuth) -> None:
    """Its cookies, its address, its user agent; the response carries the cookies."""

    @app.post("/own-sign-up")
    def own_sign_up() -> dict[str, Any]:
        auth.api.sign_up_email(body=ADA)
        assert g.auth_session.user.email == ADA["email"]
        return {"name": current_user.name}

    visitor = browser(app)
    response = visitor.post("/own-sign-up", headers={"User-Agent": "Toaster"})
    assert answer(response) == (200, {"name": "Ada"})
    assert visitor.session()["session"] == session(userAgent="Toaster")


def test_call_finds_who_is_signed_in(app: Flask, auth: BetterAuth) -> None:
    """Without being told."""

    @app.get("/own")
    def own() -> dict[str, Any]:
        return {
            "session": auth.api.get_session(),
            "list": len(auth.api.list_sessions()),
        }

    visitor = browser(app)
    visitor.sign_up()
    expected = {"session": session(), "user": user()}
    assert visitor.get("/own").json == {"session": expected, "list": 1}


def test_sign_out_reaches_the_browser(app: Flask, auth: BetterAuth) -> None:
    """And nobody is signed in for the rest of the request."""

    @app.post("/bye")
    def bye() -> dict[str, Any]:
        auth.api.sign_out()
        return {"session": g.auth_session, "user": bool(current_user)}

    visitor = browser(app)
    visitor.sign_up()
    response = visitor.post("/bye")
    assert answer(response) == (200, {"session": None, "user": False})
    assert set_cookies(response) == CLEARED
    assert rows(app, "session") == []


def test_headers_given_are_about_somebody_else(app: Flask, auth: BetterAuth) -> None:
    """The current response stays as it is then."""

    @app.post("/as-nobody")
    def as_nobody() -> dict[str, Any]:
        auth.api.sign_in_email(body=EVE, headers={})
        return {"seen": auth.api.get_session(headers={})}

    visitor = browser(app)
    browser(app).sign_up(EVE)
    visitor.sign_up()
    response = visitor.post("/as-nobody")
    assert answer(response) == (200, {"seen": None})
    assert set_cookies(response) == []
    assert visitor.session()["user"]["name"] == "Ada"


def test_error_that_a_view_lets_through_becomes_the_answer(
    app: Flask, auth: BetterAuth
) -> None:
    """In the protocol's shape."""

    @app.post("/own-sign-in")
    def own_sign_in() -> dict[str, Any]:
        result: dict[str, Any] = auth.api.sign_in_email(body=ADA)
        return result

    response = browser(app).post("/own-sign-in")
    assert answer(response) == (
        401,
        {"message": "Invalid email or password", "code": "INVALID_EMAIL_OR_PASSWORD"},
    )


def test_session_is_refreshed_once_however_many_look(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp, clock: Clock
) -> None:
    """The browser is told of it once, and nothing is asked twice."""
    auth = make_auth(session={"update_age": 60})
    app = make_app(auth)

    @app.get("/own")
    def own() -> dict[str, Any]:
        auth.api.list_sessions()
        auth.api.get_session()
        return {"ends": g.auth_session.session.expires_at.isoformat()}

    visitor = browser(app)
    token = visitor.sign_up().json["token"]
    clock.move(seconds=60)
    response = visitor.get("/own")
    assert response.json == {"ends": "2030-01-08T00:01:00+00:00"}
    assert set_cookies(response) == [token_cookie(token)]
