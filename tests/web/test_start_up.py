"""Mistakes that are told at start-up, and callables of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from flask_better_auth import BetterAuth
from flask_better_auth import OptionsError
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
