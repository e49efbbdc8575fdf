"""The frame of the pages: its files, and what it holds on the app's own pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask import render_template_string

from tests.conftest import browser

MakeApp = Callable[..., Flask]

#: How the frame lets people sign out.
FORM = '<form method="post" action="/auth/sign-out">'
LINK = '<a class="ba-nav__link" href="/auth/sign-out">Sign out</a>'


@pytest.mark.parametrize("prefix", ["/", "/auth", "/a/b"])
def test_style_sheet_is_where_the_pages_say(
    make_app: MakeApp, tmp_path: Path, prefix: str
) -> None:
    """Pages at the root do not get in the way of the app's own files."""
    own = tmp_path / "static" / "own.css"
    own.parent.mkdir()
    own.write_text("/* own */", encoding="utf-8")
    client = browser(make_app(pages={"prefix": prefix}))
    address = f"{prefix.rstrip('/')}/static/better_auth/better_auth.css"
    assert f'href="{address}"' in client.get(f"{prefix.rstrip('/')}/sign-in").text
    with client.get(address) as sheet, client.get("/static/own.css") as own_sheet:
        assert ".ba-page" in sheet.text
        assert own_sheet.text == "/* own */"


@pytest.mark.parametrize(
    ("config", "there", "missing"),
    [({}, LINK, FORM), ({"SECRET_KEY": "a key of the app's own"}, FORM, LINK)],
    ids=["without SECRET_KEY", "with SECRET_KEY"],
)
def test_frame_around_a_page_of_the_app(
    make_app: MakeApp, config: dict[str, str], there: str, missing: str
) -> None:
    """Without a session for tokens the frame leads to the page that signs out."""
    app = make_app(config=config)
    app.add_url_rule(
        "/own",
        view_func=lambda: render_template_string(
            '{% extends "better_auth/base.html" %}{% block content %}Own{% endblock %}'
        ),
    )
    client = browser(app)
    assert "Own" in client.get("/own").text
    client.sign_up()
    page = client.get("/own")
    assert (page.status_code, "Own" in page.text) == (200, True)
    assert there in page.text
    assert missing not in page.text
    assert FORM in client.get("/auth/account").text
