"""Every core SQL statement, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from flask_better_auth.records import normal_email
from flask_better_auth.runtime.auth import Auth
from tests.clock import START
from tests.expected import RANDOM
from tests.rows import change
from tests.rows import rows

WEEK = START + timedelta(days=7)
TICK = timedelta(milliseconds=1)


@pytest.fixture
def auth(app: Flask) -> Iterator[Auth]:
    """The authentication of the app, within its context."""
    with app.app_context():
        yield app.extensions["better_auth"]


@pytest.fixture
def ada(auth: Auth) -> Any:
    """A user without anything, committed."""
    user = auth.users.create(email="ada@example.com", name="Ada", now=START)
    auth.db.session.commit()
    return user


class Started(NamedTuple):
    """What was written of a session."""

    id: str
    token: str


def start(auth: Auth, user: Any, **values: Any) -> Started:
    """A session of *user*, committed; nothing is begun afterwards."""
    given = {"expires_at": WEEK, "now": START, "ip_address": "", "user_agent": ""}
    row = auth.session_records.create(user.id, **{**given, **values})
    started = Started(row.id, row.token)
    auth.db.session.commit()
    return started


# -- users -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("e\u0301@ex.com", "é@ex.com"),
        ("É@ex.com", "é@ex.com"),
        ("İ@ex.com", "i\u0307@ex.com"),
    ],
)
def test_address_has_one_form(auth: Auth, given: str, stored: str) -> None:
    """Composed and in lower case, wherever it comes from."""
    assert normal_email(given) == stored
    user = auth.users.create(email=given, name="", now=START)
    assert user.email == stored
    assert auth.users.find_by_email(given) is user
    assert auth.users.find_by_email(stored.upper().lower()) is user


@pytest.mark.parametrize("email", ["ADA@example.com", "ada@example.com"])
def test_address_is_taken_once(auth: Auth, ada: Any, email: str) -> None:
    """The database says so, not a look beforehand."""
    with pytest.raises(IntegrityError):
        auth.users.create(email=email, name="Eve", now=START)
    auth.db.session.rollback()


def test_look_alikes_are_other_people(auth: Auth, ada: Any) -> None:
    """Whatever a collation thinks of them."""
    for email in ("áda@example.com", "ada@example.com ", "ada@example.co", ""):
        assert auth.users.find_by_email(email) is None


def test_user_is_found_by_id(auth: Auth, ada: Any) -> None:
    """Exactly."""
    assert auth.users.get(ada.id) is ada
    assert auth.users.get(ada.id.swapcase()) is None
    assert auth.users.get("") is None


def test_update_moves_the_time_of_the_last_change(auth: Auth, ada: Any) -> None:
    """To the moment it is given, and no other."""
    later = START + timedelta(seconds=5)
    auth.users.update(ada, name="Countess", now=later)
    auth.db.session.commit()
    assert (ada.name, ada.created_at, ada.updated_at) == ("Countess", START, later)


# -- accounts --------------------------------------------------------------------------


def test_credential_is_keyed_by_the_user(app: Flask, auth: Auth, ada: Any) -> None:
    """`accountId` and `userId` are one, as upstream writes it."""
    account = auth.accounts.create_credential(ada.id, password="hash", now=START)
    auth.db.session.commit()
    assert auth.accounts.find_credential(ada.id) is account
    [row] = rows(app, "account")
    assert (row["accountId"], row["userId"], row["providerId"]) == (
        ada.id,
        ada.id,
        "credential",
    )


@pytest.mark.parametrize(
    "statement",
    [
        "update account set providerId = 'github'",
        "update account set accountId = 'x'",
        "update account set userId = 'x'",
    ],
)
def test_account_of_another_kind_is_no_credential(
    app: Flask, auth: Auth, ada: Any, statement: str
) -> None:
    """All three must fit."""
    auth.accounts.create_credential(ada.id, password="hash", now=START)
    auth.db.session.commit()
    change(app, statement)
    assert auth.accounts.find_credential(ada.id) is None


def test_second_credential_is_refused(auth: Auth, ada: Any) -> None:
    """By a unique index on provider and account."""
    auth.accounts.create_credential(ada.id, password="hash", now=START)
    with pytest.raises(IntegrityError):
        auth.accounts.create_credential(ada.id, password="hash", now=START)
    auth.db.session.rollback()


def test_password_is_replaced_only_if_it_is_still_the_one(
    app: Flask, auth: Auth, ada: Any
) -> None:
    """Of two changes at once, one loses."""
    account = auth.accounts.create_credential(ada.id, password="old", now=START)
    later = START + TICK
    assert auth.accounts.set_password(
        account, password="new", replacing="old", now=later
    )
    assert not auth.accounts.set_password(
        account, password="newer", replacing="old", now=later
    )
    auth.db.session.commit()
    [row] = rows(app, "account")
    assert (row["password"], row["updatedAt"]) == ("new", "2030-01-01T00:00:00.001Z")


# -- sessions --------------------------------------------------------------------------


def test_session_gets_a_token_of_its_own(auth: Auth, ada: Any) -> None:
    """32 letters and digits, never the same."""
    tokens = {start(auth, ada).token for _ in range(20)}
    assert len(tokens) == 20
    assert all(token == RANDOM for token in tokens)


def test_session_is_found_with_its_user_by_one_statement(
    auth: Auth, ada: Any, statements: list[str]
) -> None:
    """In wire form."""
    row_id, token = start(auth, ada, ip_address="192.0.2.1", user_agent="Toaster")
    user_id = ada.id
    auth.db.session.remove()
    statements.clear()
    found = auth.session_records.find(token)
    assert len(statements) == 1
    assert found == (
        {
            "expiresAt": "2030-01-08T00:00:00.000Z",
            "token": token,
            "createdAt": "2030-01-01T00:00:00.000Z",
            "updatedAt": "2030-01-01T00:00:00.000Z",
            "ipAddress": "192.0.2.1",
            "userAgent": "Toaster",
            "userId": user_id,
            "id": row_id,
        },
        {
            "name": "Ada",
            "email": "ada@example.com",
            "emailVerified": False,
            "image": None,
            "createdAt": "2030-01-01T00:00:00.000Z",
            "updatedAt": "2030-01-01T00:00:00.000Z",
            "id": user_id,
        },
    )


def test_looking_leaves_no_transaction_open(auth: Auth, ada: Any) -> None:
    """The connection goes back, so nobody waits for ours."""
    auth.session_records.find(start(auth, ada).token)
    assert not auth.database.is_busy()


def test_token_is_compared_exactly(auth: Auth, ada: Any) -> None:
    """Whatever the collation."""
    token = start(auth, ada).token
    assert auth.session_records.find(token) is not None
    assert auth.session_records.find(token.swapcase()) is None
    assert auth.session_records.find(token + " ") is None


def test_live_session_is_extended_at_once(app: Flask, auth: Auth, ada: Any) -> None:
    """A later roll-back of the app takes nothing back."""
    token = start(auth, ada).token
    later = START + timedelta(days=1)
    new_end = WEEK + timedelta(days=1)
    assert auth.session_records.extend(token, expires_at=new_end, now=later)
    auth.db.session.rollback()
    [row] = rows(app, "session")
    assert (row["expiresAt"], row["updatedAt"]) == (
        "2030-01-09T00:00:00.000Z",
        "2030-01-02T00:00:00.000Z",
    )


@pytest.mark.parametrize(("now", "extended"), [(WEEK, True), (WEEK + TICK, False)])
def test_session_that_is_over_is_not_extended(
    auth: Auth, ada: Any, now: Any, extended: bool
) -> None:
    """An update, never an insert: what is gone stays gone."""
    token = start(auth, ada).token
    end = WEEK + timedelta(days=7)
    assert auth.session_records.extend(token, expires_at=end, now=now) is extended
    assert not auth.session_records.extend("unknown", expires_at=end, now=START)


def test_session_is_ended_at_once(app: Flask, auth: Auth, ada: Any) -> None:
    """Alone, and whether or not it is there."""
    first, second = start(auth, ada), start(auth, ada)
    auth.session_records.end(first.token)
    auth.session_records.end("unknown")
    auth.db.session.rollback()
    assert [row["token"] for row in rows(app, "session")] == [second.token]


def test_list_has_the_live_ones_oldest_first(auth: Auth, ada: Any) -> None:
    """A session that ends now is not live."""
    eve = auth.users.create(email="eve@example.com", name="Eve", now=START)
    start(auth, eve)
    second = start(auth, ada, now=START + TICK)
    first = start(auth, ada, now=START)
    start(auth, ada, expires_at=START + TICK)
    found = auth.session_records.list_active(ada.id, now=START + TICK)
    assert [row.token for row in found] == [first.token, second.token]


def test_list_is_a_hundred_at_most(auth: Auth, ada: Any) -> None:
    """As upstream."""
    for _ in range(101):
        auth.session_records.create(
            ada.id, expires_at=WEEK, now=START, ip_address="", user_agent=""
        )
    auth.db.session.commit()
    assert len(auth.session_records.list_active(ada.id, now=START)) == 100


def test_only_ones_own_sessions_are_deleted(app: Flask, auth: Auth, ada: Any) -> None:
    """By token and owner together; the ids tell what went."""
    eve = auth.users.create(email="eve@example.com", name="Eve", now=START)
    mine, other, hers = start(auth, ada), start(auth, ada), start(auth, eve)
    records = auth.session_records
    assert records.delete_own(hers.token, user_id=ada.id) == []
    assert records.delete_own(mine.token, user_id=ada.id) == [mine.id]
    assert records.delete_own(mine.token, user_id=ada.id) == []
    assert records.delete_all(ada.id) == [other.id]
    auth.db.session.commit()
    assert [row["token"] for row in rows(app, "session")] == [hers.token]


def test_all_but_one_are_deleted(app: Flask, auth: Auth, ada: Any) -> None:
    """The one whose token is given."""
    kept, gone = start(auth, ada), start(auth, ada)
    assert auth.session_records.delete_all(ada.id, but=kept.token) == [gone.id]
    auth.db.session.commit()
    assert [row["token"] for row in rows(app, "session")] == [kept.token]


def test_deleting_waits_for_the_commit(app: Flask, auth: Auth, ada: Any) -> None:
    """It is part of the caller's work."""
    start(auth, ada)
    auth.session_records.delete_all(ada.id)
    auth.db.session.rollback()
    assert len(rows(app, "session")) == 1


# -- the app's own work ----------------------------------------------------------------


def test_busy_is_whoever_has_begun(auth: Auth) -> None:
    """Reading, adding, or nothing at all."""
    database = auth.database
    assert not database.is_busy()
    auth.db.session.execute(auth.db.text("select 1"))
    assert database.is_busy()
    auth.db.session.rollback()
    assert not database.is_busy()
    auth.db.session.add(auth.models.user(name="", email="x@ex.com"))
    assert database.is_busy()
    auth.db.session.expunge_all()


def test_reading_sees_what_the_app_has_flushed(auth: Auth, ada: Any) -> None:
    """Within its transaction; and the transaction stays open."""
    row = auth.session_records.create(
        ada.id, expires_at=WEEK, now=START, ip_address="", user_agent=""
    )
    assert auth.session_records.find(row.token) is not None
    assert auth.database.is_busy()
    auth.db.session.rollback()


def test_short_transaction_joins_the_app_where_there_is_one_writer(
    app: Flask, auth: Auth, ada: Any
) -> None:
    """On SQLite it would wait for itself otherwise; the app decides in the end."""
    token = start(auth, ada).token
    ada.name = "Countess"
    auth.db.session.flush()
    later = START + timedelta(days=1)
    assert auth.session_records.extend(token, expires_at=WEEK, now=later)
    auth.db.session.rollback()
    [row] = rows(app, "session")
    assert row["updatedAt"] == "2030-01-01T00:00:00.000Z"


def test_short_transaction_that_fails_leaves_nothing(
    app: Flask, auth: Auth, ada: Any
) -> None:
    """Whether or not the app has read before; its own transaction goes on."""
    token = start(auth, ada).token
    for begin in (
        lambda: None,
        lambda: auth.db.session.execute(auth.db.text("select 1")),
    ):
        begin()
        with pytest.raises(RuntimeError), auth.database.short_transaction() as own:
            own.execute(auth.db.text('update session set userAgent = "changed"'))
            raise RuntimeError
        auth.db.session.commit()
    [row] = rows(app, "session")
    assert (row["token"], row["userAgent"]) == (token, "")


def test_connection_is_given_back_only_if_nothing_is_pending(
    auth: Auth, ada: Any
) -> None:
    """And what was loaded stays usable without another look."""
    assert ada.name == "Ada"
    auth.database.release()
    assert not auth.database.is_busy()
    assert "name" in vars(ada)
    ada.name = "Countess"
    auth.database.release()
    assert auth.database.is_busy()
    auth.db.session.rollback()
