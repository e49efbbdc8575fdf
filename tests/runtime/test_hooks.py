"""Code around endpoints: what it sees, in which order, and what it may change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from flask_better_auth import APIError
from flask_better_auth import BetterAuth
from flask_better_auth import Context
from flask_better_auth import ErrorCode
from flask_better_auth import Hook
from flask_better_auth import Plugin
from flask_better_auth import endpoint
from flask_better_auth import for_endpoints
from tests.browsing import ADA
from tests.browsing import Browser
from tests.browsing import set_cookies
from tests.conftest import browser
from tests.expected import CLEARED
from tests.expected import INVALID_CREDENTIALS
from tests.expected import answer
from tests.expected import invalid
from tests.rows import rows
from tests.runtime.plugins import talk

MakeApp = Callable[..., Flask]

TEAPOT = ErrorCode("TEAPOT", "I am one")


def noting(log: list[str], name: str) -> Callable[[Context], None]:
    """A hook that notes its name."""

    def note(ctx: Context) -> None:
        log.append(name)

    return note


@pytest.fixture
def make(make_app: MakeApp) -> Callable[..., Browser]:
    """A browser of an app with hooks of its own, and with those of plugins."""

    def make_browser(*plugins: Plugin, **hooks: Any) -> Browser:
        return browser(make_app(plugins=[talk, *plugins], hooks=hooks))

    return make_browser


def test_apps_hooks_run_first_then_plugins_in_their_order(
    make: Callable[..., Browser],
) -> None:
    """Before and after alike."""
    log: list[str] = []
    plugins = [
        Plugin(
            id=name,
            before=(Hook(noting(log, f"{name} before")),),
            after=(Hook(noting(log, f"{name} after")),),
        )
        for name in ("one", "two")
    ]
    visitor = make(
        *plugins, before=noting(log, "app before"), after=noting(log, "app after")
    )
    visitor.call("/echo", {"text": "x"})
    assert log == [
        "app before",
        "one before",
        "two before",
        "app after",
        "one after",
        "two after",
    ]


def test_hook_runs_for_the_endpoints_it_matches(make: Callable[..., Browser]) -> None:
    """By name, or by any question about the endpoint; never by a URL."""
    log: list[str] = []
    plugin = Plugin(
        id="one",
        before=(
            Hook(noting(log, "named"), for_endpoints("ok", "sign_out")),
            Hook(noting(log, "reading"), lambda one: "GET" in one.methods),
        ),
    )
    visitor = make(plugin)
    visitor.ask("/ok")
    visitor.call("/sign-out")
    visitor.call("/echo", {"text": "x"})
    assert log == ["named", "reading", "named"]


def test_before_hook_sees_the_raw_body_and_may_change_it(
    make: Callable[..., Browser],
) -> None:
    """Validation comes after it."""
    seen: list[Any] = []

    def change(ctx: Context) -> None:
        seen.append(ctx.call.body)
        ctx.call.body = {"text": str(ctx.call.body["text"])}

    visitor = make(before=change)
    assert answer(visitor.call("/echo", {"text": 5})) == (200, {"said": "5"})
    assert seen == [{"text": 5}]


def test_before_hook_may_answer_at_once(make: Callable[..., Browser]) -> None:
    """Neither validation, handler nor after-hooks run."""
    log: list[str] = []

    def reply(ctx: Context) -> dict[str, str]:
        ctx.set_header("X-Hook", "answered")
        return {"answer": "mine"}

    plugin = Plugin(id="late", before=(Hook(noting(log, "second before")),))
    visitor = make(plugin, before=reply, after=noting(log, "after"))
    response = visitor.call("/echo", {"wrong": 1})
    assert answer(response) == (200, {"answer": "mine"})
    assert response.headers["X-Hook"] == "answered"
    assert log == []


@pytest.mark.parametrize("value", [{}, [], "", 0, False])
def test_any_answer_but_none_counts(make: Callable[..., Browser], value: Any) -> None:
    """Also one that is false."""
    visitor = make(before=lambda ctx: value)
    assert answer(visitor.call("/echo", {"text": "x"})) == (200, value)


def test_before_hook_may_refuse(make: Callable[..., Browser]) -> None:
    """What was done is rolled back, and no after-hook runs."""
    log: list[str] = []

    def refuse(ctx: Context) -> None:
        if ctx.endpoint.name == "sign_up_email":
            ctx.auth.users.create(email="x@ex.com", name="x", now=ctx.now)
            raise APIError(418, TEAPOT)

    visitor = make(before=refuse, after=noting(log, "after"))
    response = visitor.call("/sign-up/email", ADA)
    assert answer(response) == (418, {"message": "I am one", "code": "TEAPOT"})
    assert rows(visitor.application, "user") == []
    assert log == []


def test_what_an_answering_hook_wrote_is_committed(
    make: Callable[..., Browser],
) -> None:
    """It took the place of the endpoint."""

    def reply(ctx: Context) -> dict[str, bool]:
        ctx.auth.users.create(email="x@ex.com", name="x", now=ctx.now)
        return {"done": True}

    visitor = make(before=reply)
    assert answer(visitor.call("/echo", {})) == (200, {"done": True})
    assert [row["name"] for row in rows(visitor.application, "user")] == ["x"]


def test_headers_and_cookies_of_a_before_hook_are_sent(
    make: Callable[..., Browser],
) -> None:
    """Whether the endpoint succeeds or refuses; its own come on top."""

    def mark(ctx: Context) -> None:
        ctx.set_header("X-Hook", "before")
        ctx.set_header("X-Handler", "replaced")

    visitor = make(before=mark)
    fine = visitor.call("/echo", {"text": "x"})
    assert (fine.headers["X-Hook"], fine.headers["X-Handler"]) == ("before", "replaced")
    refused = visitor.call("/refuse")
    assert refused.headers["X-Hook"] == "before"
    assert refused.headers["X-Handler"] == "refused"
    assert set_cookies(refused) == CLEARED


def test_after_hook_sees_the_result_and_may_replace_it(
    make: Callable[..., Browser],
) -> None:
    """The next one sees what it made of it."""
    seen: list[Any] = []

    def first(ctx: Context) -> dict[str, Any]:
        seen.append(ctx.returned)
        return {**ctx.returned, "first": True}

    def second(ctx: Context) -> None:
        seen.append(ctx.returned)
        ctx.set_header("X-After", "yes")

    plugin = Plugin(id="one", after=(Hook(second),))
    response = make(plugin, after=first).call("/echo", {"text": "x"})
    assert answer(response) == (200, {"said": "x", "first": True})
    assert response.headers["X-After"] == "yes"
    assert seen == [{"said": "x"}, {"said": "x", "first": True}]


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/refuse", {}, 403, {"message": "Refused", "code": "REFUSED"}),
        (
            "/echo",
            {},
            400,
            invalid("[body.text] Invalid input: expected string, received undefined"),
        ),
        ("/sign-in/email", {**ADA}, 401, INVALID_CREDENTIALS),
    ],
)
def test_after_hooks_run_for_errors_too(
    make: Callable[..., Browser],
    path: str,
    body: dict[str, str],
    status: int,
    error: dict[str, str],
) -> None:
    """Those of handlers, guards and validation."""
    seen: list[Any] = []

    def see(ctx: Context) -> None:
        seen.append(ctx.returned)

    response = make(after=see).call(path, body)
    assert answer(response) == (status, error)
    [returned] = seen
    assert isinstance(returned, APIError)
    assert (returned.status, returned.body) == (status, error)


def test_status_of_a_failure_sticks(make: Callable[..., Browser]) -> None:
    """An after-hook may say more about it, not turn it into a success."""
    response = make(after=lambda ctx: {"more": "words"}).call("/refuse")
    assert answer(response) == (403, {"more": "words"})
    assert set_cookies(response) == CLEARED


def test_error_of_an_after_hook_replaces_a_success(
    make: Callable[..., Browser],
) -> None:
    """With its status; and the work is rolled back."""

    def refuse(ctx: Context) -> None:
        raise APIError(409, TEAPOT)

    visitor = make(after=refuse)
    response = visitor.call("/sign-up/email", ADA)
    assert answer(response) == (409, {"message": "I am one", "code": "TEAPOT"})
    assert rows(visitor.application, "user") == []


def test_refusal_of_an_after_hook_leaves_nothing_for_the_app_to_commit(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp
) -> None:
    """A server call that was refused is undone there and then."""

    def refuse(ctx: Context) -> None:
        raise APIError(409, TEAPOT)

    auth = make_auth(hooks={"after": refuse})
    app = make_app(auth)
    with app.app_context():
        with pytest.raises(APIError):
            auth.api.sign_up_email(body=ADA)
        app.extensions["sqlalchemy"].session.commit()
    assert rows(app, "user") == []


def test_after_hook_of_a_failure_finds_its_work_undone(
    make: Callable[..., Browser],
) -> None:
    """What it reads is what there is."""
    seen: list[Any] = []

    @endpoint("/half")
    def half(ctx: Context) -> dict[str, Any]:
        ctx.auth.users.create(email="x@ex.com", name="x", now=ctx.now)
        raise APIError(403, TEAPOT)

    def see(ctx: Context) -> None:
        seen.append(ctx.auth.users.find_by_email("x@ex.com"))

    visitor = make(Plugin(id="half", endpoints=(half,)), after=see)
    assert visitor.call("/half").status_code == 403
    assert seen == [None]


def test_error_of_an_after_hook_keeps_the_status_of_a_failure(
    make: Callable[..., Browser],
) -> None:
    """And has its own body."""

    def refuse(ctx: Context) -> None:
        raise APIError(409, TEAPOT)

    response = make(after=refuse).call("/refuse")
    assert answer(response) == (403, {"message": "I am one", "code": "TEAPOT"})


def test_after_hook_learns_of_a_new_session(make: Callable[..., Browser]) -> None:
    """And may end it again: a second factor is asked for that way."""

    def second_factor(ctx: Context) -> dict[str, bool] | None:
        if ctx.endpoint.name != "sign_in_email" or ctx.new_session is None:
            return None
        ctx.auth.session_records.delete_all(ctx.new_session.user.id)
        ctx.sign_out()
        return {"twoFactorRedirect": True}

    visitor = make(after=second_factor)
    visitor.sign_up()
    response = visitor.sign_in()
    assert answer(response) == (200, {"twoFactorRedirect": True})
    assert set_cookies(response) == CLEARED
    assert rows(visitor.application, "session") == []


def test_hook_changes_no_session_of_others(make_app: MakeApp) -> None:
    """What it does to a body stays in that answer, cached or not."""

    def rename(ctx: Context) -> dict[str, Any] | None:
        if ctx.endpoint.name == "get_session" and ctx.call.query.get("rename"):
            ctx.returned["user"]["name"] = "Eve"
        return None

    app = make_app(hooks={"after": rename}, session={"cookie_cache": {"enabled": True}})
    visitor = browser(app)
    visitor.sign_up()
    assert visitor.ask("/get-session?rename=1").json["user"]["name"] == "Eve"
    assert visitor.session()["user"]["name"] == "Ada"


@pytest.mark.parametrize("stage", ["before", "after"])
def test_hook_may_be_async(make_app: MakeApp, stage: str) -> None:
    """As every function of the app's; it may ask for the request too."""

    async def note(ctx: Context, request: Any) -> dict[str, str]:
        return {"stage": stage, "method": request.method}

    visitor = browser(make_app(hooks={stage: note}))
    assert visitor.ask("/ok").json == {"stage": stage, "method": "GET"}


@pytest.mark.parametrize("stage", ["before", "after"])
def test_hook_that_crashes_lets_nothing_through(make_app: MakeApp, stage: str) -> None:
    """The exception is the app's to see; nothing is committed."""

    def crash(ctx: Context) -> None:
        raise RuntimeError("the hook is broken")

    visitor = browser(make_app(hooks={stage: crash}))
    with pytest.raises(RuntimeError, match="the hook is broken"):
        visitor.call("/sign-up/email", ADA)
    assert rows(visitor.application, "user") == []
    assert visitor.cookie("session_token") is None


def test_handler_that_crashes_is_the_apps_to_see(make: Callable[..., Browser]) -> None:
    """As any view of Flask's."""
    visitor = make()
    with pytest.raises(RuntimeError, match="the handler is broken"):
        visitor.call("/crash")


def test_requests_that_never_reach_an_endpoint_meet_no_hook(
    make: Callable[..., Browser],
) -> None:
    """Foreign origins, broken bodies, unknown paths."""
    log: list[str] = []
    visitor = make(before=noting(log, "before"), after=noting(log, "after"))
    visitor.call("/echo", {"callbackURL": "https://evil.example"})
    visitor.post("/api/auth/echo", data="{", content_type="application/json")
    visitor.call("/nowhere")
    assert log == []
