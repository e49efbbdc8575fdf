"""Name, picture and password on the account page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask import Response

from tests import needs
from tests.browser.visitor import Person
from tests.browser.visitor import Visitor
from tests.browser.visitor import redirect_of
from tests.browser.visitor import somebody

pytestmark = needs.chromium()

NEW = "staple staple staple"

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'


@pytest.fixture
def site(serve: Callable[..., str]) -> str:
    """An app that also has a picture."""

    def add_picture(app: Flask) -> None:
        app.add_url_rule(
            "/ada.svg", view_func=lambda: Response(PICTURE, mimetype="image/svg+xml")
        )

    return serve(prepare=add_picture)


@pytest.fixture
def ada() -> Person:
    """Whose account it is."""
    return somebody()


@pytest.fixture
def visitor(site: str, ada: Person, visit: Callable[..., Visitor]) -> Visitor:
    """A browser in which Ada has just signed up, on her account page."""
    visitor = visit(site, device="Firefox on Windows")
    visitor.join(ada)
    visitor.go("/auth/account")
    return visitor


@pytest.fixture
def phone(
    site: str, ada: Person, visitor: Visitor, visit: Callable[..., Visitor]
) -> Visitor:
    """A second browser in which Ada is signed in."""
    phone = visit(site, device="Mobile Safari on iOS")
    phone.enter(ada)
    return phone


def test_name_and_picture_are_saved(visitor: Visitor) -> None:
    """The picture of one's own site is shown; an empty field takes it away again."""
    picture = visitor.page.locator(".ba-avatar img")
    assert picture.count() == 0
    visitor.fill(name="Countess Lovelace", image="/ada.svg")
    assert redirect_of(visitor.press("Save profile")).status == 303
    assert visitor.notice == "Your profile is saved."
    assert visitor.value("name") == "Countess Lovelace"
    assert visitor.page.get_by_text("Countess Lovelace").is_visible()
    assert picture.evaluate("image => image.naturalWidth") == 8
    visitor.fill(image="")
    visitor.press("Save profile")
    assert (visitor.value("name"), visitor.value("image")) == ("Countess Lovelace", "")
    assert picture.count() == 0


def test_markup_in_a_name_is_text(visitor: Visitor) -> None:
    """A name is shown letter by letter, whatever it says."""
    name = "<script>alert(1)</script>\"'&"
    visitor.fill(name=name)
    visitor.press("Save profile")
    assert visitor.value("name") == name
    assert visitor.page.get_by_text(name).is_visible()


def test_password_is_changed_and_others_are_out(
    visitor: Visitor, phone: Visitor, ada: Person
) -> None:
    """The box is checked at first: only this browser stays, and the new one counts."""
    box = visitor.page.get_by_label("Sign out my other devices")
    assert box.is_checked()
    visitor.fill(current_password=ada.password, new_password=NEW)
    visitor.press("Change password")
    assert visitor.path == "/auth/account?notice=password_changed_elsewhere"
    assert visitor.notice == (
        "Your password is changed and your other devices are signed out."
    )
    phone.go("/auth/account")
    assert phone.title == "Sign in"
    assert phone.sign_in(ada).status == 401
    phone.enter(Person(ada.name, ada.email, NEW))
    assert phone.go("/auth/account").status == 200
    assert phone.title == "Account"


def test_password_is_changed_and_others_stay(
    visitor: Visitor, phone: Visitor, ada: Person
) -> None:
    """With the box unchecked nobody is signed out."""
    visitor.fill(current_password=ada.password, new_password=NEW)
    visitor.page.get_by_label("Sign out my other devices").uncheck()
    visitor.press("Change password")
    assert visitor.notice == "Your password is changed."
    phone.go("/auth/account")
    assert phone.title == "Account"


def test_wrong_current_password_is_refused(visitor: Visitor) -> None:
    """The field is marked, what was chosen stays, and no password is shown again."""
    visitor.fill(current_password="not the password", new_password=NEW)
    visitor.page.get_by_label("Sign out my other devices").uncheck()
    assert visitor.press("Change password").status == 400
    assert visitor.alert == "This is not your current password."
    field = visitor.page.get_by_label("Current password")
    assert field.get_attribute("aria-invalid") == "true"
    assert visitor.value("current_password") == visitor.value("new_password") == ""
    assert not visitor.page.get_by_label("Sign out my other devices").is_checked()
    assert visitor.value("name") == "Ada Lovelace"
