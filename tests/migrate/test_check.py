"""The look at the database before the first request."""

from __future__ import annotations

from sqlalchemy import Engine

from flask_better_auth.migrate import migrate
from flask_better_auth.migrate import schema_findings
from flask_better_auth.models import Models
from tests.migrate.test_plan import run


def findings(engine: Engine, models: Models) -> tuple[str, ...]:
    with engine.connect() as connection:
        return schema_findings(connection, models.tables)


def test_tables_and_columns_that_are_missing(engine: Engine, models: Models) -> None:
    """Each is one sentence, tables in order, columns in order."""
    migrate(engine, models.tables)
    assert findings(engine, models) == ()
    run(
        engine,
        'drop table "verification"',
        'alter table "user" drop column "image"',
        'alter table "session" drop column "userAgent"',
    )
    assert findings(engine, models) == (
        "column 'user.image' is missing",
        "column 'session.userAgent' is missing",
        "table 'verification' is missing",
    )


def test_only_what_inserts_need_is_looked_at(engine: Engine, models: Models) -> None:
    """Indexes, wider types and optional columns make no request fail."""
    migrate(engine, models.tables)
    on = ' on "session"' if engine.dialect.name == "mysql" else ""
    run(
        engine,
        f'drop index "session_expiresAt_idx"{on}',
        'alter table "user" add column "note" varchar(20)',
    )
    assert findings(engine, models) == ()


def test_a_required_column_of_somebody_else(engine: Engine, models: Models) -> None:
    """Without a default every insert would fail, so it is named with its cure."""
    migrate(engine, models.tables)
    run(
        engine,
        'drop table "verification"',
        'create table "verification" ("id" varchar(36) not null primary key, '
        '"identifier" text not null, "value" text not null, "expiresAt" date not null, '
        '"createdAt" date not null, "updatedAt" date not null, '
        '"kind" varchar(9) not null, "tries" integer default 0 not null)',
    )
    assert findings(engine, models) == (
        "column 'verification.kind' must be filled and has no default, but nothing "
        "here fills it: make it nullable, give it a default, or drop it",
    )
