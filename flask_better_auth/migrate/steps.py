"""What a plan is made of: one value for each thing to create.

Each step turns itself into the DDL that is both shown and run.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Table
from sqlalchemy import schema
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ExecutableDDLElement


@dataclass(frozen=True, slots=True, eq=False)
class CreateSchema:
    """A schema that a table names and the database does not have."""

    name: str

    def ddl(self) -> ExecutableDDLElement:
        """``CREATE SCHEMA``."""
        return schema.CreateSchema(self.name)

    def __str__(self) -> str:
        return f"create schema {self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class CreateTable:
    """A table that is missing. Its indexes are steps of their own."""

    table: Table

    def ddl(self) -> ExecutableDDLElement:
        """``CREATE TABLE``."""
        return schema.CreateTable(self.table)

    def __str__(self) -> str:
        return f"create table {self.table.fullname} ({_names(self.table.columns)})"


@dataclass(frozen=True, slots=True, eq=False)
class AddColumn:
    """A column that a table lacks; *column* carries the default it is added with."""

    table: Table
    column: Column[Any]

    def ddl(self) -> ExecutableDDLElement:
        """``ALTER TABLE … ADD COLUMN``."""
        return _AddColumnDDL(self)

    def references(self) -> list[ForeignKey]:
        """What the column alone refers to, found on the model's own table."""
        keys = self.table.columns[self.column.key].foreign_keys
        return [
            key for key in keys if key.constraint and len(key.constraint.elements) == 1
        ]

    def __str__(self) -> str:
        return f"add column {self.column.name} to table {self.table.fullname}"


@dataclass(frozen=True, slots=True, eq=False)
class CreateIndex:
    """An index that a table lacks."""

    table: Table
    index: Index

    def ddl(self) -> ExecutableDDLElement:
        """``CREATE INDEX``."""
        return schema.CreateIndex(self.index)

    def __str__(self) -> str:
        kind = "unique index" if self.index.unique else "index"
        columns = _names(self.index.columns)
        return f"create {kind} {self.index.name} on {self.table.fullname} ({columns})"


Step = CreateSchema | CreateTable | AddColumn | CreateIndex


def creations(tables: Sequence[Table]) -> Iterator[Step]:
    """Everything to create for *tables*: what others refer to first, indexes last."""
    ordered = _referred_first(tables)
    yield from (CreateTable(table) for table in ordered)
    for table in ordered:
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        yield from (CreateIndex(table, index) for index in indexes)


def _referred_first(tables: Sequence[Table]) -> Sequence[Table]:
    """*tables* as they come, but each after those of them that it refers to.

    Where tables refer to each other in a circle, the first to come is created last.
    """
    order: dict[Table, None] = {}

    def add(table: Table, waiting: tuple[Table, ...]) -> None:
        referred = {key.referred_table for key in table.foreign_key_constraints}
        for other in tables:
            if other in referred and other not in (*waiting, table):
                add(other, (*waiting, table))
        order.setdefault(table)

    for table in tables:
        add(table, ())
    return tuple(order)


def _names(columns: Iterable[Column[Any]]) -> str:
    return ", ".join(column.name for column in columns)


class _AddColumnDDL(ExecutableDDLElement):
    def __init__(self, step: AddColumn) -> None:
        self.step = step


@compiles(_AddColumnDDL)
def _add_column(element: _AddColumnDDL, compiler: Any, **kw: Any) -> str:
    table, column = element.step.table, element.step.column
    preparer = compiler.preparer
    text = (
        f"ALTER TABLE {preparer.format_table(table)} "
        f"ADD COLUMN {compiler.get_column_specification(column)}"
    )
    for key in element.step.references():
        # MySQL reads an inline REFERENCES and forgets it.
        if compiler.dialect.name in ("mysql", "mariadb"):
            text += f", ADD FOREIGN KEY ({preparer.quote(column.name)})"
        target = key.column
        text += (
            f" REFERENCES {preparer.format_table(target.table)}"
            f" ({preparer.quote(target.name)})"
            f"{compiler.define_constraint_cascades(key.constraint)}"
        )
    return text
