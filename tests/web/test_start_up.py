"""Mistakes that are told at start-up, and callables of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete

from flask_better_auth import BetterAuth
from flask_better_auth import OptionsError
from flask_better_auth import current_user
from flask_better_auth import login_required
from tests.browsing import ORIGIN
from tests.browsing import SECRET
from tests.browsing import Browser


def test_another_db_than_the_app_s_is_refused() -> None:
    """It would be ignored, and the tables made elsewhere."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    SQLAlchemy(app)
    with pytest.raises(OptionsError, match="another SQLAlchemy object than db="):
        BetterAuth(app, db=SQLAlchemy(), secret=SECRET)


def test_name_with_a_prefix_gets_no_other(make_app: Callable[..., Flask]) -> None:
    """`__Host-` is the stronger of the two, and only counts at the beginning."""
    app = make_app(
        base_url="https://localhost:3000",
        trusted_origins=[ORIGIN],
        advanced={"cookies": {"session_token": {"name": "__Host-sid"}}},
    )
    client = app.test_client()
    assert isinstance(client, Browser)
    line = client.sign_up().headers.getlist("Set-Cookie")[0]
    assert line.startswith("__Host-sid=")
    assert line.endswith("; Path=/; HttpOnly; Secure; SameSite=Lax")


@dataclass
class Origins:
    """A callable that cannot be hashed."""

    trusted: list[str]

    def __call__(self, request: Any) -> list[str]:
        return self.trusted if request is not None else []


def test_callable_object_may_be_a_plain_dataclass(
    make_app: Callable[..., Flask],
) -> None:
    """It is called like any function."""
    app = make_app(trusted_origins=Origins(["https://app.example"]))
    client = app.test_client()
    assert isinstance(client, Browser)
    client.sign_up()
    headers = {"Origin": "https://app.example"}
    answer = client.post("/api/auth/sign-out", json={}, headers=headers)
    assert answer.json == {"success": True}


@pytest.mark.parametrize("path", ["/sign-up/emial", "/api/auth/sign-up/email"])
def test_misspelt_disabled_path_is_refused(
    make_app: Callable[..., Flask], path: str
) -> None:
    """It would leave open what was to be closed."""
    with pytest.raises(OptionsError) as caught:
        make_app(disabled_paths=[path])
    assert str(caught.value) == (
        f"option 'disabled_paths': there is no endpoint {path!r}; did you mean "
        "'/sign-up/email'?"
    )


def test_endpoints_and_pages_at_one_place_are_warned_of(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    """Some forms of the pages would reach the JSON endpoints."""
    make_app(base_path="/auth")
    assert "endpoints and pages are both at /auth" in caplog.text


def test_configured_section_is_joined_with_the_given_one(
    make_app: Callable[..., Flask],
) -> None:
    """The constructor wins, and leaves the rest to the configuration."""
    app = make_app(
        session={"fresh_age": 5},
        config={"BETTER_AUTH_SESSION": {"fresh_age": 7, "expires_in": 60}},
    )
    session = app.extensions["better_auth"].options.session
    assert session.fresh_age.total_seconds() == 5
    assert session.expires_in.total_seconds() == 60


def test_guard_without_an_extension_says_what_to_do() -> None:
    """A factory that forgot `init_app` is told so."""
    app = Flask(__name__)
    app.config["TESTING"] = True
    app.add_url_rule("/mine", "mine", login_required(lambda: "mine"))
    with pytest.raises(RuntimeError, match=r"auth\.init_app"):
        app.test_client().get("/mine")


def test_deleted_user_is_signed_out_by_the_first_look(
    make_app: Callable[..., Flask],
) -> None:
    """The copy in the cookie is swept away with the answer."""
    app = make_app(session={"cookie_cache": {"enabled": True}})
    app.add_url_rule("/who", "who", lambda: "somebody" if current_user else "nobody")
    client = app.test_client()
    assert isinstance(client, Browser)
    client.sign_up()
    assert client.get("/who").text == "somebody"
    auth = app.extensions["better_auth"]
    with app.app_context():
        auth.db.session.execute(delete(auth.models.user))
        auth.db.session.commit()
    assert client.get("/who").text == "nobody"
    assert client.cookie("session_token") is None
    assert client.cookie("session_data") is None
