"""A column in the form in which it joins a table that has rows already."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column
from sqlalchemy import ColumnDefault
from sqlalchemy import DefaultClause
from sqlalchemy import Dialect
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import literal
from sqlalchemy import text
from sqlalchemy.sql.elements import Grouping

from flask_better_auth.models.types import Moment


def addable(table: Table, name: str, dialect: Dialect) -> Column[Any]:
    """A copy of column *name* with the default that existing rows get, if any.

    A fixed default in Python becomes one in the database, "now" becomes
    ``CURRENT_TIMESTAMP`` where the database has it. The model stays as it is.

    Source: better-auth db/get-migration.ts, `hasStaticColumnDefault`
    """
    copy = table.to_metadata(MetaData())
    (column,) = (column for column in copy.columns if column.name == name)
    if column.server_default is None:
        column.server_default = _default(column, dialect)
    return column


def _default(column: Column[Any], dialect: Dialect) -> DefaultClause | None:
    default = column.default
    if not isinstance(default, ColumnDefault):
        return None
    mysql = dialect.name in ("mysql", "mariadb")
    if default.is_callable and isinstance(column.type, Moment):
        # SQLite takes no changing default for a new column, and would not write
        # the form that upstream compares.
        if dialect.name == "sqlite":
            return None
        return DefaultClause(text(f"CURRENT_TIMESTAMP{'(3)' if mysql else ''}"))
    # A unique column that may be empty stays empty: one value for all would clash.
    if not isinstance(default.arg, (str, int, float, bool)) or (
        column.unique and column.nullable
    ):
        return None
    value = literal(default.arg, column.type)
    if mysql and isinstance(column.type, Text):
        # MySQL takes a default for `text` only as an expression.
        return DefaultClause(Grouping(value))
    return DefaultClause(value)
