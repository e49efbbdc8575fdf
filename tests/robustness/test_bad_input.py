"""Every endpoint and form, every field, every nasty value.

The fields are taken from the endpoints themselves, so that whatever is added is tried
as well. Nothing is a server error, and what is refused changes nothing.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from flask_better_auth.endpoints.endpoint import FORM_OR_JSON
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.endpoints.page import Form
from flask_better_auth.endpoints.page import Page
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.wire import wire_name
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import ORIGIN
from tests.browsing import Browser
from tests.browsing import cookie_names
from tests.browsing import csrf_token
from tests.conftest import browser
from tests.robustness.hosts import MakeHost
from tests.robustness.nasty import HARD_TO_STORE
from tests.robustness.nasty import OTHERS
from tests.robustness.nasty import TEXTS
from tests.robustness.nasty import UNSTORABLE

#: What each field holds when there is nothing wrong with it.
VALID: dict[str, Any] = {
    "name": "Ada",
    "email": ADA["email"],
    "image": "https://example.com/ada.png",
    "password": ADA["password"],
    "currentPassword": ADA["password"],
    "newPassword": ADA["password"],
    "callbackURL": "/",
    "rememberMe": True,
    "revokeOtherSessions": False,
    "token": "unknown",
}

#: Values that are fine where they are: (field, value).
FINE = [("image", None), ("rememberMe", True), ("rememberMe", False)]
FINE += [("revokeOtherSessions", True), ("revokeOtherSessions", False)]

#: The cookies that may be set, Flask's own session for the forms included.
OURS = {
    *(f"better-auth.{name}" for name in ("session_token", "session_data")),
    *("better-auth.dont_remember", "session"),
}

_numbers = itertools.count(1)


class Victim:
    """Ada, signed in, on an app whose every field is tried."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.auth: Auth = app.extensions["better_auth"]
        self.client = browser(app)
        self.person = {**ADA, "email": f"ada{next(_numbers)}@example.com"}
        self.client.sign_up(self.person)

    @property
    def is_on_sqlite(self) -> bool:
        """Whether the database is a file."""
        with self.app.app_context():
            return self.auth.engine.dialect.name == "sqlite"

    def body_of(self, endpoint: Endpoint[Any]) -> dict[str, Any]:
        """A body that *endpoint* has nothing against."""
        fields = endpoint.body.model_fields if endpoint.body else {}
        body = {wire_name(name): VALID[wire_name(name)] for name in fields}
        return {**body, "email": self.person["email"]} if "email" in body else body

    def send(self, endpoint: Endpoint[Any], body: Any) -> TestResponse:
        """Send *body* as Ada."""
        return self.client.post(
            f"/api/auth{endpoint.path}",
            data=json.dumps(body),
            content_type="application/json",
            headers={"Origin": ORIGIN},
        )

    def settle(self) -> None:
        """Sign in again, if what was sent signed out or ended the session."""
        view = self.client.session()
        if view is None:
            assert self.client.sign_in(self.person).status_code == 200
        else:
            assert view["user"]["email"] == self.person["email"]

    def state(self) -> list[Any]:
        """How many users and accounts there are, and what is stored about Ada."""
        user, account = self.auth.models.user, self.auth.models.account
        with self.app.app_context():
            session = self.app.extensions["sqlalchemy"].session
            counts = [session.query(model).count() for model in (user, account)]
            ada = session.query(user.id, user.name, user.image, user.updated_at)
            ada = ada.filter_by(email=self.person["email"]).one()
            own = session.query(account.password).filter_by(user_id=ada.id)
            return [*counts, *ada, own.all()]


@pytest.fixture(scope="module")
def victim(make_shared_host: MakeHost, sqlite_url: str) -> Victim:
    """Ada, for what never comes to the database."""
    return Victim(make_shared_host(sqlite_url))


@pytest.fixture(scope="module")
def stored_victim(make_shared_host: MakeHost, database_url: str) -> Victim:
    """Ada, on each kind of database."""
    return Victim(make_shared_host(database_url))


def _endpoints(victim: Victim) -> Iterator[Endpoint[Any]]:
    for endpoint in victim.auth.registry:
        if endpoint.path is not None and "POST" in endpoint.methods:
            yield endpoint


def _assert_refusal(response: TestResponse, what: str, status: int = 400) -> None:
    assert response.status_code == status, f"{what}: {response.status}"
    assert isinstance(response.json, dict), what
    assert isinstance(response.json["message"], str), what


def test_every_endpoint_is_known_here(victim: Victim) -> None:
    """A field that is added elsewhere is given a valid value above."""
    fields = {
        wire_name(name)
        for endpoint in _endpoints(victim)
        if endpoint.body is not None
        for name in endpoint.body.model_fields
    }
    assert fields == set(VALID)


def test_value_of_another_type_is_refused(victim: Victim) -> None:
    """In every field of every endpoint; the refusal names the field."""
    before = victim.state()
    for endpoint in _endpoints(victim):
        body = victim.body_of(endpoint)
        for field, value in itertools.product(body, OTHERS):
            if any(field == name and value is fine for name, fine in FINE):
                continue
            response = victim.send(endpoint, {**body, field: value})
            what = f"{endpoint.name}, {field} = {value!r:.40}"
            if endpoint.reads_body:
                _assert_refusal(response, what)
                assert field in response.json["message"], what  # type: ignore[index]
            assert response.status_code < 500, what
    victim.settle()
    assert victim.state() == before


def test_text_that_cannot_be_stored_is_refused(stored_victim: Victim) -> None:
    """In every field, in one that nobody asked for, in a list, as a name."""
    victim = stored_victim
    before = victim.state()
    for endpoint in _endpoints(victim):
        if not endpoint.reads_body:
            continue
        body = victim.body_of(endpoint)
        for text in UNSTORABLE:
            bodies = [{**body, field: text} for field in [*body, "extra"]]
            bodies += [{**body, "extra": [{"a": [text]}]}, {**body, text: "x"}, text]
            for bad in bodies:
                what = f"{endpoint.name}: {bad!r:.120}"
                _assert_refusal(victim.send(endpoint, bad), what)
    victim.settle()
    assert victim.state() == before


def test_odd_text_is_stored_or_refused(stored_victim: Victim) -> None:
    """Whatever a text holds it is no server error, and nobody else is signed in."""
    victim = stored_victim
    before = victim.state()
    # What the database never sees is tried on one kind of it.
    chosen = TEXTS if victim.is_on_sqlite else HARD_TO_STORE
    for endpoint in _endpoints(victim):
        body = victim.body_of(endpoint)
        texts = [name for name, value in body.items() if isinstance(value, str)]
        for field, text in itertools.product([*texts, "extra"], chosen):
            if endpoint.name == "sign_up_email":
                body["email"] = f"new{next(_numbers)}@example.com"
                body["password"] = EVE["password"]
            response = victim.send(endpoint, {**body, field: text})
            what = f"{endpoint.name}, {field} = {text!r:.40}: {response.status}"
            assert response.status_code < 500, what
            assert "evil.example" not in response.headers.get("Location", ""), what
            assert set(cookie_names(response)) <= OURS, what
            if response.status_code >= 400:
                assert victim.state() == before, what
            else:
                _assert_who(victim, endpoint, response, what)
                before = victim.state()


def _assert_who(
    victim: Victim, endpoint: Endpoint[Any], response: TestResponse, what: str
) -> None:
    """The browser is in as Ada, as who has just signed up, or not at all."""
    view = victim.client.session()
    if endpoint.name == "sign_up_email":
        assert view["user"] == response.json["user"], what  # type: ignore[index]
        assert victim.client.call("/sign-out").status_code == 200
    victim.settle()


@pytest.mark.parametrize("text", ["%00", "%ff", "%", "%zz", "%ed%a0%80", "+", "%0a"])
def test_odd_form_field_is_no_server_error(victim: Victim, text: str) -> None:
    """Each field of each endpoint that takes forms, percent-encoded in odd ways."""
    before = victim.state()
    for endpoint in _endpoints(victim):
        if endpoint.media_types != FORM_OR_JSON:
            continue
        for field in [*victim.body_of(endpoint), "extra"]:
            response = victim.client.post(
                f"/api/auth{endpoint.path}",
                data=f"{field}={text}",
                content_type=FORM_OR_JSON[0],
                headers={"Origin": ORIGIN},
            )
            # A URL that leads nowhere is forbidden, before anything else is looked at.
            status = 403 if field == "callbackURL" and text != "%00" else 400
            _assert_refusal(response, f"{endpoint.name}, {field}={text}", status)
    assert victim.state() == before


QUERY = ("disableCookieCache", "disableRefresh", "callbackURL", "error", "x")
PAGE_QUERY = ("next", "notice", "form", "error", "error_description")


@pytest.mark.parametrize(
    "text", ["%00", "%ff", "%", "%zz", "%ed%a0%80", "a&{0}=b", "[]", "x" * 4_000]
)
def test_odd_query_is_no_server_error(victim: Victim, text: str) -> None:
    """Of every endpoint and page, by every method."""
    before = victim.state()
    paths = [f"/api/auth{each.path}" for each in victim.auth.registry if each.path]
    paths += [f"/auth{each.path}" for each in victim.auth.registry.pages.values()]
    for path in paths:
        for name in PAGE_QUERY if path.startswith("/auth/") else QUERY:
            query = f"{name}={text.format(name)}"
            for method in ("GET", "POST", "HEAD", "OPTIONS", "PUT", "X"):
                response = victim.client.open(f"{path}?{query}", method=method)
                assert response.status_code < 500, f"{method} {path}?{query:.40}"
    victim.settle()
    assert victim.state() == before


#: What forms are sent; what may be stored was stored above.
IN_FORMS = ("", "\r\nSet-Cookie: a=b", "//evil.example", TEXTS[-1], "a\0b")


def _forms(victim: Victim) -> Iterator[tuple[Page, Form]]:
    for page in victim.auth.registry.pages.values():
        for form in page.forms:
            yield page, form


def test_odd_text_in_a_form_is_no_server_error(victim: Victim) -> None:
    """Each field of each form of each page, token and hidden fields included."""
    for page, form in _forms(victim):
        fields = [*form.fields, *form.checkboxes, "form", "next", "csrf_token"]
        before = victim.state()
        for field, text in itertools.product(fields, IN_FORMS):
            response = _submit(victim, page, form, {field: text})
            what = f"{page.name}/{form.name}, {field} = {text!r:.40}"
            assert response.status_code < 500, what
            assert response.mimetype == "text/html", what
            assert "evil.example" not in response.headers.get("Location", ""), what
            if response.status_code >= 400:
                assert victim.state() == before, what
            else:
                before = victim.state()
    victim.settle()


def _submit(
    victim: Victim, page: Page, form: Form, odd: dict[str, str]
) -> TestResponse:
    """Fill in *form* as its visitor would, but for what is *odd*."""
    client: Browser = victim.client
    if page.signed_out_only:
        client = browser(victim.app)
    else:
        victim.settle()
    drawn = client.get(f"/auth{page.path}")
    assert drawn.status_code == 200, page.name
    filled = {
        name: VALID.get(wire_name(name), "unknown")
        for name in (*form.fields, *form.checkboxes)
    }
    address = victim.person["email"]
    if form.name == "sign_up":
        address = f"new{next(_numbers)}@example.com"
    known = {"email": address, "form": form.name, "csrf_token": csrf_token(drawn)}
    return client.post(f"/auth{page.path}", data={**filled, **known, **odd})
