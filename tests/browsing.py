"""A browser on a trusted page: it keeps cookies, sends Origin and fills in forms."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

#: Where the apps under test are; also their `base_url`.
ORIGIN = "http://localhost:3000"

#: The secret of the apps under test, and of the vectors.
SECRET = "a-very-secret-secret-0123456789-ABCDEFGH"

ADA = {
    "name": "Ada",
    "email": "ada@example.com",
    "password": "correct horse battery",
}
EVE = {"name": "Eve", "email": "eve@example.com", "password": "staple, staple"}


class Browser(FlaskClient):
    """One visitor of an app."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request to :data:`ORIGIN` unless it names another address."""
        kwargs.setdefault("base_url", ORIGIN)
        return super().open(*args, **kwargs)

    def call(
        self,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> TestResponse:
        """POST *body* as JSON to an endpoint, as the JavaScript client does."""
        return self.post(
            f"/api/auth{path}",
            json={} if body is None else body,
            headers={"Origin": ORIGIN, **(headers or {})},
            **kwargs,
        )

    def ask(self, path: str, **kwargs: Any) -> TestResponse:
        """GET an endpoint."""
        return self.get(f"/api/auth{path}", **kwargs)

    def session(self) -> Any:
        """What `/get-session` answers."""
        return self.ask("/get-session").json

    def sign_up(self, person: Mapping[str, Any] = ADA, **more: Any) -> TestResponse:
        """Sign *person* up; it must work."""
        response = self.call("/sign-up/email", {**person, **more})
        assert response.status_code == 200, response.text
        return response

    def sign_in(self, person: Mapping[str, Any] = ADA, **more: Any) -> TestResponse:
        """Send *person*'s address and password."""
        body = {"email": person["email"], "password": person["password"], **more}
        return self.call("/sign-in/email", body)

    def sign_in_from(self, address: str, password: str) -> TestResponse:
        """Send Ada's address and *password* from a client at *address*."""
        return self.call(
            "/sign-in/email",
            {"email": ADA["email"], "password": password},
            environ_overrides={"REMOTE_ADDR": address},
        )

    def cookie(self, name: str) -> str | None:
        """The value of one of our cookies, as the browser keeps it."""
        kept = self.get_cookie(f"better-auth.{name}")
        return kept.value if kept else None

    def keep(self, name: str, value: str) -> None:
        """Put one of our cookies into the browser."""
        self.set_cookie(f"better-auth.{name}", value)

    def forget(self, name: str) -> None:
        """Take one of our cookies out of the browser."""
        self.delete_cookie(f"better-auth.{name}")

    def submit(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        form: str | None = None,
        **kwargs: Any,
    ) -> TestResponse:
        """Load the page at *path* and send one of its forms, token included."""
        page = self.get(path)
        assert page.status_code == 200, f"{path}: {page.status}"
        data = {"csrf_token": csrf_token(page), **(fields or {})}
        if form is not None:
            data["form"] = form
        return self.post(path, data=data, **kwargs)


def csrf_token(page: TestResponse) -> str:
    """The token in the forms of *page*."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None, "the page has no csrf_token"
    return found[1]


def alert(page: TestResponse) -> str | None:
    """The text of the error that *page* shows, or None."""
    return _text_of(page, "alert")


def notice(page: TestResponse) -> str | None:
    """The text of the message that *page* shows, or None."""
    return _text_of(page, "status")


def _text_of(page: TestResponse, role: str) -> str | None:
    found = re.search(rf'role="{role}".*?<p[^>]*>(.*?)</p>', page.text, re.DOTALL)
    if found is None:
        return None
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip()


def set_cookies(response: TestResponse) -> list[str]:
    """The Set-Cookie lines of *response*, in order."""
    return response.headers.getlist("Set-Cookie")


def cookie_names(response: TestResponse) -> list[str]:
    """The names in the Set-Cookie lines of *response*, in order."""
    return [line.partition("=")[0] for line in set_cookies(response)]
