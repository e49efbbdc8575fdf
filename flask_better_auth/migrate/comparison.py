"""Alembic's comparison of the live database with our tables, as steps."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from alembic.autogenerate import produce_migrations
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy import Index
from sqlalchemy import Table
from sqlalchemy import inspect

from flask_better_auth.migrate.added import addable
from flask_better_auth.migrate.check import same_name
from flask_better_auth.migrate.drift import differs
from flask_better_auth.migrate.drift import drift
from flask_better_auth.migrate.indexes import live_indexes
from flask_better_auth.migrate.indexes import unique_index
from flask_better_auth.migrate.steps import AddColumn
from flask_better_auth.migrate.steps import CreateIndex
from flask_better_auth.migrate.steps import CreateSchema
from flask_better_auth.migrate.steps import CreateTable
from flask_better_auth.migrate.steps import Step
from flask_better_auth.migrate.steps import creations


class Comparison:
    """One run of Alembic's comparison, turned into steps."""

    def __init__(self, connection: Connection, tables: Sequence[Table]) -> None:
        self.connection = connection
        self.tables = tables
        self.warnings: list[str] = []
        self.refusals: list[str] = []
        default = connection.dialect.default_schema_name
        # Alembic says None for the default schema, named or not.
        self._by_name: Mapping[tuple[str | None, str], Table] = {
            (None if table.schema == default else table.schema, table.name): table
            for table in tables
        }
        self._default = default
        self.context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": differs,
                "compare_server_default": False,
                "include_name": self._include_name,
                "include_object": self._include_object,
                "include_schemas": any(schema for schema, _ in self._by_name),
            },
        )

    def steps(self) -> list[Step]:
        """Everything to create: schemas, tables, columns, then indexes."""
        script = produce_migrations(self.context, self.tables[0].metadata)
        assert script.upgrade_ops is not None  # noqa: S101 - narrows the type
        created, changed = set(), []
        for operation in script.upgrade_ops.ops:
            if isinstance(operation, ops.CreateTableOp):
                created.add(self._table(operation.schema, operation.table_name))
            elif isinstance(operation, ops.ModifyTableOps):
                table = self._table(operation.schema, operation.table_name)
                changed.append((table, operation.ops))
        new = [table for table in self.tables if table in created]
        found = [*self._schemas(new), *creations(new)]
        for table, changes in changed:
            if table not in created:
                found += self._changes(table, changes)
        return sorted(found, key=self._position)

    def _position(self, step: Step) -> tuple[int, int, str]:
        if isinstance(step, CreateIndex):
            return 3, self.tables.index(step.table), str(step.index.name)
        if isinstance(step, AddColumn):
            return 2, self.tables.index(step.table), ""
        return (1 if isinstance(step, CreateTable) else 0), 0, ""

    def _table(self, schema: str | None, name: str) -> Table:
        return self._by_name[None if schema == self._default else schema, name]

    def _include_name(
        self, name: str | None, kind: str, parents: Mapping[str, str | None]
    ) -> bool:
        if kind == "schema":
            return any(schema == name for schema, _ in self._by_name)
        if kind == "table":
            return (parents["schema_name"], name) in self._by_name
        return True

    def _include_object(
        self, item: object, name: str | None, kind: str, live: bool, other: object
    ) -> bool:
        if kind == "table":
            return not live and item in self.tables
        return kind != "foreign_key_constraint"

    def _schemas(self, missing: Sequence[Table]) -> Iterator[Step]:
        wanted = dict.fromkeys(table.schema for table in missing if table.schema)
        if wanted and self.connection.dialect.name != "sqlite":
            there = inspect(self.connection).get_schema_names()
            yield from (CreateSchema(name) for name in wanted if name not in there)

    def _changes(
        self, table: Table, changes: Sequence[ops.MigrateOperation]
    ) -> Iterator[Step]:
        live = {
            same_name(column["name"], self.connection)
            for column in inspect(self.connection).get_columns(
                table.name, schema=table.schema
            )
        }
        for change in changes:
            if isinstance(change, ops.AddColumnOp):
                name = change.column.name
                if same_name(name, self.connection) not in live:
                    dialect = self.connection.dialect
                    yield AddColumn(table, addable(table, name, dialect))
            elif isinstance(change, ops.AlterColumnOp):
                wanted = _column(table, change.column_name)
                self.warnings += drift(change, wanted, self.context)
            elif isinstance(change, ops.CreateIndexOp):
                index = next(i for i in table.indexes if i.name == change.index_name)
                yield from self._index(table, index)
            elif isinstance(change, ops.CreateUniqueConstraintOp):
                yield from self._index(table, unique_index(table, change.columns))

    def _index(self, table: Table, index: Index) -> Iterator[Step]:
        columns = [same_name(column.name, self.connection) for column in index.columns]
        live = live_indexes(self.connection, table)
        if any(other.serves(columns, unique=bool(index.unique)) for other in live):
            return
        if any(other.name == index.name for other in live):
            self.refusals.append(
                f"index {str(index.name)!r} of table {table.fullname!r} is there but "
                "covers something else: rename or drop it and migrate again"
            )
            return
        yield CreateIndex(table, index)


def _column(table: Table, name: str) -> Any:
    return next(column for column in table.columns if column.name == name)
