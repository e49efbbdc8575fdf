"""What the database's failures mean."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

#: serialization_failure, deadlock_detected (PostgreSQL, SQL standard).
_RACE_STATES = frozenset({"40001", "40P01"})
#: "Record has changed since last read", lock wait time-out, deadlock (MySQL, MariaDB).
_RACE_NUMBERS = frozenset({1020, 1205, 1213})
#: read_only_sql_transaction (PostgreSQL): another server is about to take over.
_READ_ONLY = "25006"


def is_passing(error: SQLAlchemyError) -> bool:
    """Whether the same work may succeed another time.

    The database is away or busy, or another transaction came first. Nothing is wrong
    with what was asked for.
    """
    if isinstance(error, (OperationalError, PoolTimeout)) or gave_way(error):
        return True
    return _state(error) == _READ_ONLY


def gave_way(error: SQLAlchemyError) -> bool:
    """Whether the same work may succeed at once.

    Another transaction came first, or the connection had been broken before.
    """
    if isinstance(error, StaleDataError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or _state(error) in _RACE_STATES:
        return True
    arguments: tuple[Any, ...] = getattr(error.orig, "args", ())
    return bool(arguments) and arguments[0] in _RACE_NUMBERS


def _state(error: SQLAlchemyError) -> str | None:
    """The SQLSTATE, from drivers that tell it."""
    state: str | None = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state


def is_exhausted(error: SQLAlchemyError) -> bool:
    """Whether the connections of this process are all in use, for too long already."""
    return isinstance(error, PoolTimeout)


def reason(error: SQLAlchemyError) -> str:
    """A word for the log, without statements and values."""
    original = getattr(error, "orig", None)
    return type(original or error).__name__


def hide_values(error: SQLAlchemyError) -> None:
    """Keep tokens and hashes out of the log that *error* will end up in."""
    if isinstance(error, StatementError):
        error.hide_parameters = True
