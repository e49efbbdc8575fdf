"""A database of its own for each test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy import make_url

from tests import needs

_SERVERS = {"postgresql": needs.POSTGRESQL_URL, "mariadb": needs.MARIADB_URL}


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database that is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'test.db'}"
        return
    url = make_url(_SERVERS[kind])
    name = f"better_auth_{secrets.token_hex(6)}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            # A test that failed may have left connections open.
            force = " with (force)" if kind == "postgresql" else ""
            connection.exec_driver_sql(f"drop database {name}{force}")
    server.dispose()
