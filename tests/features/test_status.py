"""`/ok` and `/error`."""

from __future__ import annotations

import pytest

from tests.browsing import Browser


def test_ok_says_so(client: Browser) -> None:
    """The server is up."""
    response = client.ask("/ok")
    assert (response.status_code, response.json) == (200, {"ok": True})
    assert response.content_type == "application/json"


def test_error_shows_the_code_alone(client: Browser) -> None:
    """What else stands in a link anybody may have written, so it is not repeated."""
    response = client.ask(
        "/error?error=access_denied&error_description=<b>You+said+no</b>"
    )
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    assert '<code dir="ltr">access_denied</code>' in response.text
    assert "You said no" not in response.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "error=",
        "error=%3Cscript%3E",
        "error=a+b",
        "error=%C3%A4",
        "error=ok%0A",
        "error=" + "x" * 101,
    ],
)
def test_error_shows_no_code_that_is_none(client: Browser, query: str) -> None:
    """What does not look like a code is not repeated."""
    response = client.ask(f"/error?{query}")
    assert response.status_code == 200
    assert '<code dir="ltr">UNKNOWN</code>' in response.text


def test_error_page_runs_nothing(client: Browser) -> None:
    """The page is as locked up as the other pages are."""
    headers = client.ask("/error?error=x").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_of_several_codes_the_first_is_shown(client: Browser) -> None:
    """As the original reads a repeated parameter."""
    assert '<code dir="ltr">a</code>' in client.ask("/error?error=a&error=b").text
