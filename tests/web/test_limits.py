"""How often one client may call: whose budget, which rule, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.test import TestResponse

from flask_better_auth.options import IPAddressOptions
from flask_better_auth.web.addresses import client_address
from tests.browsing import ADA
from tests.browsing import Browser
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import TOO_MANY
from tests.expected import answer

MakeApp = Callable[..., Flask]

LIMITED = {"enabled": True}


@pytest.fixture
def limited(make_app: MakeApp, wall_clock: Clock) -> Browser:
    """A browser of an app whose limits are on, at a time that stands still."""
    return browser(make_app(rate_limit=LIMITED))


def statuses(responses: list[TestResponse]) -> list[int]:
    """Their statuses."""
    return [response.status_code for response in responses]


# -- what is answered ------------------------------------------------------------------


def test_fourth_sign_in_within_ten_seconds_is_refused(
    limited: Browser, wall_clock: Clock
) -> None:
    """With the seconds to wait, and no code; then the window begins anew."""
    tries = [limited.sign_in() for _ in range(4)]
    assert statuses(tries) == [401, 401, 401, 429]
    refused = tries[3]
    assert answer(refused) == (429, TOO_MANY)
    assert refused.headers["X-Retry-After"] == "10"
    assert "Retry-After" not in refused.headers
    assert refused.content_type == "application/json"
    wall_clock.move(seconds=4)
    assert limited.sign_in().headers["X-Retry-After"] == "6"
    wall_clock.move(seconds=5.5)
    assert limited.sign_in().headers["X-Retry-After"] == "1"
    wall_clock.move(seconds=0.6)
    assert limited.sign_in().status_code == 401


def test_refused_request_is_not_worked_on(
    limited: Browser, statements: list[str]
) -> None:
    """Neither body nor database is looked at."""
    for _ in range(3):
        limited.call("/sign-up/email", {})
    statements.clear()
    response = limited.post(
        "/api/auth/sign-up/email", data="{", content_type="application/json"
    )
    assert response.status_code == 429
    assert statements == []


def test_success_counts_as_much_as_failure(limited: Browser) -> None:
    """Counted before anything is done."""
    visitor = browser(limited.application)
    assert visitor.sign_up().status_code == 200
    assert statuses([limited.call("/sign-up/email", {}) for _ in range(3)]) == [
        400,
        400,
        429,
    ]


# -- which rule ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "allowed"),
    [
        ("/sign-in/email", {}, 3),
        ("/sign-up/email", {}, 3),
        ("/change-password", {}, 3),
        ("/sign-out", {}, 100),
        ("/get-session", None, 100),
        ("/ok", None, 100),
        ("/nowhere", None, 100),
    ],
)
def test_rules_are_upstreams(
    limited: Browser, path: str, body: dict[str, str] | None, allowed: int
) -> None:
    """Three where passwords are guessed, a hundred elsewhere, nowhere included."""
    send = (
        (lambda: limited.call(path, body))
        if body is not None
        else (lambda: limited.ask(path))
    )
    for _ in range(allowed):
        assert send().status_code != 429
    assert send().status_code == 429


def test_each_path_has_a_budget_of_its_own(limited: Browser) -> None:
    """As upstream."""
    for _ in range(4):
        limited.sign_in()
    assert limited.call("/sign-up/email", {}).status_code == 400
    assert limited.ask("/ok").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/sign-in/email/", "/sign-in//email", "//sign-in/email", "/sign-in/email//"],
)
def test_odd_spelling_of_a_path_is_no_way_in(limited: Browser, path: str) -> None:
    """It is not found, and so gives no fresh tries."""
    for _ in range(3):
        limited.sign_in()
    assert limited.call(path, ADA).status_code in (404, 429)


def test_window_and_maximum_are_options(make_app: MakeApp, wall_clock: Clock) -> None:
    """For paths without a rule of their own."""
    visitor = browser(make_app(rate_limit={**LIMITED, "window": 60, "max": 2}))
    tries = [visitor.ask("/ok") for _ in range(3)]
    assert statuses(tries) == [200, 200, 429]
    assert tries[2].headers["X-Retry-After"] == "60"
    assert statuses([visitor.sign_in() for _ in range(4)]) == [401, 401, 401, 429]


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ({"/sign-in/email": {"window": 10, "max": 5}}, 5),
        ({"/sign-in/*": {"window": 10, "max": 5}}, 5),
        ({"/sign-in/*": {"window": 10, "max": 5}, "/sign-in/email": False}, 5),
        ({"/sign-in/email": {"window": 10, "max": 1}, "/sign-in/*": False}, 1),
        ({"/sign-in": {"window": 10, "max": 1}}, 3),
        ({"/sign-in/email": False}, None),
        ({"/**": False}, None),
        ({"/sign-in/email": lambda: {"window": 10, "max": 2}}, 2),
        ({"/sign-in/email": lambda: False}, None),
        ({"/sign-in/email": lambda: None}, 3),
        ({"/sign-in/email": lambda rule: {"window": 10, "max": rule.max + 1}}, 4),
    ],
)
def test_rules_can_be_ones_own(
    make_app: MakeApp, wall_clock: Clock, rules: dict[str, Any], allowed: int | None
) -> None:
    """By path or wildcard, the first that matches: a rule, False, or a function."""
    visitor = browser(make_app(rate_limit={**LIMITED, "custom_rules": rules}))
    tries = statuses([visitor.sign_in() for _ in range(6)])
    assert tries.count(401) == (6 if allowed is None else allowed)


def test_rule_may_ask_for_the_request(make_app: MakeApp, wall_clock: Clock) -> None:
    """And may be async."""

    async def by_plan(request: Any) -> dict[str, int]:
        return {"window": 10, "max": int(request.headers["X-Plan"])}

    visitor = browser(
        make_app(rate_limit={**LIMITED, "custom_rules": {"/ok": by_plan}})
    )
    for plan in (1, 3):
        headers = {"X-Plan": str(plan)}
        tries = [visitor.ask("/ok", headers=headers) for _ in range(plan + 1)]
        assert statuses(tries) == [*[200] * plan, 429]


# -- whose budget ----------------------------------------------------------------------


def _from(visitor: Browser, address: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.call(
        "/sign-in/email",
        ADA,
        headers=named,
        environ_overrides={"REMOTE_ADDR": address},
    ).status_code


def test_each_address_has_a_budget_of_its_own(limited: Browser) -> None:
    """One client cannot lock the others out."""
    assert [_from(limited, "192.0.2.1") for _ in range(4)] == [401, 401, 401, 429]
    assert _from(limited, "192.0.2.2") == 401


def test_header_of_the_client_is_not_believed(limited: Browser) -> None:
    """It could write whatever it likes."""
    tries = [
        _from(
            limited, "192.0.2.1", X_Forwarded_For=f"198.51.100.{n}", Forwarded="for=x"
        )
        for n in range(4)
    ]
    assert tries == [401, 401, 401, 429]


def test_all_of_one_ipv6_network_share_a_budget(limited: Browser) -> None:
    """One client owns all of a /64, in whatever spelling."""
    addresses = [
        "2001:db8::1",
        "2001:0DB8:0:0::2",
        "2001:db8:0:0:ffff:ffff:ffff:ffff",
        "2001:db8::4",
    ]
    assert [_from(limited, one) for one in addresses] == [401, 401, 401, 429]
    assert _from(limited, "2001:db8:0:1::1") == 401


def test_ipv4_within_ipv6_is_that_ipv4(limited: Browser) -> None:
    """Two spellings, one client."""
    addresses = ["192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201", "192.0.2.1"]
    assert [_from(limited, one) for one in addresses] == [401, 401, 401, 429]


def test_clients_without_an_address_share_a_budget(limited: Browser) -> None:
    """Leaving it out is no way around."""
    assert [_from(limited, "") for _ in range(4)] == [401, 401, 401, 429]


def test_named_proxies_are_believed(make_app: MakeApp, wall_clock: Clock) -> None:
    """Then the nearest address that is none of theirs counts."""
    ip_address = {
        "ip_address_headers": ["X-Forwarded-For"],
        "trusted_proxies": ["10.0.0.0/8"],
    }
    visitor = browser(make_app(rate_limit=LIMITED, advanced={"ip_address": ip_address}))
    for client in ("192.0.2.1", "192.0.2.2"):
        chain = f"6.6.6.6, {client}, 10.0.0.7"
        tries = [_from(visitor, "10.0.0.1", X_Forwarded_For=chain) for _ in range(4)]
        assert tries == [401, 401, 401, 429]


def test_without_tracking_nothing_is_counted(
    make_app: MakeApp, wall_clock: Clock
) -> None:
    """Nor is any address stored."""
    visitor = browser(
        make_app(
            rate_limit=LIMITED, advanced={"ip_address": {"disable_ip_tracking": True}}
        )
    )
    assert set(statuses([visitor.sign_in() for _ in range(6)])) == {401}
    visitor.sign_up()
    assert visitor.session()["session"]["ipAddress"] == ""


@pytest.mark.parametrize(
    ("remote", "headers", "options", "address"),
    [
        ("192.0.2.1", {}, {}, "192.0.2.1"),
        ("::ffff:1.2.3.4", {}, {}, "1.2.3.4"),
        (
            "2001:db8:1:2:3::1",
            {},
            {},
            "2001:0db8:0001:0002:0000:0000:0000:0000",
        ),
        (
            "2001:db8:1:2:3::1",
            {},
            {"ipv6_subnet": 48},
            "2001:0db8:0001:0000:0000:0000:0000:0000",
        ),
        ("fe80::1%eth0", {}, {}, "fe80:0000:0000:0000:0000:0000:0000:0000"),
        ("", {}, {}, ""),
        (None, {}, {}, ""),
        ("unix:", {}, {}, ""),
        ("192.0.2.1", {"X-Forwarded-For": "1.1.1.1"}, {}, "192.0.2.1"),
        (
            "192.0.2.1",
            {"X-Forwarded-For": "1.1.1.1"},
            {"ip_address_headers": ["X-Forwarded-For"]},
            "192.0.2.1",
        ),
        ("10.0.0.1", {"X-Forwarded-For": "1.1.1.1"}, "proxied", "1.1.1.1"),
        ("10.0.0.1", {"X-Forwarded-For": "2.2.2.2, 1.1.1.1"}, "proxied", "1.1.1.1"),
        ("10.0.0.1", {"X-Forwarded-For": "1.1.1.1,10.9.9.9"}, "proxied", "1.1.1.1"),
        ("10.0.0.1", {"X-Forwarded-For": "1.1.1.1, junk"}, "proxied", ""),
        ("10.0.0.1", {"X-Forwarded-For": "10.0.0.2"}, "proxied", ""),
        ("10.0.0.1", {}, "proxied", "10.0.0.1"),
        ("192.0.2.1", {"X-Forwarded-For": "1.1.1.1"}, "proxied", "192.0.2.1"),
        (
            "10.0.0.1",
            {"X-Real-IP": "[2001:db8::1]"},
            "proxied",
            "2001:0db8" + ":0000" * 6,
        ),
    ],
)
def test_address_is_the_nearest_that_can_be_believed(
    remote: str | None, headers: dict[str, str], options: Any, address: str
) -> None:
    """The socket's, unless it is a proxy of ours that says more."""
    if options == "proxied":
        options = {
            "ip_address_headers": ["X-Forwarded-For", "X-Real-IP"],
            "trusted_proxies": ["10.0.0.0/8"],
        }
    given = IPAddressOptions.model_validate(options)
    assert client_address(remote, headers, given) == address


# -- where it is counted ---------------------------------------------------------------


def test_limiter_of_the_app_is_used(make_app: MakeApp, wall_clock: Clock) -> None:
    """Its storage, so that workers share one budget; its own limits stay its own."""
    limiter = Limiter(get_remote_address, storage_uri="memory://")

    def prepare(app: Flask) -> None:
        limiter.init_app(app)

        @app.get("/own")
        @limiter.limit("1 per minute")
        def own() -> str:
            return "own"

    visitor = browser(make_app(rate_limit=LIMITED, prepare=prepare))
    for _ in range(4):
        visitor.sign_in()
    assert visitor.sign_in().status_code == 429
    assert statuses([visitor.get("/own"), visitor.get("/own")]) == [200, 429]
    limiter.reset()
    assert visitor.sign_in().status_code == 401


def test_limiter_that_comes_later_is_used_too(
    make_app: MakeApp, wall_clock: Clock
) -> None:
    """It is looked for at the first request."""
    app = make_app(rate_limit=LIMITED)
    limiter = Limiter(get_remote_address, storage_uri="memory://")
    limiter.init_app(app)
    visitor = browser(app)
    for _ in range(4):
        visitor.sign_in()
    limiter.reset()
    assert visitor.sign_in().status_code == 401


def test_default_limits_of_the_app_are_not_ours(
    make_app: MakeApp, wall_clock: Clock
) -> None:
    """Without a limiter of its own, its views are free."""

    def prepare(app: Flask) -> None:
        app.config["RATELIMIT_DEFAULT"] = "1 per hour"

        @app.get("/own")
        def own() -> str:
            return "own"

    visitor = browser(make_app(rate_limit=LIMITED, prepare=prepare))
    visitor.ask("/ok")
    assert statuses([visitor.get("/own") for _ in range(3)]) == [200] * 3
    assert statuses([visitor.ask("/ok") for _ in range(3)]) == [200] * 3


def test_storage_that_is_away_is_a_503(
    make_app: MakeApp, wall_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letting people through would switch the limit off."""
    app = make_app(rate_limit=LIMITED)
    visitor = browser(app)
    assert visitor.ask("/ok").status_code == 200

    def fail(*args: Any, **kwargs: Any) -> bool:
        raise ConnectionError("the storage is away")

    strategy = app.extensions["better_auth"].limiter.strategy
    monkeypatch.setattr(strategy, "hit", fail)
    assert answer(visitor.sign_in()) == (
        503,
        {
            "message": "The service is busy. Please try again.",
            "code": "SERVICE_UNAVAILABLE",
        },
    )


def test_two_apps_count_apart(make_app: MakeApp, wall_clock: Clock) -> None:
    """In one process."""
    first, second = (browser(make_app(rate_limit=LIMITED)) for _ in range(2))
    for _ in range(4):
        first.sign_in()
    assert second.sign_in().status_code == 401
