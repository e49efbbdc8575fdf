"""What becomes of work that the database refuses, and of a database that is away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DataError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import OperationalError

from flask_better_auth import BetterAuth
from flask_better_auth import Context
from flask_better_auth import Plugin
from flask_better_auth import SchemaError
from flask_better_auth import endpoint
from flask_better_auth import user_signed_up
from tests.browsing import ADA
from tests.browsing import set_cookies
from tests.conftest import browser
from tests.expected import RANDOM
from tests.expected import answer
from tests.expected import invalid
from tests.expected import user
from tests.rows import change
from tests.rows import rows

MakeApp = Callable[..., Flask]

BUSY = {
    "message": "The service is busy. Please try again.",
    "code": "SERVICE_UNAVAILABLE",
}


class DriverError(Exception):
    """What a database driver raises; by default a serialisation failure."""

    def __init__(self, sqlstate: str = "40001") -> None:
        self.sqlstate = sqlstate


def failing(
    times: int, error: type[DBAPIError], sqlstate: str = "40001"
) -> tuple[Plugin, list[str]]:
    """A plugin whose endpoint fails *times* over after it has written."""
    tries: list[str] = []

    @endpoint("/write")
    def write(ctx: Context) -> dict[str, int]:
        tries.append("try")
        ctx.auth.users.create(
            email=f"{len(tries)}@ex.com", name=str(len(tries)), now=ctx.now
        )
        ctx.sign_out()
        if len(tries) <= times:
            raise error("update", {}, DriverError(sqlstate))
        return {"tries": len(tries)}

    return Plugin(id="write", endpoints=(write,)), tries


def test_work_that_lost_a_race_is_tried_again(make_app: MakeApp) -> None:
    """What the lost tries wrote is not there, and their cookies are not sent twice."""
    plugin, _ = failing(2, OperationalError)
    app = make_app(plugins=[plugin])
    response = browser(app).call("/write")
    assert answer(response) == (200, {"tries": 3})
    assert len(set_cookies(response)) == 3
    assert [row["name"] for row in rows(app, "user")] == ["3"]


def test_work_that_loses_every_race_is_given_up(make_app: MakeApp) -> None:
    """After three tries, with a 503 that says to come again."""
    plugin, tries = failing(99, OperationalError)
    app = make_app(plugins=[plugin])
    response = browser(app).call("/write")
    assert answer(response) == (503, BUSY)
    assert set_cookies(response) == []
    assert len(tries) == 3
    assert rows(app, "user") == []


def test_value_that_the_database_refuses_is_the_callers_mistake(
    make_app: MakeApp,
) -> None:
    """A 400; nothing of it is written, and it is not tried again."""
    plugin, tries = failing(1, DataError)
    app = make_app(plugins=[plugin])
    assert answer(browser(app).call("/write")) == (400, invalid("[body] Invalid input"))
    assert len(tries) == 1
    assert rows(app, "user") == []


def test_mistake_of_a_plugin_is_not_hidden(make_app: MakeApp) -> None:
    """An exception like any other; nothing is committed."""
    plugin, tries = failing(1, IntegrityError, "23505")
    app = make_app(plugins=[plugin])
    with pytest.raises(IntegrityError):
        browser(app).call("/write")
    assert len(tries) == 1
    assert rows(app, "user") == []


def test_apps_own_work_is_never_tried_again(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp
) -> None:
    """Half of it is the app's, so the app is told."""
    plugin, tries = failing(1, OperationalError)
    auth = make_auth(plugins=[plugin])
    app = make_app(auth)
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.session.add(auth.models.user(name="mine", email="mine@ex.com"))
        with pytest.raises(OperationalError):
            auth.api.write()
        db.session.commit()
    assert len(tries) == 1
    assert [row["name"] for row in rows(app, "user")] == ["mine"]


def test_work_beside_the_apps_own_is_tried_once(make_app: MakeApp) -> None:
    """A request in which the app has begun something cannot be begun anew."""
    plugin, tries = failing(1, OperationalError)

    def begin(app: Flask) -> None:
        @app.before_request
        def write() -> None:
            auth = app.extensions["better_auth"]
            auth.db.session.add(auth.models.user(name="mine", email="mine@ex.com"))

    app = make_app(plugins=[plugin], prepare=begin)
    assert answer(browser(app).call("/write")) == (503, BUSY)
    assert len(tries) == 1
    assert rows(app, "user") == []


def test_server_call_that_lost_a_race_is_tried_again(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp
) -> None:
    """As long as nothing of the app's is in it."""
    plugin, tries = failing(2, OperationalError)
    auth = make_auth(plugins=[plugin])
    app = make_app(auth)
    with app.app_context():
        assert auth.api.write() == {"tries": 3}
    assert len(tries) == 3
    assert [row["name"] for row in rows(app, "user")] == ["3"]


def test_lost_race_sends_no_signal_of_what_was_undone(make_app: MakeApp) -> None:
    """Effects belong to the try that was committed."""
    seen: list[str] = []
    fails = iter([True, False])

    def lose(ctx: Context) -> None:
        if ctx.endpoint.name == "sign_up_email" and next(fails):
            raise OperationalError("commit", {}, DriverError())

    app = make_app(hooks={"after": lose})

    def see(sender: Flask, user: Any, **payload: Any) -> None:
        seen.append(user.name)

    with user_signed_up.connected_to(see, app):
        response = browser(app).call("/sign-up/email", ADA)
    assert answer(response) == (200, {"token": RANDOM, "user": user()})
    assert seen == ["Ada"]
    assert len(rows(app, "user")) == len(rows(app, "account")) == 1
    assert len(set_cookies(response)) == 1


def test_database_that_is_away_is_a_503(make_app: MakeApp, tmp_path: Any) -> None:
    """For clients and pages; a guard is never open by accident."""
    app = make_app(
        config={"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/none/x.sqlite"}
    )
    visitor = browser(app)
    assert answer(visitor.call("/sign-in/email", ADA)) == (503, BUSY)
    cookie = _cookie_of_somebody(make_app)
    visitor.keep("session_token", cookie)
    response = visitor.ask("/get-session")
    assert answer(response) == (503, BUSY)
    assert set_cookies(response) == []
    assert visitor.ask("/ok").status_code == 200


def _cookie_of_somebody(make_app: MakeApp) -> str:
    visitor = browser(make_app())
    visitor.sign_up()
    return visitor.cookie("session_token") or ""


# -- the schema ------------------------------------------------------------------------


def test_missing_tables_are_named_with_the_cure(make_app: MakeApp) -> None:
    """At the first request, not at start-up; migrating takes no restart."""
    app = make_app()
    change(app, "drop table verification")
    change(app, 'alter table "user" rename column image to picture')
    visitor = browser(app)
    with pytest.raises(SchemaError) as raised:
        visitor.ask("/get-session")
    message = str(raised.value)
    assert message.startswith("the database is not up to date: ")
    assert "verification" in message
    assert "image" in message
    assert "'flask better-auth migrate'" in message
    assert len(raised.value.findings) == 2


def test_schema_is_checked_once(make_app: MakeApp, statements: list[str]) -> None:
    """Afterwards a request costs its own statements alone."""
    visitor = browser(make_app())
    visitor.sign_up()
    statements.clear()
    visitor.ask("/get-session")
    assert len(statements) == 1


def test_migrating_takes_no_restart(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp
) -> None:
    """The check looks again until it is content."""
    auth = make_auth()
    app = make_app(auth)
    change(app, "drop table verification")
    visitor = browser(app)
    with pytest.raises(SchemaError):
        visitor.ask("/get-session")
    with app.app_context():
        auth.migrate()
    assert visitor.ask("/get-session").status_code == 200


def test_check_can_be_switched_off(make_app: MakeApp) -> None:
    """For those who cannot grant the right to look."""
    app = make_app(advanced={"database": {"validate_schema": False}})
    change(app, "drop table verification")
    assert browser(app).sign_up().status_code == 200


def test_check_runs_for_server_calls_too(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp
) -> None:
    """Whoever comes first."""
    auth = make_auth()
    app = make_app(auth)
    change(app, "drop table verification")
    with app.app_context(), pytest.raises(SchemaError):
        auth.api.get_session()


# -- the app's functions ---------------------------------------------------------------


def test_functions_get_what_they_name(make_app: MakeApp) -> None:
    """The request only if they ask for it, by name."""
    seen: list[Any] = []

    def origins(request: Any) -> list[str]:
        seen.append(request.path)
        return ["https://app.example"]

    visitor = browser(make_app(trusted_origins=origins))
    visitor.call("/sign-in/email", ADA, headers={"Origin": "https://app.example"})
    assert "/api/auth/sign-in/email" in seen


def test_async_functions_work_where_a_loop_runs_already(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp
) -> None:
    """In an async view, with the app at hand."""

    async def hash_(password: str) -> str:
        return f"plain:{password}"

    async def verify(hash: str, password: str) -> bool:
        return hash == f"plain:{password}"

    auth = make_auth(email_and_password={"password": {"hash": hash_, "verify": verify}})
    app = make_app(auth)

    @app.post("/own")
    async def own() -> dict[str, Any]:
        auth.api.sign_up_email(body=ADA)
        result: dict[str, Any] = auth.api.sign_in_email(body=ADA)
        return result

    response = browser(app).post("/own")
    assert answer(response) == (
        200,
        {"redirect": False, "token": RANDOM, "user": user()},
    )
