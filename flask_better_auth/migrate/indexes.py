"""Which indexes a live table lacks."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import Index
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import inspect

from flask_better_auth.migrate.check import same_name


@dataclass(frozen=True, slots=True)
class LiveIndex:
    """An index that is there: a primary key, a constraint, or a plain one."""

    name: str | None
    columns: tuple[str, ...]
    unique: bool

    def serves(self, columns: Sequence[str], *, unique: bool) -> bool:
        """Whether an index over *columns*, unique or not, is not needed beside it."""
        if unique:
            return self.unique and set(self.columns) == set(columns)
        return self.columns == tuple(columns)


def live_indexes(connection: Connection, table: Table) -> tuple[LiveIndex, ...]:
    """Every index of *table* that covers all rows and whole columns."""
    inspector = inspect(connection)
    name, schema = table.name, table.schema
    key = inspector.get_pk_constraint(name, schema=schema)
    found = [LiveIndex(key["name"], tuple(key["constrained_columns"]), True)]
    for constraint in inspector.get_unique_constraints(name, schema=schema):
        columns = tuple(constraint["column_names"])
        found.append(LiveIndex(constraint["name"], columns, True))
    # SQLAlchemy reads SQLite's UNIQUE from the text of the table, and not every way
    # of writing it; the index that SQLite made for it is always there.
    sqlite = connection.dialect.name == "sqlite"
    automatic = {"include_auto_indexes": True} if sqlite else {}
    for index in inspector.get_indexes(name, schema=schema, **automatic):
        partial = any(
            option.endswith("_where") for option in index.get("dialect_options", {})
        )
        # An expression in place of a column reads as None.
        columns = tuple(column or "" for column in index["column_names"])
        if partial:
            columns = ()
        found.append(LiveIndex(index["name"], columns, bool(index["unique"])))
    return tuple(
        LiveIndex(
            index.name,
            tuple(same_name(column, connection) for column in index.columns),
            index.unique,
        )
        for index in found
    )


def unique_index(table: Table, names: Iterable[str]) -> Index:
    """An index in place of a UNIQUE constraint over columns *names* of a live table.

    It hangs on a copy, so that the model does not get a second one.
    """
    copy = table.to_metadata(MetaData())
    columns = [column for column in copy.columns if column.name in set(names)]
    name = "_".join((table.name, *(column.name for column in columns), "uidx"))
    return Index(name, *columns, unique=True)
