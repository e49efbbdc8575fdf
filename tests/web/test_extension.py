"""The extension: several apps, its database, its secret, and what it refuses."""

from __future__ import annotations

import logging
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from flask_better_auth import BetterAuth
from flask_better_auth import OptionsError
from flask_better_auth import current_user
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import ORIGIN
from tests.browsing import SECRET
from tests.browsing import Browser
from tests.conftest import browser
from tests.rows import rows

MakeApp = Callable[..., Flask]


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """An app that has nothing yet, not even a database."""
    app = Flask("bare", instance_path=str(tmp_path / "instance"))
    app.test_client_class = Browser
    yield app
    if "sqlalchemy" in app.extensions:
        with app.app_context():
            for engine in app.extensions["sqlalchemy"].engines.values():
                engine.dispose()


# -- setting up ------------------------------------------------------------------------


def test_app_in_the_constructor_is_initialised_at_once(bare: Flask) -> None:
    """The ten-line way."""
    auth = BetterAuth(bare, secret=SECRET, email_and_password={"enabled": True})
    with bare.app_context():
        auth.migrate()
    assert browser(bare).sign_up().status_code == 200
    assert bare.extensions["better_auth"].options.app_name == "Better Auth"


def test_second_init_app_is_refused(make_app: MakeApp) -> None:
    """With a sentence that says what to do instead."""
    app = make_app()
    with pytest.raises(RuntimeError) as raised:
        BetterAuth(app)
    assert str(raised.value) == (
        "this Flask app has a BetterAuth already; call init_app once, and give all "
        "plugins to that one"
    )


def test_refused_app_is_left_as_it_was(bare: Flask) -> None:
    """A wrong option, mended, can be tried again on the same app."""
    before = len(bare.before_request_funcs.get(None, []))
    with pytest.raises(OptionsError):
        BetterAuth(bare, secret=SECRET, sesion={})  # type: ignore[call-arg]
    assert "better_auth" not in bare.extensions
    assert len(bare.before_request_funcs.get(None, [])) == before
    BetterAuth(bare, secret=SECRET)


def test_without_an_app_the_cure_is_named(bare: Flask) -> None:
    """Not initialised, or no context."""
    auth = BetterAuth()
    with bare.app_context(), pytest.raises(RuntimeError) as raised:
        _ = auth.models
    assert str(raised.value) == "call BetterAuth.init_app(app) first"
    with pytest.raises(RuntimeError, match="Working outside of application context"):
        auth.migrate()


def test_extension_keeps_no_app(make_auth: Callable[..., BetterAuth]) -> None:
    """Its state is the app's."""
    auth = make_auth()
    app = Flask("kept")
    app.config.update(TESTING=True, SQLALCHEMY_DATABASE_URI="sqlite://")
    auth.init_app(app, db=SQLAlchemy())
    assert app not in vars(auth).values()


def test_configuration_is_read_once(make_app: MakeApp) -> None:
    """Later changes have no effect."""
    app = make_app(config={"BETTER_AUTH_APP_NAME": "Shop"})
    app.config["BETTER_AUTH_APP_NAME"] = "Changed"
    assert "Shop" in browser(app).get("/auth/sign-in").text


@pytest.mark.parametrize("key", ["BETTER_AUTH_SECRET", "SECRET_KEY"])
def test_secret_may_come_from_the_config(bare: Flask, key: str) -> None:
    """Ours, or the app's own."""
    bare.config[key] = SECRET
    BetterAuth(bare)
    assert bare.extensions["better_auth"].keys.current == SECRET


def test_secret_may_come_from_the_environment(
    bare: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As every deployment does it."""
    monkeypatch.setenv("BETTER_AUTH_SECRET", SECRET)
    monkeypatch.setenv("BETTER_AUTH_URL", "https://shop.example")
    BetterAuth(bare)
    auth = bare.extensions["better_auth"]
    assert auth.keys.current == SECRET
    assert auth.options.origin == "https://shop.example"


@pytest.mark.parametrize(
    ("secret", "complaint"),
    [
        (None, "option 'secret' is missing"),
        ("x", "option 'secret' has 1 characters"),
        ("better-auth-secret-12345678901234567890", "is the development default"),
    ],
)
def test_weak_secret_does_not_start(
    bare: Flask, secret: str | None, complaint: str
) -> None:
    """Outside of debug mode and tests."""
    with pytest.raises(OptionsError, match=complaint):
        BetterAuth(bare, secret=secret)


@pytest.mark.parametrize("mode", ["debug", "testing"])
def test_weak_secret_will_do_while_developing(bare: Flask, mode: str) -> None:
    """So that the first minute needs no setting."""
    setattr(bare, mode, True)
    BetterAuth(bare)
    assert bare.extensions["better_auth"].keys.current.startswith("better-auth-secret")


def test_limits_are_on_but_for_tests(bare: Flask, make_app: MakeApp) -> None:
    """In every other environment, debug mode included."""
    bare.debug = True
    BetterAuth(bare)
    assert bare.extensions["better_auth"].limiter is not None
    assert make_app().extensions["better_auth"].limiter is None
    limited = make_app(rate_limit={"enabled": True})
    assert limited.extensions["better_auth"].limiter is not None
    free = make_app(rate_limit={"enabled": False}, config={"TESTING": False})
    assert free.extensions["better_auth"].limiter is None


# -- the database ----------------------------------------------------------------------


def test_registered_db_is_used(bare: Flask) -> None:
    """The app's own, without being told."""
    bare.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy(bare)
    BetterAuth(bare, secret=SECRET)
    assert bare.extensions["better_auth"].db is db


def test_db_that_is_not_initialised_is(bare: Flask, tmp_path: Path) -> None:
    """Given to the constructor, or to init_app."""
    bare.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/own.sqlite"
    db = SQLAlchemy()
    BetterAuth(db=db, secret=SECRET).init_app(bare)
    assert bare.extensions["sqlalchemy"] is db
    assert bare.extensions["better_auth"].db is db


def test_without_a_db_a_file_in_the_instance_folder_is_used(
    bare: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """Which the log says; the folder is made."""
    caplog.set_level(logging.WARNING, "flask_better_auth")
    auth = BetterAuth(bare, secret=SECRET)
    with bare.app_context():
        auth.migrate()
    assert (Path(bare.instance_path) / "better_auth.sqlite").exists()
    assert "no database is configured" in caplog.text


def test_tables_may_lie_in_a_bind_of_their_own(
    make_app: MakeApp, tmp_path: Path
) -> None:
    """By the `__bind_key__` of the models' base."""
    db = SQLAlchemy()

    class Base(db.Model):  # type: ignore[name-defined,misc]
        __abstract__ = True
        __bind_key__ = "people"

    db.Model = Base
    people = f"sqlite:///{tmp_path}/people.sqlite"
    app = make_app(db=db, config={"SQLALCHEMY_BINDS": {"people": people}}, migrate=True)
    visitor = browser(app)
    visitor.sign_up()
    assert visitor.session()["user"]["name"] == "Ada"
    with app.app_context():
        assert db.inspect(db.engines["people"]).get_table_names() == [
            "account",
            "session",
            "user",
            "verification",
        ]
        assert db.inspect(db.engine).get_table_names() == []


# -- several apps ----------------------------------------------------------------------


def test_two_apps_live_side_by_side(make_app: MakeApp) -> None:
    """With options of their own, in one process and one thread."""
    shop = make_app(
        app_name="Shop",
        advanced={"cookie_prefix": "shop"},
        email_and_password={"min_password_length": 3},
        base_path="/accounts",
        pages={"prefix": "/me"},
    )
    forum = make_app(app_name="Forum", session={"expires_in": 3600})
    in_shop, in_forum = browser(shop), browser(forum)
    created = in_shop.post("/accounts/sign-up/email", json={**ADA, "password": "abc"})
    assert created.status_code == 200
    assert in_shop.get_cookie("shop.session_token") is not None
    assert in_forum.sign_up(EVE).json["user"]["name"] == "Eve"
    assert in_forum.session()["session"]["expiresAt"] == "2030-01-01T01:00:00.000Z"
    assert "Shop" in in_shop.get("/me/account").text
    assert "Forum" in in_forum.get("/auth/account").text
    assert in_shop.get("/auth/account").status_code == 404
    assert [row["name"] for row in rows(shop, "user")] == ["Ada"]
    assert [row["name"] for row in rows(forum, "user")] == ["Eve"]


def test_cookie_of_one_app_is_nobody_in_the_other(make_app: MakeApp) -> None:
    """Each has a secret of its own."""
    first = make_app(secret=SECRET)
    second = make_app(secret="another-secret-of-at-least-32-characters")
    visitor, stranger = browser(first), browser(second)
    visitor.sign_up()
    stranger.keep("session_token", visitor.cookie("session_token") or "")
    assert visitor.session() is not None
    assert stranger.session() is None


def test_one_extension_serves_two_apps(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp
) -> None:
    """`auth.api` acts for the current one."""
    auth = make_auth()
    first, second = make_app(auth), make_app(auth)
    with first.app_context():
        auth.api.sign_up_email(body=ADA)
        with second.app_context():
            auth.api.sign_up_email(body=EVE)
    assert [row["name"] for row in rows(first, "user")] == ["Ada"]
    assert [row["name"] for row in rows(second, "user")] == ["Eve"]


def test_one_db_serves_two_apps(make_app: MakeApp) -> None:
    """Requests of both, one within the other."""
    db = SQLAlchemy()
    inner = make_app(db=db, migrate=True)
    visitor = browser(inner)
    visitor.sign_up(EVE)

    def add(app: Flask) -> None:
        @app.get("/both")
        def both() -> dict[str, Any]:
            mine = current_user.name
            other = visitor.session()["user"]["name"]
            return {"mine": mine, "other": other, "still": current_user.name}

    outer = make_app(db=db, migrate=True, prepare=add)
    guest = browser(outer)
    guest.sign_up()
    assert guest.get("/both").json == {"mine": "Ada", "other": "Eve", "still": "Ada"}


# -- what the app gets -----------------------------------------------------------------


def test_shell_has_the_models(make_app: MakeApp) -> None:
    """`flask shell` is for looking around."""
    app = make_app()
    with app.app_context():
        names = app.make_shell_context()
    models = app.extensions["better_auth"].models
    assert names["auth"] is app.extensions["better_auth"]
    assert (names["User"], names["Session"]) == (models.user, models.session)


def test_pages_can_be_switched_off(make_app: MakeApp) -> None:
    """The endpoints stay."""
    visitor = browser(make_app(pages={"enabled": False}))
    assert visitor.get("/auth/sign-in").status_code == 404
    assert visitor.ask("/ok").json == {"ok": True}


def test_pages_of_the_app_win(make_app: MakeApp, tmp_path: Path) -> None:
    """A template under the same path replaces ours."""
    folder = tmp_path / "templates" / "better_auth"
    folder.mkdir(parents=True)
    (folder / "sign_in.html").write_text("{{ page.title }}: {{ forms.sign_in.action }}")
    visitor = browser(make_app())
    assert visitor.get("/auth/sign-in").text == "Sign in: /auth/sign-in"
    assert "Create an account" in visitor.get("/auth/sign-up").text


def test_base_url_with_a_path_is_the_mount(make_app: MakeApp) -> None:
    """As upstream."""
    visitor = browser(make_app(base_url=f"{ORIGIN}/v1/auth"))
    assert visitor.get("/v1/auth/ok").json == {"ok": True}
    assert visitor.ask("/ok").status_code == 404
