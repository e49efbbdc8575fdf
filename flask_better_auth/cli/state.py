"""What a command needs from the app, or a sentence about why it is not there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import SQLAlchemyError

from flask_better_auth.runtime.auth import EXTENSION
from flask_better_auth.runtime.auth import Auth

#: Parts of a database URL's query whose values nobody else should see.
_SECRET = ("pass", "secret", "token", "key")


def current_auth() -> Auth:
    """The current app's :class:`Auth`.

    Raises:
        click.ClickException: the app has none.
    """
    auth: Auth | None = current_app.extensions.get(EXTENSION)
    if auth is None:
        raise click.ClickException(
            f"the app {current_app.name!r} has no BetterAuth: call BetterAuth(app) in "
            "it, or auth.init_app(app) in its factory, or name another app with --app"
        )
    return auth


def shown_url(engine: Engine) -> str:
    """Where *engine* connects to, with passwords hidden."""
    query = {
        name: "hidden" if any(word in name.lower() for word in _SECRET) else value
        for name, value in engine.url.query.items()
    }
    return engine.url.set(query=query).render_as_string(hide_password=True)


@contextmanager
def database_errors(engine: Engine) -> Iterator[None]:
    """Turn what the database says into one sentence instead of a traceback.

    Raises:
        click.ClickException: the body ran into an error of the database.
    """
    try:
        yield
    except SQLAlchemyError as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise click.ClickException(
            f"the database {shown_url(engine)} says: {reason}"
        ) from error


def may_go_on(question: str, *, yes: bool) -> bool:
    """Whether the person agreed, with ``--yes`` or when asked.

    Raises:
        click.ClickException: nobody is there to be asked.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.ClickException(
            "this is not a terminal, so nobody can be asked: run the command again "
            "with --yes"
        )
    return click.confirm(question, default=False)


def say(text: str) -> None:
    """Show *text* beside the output proper, which may be SQL on its way to a file."""
    click.echo(text, err=True)
