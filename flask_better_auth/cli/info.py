"""``info``: what to put into a bug report."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import timedelta
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version
from typing import Any

import click
from flask.cli import with_appcontext
from pydantic import BaseModel
from pydantic import SecretStr

from flask_better_auth.cli.state import current_auth
from flask_better_auth.cli.state import shown_url
from flask_better_auth.runtime.auth import Auth

_PACKAGES = ("flask-better-auth", "flask", "sqlalchemy", "flask-sqlalchemy", "alembic")

#: Ends of option names whose texts are nobody's business.
_SECRET = ("secret", "secrets", "password", "token", "key")


@click.command("info")
@click.option("-j", "--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def info(as_json: bool) -> None:
    """Print versions, the database, and the options you set, without secrets."""
    facts = gather(current_auth())
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for name, value in _lines(facts):
        click.echo(f"{name}: {value}")


def gather(auth: Auth) -> dict[str, Any]:
    """The facts about one app, all of them plain JSON values."""
    engine = auth.engine
    return {
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in _PACKAGES},
        },
        "database": {
            "dialect": engine.dialect.name,
            "driver": engine.dialect.driver,
            "url": shown_url(engine),
        },
        "options": _plain(auth.options),
        "plugins": [plugin.id for plugin in auth.plugins],
        "endpoints": len(list(auth.registry)),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        # Run from a checkout that was put on the path.
        return "not installed"


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, SecretStr) or (
        isinstance(value, str) and name.endswith(_SECRET)
    ):
        return "***"
    if isinstance(value, BaseModel):
        # What was set, in the order of the table in README.
        return {
            field: _plain(getattr(value, field), field)
            for field in type(value).model_fields
            if field in value.model_fields_set
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(item, str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item, name) for item in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if callable(value):
        return f"<function {getattr(value, '__qualname__', type(value).__name__)}>"
    return str(value)


def _lines(facts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _lines(value, f"{above}{name}.")
        elif isinstance(value, list):
            yield f"{above}{name}", ", ".join(str(item) for item in value) or "none"
        else:
            yield f"{above}{name}", str(value)
