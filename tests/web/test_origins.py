"""Did a page of ours send this, and where may we lead? Origins and callback URLs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from flask_better_auth.endpoints.origins import is_safe_path
from flask_better_auth.endpoints.origins import is_trusted
from flask_better_auth.endpoints.origins import origin_of
from flask_better_auth.endpoints.wildcards import matches_wildcard
from tests.browsing import ADA
from tests.browsing import ORIGIN
from tests.browsing import Browser
from tests.conftest import browser
from tests.expected import answer
from tests.rows import rows

MakeApp = Callable[..., Flask]


def refusal(code: str, message: str) -> tuple[int, dict[str, str]]:
    """A 403 with *code*."""
    return 403, {"message": message, "code": code}


INVALID = refusal("INVALID_ORIGIN", "Invalid origin")
MISSING = refusal("MISSING_OR_NULL_ORIGIN", "Missing or null Origin")
BLOCKED = refusal(
    "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
    "Cross-site navigation login blocked. This request appears to be a CSRF attack.",
)
BAD_CALLBACK = refusal("INVALID_CALLBACK_URL", "Invalid callbackURL")

EVIL = "https://evil.com"


def send(
    visitor: Browser,
    path: str = "/sign-in/email",
    body: Any = None,
    **headers: str,
) -> TestResponse:
    """POST to an endpoint with no headers but those given."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.post(f"/api/auth{path}", json=body or ADA, headers=named)


@pytest.fixture
def stranger(app: Flask, signed_in: Browser) -> Browser:
    """A browser without any cookie; Ada has an account."""
    return browser(app)


@pytest.fixture
def holder(app: Flask, signed_in: Browser) -> Browser:
    """A browser with a cookie, and not even one of ours."""
    visitor = browser(app)
    visitor.set_cookie("theme", "dark")
    return visitor


# -- the header check ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 200),
        ({"Origin": ORIGIN}, 200),
        ({"Referer": f"{ORIGIN}/page?x=1"}, 200),
        ({"Origin": EVIL}, INVALID),
        ({"Referer": f"{EVIL}/x"}, INVALID),
        ({"Origin": "null"}, MISSING),
        ({"Sec-Fetch-Site": "same-origin"}, MISSING),
        ({"Sec-Fetch-Dest": "empty"}, MISSING),
        ({"Sec-Fetch-Site": " "}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": EVIL}, INVALID),
        (
            {
                "Sec-Fetch-Site": "cross-site",
                "Sec-Fetch-Mode": "navigate",
                "Origin": ORIGIN,
            },
            BLOCKED,
        ),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, BLOCKED),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
    ],
)
def test_signing_in_without_cookies(
    stranger: Browser, headers: dict[str, str], expected: Any
) -> None:
    """Programs may; a browser only where a page of ours asked it to."""
    response = stranger.post("/api/auth/sign-in/email", json=ADA, headers=headers)
    if expected == 200:
        assert response.status_code == 200
    else:
        assert answer(response) == expected
        assert stranger.cookie("session_token") is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Origin": ORIGIN}, 200),
        ({"Origin": "HTTP://LOCALHOST:3000/x"}, 200),
        ({"Referer": f"{ORIGIN}/page?x=1"}, 200),
        ({"Origin": ORIGIN, "Referer": EVIL}, 200),
        ({"Origin": EVIL, "Referer": f"{ORIGIN}/"}, INVALID),
        ({}, MISSING),
        ({"Origin": ""}, MISSING),
        ({"Origin": "null"}, MISSING),
        ({"Origin": "null", "Referer": f"{ORIGIN}/"}, MISSING),
        ({"Referer": "null"}, MISSING),
        ({"Sec-Fetch-Site": "same-origin"}, MISSING),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, MISSING),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        (
            {
                "Sec-Fetch-Site": "cross-site",
                "Sec-Fetch-Mode": "navigate",
                "Origin": ORIGIN,
            },
            200,
        ),
        ({"Origin": "/"}, INVALID),
        ({"Origin": "/dash"}, INVALID),
        ({"Origin": "http://localhost:3001"}, INVALID),
        ({"Origin": "https://localhost:3000"}, INVALID),
        ({"Origin": "http://localhost"}, INVALID),
        ({"Origin": "http://localhost:3000.evil.com"}, INVALID),
        ({"Origin": "http://localhost:3000@evil.com"}, INVALID),
        ({"Origin": "http://evil.com\\@localhost:3000"}, INVALID),
        ({"Origin": "http://notlocalhost:3000"}, INVALID),
        ({"Origin": f"{ORIGIN} {EVIL}"}, INVALID),
        ({"Origin": f"{ORIGIN},{EVIL}"}, INVALID),
        ({"Origin": "localhost:3000"}, INVALID),
        ({"Origin": "file://"}, INVALID),
    ],
)
@pytest.mark.parametrize("path", ["/sign-in/email", "/sign-out"])
def test_any_cookie_makes_a_page_of_ours_necessary(
    holder: Browser, path: str, headers: dict[str, str], expected: Any
) -> None:
    """Whatever cookie it is, and for every endpoint that changes something."""
    response = holder.post(f"/api/auth{path}", json=ADA, headers=headers)
    if expected == 200:
        assert response.status_code == 200
    else:
        assert answer(response) == expected
        assert holder.cookie("session_token") is None


def test_other_endpoints_ask_nothing_of_a_browser_without_cookies(
    stranger: Browser,
) -> None:
    """There is nothing that could be abused."""
    assert send(stranger, "/sign-out", {}, Origin=EVIL).status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": EVIL}, {"Origin": "null"}, {}])
def test_reading_is_free(signed_in: Browser, headers: dict[str, str]) -> None:
    """A GET changes nothing, and the other site cannot read the answer."""
    response = signed_in.get("/api/auth/get-session", headers=headers)
    assert response.json["user"]["name"] == "Ada"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_refused_request_changes_nothing(app: Flask, signed_in: Browser) -> None:
    """Neither rows nor cookies."""
    response = send(signed_in, "/revoke-sessions", {}, Origin=EVIL)
    assert answer(response) == INVALID
    assert response.headers.getlist("Set-Cookie") == []
    assert len(rows(app, "session")) == 1


def test_form_of_another_site_cannot_sign_in(stranger: Browser) -> None:
    """A plain HTML form needs no permission of ours to be sent; its origin tells."""
    body = {"email": ADA["email"], "password": ADA["password"]}
    response = stranger.post(
        "/api/auth/sign-in/email",
        data=body,
        headers={
            "Origin": EVIL,
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
        },
    )
    assert answer(response) == BLOCKED


# -- trusted origins -------------------------------------------------------------------

#: Pattern, origin, whether it is trusted. From the observed matrix of the original.
PATTERNS = [
    ("https://*.ok.com", "https://a.ok.com", True),
    ("https://*.ok.com", "https://a.b.ok.com", True),
    ("https://*.ok.com", "https://ok.com", False),
    ("https://*.ok.com", "http://a.ok.com", False),
    ("https://*.ok.com", "https://a.ok.com.evil.com", False),
    ("https://*.ok.com", "https://evil.com/.ok.com", False),
    ("https://*.ok.com", "https://evil.com?.ok.com", False),
    ("https://*.ok.com", "https://evil.com#.ok.com", False),
    ("https://*.ok.com", "https://a.ok.com:8443", False),
    ("http://exact.com", "http://exact.com:80", True),
    ("http://exact.com", "http://exact.com", True),
    ("http://exact.com", "http://exact.com:8080", False),
    ("http://exact.com", "http://a.exact.com", False),
    ("https://slash.com/", "https://slash.com", False),
    ("https://path.com/x", "https://path.com", False),
    ("*.host.com", "https://a.host.com", True),
    ("*.host.com", "http://a.host.com", True),
    ("*.host.com", "http://a.host.com:8080", False),
    ("*.host.com", "https://host.com", False),
    ("http://localhost:*", "http://localhost:5173", True),
    ("http://localhost:*", "http://localhost", False),
    ("http://192.168.*.*", "http://192.168.1.5", True),
    ("http://192.168.*.*", "http://192.168.evil.com", False),
    ("192.168.*.*", "http://192.168.evil.com", False),
    ("192.168.*.*", "http://192.168.0.9", True),
    ("http://10.*:*", "http://10.0.0.1:3000", True),
    ("http://10.*:*", "http://10.evil.com:3000", False),
    ("https://app-?.example", "https://app-1.example", True),
    ("https://app-?.example", "https://app-12.example", False),
    ("myapp://", "myapp://callback", True),
    ("myapp://", "MYAPP://callback", True),
    ("myapp://", "myapps://callback", False),
    ("myapp://callback", "myapp://callback", True),
    ("myapp://callback", "myapp://callback.attacker", False),
    ("exp://192.168.*.*:*/*", "exp://192.168.1.2:8081/--/", True),
    ("exp://192.168.*.*:*/*", "exp://192.168.1.2:8081/--/cb", False),
    ("exp://192.168.*.*:*/**", "exp://192.168.1.2:8081/--/cb", True),
    ("exp://**", "exp://192.168.1.2:8081/--/cb", True),
    ("myapp://*", "myapp://anything", True),
    ("myapp://*.ex.com", "myapp://b.ex.com", True),
    ("myapp://*.ex.com", "myapp://a@b.ex.com", False),
]


@pytest.mark.parametrize(("pattern", "origin", "trusted"), PATTERNS)
def test_trusted_origins_are_matched_as_upstream(
    pattern: str, origin: str, trusted: bool
) -> None:
    """Exactly, or by wildcards within the host; never by prefix."""
    assert is_trusted(origin, [pattern]) is trusted


@pytest.mark.parametrize(
    ("pattern", "origin"),
    [
        ("https://other.example", "https://other.example"),
        ("https://*.ok.com", "https://a.ok.com"),
        ("myapp://", "myapp://cb"),
    ],
)
def test_trusted_origin_may_call(make_app: MakeApp, pattern: str, origin: str) -> None:
    """Beside our own, which is always trusted."""
    visitor = browser(make_app(trusted_origins=[pattern]))
    visitor.set_cookie("theme", "dark")
    for allowed in (origin, ORIGIN):
        assert send(visitor, "/sign-out", {}, Origin=allowed).status_code == 200
    assert answer(send(visitor, "/sign-out", {}, Origin=EVIL)) == INVALID


@pytest.mark.parametrize("is_async", [False, True])
def test_trusted_origins_may_be_worked_out(make_app: MakeApp, is_async: bool) -> None:
    """For each request anew; what one is told does not leak into another."""

    def origins(request: Any) -> list[str] | None:
        tenant = request.headers.get("X-Tenant")
        return [f"https://{tenant}.example"] if tenant else None

    async def origins_later(request: Any) -> list[str] | None:
        return origins(request)

    visitor = browser(make_app(trusted_origins=origins_later if is_async else origins))
    visitor.set_cookie("theme", "dark")
    tenant = "https://one.example"
    assert send(visitor, Origin=tenant, X_Tenant="one").status_code == 401
    assert answer(send(visitor, Origin=tenant, X_Tenant="two")) == INVALID
    assert answer(send(visitor, Origin=tenant)) == INVALID


def test_without_a_base_url_the_requests_own_origin_counts(make_app: MakeApp) -> None:
    """As the browser sees it."""
    visitor = browser(make_app(base_url=None))
    visitor.set_cookie("theme", "dark", domain="shop.example")
    for origin, status in (
        ("https://shop.example", 200),
        ("http://shop.example", 403),
        ("https://other.example", 403),
    ):
        response = visitor.post(
            "/api/auth/sign-out",
            base_url="https://shop.example",
            json={},
            headers={"Origin": origin},
        )
        assert response.status_code == status


def test_with_a_base_url_the_host_header_does_not_count(make_app: MakeApp) -> None:
    """Whoever chooses the host chooses no origin."""
    visitor = browser(make_app())
    visitor.set_cookie("theme", "dark", domain="evil.com")
    response = visitor.post(
        "/api/auth/sign-out",
        base_url="https://evil.com",
        json={},
        headers={"Origin": "https://evil.com"},
    )
    assert answer(response) == INVALID


@pytest.mark.parametrize(
    ("advanced", "origin_refused", "url_refused"),
    [
        ({}, True, True),
        ({"disable_csrf_check": True}, False, True),
        ({"disable_origin_check": True}, False, False),
        ({"disable_origin_check": ["/sign-in"]}, False, False),
        ({"disable_origin_check": ["/sign-in/email"]}, False, False),
        ({"disable_origin_check": ["/sign"]}, True, True),
        ({"disable_origin_check": ["/sign-out"]}, True, True),
        ({"disable_origin_check": []}, True, True),
    ],
)
def test_checks_can_be_switched_off(
    make_app: MakeApp,
    advanced: dict[str, Any],
    origin_refused: bool,
    url_refused: bool,
) -> None:
    """All, or for paths and what is below them."""
    visitor = browser(make_app(advanced=advanced))
    visitor.sign_up()
    foreign = send(visitor, Origin=EVIL)
    assert (answer(foreign) == INVALID) is origin_refused
    body = {**ADA, "callbackURL": f"{EVIL}/x"}
    leading = send(visitor, body=body, Origin=ORIGIN)
    assert (answer(leading) == BAD_CALLBACK) is url_refused


@pytest.mark.parametrize(
    "url", ["/a\r\nSet-Cookie: x=y", "/a\nb", "/\x00", "http://[::1"]
)
def test_what_no_header_can_hold_is_refused_always(make_app: MakeApp, url: str) -> None:
    """Also where every target is welcome: it could not be sent."""
    visitor = browser(make_app(advanced={"disable_origin_check": True}))
    visitor.sign_up()
    response = visitor.sign_in(callbackURL=url)
    assert response.status_code in (400, 403)
    assert response.headers.getlist("Set-Cookie") == []


# -- callback URLs ---------------------------------------------------------------------

WELCOME = [
    "/",
    "/dash",
    "/a?b=c&d=%20",
    "/@me",
    "/a#frag",
    "/a b",
    "/ü",
    "/a?x=https://evil.com",
    "/ok?next=//evil.com",
    "/x?next=%2Fy",
    "/a/:id",
    "/a?b[]=1",
    "/a~b",
    "/(g)",
    "/%09/x",
    "/ok%00",
    "/a/../b",
    "/a/./b",
    "http://localhost:3000",
    "http://localhost:3000/x",
    "HTTP://LOCALHOST:3000/x?y#z",
]
EVIL_URLS = [
    "//evil.com",
    "///evil.com",
    "////evil.com",
    "/\\evil.com",
    "\\/evil.com",
    "\\\\evil.com",
    "/a\\b",
    "/\t/evil.com",
    "/\n/evil.com",
    "/\r\nLocation: https://evil.com",
    "\t//evil.com",
    " //evil.com",
    "/\x00",
    "/\x7f",
    "/\x85",
    "/%5cevil.com",
    "/%5Cevil.com",
    "/%2Fevil.com",
    "/%2f%2fevil.com",
    "/a%2fb",
    "/..//evil.com",
    "/.//evil.com",
    "/a/..//evil.com",
    "/%2e%2e//evil.com",
    "/%2E//evil.com",
    "/a/%2e%2e//evil.com",
    "dash",
    " ",
    "?x",
    "#x",
    "@evil.com",
    "evil.com",
    "http://localhost:3001",
    "http://localhost",
    "https://localhost:3000",
    "http://localhost:3000@evil.com",
    "http://localhost:3000.evil.com",
    "http://evil.com\\@localhost:3000",
    "http://evil.com#@localhost:3000",
    "http://evil.com?localhost:3000",
    "http:evil.com",
    "http:/evil.com",
    "http:///evil.com",
    "https://evil.com",
    "//localhost:3000",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://localhost:3000",
    "http://[::1",
    "http://",
    "http://localhost:99999",
    "http://localhost:3000x",
]


@pytest.mark.parametrize("url", WELCOME)
def test_callback_that_stays_here_is_welcome(stranger: Browser, url: str) -> None:
    """With or without cookies."""
    response = send(stranger, body={**ADA, "callbackURL": url})
    assert (response.status_code, response.json["url"]) == (200, url)


@pytest.mark.parametrize("url", EVIL_URLS)
def test_callback_that_leads_away_is_refused(stranger: Browser, url: str) -> None:
    """As a browser would read it, not as it looks; nobody is signed in."""
    response = send(stranger, body={**ADA, "callbackURL": url})
    assert response.status_code in (400, 403)
    if response.status_code == 403:
        assert answer(response) == BAD_CALLBACK
    else:
        assert response.json["code"] == "VALIDATION_ERROR"
    assert "Location" not in response.headers
    assert stranger.cookie("session_token") is None


def test_empty_callback_is_none(stranger: Browser) -> None:
    """It is not looked at."""
    assert send(stranger, body={**ADA, "callbackURL": ""}).status_code == 200


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("callbackURL", BAD_CALLBACK),
        ("redirectTo", refusal("INVALID_REDIRECT_URL", "Invalid redirectURL")),
        (
            "errorCallbackURL",
            refusal("INVALID_ERROR_CALLBACK_URL", "Invalid errorCallbackURL"),
        ),
        (
            "newUserCallbackURL",
            refusal("INVALID_NEW_USER_CALLBACK_URL", "Invalid newUserCallbackURL"),
        ),
    ],
)
@pytest.mark.parametrize("path", ["/sign-in/email", "/sign-out", "/sign-up/email"])
def test_each_url_field_is_checked_everywhere(
    stranger: Browser, path: str, field: str, expected: Any
) -> None:
    """On every POST, whatever the endpoint does with it, cookies or not."""
    body = {**ADA, "email": "new@example.com", field: "https://evil.com"}
    assert answer(send(stranger, path, body)) == expected
    body[field] = "/fine"
    assert send(stranger, path, body).status_code in (200, 401)


@pytest.mark.parametrize("value", [5, True, ["/a", "/b"], {"a": 1}])
@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("callbackURL", "callbackURL"),
        ("redirectTo", "redirectURL"),
        ("errorCallbackURL", "errorCallbackURL"),
        ("newUserCallbackURL", "newUserCallbackURL"),
    ],
)
def test_url_that_is_no_text_is_a_mistake(
    stranger: Browser, field: str, label: str, value: Any
) -> None:
    """A 400 that has no code."""
    response = send(stranger, body={**ADA, field: value})
    assert answer(response) == (
        400,
        {"message": f"Invalid {label}: expected a string"},
    )


@pytest.mark.parametrize("value", [None, False, 0, ""])
def test_url_that_is_false_is_not_looked_at(stranger: Browser, value: Any) -> None:
    """As upstream; the endpoint's own validation may still refuse it."""
    response = send(stranger, "/sign-out", {"callbackURL": value})
    assert response.status_code == 200


def test_callback_in_the_query_is_checked_too(stranger: Browser) -> None:
    """Unless the body has one; given twice it is no text."""
    path = "/sign-out?callbackURL=https://evil.com"
    assert answer(send(stranger, path, {})) == BAD_CALLBACK
    assert send(stranger, path, {"callbackURL": "/fine"}).status_code == 200
    twice = send(stranger, "/sign-out?callbackURL=/a&callbackURL=/b", {})
    assert answer(twice) == (
        400,
        {"message": "Invalid callbackURL: expected a string"},
    )


def test_callback_to_a_trusted_app_is_welcome(make_app: MakeApp) -> None:
    """A custom scheme, and another site of ours."""
    visitor = browser(make_app(trusted_origins=["myapp://", "https://*.ok.com"]))
    visitor.sign_up()
    for url in ("myapp://cb/x", "https://a.ok.com/x?y"):
        response = visitor.sign_in(callbackURL=url)
        assert (response.status_code, response.headers["Location"]) == (200, url)
    for url in ("myapps://cb", "https://a.ok.com.evil.com", "https://ok.com"):
        assert answer(visitor.sign_in(callbackURL=url)) == BAD_CALLBACK


# -- the functions below ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://localhost:3000/page?x=1#y", "http://localhost:3000"),
        ("HTTPS://Example.COM:443/", "https://example.com"),
        ("http://example.com:80", "http://example.com"),
        ("http://example.com:0443", "http://example.com:443"),
        ("http://[::1]:5000/x", "http://[::1]:5000"),
        ("http://bücher.example", "http://xn--bcher-kva.example"),
        ("http://user:pw@example.com/", "http://example.com"),
        ("ftp://example.com", None),
        ("/path", None),
        ("", None),
        ("null", None),
        ("http://", None),
        ("http://exa mple.com", None),
        ("http://example.com:99999", None),
        ("http://example.com:x", None),
        ("http://[::1", None),
    ],
)
def test_origin_is_read_as_a_browser_reads_it(url: str, origin: str | None) -> None:
    """Lower case, default ports left out, names in ASCII."""
    assert origin_of(url) == origin


@pytest.mark.parametrize("path", [url for url in WELCOME if url.startswith("/")])
def test_path_stays_here(path: str) -> None:
    """Root-relative, and nothing in it moves the host."""
    assert is_safe_path(path)


@pytest.mark.parametrize(
    ("pattern", "sample", "matches"),
    [
        ("*.example.com", "a.example.com", True),
        ("*.example.com", "a.b.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "A.example.com", True),
        ("*.example.com", "a.EXAMPLE.com", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a?c", "a/c", False),
        ("/api/*", "/api/x", True),
        ("/api/*", "/api/x/y", False),
        ("/api/**", "/api/x/y", True),
        ("/api/**/z", "/api/x/y/z", True),
        ("/api/**/z", "/api/z", True),
        ("/api/a**b", "/api/axxb", True),
        ("/api/a**b", "/api/a/b", False),
        ("/api", "/api/", True),
        ("/api/", "/api", False),
        ("a.b", "axb", False),
        ("a\\*b", "a*b", True),
        ("a\\*b", "axb", False),
        ("(a|b)+", "a", False),
        ("", "", True),
    ],
)
def test_wildcards_stay_within_their_part(
    pattern: str, sample: str, matches: bool
) -> None:
    """A star crosses dots, never slashes; two are any number of parts."""
    assert matches_wildcard(pattern, sample) is matches
