"""Everything that plugins contribute, joined once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from flask_better_auth import Context
from flask_better_auth import Form
from flask_better_auth import Page
from flask_better_auth import Plugin
from flask_better_auth import PluginError
from flask_better_auth import endpoint
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.endpoints.limits import PathRule
from flask_better_auth.endpoints.limits import RateRule
from flask_better_auth.features.email_password.endpoints import sign_in_email
from tests.conftest import browser
from tests.expected import answer
from tests.runtime.plugins import echo
from tests.runtime.plugins import talk

MakeApp = Callable[..., Flask]


def named(name: str, path: str | None, *methods: str) -> Endpoint[Any]:
    """An endpoint called *name*."""

    def handler(ctx: Context) -> dict[str, str]:
        return {"name": name}

    handler.__name__ = name
    return endpoint(path, methods=methods or ("POST",))(handler)


def page(name: str, path: str) -> Page:
    """A page without anything on it."""
    return Page(name=name, path=path, template="error.html", title=name)


@pytest.mark.parametrize(
    ("plugins", "message"),
    [
        (
            [Plugin(id="one"), Plugin(id="one")],
            "plugin id 'one' is claimed by 'one' and by 'one'",
        ),
        (
            [Plugin(id="email-password")],
            "plugin id 'email-password' is claimed by 'email-password' and by "
            "'email-password'",
        ),
        (
            [
                Plugin(id="one", endpoints=(named("twin", "/a"),)),
                Plugin(id="two", endpoints=(named("twin", "/b"),)),
            ],
            "endpoint 'twin' is claimed by 'one' and by 'two'",
        ),
        (
            [Plugin(id="mine", endpoints=(named("sign_out", "/bye"),))],
            "endpoint 'sign_out' is claimed by 'session-management' and by 'mine'",
        ),
        (
            [
                Plugin(id="one", endpoints=(named("first", "/same"),)),
                Plugin(id="two", endpoints=(named("second", "/same"),)),
            ],
            "route POST /same is claimed by 'one' and by 'two'",
        ),
        (
            [Plugin(id="mine", endpoints=(named("bye", "/sign-out", "GET", "POST"),))],
            "route POST /sign-out is claimed by 'session-management' and by 'mine'",
        ),
        (
            [Plugin(id="mine", pages=(page("account", "/me"),))],
            "page 'account' is claimed by 'users' and by 'mine'",
        ),
        (
            [Plugin(id="mine", pages=(page("me", "/account"),))],
            "page path '/account' is claimed by 'users' and by 'mine'",
        ),
        (
            [Plugin(id="mine", endpoints=(echo,), replaces=frozenset({"echo"}))],
            "plugin 'mine' replaces endpoint 'echo', which nobody before it has",
        ),
        (
            [
                Plugin(
                    id="mine",
                    forms={
                        "nowhere": (
                            Form("f", sign_in_email, (), lambda ctx, reply: None),
                        )
                    },
                )
            ],
            "plugin 'mine' has a form for page 'nowhere', which is nowhere",
        ),
    ],
)
def test_conflict_names_both_owners(
    make_app: MakeApp, plugins: list[Plugin], message: str
) -> None:
    """At start-up, in one sentence."""
    with pytest.raises(PluginError) as raised:
        make_app(plugins=plugins)
    assert str(raised.value) == message


def test_one_path_may_have_an_endpoint_for_each_method(make_app: MakeApp) -> None:
    """GET and POST do not get in each other's way."""
    plugin = Plugin(
        id="one",
        endpoints=(named("read", "/thing", "GET"), named("write", "/thing", "POST")),
    )
    visitor = browser(make_app(plugins=[plugin]))
    assert visitor.ask("/thing").json == {"name": "read"}
    assert visitor.call("/thing").json == {"name": "write"}


def test_plugin_may_replace_an_endpoint_if_it_says_so(make_app: MakeApp) -> None:
    """For clients and for server code."""

    @endpoint("/ok", methods=("GET",))
    def ok(ctx: Context) -> dict[str, str]:
        return {"ok": "replaced"}

    plugin = Plugin(id="mine", endpoints=(ok,), replaces=frozenset({"ok"}))
    app = make_app(plugins=[plugin])
    assert browser(app).ask("/ok").json == {"ok": "replaced"}


def test_endpoint_without_a_path_is_not_served(make_app: MakeApp) -> None:
    """It has no rule at all."""
    app = make_app(plugins=[talk])
    assert "better_auth.echo" in app.view_functions
    assert "better_auth.on_the_server" not in app.view_functions


def test_endpoint_decorator_registers_nothing(make_app: MakeApp) -> None:
    """Making one is not offering it."""
    named("lonely", "/lonely")
    visitor = browser(make_app())
    assert visitor.call("/lonely").status_code == 404


def test_endpoint_is_a_frozen_value() -> None:
    """What was declared stays so."""
    with pytest.raises(FrozenInstanceError):
        echo.path = "/elsewhere"  # type: ignore[misc]
    assert replace(echo, path="/elsewhere").path == "/elsewhere"
    assert (echo.name, echo.path, echo.methods) == ("echo", "/echo", ("POST",))
    assert echo.description == "Say it again."


def test_parameters_of_a_path_reach_the_handler(make_app: MakeApp) -> None:
    """As declared with a colon."""

    @endpoint("/greet/:name", methods=("GET",))
    def greet(ctx: Context) -> dict[str, Any]:
        return {"params": dict(ctx.call.params), "path": ctx.call.path}

    app = make_app(plugins=[Plugin(id="mine", endpoints=(greet,))])
    response = browser(app).ask("/greet/ada%20l")
    assert answer(response) == (
        200,
        {"params": {"name": "ada l"}, "path": "/greet/ada l"},
    )


def test_plugins_limits_come_in_their_order(make_app: MakeApp) -> None:
    """The first plugin that has a rule for a path wins; an exact rule is exact."""
    seconds = make_app().extensions["better_auth"].options.rate_limit.window
    plugins = [
        Plugin(
            id="one", rate_rules=(PathRule("/x", RateRule(seconds, 1), exact=True),)
        ),
        Plugin(id="two", rate_rules=(PathRule("/x", RateRule(seconds, 2)),)),
    ]
    registry = make_app(plugins=plugins).extensions["better_auth"].registry
    limits = [
        registry.rate_rule(path, None).max for path in ("/x", "/x/y", "/xy", "/y")
    ]
    assert limits == [1, 2, 2, 100]
