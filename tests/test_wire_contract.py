"""What clients depend on: names, dates, JSON, paths, methods, codes, cookies."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from datetime import timezone
from typing import Any

import pytest
from flask import Flask
from pydantic import ValidationError

from flask_better_auth import ErrorCode
from flask_better_auth import Wire
from flask_better_auth import errors
from flask_better_auth.wire import dump_json
from flask_better_auth.wire import is_email
from flask_better_auth.wire import issue_texts
from flask_better_auth.wire import js_type
from flask_better_auth.wire import load_json
from flask_better_auth.wire import read_wire_date
from flask_better_auth.wire import unstorable_text
from flask_better_auth.wire import wire_date
from flask_better_auth.wire import wire_name

# -- paths and methods -----------------------------------------------------------------

#: Endpoint -> methods and path, as upstream's client calls them.
ENDPOINTS = {
    "sign_up_email": "POST /sign-up/email",
    "sign_in_email": "POST /sign-in/email",
    "sign_out": "POST /sign-out",
    "get_session": "GET POST /get-session",
    "list_sessions": "GET /list-sessions",
    "revoke_session": "POST /revoke-session",
    "revoke_sessions": "POST /revoke-sessions",
    "revoke_other_sessions": "POST /revoke-other-sessions",
    "update_user": "POST /update-user",
    "change_password": "POST /change-password",
    "verify_password": "POST /verify-password",
    "ok": "GET /ok",
    "error": "GET /error",
}

PAGES = {
    "sign_in": "/auth/sign-in",
    "sign_up": "/auth/sign-up",
    "sign_out": "/auth/sign-out",
    "account": "/auth/account",
    "sessions": "/auth/sessions",
    "reauthenticate": "/auth/reauthenticate",
}


def test_endpoints_are_upstreams(app: Flask) -> None:
    """Name, methods and path of each."""
    registry = app.extensions["better_auth"].registry
    assert {
        one.name: f"{' '.join(one.methods)} {one.path}" for one in registry
    } == ENDPOINTS


def test_flask_has_a_telling_rule_for_each(app: Flask) -> None:
    """`flask routes` shows them."""
    rules = {
        rule.endpoint: (rule.rule, rule.methods) for rule in app.url_map.iter_rules()
    }
    for name, contract in ENDPOINTS.items():
        *methods, path = contract.split()
        rule, allowed = rules[f"better_auth.{name}"]
        assert rule == f"/api/auth{path}"
        assert allowed is not None
        assert set(methods) <= allowed
    for name, path in PAGES.items():
        assert rules[f"better_auth_pages.{name}"][0] == path


# -- codes -----------------------------------------------------------------------------

#: Code -> text, as upstream's packages/core/src/error/codes.ts has them.
CODES = {
    "USER_NOT_FOUND": "User not found",
    "FAILED_TO_CREATE_USER": "Failed to create user",
    "FAILED_TO_CREATE_SESSION": "Failed to create session",
    "FAILED_TO_GET_SESSION": "Failed to get session",
    "INVALID_PASSWORD": "Invalid password",
    "INVALID_EMAIL": "Invalid email",
    "INVALID_EMAIL_OR_PASSWORD": "Invalid email or password",
    "EMAIL_NOT_VERIFIED": "Email not verified",
    "PASSWORD_TOO_SHORT": "Password too short",
    "PASSWORD_TOO_LONG": "Password too long",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "User already exists. Use another email.",
    "EMAIL_CAN_NOT_BE_UPDATED": "Email can not be updated",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Credential account not found",
    "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED": (
        "Cross-site navigation login blocked. This request appears to be a CSRF attack."
    ),
    "SESSION_NOT_FRESH": "Session is not fresh",
    "INVALID_ORIGIN": "Invalid origin",
    "INVALID_CALLBACK_URL": "Invalid callbackURL",
    "INVALID_REDIRECT_URL": "Invalid redirectURL",
    "INVALID_ERROR_CALLBACK_URL": "Invalid errorCallbackURL",
    "INVALID_NEW_USER_CALLBACK_URL": "Invalid newUserCallbackURL",
    "MISSING_OR_NULL_ORIGIN": "Missing or null Origin",
    "VALIDATION_ERROR": "Validation Error",
    "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED": (
        "POST method requires deferSessionRefresh to be enabled in session config"
    ),
    "UNAUTHORIZED": "Unauthorized",
    "EMAIL_PASSWORD_SIGN_UP_DISABLED": "Email and password sign up is not enabled",
    "EMAIL_PASSWORD_DISABLED": "Email and password is not enabled",
}


def test_codes_are_spelled_and_worded_as_upstream() -> None:
    """Clients switch on the one, and show the other."""
    ours = {
        name: value
        for name, value in vars(errors).items()
        if isinstance(value, ErrorCode)
    }
    assert all(value.code == name for name, value in ours.items())
    assert (
        CODES.items() <= {value.code: value.message for value in ours.values()}.items()
    )


@pytest.mark.parametrize(
    ("error", "body"),
    [
        (
            errors.APIError(401, errors.UNAUTHORIZED),
            '{"message":"Unauthorized","code":"UNAUTHORIZED"}',
        ),
        (errors.APIError(400, message="Only words"), '{"message":"Only words"}'),
        (
            errors.APIError(400, errors.VALIDATION_ERROR, message="[body] no"),
            '{"message":"[body] no","code":"VALIDATION_ERROR"}',
        ),
        (errors.APIError(404, body={"any": "thing"}), '{"any":"thing"}'),
    ],
)
def test_text_of_an_error_comes_before_its_code(
    error: errors.APIError, body: str
) -> None:
    """Some have no code."""
    assert dump_json(error.body) == body


def test_error_may_have_no_body() -> None:
    """A redirect, say."""
    assert errors.APIError(404).body is None
    redirect = errors.Redirect("/there")
    assert (redirect.status, redirect.body) == (302, None)
    assert redirect.headers == {"Location": "/there"}


# -- names and dates -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("name", "name"),
        ("email_verified", "emailVerified"),
        ("callback_url", "callbackURL"),
        ("error_callback_url", "errorCallbackURL"),
        ("totp_uri", "totpURI"),
        ("remote_ip", "remoteIP"),
        ("ip_address", "ipAddress"),
        ("id_token", "idToken"),
        ("user_id", "userId"),
        ("url", "url"),
    ],
)
def test_names_are_upstreams(name: str, wire: str) -> None:
    """URL, URI and IP are one word, unless they come first."""
    assert wire_name(name) == wire


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2030, 1, 1, tzinfo=timezone.utc), "2030-01-01T00:00:00.000Z"),
        (
            datetime(2030, 1, 1, 0, 0, 0, 120999, tzinfo=timezone.utc),
            "2030-01-01T00:00:00.120Z",
        ),
        (
            datetime(2030, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
            "2029-12-31T23:00:00.000Z",
        ),
        (datetime(1, 1, 1, tzinfo=timezone.utc), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_date_has_three_digits_and_a_z(moment: datetime, text: str) -> None:
    """The client reads the fraction as whole milliseconds."""
    assert wire_date(moment) == text
    assert read_wire_date(text) == moment.replace(
        microsecond=moment.microsecond // 1000 * 1000
    )


@pytest.mark.parametrize("text", ["", "tomorrow", "2030-01-01T00:00:00.000", "2030"])
def test_text_that_is_no_moment_is_refused(text: str) -> None:
    """One without an offset could be any of twenty-four."""
    with pytest.raises(ValueError, match=r".+"):
        read_wire_date(text)


# -- JSON ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ({"a": 1, "b": [True, False, None]}, '{"a":1,"b":[true,false,null]}'),
        ("Zoë 日本 😀 \u2028", '"Zoë 日本 😀 \u2028"'),
        ('"\\/\n\r\t\b\f\x01', '"\\"\\\\/\\n\\r\\t\\b\\f\\u0001"'),
        (datetime(2030, 1, 1, tzinfo=timezone.utc), '"2030-01-01T00:00:00.000Z"'),
    ],
)
def test_json_is_written_as_javascript_writes_it(value: Any, text: str) -> None:
    """No spaces, raw Unicode, its own escapes: signatures depend on it."""
    assert dump_json(value) == text


class Answer(Wire):
    """A result with an optional field."""

    user_id: str
    callback_url: str | None = None


def test_models_go_out_under_their_wire_names() -> None:
    """What was not set is left out, null is kept."""
    assert dump_json(Answer(user_id="x")) == '{"userId":"x"}'
    written = dump_json({"a": Answer(user_id="x", callback_url=None)})
    assert written == '{"a":{"userId":"x","callbackURL":null}}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_number_that_json_has_not_is_refused(value: float) -> None:
    """Better an error here than one in every client."""
    with pytest.raises(ValueError, match="JSON"):
        dump_json(value)


def test_value_without_a_wire_form_is_refused() -> None:
    """By its type."""
    with pytest.raises(TypeError, match="set has no wire form"):
        dump_json({1, 2})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a":1}', {"a": 1}),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b' [ 1 , "\xc3\xa9" ] ', [1, "é"]),
        (b"null", None),
        ('"text"', "text"),
    ],
)
def test_json_is_read_as_upstream_reads_it(text: bytes | str, value: Any) -> None:
    """A byte order mark is tolerated; of duplicate keys the last counts."""
    assert load_json(text) == value


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"{'a':1}",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"\xff\xfe{\x00}\x00",
        b'"\xff"',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{}x",
        b"1" * 5000,
    ],
)
def test_text_that_is_not_json_is_refused(text: bytes) -> None:
    """With one kind of exception, however it fails."""
    with pytest.raises(ValueError, match=r".+"):
        load_json(text)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": "fine", "b": ["fine", 5, None]}, None),
        ({"a": "x\0y"}, ("a",)),
        ({"a": [{"b": "\ud800"}]}, ("a", "0", "b")),
        ({"\0": "x"}, ()),
        ({"a": {"\udfff": 1}}, ("a",)),
        ("\0", ()),
        (["", "\udc00"], ("1",)),
        ({"a": "é 😀"}, None),
    ],
)
def test_text_that_nothing_can_store_is_found(
    value: Any, path: tuple[str, ...] | None
) -> None:
    """Deep inside, in keys as well."""
    assert unstorable_text(value) == path


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "number"),
        (1.5, "number"),
        ("x", "string"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_types_have_javascripts_names(value: Any, name: str) -> None:
    """Messages speak of those."""
    assert js_type(value) == name


class Body(Wire):
    """A body with a field of each kind."""

    text: str
    flag: bool = False
    many: list[int] | None = None


def test_issues_are_worded_as_upstream_words_them() -> None:
    """Each with its path, joined by semicolons."""
    with pytest.raises(ValidationError) as raised:
        Body.model_validate({"flag": "x", "many": [1, "2"]})
    assert issue_texts(Body, raised.value, where="body") == (
        "[body.text] Invalid input: expected string, received undefined; "
        "[body.flag] Invalid input: expected boolean, received string; "
        "[body.many.1] Invalid input: expected number, received string"
    )


def test_bodies_ignore_what_they_do_not_know() -> None:
    """And take nothing for what it is not: types are strict."""
    assert Body.model_validate({"text": "x", "other": 1}).text == "x"
    for wrong in ({"text": 1}, {"text": "x", "flag": 1}, {"text": "x", "flag": "true"}):
        with pytest.raises(ValidationError):
            Body.model_validate(wrong)


# -- addresses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a@ex.com",
        "A.B@EX.Com",
        "a+b@ex.com",
        "o'neil@ex.com",
        "a_b-c@ex.com",
        "1@2.ab",
        "a@sub.sub.ex.com",
        "-a@ex.com",
        "a@shop.local",
        "a@1.2.3.ab",
    ],
)
def test_address_is_one(text: str) -> None:
    """As upstream's validator sees it."""
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@",
        "@ex.com",
        "a@ex",
        "a@ex.c",
        "a@ex.c1",
        "a@ex.com.",
        "a@ex..com",
        "a@-ex.com",
        "a@1.2.3.4",
        "a@[1.2.3.4]",
        ".a@ex.com",
        "a.@ex.com",
        "a..b@ex.com",
        "a'@ex.com",
        '"a"@ex.com',
        "a b@ex.com",
        " a@ex.com",
        "a@ex.com ",
        "a@ex.com\n",
        "a@b@ex.com",
        "ü@ex.com",
        "a@üx.com",
        "a%b@ex.com",
        "a,b@ex.com",
        "Joe <joe@ex.com>",
        "a@ex.com\0",
        "x" * 247 + "@ex.com ",
        "x" * 248 + "@ex.com",
    ],
)
def test_text_is_no_address(text: str) -> None:
    """No spaces, no quotes, no names, one at sign, ASCII, and no longer than mail."""
    assert not is_email(text)


def test_longest_address_has_254_characters() -> None:
    """RFC 5321 leaves no room for more."""
    assert is_email("x" * 247 + "@ex.com")
