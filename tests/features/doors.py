"""The two ways in: the JSON endpoints, and the pages that submit the same endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import Protocol

from werkzeug.test import TestResponse

from tests.browsing import ORIGIN
from tests.browsing import Browser
from tests.browsing import alert
from tests.browsing import csrf_token

#: What a page says in place of the protocol's answer.
SAID_BY_PAGES = {
    "INVALID_EMAIL": "Enter a valid email address.",
    "INVALID_EMAIL_OR_PASSWORD": "The email address or the password is wrong.",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": (
        "There is already an account with this email address."
    ),
    "PASSWORD_TOO_SHORT": "This password is too short.",
    "PASSWORD_TOO_LONG": "This password is too long.",
    "INVALID_PASSWORD": "This is not your current password.",
    "EMAIL_NOT_VERIFIED": "Please confirm your email address first.",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Your account has no password.",
    "EMAIL_PASSWORD_DISABLED": "Email and password is not enabled",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a door answered: its status and, as a code or in words, why."""

    status: int
    why: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """One thing to ask for, as each door asks for it."""

    endpoint: str
    page: str
    name: str


SIGN_IN = Form("/sign-in/email", "/auth/sign-in", "sign_in")
SIGN_UP = Form("/sign-up/email", "/auth/sign-up", "sign_up")
SIGN_OUT = Form("/sign-out", "/auth/sign-out", "sign_out")
CHANGE_PASSWORD = Form("/change-password", "/auth/account", "password")
UPDATE_USER = Form("/update-user", "/auth/account", "profile")
REVOKE_OTHERS = Form("/revoke-other-sessions", "/auth/sessions", "revoke_others")
REVOKE_ALL = Form("/revoke-sessions", "/auth/sessions", "revoke_all")


class Door(Protocol):
    """A way in."""

    def send(
        self, visitor: Browser, form: Form, fields: Mapping[str, Any]
    ) -> Refusal | None:
        """Send *fields*, named as on the wire; None when it worked."""

    def refusal(self, status: int, code: str) -> Refusal:
        """How this door says *code*."""


class JsonDoor:
    """The JavaScript client's way."""

    def send(
        self, visitor: Browser, form: Form, fields: Mapping[str, Any]
    ) -> Refusal | None:
        """POST to the endpoint."""
        response = visitor.call(form.endpoint, dict(fields))
        if response.status_code == 200:
            return None
        body = response.json if response.is_json and response.data else {}
        return Refusal(response.status_code, body.get("code") or body.get("message"))

    def refusal(self, status: int, code: str) -> Refusal:
        """By its code."""
        return Refusal(status, code)


#: Wire names -> names of form fields.
_FIELDS = {
    "rememberMe": "remember_me",
    "currentPassword": "current_password",
    "newPassword": "new_password",
    "revokeOtherSessions": "revoke_other_sessions",
}


class PageDoor:
    """A browser's way, without JavaScript."""

    def send(
        self, visitor: Browser, form: Form, fields: Mapping[str, Any]
    ) -> Refusal | None:
        """Submit the form of the page."""
        data = {"csrf_token": self._token(visitor), "form": form.name}
        for name, value in fields.items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            data[_FIELDS.get(name, name)] = text
        response = visitor.post(
            form.page, data=data, headers={"Origin": ORIGIN, "Accept": "text/html"}
        )
        if _is_done(response):
            return None
        return Refusal(response.status_code, alert(response))

    def refusal(self, status: int, code: str) -> Refusal:
        """In words for people."""
        return Refusal(status, SAID_BY_PAGES[code])

    @staticmethod
    def _token(visitor: Browser) -> str:
        # The one page that everybody may see, signed in or out.
        return csrf_token(visitor.get("/auth/sign-out"))


def _is_done(response: TestResponse) -> bool:
    return response.status_code == 303 and not response.location.startswith(
        ("/auth/sign-in?next=", "/auth/reauthenticate")
    )
