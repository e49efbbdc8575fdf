"""Decorators for views, and the signals an app can listen to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from flask import Flask
from markupsafe import escape

from flask_better_auth import current_user
from flask_better_auth import fresh_login_required
from flask_better_auth import login_required
from tests.browsing import ADA
from tests.browsing import Browser
from tests.browsing import set_cookies
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import CLEARED
from tests.expected import NOT_FRESH
from tests.expected import UNAUTHORIZED
from tests.expected import answer
from tests.rows import change

MakeApp = Callable[..., Flask]

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
JSON = {"Accept": "application/json"}


def add_views(app: Flask) -> None:
    """Views for people who are signed in, some of them async."""

    @app.route("/preflight", methods=["POST", "OPTIONS"])
    @login_required
    def preflight() -> tuple[str, int]:
        return "", 204

    @app.route("/mine", methods=["GET", "POST"])
    @login_required
    def mine() -> dict[str, str]:
        """What is mine."""
        return {"name": current_user.name}

    @app.route("/delicate", methods=["GET", "POST"])
    @fresh_login_required
    def delicate() -> str:
        return "delicate"

    @app.get("/async/<word>")
    @login_required
    async def later(word: str) -> dict[str, str]:
        return {"word": word, "name": current_user.name}

    @app.get("/async-delicate")
    @fresh_login_required
    async def delicate_later() -> str:
        return "delicate"


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """An app with guarded views."""
    return make_app(prepare=add_views)


GUARDED = ["/mine", "/delicate", "/async/x", "/async-delicate"]


# -- signed in -------------------------------------------------------------------------


def test_whoever_is_signed_in_gets_through(signed_in: Browser) -> None:
    """Sync and async views alike, arguments included."""
    assert signed_in.get("/mine").json == {"name": "Ada"}
    assert signed_in.get("/async/x").json == {"word": "x", "name": "Ada"}
    assert signed_in.get("/delicate").text == "delicate"
    assert signed_in.get("/async-delicate").text == "delicate"


def test_view_keeps_its_name(app: Flask) -> None:
    """And its docstring: `flask routes` and templates go by it."""
    assert app.view_functions["mine"].__name__ == "mine"
    assert app.view_functions["mine"].__doc__ == "What is mine."


@pytest.mark.parametrize("path", GUARDED)
def test_program_is_told_401(client: Browser, path: str) -> None:
    """In the protocol's shape; `*/*` is what programs send."""
    for accept in ("application/json", "*/*", "text/plain"):
        response = client.get(path, headers={"Accept": accept})
        assert answer(response) == (401, UNAUTHORIZED)
        assert response.content_type == "application/json"
        assert response.headers["Vary"] == "Cookie"


@pytest.mark.parametrize("path", GUARDED)
def test_browser_is_led_to_the_sign_in_page(
    app: Flask, client: Browser, path: str
) -> None:
    """And back, query included."""
    here = f"{path}?a=1&b=%2F%2Fx"
    response = client.get(here, headers=HTML)
    assert response.status_code == 303
    assert urlsplit(response.location).path == "/auth/sign-in"
    assert parse_qs(urlsplit(response.location).query) == {"next": [here]}
    browser(app).sign_up()
    page = client.get(response.location)
    assert f'name="next" value="{escape(here)}"' in page.text
    done = client.submit(response.location, {**ADA, "next": here})
    assert (done.status_code, done.location) == (303, here)


def test_form_that_was_posted_is_not_led_back(client: Browser) -> None:
    """Its fields are gone, so coming back by GET would show something else."""
    response = client.post("/mine", headers=HTML)
    assert (response.status_code, response.location) == (303, "/auth/sign-in")


def test_without_pages_everybody_is_told_401(make_app: MakeApp) -> None:
    """There is nowhere to lead to."""
    visitor = browser(make_app(pages={"enabled": False}, prepare=add_views))
    assert answer(visitor.get("/mine", headers=HTML)) == (401, UNAUTHORIZED)


def test_options_is_no_way_around(client: Browser) -> None:
    """What Flask answers by itself stays open; a view that takes it is guarded."""
    assert client.options("/mine").status_code == 200
    for ask in (client.options, client.post):
        assert answer(ask("/preflight", headers=JSON)) == (401, UNAUTHORIZED)


def test_revoked_session_is_refused_and_cleared(app: Flask, signed_in: Browser) -> None:
    """At the very next request."""
    change(app, "delete from session")
    response = signed_in.get("/mine", headers=JSON)
    assert answer(response) == (401, UNAUTHORIZED)
    assert set_cookies(response) == CLEARED


# -- fresh -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/delicate", "/async-delicate"])
def test_old_session_must_be_proved_again(
    signed_in: Browser, clock: Clock, path: str
) -> None:
    """A program is told 403, a browser is led to the page that asks, and back."""
    clock.move(days=1)
    assert signed_in.get("/mine").status_code == 200
    assert answer(signed_in.get(path, headers=JSON)) == (403, NOT_FRESH)
    response = signed_in.get(f"{path}?x=1", headers=HTML)
    assert response.status_code == 303
    done = signed_in.submit(
        response.location, {"password": ADA["password"], "next": f"{path}?x=1"}
    )
    assert (done.status_code, done.location) == (303, f"{path}?x=1")
    assert signed_in.get(path).text == "delicate"


def test_freshness_ends_to_the_millisecond(signed_in: Browser, clock: Clock) -> None:
    """Less than a day after signing in."""
    clock.move(seconds=86399.999)
    assert signed_in.get("/delicate", headers=JSON).status_code == 200
    clock.move(seconds=0.001)
    assert signed_in.get("/delicate", headers=JSON).status_code == 403


def test_nobody_is_not_asked_to_prove_anything(client: Browser) -> None:
    """But to sign in."""
    assert answer(client.get("/delicate", headers=JSON)) == (401, UNAUTHORIZED)
    response = client.get("/delicate", headers=HTML)
    assert response.location.startswith("/auth/sign-in?next=")


def test_guard_lets_nobody_through_when_the_store_fails(
    app: Flask, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong, the view does not run."""

    def fail(self: Any, token: str) -> None:
        raise RuntimeError("broken")

    records = type(app.extensions["better_auth"].session_records)
    monkeypatch.setattr(records, "find", fail)
    app.testing = False
    response = signed_in.get("/mine")
    assert response.status_code == 500
    assert "Ada" not in response.text


def test_database_that_is_away_is_a_503(app: Flask, signed_in: Browser) -> None:
    """Nobody is taken for signed out, and no cookie is cleared."""
    change(app, "alter table session rename to away")
    response = signed_in.get("/mine", headers=JSON)
    assert response.status_code == 503
    assert set_cookies(response) == []
    change(app, "alter table away rename to session")
    assert signed_in.get("/mine").status_code == 200
