"""Running a plan: all of it or nothing, once."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import Index
from sqlalchemy import MetaData
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from flask_better_auth.errors import BetterAuthError
from flask_better_auth.migrate import Plan
from flask_better_auth.migrate import UnsafeMigration
from flask_better_auth.migrate import apply_plan
from flask_better_auth.migrate import make_plan
from flask_better_auth.migrate import migrate
from flask_better_auth.migrate.steps import CreateIndex
from flask_better_auth.models import Models


def with_a_failing_step(plan: Plan) -> Plan:
    """*plan* with an index in its middle whose name is taken when it is made."""
    steps = list(plan.steps)
    table = steps[0].table
    copy = table.to_metadata(MetaData())
    broken = CreateIndex(table, Index("session_userId_idx", copy.c.name))
    clash = next(
        place
        for place, step in enumerate(steps)
        if isinstance(step, CreateIndex) and step.index.name == "session_userId_idx"
    )
    steps[clash + 1 : clash + 1] = [broken, broken]
    return dataclasses.replace(plan, steps=tuple(steps))


def tables_of(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_a_failing_step_leaves_nothing_behind(engine: Engine, models: Models) -> None:
    """One transaction around everything, except on MariaDB, which has none for DDL."""
    with engine.connect() as connection:
        plan = with_a_failing_step(make_plan(connection, models.tables))
        with pytest.raises(DBAPIError):
            apply_plan(connection, plan)
    core = {"user", "session", "account", "verification"}
    assert tables_of(engine) == (core if engine.dialect.name == "mysql" else set())
    migrate(engine, models.tables)
    assert tables_of(engine) == core
    assert migrate(engine, models.tables) == Plan()


def test_the_connection_is_left_without_a_transaction(
    engine: Engine, models: Models
) -> None:
    """What was applied is committed, and the connection can be used on."""
    with engine.connect() as connection:
        apply_plan(connection, make_plan(connection, models.tables))
        assert not connection.in_transaction()
        with engine.connect() as other:
            assert make_plan(other, models.tables) == Plan()
        assert make_plan(connection, models.tables) == Plan()


def test_a_refused_plan_is_not_run(sqlite: Engine, models: Models) -> None:
    """The refusal holds for whoever applies the plan, and is one sentence each."""
    with sqlite.connect() as connection:
        plan = make_plan(connection, models.tables)
        refused = dataclasses.replace(plan, refusals=("no", "never"))
        with pytest.raises(UnsafeMigration) as caught:
            apply_plan(connection, refused)
    assert str(caught.value) == "the migration is refused: no; never"
    assert caught.value.findings == ("no", "never")
    assert isinstance(caught.value, BetterAuthError)
    assert tables_of(sqlite) == set()


def test_many_processes_may_start_at_once(engine: Engine, models: Models) -> None:
    """Of eight that migrate together one does the work and none fails."""
    engines = [create_engine(engine.url, poolclass=NullPool) for _ in range(8)]
    # Each has found work to do before any of them does it.
    with ThreadPoolExecutor(8) as threads:
        plans = list(threads.map(lambda each: migrate(each, models.tables), engines))
    assert sorted(len(plan.steps) for plan in plans) == [0] * 7 + [10]
    assert migrate(engine, models.tables) == Plan()
    for each in engines:
        each.dispose()


def test_an_engine_that_begins_transactions_itself(
    sqlite: Engine, models: Models
) -> None:
    """SQLAlchemy's recipe for SQLite's transactions and ours get along."""

    @event.listens_for(sqlite, "connect")
    def _hands_off(connection: Any, _: object) -> None:
        connection.isolation_level = None

    @event.listens_for(sqlite, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    with sqlite.connect() as connection:
        plan = with_a_failing_step(make_plan(connection, models.tables))
        with pytest.raises(DBAPIError):
            apply_plan(connection, plan)
    assert tables_of(sqlite) == set()
    migrate(sqlite, models.tables)
    assert migrate(sqlite, models.tables) == Plan()
