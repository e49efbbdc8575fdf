"""Does the live database have what the models need?"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy import Table
from sqlalchemy import inspect

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import ReflectedColumn

#: Dialects for which ``user`` and ``User`` are one name.
CASE_BLIND = ("sqlite", "mysql", "mariadb")

Live = Mapping[Table, Sequence["ReflectedColumn"]]


def schema_findings(connection: Connection, tables: Sequence[Table]) -> tuple[str, ...]:
    """A sentence for everything that would make the package's SQL fail.

    Missing tables, missing columns, and columns that must be filled but that nothing
    here fills. Indexes, types and extra columns of the app's own are not looked at.

    Source: better-auth core/src/db (core-database.md §10.1)
    """
    live = live_columns(connection, tables)
    findings = []
    for table in tables:
        if table not in live:
            findings.append(f"table {table.fullname!r} is missing")
            continue
        there = {same_name(column["name"], connection) for column in live[table]}
        findings += [
            f"column '{table.fullname}.{column.name}' is missing"
            for column in table.columns
            if same_name(column.name, connection) not in there
        ]
        findings += unwritten(table, live[table], connection)
    return tuple(findings)


def live_columns(connection: Connection, tables: Sequence[Table]) -> Live:
    """The columns of each of *tables* that exists, read in one pass per schema."""
    inspector = inspect(connection)
    found: dict[Table, Sequence[ReflectedColumn]] = {}
    for schema in dict.fromkeys(table.schema for table in tables):
        group = [table for table in tables if table.schema == schema]
        columns = inspector.get_multi_columns(
            schema=schema, filter_names=[table.name for table in group]
        )
        for table in group:
            if (schema, table.name) in columns:
                found[table] = columns[schema, table.name]
    return found


def unwritten(
    table: Table, columns: Sequence[ReflectedColumn], connection: Connection
) -> tuple[str, ...]:
    """A sentence for each live column that must be filled and that *table* lacks."""
    ours = {same_name(column.name, connection) for column in table.columns}
    return tuple(
        _cure(table, column["name"])
        for column in columns
        if same_name(column["name"], connection) not in ours
        and not column["nullable"]
        and column.get("default") is None
        and not column.get("computed")
        and not column.get("identity")
        and column.get("autoincrement") is not True
    )


def same_name(name: str, connection: Connection) -> str:
    """*name* in a form that is equal for names the database cannot tell apart."""
    return name.lower() if connection.dialect.name in CASE_BLIND else name


def _cure(table: Table, column: str) -> str:
    text = (
        f"column '{table.fullname}.{column}' must be filled and has no default, but "
        "nothing here fills it: make it nullable, give it a default, or drop it"
    )
    if column == "issuer":
        # Better Auth 1.7.0 to 1.7.2 required it; no release before or since has it.
        text += (
            " (Better Auth 1.7.0 to 1.7.2 made it; drop it together with its index "
            "account_issuer_accountId_uidx)"
        )
    return text
