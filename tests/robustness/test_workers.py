"""The same races between two processes, each with eight threads."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask

from tests.browsing import ADA
from tests.conftest import browser
from tests.robustness.hosts import MakeHost
from tests.robustness.served import Answer
from tests.robustness.served import Site
from tests.robustness.served import served
from tests.robustness.together import CROWD
from tests.robustness.together import together

INVALID_PASSWORD = {"message": "Invalid password", "code": "INVALID_PASSWORD"}
TAKEN = {
    "message": "User already exists. Use another email.",
    "code": "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
}

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two workers on each kind of database in turn."""
    with served(database_url, folder=tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def app(site: Site, database_url: str, make_host: MakeHost) -> Flask:
    """Another process, which looks at the same database."""
    return make_host(database_url)


def _person() -> dict[str, str]:
    return {**ADA, "email": f"worker{next(_numbers)}@example.com"}


def _count(app: Flask, email: str) -> dict[str, int]:
    """How many users with this address there are, and accounts and sessions of them."""
    models = app.extensions["better_auth"].models
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        ids = [user.id for user in session.query(models.user).filter_by(email=email)]
        owned = {
            name: session.query(model).filter(model.user_id.in_(ids)).count()
            for name, model in (
                ("accounts", models.account),
                ("sessions", models.session),
            )
        }
    return {"users": len(ids), **owned}


def _cookie(answer: Answer) -> str:
    return next(
        line.partition(";")[0] for line in answer.cookies if "session_token=" in line
    )


def test_one_of_many_gets_an_address(site: Site, app: Flask) -> None:
    """In whatever case it is written: fifteen clean refusals."""
    person = _person()
    people = [
        {**person, "email": person["email"][:at].upper() + person["email"][at:]}
        for at in range(CROWD)
    ]
    answers = together(
        [partial(site.call, "/api/auth/sign-up/email", each) for each in people]
    )
    assert Counter(each.status for each in answers) == {200: 1, 422: CROWD - 1}
    refused = [each for each in answers if each.status == 422]
    assert [(each.json, each.cookies) for each in refused] == [(TAKEN, ())] * 15
    assert _count(app, person["email"]) == {"users": 1, "accounts": 1, "sessions": 1}


def test_one_of_many_changes_the_password(site: Site, app: Flask) -> None:
    """One password is valid afterwards, and only its winner is signed in."""
    person = _person()
    cookie = _cookie(site.call("/api/auth/sign-up/email", person))
    bodies = [
        {
            "currentPassword": person["password"],
            "newPassword": f"new password {number}",
            "revokeOtherSessions": True,
        }
        for number in range(CROWD)
    ]
    answers = together(
        [
            partial(site.call, "/api/auth/change-password", body, cookie=cookie)
            for body in bodies
        ]
    )
    won = [number for number, each in enumerate(answers) if each.status == 200]
    # Whoever came after the winner had no session any more.
    lost = Counter(each.status for each in answers if each.status != 200)
    assert len(won) == 1
    assert set(lost) <= {400, 401}
    assert all(each.json == INVALID_PASSWORD for each in answers if each.status == 400)
    passwords = [person["password"], *(body["newPassword"] for body in bodies)]
    valid = [
        password
        for password in passwords
        if browser(app).sign_in({**person, "password": str(password)}).status_code
        == 200
    ]
    assert valid == [bodies[won[0]]["newPassword"]]


def test_sign_out_among_refreshes_ends_the_session(site: Site, app: Flask) -> None:
    """In whichever process each of them is."""
    person = _person()
    site.call("/api/auth/sign-up/email", person)
    credentials = {"email": person["email"], "password": person["password"]}
    for _ in range(3):
        cookie = _cookie(site.call("/api/auth/sign-in/email", credentials))
        ask: Any = partial(site.call, "/api/auth/get-session", cookie=cookie)
        look: Any = partial(site.call, "/who", cookie=cookie)
        leave: Any = partial(site.call, "/api/auth/sign-out", {}, cookie=cookie)
        answers = together([ask, look, ask, look, leave, ask, look, ask, look])
        assert {each.status for each in answers} <= {200, 401}
        assert ask().json is None
    # The one of the sign-up is left.
    assert _count(app, person["email"])["sessions"] == 1
