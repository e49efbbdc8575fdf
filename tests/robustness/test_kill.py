"""A worker that is killed at any statement leaves the old state or the new one."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from tests.browsing import ADA
from tests.browsing import Browser
from tests.conftest import browser
from tests.robustness.hosts import MakeHost

_ROOT = Path(__file__).parents[2]
#: More steps than anything here takes.
_ENDLESS = 60
#: Of an answer that was a success: 200 divided by a hundred.
_DONE = 2
OTHER_PASSWORD = "another password"

_numbers = itertools.count(1)


class Victims:
    """Runs requests in processes that are killed on the way."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self._process = process
        self._url = url

    def send(
        self, path: str, body: dict[str, Any], *, step: int, cookie: str = ""
    ) -> int | None:
        """Send one request; None if it was killed, else its status by hundreds."""
        task = {
            "url": self._url,
            "path": f"/api/auth{path}",
            "body": body,
            "step": step,
            "cookie": cookie,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        outcome: int | None = json.loads(self._process.stdout.readline())
        return outcome


@pytest.fixture(scope="module")
def parent() -> Iterator[subprocess.Popen[str]]:
    """The process that has the victims as children."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.robustness.victim"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def victims(parent: subprocess.Popen[str], database_url: str) -> Victims:
    """Victims at work on the database that the test looks at."""
    return Victims(parent, database_url)


@pytest.fixture
def app(database_url: str, make_host: MakeHost) -> Flask:
    """Another process on the same database, which lives on."""
    return make_host(database_url)


def _person() -> dict[str, str]:
    return {**ADA, "email": f"victim{next(_numbers)}@example.com"}


def _half_done(app: Flask) -> dict[str, int]:
    """How many rows there are of each kind that may not be."""
    models = app.extensions["better_auth"].models
    user, account, session = models.user, models.account, models.session
    lonely = {
        "users without an account": select(user.id).where(
            ~select(account.id).where(account.user_id == user.id).exists()
        ),
        "accounts without a user": select(account.id).where(
            ~select(user.id).where(user.id == account.user_id).exists()
        ),
        "sessions without a user": select(session.id).where(
            ~select(user.id).where(user.id == session.user_id).exists()
        ),
    }
    with app.app_context():
        database = app.extensions["sqlalchemy"].session
        return {
            name: database.scalar(select(func.count()).select_from(query.subquery()))
            for name, query in lonely.items()
        }


NOTHING = {
    "users without an account": 0,
    "accounts without a user": 0,
    "sessions without a user": 0,
}


def test_killed_sign_up_leaves_all_or_nothing(app: Flask, victims: Victims) -> None:
    """The address can be signed up with afterwards, or signed in with."""
    seen = []
    for step in range(1, _ENDLESS):
        person = _person()
        outcome = victims.send("/sign-up/email", person, step=step)
        assert _half_done(app) == NOTHING
        client = browser(app)
        again = client.call("/sign-up/email", person).status_code
        assert again in (200, 422)
        assert browser(app).sign_in(person).status_code == 200
        if outcome is not None:
            break
        seen.append(again)
    assert (outcome, again) == (_DONE, 422)
    # Four statements and a commit, before and after each; nothing stays before the
    # commit, and all of it after.
    assert len(seen) >= 10
    assert seen == sorted(seen)
    assert set(seen) == {200, 422}


def test_killed_change_of_password_leaves_all_or_nothing(
    app: Flask, victims: Victims
) -> None:
    """The old password and every session, or the new one and no earlier session."""
    seen = []
    for step in range(1, _ENDLESS):
        person = _person()
        clients = [browser(app) for _ in range(2)]
        clients[0].sign_up(person)
        assert clients[1].sign_in(person).status_code == 200
        body = {
            "currentPassword": person["password"],
            "newPassword": OTHER_PASSWORD,
            "revokeOtherSessions": True,
        }
        cookie = f"better-auth.session_token={clients[0].cookie('session_token')}"
        outcome = victims.send("/change-password", body, step=step, cookie=cookie)
        assert _half_done(app) == NOTHING
        seen.append(_state(app, person, clients))
        if outcome is not None:
            break
    assert outcome == _DONE
    old, new = ("old", [True] * 2), ("new", [False] * 2)
    changed = seen.index(new)
    assert len(seen) >= 15
    assert seen == [old] * changed + [new] * (len(seen) - changed)


def _state(
    app: Flask, person: dict[str, str], clients: list[Browser]
) -> tuple[str, list[bool]]:
    """Which password is valid, and which of *clients* are signed in."""
    alive = [client.session() is not None for client in clients]
    passwords = {"old": person["password"], "new": OTHER_PASSWORD}
    valid = [
        name
        for name, password in passwords.items()
        if browser(app).sign_in({**person, "password": password}).status_code == 200
    ]
    assert len(valid) == 1
    return valid[0], alive
