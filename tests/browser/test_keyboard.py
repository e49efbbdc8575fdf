"""Everything can be done without a mouse, and is said to people who do not see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests import needs
from tests.browser.visitor import Person
from tests.browser.visitor import Visitor
from tests.browser.visitor import somebody

pytestmark = needs.chromium()

#: What has the focus, as it is called, and whether one can see that it has.
FOCUSED = """() => {
  const found = document.activeElement
  const style = getComputedStyle(found)
  const label = found.labels && found.labels[0] ? found.labels[0] : found
  const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
  return [label.innerText.trim(), outline]
}"""


@pytest.fixture
def ada() -> Person:
    """Who signs in."""
    return somebody()


@pytest.fixture
def site(serve: Callable[..., str], visit: Callable[..., Visitor], ada: Person) -> str:
    """An app at which Ada has an account."""
    address = serve()
    visit(address).join(ada)
    return address


@pytest.mark.parametrize("javascript", [False, True], ids=["plain", "with JavaScript"])
def test_sign_in_by_keyboard(
    site: str, visit: Callable[..., Visitor], ada: Person, javascript: bool
) -> None:
    """The cursor is in the first field; Tab, the space bar and Enter do the rest."""
    visitor = visit(site, javascript=javascript)
    visitor.go("/auth/sign-in")
    keyboard = visitor.page.keyboard
    expect(visitor.page.get_by_label("Email")).to_be_focused()
    keyboard.type(ada.email)
    keyboard.press("Tab")
    keyboard.type(ada.password)
    if javascript:
        keyboard.press("Tab")
        assert focused(visitor.page) == "Show the password"
    keyboard.press("Tab")
    assert focused(visitor.page) == "Keep me signed in"
    keyboard.press("Space")
    with visitor.page.expect_navigation():
        keyboard.press("Enter")
    assert visitor.path == "/"
    assert visitor.cookie("better-auth.session_token")["expires"] == -1


def test_every_stop_on_the_way_is_seen(
    site: str, visit: Callable[..., Visitor], ada: Person
) -> None:
    """Tab goes through the page from top to bottom, and one sees where it is."""
    visitor = visit(site)
    visitor.enter(ada)
    visitor.go("/auth/account")
    assert walk(visitor.page, 16) == [
        "Skip to content",
        "B\nBetter Auth",
        "Account",
        "Sessions",
        "Sign out",
        "Name",
        "Picture address optional",
        "Save profile",
        "Current password",
        "New password",
        "Sign out my other devices",
        "Change password",
        "Review sessions",
    ]


def test_skip_link_leads_past_the_navigation(
    site: str, visit: Callable[..., Visitor], ada: Person
) -> None:
    """It shows itself when it gets the focus, and the next stop is in the content."""
    visitor = visit(site)
    visitor.enter(ada)
    visitor.go("/auth/account")
    link = visitor.page.get_by_role("link", name="Skip to content")
    assert hidden(link)
    visitor.page.keyboard.press("Tab")
    assert not hidden(link)
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    assert focused(visitor.page) == "Name"


def test_sign_out_by_keyboard(
    site: str, visit: Callable[..., Visitor], ada: Person
) -> None:
    """The button in the navigation is a button: Enter presses it."""
    visitor = visit(site)
    visitor.enter(ada)
    visitor.go("/auth/account")
    visitor.page.get_by_role("navigation").get_by_role("button").focus()
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert visitor.notice == "You are signed out."


def test_error_of_a_field_is_announced(
    site: str, visit: Callable[..., Visitor], ada: Person
) -> None:
    """The window's title, an alert and the field itself say what is wrong."""
    visitor = visit(site)
    visitor.enter(ada)
    visitor.go("/auth/account")
    visitor.fill(current_password="not the password", new_password="long enough")
    visitor.press("Change password")
    said = "This is not your current password."
    expect(visitor.page).to_have_title("Error: Account · Better Auth")
    expect(visitor.page.get_by_role("alert")).to_have_text(said)
    field = visitor.page.get_by_label("Current password")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(said)
    # The link in the summary leads to the field.
    visitor.page.get_by_label("Name").focus()
    visitor.page.get_by_role("alert").get_by_role("link").focus()
    visitor.page.keyboard.press("Enter")
    expect(field).to_be_focused()


def test_error_of_a_form_is_announced(site: str, visit: Callable[..., Visitor]) -> None:
    """The field that the cursor is put into is described by what went wrong."""
    visitor = visit(site)
    visitor.sign_in(somebody())
    said = "The email address or the password is wrong."
    expect(visitor.page).to_have_title("Error: Sign in · Better Auth")
    expect(visitor.page.get_by_role("alert")).to_have_text(said)
    field = visitor.page.get_by_label("Password")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(said)


def test_hint_describes_its_field(site: str, visit: Callable[..., Visitor]) -> None:
    """How long a password must be is said where it is typed."""
    visitor = visit(site)
    visitor.go("/auth/sign-up")
    field = visitor.page.get_by_label("Password")
    expect(field).to_have_accessible_description("At least 8 characters.")


def test_password_is_shown_and_hidden(site: str, visit: Callable[..., Visitor]) -> None:
    """With JavaScript a button reveals what was typed, and says which way it stands."""
    visitor = visit(site, javascript=True)
    visitor.go("/auth/sign-in")
    visitor.fill(password="what I typed")
    field = visitor.page.locator("input[name=password]")
    button = visitor.page.get_by_role("button", name="Show the password")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.press("Space")
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.press("Space")
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_value("what I typed")


def focused(page: Page) -> str:
    """What has the focus; it must be seen to have it."""
    name, outlined = page.evaluate(FOCUSED)
    assert outlined, f"nothing shows that {name!r} has the focus"
    return str(name)


def walk(page: Page, most: int) -> list[str]:
    """What Tab stops at, from the top of the page until it leaves the page."""
    stops: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stops.append(focused(page))
    return stops


def hidden(element: Locator) -> bool:
    """Whether *element* is too small to be seen."""
    box = element.bounding_box()
    return box is None or box["width"] <= 1
