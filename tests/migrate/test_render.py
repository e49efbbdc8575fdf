"""A plan as SQL: what is shown is what runs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Text
from sqlalchemy import event
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from flask_better_auth.migrate import Plan
from flask_better_auth.migrate import make_plan
from flask_better_auth.migrate import migrate
from flask_better_auth.migrate import render_sql
from flask_better_auth.migrate import whole_schema
from flask_better_auth.models import Models


class Share:
    """A column whose default has what drivers take for a placeholder."""

    share: Mapped[str] = mapped_column(Text, default="it's 100%s")


_DDL = re.compile(r"\s*(create|alter)\b", re.IGNORECASE)


def test_what_is_shown_is_what_runs(
    engine: Engine, models: Models, make_models: Callable[..., Models]
) -> None:
    """Statement by statement the SQL is what the database is sent."""
    ran: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        if _DDL.match(statement):
            # Drivers with %s placeholders take one % of two.
            ran.append(
                statement % () if engine.dialect.paramstyle != "qmark" else statement
            )

    shown = []
    for tables in (models.tables, make_models(user=(Share,)).tables):
        with engine.connect() as connection:
            plan = make_plan(connection, tables)
        sql = render_sql(plan, engine.dialect)
        assert sql.endswith(";\n\n")
        shown += sql.removesuffix(";\n\n").split(";\n\n")
        migrate(engine, tables)
    assert len(shown) == 11
    assert [_words(text) for text in shown] == [_words(text) for text in ran]


def _words(sql: str) -> str:
    """*sql* with every run of blanks made one."""
    return " ".join(sql.split())


def test_the_whole_schema_of_sqlite(sqlite: Engine, models: Models) -> None:
    """The statements are upstream's tables, spelled as SQLAlchemy spells them."""
    sql = render_sql(whole_schema(models.tables), sqlite.dialect)
    assert sql.split(";\n\n")[0].splitlines() == [
        "CREATE TABLE user (",
        "  id TEXT NOT NULL,",
        "  name TEXT NOT NULL,",
        "  email TEXT NOT NULL,",
        '  "emailVerified" INTEGER NOT NULL,',
        "  image TEXT,",
        '  "createdAt" DATE NOT NULL,',
        '  "updatedAt" DATE NOT NULL,',
        "  PRIMARY KEY (id),",
        "  UNIQUE (email)",
        ")",
    ]
    assert sql.count(";\n\n") == 10
    with sqlite.begin() as connection:
        for statement in sql.split(";"):
            connection.exec_driver_sql(statement)
    assert migrate(sqlite, models.tables) == Plan()


def test_a_refused_plan_says_so_on_top(sqlite: Engine, models: Models) -> None:
    """Who runs the SQL by hand reads first why it was not run."""
    plan = dataclasses.replace(whole_schema(models.tables), refusals=("no", "never"))
    sql = render_sql(plan, sqlite.dialect)
    assert sql.startswith("-- refused: no\n-- refused: never\n\nCREATE TABLE user (")


def test_nothing_to_do_is_no_sql(sqlite: Engine) -> None:
    """An empty plan renders to nothing."""
    assert render_sql(Plan(), sqlite.dialect) == ""
