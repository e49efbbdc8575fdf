"""Sixteen threads at once: exactly one wins, the others are told so."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy import event
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from flask_better_auth.crypto.passwords import hash_scrypt
from tests.browsing import ORIGIN
from tests.browsing import Browser
from tests.browsing import csrf_token
from tests.browsing import set_cookies
from tests.conftest import browser
from tests.expected import CLEARED
from tests.expected import INVALID_CREDENTIALS
from tests.expected import INVALID_PASSWORD
from tests.expected import TOO_MANY
from tests.expected import answer
from tests.robustness.hosts import MakeHost
from tests.robustness.together import CROWD
from tests.robustness.together import Meeting
from tests.robustness.together import together

TAKEN = {
    "message": "User already exists. Use another email.",
    "code": "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
}
FAILED_TO_GET = {"message": "Failed to get session", "code": "FAILED_TO_GET_SESSION"}
FAILED_TO_CREATE = {
    "message": "Failed to create session",
    "code": "FAILED_TO_CREATE_SESSION",
}

_numbers = itertools.count(1)


def _person() -> dict[str, str]:
    """Somebody whom no other test knows."""
    number = next(_numbers)
    return {
        "name": "Ada",
        "email": f"racer{number}@example.com",
        "password": "correct horse battery",
    }


class Passwords:
    """The app's own hashing: at once, but for the meetings that a test calls."""

    def __init__(self) -> None:
        self.hashing, self.verifying = Meeting(), Meeting()

    def options(self) -> dict[str, Any]:
        """What makes an app use it."""
        return {"password": {"hash": self.hash, "verify": self.verify}}

    def hash(self, password: str) -> str:
        """What is stored for *password*."""
        self.hashing.attend()
        return f"hash of {password}"

    def verify(self, hash: str, password: str) -> bool:
        """Whether it is the one."""
        self.verifying.attend()
        return hash == f"hash of {password}"


class Race:
    """An app and what its database holds."""

    def __init__(
        self, app: Flask, passwords: Passwords, make: Callable[..., Flask]
    ) -> None:
        self.app = app
        self.make = make
        self.passwords = passwords
        with app.app_context():
            self.engine: Engine = app.extensions["sqlalchemy"].engine
        self._quote = self.engine.dialect.identifier_preparer.quote

    def count(self, table: str, **equal: str) -> int:
        """How many rows of *table* have these values."""
        conditions = " and ".join(f"{self._quote(name)} = :{name}" for name in equal)
        query = f"select count(*) from {self._quote(table)} where {conditions}"  # noqa: S608
        with self.engine.connect() as connection:
            return int(connection.execute(text(query), equal).scalar_one())

    def delete_user(self, email: str) -> None:
        """Delete a user as an app does, as often as the database wants."""
        statement = f"delete from {self._quote('user')} where email = :email"  # noqa: S608
        while True:
            try:
                with self.engine.begin() as connection:
                    connection.execute(text(statement), {"email": email})
                return
            except OperationalError:
                continue

    def signed_up(self) -> tuple[dict[str, str], str, Browser]:
        """Somebody new: who, their id, and the browser they are signed in with."""
        person, client = _person(), browser(self.app)
        return person, client.sign_up(person).json["user"]["id"], client

    def signed_in(self, person: dict[str, str]) -> Browser:
        """A further browser of *person*."""
        client = browser(self.app)
        assert client.sign_in(person).status_code == 200
        return client

    @contextmanager
    def before(self, verb: str, act: Callable[[], object]) -> Iterator[None]:
        """Do *act* right before the first statement that starts with *verb*."""
        pending = [act]

        def interfere(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if statement.startswith(verb) and pending:
                # In a thread of its own: the act is somebody else's request.
                other = threading.Thread(target=pending.pop())
                other.start()
                other.join()

        event.listen(self.engine, "before_cursor_execute", interfere)
        yield
        event.remove(self.engine, "before_cursor_execute", interfere)
        assert not pending, f"there was no {verb}"


@pytest.fixture
def make_race(database_url: str, make_host: MakeHost) -> Callable[..., Race]:
    """Make an app for a race, on each kind of database."""

    def make(**options: Any) -> Race:
        passwords = Passwords()
        given = {**passwords.options(), **options.pop("email_and_password", {})}
        app = make_host(database_url, email_and_password=given, **options)
        return Race(app, passwords, partial(make_host, database_url))

    return make


def _cases(email: str, count: int) -> list[str]:
    """The same address, written in *count* ways."""
    upper = [email[:at].upper() + email[at:] for at in range(len(email))]
    return list(itertools.islice(itertools.cycle(upper), count))


def _sign_up_by_form(app: Flask, person: dict[str, str]) -> Callable[[], TestResponse]:
    client = browser(app)
    token = csrf_token(client.get("/auth/sign-up"))
    return partial(client.post, "/auth/sign-up", data={**person, "csrf_token": token})


def test_one_of_many_gets_an_address(make_race: Callable[..., Race]) -> None:
    """By endpoint or page, in capitals or not: one user, one account, one session."""
    race, person = make_race(), _person()
    people = [{**person, "email": each} for each in _cases(person["email"], CROWD)]
    tasks = [
        _sign_up_by_form(race.app, each)
        if number % 4 == 0
        else partial(browser(race.app).call, "/sign-up/email", each)
        for number, each in enumerate(people)
    ]
    # All of them have looked and found nobody before the first is stored.
    race.passwords.hashing.call(CROWD)
    answers = together(tasks)
    refused = [each for each in answers if each.status_code == 422]
    [winner] = [each for each in answers if each.status_code in (200, 303)]
    assert len(refused) == CROWD - 1
    assert all(each.json == TAKEN for each in refused if each.is_json)
    assert not any("better-auth" in line for r in refused for line in set_cookies(r))
    assert any("session_token" in line for line in set_cookies(winner))
    assert race.count("user", email=person["email"]) == 1
    [user_id] = _ids(race, person["email"])
    assert race.count("account", userId=user_id) == 1
    assert race.count("session", userId=user_id) == 1
    assert race.signed_in(person).session()["user"]["id"] == user_id


def _ids(race: Race, email: str) -> list[str]:
    table = race.engine.dialect.identifier_preparer.quote("user")
    query = text(f"select id from {table} where email = :email")  # noqa: S608
    with race.engine.connect() as connection:
        return list(connection.execute(query, {"email": email}).scalars())


def test_discreet_sign_up_tells_nobody_who_won(
    make_race: Callable[..., Race],
) -> None:
    """All get the same answer; the app is told of each that came too late."""
    told: list[str] = []
    race = make_race(
        email_and_password={
            "auto_sign_in": False,
            "on_existing_user_sign_up": lambda user: told.append(user.email),
        }
    )
    person = _person()
    race.passwords.hashing.call(CROWD)
    answers = together(
        [
            partial(browser(race.app).call, "/sign-up/email", person)
            for _ in range(CROWD)
        ]
    )
    assert {each.status_code for each in answers} == {200}
    bodies: list[Any] = [each.json for each in answers]
    assert len({body["user"].pop("id") for body in bodies}) == CROWD
    assert bodies == [bodies[0]] * CROWD
    assert told == [person["email"]] * (CROWD - 1)
    [user_id] = _ids(race, person["email"])
    assert race.count("account", userId=user_id) == 1
    assert race.count("session", userId=user_id) == 0


def test_one_of_many_changes_the_password(make_race: Callable[..., Race]) -> None:
    """All proved the old one; the last of them would have been a surprise."""
    race = make_race()
    person, user_id, _ = race.signed_up()
    clients = [race.signed_in(person) for _ in range(CROWD)]
    news = [f"new password {number}" for number in range(CROWD)]
    race.passwords.hashing.call(CROWD)
    answers = together(
        [
            partial(
                client.call,
                "/change-password",
                {
                    "currentPassword": person["password"],
                    "newPassword": new,
                    "revokeOtherSessions": True,
                },
            )
            for client, new in zip(clients, news, strict=True)
        ]
    )
    assert Counter(each.status_code for each in answers) == {200: 1, 400: CROWD - 1}
    assert [answer(each) for each in answers if each.status_code == 400] == (
        [(400, INVALID_PASSWORD)] * (CROWD - 1)
    )
    winner = [each.status_code for each in answers].index(200)
    valid = [
        password
        for password in (person["password"], *news)
        if browser(race.app).sign_in({**person, "password": password}).status_code
        == 200
    ]
    assert valid == [news[winner]]
    assert race.count("account", userId=user_id) == 1
    alive = [number for number, client in enumerate(clients) if client.session()]
    assert alive == [winner]


def test_sign_in_with_a_password_that_is_being_replaced_is_refused(
    make_race: Callable[..., Race],
) -> None:
    """It was right when it was checked: the session would outlive the change."""
    race = make_race()
    person, user_id, client = race.signed_up()
    thief = browser(race.app)
    with race.before("INSERT", partial(_change_password, client, person)):
        late = thief.sign_in(person)
    assert answer(late) == (401, INVALID_CREDENTIALS)
    assert set_cookies(late) == []
    assert race.count("session", userId=user_id) == 1
    assert client.session()["user"]["id"] == user_id


def _change_password(client: Browser, person: dict[str, str]) -> None:
    body = {"currentPassword": person["password"], "newPassword": "another password"}
    changed = client.call("/change-password", {**body, "revokeOtherSessions": True})
    assert changed.status_code == 200


def test_sign_ins_that_renew_one_hash_all_succeed(
    make_race: Callable[..., Race],
) -> None:
    """A hash of the old kind is replaced once; nobody's right password is refused."""
    race = make_race()
    person, user_id, _ = race.signed_up()
    app = race.make(email_and_password={"password": {"memory_cost": 8, "time_cost": 1}})
    stored = hash_scrypt(person["password"])
    table = race.engine.dialect.identifier_preparer.quote("account")
    with race.engine.begin() as connection:
        connection.execute(
            text(f"update {table} set password = :hash where password = :old"),  # noqa: S608
            {"hash": stored, "old": f"hash of {person['password']}"},
        )
    answers = together([partial(browser(app).sign_in, person) for _ in range(4)])
    assert [each.status_code for each in answers] == [200] * 4
    assert race.count("account", userId=user_id, password=stored) == 0


@pytest.mark.parametrize("how", ["endpoint", "view"])
def test_sign_out_beats_the_refresh_that_it_meets(
    make_race: Callable[..., Race], how: str
) -> None:
    """The session is found, ended, and then not extended: it stays ended."""
    race = make_race(session={"update_age": 0})
    _, user_id, client = race.signed_up()
    token = client.cookie("session_token")
    other = race.app.test_client(use_cookies=False)
    sent = {"Cookie": f"better-auth.session_token={token}", "Origin": ORIGIN}
    signing_out = partial(other.post, "/api/auth/sign-out", json={}, headers=sent)
    with race.before("UPDATE", signing_out):
        if how == "endpoint":
            late = client.ask("/get-session")
            assert answer(late) == (401, FAILED_TO_GET)
        else:
            late = client.get("/who")
            assert (late.status_code, late.text) == (200, "")
    assert set_cookies(late) == CLEARED
    assert race.count("session", userId=user_id) == 0
    client.keep("session_token", token or "")
    assert client.session() is None


def test_sign_out_among_refreshes_ends_the_session(
    make_race: Callable[..., Race],
) -> None:
    """Round after round: no refresh writes the row again."""
    race = make_race(session={"update_age": 0})
    person, user_id, first = race.signed_up()
    assert first.call("/sign-out").json == {"success": True}
    for _ in range(5):
        client = race.signed_in(person)
        sent = {
            "Cookie": f"better-auth.session_token={client.cookie('session_token')}",
            "Origin": ORIGIN,
        }
        others: list[Any] = [race.app.test_client(use_cookies=False) for _ in range(4)]
        answers = together(
            [
                *(partial(each.get, "/who", headers=sent) for each in others),
                *(partial(each.ask, "/get-session", headers=sent) for each in others),
                partial(client.call, "/sign-out"),
            ]
        )
        assert {each.status_code for each in answers} <= {200, 401}
        assert answers[-1].json == {"success": True}
        assert race.count("session", userId=user_id) == 0
        assert others[0].ask("/get-session", headers=sent).json is None


def test_revoking_all_among_refreshes_ends_all(make_race: Callable[..., Race]) -> None:
    """Devices that refresh all the while are out afterwards, every one."""
    race = make_race(session={"update_age": 0})
    person, user_id, client = race.signed_up()
    devices = [race.signed_in(person) for _ in range(4)]
    over = threading.Event()

    def use(device: Browser) -> set[int]:
        seen = set()
        while not over.is_set():
            seen.add(device.ask("/get-session").status_code)
        return seen

    def revoke() -> set[int]:
        response = client.call("/revoke-sessions")
        over.set()
        return {response.status_code}

    statuses = together([*(partial(use, device) for device in devices), revoke])
    assert statuses[-1] == {200}
    assert set().union(*statuses) <= {200, 401}
    assert race.count("session", userId=user_id) == 0
    assert [device.session() for device in devices] == [None] * len(devices)


def test_user_who_is_deleted_is_not_signed_in(make_race: Callable[..., Race]) -> None:
    """Sixteen have proved the password when the user goes: none is in afterwards."""
    race = make_race()
    person, user_id, first = race.signed_up()
    clients = [browser(race.app) for _ in range(CROWD)]
    race.passwords.verifying.call(CROWD + 1)

    def delete() -> None:
        race.passwords.verifying.attend()
        race.delete_user(person["email"])

    answers = together(
        [*(partial(client.sign_in, person) for client in clients), delete]
    )
    refused = [each for each in answers if each and each.status_code != 200]
    assert [answer(each) for each in refused if each.status_code != 401] == []
    assert all(
        each.json == FAILED_TO_CREATE or each.json["code"].startswith("INVALID")
        for each in refused
    )
    assert [client.session() for client in (first, *clients)] == [None] * (CROWD + 1)
    assert race.count("user", id=user_id) == 0
    if race.engine.dialect.name != "sqlite":
        assert race.count("session", userId=user_id) == 0


def test_user_who_is_deleted_while_changing_their_name_is_signed_out(
    make_race: Callable[..., Race],
) -> None:
    """The row that was read is gone when it is to be written."""
    race = make_race()
    person, user_id, client = race.signed_up()
    with race.before("UPDATE", partial(race.delete_user, person["email"])):
        late = client.call("/update-user", {"name": "Eve"})
    assert late.status_code == 401
    assert race.count("user", id=user_id) == 0


def test_guesses_at_one_account_are_counted_exactly(
    make_race: Callable[..., Race],
) -> None:
    """Eighty at once from eighty addresses: fifty are tried, thirty are not."""
    race = make_race(
        rate_limit={"enabled": True, "custom_rules": {"/**": False}},
    )
    person, _, client = race.signed_up()
    wrong = {**person, "password": "wrong password"}

    def guess(number: int) -> list[TestResponse]:
        return [
            browser(race.app).call(
                "/sign-in/email",
                {"email": wrong["email"], "password": wrong["password"]},
                environ_overrides={"REMOTE_ADDR": f"10.0.{number}.{turn}"},
            )
            for turn in range(5)
        ]

    rounds = together([partial(guess, number) for number in range(CROWD)])
    answers = [each for turns in rounds for each in turns]
    assert Counter(each.status_code for each in answers) == {401: 50, 429: 30}
    refused = [each for each in answers if each.status_code == 429]
    assert all(each.json == TOO_MANY for each in refused)
    assert all(0 < int(each.headers["X-Retry-After"]) <= 900 for each in refused)
    # The right one is not tried either, and who is signed in stays so.
    assert (
        race.app.test_client().post("/api/auth/sign-in/email", json=person).status_code
        == 429
    )
    assert client.session()["user"]["email"] == person["email"]


@pytest.mark.parametrize("cached", [False, True], ids=["database", "cache"])
def test_everybody_sees_only_themselves(
    make_race: Callable[..., Race], cached: bool
) -> None:
    """Eight people in eight threads, on everything that tells who one is."""
    race = make_race(session={"cookie_cache": {"enabled": cached}})
    everybody = [race.signed_up() for _ in range(8)]

    def use(person: dict[str, str], user_id: str, client: Browser) -> set[str]:
        seen = set()
        for turn in range(10):
            name = f"{person['email']} {turn}"
            assert client.call("/update-user", {"name": name}).status_code == 200
            view = client.session()
            assert view["user"]["name"] == name
            seen |= {view["user"]["id"], view["session"]["userId"]}
            seen |= {row["userId"] for row in client.ask("/list-sessions").json}
            assert client.get("/who").text == person["email"]
            assert name in client.get("/auth/account").text
        return seen

    seen = together([partial(use, *each) for each in everybody])
    assert seen == [{user_id} for _, user_id, _ in everybody]
