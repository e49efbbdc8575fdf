"""Hosts on every kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import needs
from tests.migrate.databases import fresh_database
from tests.robustness.hosts import MakeHost
from tests.robustness.hosts import hosting
from tests.robustness.hosts import migrate

SERVERS = (
    pytest.param("postgresql", marks=needs.postgresql()),
    pytest.param("mariadb", marks=needs.mariadb()),
)


@pytest.fixture(scope="module", params=["sqlite", *SERVERS])
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database with our tables, of each kind in turn.

    The tests of a module share it; each has people of its own.
    """
    folder = tmp_path_factory.mktemp("databases")
    with fresh_database(request.param, folder) as url:
        migrate(url)
        yield url


@pytest.fixture(scope="module")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A SQLite file with our tables, for the tests of a module."""
    url = f"sqlite:///{tmp_path_factory.mktemp('databases') / 'shared.sqlite'}"
    migrate(url)
    return url


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    """A SQLite file with our tables, for one test."""
    file = tmp_path / "own.sqlite"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def make_host() -> Iterator[MakeHost]:
    """Make apps for one test."""
    with hosting() as make:
        yield make


@pytest.fixture(scope="module")
def make_shared_host() -> Iterator[MakeHost]:
    """Make apps for the tests of a module."""
    with hosting() as make:
        yield make
