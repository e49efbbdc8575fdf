"""Engines on fresh databases, and the tables that migrate brings them up to."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy import create_engine

from flask_better_auth.models import Models
from flask_better_auth.models import build_models
from tests import needs
from tests.migrate.databases import fresh_database

SERVERS = [
    pytest.param("postgresql", marks=needs.postgresql()),
    pytest.param("mariadb", marks=needs.mariadb()),
]


@contextmanager
def on(kind: str, folder: Path) -> Iterator[Engine]:
    """An engine on an empty database of *kind*."""
    with fresh_database(kind, folder) as url:
        engine = create_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


@pytest.fixture(params=["sqlite", *SERVERS])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty database, of each kind in turn."""
    with on(request.param, tmp_path) as engine:
        yield engine


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty SQLite file."""
    with on("sqlite", tmp_path) as engine:
        yield engine


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty PostgreSQL database; mark the test with its need."""
    with on("postgresql", tmp_path) as engine:
        yield engine


@pytest.fixture
def mariadb(tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty MariaDB database; mark the test with its need."""
    with on("mariadb", tmp_path) as engine:
        yield engine


@pytest.fixture
def make_models() -> Callable[..., Models]:
    """Build models on a `db` of their own; ``make_models(user=[Mixin])``."""

    def make(names: Any = None, own: Any = None, **mixins: Any) -> Models:
        return build_models(SQLAlchemy(), names=names, own=own, mixins=mixins)

    return make


@pytest.fixture
def models(make_models: Callable[..., Models]) -> Models:
    """The four core models."""
    return make_models()
