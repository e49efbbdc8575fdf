"""Why a plan must not run, found before anything does."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from sqlalchemy import Column
from sqlalchemy import Connection
from sqlalchemy import Table
from sqlalchemy import func
from sqlalchemy import inspect
from sqlalchemy import literal
from sqlalchemy import select

from flask_better_auth.migrate.steps import AddColumn
from flask_better_auth.migrate.steps import CreateIndex
from flask_better_auth.migrate.steps import CreateTable
from flask_better_auth.migrate.steps import Step


def hazards(
    connection: Connection, steps: Sequence[Step], tables: Sequence[Table]
) -> tuple[str, ...]:
    """A sentence for each of *steps* that would fail or spoil rows, with its cure."""
    found: list[str] = []
    for step in steps:
        if isinstance(step, AddColumn):
            found += _without_value(connection, step)
        if isinstance(step, CreateIndex) and step.index.unique:
            found += _repeated(connection, step, steps)
        if isinstance(step, (CreateTable, AddColumn)):
            found += _dangling(connection, step, tables)
    return tuple(dict.fromkeys(found))


def _without_value(connection: Connection, step: AddColumn) -> Iterator[str]:
    """A required column without a default: existing rows would have no value.

    MySQL would even accept it and fill every row with an empty value.
    """
    column = step.column
    if column.nullable or column.server_default is not None:
        return
    name, table = f"'{step.table.fullname}.{column.name}'", step.table.fullname
    if _has_rows(connection, step.table, 1):
        yield (
            f"column {name} must be filled, but table {table!r} has rows and there is "
            "no default for them: add the column as nullable, fill every row, then "
            "make it NOT NULL"
        )
    elif connection.dialect.name == "sqlite":
        yield (
            f"column {name} must be filled, and SQLite cannot add such a column even "
            f"to an empty table: drop the empty table {table!r} and migrate again"
        )


def _repeated(
    connection: Connection, step: CreateIndex, steps: Sequence[Step]
) -> Iterator[str]:
    """A unique index over rows that are not."""
    table = step.table
    if any(isinstance(other, CreateTable) and other.table is table for other in steps):
        return
    new = {
        other.column.name: other.column
        for other in steps
        if isinstance(other, AddColumn) and other.table is table
    }
    names = [column.name for column in step.index.columns]
    if any(name in new and new[name].server_default is None for name in names):
        # NULL in every row, and NULLs do not clash.
        return
    old = [column for column in table.columns if column.name in set(names) - set(new)]
    clash = _has_doubles(connection, old) if old else _has_rows(connection, table, 2)
    if clash:
        yield (
            f"unique index {str(step.index.name)!r} cannot be made: rows of table "
            f"{table.fullname!r} have the same {' and '.join(names)}; change or remove "
            "all but one of them and migrate again"
        )


def _dangling(
    connection: Connection, step: CreateTable | AddColumn, tables: Sequence[Table]
) -> Iterator[str]:
    """A reference to a table of the app's own that is not there yet."""
    if connection.dialect.name == "sqlite":
        # SQLite looks for the other table when a row is written, not before.
        return
    columns: Iterable[Column[object]] = (
        step.table.columns
        if isinstance(step, CreateTable)
        else [step.table.columns[step.column.key]]
    )
    for column in columns:
        for key in column.foreign_keys:
            target = key.column.table
            if target in tables or not isinstance(target, Table):
                continue
            if not inspect(connection).has_table(target.name, schema=target.schema):
                yield (
                    f"column '{step.table.fullname}.{column.name}' refers to table "
                    f"{target.fullname!r}, which is not there: create your app's own "
                    "tables first"
                )


def _has_rows(connection: Connection, table: Table, count: int) -> bool:
    query = select(literal(1)).select_from(table).limit(count)
    return len(connection.execute(query).all()) == count


def _has_doubles(connection: Connection, columns: Sequence[Column[object]]) -> bool:
    query = (
        select(literal(1))
        .select_from(columns[0].table)
        .where(*(column.is_not(None) for column in columns))
        .group_by(*columns)
        .having(func.count() > 1)
        .limit(1)
    )
    return connection.execute(query).first() is not None
