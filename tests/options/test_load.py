"""Options from arguments, ``app.config`` and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from flask_better_auth import OptionsError
from flask_better_auth.options import EmailAndPasswordOptions
from flask_better_auth.options import Options
from flask_better_auth.options import SessionOptions
from flask_better_auth.options import load_options


def load(
    config: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    **given: Any,
) -> Options:
    """The options of an app."""
    return load_options(given, config=config or {}, environ=environ or {})


def refusal(**given: Any) -> str:
    """What is said of wrong options."""
    with pytest.raises(OptionsError) as raised:
        load(**given)
    return str(raised.value)


# -- where they come from --------------------------------------------------------------


def test_defaults_are_upstreams() -> None:
    """Where they are not on purpose, README says so."""
    options = load()
    assert options.base_path == "/api/auth"
    assert options.base_url is options.secret is None
    assert options.email_and_password.enabled is False
    assert options.email_and_password.auto_sign_in is True
    assert options.email_and_password.min_password_length == 8
    assert options.email_and_password.max_password_length == 128
    assert options.session.expires_in == timedelta(days=7)
    assert options.session.update_age == timedelta(days=1)
    assert options.session.fresh_age == timedelta(days=1)
    assert options.session.cookie_cache.enabled is False
    assert options.session.cookie_cache.max_age == timedelta(minutes=5)
    assert options.rate_limit.window == timedelta(seconds=10)
    assert options.rate_limit.max == 100
    assert options.advanced.cookie_prefix == "better-auth"
    assert options.advanced.ip_address.ipv6_subnet == 64
    assert options.trusted_origins == options.disabled_paths == []


def test_arguments_win_over_config_and_that_over_the_environment() -> None:
    """Each fills in what the one before left open."""
    config = {
        "BETTER_AUTH_SECRET": "config",
        "BETTER_AUTH_URL": "https://config.example",
    }
    environ = {
        "BETTER_AUTH_SECRET": "environment",
        "BETTER_AUTH_URL": "https://environment.example",
    }

    def origin_and_secret(options: Options) -> tuple[str | None, str]:
        assert options.secret is not None
        return options.origin, options.secret.get_secret_value()

    assert origin_and_secret(load(environ=environ)) == (
        "https://environment.example",
        "environment",
    )
    assert origin_and_secret(load(config, environ)) == (
        "https://config.example",
        "config",
    )
    given = load(config, environ, secret="given", base_url="https://given.example")
    assert origin_and_secret(given) == ("https://given.example", "given")


def test_none_is_not_given() -> None:
    """So an argument can be passed on as it came."""
    options = load({"BETTER_AUTH_APP_NAME": "Shop"}, app_name=None)
    assert options.app_name == "Shop"


def test_every_option_can_stand_in_the_config() -> None:
    """Its name in capitals after the prefix; sections as dicts."""
    options = load(
        {
            "BETTER_AUTH_SESSION": {"expires_in": 3600},
            "BETTER_AUTH_DISABLED_PATHS": ["/sign-up/email"],
            "UNRELATED": 1,
        }
    )
    assert options.session.expires_in == timedelta(hours=1)
    assert options.disabled_paths == ["/sign-up/email"]


@pytest.mark.parametrize(
    ("config", "environ", "secret"),
    [
        ({"SECRET_KEY": "flask"}, {}, "flask"),
        ({"SECRET_KEY": b"bytes"}, {}, "bytes"),
        ({"SECRET_KEY": "flask"}, {"BETTER_AUTH_SECRET": "ours"}, "ours"),
        ({"SECRET_KEY": "flask"}, {"AUTH_SECRET": "theirs"}, "theirs"),
        ({}, {"BETTER_AUTH_SECRET": "ours", "AUTH_SECRET": "theirs"}, "ours"),
        ({}, {"BETTER_AUTH_SECRET": ""}, None),
        ({"SECRET_KEY": ""}, {}, None),
    ],
)
def test_secret_is_looked_for_in_several_places(
    config: dict[str, Any], environ: dict[str, str], secret: str | None
) -> None:
    """The app's `SECRET_KEY` comes last."""
    found = load(config, environ).secret
    assert (found.get_secret_value() if found else None) == secret


def test_trusted_origins_of_the_environment_are_added() -> None:
    """Separated by commas, trimmed; not to a function, which decides alone."""
    environ = {"BETTER_AUTH_TRUSTED_ORIGINS": "https://a.example, https://b.example,,"}
    options = load(environ=environ, trusted_origins=["https://own.example"])
    assert options.trusted_origins == [
        "https://own.example",
        "https://a.example",
        "https://b.example",
    ]
    assert load(environ=environ).trusted_origins == [
        "https://a.example",
        "https://b.example",
    ]

    def origins() -> list[str]:
        return []

    assert load(environ=environ, trusted_origins=origins).trusted_origins is origins


def test_section_is_a_dict_or_its_model() -> None:
    """Whichever is at hand."""
    as_dict = load(session={"expires_in": 60}, email_and_password={"enabled": True})
    as_model = load(
        session=SessionOptions(expires_in=timedelta(seconds=60)),
        email_and_password=EmailAndPasswordOptions(enabled=True),
    )
    assert as_dict == as_model


@pytest.mark.parametrize("value", [90, 90.0, "PT1M30S", timedelta(seconds=90)])
def test_duration_is_seconds_or_a_timedelta(value: Any) -> None:
    """Below the options it is a timedelta always."""
    assert load(session={"expires_in": value}).session.expires_in == timedelta(
        seconds=90
    )


def test_options_do_not_change_any_more() -> None:
    """They were checked once."""
    options = load()
    with pytest.raises(ValidationError, match="frozen"):
        options.base_path = "/elsewhere"  # type: ignore[misc]


def test_secret_is_not_shown() -> None:
    """Where options are printed or logged."""
    assert "hidden" not in repr(load(secret="hidden"))


# -- what is said of wrong ones --------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"emailAndPassword": {}},
            "unknown option 'emailAndPassword'; did you mean 'email_and_password'?",
        ),
        ({"sesion": {}}, "unknown option 'sesion'; did you mean 'session'?"),
        ({"baseURL": "x"}, "unknown option 'baseURL'; did you mean 'base_url'?"),
        ({"xyzzy": 1}, "unknown option 'xyzzy'"),
        (
            {"session": {"expiresIn": 1}},
            "unknown option 'expiresIn' in 'session'; did you mean 'expires_in'?",
        ),
        (
            {"session": {"cookie_cache": {"enable": True}}},
            "unknown option 'enable' in 'session.cookie_cache'; did you mean "
            "'enabled'?",
        ),
        (
            {"advanced": {"disableCSRFCheck": True}},
            "unknown option 'disableCSRFCheck' in 'advanced'; did you mean "
            "'disable_csrf_check'?",
        ),
        (
            {"advanced": {"cookies": {"session": {}}}},
            "option 'advanced.cookies': unknown cookie 'session'; there are "
            "dont_remember, session_data, session_token",
        ),
        (
            {"base_url": "shop.example"},
            "option 'base_url': give an http or https address, such as "
            "https://shop.example",
        ),
        (
            {"base_url": "ftp://shop.example"},
            "option 'base_url': give an http or https address, such as "
            "https://shop.example",
        ),
        (
            {"email_and_password": {"password": {"hash": len}}},
            "option 'email_and_password.password': give both 'hash' and 'verify', or "
            "neither",
        ),
        (
            {"email_and_password": {"min_password_length": 200}},
            "option 'email_and_password': 'min_password_length' is above "
            "'max_password_length'",
        ),
        (
            {"pages": {"after_sign_in": "https://elsewhere.example"}},
            "option 'pages.after_sign_in': give a path that starts with '/'",
        ),
    ],
)
def test_wrong_option_is_named_with_its_cure(
    given: dict[str, Any], message: str
) -> None:
    """In one sentence, the nearest name included."""
    assert refusal(**given) == message


@pytest.mark.parametrize(
    "given",
    [
        {"session": {"expires_in": 0}},
        {"session": {"expires_in": -1}},
        {"session": {"update_age": -1}},
        {"session": {"fresh_age": -1}},
        {"session": {"cookie_cache": {"max_age": 0}}},
        {"session": {"cookie_cache": {"strategy": "jwe"}}},
        {"rate_limit": {"max": 0}},
        {"rate_limit": {"window": 0}},
        {"rate_limit": {"custom_rules": {"/x": {"max": 1}}}},
        {"rate_limit": {"custom_rules": {"/x": True}}},
        {"email_and_password": {"min_password_length": 0}},
        {"email_and_password": {"password": {"scheme": "md5"}}},
        {"email_and_password": {"password": {"memory_cost": 1}}},
        {"advanced": {"ip_address": {"ipv6_subnet": 129}}},
        {"advanced": {"ip_address": {"trusted_proxies": ["not an address"]}}},
        {"advanced": {"cookie_prefix": "no;good"}},
        {"advanced": {"cookie_prefix": ""}},
        {"advanced": {"cookies": {"session_token": {"name": "a b"}}}},
        {"advanced": {"default_cookie_attributes": {"same_site": "sometimes"}}},
        {"advanced": {"default_cookie_attributes": {"max_age": 34560001}}},
        {"base_url": "https://shop.example:99999"},
        {"base_url": "https://shop.example:0"},
        {"base_url": "https://"},
        {"trusted_origins": "https://one.example"},
        {"disabled_paths": "/ok"},
        {"database": {"casing": "kebab"}},
        {"hooks": {"before": "a function"}},
    ],
)
def test_wrong_value_is_refused_with_its_path(given: dict[str, Any]) -> None:
    """At start-up; the value itself, which may be a secret, is not repeated."""
    message = refusal(**given)
    [section] = given
    assert message.startswith((f"option '{section}", f"unknown option '{section}"))


def test_several_mistakes_are_told_at_once() -> None:
    """One start, all of them."""
    message = refusal(sesion={}, base_path=5)
    assert "unknown option 'sesion'" in message
    assert "option 'base_path'" in message


def test_values_are_not_repeated() -> None:
    """A secret in the wrong place must not end up in a log."""
    message = refusal(secret=["a very secret value"], base_url="a very secret value")
    assert "very secret value" not in message


# -- addresses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        (None, None),
        ("https://shop.example", "https://shop.example"),
        ("https://shop.example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("HTTPS://Shop.Example", "https://shop.example"),
        ("https://shop.example/auth/v1", "https://shop.example"),
        ("http://[::1]:5000", "http://[::1]:5000"),
    ],
)
def test_origin_is_scheme_host_and_port(
    base_url: str | None, origin: str | None
) -> None:
    """As a browser would send it."""
    assert load(base_url=base_url).origin == origin


@pytest.mark.parametrize(
    ("base_url", "base_path", "mount"),
    [
        (None, None, "/api/auth"),
        ("https://shop.example", None, "/api/auth"),
        ("https://shop.example/", None, "/api/auth"),
        ("https://shop.example/foo/bar", None, "/foo/bar"),
        ("https://shop.example/foo/", "/auth", "/foo"),
        (None, "auth", "/auth"),
        (None, "/x/", "/x"),
        (None, "/", ""),
        (None, "", ""),
    ],
)
def test_mount_is_the_path_of_the_url_or_base_path(
    base_url: str | None, base_path: str | None, mount: str
) -> None:
    """A path of the URL's own wins, as upstream."""
    assert load(base_url=base_url, base_path=base_path).mount == mount


@pytest.mark.parametrize("path", ["/sign-up/email", "sign-up/email", "/sign-up/email/"])
def test_disabled_path_has_one_form(path: str) -> None:
    """However its slashes are written."""
    assert load(disabled_paths=[path]).disabled_paths == ["/sign-up/email"]


@pytest.mark.parametrize(
    ("prefix", "kept"),
    [("/auth", "/auth"), ("account/", "/account"), ("", "/"), ("/", "/")],
)
def test_prefix_of_the_pages_has_one_form(prefix: str, kept: str) -> None:
    """It starts with a slash, and ends with none."""
    assert load(pages={"prefix": prefix}).pages.prefix == kept
