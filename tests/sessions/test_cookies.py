"""Names, attributes and lines of cookies, and reading those of a request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flask_better_auth.options import AdvancedOptions
from flask_better_auth.sessions.cookies import Cookie
from flask_better_auth.sessions.cookies import CookieChanges
from flask_better_auth.sessions.cookies import RequestCookies
from flask_better_auth.sessions.cookies import chunked
from flask_better_auth.sessions.cookies import decoded
from flask_better_auth.sessions.cookies import make_cookie
from flask_better_auth.sessions.cookies import session_cookies

# -- names and attributes --------------------------------------------------------------


@pytest.mark.parametrize(
    ("secure", "names"),
    [
        (
            False,
            [
                "better-auth.session_token",
                "better-auth.session_data",
                "better-auth.dont_remember",
            ],
        ),
        (
            True,
            [
                "__Secure-better-auth.session_token",
                "__Secure-better-auth.session_data",
                "__Secure-better-auth.dont_remember",
            ],
        ),
    ],
)
def test_names_are_the_originals(secure: bool, names: list[str]) -> None:
    """With `__Secure-` before them over https."""
    core = session_cookies(AdvancedOptions(), secure=secure)
    cookies = [core.token, core.data, core.dont_remember]
    assert [cookie.name for cookie in cookies] == names


@pytest.mark.parametrize(
    ("advanced", "secure", "line"),
    [
        ({}, False, "better-auth.k=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax"),
        (
            {},
            True,
            "__Secure-better-auth.k=v; Max-Age=60; Path=/; HttpOnly; Secure; "
            "SameSite=Lax",
        ),
        (
            {"cookie_prefix": "shop"},
            False,
            "shop.k=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax",
        ),
        (
            {
                "default_cookie_attributes": {
                    "domain": "example.com",
                    "path": "/app",
                    "secure": True,
                    "http_only": False,
                    "same_site": "none",
                    "partitioned": True,
                }
            },
            False,
            "better-auth.k=v; Max-Age=60; Domain=example.com; Path=/app; Secure; "
            "SameSite=None; Partitioned",
        ),
    ],
)
def test_line_has_the_originals_order(
    advanced: dict[str, Any], secure: bool, line: str
) -> None:
    """Max-Age, Domain, Path, HttpOnly, Secure, SameSite, Partitioned."""
    options = AdvancedOptions.model_validate(advanced)
    cookie = make_cookie("k", options=options, secure=secure)
    assert cookie.set("v", max_age=60).header() == line


def test_single_cookie_has_name_and_attributes_of_its_own() -> None:
    """They win over those for every cookie; the others keep theirs."""
    options = AdvancedOptions.model_validate(
        {
            "default_cookie_attributes": {"same_site": "strict", "path": "/app"},
            "cookies": {
                "session_token": {"name": "sid", "attributes": {"same_site": "none"}}
            },
        }
    )
    core = session_cookies(options, secure=False)
    assert core.token.set("v", max_age=None).header() == (
        "sid=v; Path=/app; HttpOnly; SameSite=None"
    )
    assert core.data.set("v", max_age=None).header() == (
        "better-auth.session_data=v; Path=/app; HttpOnly; SameSite=Strict"
    )


def test_name_of_ones_own_is_still_marked_secure() -> None:
    """As upstream."""
    options = AdvancedOptions.model_validate(
        {"cookies": {"session_token": {"name": "sid"}}}
    )
    assert session_cookies(options, secure=True).token.name == "__Secure-sid"


def test_host_prefix_forces_what_browsers_demand() -> None:
    """Secure, Path=/ and no Domain, or the cookie would be dropped."""
    options = AdvancedOptions.model_validate(
        {
            "default_cookie_attributes": {"domain": "example.com", "path": "/app"},
            "cookies": {"session_token": {"name": "__Host-sid"}},
        }
    )
    cookie = session_cookies(options, secure=False).token
    assert cookie.set("v", max_age=None).header() == (
        "__Host-sid=v; Path=/; HttpOnly; Secure; SameSite=Lax"
    )


def test_line_can_be_made_secure_later() -> None:
    """Over https each cookie is, whatever its name."""
    line = Cookie("a").set("v", max_age=None).header(secure=True)
    assert line == "a=v; Path=/; HttpOnly; Secure; SameSite=Lax"


def test_expiring_keeps_the_attributes() -> None:
    """A browser removes only the cookie of the same Domain and Path."""
    cookie = Cookie("a", domain="example.com", path="/app", secure=True)
    assert cookie.expire().header() == (
        "a=; Max-Age=0; Domain=example.com; Path=/app; HttpOnly; Secure; SameSite=Lax"
    )


# -- changes of one response -----------------------------------------------------------


def _lines(changes: CookieChanges) -> list[str]:
    return [f"{change.name}={change.value}" for change in changes]


def test_changes_keep_their_order() -> None:
    """As they were made."""
    changes = CookieChanges([Cookie(name).set("1", max_age=None) for name in "bac"])
    assert _lines(changes) == ["b=1", "a=1", "c=1"]
    assert changes


def test_expiring_undoes_what_was_set_before() -> None:
    """With its chunks: what is revoked in one request never reaches the wire."""
    changes = CookieChanges(
        Cookie(name).set("1", max_age=60) for name in ("a", "a.0", "a.1", "a.x", "ab")
    )
    changes.put(Cookie("a").expire())
    assert _lines(changes) == ["a.x=1", "ab=1", "a="]


def test_setting_does_not_undo_an_expiry() -> None:
    """Expire first, set after: two lines, of which the last counts."""
    changes = CookieChanges([Cookie("a").expire(), Cookie("a").set("1", max_age=60)])
    assert _lines(changes) == ["a=", "a=1"]


def test_expiring_twice_is_one_line() -> None:
    """The later one."""
    changes = CookieChanges([Cookie("a").expire(), Cookie("b").expire()])
    changes.extend([Cookie("a").expire()])
    assert _lines(changes) == ["b=", "a="]


def test_no_change_is_false() -> None:
    """Then there is nothing to send."""
    assert not CookieChanges()


# -- reading a request -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("a=1", "1"),
        ("x=0; a=1; y=2", "1"),
        ("a=1; a=2", "1"),
        (" a = 1 ;b=2", "1"),
        ('a="1"', "1"),
        ('a="1', ""),
        ("a=1=2", "1=2"),
        ("a=", ""),
        ("a", None),
        ("A=1", None),
        ("aa=1", None),
        ("=a=1", None),
        ("; ; a=1;;", "1"),
        ("a=%31", "%31"),
        ("a=\u00e9", "\u00e9"),
        ("", None),
        (None, None),
    ],
)
def test_cookie_is_read_as_the_original_reads_it(
    header: str | None, value: str | None
) -> None:
    """The first of a name counts, quotes go, escapes stay for the reader."""
    assert RequestCookies(header).get("a") == value


@pytest.mark.parametrize(
    ("header", "present"), [(None, False), ("", True), ("a=1", True), ("junk", True)]
)
def test_any_cookie_header_counts_as_one(header: str | None, present: bool) -> None:
    """The origin check asks for no more."""
    assert RequestCookies(header).present is present


@pytest.mark.parametrize(
    ("header", "joined"),
    [
        ("d=whole", "whole"),
        ("d=whole; d.0=a; d.1=b", "whole"),
        ("d=; d.0=a; d.1=b", "ab"),
        ("d.1=b; d.0=a", "ab"),
        ("d.10=k; d.9=j; d.2=c", "cjk"),
        ("d.0=a; d.00=x; d.01=x; d.-1=x; d.1x=x; d.=x; d.٣=x", "a"),
        ("d.100=x", None),
        ("e.0=a", None),
        ("d.0=", None),
    ],
)
def test_chunks_are_joined_by_number(header: str, joined: str | None) -> None:
    """Canonical numbers below a hundred alone; a whole cookie wins."""
    assert RequestCookies(header).joined("d") == joined


def test_cookie_can_be_replaced() -> None:
    """For what follows in the same request."""
    before = RequestCookies("a=1; b=2")
    after = before.with_cookie("a", "3")
    assert (after.get("a"), after.get("b"), before.get("a")) == ("3", "2", "1")


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), ("a%20b", "a b"), ("%E2%82%AC", "€"), ("%ff", "%ff"), ("%", "%")],
)
def test_value_is_decoded_or_left_alone(value: str, text: str) -> None:
    """Malformed escapes stay as they are."""
    assert decoded(value) == text


# -- chunks ----------------------------------------------------------------------------


def test_short_value_is_one_cookie() -> None:
    """Up to the last character that fits."""
    cookie = Cookie("better-auth.session_data")
    room = 4050 - len(
        "better-auth.session_data.99=; Max-Age=300; Path=/; HttpOnly; SameSite=Lax"
    )
    assert [one.name for one in chunked(cookie, "x" * room, max_age=300)] == [
        "better-auth.session_data"
    ]
    longer = chunked(cookie, "x" * (room + 1), max_age=300)
    assert [(one.name, len(one.value)) for one in longer] == [
        ("better-auth.session_data.0", room),
        ("better-auth.session_data.1", 1),
    ]


def test_first_chunk_is_as_long_as_the_originals() -> None:
    """A value of 7.5 kB gives a first line of 4049 characters there."""
    parts = chunked(Cookie("better-auth.session_data"), "x" * 7500, max_age=300)
    assert len(parts) == 2
    assert len(parts[0].header()) == 4049


def test_attributes_take_room_from_the_value() -> None:
    """The limit is for the whole line."""
    cookie = Cookie("d", domain="a-rather-long-name.example.com", secure=True)
    for part in chunked(cookie, "x" * 20_000, max_age=300):
        assert len(part.header()) <= 4050


@pytest.mark.parametrize(("size", "chunks"), [(390_000, 98), (410_000, 0)])
def test_hundred_chunks_are_the_limit(size: int, chunks: int) -> None:
    """What would take more is not written at all."""
    assert len(chunked(Cookie("d"), "x" * size, max_age=None)) == chunks


def test_max_age_of_an_option_is_in_seconds() -> None:
    """`timedelta` or a number."""
    options = AdvancedOptions.model_validate(
        {"cookies": {"session_data": {"attributes": {"max_age": timedelta(hours=1)}}}}
    )
    assert session_cookies(options, secure=False).data.max_age == 3600
