"""A sign-in that is refused at its end never happened, for the browser too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask import g
from flask import jsonify

from flask_better_auth import APIError
from flask_better_auth import BetterAuth
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import cookie_names
from tests.browsing import csrf_token
from tests.conftest import browser
from tests.expected import answer
from tests.rows import rows

CACHED = {"cookie_cache": {"enabled": True}}
REFUSED = {"message": "Not today", "code": "NOT_TODAY"}


def refuse(ctx: Any) -> None:
    """Refuse what started a session, after the fact, as a ban would."""
    if ctx.new_session is not None and ctx.new_session.user.name == "Eve":
        ctx.reply.headers["X-Seen"] = "yes"
        raise APIError(403, body=REFUSED)


@pytest.fixture
def refusing(make_app: Callable[..., Flask]) -> Flask:
    """An app that refuses Eve in a hook after each endpoint, with the cookie cache."""
    app = make_app(session=CACHED, hooks={"after": refuse})
    browser(app).sign_up(ADA)
    return app


def test_cookies_of_a_refused_sign_up_are_taken_back(refusing: Flask) -> None:
    """Neither its token nor its copy, which would be believed, reaches the browser."""
    client = browser(refusing)
    refused = client.call("/sign-up/email", EVE)
    assert answer(refused) == (403, REFUSED)
    assert refused.headers["X-Seen"] == "yes"
    assert cookie_names(refused) == []
    assert client.session() is None
    assert [row["name"] for row in rows(refusing, "user")] == ["Ada"]


def test_refused_sign_in_leaves_the_session_that_was_there(
    make_app: Callable[..., Flask],
) -> None:
    """Ada stays signed in where Eve was refused, in the same browser."""
    app = make_app(session={**CACHED, "update_age": 0}, hooks={"after": refuse})
    client = browser(app)
    client.sign_up(ADA)
    refused = client.call("/sign-up/email", EVE)
    assert (answer(refused), cookie_names(refused)) == ((403, REFUSED), [])
    assert client.session()["user"]["name"] == "Ada"


def test_page_shows_nobody_signed_in_after_a_refusal(refusing: Flask) -> None:
    """The form is drawn again, for a stranger."""
    client = browser(refusing)
    page = client.get("/auth/sign-up")
    form = {**EVE, "csrf_token": csrf_token(page), "form": "sign_up"}
    refused = client.post("/auth/sign-up", data=form)
    assert refused.status_code == 403
    assert "Not today" in refused.text
    assert "/auth/sign-out" not in refused.text
    assert not any("better-auth" in name for name in cookie_names(refused))


def test_view_whose_call_was_refused_goes_on_for_a_stranger(
    make_app: Callable[..., Flask], make_auth: Callable[..., BetterAuth]
) -> None:
    """`g.auth_session` is what it was before `auth.api` was called."""
    auth = make_auth(session=CACHED, hooks={"after": refuse})

    def prepare(app: Flask) -> None:
        @app.post("/join")
        def join() -> Any:
            try:
                auth.api.sign_up_email(body=EVE)
            except APIError as error:
                return jsonify(code=error.code, session=bool(g.auth_session))
            raise AssertionError("the hook was not called")

    app = make_app(auth, prepare=prepare)
    joined = browser(app).post("/join")
    assert (joined.json, cookie_names(joined)) == (
        {"code": None, "session": False},
        [],
    )


def test_changed_name_that_is_refused_is_not_copied(
    make_app: Callable[..., Flask],
) -> None:
    """The copy in the browser goes on telling what the database holds."""

    def refuse_update(ctx: Any) -> None:
        if ctx.endpoint.name == "update_user":
            raise APIError(403, body=REFUSED)

    app = make_app(session=CACHED, hooks={"after": refuse_update})
    client = browser(app)
    client.sign_up(ADA)
    refused = client.call("/update-user", {"name": "Countess"})
    assert answer(refused) == (403, REFUSED)
    assert "better-auth.session_token" not in cookie_names(refused)
    assert client.session()["user"]["name"] == "Ada"
