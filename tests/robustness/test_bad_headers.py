"""Headers that no browser sends: ignored, or refused, and never believed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.browsing import ADA
from tests.browsing import ORIGIN
from tests.browsing import Browser
from tests.browsing import csrf_token
from tests.conftest import browser
from tests.expected import answer
from tests.robustness.hosts import MakeHost

FORBIDDEN = {"message": "Invalid origin", "code": "INVALID_ORIGIN"}
REFUSED = {"message": "[body] Invalid input", "code": "VALIDATION_ERROR"}

#: As a server hands them on: each byte is a letter of Latin-1.
ODD = (
    "",
    "\x00",
    "\x01\x7f\x80\x9f",
    "\xff\xfe",
    "\xf0\x9f\x98\x80",
    "\xed\xa0\x80",
    "null",
    "x" * 60_000,
    '"',
    "%00%ff%",
    "://",
    "http://[::1",
    "http://" + "9" * 5_000,
    "http://localhost:" + "9" * 5_000,
    ",,,;;;===",
)

#: Those that we or Werkzeug read.
HEADERS = (
    *("Accept", "Authorization", "Cookie", "Host", "If-None-Match", "Origin", "Range"),
    *("Referer", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "User-Agent"),
    *("X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Host", "X-HTTP-Method-Override"),
)


@pytest.fixture(scope="module")
def app(make_shared_host: MakeHost, sqlite_url: str) -> Flask:
    """An app in which Ada has an account."""
    app = make_shared_host(sqlite_url)
    browser(app).sign_up()
    return app


@pytest.fixture
def ada(app: Flask) -> Iterator[Browser]:
    """A browser in which she is signed in, before and after."""
    client = browser(app)
    assert client.sign_in().status_code == 200
    yield client
    assert client.session()["user"]["email"] == ADA["email"]


def _environ(name: str) -> str:
    return "HTTP_" + name.upper().replace("-", "_")


@pytest.mark.parametrize("header", HEADERS)
def test_odd_header_is_no_server_error(ada: Browser, header: str) -> None:
    """On endpoints, a view, a page and a path that is not there."""
    token = f"better-auth.session_token={ada.cookie('session_token')}"
    stranger = ada.application.test_client(use_cookies=False)
    page = ada.get("/auth/account")
    form = {"form": "profile", "name": "Ada", "csrf_token": csrf_token(page)}
    for value in ODD:
        odd = {_environ(header): value}
        own = {"HTTP_COOKIE": token, "HTTP_ORIGIN": ORIGIN, **odd}
        what = f"{header}: {value!r:.40}"
        for path in ("/api/auth/get-session", "/protected", "/auth/account", "/api/x"):
            response = stranger.get(path, environ_overrides=own)
            assert response.status_code < 500, f"{path} {what}"
        for path, body in (
            ("/api/auth/sign-in/email", ADA),
            ("/api/auth/update-user", {"name": "Ada"}),
            ("/api/auth/sign-out", {}),
        ):
            # Nobody's token, so that nothing is signed out.
            sent = {**own, "HTTP_COOKIE": "a=b", **odd}
            response = stranger.post(path, json=body, environ_overrides=sent)
            assert response.status_code < 500, f"{path} {what}"
        if header not in ("Cookie", "Host"):
            posted = ada.post("/auth/account", data=form, environ_overrides=odd)
            assert posted.status_code == 303, what


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost:3000.evil.example",
        "localhost:3000@evil.example",
        "bad host",
        "[::1",
        "a" * 300,
        "x/y?z",
        "\xff",
        "",
        "localhost:99999",
        "localhost:" + "9" * 5_000,
        "evil.example, localhost:3000",
    ],
)
def test_foreign_host_leads_nowhere(ada: Browser, host: str) -> None:
    """No answer names it, neither its links nor where it leads to."""
    stranger = browser(ada.application)
    odd = {"HTTP_HOST": host, "HTTP_X_FORWARDED_HOST": "evil.example"}
    protected = stranger.get("/protected", environ_overrides=odd)
    assert protected.status_code in (303, 400)
    page = stranger.get("/auth/sign-in?next=//evil.example", environ_overrides=odd)
    assert page.status_code in (200, 400)
    answered = ada.post(
        "/api/auth/sign-in/email",
        json={**ADA, "callbackURL": "/done"},
        headers={"Origin": ORIGIN},
        environ_overrides=odd,
    )
    assert answered.status_code in (200, 400, 404)
    for response in (protected, page, answered):
        assert "evil" not in response.headers.get("Location", "")
        assert "//evil" not in response.text.replace("next=//evil.example", "")


@pytest.mark.parametrize("host", ["evil.example", "localhost:3000@evil.example"])
def test_foreign_host_is_no_trusted_origin(ada: Browser, host: str) -> None:
    """Where the app's own address is configured, only that is trusted."""
    stranger = ada.application.test_client(use_cookies=False)
    token = f"better-auth.session_token={ada.cookie('session_token')}"
    for named in (f"http://{host}", f"https://{host}"):
        refused = stranger.post(
            "/api/auth/sign-out",
            json={},
            headers={"Origin": named, "Cookie": token},
            environ_overrides={"HTTP_HOST": host},
        )
        assert answer(refused) == (403, FORBIDDEN)


def test_forwarded_headers_are_not_believed(ada: Browser) -> None:
    """The address that is stored is the socket's, unless a proxy is configured."""
    forged = {
        name: "203.0.113.7"
        for name in ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED")
    }
    signed_in = ada.call(
        "/sign-in/email",
        {"email": ADA["email"], "password": ADA["password"]},
        environ_overrides={**forged, "HTTP_X_FORWARDED_PROTO": "https"},
    )
    assert signed_in.status_code == 200
    assert "Secure" not in signed_in.headers["Set-Cookie"]
    assert ada.session()["session"]["ipAddress"] == "127.0.0.1"


@pytest.mark.parametrize(
    "address", ["", "x", "::ffff:1.2.3.4", "fe80::1%eth0", "1" * 99]
)
def test_odd_client_address_is_no_server_error(ada: Browser, address: str) -> None:
    """A server on a socket file has none at all."""
    odd = {"REMOTE_ADDR": address}
    body = {"email": ADA["email"], "password": ADA["password"]}
    assert ada.call("/sign-in/email", body, environ_overrides=odd).status_code == 200
    known = {
        "::ffff:1.2.3.4": "1.2.3.4",
        "fe80::1%eth0": "fe80:" + "0000:" * 6 + "0000",
    }
    stored = ada.session()["session"]["ipAddress"]
    assert stored == known.get(address, "")


@pytest.mark.parametrize(
    "agent",
    [
        "\xff\xfe\x80",
        "\x01\x1f\x7f",
        "\xf0\x9f\x98\x80",
        "{{ 7 * 7 }}<script>",
        "x" * 8_000,
    ],
    ids=lambda agent: ascii(agent)[:20],
)
def test_odd_user_agent_is_stored(
    database_url: str, make_host: MakeHost, agent: str
) -> None:
    """As it came, on each database; the page of sessions shows it harmlessly."""
    app = make_host(database_url)
    client = browser(app)
    if client.sign_in().status_code == 401:
        client.sign_up()
    body = {"email": ADA["email"], "password": ADA["password"]}
    odd = {"HTTP_USER_AGENT": agent}
    assert client.call("/sign-in/email", body, environ_overrides=odd).status_code == 200
    assert client.session()["session"]["userAgent"] == agent
    page = client.get("/auth/sessions")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert client.call("/revoke-sessions").json == {"status": True}


@pytest.mark.parametrize("agent", ["a\0b", "x" * 70_000], ids=["NUL", "long"])
def test_user_agent_that_does_not_fit_is_refused(
    database_url: str, make_host: MakeHost, agent: str
) -> None:
    """By the databases that do not take it; nobody is half signed in."""
    app = make_host(database_url)
    client = browser(app)
    if client.sign_in().status_code == 401:
        client.sign_up()
    stranger = browser(app)
    body = {"email": ADA["email"], "password": ADA["password"]}
    odd = {"HTTP_USER_AGENT": agent}
    tried = stranger.call("/sign-in/email", body, environ_overrides=odd)
    if tried.status_code == 200:
        assert stranger.session()["session"]["userAgent"] == agent
    else:
        assert answer(tried) == (400, REFUSED)
        assert stranger.session() is None
    assert client.session()["user"]["email"] == ADA["email"]
