"""The database of an app under test, behind its back."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import literal_column
from sqlalchemy import select
from sqlalchemy import table
from sqlalchemy import text


def rows(app: Flask, name: str) -> list[dict[str, Any]]:
    """Every row of the table called *name*, as the database holds it."""
    statement = select(literal_column("*")).select_from(table(name))
    with app.app_context():
        found = app.extensions["sqlalchemy"].session.execute(statement).mappings()
        return [dict(row) for row in found]


def change(app: Flask, statement: str, **values: Any) -> int:
    """Run *statement*, as another program would; how many rows it touched."""
    with app.app_context():
        with app.extensions["sqlalchemy"].engine.begin() as connection:
            return connection.execute(text(statement), values).rowcount
