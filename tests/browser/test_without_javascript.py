"""The example from a browser that runs no JavaScript: the whole life of an account."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests import needs
from tests.browser.visitor import Visitor
from tests.browser.visitor import redirect_of
from tests.browser.visitor import somebody

pytestmark = needs.chromium()


def test_whole_story_in_two_browsers(
    example: str, visit: Callable[..., Visitor]
) -> None:
    """Sign up, out and in; a second browser signs the first one out, and is obeyed."""
    ada, first = somebody(), visit(example, device="Firefox on Windows")
    second = visit(example, device="Mobile Safari on iOS")

    # The dashboard is for people with an account: make one, and come back to it.
    assert redirect_of(first.go("/dashboard")).status == 303
    assert first.path == "/auth/sign-in?next=/dashboard"
    first.follow("Create an account")
    first.fill(name=ada.name, email=ada.email, password=ada.password)
    assert redirect_of(first.press("Create account")).status == 303
    assert (first.path, first.title) == ("/dashboard", f"Hello, {ada.name}")

    first.sign_out()
    assert first.notice == "You are signed out."
    first.go("/dashboard")
    assert first.path == "/auth/sign-in?next=/dashboard"

    # In again, here and in a second browser.
    first.fill(email=ada.email, password=ada.password)
    first.press("Sign in")
    assert first.path == "/dashboard"
    second.sign_in(ada)
    assert second.path == "/dashboard"

    # Each sees both sessions; the second ends the first.
    first.go("/auth/sessions")
    assert first.devices() == {
        "This session": ["Firefox on Windows"],
        "Other sessions": ["Mobile Safari on iOS"],
    }
    second.go("/auth/sessions")
    assert second.devices() == {
        "This session": ["Mobile Safari on iOS"],
        "Other sessions": ["Firefox on Windows"],
    }
    assert redirect_of(second.press("Sign out Firefox on Windows")).status == 303
    assert second.notice == "That device is signed out."
    assert second.devices() == {
        "This session": ["Mobile Safari on iOS"],
        "Other sessions": [],
    }

    # At its next request the first is out; the second is not.
    refused = redirect_of(first.go("/dashboard"))
    assert (refused.status, refused.headers["location"]) == (
        303,
        "/auth/sign-in?next=/dashboard",
    )
    assert first.title == "Sign in"
    assert second.go("/dashboard").status == 200


def test_notes_and_danger_zone(example: str, visit: Callable[..., Visitor]) -> None:
    """The example's own forms work beside ours, with one protection from forgery."""
    visitor = visit(example)
    assert visitor.go("/").status == 200
    assert visitor.title == "A notebook of your own"
    visitor.sign_up(somebody())
    visitor.fill(text="Buy milk")
    visitor.press("Keep it")
    visitor.fill(text="<b>Drink</b> it")
    visitor.press("Keep it")
    notes = visitor.page.get_by_role("region", name="Your notes").get_by_role(
        "listitem"
    )
    assert notes.all_inner_texts() == ["<b>Drink</b> it", "Buy milk"]
    visitor.follow("Delete them all")
    assert visitor.path == "/danger-zone"
    visitor.press("Delete 2 notes")
    assert visitor.path == "/dashboard"
    assert visitor.page.get_by_text("Nothing yet.").is_visible()
    visitor.go("/")
    assert visitor.title == "Welcome back"
    for link, path in (
        ("Open your dashboard", "/dashboard"),
        ("Edit your account", "/auth/account"),
        ("Review your sessions", "/auth/sessions"),
        ("Enter the danger zone", "/danger-zone"),
    ):
        visitor.go("/")
        assert visitor.follow(link).status == 200
        assert visitor.path == path


def test_danger_zone_asks_for_the_password(
    example: str, tmp_path: Path, visit: Callable[..., Visitor]
) -> None:
    """Who signed in long ago proves it once more, and is where they wanted to be."""
    ada, visitor = somebody(), visit(example)
    visitor.sign_up(ada)
    database = tmp_path / "example" / "instance" / "notebook.sqlite"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE session SET createdAt = '2020-01-01T00:00:00.000Z'")
    assert redirect_of(visitor.go("/danger-zone")).status == 303
    assert visitor.path == "/auth/reauthenticate?next=/danger-zone"
    visitor.fill(password=ada.password)
    visitor.press("Continue")
    assert (visitor.path, visitor.title) == ("/danger-zone", "Danger zone")
