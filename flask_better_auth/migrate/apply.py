"""Carrying out a plan."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import Table
from sqlalchemy import text

from flask_better_auth.errors import BetterAuthError
from flask_better_auth.errors import UnsafeMigration
from flask_better_auth.migrate.plan import Plan
from flask_better_auth.migrate.plan import make_plan

#: Names our lock among others on the server: "better" in ASCII.
_LOCK = 0x626574746572

#: The same for MySQL, whose locks have names that all databases share.
_MYSQL_LOCK = "concat('better_auth:', md5(database()))"

#: How long one process waits for another's migration, in seconds.
_PATIENCE = 60


def migrate(engine: Engine, tables: Sequence[Table]) -> Plan:
    """Create what the database lacks of *tables* and return what that was.

    Processes that start together may all call this: one does the work, the others
    wait and find nothing to do.

    Raises:
        UnsafeMigration: some of it cannot be created safely; nothing was run.
    """
    with engine.connect() as connection:
        plan = make_plan(connection, tables)
        if plan.is_empty and not plan.refusals:
            return plan
        connection.rollback()
        with _alone(connection):
            # Another process may have been first.
            plan = make_plan(connection, tables)
            _run(connection, plan)
        return plan


def apply_plan(connection: Connection, plan: Plan) -> None:
    """Run the steps of *plan* and commit.

    All or nothing on SQLite and PostgreSQL. MySQL and MariaDB commit after each
    statement, so there what ran before a failing step stays; making a new plan and
    applying that carries on.

    Raises:
        UnsafeMigration: the plan has refusals; nothing was run.
    """
    with _alone(connection):
        _run(connection, plan)


def _run(connection: Connection, plan: Plan) -> None:
    if plan.refusals:
        raise UnsafeMigration(plan.refusals)
    for step in plan.steps:
        connection.execute(step.ddl())


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """A transaction that no other migration of this database runs beside."""
    dialect = connection.dialect.name
    if not connection.in_transaction():
        connection.begin()
    if dialect == "sqlite":
        driver: Any = connection.connection.driver_connection
        # Left alone, Python's driver runs each DDL statement in a transaction of its
        # own. An engine set up to begin transactions itself has done so already.
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif dialect == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    elif dialect in ("mysql", "mariadb"):
        values = {"patience": _PATIENCE}
        got = connection.execute(
            text(f"select get_lock({_MYSQL_LOCK}, :patience)"), values
        )
        if got.scalar() != 1:
            raise BetterAuthError(
                f"another migration of this database did not end in {_PATIENCE} seconds"
            )
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    else:
        connection.commit()
    finally:
        if dialect in ("mysql", "mariadb"):
            connection.execute(text(f"select release_lock({_MYSQL_LOCK})"))
            connection.rollback()
