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

from flask_better_auth.migrate.apply import UnsafeMigration
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
        upgrade.ops = list(_operations(plan))
        # A schema stays: others may have put something into it.
        downgrade.ops = [
            operation.reverse()
            for operation in reversed(upgrade.ops)
            if not isinstance(operation, ops.ExecuteSQLOp)
        ]

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


def _operations(plan: Plan) -> Iterator[ops.MigrateOperation]:
    changes: dict[Table, ops.ModifyTableOps] = {}
    for step in plan.steps:
        if isinstance(step, CreateSchema):
            yield ops.ExecuteSQLOp(step.ddl())
        elif isinstance(step, CreateTable):
            yield ops.CreateTableOp.from_table(step.table)
        else:
            table = step.table
            empty = ops.ModifyTableOps(table.name, [], schema=table.schema)
            changes.setdefault(table, empty).ops.extend(_change(step))
    yield from changes.values()


def _change(step: AddColumn | CreateIndex) -> Iterator[ops.MigrateOperation]:
    table = step.table
    if isinstance(step, CreateIndex):
        yield ops.CreateIndexOp.from_index(step.index)
        return
    yield ops.AddColumnOp.from_column_and_tablename(
        table.schema, table.name, step.column
    )
    for key in table.columns[step.column.key].foreign_keys:
        yield ops.CreateForeignKeyOp(
            f"{table.name}_{step.column.name}_fkey",
            table.name,
            key.column.table.name,
            [step.column.name],
            [key.column.name],
            source_schema=table.schema,
            referent_schema=key.column.table.schema,
            ondelete=key.ondelete,
        )
