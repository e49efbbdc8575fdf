"""What the database's failures mean."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

#: serialization_failure, deadlock_detected; and read_only_sql_transaction, while
#: another server takes over (PostgreSQL, SQL standard).
_PASSING_STATES = frozenset({"40001", "40P01", "25006"})
#: Lock wait time-out and deadlock (MySQL and MariaDB).
_PASSING_NUMBERS = frozenset({1205, 1213})


def is_passing(error: SQLAlchemyError) -> bool:
    """Whether the same work may succeed another time.

    The database is away or busy, or another transaction came first. Nothing is wrong
    with what was asked for.
    """
    if isinstance(error, (OperationalError, PoolTimeout, StaleDataError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    original: Any = error.orig
    if error.connection_invalidated:
        return True
    if getattr(original, "sqlstate", None) in _PASSING_STATES:
        return True
    arguments: tuple[Any, ...] = getattr(original, "args", ())
    return bool(arguments) and arguments[0] in _PASSING_NUMBERS


def is_exhausted(error: SQLAlchemyError) -> bool:
    """Whether the connections of this process are all in use, for too long already."""
    return isinstance(error, PoolTimeout)


def reason(error: SQLAlchemyError) -> str:
    """A word for the log, without statements and values."""
    original = getattr(error, "orig", None)
    return type(original or error).__name__
