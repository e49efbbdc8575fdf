"""What the other tests rely on: whoever does something wrong is told on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask import Response
from playwright.sync_api import Browser

from tests import needs
from tests.browser.accessibility import violations
from tests.browser.visitor import Visitor

pytestmark = needs.chromium()

POLICY = "default-src 'none'; style-src 'self'; img-src *"

WRONG = [
    ("<p style='color: red'>inline</p>", "Content Security Policy"),
    ("<script>document.title = 'mine'</script>", "Content Security Policy"),
    (
        "<img src='http://127.0.0.1:9/pixel.gif' alt=''>",
        "request to http://127.0.0.1:9",
    ),
    ("<img src='/missing.gif' alt=''>", "/missing.gif"),
]


@pytest.mark.parametrize(("markup", "complaint"), WRONG)
def test_mistakes_of_a_page_are_noticed(
    serve: Callable[..., str], chromium: Browser, markup: str, complaint: str
) -> None:
    """An inline style or script, another host and a missing file are complained of."""
    visitor = bad_page(serve, chromium, markup)
    assert any(complaint in one for one in visitor.complaints), visitor.complaints
    visitor.context.close()


@needs.node()
def test_what_keeps_people_out_is_found(
    serve: Callable[..., str], chromium: Browser
) -> None:
    """axe runs on a page that would not load it, and finds a field without label."""
    visitor = bad_page(serve, chromium, "<main><h1>Page</h1><input name='x'></main>")
    assert violations(visitor.page) == ['label: <input name="x">']
    visitor.context.close()


def bad_page(serve: Callable[..., str], chromium: Browser, markup: str) -> Visitor:
    """A browser at a page with a strict policy and *markup*."""
    text = f"<!doctype html><html lang='en'><title>Bad</title>{markup}</html>"

    def add_page(app: Flask) -> None:
        headers = {"Content-Security-Policy": POLICY}
        app.add_url_rule(
            "/bad",
            view_func=lambda: Response(text, mimetype="text/html", headers=headers),
            endpoint="bad",
        )

    visitor = Visitor(serve(prepare=add_page), chromium.new_context())
    visitor.go("/bad")
    return visitor
