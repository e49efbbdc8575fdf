"""Nobody holds a database connection while a password is hashed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import QueuePool
from werkzeug.test import TestResponse

from tests.browsing import ADA
from tests.browsing import Browser
from tests.browsing import csrf_token
from tests.conftest import browser
from tests.robustness.hosts import MakeHost
from tests.robustness.together import CROWD
from tests.robustness.together import Meeting
from tests.robustness.together import together

POOL = {"pool_size": 2, "max_overflow": 0, "pool_timeout": 10}
NEW = {"newPassword": "another password"}

_numbers = itertools.count(1)


class Hashing:
    """The app's own hashing: it notes how many connections are out meanwhile."""

    def __init__(self) -> None:
        self.pool: QueuePool | None = None
        self.held: list[int] = []
        self.meeting = Meeting()

    @property
    def options(self) -> dict[str, Any]:
        """What makes an app use it."""
        return {"password": {"hash": self._hash, "verify": self._verify}}

    def watch(self, app: Flask) -> None:
        """Look at the connections of *app*."""
        with app.app_context():
            pool = app.extensions["sqlalchemy"].engine.pool
        assert isinstance(pool, QueuePool)
        self.pool = pool

    def _hash(self, password: str) -> str:
        self._note()
        return f"hash of {password}"

    def _verify(self, hash: str, password: str) -> bool:
        self._note()
        return hash == f"hash of {password}"

    def _note(self) -> None:
        self.meeting.attend()
        if self.pool is not None:
            self.held.append(self.pool.checkedout())


@pytest.fixture
def hashing() -> Hashing:
    """Hashing that is not watched yet."""
    return Hashing()


def _person() -> dict[str, str]:
    return {**ADA, "email": f"pool{next(_numbers)}@example.com"}


def _by_form(client: Browser, path: str, form: dict[str, str]) -> TestResponse:
    token = csrf_token(client.get(path))
    return client.post(path, data={**form, "csrf_token": token})


@pytest.mark.parametrize("discreet", [False, True], ids=["open", "discreet"])
def test_no_connection_is_held_while_hashing(
    database_url: str, make_host: MakeHost, hashing: Hashing, discreet: bool
) -> None:
    """Whatever the endpoint or page, and however it ends."""
    options = {**hashing.options, "auto_sign_in": not discreet}
    app = make_host(database_url, engine=POOL, email_and_password=options)
    ada, other, stranger = _person(), _person(), browser(app)
    browser(app).call("/sign-up/email", ada)
    client = browser(app)
    assert client.sign_in(ada).status_code == 200
    right, wrong = ada["password"], "wrong password"
    hashing.watch(app)
    sent = [
        stranger.call("/sign-up/email", other),
        browser(app).sign_in(ada),
        browser(app).sign_in({**ada, "password": wrong}),
        browser(app).sign_in(_person()),
        client.call("/verify-password", {"password": right}),
        client.call("/verify-password", {"password": wrong}),
        client.call("/change-password", {**NEW, "currentPassword": wrong}),
        client.call("/change-password", {**NEW, "currentPassword": right}),
        _by_form(browser(app), "/auth/sign-up", _person()),
        _by_form(browser(app), "/auth/sign-in", {**ada, "password": wrong}),
        _by_form(client, "/auth/reauthenticate", {**ada, "password": wrong}),
    ]
    if discreet:
        sent.append(browser(app).call("/sign-up/email", ada))
    assert all(each.status_code < 500 for each in sent)
    # Each hashes once; a change of the password that succeeds, twice.
    assert hashing.held == [0] * (len(sent) + 1)


def _sign_up(app: Flask) -> Callable[[], TestResponse]:
    return partial(browser(app).call, "/sign-up/email", _person())


def _sign_in(app: Flask) -> Callable[[], TestResponse]:
    person = _person()
    browser(app).sign_up(person)
    return partial(browser(app).sign_in, person)


def _fail_to_sign_in(app: Flask) -> Callable[[], TestResponse]:
    return partial(browser(app).sign_in, _person())


@pytest.mark.parametrize(
    ("prepare", "status"), [(_sign_up, 200), (_sign_in, 200), (_fail_to_sign_in, 401)]
)
def test_two_connections_serve_sixteen_who_hash_at_once(
    database_url: str,
    make_host: MakeHost,
    hashing: Hashing,
    prepare: Callable[[Flask], Callable[[], TestResponse]],
    status: int,
) -> None:
    """They all meet while hashing: had each kept a connection, only two could."""
    app = make_host(database_url, engine=POOL, email_and_password=hashing.options)
    tasks = [prepare(app) for _ in range(CROWD)]
    hashing.meeting.call(CROWD)
    answers = together(tasks)
    assert [each.status_code for each in answers] == [status] * CROWD


def test_session_is_read_without_keeping_the_connection(
    database_url: str, make_host: MakeHost
) -> None:
    """Sixteen views that take their time need no connection meanwhile."""
    meeting = Meeting()

    def prepare(app: Flask) -> None:
        @app.get("/slow")
        def slow() -> str:
            meeting.attend()
            return "done"

    app = make_host(database_url, engine=POOL, prepare=prepare)
    client = browser(app)
    client.sign_up(_person())
    sent = {"Cookie": f"better-auth.session_token={client.cookie('session_token')}"}
    strangers = [app.test_client(use_cookies=False) for _ in range(CROWD)]
    meeting.call(CROWD)
    answers = together([partial(each.get, "/slow", headers=sent) for each in strangers])
    assert [each.text for each in answers] == ["done"] * CROWD
