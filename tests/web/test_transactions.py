"""``auth.transaction()`` in views, and where two apps meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask import g
from flask_sqlalchemy import SQLAlchemy

from flask_better_auth import BetterAuth
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import cookie_names
from tests.conftest import browser
from tests.rows import rows

MakeApp = Callable[..., Flask]


class Stop(Exception):
    """What ends a transaction."""


@pytest.fixture
def auth(make_auth: Callable[..., BetterAuth]) -> BetterAuth:
    """An extension with the cookie cache on."""
    return make_auth(session={"cookie_cache": {"enabled": True}})


@pytest.fixture
def host(make_app: MakeApp, auth: BetterAuth) -> Flask:
    """An app whose view signs Eve up and changes its mind."""
    app = make_app(auth)

    @app.get("/")
    def view() -> dict[str, Any]:
        try:
            with auth.transaction():
                auth.api.sign_up_email(body=EVE)
                raise Stop
        except Stop:
            return {"name": g.auth_session and g.auth_session.user.name}

    return app


def test_nobody_is_signed_in_by_what_was_rolled_back(host: Flask) -> None:
    """No cookie is sent: its copy of the session would be believed."""
    visitor = browser(host)
    response = visitor.get("/")
    assert response.json == {"name": None}
    assert cookie_names(response) == []
    assert visitor.session() is None
    assert rows(host, "user") == []


def test_whoever_was_signed_in_before_still_is(host: Flask) -> None:
    """The view goes on for her."""
    visitor = browser(host)
    visitor.sign_up(ADA)
    assert visitor.get("/").json == {"name": "Ada"}
    assert visitor.session()["user"]["name"] == "Ada"


def test_inner_transaction_that_fails_takes_nothing_back(
    make_app: MakeApp, auth: BetterAuth
) -> None:
    """The outer one decides, for the cookies as for the rows."""
    app = make_app(auth)

    @app.get("/")
    def view() -> dict[str, Any]:
        with auth.transaction():
            with pytest.raises(Stop), auth.transaction():
                auth.api.sign_up_email(body=EVE)
                raise Stop
        return {"name": g.auth_session and g.auth_session.user.name}

    visitor = browser(app)
    assert visitor.get("/").json == {"name": "Eve"}
    assert visitor.session()["user"]["name"] == "Eve"


def test_another_app_commits_within_a_transaction_of_the_first(
    make_app: MakeApp, make_auth: Callable[..., BetterAuth]
) -> None:
    """It has a database of its own."""
    auth, other = make_auth(), make_auth()
    first, second = make_app(auth), make_app(other, db=SQLAlchemy())
    with first.app_context(), auth.transaction(), second.app_context():
        other.api.sign_up_email(body=ADA)
    assert [row["name"] for row in rows(second, "user")] == ["Ada"]
