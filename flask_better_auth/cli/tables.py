"""``migrate`` and ``generate``: the database and what it lacks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from flask_better_auth.cli.state import current_auth
from flask_better_auth.cli.state import database_errors
from flask_better_auth.cli.state import may_go_on
from flask_better_auth.cli.state import say
from flask_better_auth.cli.state import shown_url
from flask_better_auth.migrate import Plan
from flask_better_auth.migrate import UnsafeMigration
from flask_better_auth.migrate import apply_plan
from flask_better_auth.migrate import count
from flask_better_auth.migrate import describe
from flask_better_auth.migrate import make_plan
from flask_better_auth.migrate import remarks
from flask_better_auth.migrate import render_sql
from flask_better_auth.migrate import whole_schema
from flask_better_auth.migrate import write_revision
from flask_better_auth.runtime.auth import Auth


@click.command("migrate")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what is missing; change nothing.")
@click.option("--sql", is_flag=True, help="Print the SQL; change nothing.")
@with_appcontext
def migrate(yes: bool, dry_run: bool, sql: bool) -> None:
    """Create the tables, columns and indexes that the database lacks.

    Nothing is ever dropped, renamed or retyped. On SQLite and PostgreSQL either all
    of it happens or nothing.
    """
    auth = current_auth()
    with database_errors(auth.engine), auth.engine.connect() as connection:
        plan = make_plan(connection, auth.models.tables)
        # Somebody may take long to answer; hold no locks meanwhile.
        connection.rollback()
        if sql:
            click.echo(render_sql(plan, auth.engine.dialect), nl=False)
            for line in remarks(plan):
                say(line)
            return
        for line in describe(plan):
            click.echo(line)
        _stop_if_refused(plan)
        if plan.is_empty:
            click.echo("No migration needed: the database has everything.")
        elif not dry_run:
            if not may_go_on(f"Create {count(plan)}?", yes=yes):
                click.echo("Migration cancelled: nothing was changed.")
                return
            apply_plan(connection, plan)
            click.echo(f"Migration done: created {count(plan)}.")


@click.command("generate")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write SQL to this file.",
)
@click.option(
    "-m",
    "--message",
    default="Add what Better Auth needs",
    show_default=True,
    help="What the revision is called.",
)
@click.option("-y", "--yes", is_flag=True, help="Overwrite the file without asking.")
@with_appcontext
def generate(output: Path | None, message: str, yes: bool) -> None:
    """Write down what the database lacks, for you to read, keep and run.

    In an app with Flask-Migrate that is a revision in its migrations folder. Without
    it, or with --output, it is SQL for the configured database; for the whole schema
    if the database cannot be reached.
    """
    auth = current_auth()
    host = current_app.extensions.get("migrate")
    if output is None and host is not None and host.db is auth.db:
        _generate_revision(auth, host, message)
        return
    with database_errors(auth.engine):
        plan = _plan_or_everything(auth)
    for line in remarks(plan):
        say(line)
    if plan.is_empty:
        say("Nothing to generate: the database has everything.")
        return
    sql = render_sql(plan, auth.engine.dialect)
    if output is None:
        click.echo(sql, nl=False)
    else:
        _write(output, sql, yes=yes)


def _plan_or_everything(auth: Auth) -> Plan:
    try:
        connection = auth.engine.connect()
    except DBAPIError:
        say(
            f"The database {shown_url(auth.engine)} cannot be reached, so this is the "
            "whole schema."
        )
        return whole_schema(auth.models.tables)
    with connection:
        return make_plan(connection, auth.models.tables)


def _generate_revision(auth: Auth, host: Any, message: str) -> None:
    with database_errors(auth.engine):
        try:
            path = write_revision(
                host.migrate.get_config(), auth.models.tables, message=message
            )
        except CommandError as error:
            raise click.ClickException(
                f"Alembic says: {error} (run 'flask db init' once and 'flask db "
                "upgrade' each time before this command)"
            ) from error
        except UnsafeMigration as error:
            raise click.ClickException(str(error)) from error
    if path is None:
        say("Nothing to generate: the database has everything.")
        return
    click.echo(f"Wrote {os.path.relpath(path)}: read it, then run 'flask db upgrade'.")


def _write(output: Path, sql: str, *, yes: bool) -> None:
    if output.exists():
        if output.read_text(encoding="utf-8") == sql:
            say(f"{output} is up to date.")
            return
        if not may_go_on(f"{output} is there. Overwrite it?", yes=yes):
            say("Nothing was written.")
            return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(sql, encoding="utf-8")
    say(f"Wrote {output}.")


def _stop_if_refused(plan: Plan) -> None:
    if plan.problems or plan.refusals:
        raise click.ClickException("the migration was refused, and nothing ran")
