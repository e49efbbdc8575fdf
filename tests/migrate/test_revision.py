"""Revisions for apps that use Flask-Migrate, written and run for real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.util import CommandError
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy import ForeignKey
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import inspect
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm import mapped_column

from flask_better_auth.migrate import Plan
from flask_better_auth.migrate import UnsafeMigration
from flask_better_auth.migrate import make_plan
from flask_better_auth.migrate import write_revision
from flask_better_auth.models import build_models
from tests.migrate.loggers import loggers_as_they_were

# Flask-Migrate's own env.py asks for the engine the old way first.
pytestmark = pytest.mark.filterwarnings("ignore:'get_engine' is deprecated")


class Extras:
    """What a plugin may add to a table that exists."""

    role: Mapped[str] = mapped_column(Text, default="user")
    nick: Mapped[str | None] = mapped_column(String(50), unique=True)

    @declared_attr
    def boss(cls) -> Mapped[str | None]:
        return mapped_column(String(36), ForeignKey("user.id", ondelete="CASCADE"))


class Badge:
    """A required column that nothing can fill in rows that exist."""

    badge: Mapped[int] = mapped_column(Integer)


class Host:
    """An app with Flask-Migrate, and a table of its own that no revision has."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        *mixins: type[Any],
        binds: dict[str, Any] | None = None,
    ) -> None:
        self.folder = folder / "migrations"
        self.app = Flask("host")
        url = engine.url.render_as_string(hide_password=False)
        self.app.config["SQLALCHEMY_DATABASE_URI"] = url
        self.app.config["SQLALCHEMY_BINDS"] = binds or {}
        self.db = SQLAlchemy(self.app)

        class Article(self.db.Model):
            id: Mapped[int] = mapped_column(primary_key=True)

        self.models = build_models(self.db, mixins={"user": mixins} if mixins else None)
        flask_migrate.Migrate(self.app, self.db, directory=str(self.folder))

    def write(self, message: str = "add accounts") -> Path | None:
        with self.app.app_context():
            config = self.app.extensions["migrate"].migrate.get_config()
            return write_revision(config, self.models.tables, message=message)

    def plan(self) -> Plan:
        with self.app.app_context(), self.db.engine.connect() as connection:
            return make_plan(connection, self.models.tables)

    def tables(self) -> set[str]:
        with self.app.app_context():
            return set(inspect(self.db.engine).get_table_names()) - {"alembic_version"}

    def run(self, command: Any) -> None:
        with self.app.app_context():
            command()

    def close(self) -> None:
        with self.app.app_context():
            for engine in self.db.engines.values():
                engine.dispose()


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    with loggers_as_they_were():
        yield


@pytest.fixture
def host(engine: Engine, tmp_path: Path) -> Iterator[Host]:
    """An app whose migrations folder is there and empty."""
    host = Host(engine, tmp_path)
    host.run(flask_migrate.init)
    yield host
    host.close()


CORE = {"user", "session", "account", "verification"}


def test_a_revision_makes_what_migrate_makes(host: Host) -> None:
    """It is written once, runs on an empty database, and can be taken back."""
    path = host.write()
    assert path is not None
    assert path.parent == host.folder / "versions"
    assert path.name.endswith("_add_accounts.py")
    assert "flask_better_auth" not in path.read_text()
    assert host.tables() == set()
    host.run(flask_migrate.upgrade)
    assert host.tables() == CORE
    assert host.plan() == Plan()
    assert host.write() is None
    assert [path.name for path in (host.folder / "versions").glob("*.py")] == [
        path.name
    ]
    host.run(flask_migrate.downgrade)
    assert host.tables() == set()


def test_what_comes_later_is_a_revision_too(
    host: Host, engine: Engine, tmp_path: Path
) -> None:
    """Columns, their references and indexes join tables that have rows."""
    host.write()
    host.run(flask_migrate.upgrade)
    with host.app.app_context():
        host.db.session.add(host.models.user(id="a", name="a", email="a@shop.example"))
        host.db.session.commit()
    wider = Host(engine, tmp_path, Extras)
    assert wider.write("add roles") is not None
    wider.run(flask_migrate.upgrade)
    with wider.app.app_context():
        columns = wider.models.user.role, wider.models.user.boss
        assert wider.db.session.query(*columns).all() == [("user", None)]
        (key,) = inspect(wider.db.engine).get_foreign_keys("user")
    assert (key["constrained_columns"], key["referred_table"]) == (["boss"], "user")
    assert wider.plan() == Plan()
    wider.run(flask_migrate.downgrade)
    assert host.plan() == Plan()
    wider.close()


def test_what_is_refused_is_not_written(
    host: Host, engine: Engine, tmp_path: Path
) -> None:
    """A revision that would fail on this database's rows is no use."""
    host.write()
    host.run(flask_migrate.upgrade)
    with host.app.app_context():
        host.db.session.add(host.models.user(id="a", name="a", email="a@shop.example"))
        host.db.session.commit()
    wider = Host(engine, tmp_path, Badge)
    with pytest.raises(UnsafeMigration, match=r"'user\.badge' must be filled"):
        wider.write()
    assert len(list((host.folder / "versions").glob("*.py"))) == 1
    wider.close()


def test_flask_db_migrate_works_without_us(host: Host) -> None:
    """Its revision imports all it names, and comparing again finds nothing."""
    host.run(lambda: flask_migrate.migrate(message="everything"))
    (path,) = (host.folder / "versions").glob("*.py")
    assert "flask_better_auth" not in path.read_text()
    host.run(flask_migrate.upgrade)
    assert host.tables() == CORE | {"article"}
    assert host.plan() == Plan()
    host.run(lambda: flask_migrate.migrate(message="once more"))
    assert list((host.folder / "versions").glob("*.py")) == [path]


def test_an_apps_own_rendering_comes_first(engine: Engine, tmp_path: Path) -> None:
    """A ``render_item`` that the app gave to Flask-Migrate is asked before ours."""
    host = Host(engine, tmp_path)
    asked: list[str] = []

    def render_item(kind: str, item: object, context: object) -> Any:
        asked.append(kind)
        return "sa.Boolean()" if type(item).__name__ == "Flag" else False

    host.app.extensions["migrate"].configure_args["render_item"] = render_item
    host.run(flask_migrate.init)
    path = host.write()
    assert path is not None
    assert "'emailVerified', sa.Boolean(), nullable" in path.read_text()
    assert "with_variant(sa.Date(), 'sqlite')" in path.read_text()
    assert "type" in asked
    host.close()


def test_without_a_migrations_folder(engine: Engine, tmp_path: Path) -> None:
    """Alembic's own error says what is missing."""
    host = Host(engine, tmp_path)
    with pytest.raises(CommandError, match="migrations"):
        host.write()
    host.close()


def test_a_database_behind_its_revisions(host: Host) -> None:
    """Alembic compares with a database that has run every revision."""
    assert host.write() is not None
    with pytest.raises(CommandError, match="not up to date"):
        host.write()


def test_models_need_not_be_all_of_the_metadata(host: Host) -> None:
    """The app's own table is in none of our revisions."""
    path = host.write()
    assert path is not None
    assert "article" not in path.read_text()


def test_of_several_databases_one_has_our_tables(
    sqlite: Engine, tmp_path: Path
) -> None:
    """In an app with binds the revision is for the database that holds the models."""
    host = Host(sqlite, tmp_path, binds={"logs": f"sqlite:///{tmp_path / 'logs.db'}"})
    host.run(lambda: flask_migrate.init(multidb=True))
    assert host.write() is not None
    host.run(flask_migrate.upgrade)
    assert host.tables() == CORE
    with host.app.app_context():
        names = inspect(host.db.engines["logs"]).get_table_names()
    assert names == ["alembic_version"]
    assert host.write() is None
    host.close()
