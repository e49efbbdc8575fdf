"""What the forms do when not all goes well, and where they lead."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import expect

from flask_better_auth import fresh_login_required
from tests import needs
from tests.browser.servers import in_threads
from tests.browser.visitor import Person
from tests.browser.visitor import Visitor
from tests.browser.visitor import redirect_of
from tests.browser.visitor import somebody
from tests.clock import Clock

pytestmark = needs.chromium()

WEEK = 7 * 24 * 3600

#: What a browser would take for another site, or for no address of a page at all.
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/reports/..//evil.example",
    "javascript:alert(1)",
]


def add_views(app: Flask) -> None:
    """A page to come back to, and one for people who just proved who they are."""
    app.add_url_rule("/", view_func=lambda: "Start", endpoint="start")
    app.add_url_rule("/reports", view_func=lambda: "Reports", endpoint="reports")
    app.add_url_rule(
        "/keys", view_func=fresh_login_required(lambda: "Keys"), endpoint="keys"
    )


@pytest.fixture
def site(serve: Callable[..., str]) -> str:
    """An app with the default options and some pages of its own."""
    return serve(prepare=add_views)


@pytest.fixture
def ada(site: str, visit: Callable[..., Visitor]) -> Person:
    """Somebody who has an account there."""
    person = somebody()
    visit(site).join(person)
    return person


@pytest.fixture
def visitor(site: str, ada: Person, visit: Callable[..., Visitor]) -> Visitor:
    """A new browser at that app."""
    return visit(site)


# -- errors ----------------------------------------------------------------------------


def test_wrong_password_keeps_the_address(visitor: Visitor, ada: Person) -> None:
    """The form comes back with status 401, the address in it and no password."""
    visitor.go("/auth/sign-in")
    visitor.fill(email=ada.email, password="wrong, alas")
    visitor.page.get_by_label("Keep me signed in").uncheck()
    assert visitor.press("Sign in").status == 401
    assert visitor.alert == "The email address or the password is wrong."
    assert (visitor.value("email"), visitor.value("password")) == (ada.email, "")
    assert not visitor.page.get_by_label("Keep me signed in").is_checked()
    assert "wrong, alas" not in visitor.page.content()
    assert visitor.cookie("better-auth.session_token") is None
    visitor.fill(password=ada.password)
    visitor.press("Sign in")
    assert visitor.path == "/"


def test_address_in_use_keeps_the_rest(visitor: Visitor, ada: Person) -> None:
    """Whoever has an account already is told so at the field, and keeps the name."""
    assert visitor.sign_up(ada).status == 422
    assert visitor.alert == "There is already an account with this email address."
    assert (visitor.value("name"), visitor.value("email")) == (ada.name, ada.email)
    assert visitor.value("password") == ""
    field = visitor.page.get_by_label("Email")
    assert field.get_attribute("aria-invalid") == "true"


def test_form_that_expired_can_be_sent_again(
    make_app: Callable[..., Flask], visit: Callable[..., Visitor]
) -> None:
    """A form left open for too long comes back filled in; sent again, it works."""
    app, ada = make_app(base_url=None, prepare=add_views), somebody()
    with in_threads(app) as site:
        visitor = visit(site)
        visitor.go("/auth/sign-up")
        visitor.fill(name=ada.name, email=ada.email, password=ada.password)
        app.config["WTF_CSRF_TIME_LIMIT"] = -1
        assert visitor.press("Create account").status == 400
        del app.config["WTF_CSRF_TIME_LIMIT"]
        assert visitor.alert == "This form is no longer valid. Please send it again."
        assert (visitor.value("name"), visitor.value("email")) == (ada.name, ada.email)
        visitor.fill(password=ada.password)
        assert redirect_of(visitor.press("Create account")).status == 303
        assert visitor.path == "/"


def test_form_without_its_cookie_can_be_sent_again(
    visitor: Visitor, ada: Person
) -> None:
    """The same for a browser that lost the cookie that belongs to the form."""
    visitor.go("/auth/sign-in")
    visitor.fill(email=ada.email, password=ada.password)
    visitor.context.clear_cookies()
    assert visitor.press("Sign in").status == 400
    assert visitor.alert == "This form is no longer valid. Please send it again."
    visitor.fill(password=ada.password)
    visitor.press("Sign in")
    assert visitor.path == "/"


def test_too_many_tries_are_told_how_long_to_wait(
    serve: Callable[..., str], visit: Callable[..., Visitor]
) -> None:
    """The fourth guess is not looked at, and the page says for how long."""
    visitor = visit(serve(rate_limit={"enabled": True}))
    for _ in range(3):
        assert visitor.sign_in(somebody()).status == 401
    answer = visitor.sign_in(somebody())
    assert answer.status == 429
    wait = int(answer.headers["retry-after"])
    assert 1 <= wait <= 10
    assert visitor.alert.startswith("Too many tries. Please wait ")
    assert f" {wait} second" in visitor.alert


# -- how long --------------------------------------------------------------------------


def test_remembered_browser_keeps_its_cookie(visitor: Visitor, ada: Person) -> None:
    """The cookie outlives the browser by a week, like the session."""
    visitor.sign_in(ada, remember=True)
    expires = visitor.cookie("better-auth.session_token")["expires"]
    assert time.time() + WEEK - 60 < expires <= time.time() + WEEK


def test_forgotten_browser_keeps_nothing(visitor: Visitor, ada: Person) -> None:
    """With the box unchecked every cookie ends with the browser."""
    answer = visitor.sign_in(ada, remember=False)
    lines = redirect_of(answer).headers_array()
    cookies = [one["value"] for one in lines if one["name"].lower() == "set-cookie"]
    ours = [line for line in cookies if line.startswith("better-auth.")]
    assert len(ours) == 2
    assert not any("max-age" in line.lower() for line in ours)
    for name in ("better-auth.session_token", "better-auth.dont_remember"):
        kept = visitor.cookie(name)
        assert (kept["expires"], kept["httpOnly"], kept["sameSite"]) == (
            -1,
            True,
            "Lax",
        )


# -- where to --------------------------------------------------------------------------


def test_sign_in_leads_back(visitor: Visitor, ada: Person) -> None:
    """Whoever came from a page of the app lands there, through a mistake as well."""
    visitor.go("/auth/sign-in?next=/reports%3Fyear=1843%26page=2")
    visitor.fill(email=ada.email, password="wrong, alas")
    visitor.press("Sign in")
    visitor.fill(password=ada.password)
    assert redirect_of(visitor.press("Sign in")).status == 303
    assert visitor.path == "/reports?year=1843&page=2"


def test_sign_up_leads_back(visitor: Visitor) -> None:
    """The way to the sign-up page keeps where somebody came from."""
    eve = somebody("Eve")
    visitor.go("/auth/sign-in?next=/reports")
    visitor.follow("Create an account")
    visitor.fill(name=eve.name, email=eve.email, password=eve.password)
    visitor.press("Create account")
    assert visitor.path == "/reports"


def test_sign_in_leads_nowhere_else(visitor: Visitor, ada: Person) -> None:
    """A link that was sent around cannot make the sign-in page lead to another site."""
    for target in ELSEWHERE:
        visitor.go(f"/auth/sign-in?next={quote(target)}")
        visitor.fill(email=ada.email, password=ada.password)
        visitor.press("Sign in")
        assert visitor.path == "/", target
        visitor.context.clear_cookies()


def test_signed_in_people_are_sent_on(visitor: Visitor, ada: Person) -> None:
    """The sign-in page is no dead end for somebody who is signed in."""
    visitor.enter(ada)
    redirect = redirect_of(visitor.go("/auth/sign-in?next=/reports"))
    assert redirect.status == 303
    assert visitor.path == "/reports"


# -- proving it once more --------------------------------------------------------------


@pytest.mark.parametrize("page", ["/keys", "/auth/sessions"])
def test_old_session_asks_for_the_password(
    visitor: Visitor, ada: Person, clock: Clock, page: str
) -> None:
    """After a day some pages want the password once more, and then let people in."""
    visitor.enter(ada)
    assert visitor.go(page).status == 200
    assert visitor.path == page
    clock.move(days=2)
    assert redirect_of(visitor.go(page)).status == 303
    assert visitor.path == f"/auth/reauthenticate?next={page}"
    assert visitor.title == "Confirm it\N{RIGHT SINGLE QUOTATION MARK}s you"
    expect(visitor.page.get_by_role("main")).to_contain_text(ada.email)
    visitor.fill(password="wrong, alas")
    assert visitor.press("Continue").status == 401
    assert visitor.alert == "This is not your password."
    visitor.fill(password=ada.password)
    assert redirect_of(visitor.press("Continue")).status == 303
    assert visitor.path == page
    assert visitor.go(page).request.redirected_from is None


# -- switched off ----------------------------------------------------------------------


def test_disabled_sign_up_is_offered_nowhere(
    serve: Callable[..., str], visit: Callable[..., Visitor]
) -> None:
    """There is neither a link to the sign-up page nor the page."""
    visitor = visit(serve(email_and_password={"disable_sign_up": True}))
    visitor.go("/auth/sign-in")
    assert visitor.page.get_by_role("link", name="Create an account").count() == 0
    assert visitor.go("/auth/sign-up").status == 404
