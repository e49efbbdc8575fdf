"""Bodies that are no JSON, no form, too large or not what they say they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import ORIGIN
from tests.browsing import Browser
from tests.conftest import browser
from tests.expected import answer
from tests.robustness.hosts import MakeHost
from tests.rows import rows

NO_JSON = {"message": "Invalid JSON in request body", "code": "BAD_REQUEST"}
NO_FORM = {"message": "Invalid form in request body", "code": "BAD_REQUEST"}
TOO_LARGE = {"message": "Request body is too large", "code": "PAYLOAD_TOO_LARGE"}
TOO_LONG = {"message": "Password too long", "code": "PASSWORD_TOO_LONG"}
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

#: An endpoint that anybody may call, one for people who are signed in, and one that
#: needs no body: (path, takes a form).
PATHS = [("/sign-in/email", True), ("/update-user", False), ("/sign-out", False)]


@pytest.fixture(scope="module")
def ada(make_shared_host: MakeHost, sqlite_url: str) -> Iterator[Browser]:
    """A browser in which Ada is signed in, and still is at the end, unchanged."""
    app = make_shared_host(sqlite_url)
    client = browser(app)
    client.sign_up()
    before = rows(app, "user"), rows(app, "account"), rows(app, "session")
    yield client
    assert (rows(app, "user"), rows(app, "account"), rows(app, "session")) == before


def _post(client: Browser, path: str, body: bytes, media_type: str | None) -> Any:
    sent = {"Origin": ORIGIN}
    return client.post(
        f"/api/auth{path}", data=body, content_type=media_type, headers=sent
    )


def _nested(levels: int) -> bytes:
    return b'{"name":' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"name":"Ada"',
        b"{'name':'Ada'}",
        b'{"name":"Ada",}',
        b'{"name":Ada}',
        b'{"name":"Ada"}{}',
        b'{"name":"\x01"}',
        b'{"name":"\\x"}',
        b'{"name":"\\ud8"}',
        b'{"name":"\xff"}',
        b'{"name":"\xed\xa0\x80"}',
        b'{"name":NaN}',
        b'{"name":-Infinity}',
        b'{"name":01}',
        b'{"name":' + b"9" * 5_000 + b"}",
        b"\x00",
        b"\xff\xfe",
        '{"name":"Ada"}'.encode("utf-16"),
        '{"name":"Ada"}'.encode("utf-16-le"),
        '{"name":"Ada"}'.encode("utf-32"),
        b"name=Ada",
        _nested(100),
        _nested(1_000),
        _nested(5_000),
        _nested(20_000),
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    ],
    ids=lambda body: ascii(body)[2:30],
)
def test_text_that_is_no_json_is_refused(ada: Browser, body: bytes) -> None:
    """By every endpoint that reads a body, in one shape."""
    for path, _ in PATHS:
        assert answer(_post(ada, path, body, JSON)) == (400, NO_JSON)


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"1", b"true", b"[{}]"])
def test_json_that_is_no_object_is_refused(ada: Browser, body: bytes) -> None:
    """Its type is named; where nothing is needed too."""
    kind = {"n": "null", "[": "array", '"': "string", "1": "number", "t": "boolean"}
    received = kind[chr(body[0])]
    for path, expected in (("/update-user", "record"), ("/sign-out", "object")):
        message = f"[body] Invalid input: expected {expected}, received {received}"
        assert answer(_post(ada, path, body, JSON)) == (
            400,
            {"message": message, "code": "VALIDATION_ERROR"},
        )


def test_byte_order_mark_is_no_part_of_the_text(ada: Browser) -> None:
    """UTF-8 with a mark in front is what some editors write."""
    body = b"\xef\xbb\xbf" + json.dumps({"password": ADA["password"]}).encode()
    assert answer(_post(ada, "/verify-password", body, JSON)) == (200, {"status": True})


def test_last_of_duplicate_keys_counts(ada: Browser) -> None:
    """As in JavaScript; no part of the pipeline sees another one."""
    wrong, right = json.dumps("wrong password"), json.dumps(ADA["password"])
    body = f'{{"password":{wrong},"password":{right}}}'.encode()
    assert answer(_post(ada, "/verify-password", body, JSON)) == (200, {"status": True})
    body = f'{{"password":{right},"password":{wrong}}}'.encode()
    assert _post(ada, "/verify-password", body, JSON).status_code == 400


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/xml",
        "application/jso",
        "application",
        "/",
        ";",
        "\xff",
        "text/plain; charset=utf-16",
        "a" * 5_000,
    ],
)
def test_other_media_type_is_refused(ada: Browser, media_type: str) -> None:
    """Also the three that a form of another site can send without being asked."""
    body = json.dumps({"name": "Eve"}).encode()
    for path, form in PATHS:
        allowed = f"{FORM}, {JSON}" if form else JSON
        assert answer(_post(ada, path, body, media_type)) == (
            415,
            {
                "message": f'Content-Type "{media_type}" is not allowed. '
                f"Allowed types: {allowed}",
                "code": "UNSUPPORTED_MEDIA_TYPE",
            },
        )


@pytest.mark.parametrize(
    "charset", ["utf-16", "idna", "rot13", "unknown", "zip", "\xff", '"', "utf-8;x=y;;"]
)
def test_declared_character_set_is_ignored(ada: Browser, charset: str) -> None:
    """JSON is UTF-8, whatever the header says."""
    body = json.dumps({"password": ADA["password"]}).encode()
    answered = _post(ada, "/verify-password", body, f"{JSON}; charset={charset}")
    assert answer(answered) == (200, {"status": True})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"%", 400),
        (b"email=%zz&password=%", 400),
        (b"email=%ff%fe", 400),
        (b"email=%00", 400),
        (b"&&&=&=&", 400),
        (b"email", 400),
        (b"email[]=x&email[a]=b", 400),
        (b"email=a@b.co&email=ada@example.com&password=wrong+password", 401),
        (b"a=b&" * 1_001, 400),
        (b"\xff=\xfe", 400),
        (b"\x00", 400),
        (b"rememberMe=yes&email=ada@example.com&password=x", 400),
    ],
    ids=lambda value: ascii(value)[2:30],
)
def test_broken_form_is_refused(ada: Browser, body: bytes, status: int) -> None:
    """Whatever its escapes, names and repetitions are."""
    refused = _post(ada, "/sign-in/email", body, FORM)
    assert refused.status_code == status, refused.text
    assert set(refused.json or {}) == {"message", "code"}


def test_form_that_is_no_utf_8_is_refused(ada: Browser) -> None:
    """Nothing is guessed about its letters."""
    assert answer(_post(ada, "/sign-in/email", b"email=\xe4", FORM)) == (400, NO_FORM)


def test_password_of_a_megabyte_is_refused_unhashed(ada: Browser) -> None:
    """By each endpoint that takes one."""
    long = "x" * 999_000
    bodies: dict[str, dict[str, Any]] = {
        "/sign-in/email": {"email": ADA["email"], "password": long},
        "/sign-up/email": {**EVE, "password": long},
        "/verify-password": {"password": long},
        "/change-password": {"currentPassword": long, "newPassword": EVE["password"]},
    }
    for path, body in bodies.items():
        assert answer(ada.call(path, body)) == (400, TOO_LONG)
    new = {"currentPassword": ADA["password"], "newPassword": long}
    assert answer(ada.call("/change-password", new)) == (400, TOO_LONG)


@pytest.mark.parametrize("size", [1_000_001, 10_000_000])
@pytest.mark.parametrize("media_type", [JSON, FORM])
def test_body_of_megabytes_is_refused(ada: Browser, size: int, media_type: str) -> None:
    """Before a byte of it is parsed; as JSON and as a form."""
    for path, _ in PATHS:
        refused = _post(ada, path, b"x" * size, media_type)
        assert answer(refused) == (413, TOO_LARGE)


class Endless:
    """A body of ten megabytes that does not say how long it is."""

    taken = 0

    def read(self, size: int) -> bytes:
        """The next *size* bytes; all of it at once is never asked for."""
        assert size >= 0
        self.taken += size
        return b" " * size if self.taken < 10_000_000 else b""


def _post_endless(client: Browser, path: str, body: Endless, media_type: str) -> Any:
    return client.post(
        path,
        content_type=media_type,
        headers={"Origin": ORIGIN, "Transfer-Encoding": "chunked"},
        environ_overrides={
            "wsgi.input": body,
            "wsgi.input_terminated": True,
            "CONTENT_LENGTH": "",
        },
    )


def test_body_without_a_length_is_read_up_to_the_limit(ada: Browser) -> None:
    """A chunked body is cut off, not collected."""
    for path, _ in PATHS:
        body = Endless()
        refused = _post_endless(ada, f"/api/auth{path}", body, JSON)
        assert answer(refused) == (413, TOO_LARGE)
        assert body.taken <= 1_100_000


@pytest.mark.parametrize(
    ("media_type", "status"), [(FORM, 400), ("multipart/form-data; boundary=x", 413)]
)
def test_page_reads_a_form_without_a_length_up_to_the_limit(
    ada: Browser, media_type: str, status: int
) -> None:
    """The same for the forms of pages; of the first kind Werkzeug takes what it got."""
    body = Endless()
    refused = _post_endless(ada, "/auth/account", body, media_type)
    assert refused.status_code == status
    assert body.taken <= 1_100_000


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "1_000", "+5", "\xb2", " "])
def test_length_that_is_no_number_is_no_body(ada: Browser, length: str) -> None:
    """Servers refuse such requests; one that does not is no reason to fail."""
    refused = ada.post(
        "/api/auth/sign-in/email",
        data=b"{}",
        content_type=JSON,
        headers={"Origin": ORIGIN},
        environ_overrides={"CONTENT_LENGTH": length},
    )
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"x" * 1_000_001, FORM, 413),
        (b"form=profile&name=" + b"x" * 900_000, FORM, 400),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x", 400),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data", 400),
        (b"form=profile&name=Eve", "text/plain", 400),
        (b'{"form":"profile","name":"Eve"}', JSON, 400),
        (b"a=b&" * 5_000, FORM, 400),
        (b"form=%ff", FORM, 400),
        (b"form=profile&csrf_token=%ff%00", FORM, 400),
        (b"form=profile&csrf_token=" + "\u00e9".encode() * 100, FORM, 400),
        (b"\xff\xfe", FORM, 400),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_broken_form_of_a_page_is_refused(
    ada: Browser, body: bytes, media_type: str, status: int
) -> None:
    """Nothing is changed, and the page says so."""
    refused = ada.post("/auth/account", data=body, content_type=media_type)
    assert refused.status_code == status
    assert refused.mimetype == "text/html"
