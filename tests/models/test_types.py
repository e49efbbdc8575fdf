"""Column types: what stands in the file, and what comes out of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column
from sqlalchemy import Connection
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import create_engine
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text

from flask_better_auth.models.types import Flag
from flask_better_auth.models.types import Moment
from flask_better_auth.models.types import id_type

MOMENT = datetime(2030, 1, 1, 12, 30, 15, 123456, tzinfo=timezone.utc)
KEPT = MOMENT.replace(microsecond=123000)

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", Moment()),
    Column("flag", Flag()),
    Column("key", id_type()),
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection to a SQLite file that has the table."""
    engine = create_engine(f"sqlite:///{tmp_path / 'types.sqlite'}")
    things.metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _raw(connection: Connection) -> list[Any]:
    return [
        tuple(row) for row in connection.execute(text("select at, flag from things"))
    ]


@pytest.mark.parametrize(
    "given",
    [MOMENT, KEPT, MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))],
)
def test_moment_is_iso_text_with_milliseconds(
    connection: Connection, given: datetime
) -> None:
    """In UTC with a Z, which is what Node writes and compares as text."""
    connection.execute(insert(things).values(at=given))
    assert _raw(connection) == [("2030-01-01T12:30:15.123Z", None)]
    found = connection.execute(select(things.c.at)).scalar_one()
    assert found == KEPT
    assert found.tzinfo is timezone.utc


def test_moment_has_three_digits_always(connection: Connection) -> None:
    """Also at a full second: text compares only when it has one form."""
    connection.execute(insert(things).values(at=MOMENT.replace(microsecond=0)))
    assert _raw(connection) == [("2030-01-01T12:30:15.000Z", None)]


def test_moments_are_compared_in_time(connection: Connection) -> None:
    """In statements too."""
    for days in (0, 1, 2):
        connection.execute(insert(things).values(at=MOMENT + timedelta(days=days)))
    later = select(func.count()).where(things.c.at > MOMENT + timedelta(hours=1))
    assert connection.execute(later).scalar_one() == 2
    newest = select(things.c.at).order_by(things.c.at.desc()).limit(1)
    assert connection.execute(newest).scalar_one() == KEPT + timedelta(days=2)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2030-01-01T12:30:15.123Z", KEPT),
        ("2030-01-01T12:30:15Z", KEPT.replace(microsecond=0)),
        ("2030-01-01T13:30:15.123+01:00", KEPT),
        (None, None),
    ],
)
def test_moment_that_another_program_wrote_is_read(
    connection: Connection, written: str | None, read: datetime | None
) -> None:
    """With or without digits, at any offset."""
    connection.execute(text("insert into things (at) values (:at)"), {"at": written})
    assert connection.execute(select(things.c.at)).scalar_one() == read


@pytest.mark.parametrize(("given", "stored"), [(True, 1), (False, 0), (None, None)])
def test_flag_is_a_number(
    connection: Connection, given: bool | None, stored: int | None
) -> None:
    """1 or 0, as upstream writes it."""
    connection.execute(insert(things).values(flag=given))
    assert _raw(connection) == [(None, stored)]
    assert connection.execute(select(things.c.flag)).scalar_one() is given


def test_only_one_is_true(connection: Connection) -> None:
    """As upstream reads it."""
    connection.execute(text("insert into things (flag) values (2)"))
    assert connection.execute(select(things.c.flag)).scalar_one() is False


def test_declared_types_are_the_originals(connection: Connection) -> None:
    """`date`, `integer` and `text`."""
    file = connection.engine.url.database
    assert file is not None
    with sqlite3.connect(file) as raw:
        declared = {
            row[1]: row[2].lower() for row in raw.execute("pragma table_info(things)")
        }
    raw.close()
    assert declared == {
        "id": "integer",
        "at": "date",
        "flag": "integer",
        "key": "text",
    }
