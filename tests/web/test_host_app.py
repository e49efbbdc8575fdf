"""Apps that do things of their own around us."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask import request

from tests.browsing import ADA
from tests.browsing import ORIGIN
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
