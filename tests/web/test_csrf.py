"""Forms carry a token; the JSON endpoints do without, whoever guards the app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask import Request
from flask import session
from flask.sessions import SessionInterface
from flask.sessions import SessionMixin
from flask_wtf import CSRFProtect

from flask_better_auth import BetterAuth
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import Browser
from tests.browsing import alert
from tests.browsing import cookie_names
from tests.browsing import csrf_token
from tests.conftest import browser
from tests.rows import rows

MakeApp = Callable[..., Flask]

#: Page, the form on it, and what is sent with it.
FORMS = [
    ("/auth/sign-in", "sign_in", {**ADA, "remember_me": "true"}),
    ("/auth/sign-up", "sign_up", EVE),
    ("/auth/sign-out", "sign_out", {}),
    ("/auth/account", "profile", {"name": "Eve", "image": ""}),
    (
        "/auth/account",
        "password",
        {"current_password": ADA["password"], "new_password": "another one"},
    ),
    ("/auth/sessions", "revoke_others", {}),
    ("/auth/sessions", "revoke_all", {}),
    ("/auth/reauthenticate", "sign_in", ADA),
]


@pytest.fixture(params=[None, "a key of the app's own"])
def key(request: pytest.FixtureRequest) -> dict[str, str]:
    """The configuration of an app with and without a `SECRET_KEY`."""
    return {"SECRET_KEY": request.param} if request.param else {}


@pytest.mark.parametrize(("path", "form", "fields"), FORMS)
@pytest.mark.parametrize("token", [None, "", "nonsense"])
def test_form_without_its_token_does_nothing(
    app: Flask,
    signed_in: Browser,
    path: str,
    form: str,
    fields: dict[str, str],
    token: str | None,
) -> None:
    """The page comes again and says so; no row changes."""
    visitor = signed_in if path not in ("/auth/sign-in", "/auth/sign-up") else None
    visitor = visitor or browser(app)
    before = [rows(app, table) for table in ("user", "account", "session")]
    data = {**fields, "form": form}
    if token is not None:
        data["csrf_token"] = token
    response = visitor.post(path, data=data)
    assert response.status_code == 400
    assert alert(response) == "This form is no longer valid. Please send it again."
    assert set(cookie_names(response)) <= {"session"}  # Flask's, for the token
    assert before == [rows(app, table) for table in ("user", "account", "session")]


def test_form_without_its_token_keeps_what_was_typed(client: Browser) -> None:
    """Except for passwords, which are never shown."""
    response = client.post("/auth/sign-up", data={**ADA, "csrf_token": "stale"})
    assert 'value="Ada"' in response.text
    assert 'value="ada@example.com"' in response.text
    assert ADA["password"] not in response.text


def test_token_of_another_browser_is_refused(make_app: MakeApp, key: Any) -> None:
    """It belongs to the browser that loaded the page."""
    app = make_app(config=key)
    token = csrf_token(browser(app).get("/auth/sign-up"))
    other = browser(app)
    other.get("/auth/sign-up")
    response = other.post("/auth/sign-up", data={**ADA, "csrf_token": token})
    assert response.status_code == 400
    assert rows(app, "user") == []


def test_forms_work_with_and_without_a_key_of_the_app(
    make_app: MakeApp, key: dict[str, str]
) -> None:
    """An app that never needed a `SECRET_KEY` needs none for our pages."""
    app = make_app(config=key)
    visitor = browser(app)
    assert visitor.submit("/auth/sign-up", ADA).status_code == 303
    assert visitor.submit("/auth/sign-out").status_code == 303
    assert visitor.session() is None


def test_forms_work_where_sessions_are_kept_without_a_key(make_app: MakeApp) -> None:
    """An app may keep Flask's sessions on the server, and need no key for that."""

    class Kept(dict[str, Any], SessionMixin):
        pass

    class OnTheServer(SessionInterface):
        kept = Kept()

        def open_session(self, app: Flask, request: Request) -> Kept:
            return self.kept

        def save_session(self, *args: Any) -> None:
            pass

    def keep(app: Flask) -> None:
        app.session_interface = OnTheServer()

    visitor = browser(make_app(prepare=keep))
    assert visitor.submit("/auth/sign-up", ADA).status_code == 303
    assert visitor.post("/auth/sign-out").status_code == 400


def test_views_of_an_app_without_a_key_have_no_session(make_app: MakeApp) -> None:
    """Ours is for our forms alone: the app's views are told what they lack."""
    app = make_app()

    @app.get("/count")
    def count() -> str:
        session["count"] = 1
        return "counted"

    with pytest.raises(RuntimeError, match="no secret key was set"):
        browser(app).get("/count")


@pytest.fixture(params=["before", "after"])
def guarded(request: pytest.FixtureRequest, make_app: MakeApp) -> Flask:
    """An app whose `CSRFProtect` is initialised before us, or after."""
    protect = CSRFProtect()
    early = request.param == "before"
    app = make_app(
        config={"SECRET_KEY": "a key of the app's own"},
        prepare=protect.init_app if early else None,
    )
    if not early:
        protect.init_app(app)

    @app.post("/own")
    def own() -> str:
        return "done"

    return app


def test_json_endpoints_need_no_token(guarded: Flask) -> None:
    """They have the origin check; a token they could not have."""
    visitor = browser(guarded)
    visitor.sign_up()
    assert visitor.call("/update-user", {"name": "Eve"}).status_code == 200
    assert visitor.call("/sign-out").status_code == 200


def test_pages_check_their_token_themselves(guarded: Flask) -> None:
    """They work, also over https without a Referer, and refuse what has no token."""
    visitor = browser(guarded)
    response = visitor.submit(
        "/auth/sign-up", ADA, base_url="https://localhost", headers={}
    )
    assert response.status_code == 303
    assert browser(guarded).post("/auth/sign-in", data=ADA).status_code == 400


def test_views_of_the_app_stay_guarded(guarded: Flask) -> None:
    """We exempt ourselves, nobody else."""
    visitor = browser(guarded)
    assert visitor.post("/own").status_code == 400
    token = csrf_token(visitor.get("/auth/sign-in"))
    assert visitor.post("/own", data={"csrf_token": token}).status_code == 200


def test_app_may_switch_the_tokens_off(make_app: MakeApp) -> None:
    """`WTF_CSRF_ENABLED = False`, as tests of apps do."""
    visitor = browser(make_app(config={"WTF_CSRF_ENABLED": False}))
    assert visitor.post("/auth/sign-up", data=ADA).status_code == 303


def test_named_extension_is_exempt_in_each_app(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp
) -> None:
    """One extension for two apps, one of which is guarded."""
    auth = make_auth()
    protect = CSRFProtect()
    config = {"SECRET_KEY": "a key of the app's own"}
    first = make_app(auth, config=config)
    second = make_app(auth, config=config, prepare=protect.init_app)
    browser(first).sign_up()
    browser(second).sign_up()
