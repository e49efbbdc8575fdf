"""Signals: who is told of what, and the log of security-relevant events."""

from __future__ import annotations

import logging
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask

from flask_better_auth import password_changed
from flask_better_auth import session_revoked
from flask_better_auth import user_signed_in
from flask_better_auth import user_signed_out
from flask_better_auth import user_signed_up
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import Browser
from tests.conftest import browser
from tests.rows import rows

MakeApp = Callable[..., Flask]

SIGNALS = {
    "up": user_signed_up,
    "in": user_signed_in,
    "out": user_signed_out,
    "revoked": session_revoked,
    "changed": password_changed,
}


@pytest.fixture
def told(app: Flask) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Every signal of `app`, as (name, payload)."""
    seen: list[tuple[str, dict[str, Any]]] = []
    with ExitStack() as stack:
        for name, signal in SIGNALS.items():

            def see(sender: Flask, name: str = name, **payload: Any) -> None:
                if "user" in payload:
                    # The instance belongs to the request's session.
                    payload["user"] = payload["user"].email
                seen.append((name, payload))

            stack.enter_context(signal.connected_to(see, app))
        yield seen


def _names(told: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [name for name, _ in told]


def test_sign_up_tells_of_the_user_and_the_session(
    client: Browser, told: list[tuple[str, dict[str, Any]]]
) -> None:
    """Model instance, way in, and view."""
    token = client.sign_up().json["token"]
    (up, signed_up), (into, signed_in) = told
    assert (up, into) == ("up", "in")
    assert (signed_up["user"], signed_up["method"]) == (ADA["email"], "email")
    assert signed_in["user"] == ADA["email"]
    assert signed_in["session"].session.token == token


def test_sign_in_and_out(
    app: Flask, signed_in: Browser, told: list[tuple[str, dict[str, Any]]]
) -> None:
    """The ids of who left, for the instance may be gone."""
    signed_in.sign_in()
    [_, row] = rows(app, "session")
    signed_in.call("/sign-out")
    assert _names(told) == ["in", "out"]
    assert told[1][1] == {"user_id": row["userId"], "session_id": row["id"]}


def test_signing_out_of_nothing_tells_nobody(
    client: Browser, told: list[tuple[str, dict[str, Any]]]
) -> None:
    """There was no session."""
    client.call("/sign-out")
    assert told == []


def test_revoking_tells_which_sessions_ended(
    app: Flask, signed_in: Browser, told: list[tuple[str, dict[str, Any]]]
) -> None:
    """Their ids, never their tokens."""
    for _ in range(2):
        browser(app).sign_in()
    own, first, second = rows(app, "session")
    told.clear()
    signed_in.call("/revoke-session", {"token": first["token"]})
    signed_in.call("/revoke-session", {"token": "unknown"})
    signed_in.call("/revoke-other-sessions")
    signed_in.call("/revoke-sessions")
    owner = own["userId"]
    assert told == [
        ("revoked", {"user_id": owner, "session_ids": [first["id"]]}),
        ("revoked", {"user_id": owner, "session_ids": [second["id"]]}),
        ("revoked", {"user_id": owner, "session_ids": [own["id"]]}),
    ]


def test_changed_password_is_told(
    app: Flask, signed_in: Browser, told: list[tuple[str, dict[str, Any]]]
) -> None:
    """So the app can write to its owner."""
    [before] = rows(app, "session")
    signed_in.call(
        "/change-password",
        {
            "currentPassword": ADA["password"],
            "newPassword": "a new password",
            "revokeOtherSessions": True,
        },
    )
    assert _names(told) == ["changed", "revoked"]
    assert told[0][1]["user"] == ADA["email"]
    assert told[1][1]["session_ids"] == [before["id"]]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sign-in/email", {**ADA, "password": "wrong one"}),
        ("/sign-up/email", ADA),
        ("/sign-up/email", {**EVE, "password": "short"}),
        ("/change-password", {"currentPassword": "x", "newPassword": "x" * 8}),
    ],
)
def test_refusal_tells_nobody(
    signed_in: Browser,
    told: list[tuple[str, dict[str, Any]]],
    path: str,
    body: dict[str, str],
) -> None:
    """Nothing happened."""
    assert signed_in.call(path, body).status_code >= 400
    assert told == []


def test_apps_hear_of_themselves_alone(
    make_app: MakeApp, app: Flask, told: list[tuple[str, dict[str, Any]]]
) -> None:
    """The sender is the app."""
    browser(make_app()).sign_up()
    assert told == []


def test_pages_send_the_same(
    client: Browser, told: list[tuple[str, dict[str, Any]]]
) -> None:
    """They enter by the same door."""
    client.submit("/auth/sign-up", ADA)
    client.submit("/auth/sign-out")
    assert _names(told) == ["up", "in", "out"]


def test_audit_log_says_who_did_what_from_where(
    app: Flask, client: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """And holds no token, no password and no cookie."""
    caplog.set_level(logging.INFO, "flask_better_auth")
    user_id = client.sign_up().json["user"]["id"]
    client.sign_in()
    client.sign_in(password="a wrong password")
    client.call(
        "/change-password",
        {"currentPassword": ADA["password"], "newPassword": "a new password"},
    )
    client.call("/revoke-other-sessions")
    tokens = [row["token"] for row in rows(app, "session")]
    client.call("/sign-out")
    events = [
        record.getMessage()
        for record in caplog.records
        if record.name == "flask_better_auth.audit"
    ]
    own = f"user={user_id} ip=127.0.0.1"
    assert events == [
        f"user_signed_up {own}",
        f"user_signed_in {own}",
        f"sign_in_refused {own}",
        f"password_changed {own}",
        f"session_revoked {own}",
        f"user_signed_out {own}",
    ]
    for secret in (*tokens, ADA["password"], "a new password", "a wrong password"):
        assert secret not in caplog.text
