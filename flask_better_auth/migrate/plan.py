"""What the live database lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import Table

from flask_better_auth.migrate.check import live_columns
from flask_better_auth.migrate.check import unwritten
from flask_better_auth.migrate.comparison import Comparison
from flask_better_auth.migrate.drift import moving_timestamps
from flask_better_auth.migrate.hazards import hazards
from flask_better_auth.migrate.steps import CreateSchema
from flask_better_auth.migrate.steps import CreateTable
from flask_better_auth.migrate.steps import Step
from flask_better_auth.migrate.steps import creations


@dataclass(frozen=True, slots=True)
class Plan:
    """What to create, in order, and what stands in the way."""

    steps: tuple[Step, ...] = ()
    """Additions only: nothing is ever dropped, renamed or retyped."""

    warnings: tuple[str, ...] = ()
    """Types and nullability that differ; they stay as they are."""

    problems: tuple[str, ...] = ()
    """Columns that make inserts fail and that only you can change."""

    refusals: tuple[str, ...] = ()
    """Why the steps must not run; empty when they may."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to create."""
        return not self.steps


def whole_schema(tables: Sequence[Table]) -> Plan:
    """The plan for a database without any of *tables*."""
    schemas = dict.fromkeys(table.schema for table in tables if table.schema)
    return Plan(
        steps=(
            *(CreateSchema(name) for name in schemas),
            *creations(tables),
        )
    )


def make_plan(connection: Connection, tables: Sequence[Table]) -> Plan:
    """What must be created so that the database has *tables*.

    Other tables, in the database or in the same metadata, are not looked at. On
    PostgreSQL a table counts as present when the search path leads to it. Nothing
    is changed.
    """
    comparison = Comparison(connection, tables)
    steps = tuple(comparison.steps())
    live = live_columns(connection, tables)
    creates = any(isinstance(step, CreateTable) for step in steps)
    return Plan(
        steps=steps,
        warnings=(
            *comparison.warnings,
            *(moving_timestamps(connection) if creates else ()),
        ),
        problems=tuple(
            text
            for table, columns in live.items()
            for text in unwritten(table, columns, connection)
        ),
        refusals=(
            *comparison.refusals,
            *hazards(connection, steps, tables),
        ),
    )
