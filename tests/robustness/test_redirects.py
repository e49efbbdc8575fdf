"""No text that an attacker writes leads a browser to another site."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.urls import iri_to_uri

from flask_better_auth.endpoints.origins import is_trusted
from tests import needs
from tests.browsing import ADA
from tests.browsing import ORIGIN
from tests.browsing import Browser
from tests.conftest import browser
from tests.expected import answer

INVALID_CALLBACK = {"message": "Invalid callbackURL", "code": "INVALID_CALLBACK_URL"}

FOREIGN = [
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/%2F/evil.example",
    "/..//evil.example",
    "/%2e%2e//evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    f"{ORIGIN}@evil.example",
    f"{ORIGIN}.evil.example",
    # A browser goes to localhost for these, but not for what the server rewrites
    # them to: `http://localhost:3000%5C@evil.example`.
    f"{ORIGIN}\\@evil.example",
    "http:\\\\localhost:3000\\@evil.example",
]

UNREADABLE = [
    "http://localhost:" + "9" * 5000,
    "http://\u2100@localhost:3000/",
    "http://[\u00e9]@localhost:3000/",
    "http://]\u00e9@localhost:3000/",
    "http://localhost\uff1a3000/",
    "http://localhost:3000/\n",
    "http://localhost:3000/\r\nSet-Cookie: a=b",
    "/\r\nSet-Cookie: a=b",
    "/ok\n",
    "http:/localhost:3000/",
]


def _short(target: str) -> str:
    return ascii(target)[1:40]


@pytest.mark.parametrize("target", [*FOREIGN, *UNREADABLE], ids=_short)
def test_callback_url_that_leads_away_is_refused(
    signed_in: Browser, target: str
) -> None:
    """No endpoint repeats it, neither in its body nor as a Location header."""
    for path in ("/sign-in/email", "/sign-up/email"):
        refused = signed_in.call(path, {**ADA, "callbackURL": target})
        assert answer(refused) == (403, INVALID_CALLBACK)
        assert "Location" not in refused.headers


@pytest.mark.parametrize(
    "target", ["/a\r\nSet-Cookie: a=b", "http://[", "https://a:b/", "/\x85"], ids=_short
)
def test_what_no_header_can_hold_is_refused_in_any_case(
    make_app: Callable[..., Flask], target: str
) -> None:
    """Also where the options say that every target is welcome."""
    client = browser(make_app(advanced={"disable_origin_check": True}))
    client.sign_up()
    welcome = client.sign_in(callbackURL="https://evil.example/")
    assert welcome.headers["Location"] == "https://evil.example/"
    refused = client.sign_in(callbackURL=target)
    assert answer(refused) == (403, INVALID_CALLBACK)


@pytest.mark.parametrize("target", [*FOREIGN, *UNREADABLE], ids=_short)
def test_next_that_leads_away_is_dropped(signed_in: Browser, target: str) -> None:
    """Whoever is signed in already goes home instead."""
    onward = signed_in.get("/auth/sign-in", query_string={"next": target})
    assert (onward.status_code, onward.headers["Location"]) == (303, "/")


#: What URLs are made of, and what parsers disagree about.
PIECES = (
    *("http:", "https:", "HTTP:", "myapp:", "javascript:", "ftp:"),
    *("/", "//", "\\", "\\\\", "@", "#", "?", ":", "::", ";", "/..", "/.", ".", ".."),
    *("localhost:3000", "localhost", "LOCALHOST", "3000", "80", "0", "99999"),
    *("evil.example", "a.trusted.example", ".trusted.example", "127.1", "0x7f"),
    *("[::1]", "[", "]", "%2f", "%5c", "%2e", "%40", "%", "%00", "*", "-", "xn--"),
    *("\t", "\n", "\r", " ", "\x00", "\x1f", "\x80", "\u00a0", "\u3000", "\ufeff"),
    *("\u00e9", "\u00df", "\uff0e", "\uff1a", "\uff20", "\uff0f", "\u2100", "\uff4c"),
    *("\u200d", "\u2028", "\ud800", "\U0001f600", '"', "<", "|", "^", "`", "{", "&"),
)
STARTS = ("", "/", "http:", "http://", ORIGIN, "https://a.trusted.example", "myapp:")
PATTERNS = [ORIGIN, "https://*.trusted.example", "myapp://"]

#: Reads what is trusted, and prints what a browser on our sign-in page would not take
#: for a trusted address; one that it cannot read at all leads nowhere.
BROWSER = """
const urls = JSON.parse(require("node:fs").readFileSync(0));
const trusted = /^(http:\\/\\/localhost:3000|https:\\/\\/[^\\/]*\\.trusted\\.example)$/;
const leadsAway = (text) => {
  if (!URL.canParse(text, "http://localhost:3000/auth/sign-in")) return false;
  const url = new URL(text, "http://localhost:3000/auth/sign-in");
  return url.protocol !== "myapp:" && !trusted.test(url.origin);
};
console.log(JSON.stringify(urls.filter((pair) => pair.some(leadsAway))));
"""


def _urls(count: int) -> Iterator[str]:
    chosen = random.Random(1)  # noqa: S311 - the same ones each time
    for _ in range(count):
        pieces = chosen.choices(PIECES, k=chosen.randint(0, 8))
        yield chosen.choice(STARTS) + "".join(pieces)


@needs.node()
def test_what_is_trusted_a_browser_takes_for_trusted() -> None:
    """As it was written and as the server rewrites it, by the WHATWG's rules."""
    trusted = [
        url for url in _urls(60_000) if is_trusted(url, PATTERNS, allow_relative=True)
    ]
    assert len(trusted) > 3000
    pairs = json.dumps([(url, iri_to_uri(url)) for url in trusted])
    found = subprocess.run(
        ["node", "-e", BROWSER], input=pairs, capture_output=True, text=True, check=True
    )
    assert json.loads(found.stdout) == []
