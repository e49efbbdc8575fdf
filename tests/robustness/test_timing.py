"""Known and unknown addresses cost the same work, statement by statement.

Time itself is not measured: what takes time is hashing and the database, and both
are counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.browsing import ADA
from tests.browsing import csrf_token
from tests.conftest import browser
from tests.robustness.hosts import MakeHost

_numbers = itertools.count(1)


class Work:
    """What an app did: its statements by verb and table, commits, and hashing."""

    def __init__(self) -> None:
        self.done: list[str] = []

    @property
    def options(self) -> dict[str, Any]:
        """Makes an app count its hashing here; a check costs as much as a hash."""
        return {"password": {"hash": self._hash, "verify": self._verify}}

    @contextmanager
    def counted(self, app: Flask) -> Iterator[list[str]]:
        """What is done in the block, in order; its end is a commit or a roll-back."""
        with app.app_context():
            engine = app.extensions["sqlalchemy"].engine

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            words = statement.replace('"', "").replace("`", "").split()
            mark = {"SELECT": "FROM", "INSERT": "INTO"}.get(words[0], words[0])
            self.done.append(f"{words[0]} {words[words.index(mark) + 1]}")

        event.listen(engine, "before_cursor_execute", note)
        self.done.clear()
        yield self.done
        event.remove(engine, "before_cursor_execute", note)

    def _hash(self, password: str) -> str:
        self.done.append("hash")
        return f"hash of {password}"

    def _verify(self, hash: str, password: str) -> bool:
        self.done.append("hash")
        return hash == f"hash of {password}"


@pytest.fixture
def work() -> Work:
    """A count that starts at nothing."""
    return Work()


def _new_address() -> str:
    return f"unknown{next(_numbers)}@example.com"


def _sign_in(app: Flask, email: str) -> int:
    client = browser(app)
    return client.sign_in({"email": email, "password": "wrong password"}).status_code


def _sign_in_by_form(app: Flask, email: str) -> int:
    client = browser(app)
    token = csrf_token(client.get("/auth/sign-in"))
    form = {"email": email, "password": "wrong password", "csrf_token": token}
    return client.post("/auth/sign-in", data=form).status_code


@pytest.mark.parametrize("sign_in", [_sign_in, _sign_in_by_form])
def test_sign_in_costs_the_same_for_nobody(
    database_url: str,
    make_host: MakeHost,
    work: Work,
    sign_in: Callable[[Flask, str], int],
) -> None:
    """A wrong password, an unknown address and a user without a password."""
    app = make_host(database_url, email_and_password=work.options)
    known = _new_address()
    browser(app).sign_up({**ADA, "email": known})
    _without_password(app, browser(app), stranger := _new_address())
    for email in (known, _new_address(), stranger):
        with work.counted(app) as done:
            assert sign_in(app, email) == 401
        assert done == ["SELECT user", "SELECT account", "hash"]


def _without_password(app: Flask, client: Any, email: str) -> None:
    client.sign_up({**ADA, "email": email})
    account = app.extensions["better_auth"].models.account
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        user_id = client.session()["user"]["id"]
        session.query(account).filter_by(user_id=user_id).update({"password": None})
        session.commit()


def _sign_up(app: Flask, person: dict[str, Any]) -> int:
    return browser(app).call("/sign-up/email", person).status_code


def _sign_up_by_form(app: Flask, person: dict[str, Any]) -> int:
    client = browser(app)
    form = {**person, "csrf_token": csrf_token(client.get("/auth/sign-up"))}
    return client.post("/auth/sign-up", data=form).status_code


@pytest.mark.parametrize(
    "discreet", [{"auto_sign_in": False}, {"require_email_verification": True}]
)
@pytest.mark.parametrize(
    ("sign_up", "status"), [(_sign_up, 200), (_sign_up_by_form, 303)]
)
def test_discreet_sign_up_costs_the_same_for_a_known_address(
    database_url: str,
    make_host: MakeHost,
    work: Work,
    discreet: dict[str, Any],
    sign_up: Callable[[Flask, dict[str, Any]], int],
    status: int,
) -> None:
    """The rows are inserted for a known one too, and rolled back instead of stored."""
    app = make_host(database_url, email_and_password={**work.options, **discreet})
    # The first request of all also looks at the tables.
    assert browser(app).ask("/ok").status_code == 200
    person = {**ADA, "email": _new_address()}
    for _ in ("unknown", "known", "still known"):
        with work.counted(app) as done:
            assert sign_up(app, person) == status
        assert done == ["SELECT user", "hash", "INSERT user", "INSERT account"]


@pytest.mark.parametrize("field", ["name", "image"])
def test_value_that_cannot_be_stored_tells_nothing(
    database_url: str, make_host: MakeHost, field: str
) -> None:
    """Where the database refuses a long text, it does so for known addresses too."""
    app = make_host(database_url, email_and_password={"auto_sign_in": False})
    known = {**ADA, "email": _new_address()}
    assert _sign_up(app, known) == 200
    long = {field: "x" * 70_000}
    statuses = {
        _sign_up(app, {**known, **long}),
        _sign_up(app, {**known, **long, "email": _new_address()}),
    }
    assert len(statuses) == 1


def test_made_up_user_is_not_heard_of(database_url: str, make_host: MakeHost) -> None:
    """The app's own listeners run for people who are stored, and for nobody else."""
    app = make_host(database_url, email_and_password={"auto_sign_in": False})
    heard: list[str] = []
    event.listen(
        app.extensions["better_auth"].models.user,
        "after_insert",
        lambda mapper, connection, user: heard.append(user.email),
    )
    person = {**ADA, "email": _new_address()}
    assert [_sign_up(app, person), _sign_up(app, person)] == [200, 200]
    assert heard == [person["email"]]
    with app.app_context():
        user = app.extensions["better_auth"].models.user
        session = app.extensions["sqlalchemy"].session
        assert session.query(user).filter(~user.email.contains("@")).count() == 0
