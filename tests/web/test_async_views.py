"""Views that are coroutine functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask import current_app

from flask_better_auth import BetterAuth
from tests.browsing import ADA
from tests.conftest import browser

MakeApp = Callable[..., Flask]


def test_async_callbacks_know_the_app(
    make_app: MakeApp, make_auth: Callable[..., BetterAuth]
) -> None:
    """There they run in a thread of their own."""

    async def hash_by_app(*, password: str) -> str:
        return f"{current_app.name}:{password}"

    async def verify_by_app(*, hash: str, password: str) -> bool:
        return hash == f"{current_app.name}:{password}"

    auth = make_auth(
        email_and_password={
            "password": {"hash": hash_by_app, "verify": verify_by_app},
        }
    )
    app = make_app(auth)

    @app.get("/")
    async def view() -> dict[str, Any]:
        auth.api.sign_up_email(body=ADA)
        return {"user": auth.api.sign_in_email(body=ADA)["user"]}

    response = browser(app).get("/")
    assert response.json is not None
    assert response.json["user"]["name"] == "Ada"
