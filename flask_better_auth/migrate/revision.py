"""The plan as an Alembic revision, for apps that use Flask-Migrate."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.script import Script
from sqlalchemy import Table

from flask_better_auth.errors import UnsafeMigration
from flask_better_auth.migrate.plan import Plan
from flask_better_auth.migrate.plan import make_plan
from flask_better_auth.migrate.steps import AddColumn
from flask_better_auth.migrate.steps import CreateIndex
from flask_better_auth.migrate.steps import CreateSchema
from flask_better_auth.migrate.steps import CreateTable


class _NothingMissing(Exception):
    """Ends Alembic's run before it writes an empty revision."""


def write_revision(
    config: Config, tables: Sequence[Table], *, message: str
) -> Path | None:
    """Write a revision that creates what the database lacks of *tables*.

    It holds nothing about other tables, and nothing but additions. Returns its path,
    or None if there is nothing to create.

    Raises:
        UnsafeMigration: the plan is refused.
        alembic.util.CommandError: there is no migrations folder, or the database is
            not at its newest revision.
    """

    def ours_only(
        context: MigrationContext, revision: object, directives: list[Any]
    ) -> None:
        (script,) = directives
        upgrade, downgrade = script.upgrade_ops_list[-1], script.downgrade_ops_list[-1]
        upgrade.ops, downgrade.ops = [], []
        # An app with several binds runs through here once for each of them.
        if not _compares(context, tables):
            return
        assert context.connection is not None  # noqa: S101 - autogenerate has one
        plan = make_plan(context.connection, tables)
        if plan.refusals:
            raise UnsafeMigration(plan.refusals)
        if plan.is_empty:
            raise _NothingMissing
        upgrade.ops = list(_upgrade(plan))
        downgrade.ops = list(_downgrade(upgrade.ops))

    try:
        script = command.revision(
            config,
            message=message,
            autogenerate=True,
            process_revision_directives=ours_only,
        )
    except _NothingMissing:
        return None
    assert isinstance(script, Script)  # noqa: S101 - one revision was asked for
    return Path(script.path)


def _compares(context: MigrationContext, tables: Sequence[Table]) -> bool:
    target = context.opts["target_metadata"]
    targets = target if isinstance(target, (list, tuple)) else [target]
    return any(table.key in metadata.tables for metadata in targets for table in tables)


def _upgrade(plan: Plan) -> Iterator[ops.MigrateOperation]:
    changes: dict[Table, ops.ModifyTableOps] = {}
    references: list[AddColumn] = []
    for step in plan.steps:
        if isinstance(step, CreateSchema):
            yield ops.ExecuteSQLOp(step.ddl())
            continue
        if isinstance(step, CreateTable):
            yield ops.CreateTableOp.from_table(step.table)
            continue
        change = changes.setdefault(step.table, _changes_of(step.table))
        if isinstance(step, CreateIndex):
            change.ops.append(ops.CreateIndexOp.from_index(step.index))
        else:
            change.ops.append(_column(step))
            references.append(step)
    # After the indexes, so that going back drops them first: MySQL keeps an index as
    # long as a foreign key needs it.
    for step in references:
        changes[step.table].ops.extend(_references(step))
    yield from changes.values()


def _downgrade(upgrade: Sequence[ops.MigrateOperation]) -> Iterator[Any]:
    """What takes *upgrade* back; a table takes its indexes with it."""
    new = {one.table_name for one in upgrade if isinstance(one, ops.CreateTableOp)}
    for operation in reversed(upgrade):
        # A schema stays: others may have put something into it.
        if isinstance(operation, ops.ExecuteSQLOp):
            continue
        if isinstance(operation, ops.ModifyTableOps) and operation.table_name in new:
            continue
        yield operation.reverse()


def _changes_of(table: Table) -> ops.ModifyTableOps:
    return ops.ModifyTableOps(table.name, [], schema=table.schema)


def _column(step: AddColumn) -> ops.AddColumnOp:
    table = step.table
    return ops.AddColumnOp.from_column_and_tablename(
        table.schema, table.name, step.column
    )


def _references(step: AddColumn) -> Iterator[ops.CreateForeignKeyOp]:
    table, name = step.table, step.column.name
    for key in step.references():
        target = key.column.table
        yield ops.CreateForeignKeyOp(
            f"{table.name}_{name}_fkey",
            table.name,
            target.name,
            [name],
            [key.column.name],
            source_schema=table.schema,
            referent_schema=target.schema,
            onupdate=key.onupdate,
            ondelete=key.ondelete,
        )
