"""Who is signed in, for views: what it costs, and what reaches the browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask import Response
from flask import g
from flask import make_response
from flask import render_template_string

from flask_better_auth import current_session
from flask_better_auth import current_user
from flask_better_auth import session_refreshed
from tests.browsing import Browser
from tests.browsing import cookie_names
from tests.browsing import set_cookies
from tests.clock import START
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import CLEARED
from tests.expected import sealed
from tests.expected import token_cookie
from tests.rows import change
from tests.rows import rows

MakeApp = Callable[..., Flask]


def add_views(app: Flask) -> None:
    """Views that look at who is signed in, each in its own way."""

    @app.get("/public")
    def public() -> str:
        return "public"

    @app.get("/session")
    def session() -> dict[str, Any]:
        view = g.auth_session
        return {"name": view.user.name if view else None}

    @app.get("/user")
    def user() -> dict[str, Any]:
        return {"name": current_user.name if current_user else None}

    @app.get("/cacheable")
    def cacheable() -> Response:
        response = make_response("for everybody")
        response.headers["Cache-Control"] = "public, max-age=60"
        return response


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """An app with views of its own."""
    return make_app(prepare=add_views)


# -- what views see --------------------------------------------------------------------


def test_nobody_is_none_everywhere(client: Browser) -> None:
    """`g.auth_session` is None, `current_user` false."""
    assert client.get("/session").json == {"name": None}
    assert client.get("/user").json == {"name": None}


def test_views_see_session_and_user(app: Flask, make_app: MakeApp) -> None:
    """The session with its fields, and the model instance of the app's session."""
    seen: dict[str, Any] = {}

    def add(app: Flask) -> None:
        @app.get("/all")
        def look() -> str:
            view = g.auth_session
            seen.update(
                email=view.user.email,
                user_id=view.user.id,
                expires_at=view.session.expires_at,
                same=current_session() is view,
                model=current_user._get_current_object(),
                attached=current_user._get_current_object()
                in app.extensions["sqlalchemy"].session,
            )
            return "fine"

    visitor = browser(make_app(prepare=add))
    visitor.sign_up()
    assert visitor.get("/all").text == "fine"
    model = seen.pop("model")
    assert model.id == seen.pop("user_id")
    assert seen == {
        "email": "ada@example.com",
        "expires_at": START + timedelta(days=7),
        "same": True,
        "attached": True,
    }


def test_user_can_be_changed_and_committed_by_the_app(make_app: MakeApp) -> None:
    """It is an ordinary instance."""

    def add(app: Flask) -> None:
        @app.post("/rename")
        def rename() -> str:
            current_user.name = "Countess"
            app.extensions["sqlalchemy"].session.commit()
            return "fine"

    app = make_app(prepare=add)
    visitor = browser(app)
    visitor.sign_up()
    visitor.post("/rename")
    assert rows(app, "user")[0]["name"] == "Countess"


def test_templates_see_them_too(make_app: MakeApp) -> None:
    """Also in macros that are imported without context."""

    def add(app: Flask) -> None:
        @app.get("/template")
        def template() -> str:
            return render_template_string(
                "{% if auth_session %}{{ auth_session.user.name }} "
                "{{ current_user.email }}{% else %}nobody{% endif %} "
                "{{ better_auth.url('sign_in', next='/x') }}"
            )

    visitor = browser(make_app(prepare=add))
    assert visitor.get("/template").text == "nobody /auth/sign-in?next=/x"
    visitor.sign_up()
    assert visitor.get("/template").text == (
        "Ada ada@example.com /auth/sign-in?next=/x"
    )


def test_outside_of_a_request_nobody_is_signed_in(app: Flask) -> None:
    """In a command or a job."""
    assert current_session() is None
    with app.app_context():
        assert not current_user
        assert current_session() is None


@pytest.mark.parametrize("value", ["nonsense", sealed("x" * 32, secret="another")])
def test_badly_signed_cookie_is_nobody(client: Browser, value: str) -> None:
    """And stays where it is."""
    client.keep("session_token", value)
    response = client.get("/session")
    assert response.json == {"name": None}
    assert set_cookies(response) == []


def test_session_that_is_over_is_cleared(app: Flask, signed_in: Browser) -> None:
    """By any page that looked."""
    change(app, "delete from session")
    response = signed_in.get("/session")
    assert response.json == {"name": None}
    assert set_cookies(response) == CLEARED
    assert signed_in.cookie("session_token") is None


def test_user_of_a_cached_session_who_is_gone_is_none(make_app: MakeApp) -> None:
    """The copy says there was somebody; the database says there is not."""
    app = make_app(session={"cookie_cache": {"enabled": True}}, prepare=add_views)
    visitor = browser(app)
    visitor.sign_up()
    change(app, 'delete from "user"')
    assert visitor.get("/session").json == {"name": "Ada"}
    assert visitor.get("/user").json == {"name": None}


# -- what it costs ---------------------------------------------------------------------


def test_without_a_cookie_there_is_no_sql(
    client: Browser, statements: list[str]
) -> None:
    """Neither for public views, nor for those that ask."""
    for path in ("/public", "/session", "/user"):
        client.get(path)
    client.set_cookie("theme", "dark")
    client.get("/session")
    assert statements == []


def test_forged_cookie_costs_no_sql(client: Browser, statements: list[str]) -> None:
    """The signature is checked first."""
    client.keep("session_token", sealed("x" * 32, secret="another"))
    client.get("/session")
    assert statements == []


def test_session_from_the_database_costs_one_statement(
    signed_in: Browser, statements: list[str]
) -> None:
    """However often it is looked at."""
    statements.clear()
    signed_in.get("/session")
    assert len(statements) == 1
    signed_in.get("/public")
    assert len(statements) == 2


def test_user_costs_one_more_when_it_is_touched(
    signed_in: Browser, statements: list[str]
) -> None:
    """And only then."""
    statements.clear()
    signed_in.get("/user")
    assert len(statements) == 2


def test_cache_hit_costs_no_sql(make_app: MakeApp, statements: list[str]) -> None:
    """A view that needs no more than the session."""
    visitor = browser(
        make_app(session={"cookie_cache": {"enabled": True}}, prepare=add_views)
    )
    visitor.sign_up()
    statements.clear()
    assert visitor.get("/session").json == {"name": "Ada"}
    assert statements == []
    assert visitor.get("/user").json == {"name": "Ada"}
    assert len(statements) == 1


def test_static_files_are_left_out(
    app: Flask, signed_in: Browser, statements: list[str]
) -> None:
    """Ours and the app's: no SQL, and nothing said about cookies."""
    statements.clear()
    response = signed_in.get("/auth/static/better_auth/better_auth.css")
    response.close()
    assert response.status_code == 200
    assert response.content_type == "text/css; charset=utf-8"
    assert "Vary" not in response.headers
    signed_in.get("/static/nothing.css")
    assert statements == []


def test_path_that_is_nowhere_costs_nothing(
    signed_in: Browser, statements: list[str]
) -> None:
    """A 404 of Flask's own is for everybody."""
    statements.clear()
    assert signed_in.get("/nowhere").status_code == 404
    assert statements == []


# -- what reaches the browser ----------------------------------------------------------


def test_refresh_reaches_the_browser_from_any_view(
    app: Flask, signed_in: Browser, clock: Clock
) -> None:
    """Row and cookie are extended together, whoever looked."""
    token = signed_in.session()["session"]["token"]
    clock.move(days=1)
    response = signed_in.get("/public")
    assert set_cookies(response) == [token_cookie(token)]
    assert rows(app, "session")[0]["expiresAt"] == "2030-01-09T00:00:00.000Z"


def test_cache_is_renewed_from_any_view(make_app: MakeApp, clock: Clock) -> None:
    """So the next request is free again."""
    visitor = browser(
        make_app(session={"cookie_cache": {"enabled": True}}, prepare=add_views)
    )
    visitor.sign_up()
    clock.move(seconds=301)
    assert cookie_names(visitor.get("/session"))[-1] == "better-auth.session_data"
    assert set_cookies(visitor.get("/session")) == []


def test_refresh_reaches_the_browser_from_an_error_too(
    make_app: MakeApp, clock: Clock
) -> None:
    """After-request functions run for every answer."""

    def add(app: Flask) -> None:
        @app.get("/forbidden")
        def forbidden() -> tuple[str, int]:
            return "no", 403

    visitor = browser(make_app(prepare=add))
    visitor.sign_up()
    clock.move(days=1)
    assert len(set_cookies(visitor.get("/forbidden"))) == 1


def test_refresh_is_signalled_once(
    app: Flask, signed_in: Browser, clock: Clock
) -> None:
    """With the session as it is now."""
    seen: list[Any] = []

    def see(sender: Flask, session: Any) -> None:
        seen.append((sender, session.session.expires_at))

    with session_refreshed.connected_to(see, app):
        signed_in.get("/session")
        clock.move(days=1)
        signed_in.get("/session")
        clock.move(days=1)
        signed_in.ask("/get-session")
    assert seen == [
        (app, START + timedelta(days=8)),
        (app, START + timedelta(days=9)),
    ]


@pytest.mark.parametrize("path", ["/public", "/session"])
def test_answers_vary_with_the_cookie(signed_in: Browser, path: str) -> None:
    """A proxy must not give one visitor's page to another."""
    assert signed_in.get(path).headers["Vary"] == "Cookie"
    signed_in.forget("session_token")
    response = signed_in.get(path)
    assert response.headers["Vary"] == "Cookie"
    assert "Cache-Control" not in response.headers


def test_vary_of_the_app_is_kept(make_app: MakeApp) -> None:
    """Cookie is added to it, once."""

    def add(app: Flask) -> None:
        @app.get("/vary/<value>")
        def vary(value: str) -> Response:
            response = make_response("x")
            response.headers["Vary"] = value
            return response

    visitor = browser(make_app(prepare=add))
    for value, names in (
        ("Accept", {"accept", "cookie"}),
        ("Accept, Cookie", {"accept", "cookie"}),
        ("cookie", {"cookie"}),
        ("*", {"*"}),
        ("X-Cookie-Free", {"x-cookie-free", "cookie"}),
    ):
        sent = ",".join(visitor.get(f"/vary/{value}").headers.getlist("Vary"))
        found = [name.strip().lower() for name in sent.split(",")]
        assert sorted(found) == sorted(names), value


def test_personal_answers_are_not_to_be_stored(signed_in: Browser) -> None:
    """Unless the view says otherwise."""
    assert signed_in.get("/session").headers["Cache-Control"] == "no-store"
    cached = signed_in.get("/cacheable").headers["Cache-Control"]
    assert cached == "public, max-age=60"


def test_answer_that_clears_cookies_is_not_to_be_stored(
    app: Flask, signed_in: Browser
) -> None:
    """Others must not be signed out by it."""
    change(app, "delete from session")
    response = signed_in.get("/public")
    assert set_cookies(response) == CLEARED
    assert response.headers["Cache-Control"] == "no-store"


def test_cookies_are_secure_over_https(app: Flask, client: Browser) -> None:
    """Whatever the base URL says; the name stays, so nobody is signed out."""
    response = client.post(
        "/api/auth/sign-up/email",
        base_url="https://localhost:3000",
        json={"name": "", "email": "eve@example.com", "password": "12345678"},
    )
    [line] = set_cookies(response)
    assert line.endswith("; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax")
    assert line.startswith("better-auth.session_token=")


def test_names_are_secure_when_the_base_url_is_https(
    make_app: MakeApp, clock: Clock
) -> None:
    """Also where a proxy hides the https: the option decides."""
    app = make_app(base_url="https://shop.example", prepare=add_views)
    visitor = browser(app)
    response = visitor.post(
        "/api/auth/sign-up/email",
        base_url="http://shop.example",
        json={"name": "", "email": "eve@example.com", "password": "12345678"},
    )
    [line] = set_cookies(response)
    assert line.startswith("__Secure-better-auth.session_token=")
    assert line.endswith("; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax")
    clock.move(days=1)
    response = visitor.get("/session", base_url="http://shop.example")
    assert response.json == {"name": ""}
    assert cookie_names(response) == ["__Secure-better-auth.session_token"]
