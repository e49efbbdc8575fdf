"""Apps that do things of their own around us."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask import request

from flask_better_auth import login_required
from flask_better_auth import session_refreshed
from tests.browsing import ADA
from tests.browsing import ORIGIN
from tests.browsing import cookie_names
from tests.clock import Clock
from tests.conftest import browser

MakeApp = Callable[..., Flask]


@pytest.mark.parametrize("read", [lambda: request.get_data(), lambda: request.form])
@pytest.mark.parametrize("kind", ["json", "data"])
def test_body_may_have_been_read_before(
    make_app: MakeApp, read: Callable[[], Any], kind: str
) -> None:
    """A function of the app that looks at it, say to log it, takes nothing away."""

    def look() -> None:
        read()

    app = make_app(prepare=lambda app: app.before_request(look))
    response = browser(app).post(
        "/api/auth/sign-up/email", headers={"Origin": ORIGIN}, **{kind: ADA}
    )
    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ([], ["Cookie"]),
        (["Accept-Encoding", "Origin"], ["Accept-Encoding", "Origin", "Cookie"]),
        (["X-Cookie-Consent"], ["X-Cookie-Consent", "Cookie"]),
        (["Accept, cookie"], ["Accept, cookie"]),
        (["Origin", "*"], ["Origin", "*"]),
    ],
)
def test_caches_are_told_of_cookies_besides_what_the_app_tells(
    make_app: MakeApp, sent: list[str], wanted: list[str]
) -> None:
    """Each line of the app's own stays: one that went would mix its answers up."""
    app = make_app()

    @app.get("/")
    def view() -> tuple[str, list[tuple[str, str]]]:
        return "", [("Vary", name) for name in sent]

    assert browser(app).get("/").headers.getlist("Vary") == wanted


@pytest.mark.parametrize("name", ["ecstatic", "static_page"])
def test_view_whose_name_is_like_static_is_a_view(make_app: MakeApp, name: str) -> None:
    """Only what serves files does without the session."""
    app = make_app()
    app.add_url_rule("/", name, login_required(lambda: "let in"))
    visitor = browser(app)
    visitor.sign_up()
    assert visitor.get("/").text == "let in"


def test_pages_know_where_the_app_is_mounted(make_app: MakeApp) -> None:
    """Forms and ways back have the prefix that the server takes off the path."""
    app = make_app()
    app.add_url_rule("/own", "own", login_required(lambda: ""))
    visitor = browser(app)
    mounted = {"base_url": f"{ORIGIN}/shop", "headers": {"Accept": "text/html"}}
    assert 'action="/shop/auth/sign-in"' in visitor.get("/auth/sign-in", **mounted).text
    for path in ("/own", "/auth/account"):
        location = visitor.get(path, **mounted).location
        assert location == f"/shop/auth/sign-in?next=/shop{path}"


@pytest.mark.parametrize("path", ["/own", "/api/auth/get-session"])
def test_receiver_that_fails_stops_no_refresh(
    make_app: MakeApp, clock: Clock, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """The session was extended by then: its cookies go out, and the log has a line."""
    app = make_app()
    app.add_url_rule("/own", "own", lambda: "let in")
    visitor = browser(app)
    visitor.sign_up()
    clock.move(days=2)

    def fail(sender: Flask, **data: Any) -> None:
        raise LookupError("no such receiver")

    with session_refreshed.connected_to(fail, app):
        response = visitor.get(path)
    assert response.status_code == 200
    assert cookie_names(response) == ["better-auth.session_token"]
    assert "no such receiver" in caplog.text
