"""The session page signs other browsers out, and they notice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import needs
from tests.browser.visitor import Visitor
from tests.browser.visitor import somebody
from tests.clock import Clock

pytestmark = needs.chromium()

#: How this browser and two others of the same person are called on the page.
HERE, PHONE, OFFICE = "Chrome on Mac OS X", "Mobile Safari on iOS", "Firefox on Windows"


@pytest.fixture
def browsers(
    serve: Callable[..., str], visit: Callable[..., Visitor], clock: Clock
) -> list[Visitor]:
    """Three browsers of one person, a minute apart; each shows the session page."""
    site, ada = serve(), somebody()
    opened = [visit(site, device=device) for device in (HERE, PHONE, OFFICE)]
    opened[0].join(ada)
    for browser in opened[1:]:
        clock.move(seconds=60)
        browser.enter(ada)
    for browser in opened:
        browser.go("/auth/sessions")
    return opened


def test_every_browser_is_listed_with_facts(browsers: list[Visitor]) -> None:
    """This device stands first, with address and times; others newest first."""
    phone = browsers[1]
    assert phone.devices() == {
        "This session": [PHONE],
        "Other sessions": [OFFICE, HERE],
    }
    card = phone.page.get_by_role("region", name="This session").get_by_role("listitem")
    assert card.inner_text().split("\n") == [
        PHONE,
        "This device",
        "Last active",
        "1 Jan 2030, 00:01 UTC",
        "Address",
        "127.0.0.1",
        "Signed in",
        "1 Jan 2030, 00:01 UTC",
        "Expires",
        "8 Jan 2030, 00:01 UTC",
        "Sign out",
        PHONE,
    ]


def test_page_holds_no_token(browsers: list[Visitor]) -> None:
    """Who reads the page over a shoulder or from a cache cannot take a session over."""
    text = browsers[0].page.content()
    for browser in browsers:
        token = browser.cookie("better-auth.session_token")["value"].partition(".")[0]
        assert len(token) == 32
        assert token not in text


def test_one_device_is_signed_out(browsers: list[Visitor]) -> None:
    """The one that was chosen is out; the others stay."""
    here = browsers[0]
    here.press(f"Sign out {PHONE}")
    assert here.notice == "That device is signed out."
    assert here.devices() == {"This session": [HERE], "Other sessions": [OFFICE]}
    assert signed_in(browsers) == [True, False, True]


def test_all_others_are_signed_out(browsers: list[Visitor]) -> None:
    """Only the browser that asked for it stays signed in."""
    phone = browsers[1]
    phone.press("Sign out all other devices")
    assert phone.notice == "All your other devices are signed out."
    assert phone.devices() == {"This session": [PHONE], "Other sessions": []}
    assert phone.page.get_by_text("You are not signed in anywhere else.").is_visible()
    assert signed_in(browsers) == [False, True, False]


def test_everything_is_signed_out(browsers: list[Visitor]) -> None:
    """The browser that asked is out as well, and its cookies are gone."""
    here = browsers[0]
    here.press("Sign out everywhere")
    assert here.path == "/auth/sign-in?notice=signed_out_everywhere"
    assert here.notice == "You are signed out on all your devices."
    assert here.cookie("better-auth.session_token") is None
    assert signed_in(browsers) == [False, False, False]


def test_own_session_is_signed_out(browsers: list[Visitor]) -> None:
    """Choosing one's own device signs out, without a word about another device."""
    here = browsers[0]
    here.press(f"Sign out {HERE}")
    assert (here.title, here.notice) == ("Sign in", "You are signed out.")
    assert signed_in(browsers) == [False, True, True]


def test_button_of_a_browser_that_is_out(browsers: list[Visitor]) -> None:
    """A page loaded before the session ended does nothing but ask to sign in."""
    here, phone = browsers[:2]
    here.press("Sign out all other devices")
    phone.press("Sign out everywhere")
    assert phone.path == "/auth/sign-in?next=/auth/sessions"
    assert signed_in(browsers) == [True, False, False]


def signed_in(browsers: list[Visitor]) -> list[bool]:
    """Which of them still get at the account page."""
    for browser in browsers:
        browser.go("/auth/account")
    return [browser.path == "/auth/account" for browser in browsers]
