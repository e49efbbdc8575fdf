"""What is found below the mount, and bodies before any endpoint sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask import request

from tests.browsing import ADA
from tests.browsing import ORIGIN
from tests.browsing import Browser
from tests.conftest import browser
from tests.expected import RANDOM
from tests.expected import answer
from tests.expected import invalid
from tests.expected import user

MakeApp = Callable[..., Flask]

# -- what is found ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("POST", "/nowhere"),
        ("GET", "/ok/"),
        ("GET", "//ok"),
        ("GET", "/./ok/"),
        ("GET", "/OK"),
        ("GET", "/"),
        ("GET", "//"),
        ("POST", "/ok"),
        ("DELETE", "/ok"),
        ("PUT", "/sign-out"),
        ("PATCH", "/update-user"),
        ("GET", "/sign-out"),
        ("GET", "/sign-in/email"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in//email"),
        ("POST", "/sign-in/email/"),
        ("POST", "/sign-in/email%00"),
        ("POST", "/set-password"),
        ("POST", "/forget-password"),
    ],
)
def test_anything_else_is_not_found(client: Browser, method: str, path: str) -> None:
    """An empty 404 without a content type: no redirect, no 405, no page of Flask's."""
    response = client.open(
        f"/api/auth{path}", method=method, headers={"Origin": ORIGIN}
    )
    assert (response.status_code, response.data) == (404, b"")
    assert "Content-Type" not in response.headers
    assert "Allow" not in response.headers
    assert "Location" not in response.headers


def test_mount_itself_is_not_found(client: Browser) -> None:
    """It is the app's, as far as Flask is concerned."""
    assert client.get("/api/auth").status_code == 404


@pytest.mark.parametrize("path", ["/api/authentic", "/api/auth-x/ok", "/api"])
def test_paths_beside_the_mount_are_the_apps(make_app: MakeApp, path: str) -> None:
    """Flask answers there."""

    def add(app: Flask) -> None:
        app.add_url_rule(path, view_func=lambda: "mine", methods=["GET"])

    visitor = browser(make_app(prepare=add))
    assert visitor.get(path).text == "mine"
    assert visitor.post(path).status_code == 405


def test_trailing_slash_can_be_allowed(make_app: MakeApp) -> None:
    """`skip_trailing_slashes`; a doubled slash is still none."""
    visitor = browser(make_app(advanced={"skip_trailing_slashes": True}))
    for path in ("/ok", "/ok/"):
        assert answer(visitor.ask(path)) == (200, {"ok": True})
    assert visitor.call("/sign-out/").status_code == 200
    assert visitor.ask("//ok").status_code == 404
    assert visitor.ask("/nowhere/").status_code == 404


def test_head_answers_as_flask_does(client: Browser) -> None:
    """Headers without a body; upstream has none of it."""
    response = client.head("/api/auth/ok")
    assert (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize(
    "path",
    ["/sign-up/email", "/sign-up%2Femail", "/sign-up/email/", "/sign-up//email"],
)
def test_disabled_path_is_not_served(make_app: MakeApp, path: str) -> None:
    """In no spelling; only this 404 has a text."""
    visitor = browser(make_app(disabled_paths=["/sign-up/email", "/ok"]))
    response = visitor.call(path, ADA)
    assert response.status_code == 404
    if path in ("/sign-up/email", "/sign-up%2Femail"):
        assert response.text == "Not Found"
        assert response.content_type == "text/plain;charset=UTF-8"
    assert visitor.ask("/ok").text == "Not Found"
    assert visitor.call("/sign-in/email", ADA).status_code == 401


def test_mount_may_be_anywhere(make_app: MakeApp) -> None:
    """Also at the root, where the app's own views go on."""

    def add(app: Flask) -> None:
        app.add_url_rule("/mine", view_func=lambda: "mine")

    visitor = browser(make_app(base_path="/", prepare=add))
    assert visitor.get("/ok").json == {"ok": True}
    assert visitor.get("/mine").text == "mine"
    assert visitor.get("/nowhere").status_code == 404
    assert visitor.post("/sign-up/email", json=ADA).status_code == 200


# -- bodies ----------------------------------------------------------------------------


def post(visitor: Browser, data: Any, content_type: str | None, path: str) -> Any:
    """POST *data* as it is."""
    return visitor.post(
        f"/api/auth{path}",
        data=data,
        content_type=content_type,
        headers={"Origin": ORIGIN},
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        " application/json ;charset=utf-8",
    ],
)
def test_json_is_read(client: Browser, content_type: str) -> None:
    """Whatever follows the type."""
    response = post(client, json.dumps(ADA), content_type, "/sign-up/email")
    assert answer(response) == (200, {"token": RANDOM, "user": user()})


@pytest.mark.parametrize(
    ("content_type", "path", "allowed"),
    [
        ("text/plain", "/sign-out", "application/json"),
        ("text/html", "/sign-out", "application/json"),
        ("application/x-www-form-urlencoded", "/sign-out", "application/json"),
        ("multipart/form-data; boundary=x", "/sign-out", "application/json"),
        ("application/vnd.api+json", "/sign-out", "application/json"),
        ("application/xml", "/sign-out", "application/json"),
        (
            "text/plain",
            "/sign-in/email",
            "application/x-www-form-urlencoded, application/json",
        ),
    ],
)
def test_other_types_are_refused(
    client: Browser, content_type: str, path: str, allowed: str
) -> None:
    """So no plain form of another site reaches a JSON endpoint."""
    response = post(client, b"{}", content_type, path)
    assert answer(response) == (
        415,
        {
            "message": f'Content-Type "{content_type}" is not allowed. '
            f"Allowed types: {allowed}",
            "code": "UNSUPPORTED_MEDIA_TYPE",
        },
    )


@pytest.mark.parametrize(
    "data", [b"{", b"nope", b"{'a':1}", b"NaN", b"\xff", b'{"a":}', b"[" * 50_000]
)
def test_broken_json_is_refused(client: Browser, data: bytes) -> None:
    """Before anything else is looked at."""
    response = post(client, data, "application/json", "/sign-in/email")
    assert answer(response) == (
        400,
        {"message": "Invalid JSON in request body", "code": "BAD_REQUEST"},
    )


def test_no_body_is_none(client: Browser) -> None:
    """Without a content type, or of length zero: the endpoint is asked."""
    for data, content_type in ((None, None), (b"", "application/json"), (b"x", None)):
        response = post(client, data, content_type, "/sign-in/email")
        assert answer(response) == (
            400,
            invalid("[body] Invalid input: expected object, received undefined"),
        )


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/sign-in/email", "application/json"),
        ("/sign-in/email", "application/x-www-form-urlencoded"),
        ("/sign-out", "application/json"),
    ],
)
def test_body_of_more_than_a_megabyte_is_refused(
    client: Browser, path: str, content_type: str
) -> None:
    """Whether or not its length is told."""
    data = b'{"a":"' + b"x" * 1_000_000 + b'"}'
    response = post(client, data, content_type, path)
    assert answer(response) == (
        413,
        {"message": "Request body is too large", "code": "PAYLOAD_TOO_LARGE"},
    )


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({**ADA, "name": "a\0b"}, "name"),
        ({**ADA, "name": "a\ud800b"}, "name"),
        ({**ADA, "extra": [{"deep": "\0"}]}, "extra.0.deep"),
    ],
)
def test_text_that_no_database_takes_is_refused(
    client: Browser, body: Any, path: str
) -> None:
    """By the name of its field."""
    response = client.call("/sign-up/email", body)
    assert answer(response) == (
        400,
        invalid(f"[body.{path}] Invalid input: malformed text"),
    )


def test_odd_query_is_no_trouble(signed_in: Browser) -> None:
    """Unknown keys, broken escapes, text that nothing can store."""
    for query in ("a=%00", "%ff=%ff", "&&=&", "disableRefresh=%00", "a=1&a=2"):
        response = signed_in.ask(f"/get-session?{query}")
        assert response.json["user"]["name"] == "Ada"


def test_body_that_the_app_has_read_before_is_read_again(make_app: MakeApp) -> None:
    """A function of the app's may log it."""

    def add(app: Flask) -> None:
        @app.before_request
        def look() -> None:
            request.get_data()

    visitor = browser(make_app(prepare=add))
    assert visitor.sign_up().json["user"] == user()


def test_every_answer_is_about_a_person(client: Browser) -> None:
    """And so for no cache, whatever it says."""
    client.sign_up()
    for response in (
        client.ask("/get-session"),
        client.ask("/list-sessions"),
        client.call("/sign-in/email", {**ADA, "password": "wrong one"}),
        client.call("/sign-out"),
    ):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Vary"] == "Cookie"
