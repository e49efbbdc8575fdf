"""Request bodies of every kind, at every endpoint that reads one."""

from __future__ import annotations

from typing import Any

from tests.client.steps import Scenario
from tests.client.steps import Send
from tests.client.steps import post
from tests.client.steps import scenario
from tests.client.steps import sign_in
from tests.client.steps import sign_up

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_READERS = (
    "/sign-up/email",
    "/sign-in/email",
    "/sign-out",
    "/revoke-session",
    "/revoke-sessions",
    "/revoke-other-sessions",
    "/update-user",
    "/change-password",
    "/verify-password",
)


def _raw(path: str, body: bytes | None, kind: str | None, **headers: Any) -> Send:
    return post(path, body, headers={"content-type": kind, **headers})


#: What the original answers before it looks at the session or the fields.
_UNREADABLE: dict[str, tuple[bytes | None, str | None]] = {
    "broken JSON": (b"{nope", _JSON),
    "JSON cut short": (b'{"a":', _JSON),
    "text after JSON": (b"{} x", _JSON),
    "nothing, said to be JSON": (b"", _JSON),
    "white space": (b"  ", _JSON),
    "a text": (b'"x"', _JSON),
    "a number": (b"5", _JSON),
    "true": (b"true", _JSON),
    "null": (b"null", _JSON),
    "a list": (b"[]", _JSON),
    "a list of objects": (b'[{"a":1}]', _JSON),
    "NaN": (b'{"a":NaN}', _JSON),
    "Infinity": (b'{"a":-Infinity}', _JSON),
    "single quotes": (b"{'a':1}", _JSON),
    "a trailing comma": (b'{"a":1,}', _JSON),
    "a comment": (b'{/**/"a":1}', _JSON),
    "a control character": (b'{"a":"\x01"}', _JSON),
    "UTF-16": ('{"a":1}'.encode("utf-16"), _JSON),
    "no content type": (b'{"a":1}', None),
    "an empty content type": (b'{"a":1}', ""),
    "plain text": (b'{"a":1}', "text/plain"),
    "text/json": (b'{"a":1}', "text/json"),
    "JSON API": (b'{"a":1}', "application/vnd.api+json"),
    "a form": (b"a=1", _FORM),
    "a multipart form": (b"--x--\r\n", "multipart/form-data; boundary=x"),
    "octets": (b"\x00\x01", "application/octet-stream"),
    "XML": (b"<a/>", "application/xml"),
    "a list of types": (b'{"a":1}', "text/plain, application/json"),
    "a type in upper case": (b"{nope", "APPLICATION/JSON"),
    "a type with parameters": (b"{nope", "application/json; charset=utf-8; x=y"),
    "a type with spaces": (b"{nope", "  application/json  ; charset=utf-8"),
    "another charset": (b"{nope", "application/json; charset=latin-1"),
    "a nonsense type": (b'{"a":1}', "nonsense"),
}

_GOOD = b'{"email":"<email>","password":"correct horse battery","name":"Ada"%s}'

BODIES: tuple[Scenario, ...] = (
    *(
        scenario(
            f"{path} with unreadable bodies",
            *(_raw(path, body, kind) for body, kind in _UNREADABLE.values()),
            post(path),
        )
        for path in _READERS
    ),
    *(
        scenario(
            f"{path} with {name} while signed in",
            sign_up(),
            _raw(path, *_UNREADABLE[name]),
            post(path),
        )
        for path in _READERS[2:]
        for name in ("null", "a list", "a text", "broken JSON", "a form")
    ),
    scenario(
        "JSON of bytes that are not UTF-8",
        _raw("/revoke-session", b'{"token":"\xff\xfe"}', _JSON),
    ),
    scenario(
        "JSON nested two thousand deep",
        _raw("/revoke-session", b'{"token":' + b"[" * 2000 + b"]" * 2000 + b"}", _JSON),
    ),
    scenario(
        "JSON under a type that only contains JSON's",
        _raw("/revoke-session", b'{"token":"x"}', "x-application/json-x"),
    ),
    scenario(
        "text that no database takes",
        sign_up(name="a\ud800b", password="short"),
        sign_up(password="a\u0000b"),
        sign_up(password="a\ud800b"),
        sign_up(email="a@ex.com\u0000"),
        sign_in(email="\u0000@ex.com"),
        post("/sign-in/email", {"email": "x", "callbackURL": "/a\u0000b"}),
        post("/revoke-session", {"token": "x", "a": ["\u0000"]}),
        post("/revoke-session", {"token": "x", "\ud800": 1}),
        sign_up(name="a\u0000b"),
    ),
    scenario(
        "a byte order mark before JSON",
        _raw("/sign-up/email", b"\xef\xbb\xbf" + _GOOD % b"", _JSON),
    ),
    scenario(
        "the last of two equal keys counts",
        _raw("/sign-up/email", _GOOD % b',"name":"Last"', _JSON),
    ),
    scenario(
        "escapes in keys and values",
        _raw("/sign-up/email", _GOOD % b',"n\\u0061me":"\\u00e9\\ud83d\\ude00"', _JSON),
    ),
    scenario(
        "numbers that JSON allows and few expect",
        _raw("/sign-up/email", _GOOD % b',"x":1e400,"y":-0,"z":1E+2', _JSON),
    ),
    scenario(
        "JSON in chunks",
        post(
            "/sign-up/email",
            _GOOD % b"",
            headers={"content-type": _JSON, "transfer-encoding": "chunked"},
        ),
    ),
    scenario(
        "broken JSON in chunks",
        post(
            "/sign-up/email",
            b"{nope",
            headers={"content-type": _JSON, "transfer-encoding": "chunked"},
        ),
    ),
    scenario(
        "sign-up by a form",
        _raw(
            "/sign-up/email",
            b"email=<email>&password=correct+horse+battery&name=Ada%20Zo%C3%AB+L",
            _FORM,
        ),
        _raw("/sign-in/email", b"email=<email>&password=correct+horse+battery", _FORM),
        _raw(
            "/sign-in/email",
            b"email=x&email=<email>&password=wrong&password=correct+horse+battery",
            _FORM + "; charset=UTF-8",
        ),
        _raw(
            "/sign-in/email",
            b"email=<email>&password=correct+horse+battery&callbackURL=%2Fdash",
            _FORM,
        ),
        _raw(
            "/sign-in/email",
            b"email=<email>&password=correct+horse+battery&rememberMe=true",
            _FORM,
        ),
        _raw("/sign-in/email", b"email=<email>&password=wrong", _FORM),
        _raw("/sign-in/email", b"email=<email>", _FORM),
        _raw("/sign-in/email", b"email=&password=", _FORM),
        _raw("/sign-in/email", b"nonsense", _FORM),
        _raw("/sign-in/email", b"", _FORM),
        _raw("/sign-in/email", b"email=%ff%fe&password=%zz", _FORM),
        _raw("/sign-in/email", b'{"email":"<email>"}', _FORM),
        _raw("/sign-in/email", b"email=<email>&password=x&callbackURL=//evil", _FORM),
    ),
    scenario(
        "one unknown key too many",
        sign_up(),
        post("/verify-password", {"password": "x", "": 1, "ключ": None, "a.b": []}),
        post("/revoke-session", {"token": "x", "more": [1, {"a": None}]}),
        post("/revoke-other-sessions", {"all": True}),
    ),
)
