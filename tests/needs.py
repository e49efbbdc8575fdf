"""What a test needs from the machine, and what happens when it is not there."""

from __future__ import annotations

import os
import shutil
import socket

import pytest

#: CI sets this: a missing server or program is then a failure, never a skip.
REQUIRE_ALL = os.environ.get("BETTER_AUTH_TESTS_REQUIRE_ALL") == "1"

POSTGRESQL_URL = os.environ.get(
    "BETTER_AUTH_TESTS_POSTGRESQL",
    "postgresql+psycopg://postgres@127.0.0.1:5432/test",
)
MARIADB_URL = os.environ.get(
    "BETTER_AUTH_TESTS_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/test"
)
REDIS_URL = os.environ.get("BETTER_AUTH_TESTS_REDIS", "redis://127.0.0.1:6379/0")


def node() -> pytest.MarkDecorator:
    """A mark that skips unless Node.js and npm are installed."""
    return _unless(
        shutil.which("node") is not None and shutil.which("npm") is not None,
        "Node.js and npm are not installed",
    )


def chromium() -> pytest.MarkDecorator:
    """A mark that skips unless a Chromium browser is installed."""
    return _unless(chromium_path() is not None, "Chromium is not installed")


def chromium_path() -> str | None:
    """The path of the installed Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def postgresql() -> pytest.MarkDecorator:
    """A mark that skips unless a PostgreSQL server answers on loopback."""
    return _unless(_listens(5432), "no PostgreSQL server on 127.0.0.1:5432")


def mariadb() -> pytest.MarkDecorator:
    """A mark that skips unless a MariaDB server answers on loopback."""
    return _unless(_listens(3306), "no MariaDB server on 127.0.0.1:3306")


def redis() -> pytest.MarkDecorator:
    """A mark that skips unless a Redis server answers on loopback."""
    return _unless(_listens(6379), "no Redis server on 127.0.0.1:6379")


def _unless(present: bool, lacking: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not present and not REQUIRE_ALL, reason=lacking)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False
