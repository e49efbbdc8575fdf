"""The pages: who sees what, where forms lead, and what no link can make of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import TestResponse

from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import Browser
from tests.browsing import alert
from tests.browsing import notice
from tests.browsing import set_cookies
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import CLEARED
from tests.expected import DONT_REMEMBER
from tests.rows import change
from tests.rows import rows
from tests.web.test_origins import EVIL_URLS

MakeApp = Callable[..., Flask]

OPEN = ["/auth/sign-in", "/auth/sign-up", "/auth/sign-out"]
GUARDED = ["/auth/account", "/auth/sessions", "/auth/reauthenticate"]
EVERY = [*OPEN, *GUARDED]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data: https:; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def led_to(response: TestResponse) -> tuple[str, dict[str, list[str]]]:
    """The path and the query of a 303."""
    assert response.status_code == 303, response.text
    parts = urlsplit(response.location)
    assert (parts.scheme, parts.netloc) == ("", "")
    return parts.path, parse_qs(parts.query)


class Elements(HTMLParser):
    """Every element of a page, with its attributes."""

    def __init__(self, page: TestResponse) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one."""
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each *tag*."""
        return [attributes for name, attributes in self.found if name == tag]


# -- every page ------------------------------------------------------------------------


@pytest.fixture
def pages(app: Flask, signed_in: Browser) -> list[TestResponse]:
    """Every page there is."""
    stranger = browser(app)
    return [
        *(stranger.get(path) for path in OPEN),
        *(signed_in.get(path) for path in [*GUARDED, "/auth/sign-out"]),
    ]


def test_every_page_is_locked_up(pages: list[TestResponse]) -> None:
    """It runs nothing foreign, is framed by nobody and kept by no cache."""
    for page in pages:
        assert page.status_code == 200
        assert page.content_type == "text/html; charset=utf-8"
        headers = page.headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert "Cookie" in headers["Vary"]


def test_every_page_passes_its_own_policy(pages: list[TestResponse]) -> None:
    """No inline script, style or handler, and nothing from elsewhere."""
    for page in pages:
        elements = Elements(page)
        assert elements.named("style") == []
        for script in elements.named("script"):
            assert (script["src"] or "").startswith("/auth/static/")
        for link in elements.named("link"):
            assert (link["href"] or "").startswith("/auth/static/")
        for tag, attributes in elements.found:
            assert "style" not in attributes, tag
            assert not [name for name in attributes if name.startswith("on")], tag


def test_every_form_can_be_sent_without_javascript(pages: list[TestResponse]) -> None:
    """POST, to this site, with a token; each visible field has a label."""
    for page in pages:
        elements = Elements(page)
        forms = elements.named("form")
        assert forms
        for form in forms:
            assert form["method"] == "post"
            assert (form["action"] or "").startswith("/auth/")
        inputs = elements.named("input")
        tokens = [one for one in inputs if one.get("name") == "csrf_token"]
        assert len(tokens) == len(forms)
        labels = {label.get("for") for label in elements.named("label")}
        for one in inputs:
            if one.get("type") != "hidden" and "hidden" not in one:
                assert one["id"] in labels, one
        ids = [one["id"] for _, one in elements.found if "id" in one]
        assert len(ids) == len(set(ids))


def test_policy_is_an_option(make_app: MakeApp) -> None:
    """For templates that load from elsewhere, or none at all."""
    own = browser(make_app(pages={"content_security_policy": "default-src *"}))
    headers = own.get("/auth/sign-in").headers
    assert headers["Content-Security-Policy"] == "default-src *"
    none = browser(make_app(pages={"content_security_policy": None}))
    assert "Content-Security-Policy" not in none.get("/auth/sign-in").headers


@pytest.mark.parametrize("path", GUARDED)
def test_page_for_people_who_are_signed_in(client: Browser, path: str) -> None:
    """Others are led to the sign-in page, and back."""
    for response in (client.get(path), client.post(path, data={"form": "x"})):
        target, query = led_to(response)
        assert target == "/auth/sign-in"
        expected = {} if path == "/auth/reauthenticate" else {"next": [path]}
        assert query == expected


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/sign-up"])
def test_page_for_people_who_are_not(signed_in: Browser, path: str) -> None:
    """Whoever is signed in is led onward."""
    assert led_to(signed_in.get(path)) == ("/", {})
    assert led_to(signed_in.get(f"{path}?next=/cart")) == ("/cart", {})


@pytest.mark.parametrize("path", GUARDED)
def test_cached_session_that_is_over_sees_no_page(make_app: MakeApp, path: str) -> None:
    """Pages show the truth, whatever a cookie says."""
    app = make_app(session={"cookie_cache": {"enabled": True}})
    visitor = browser(app)
    visitor.sign_up()
    change(app, "delete from session")
    response = visitor.get(path)
    assert led_to(response)[0] == "/auth/sign-in"
    assert set_cookies(response)[-3:] == CLEARED


def test_text_of_people_is_text(client: Browser) -> None:
    """Whatever they call themselves, and whatever they take for a picture."""
    name = "<script>alert(1)</script>\"'&"
    client.sign_up(name=name, image="javascript:alert(1)")
    page = client.get("/auth/account")
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert Elements(page).named("img") == []


def test_notice_in_a_link_is_one_of_ours_or_none(client: Browser) -> None:
    """Nobody writes on our pages."""
    assert (
        notice(client.get("/auth/sign-in?notice=signed_out")) == "You are signed out."
    )
    assert notice(client.get("/auth/sign-in?notice=Call+555-1234")) is None


def test_page_is_found_by_flasks_rules(client: Browser) -> None:
    """Unknown ones and other methods are the app's 404 and 405."""
    assert client.get("/auth/nowhere").status_code == 404
    assert client.delete("/auth/sign-in").status_code == 405


def test_pages_may_be_anywhere(make_app: MakeApp) -> None:
    """Below another prefix, or at the root."""
    moved = browser(make_app(pages={"prefix": "/account/"}))
    assert moved.get("/account/sign-in").status_code == 200
    at_root = browser(make_app(pages={"prefix": "/"}))
    assert led_to(at_root.get("/account")) == ("/sign-in", {"next": ["/account"]})
    assert 'href="/static/better_auth/better_auth.css"' in at_root.get("/sign-in").text


def test_app_below_a_path_of_the_server_finds_its_pages(app: Flask) -> None:
    """`SCRIPT_NAME` is part of every address."""
    app.wsgi_app = DispatcherMiddleware(  # type: ignore[method-assign]
        lambda environ, start_response: [],  # type: ignore[arg-type, return-value]
        {"/shop": app.wsgi_app},
    )
    visitor = browser(app)
    target, query = led_to(visitor.get("/shop/auth/account"))
    assert (target, query) == ("/shop/auth/sign-in", {"next": ["/shop/auth/account"]})
    assert 'action="/shop/auth/sign-in"' in visitor.get("/shop/auth/sign-in").text


# -- onward ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/cart", "/cart"),
        ("/cart?a=1&b=2#x", "/cart?a=1&b=2#x"),
        ("/a b", "/a%20b"),
        ("http://localhost:3000/cart", "http://localhost:3000/cart"),
    ],
)
def test_sign_in_leads_on(
    app: Flask, signed_in: Browser, target: str, location: str
) -> None:
    """To where the visitor came from."""
    visitor = browser(app)
    response = visitor.submit("/auth/sign-in", {**ADA, "next": target})
    assert (response.status_code, response.location) == (303, location)


@pytest.mark.parametrize("target", EVIL_URLS)
def test_sign_in_leads_nowhere_else(
    app: Flask, signed_in: Browser, target: str
) -> None:
    """As a browser reads the target, in the form or in the link."""
    visitor = browser(app)
    page = visitor.get("/auth/sign-in", query_string={"next": target})
    assert 'name="next"' not in page.text
    for response in (
        visitor.submit("/auth/sign-in", {**ADA, "next": target}),
        signed_in.get("/auth/sign-in", query_string={"next": target}),
        signed_in.get("/auth/sign-up", query_string={"next": target}),
    ):
        assert led_to(response) == ("/", {})


def test_target_travels_with_the_form(app: Flask, signed_in: Browser) -> None:
    """From the link into a hidden field, and through a mistake."""
    visitor = browser(app)
    path = "/auth/sign-in?next=/cart%3Fa%3D1"
    wrong = visitor.submit(path, {**ADA, "password": "wrong one", "next": "/cart?a=1"})
    assert wrong.status_code == 401
    fields = {
        one.get("name"): one.get("value") for one in Elements(wrong).named("input")
    }
    assert (fields["next"], fields["email"]) == ("/cart?a=1", ADA["email"])
    assert ADA["password"] not in wrong.text
    assert "wrong one" not in wrong.text


def test_where_people_go_is_an_option(make_app: MakeApp) -> None:
    """After signing in and up, and after signing out."""
    visitor = browser(
        make_app(pages={"after_sign_in": "/home", "after_sign_out": "/bye"})
    )
    assert led_to(visitor.submit("/auth/sign-up", ADA)) == ("/home", {})
    assert led_to(visitor.submit("/auth/sign-out")) == ("/bye", {})
    assert led_to(visitor.submit("/auth/sign-in", ADA)) == ("/home", {})


def test_sign_up_that_signs_nobody_in_leads_to_the_sign_in_page(
    make_app: MakeApp,
) -> None:
    """With words that say the same for new and known addresses."""
    visitor = browser(make_app(email_and_password={"auto_sign_in": False}))
    for person in (ADA, EVE, ADA):
        response = visitor.submit("/auth/sign-up", person)
        assert led_to(response) == ("/auth/sign-in", {"notice": ["signed_up"]})
    page = visitor.get("/auth/sign-in?notice=signed_up")
    assert notice(page) == (
        "If that address was new, your account is ready. Please sign in."
    )


# -- signing in and out ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("boxes", "remembered"),
    [
        (["false", "true"], True),
        (["false"], False),
        ([], False),
        (["true", "false"], False),
    ],
)
def test_unchecked_box_is_the_hidden_field_before_it(
    app: Flask, signed_in: Browser, boxes: list[str], remembered: bool
) -> None:
    """Of the values that are sent, the last counts."""
    visitor = browser(app)
    fields: Any = {"email": ADA["email"], "password": ADA["password"]}
    response = visitor.submit("/auth/sign-in", {**fields, "remember_me": boxes})
    assert (DONT_REMEMBER not in set_cookies(response)) is remembered


def test_sign_out_is_asked_for_first(app: Flask, signed_in: Browser) -> None:
    """A link, or an image on another site, signs nobody out."""
    page = signed_in.get("/auth/sign-out")
    assert page.status_code == 200
    assert len(rows(app, "session")) == 1
    response = signed_in.submit("/auth/sign-out")
    assert led_to(response) == ("/auth/sign-in", {"notice": ["signed_out"]})
    assert set_cookies(response)[:3] == CLEARED
    assert rows(app, "session") == []


def test_sign_in_takes_the_place_of_whoever_is_signed_in(
    app: Flask, signed_in: Browser
) -> None:
    """A form that was opened before still works."""
    browser(app).sign_up(EVE)
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', signed_in.get("/auth/sign-out").text
    )
    assert token is not None
    response = signed_in.post("/auth/sign-in", data={**EVE, "csrf_token": token[1]})
    assert led_to(response) == ("/", {})
    assert signed_in.session()["user"]["name"] == "Eve"


# -- proving oneself again -------------------------------------------------------------


@pytest.fixture
def old(signed_in: Browser, clock: Clock) -> Browser:
    """Ada's browser, a day after she signed in."""
    clock.move(days=1)
    return signed_in


def test_sessions_are_shown_to_fresh_sessions_alone(old: Browser) -> None:
    """Others prove themselves, and come back."""
    target, query = led_to(old.get("/auth/sessions"))
    assert (target, query) == ("/auth/reauthenticate", {"next": ["/auth/sessions"]})
    fields = {"password": ADA["password"], "next": "/auth/sessions"}
    response = old.submit("/auth/reauthenticate?next=/auth/sessions", fields)
    assert led_to(response) == ("/auth/sessions", {})
    assert old.get("/auth/sessions").status_code == 200


def test_new_session_takes_the_place_of_the_old(app: Flask, old: Browser) -> None:
    """One browser is one device in the list."""
    [before] = rows(app, "session")
    old.submit("/auth/reauthenticate", {"password": ADA["password"]})
    [after] = rows(app, "session")
    assert before["token"] != after["token"]
    assert after["createdAt"] == "2030-01-02T00:00:00.000Z"


def test_nobody_proves_to_be_somebody_else(app: Flask, old: Browser) -> None:
    """The address that is sent does not count; the password is the own one."""
    browser(app).sign_up(EVE)
    wrong = old.submit("/auth/reauthenticate", EVE)
    assert wrong.status_code == 401
    assert alert(wrong) is not None
    old.submit(
        "/auth/reauthenticate", {"email": EVE["email"], "password": ADA["password"]}
    )
    assert old.session()["user"]["name"] == "Ada"


def test_proving_oneself_keeps_the_earlier_choice(
    client: Browser, clock: Clock
) -> None:
    """A session that was not remembered is not remembered afterwards."""
    client.sign_up(rememberMe=False)
    clock.move(seconds=86399)
    response = client.submit("/auth/reauthenticate", {"password": ADA["password"]})
    assert DONT_REMEMBER in set_cookies(response)


def test_form_of_an_old_session_does_nothing(app: Flask, old: Browser) -> None:
    """Not only looking is delicate."""
    other = browser(app)
    other.sign_in()
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', old.get("/auth/account").text
    )
    assert token is not None
    data = {"csrf_token": token[1], "form": "revoke_others"}
    response = old.post("/auth/sessions", data=data)
    assert led_to(response)[0] == "/auth/reauthenticate"
    assert other.session() is not None


# -- the account -----------------------------------------------------------------------


def test_account_shows_and_saves(client: Browser) -> None:
    """Name and picture as they are; an empty picture is none."""
    client.sign_up(image="https://example.com/ada.png")
    fields = {
        one.get("name"): one.get("value")
        for one in Elements(client.get("/auth/account")).named("input")
    }
    assert (fields["name"], fields["image"]) == ("Ada", "https://example.com/ada.png")
    response = client.submit(
        "/auth/account", {"name": "Countess", "image": ""}, form="profile"
    )
    assert led_to(response) == ("/auth/account", {"notice": ["profile_saved"]})
    user = client.session()["user"]
    assert (user["name"], user["image"]) == ("Countess", None)
    page = client.get("/auth/account?notice=profile_saved")
    assert notice(page) == "Your profile is saved."


def test_mistake_in_one_form_leaves_the_other_alone(signed_in: Browser) -> None:
    """The error stands where it was made."""
    page = signed_in.submit(
        "/auth/account",
        {"current_password": "wrong one", "new_password": "a new password"},
        form="password",
    )
    assert page.status_code == 400
    fields = {one.get("id"): one for one in Elements(page).named("input")}
    assert fields["password-current_password"].get("aria-invalid") == "true"
    assert fields["profile-name"].get("aria-invalid") is None
    assert fields["profile-name"]["value"] == "Ada"
    assert "wrong one" not in page.text
    assert "a new password" not in page.text


@pytest.mark.parametrize(
    ("others", "word"),
    [("true", "password_changed_elsewhere"), ("false", "password_changed")],
)
def test_changed_password_says_what_became_of_other_devices(
    signed_in: Browser, others: str, word: str
) -> None:
    """They are signed out, or not."""
    response = signed_in.submit(
        "/auth/account",
        {
            "current_password": ADA["password"],
            "new_password": "a new password",
            "revoke_other_sessions": others,
        },
        form="password",
    )
    assert led_to(response) == ("/auth/account", {"notice": [word]})
    assert notice(signed_in.get(response.location)) is not None


@pytest.mark.parametrize("form", ["nonsense", "", None])
def test_form_that_is_none_is_refused(signed_in: Browser, form: str | None) -> None:
    """Where a page has several, one must say which."""
    response = signed_in.submit("/auth/account", {"name": "Eve"}, form=form)
    assert response.status_code == 400
    assert signed_in.session()["user"]["name"] == "Ada"


def test_form_of_more_than_a_megabyte_is_refused(signed_in: Browser) -> None:
    """Before it is read."""
    response = signed_in.submit(
        "/auth/account", {"name": "x" * 1_000_001}, form="profile"
    )
    assert response.status_code == 413


def test_text_that_no_database_takes_is_refused(client: Browser) -> None:
    """At the page as at the endpoint."""
    response = client.submit("/auth/sign-up", {**ADA, "name": "a\0b"})
    assert response.status_code == 400
    assert alert(response) == "Enter a name that can be stored."


# -- the session centre ----------------------------------------------------------------

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def phone(app: Flask, signed_in: Browser, clock: Clock) -> Browser:
    """A telephone that Ada signed in with, an hour after her other browser."""
    clock.move(seconds=3600)
    visitor = browser(app)
    visitor.call(
        "/sign-in/email",
        ADA,
        headers={"User-Agent": SAFARI},
        environ_overrides={"REMOTE_ADDR": "2001:db8::1"},
    )
    return visitor


def session_ids(page: TestResponse) -> list[str | None]:
    """The ids in the forms of the list, in order."""
    inputs = Elements(page).named("input")
    return [one.get("value") for one in inputs if one.get("name") == "session_id"]


def test_every_session_is_described(
    app: Flask, signed_in: Browser, phone: Browser
) -> None:
    """Device, address, times; this one first and marked; no token anywhere."""
    browser(app).sign_up(EVE)
    page = signed_in.get("/auth/sessions")
    own, other, _ = rows(app, "session")
    assert session_ids(page) == [own["id"], other["id"]]
    for text in (
        "This device",
        "Mobile Safari on iOS",
        "127.0.0.1",
        "2001:0db8:0000:0000:0000:0000:0000:0000",
        'datetime="2030-01-01T00:00:00Z"',
        'datetime="2030-01-01T01:00:00Z"',
        'datetime="2030-01-08T01:00:00Z"',
    ):
        assert text in page.text
    assert page.text.count("This device") == 1
    for row in rows(app, "session"):
        assert row["token"] not in page.text
    assert rows(app, "session")[2]["id"] not in page.text


def test_one_session_is_revoked_by_its_id(
    app: Flask, signed_in: Browser, phone: Browser
) -> None:
    """It is out at its next request."""
    _, other = session_ids(signed_in.get("/auth/sessions"))
    response = signed_in.submit(
        "/auth/sessions", {"session_id": other or ""}, form="revoke"
    )
    assert led_to(response) == ("/auth/sessions", {"notice": ["session_revoked"]})
    assert led_to(phone.get("/auth/account"))[0] == "/auth/sign-in"
    assert signed_in.session() is not None


def test_own_session_can_be_revoked(signed_in: Browser) -> None:
    """That is signing out."""
    [own] = session_ids(signed_in.get("/auth/sessions"))
    response = signed_in.submit(
        "/auth/sessions", {"session_id": own or ""}, form="revoke"
    )
    assert led_to(response) == ("/auth/sign-in", {"notice": ["signed_out"]})
    assert signed_in.cookie("session_token") is None


@pytest.mark.parametrize("session_id", ["", "unknown", "x" * 10_000])
def test_id_of_nobody_ends_nothing(
    app: Flask, signed_in: Browser, phone: Browser, session_id: str
) -> None:
    """And is answered like any other."""
    response = signed_in.submit(
        "/auth/sessions", {"session_id": session_id}, form="revoke"
    )
    assert response.status_code == 303
    assert len(rows(app, "session")) == 2


def test_session_of_somebody_else_stays(app: Flask, signed_in: Browser) -> None:
    """Whoever knows its id."""
    eve = browser(app)
    eve.sign_up(EVE)
    hers = rows(app, "session")[1]["id"]
    signed_in.submit("/auth/sessions", {"session_id": hers}, form="revoke")
    assert eve.session() is not None


def test_all_others_and_all(app: Flask, signed_in: Browser, phone: Browser) -> None:
    """Two buttons, two notices."""
    response = signed_in.submit("/auth/sessions", form="revoke_others")
    assert led_to(response) == ("/auth/sessions", {"notice": ["others_revoked"]})
    assert phone.session() is None
    response = signed_in.submit("/auth/sessions", form="revoke_all")
    assert led_to(response) == ("/auth/sign-in", {"notice": ["signed_out_everywhere"]})
    assert rows(app, "session") == []


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Mobile Safari on iOS"),
        ("", "Unknown device"),
        ("<script>x</script>", "Unknown device"),
        ("x" * 100_000, "Unknown device"),
    ],
)
def test_device_is_read_from_its_user_agent(
    client: Browser, user_agent: str, label: str
) -> None:
    """As far as it tells, and never as markup."""
    client.call("/sign-up/email", ADA, headers={"User-Agent": user_agent})
    page = client.get("/auth/sessions")
    assert f"<bdi>{label}</bdi>" in page.text
    assert "<script>x" not in page.text


def test_database_that_is_away_has_a_page(app: Flask, signed_in: Browser) -> None:
    """Nobody is signed out by it."""
    change(app, "alter table session rename to away")
    response = signed_in.get("/auth/account")
    assert response.status_code == 503
    assert [one for one in set_cookies(response) if "better-auth" in one] == []
