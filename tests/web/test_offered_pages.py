"""A page on which nothing can be done is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browsing import ADA
from tests.browsing import csrf_token
from tests.conftest import browser

MakeApp = Callable[..., Flask]

#: Options, the page they leave nothing of, and the page that would link to it.
UNUSABLE = [
    ({"email_and_password": {"disable_sign_up": True}}, "sign-up", "sign-in"),
    ({"email_and_password": {"enabled": False}}, "sign-up", "sign-in"),
    ({"disabled_paths": ["/sign-up/email"]}, "sign-up", "sign-in"),
    ({"disabled_paths": ["/sign-in/email"]}, "sign-in", "sign-up"),
    ({"disabled_paths": ["/sign-out"]}, "sign-out", "account"),
    (
        {
            "disabled_paths": [
                "/revoke-session",
                "/revoke-sessions",
                "/revoke-other-sessions",
            ]
        },
        "sessions",
        "account",
    ),
]


@pytest.mark.parametrize(("options", "page", "linking"), UNUSABLE)
def test_page_that_leads_nowhere_is_not_found(
    make_app: MakeApp, options: dict[str, Any], page: str, linking: str
) -> None:
    """Neither loading nor sending it works, and no other page links to it."""
    app = make_app(**options)
    visitor = browser(app)
    if linking == "account":
        visitor.sign_up()
    shown = visitor.get(f"/auth/{linking}")
    assert shown.status_code == 200
    assert f"/auth/{page}" not in shown.text
    token = csrf_token(shown)
    sent = {**ADA, "csrf_token": token, "form": page.replace("-", "_")}
    for answer in (
        visitor.get(f"/auth/{page}"),
        visitor.post(f"/auth/{page}", data=sent),
    ):
        assert answer.status_code == 404
        assert "Page not found" in answer.text
        assert "<form" not in answer.text.partition("<main")[2]


def test_page_with_something_left_is_found(make_app: MakeApp) -> None:
    """One form of several that is switched off does not take the page away."""
    app = make_app(disabled_paths=["/revoke-sessions"])
    visitor = browser(app)
    visitor.sign_up()
    assert visitor.get("/auth/sessions").status_code == 200
