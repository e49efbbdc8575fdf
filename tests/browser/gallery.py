"""Every page of the example in every state worth a look, and how to get there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.visitor import Person
from tests.browser.visitor import Visitor
from tests.browser.visitor import somebody

#: As long as names get, with nowhere to break a line.
LONG = Person(
    "Ada Augusta King, Countess of Lovelace-Byron-Noel-Milbanke-Wentworth",
    "ada.augusta.king.countess.of.lovelace.nee.byron@analytical-engines.example.com",
)

#: A picture that a browser draws without asking anybody.
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
    "%3Cpath fill='%23c2410c' d='M0 0h8v8H0z'/%3E%3C/svg%3E"
)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A page in one state.

    Attributes: `bring` leads somebody who is signed in (with `signed_in`) or is
    nobody yet to the page.
    """

    name: str
    bring: Callable[[Visitor], object]
    signed_in: bool = False
    person: Person | None = None

    def show(self, visitor: Visitor) -> None:
        """*visitor*, who has just arrived, sees the page."""
        if self.signed_in:
            visitor.join(self.person or somebody())
        self.bring(visitor)


def _load(path: str) -> Callable[[Visitor], object]:
    return lambda visitor: visitor.go(path)


def _refused_sign_in(visitor: Visitor) -> None:
    visitor.sign_in(somebody())


def _refused_sign_up(visitor: Visitor) -> None:
    visitor.go("/auth/sign-up")
    # What a browser would not send: the server says the same.
    visitor.page.locator("form").evaluate("form => { form.noValidate = true }")
    visitor.fill(name="Ada", email="ada@example.com", password="short")
    visitor.press("Create account")


def _stale_sign_up(visitor: Visitor) -> None:
    visitor.go("/auth/sign-up")
    visitor.fill(name="Ada", email="ada@example.com", password="long enough")
    visitor.context.clear_cookies()
    visitor.press("Create account")


def _saved_profile(visitor: Visitor) -> None:
    visitor.go("/auth/account")
    visitor.fill(image=PICTURE)
    visitor.press("Save profile")


def _refused_password(visitor: Visitor) -> None:
    visitor.go("/auth/account")
    visitor.fill(current_password="not the password", new_password="long enough")
    visitor.press("Change password")


def _several_sessions(visitor: Visitor) -> None:
    person = somebody()
    for sign_in in (visitor.join, visitor.enter, visitor.enter):
        sign_in(person)
    visitor.go("/auth/sessions")


def _refused_reauthentication(visitor: Visitor) -> None:
    visitor.go("/auth/reauthenticate")
    visitor.fill(password="not the password")
    visitor.press("Continue")


def _dashboard_with_notes(visitor: Visitor) -> None:
    visitor.go("/dashboard")
    for text in ("Buy milk", "Supercalifragilisticexpialidocious" * 4):
        visitor.fill(text=text)
        visitor.press("Keep it")


def _danger_zone_with_notes(visitor: Visitor) -> None:
    _dashboard_with_notes(visitor)
    visitor.go("/danger-zone")


GALLERY = [
    Exhibit("sign-in", _load("/auth/sign-in")),
    Exhibit("sign-in, signed out", _load("/auth/sign-in?notice=signed_out")),
    Exhibit("sign-in, refused", _refused_sign_in),
    Exhibit("sign-up", _load("/auth/sign-up")),
    Exhibit("sign-up, refused", _refused_sign_up),
    Exhibit("sign-up, stale", _stale_sign_up),
    Exhibit("sign-out", _load("/auth/sign-out"), signed_in=True),
    Exhibit("reauthenticate", _load("/auth/reauthenticate"), signed_in=True),
    Exhibit("reauthenticate, refused", _refused_reauthentication, signed_in=True),
    Exhibit("account", _load("/auth/account"), signed_in=True, person=LONG),
    Exhibit("account, saved", _saved_profile, signed_in=True),
    Exhibit("account, refused", _refused_password, signed_in=True),
    Exhibit("sessions, this one", _load("/auth/sessions"), signed_in=True),
    Exhibit("sessions, several", _several_sessions),
    Exhibit("error", _load("/api/auth/error?error=state_mismatch")),
    Exhibit("home", _load("/")),
    Exhibit("home, signed in", _load("/"), signed_in=True),
    Exhibit("dashboard, empty", _load("/dashboard"), signed_in=True),
    Exhibit("dashboard", _dashboard_with_notes, signed_in=True),
    Exhibit("danger zone, empty", _load("/danger-zone"), signed_in=True),
    Exhibit("danger zone", _danger_zone_with_notes, signed_in=True),
]
