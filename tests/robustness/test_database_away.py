"""A database that is away, busy or gone is a 503, and nobody is signed out by it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask import jsonify
from sqlalchemy import event
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.pool import NullPool
from werkzeug.test import TestResponse

from flask_better_auth import current_user
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import Browser
from tests.browsing import csrf_token
from tests.browsing import set_cookies
from tests.conftest import browser
from tests.expected import answer
from tests.migrate.databases import fresh_database
from tests.robustness.conftest import SERVERS
from tests.robustness.hosts import MakeHost
from tests.robustness.hosts import migrate
from tests.robustness.relay import Relay
from tests.robustness.relay import relayed

BUSY = {
    "message": "The service is busy. Please try again.",
    "code": "SERVICE_UNAVAILABLE",
}
LOST = "sign_in_email lost a race or the database,"
NEW_PASSWORD = {
    "currentPassword": ADA["password"],
    "newPassword": "another password",
    "revokeOtherSessions": True,
}


@pytest.fixture(scope="module", params=SERVERS)
def server_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database with our tables, on each server in turn."""
    with fresh_database(request.param, tmp_path_factory.mktemp("unused")) as url:
        migrate(url)
        yield url


@pytest.fixture
def wire(server_url: str) -> Iterator[tuple[str, Relay]]:
    """The same database behind a wire that can be cut: its URL, and the wire."""
    with relayed(server_url) as (url, relay):
        yield url, relay


def _ask_all(client: Browser) -> dict[str, TestResponse]:
    """An answer of every kind to somebody who is signed in."""
    return {
        "get-session": client.ask("/get-session"),
        "list-sessions": client.ask("/list-sessions"),
        "sign-in": client.sign_in(),
        "sign-up": client.call("/sign-up/email", EVE),
        "sign-out": client.call("/sign-out"),
        "update-user": client.call("/update-user", {"name": "Eve"}),
        "change-password": client.call("/change-password", NEW_PASSWORD),
        "verify-password": client.call(
            "/verify-password", {"password": ADA["password"]}
        ),
        "revoke-sessions": client.call("/revoke-sessions"),
        "a view": client.get("/who"),
        "a protected view": client.get("/protected"),
        "a page": client.get("/auth/account"),
        "a form": client.post("/auth/account", data={"form": "profile"}),
    }


def _assert_refused(answers: dict[str, TestResponse]) -> None:
    """Every one is a 503, JSON in the protocol's shape, and changes no cookie."""
    for name, response in answers.items():
        assert (name, response.status_code) == (name, 503)
        # Flask's own session, which holds the token of the forms, is not ours.
        assert not any("better-auth" in line for line in set_cookies(response))
        if response.request.path.startswith("/api/"):
            assert response.json == BUSY
        else:
            assert response.mimetype == "text/html"


def _sign_in_as(app: Flask, person: dict[str, str]) -> Browser:
    client = browser(app)
    if client.sign_in(person).status_code == 401:
        client.sign_up(person)
    return client


@pytest.mark.parametrize("cached", [False, True], ids=["database", "cache"])
def test_server_that_is_away_signs_nobody_out(
    wire: tuple[str, Relay], make_host: MakeHost, cached: bool
) -> None:
    """While it is away all is refused; when it is back all is as before."""
    url, relay = wire
    cache = {"cookie_cache": {"enabled": cached, "max_age": 60}, "fresh_age": 0}
    app = make_host(url, session=cache)
    client = _sign_in_as(app, ADA)
    relay.cut()
    answers = _ask_all(client)
    if cached:
        # What needs no database goes on: a copy is believed for a minute.
        assert answers.pop("a view").text == ADA["email"]
        assert answers.pop("a protected view").text == ADA["email"]
        assert answers.pop("get-session").json["user"]["email"] == ADA["email"]
    _assert_refused(answers)
    assert browser(app).get("/who").status_code == 200
    relay.mend()
    assert client.session()["user"]["name"] == "Ada"
    assert client.get("/protected").text == ADA["email"]
    assert _sign_in_as(app, ADA).get("/auth/account").status_code == 200


def test_connections_that_a_restart_broke_are_made_anew(
    wire: tuple[str, Relay], make_host: MakeHost
) -> None:
    """Nobody notices that the server was started anew, neither our code nor the app."""
    url, relay = wire
    app = make_host(url)
    client = _sign_in_as(app, ADA)
    relay.interrupt()
    assert client.get("/protected").text == ADA["email"]
    relay.interrupt()
    assert client.session()["user"]["email"] == ADA["email"]
    relay.interrupt()
    assert client.sign_in().status_code == 200
    relay.interrupt()
    assert answer(client.call("/update-user", {"name": "Ada"})) == (
        200,
        {"status": True},
    )


def test_sign_in_whose_commit_was_lost_leaves_no_cookie(
    wire: tuple[str, Relay], make_host: MakeHost
) -> None:
    """A copy of a session that was never stored would be believed."""
    url, relay = wire
    app = make_host(url, session={"cookie_cache": {"enabled": True}})
    _sign_in_as(app, ADA)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    stranger = browser(app)
    event.listen(engine, "commit", lambda connection: _cut_after_insert(seen, relay))
    seen: list[str] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: seen.append(statement),
    )
    refused = stranger.sign_in()
    assert (answer(refused), set_cookies(refused)) == ((503, BUSY), [])
    assert stranger.get("/who").text == ""


def _cut_after_insert(statements: list[str], relay: Relay) -> None:
    if any(statement.startswith("INSERT") for statement in statements):
        relay.cut()


def test_app_that_has_begun_work_gets_a_503_too(
    wire: tuple[str, Relay], make_host: MakeHost
) -> None:
    """Its own statements may be lost with the connection, so nothing is repeated."""
    url, relay = wire

    def prepare(app: Flask) -> None:
        @app.before_request
        def read() -> None:
            if not broken:
                app.extensions["sqlalchemy"].session.execute(text("select 1"))
            else:
                app.extensions["sqlalchemy"].session.execute(text("select 2"))
                relay.cut()

    broken: list[bool] = []
    app = make_host(url, prepare=prepare, session={"fresh_age": 0})
    client = _sign_in_as(app, ADA)
    assert answer(client.call("/update-user", {"name": "Ada"}))[0] == 200
    broken.append(True)
    refused = client.call("/update-user", {"name": "Eve"})
    assert (answer(refused), set_cookies(refused)) == ((503, BUSY), [])
    broken.clear()
    relay.mend()
    assert client.session()["user"]["name"] == "Ada"


def test_user_of_a_copied_session_who_cannot_be_loaded_is_a_503(
    own_file: Path, make_host: MakeHost
) -> None:
    """The copy tells who is signed in; their row is not there to be read."""

    def prepare(app: Flask) -> None:
        app.add_url_rule("/name", view_func=lambda: jsonify(current_user.name))

    app = make_host(
        f"sqlite:///{own_file}",
        engine={"poolclass": NullPool},
        prepare=prepare,
        session={"cookie_cache": {"enabled": True}},
    )
    client = _sign_in_as(app, ADA)
    assert client.get("/name").json == "Ada"
    own_file.rename(own_file.with_suffix(".away"))
    assert client.get("/who").text == ADA["email"]
    assert client.get("/name").status_code == 503


@pytest.mark.parametrize("gone", ["file", "folder"])
def test_file_that_is_gone_signs_nobody_out(
    own_file: Path, make_host: MakeHost, gone: str
) -> None:
    """An empty file in its place has no tables; a missing folder none of either."""
    folder = own_file.parent / "inner"
    folder.mkdir()
    file = own_file.rename(folder / "own.sqlite")
    app = make_host(
        f"sqlite:///{file}",
        engine={"poolclass": NullPool},
        session={"fresh_age": 0},
    )
    client = _sign_in_as(app, ADA)
    target = file if gone == "file" else folder
    away = target.rename(folder.parent / "away")
    _assert_refused(_ask_all(client))
    if gone == "file":
        file.unlink()
    away.rename(target)
    assert client.session()["user"]["name"] == "Ada"


class Locked:
    """A SQLite file that another program has locked."""

    def __init__(self, file: Path, how: str) -> None:
        self._other = sqlite3.connect(file, isolation_level=None)
        self._other.execute(f"begin {how}")

    def free(self) -> None:
        """Let go of it."""
        self._other.execute("rollback")
        self._other.close()


#: How long SQLite waits for a lock, in seconds, instead of five.
SHORT = {"connect_args": {"timeout": 0.01}}


def test_locked_file_is_tried_three_times(
    own_file: Path, make_host: MakeHost, caplog: pytest.LogCaptureFixture
) -> None:
    """Then it is a 503; when the lock is gone all is as before."""
    app = make_host(f"sqlite:///{own_file}", engine=SHORT, session={"fresh_age": 0})
    client = _sign_in_as(app, ADA)
    lock = Locked(own_file, "exclusive")
    with caplog.at_level(logging.WARNING, "flask_better_auth"):
        assert answer(client.sign_in()) == (503, BUSY)
    assert caplog.messages == [
        f"{LOST} try {number} of 3: OperationalError" for number in (1, 2, 3)
    ]
    _assert_refused(_ask_all(client))
    lock.free()
    assert client.session()["user"]["name"] == "Ada"
    assert client.get("/protected").text == ADA["email"]


def test_file_that_is_locked_for_writing_is_read(
    own_file: Path, make_host: MakeHost
) -> None:
    """Only what writes is refused; a lock that ends in time goes unnoticed."""
    app = make_host(f"sqlite:///{own_file}", engine=SHORT)
    client = _sign_in_as(app, ADA)
    lock = Locked(own_file, "immediate")
    assert client.get("/protected").text == ADA["email"]
    assert client.session()["user"]["email"] == ADA["email"]
    refused = client.call("/sign-up/email", EVE)
    assert (answer(refused), set_cookies(refused)) == ((503, BUSY), [])
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    event.listen(engine, "handle_error", lambda context: lock.free(), once=True)
    assert client.call("/sign-up/email", EVE).status_code == 200


def test_form_that_reads_first_tries_again_too(
    own_file: Path, make_host: MakeHost
) -> None:
    """The page looks up which session is meant; revoking it is a work of its own."""
    app = make_host(f"sqlite:///{own_file}", engine=SHORT)
    client, other = _sign_in_as(app, ADA), _sign_in_as(app, ADA)
    page = client.get("/auth/sessions")
    form = {
        "form": "revoke",
        "session_id": other.session()["session"]["id"],
        "csrf_token": csrf_token(page),
    }
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    lock = Locked(own_file, "immediate")
    event.listen(engine, "handle_error", lambda context: lock.free(), once=True)
    assert client.post("/auth/sessions", data=form).status_code == 303
    assert other.session() is None


def test_commit_that_a_reader_blocks_leaves_no_cookie(
    own_file: Path, make_host: MakeHost
) -> None:
    """The rows are written and cannot be committed: nobody is signed in."""
    cache = {"cookie_cache": {"enabled": True}}
    app = make_host(f"sqlite:///{own_file}", engine=SHORT, session=cache)
    client = _sign_in_as(app, ADA)
    reader = sqlite3.connect(own_file, isolation_level=None)
    reader.execute("begin")
    reader.execute("select * from user").fetchone()
    stranger = browser(app)
    for refused in (stranger.sign_in(), stranger.call("/sign-up/email", EVE)):
        assert (answer(refused), set_cookies(refused)) == ((503, BUSY), [])
    page = stranger.get("/auth/sign-in")
    form = {**ADA, "csrf_token": csrf_token(page), "form": "sign_in"}
    refused = stranger.post("/auth/sign-in", data=form)
    assert refused.status_code == 503
    assert not any("better-auth" in line for line in set_cookies(refused))
    reader.execute("rollback")
    reader.close()
    assert stranger.get("/who").text == ""
    assert client.get("/who").text == ADA["email"]


def test_refresh_that_a_reader_blocks_is_a_503(
    own_file: Path, make_host: MakeHost
) -> None:
    """In an app that reads before each request too; nothing of it is left pending."""

    def prepare(app: Flask) -> None:
        @app.before_request
        def read() -> None:
            app.extensions["sqlalchemy"].session.execute(text("select 1"))

    app = make_host(
        f"sqlite:///{own_file}",
        engine=SHORT,
        prepare=prepare,
        session={"update_age": 0},
    )
    client = _sign_in_as(app, ADA)
    reader = sqlite3.connect(own_file, isolation_level=None)
    reader.execute("begin")
    reader.execute("select * from user").fetchone()
    refused = client.ask("/get-session")
    assert (answer(refused), set_cookies(refused)) == ((503, BUSY), [])
    view = client.get("/who")
    assert (view.status_code, set_cookies(view)) == (503, [])
    reader.execute("rollback")
    reader.close()
    assert client.get("/who").text == ADA["email"]


def test_pool_without_a_free_connection_is_a_503(
    own_file: Path, make_host: MakeHost, caplog: pytest.LogCaptureFixture
) -> None:
    """After one wait, and no more: whoever comes next waits as long."""
    pool: dict[str, Any] = {"pool_size": 2, "max_overflow": 0, "pool_timeout": 0.01}
    app = make_host(f"sqlite:///{own_file}", engine=pool, session={"fresh_age": 0})
    client = _sign_in_as(app, ADA)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    with engine.connect() as one, engine.connect() as other:
        assert [one.scalar(select(1)), other.scalar(select(1))] == [1, 1]
        with caplog.at_level(logging.WARNING, "flask_better_auth"):
            assert answer(client.sign_in()) == (503, BUSY)
        assert caplog.messages == [f"{LOST} try 1 of 3: TimeoutError"]
        _assert_refused(_ask_all(client))
    assert client.session()["user"]["name"] == "Ada"
