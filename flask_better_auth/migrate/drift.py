"""Where a live column differs from ours in a way that no migration mends."""

from __future__ import annotations

from typing import Any

from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Connection
from sqlalchemy import Date
from sqlalchemy import DateTime
from sqlalchemy import Enum
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import text
from sqlalchemy.types import TypeEngine

from flask_better_auth.models.fields import INFO
from flask_better_auth.models.types import Flag
from flask_better_auth.models.types import Moment


def differs(
    context: MigrationContext,
    live: Column[Any],
    wanted: Column[Any],
    live_type: TypeEngine[Any],
    wanted_type: TypeEngine[Any],
) -> bool | None:
    """Whether our values do not fit into a live column; None leaves it to Alembic.

    ``varchar`` does where we would make ``text``, but not ``timestamp without time
    zone`` where we read aware moments. Columns of the app's own are the app's affair.
    Given to Alembic as ``compare_type``.

    Source: better-auth db/get-migration.ts, `map` (core-database.md §2)
    """
    if INFO not in wanted.info:
        return False
    dialect = context.dialect.name
    if isinstance(wanted_type, Moment):
        return not _holds_moments(live_type, dialect)
    if isinstance(wanted_type, Flag):
        fits = Boolean if dialect == "postgresql" else (Boolean, Integer)
        return not isinstance(live_type, fits)
    if isinstance(wanted_type, String):
        # PostgreSQL does not compare text with a uuid or an enum.
        return not isinstance(live_type, String) or (
            dialect == "postgresql" and isinstance(live_type, Enum)
        )
    if isinstance(wanted_type, Integer):
        return not isinstance(live_type, Integer)
    return None


def _holds_moments(live_type: TypeEngine[Any], dialect: str) -> bool:
    if dialect == "sqlite":
        # We write text, whatever the column is declared as.
        return isinstance(live_type, (Date, DateTime, String))
    if dialect == "postgresql":
        return isinstance(live_type, DateTime) and live_type.timezone
    return isinstance(live_type, DateTime)


def drift(
    change: ops.AlterColumnOp, wanted: Column[Any], context: MigrationContext
) -> list[str]:
    """Sentences about the drift that Alembic found in one column."""
    name = f"column '{wanted.table.fullname}.{wanted.name}'"
    found = []
    if change.modify_type is not None and change.existing_type is not None:
        compiler = context.dialect.type_compiler_instance
        live, ours = (
            compiler.process(kind) for kind in (change.existing_type, wanted.type)
        )
        found.append(f"{name} is {live} in the database, but {ours} is needed")
    if change.modify_nullable is False:
        found.append(
            f"{name} may be empty in the database, but should not be: fill every row "
            "and make it NOT NULL"
        )
    elif change.modify_nullable is True:
        found.append(
            f"{name} must be filled in the database, but may be empty here: drop its "
            "NOT NULL"
        )
    return found


def moving_timestamps(connection: Connection) -> list[str]:
    """A sentence if the server would give new tables a moment that moves by itself.

    Servers before MySQL 8.0 and MariaDB 10.10 make the first required timestamp of a
    table `ON UPDATE CURRENT_TIMESTAMP` unless told not to: `session.expiresAt`.
    """
    if connection.dialect.name not in ("mysql", "mariadb"):
        return []
    query = text("select @@explicit_defaults_for_timestamp")
    if connection.execute(query).scalar():
        return []
    return [
        "the server changes the first timestamp of a new table at every update: set "
        "explicit_defaults_for_timestamp = ON in its configuration before you migrate"
    ]
