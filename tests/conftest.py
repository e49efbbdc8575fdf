"""Apps, browsers, time and SQL for the tests of the core."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy import event

from flask_better_auth import BetterAuth
from tests.browsing import ORIGIN
from tests.browsing import SECRET
from tests.browsing import Browser
from tests.clock import Clock

#: argon2's cheapest parameters: hashing takes no time.
CHEAP = {"memory_cost": 8, "time_cost": 1}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a developer has set for an app of theirs is not set here."""
    for name in ("SECRET", "URL", "TRUSTED_ORIGINS"):
        monkeypatch.delenv(f"BETTER_AUTH_{name}", raising=False)
    monkeypatch.delenv("AUTH_SECRET", raising=False)


@pytest.fixture
def clock() -> Clock:
    """The time of the apps under test; it stands still until it is moved."""
    return Clock()


@pytest.fixture
def wall_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The same clock, also for what asks the system: limits, tokens of forms."""
    monkeypatch.setattr(time, "time", lambda: clock.now.timestamp())
    return clock


@pytest.fixture
def make_auth(clock: Clock) -> Callable[..., BetterAuth]:
    """Make an extension with cheap passwords, a fixed secret and the frozen clock."""

    def make(**options: Any) -> BetterAuth:
        passwords = {"enabled": True, **options.pop("email_and_password", {})}
        passwords.setdefault("password", CHEAP)
        given = {"base_url": ORIGIN, "secret": SECRET, "clock": clock, **options}
        return BetterAuth(email_and_password=passwords, **given)

    return make


@pytest.fixture(scope="session")
def shared_db() -> SQLAlchemy:
    """One `db` for all apps that rename nothing: its models are built once."""
    return SQLAlchemy()


@pytest.fixture(scope="session")
def migrated_file(
    shared_db: SQLAlchemy, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A SQLite file with the tables of an app that renames nothing."""
    file = tmp_path_factory.mktemp("database") / "migrated.sqlite"
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{file}"
    auth = BetterAuth(app, db=shared_db, secret=SECRET)
    with app.app_context():
        auth.migrate()
        shared_db.engine.dispose()
    return file


@pytest.fixture(scope="session")
def inhabited_file(
    shared_db: SQLAlchemy, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A copy of that file in which Ada has signed up, and the cookie she got."""
    file = tmp_path_factory.mktemp("database") / "inhabited.sqlite"
    shutil.copy(migrated_file, file)
    app = Flask(__name__)
    app.test_client_class = Browser
    app.config.update(TESTING=True, SQLALCHEMY_DATABASE_URI=f"sqlite:///{file}")
    passwords = {"enabled": True, "password": CHEAP}
    given = {"base_url": ORIGIN, "secret": SECRET, "clock": Clock()}
    BetterAuth(app, db=shared_db, email_and_password=passwords, **given)
    visitor = browser(app)
    visitor.sign_up()
    with app.app_context():
        shared_db.engine.dispose()
    return file, visitor.cookie("session_token") or ""


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The compiled templates, so that not every app compiles them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(
    make_auth: Callable[..., BetterAuth],
    shared_db: SQLAlchemy,
    migrated_file: Path,
    templates: FileSystemBytecodeCache,
    tmp_path: Path,
) -> Iterator[Callable[..., Flask]]:
    """Make a Flask app under test with a SQLite file of its own.

    Given are an extension or the options of one; `config` for the app; `prepare`,
    called with the app before the extension is initialised; `db`, one of its own, for
    other columns or names. With `migrate` the tables are made for this app, else a
    migrated file is copied.
    """
    made: list[Flask] = []

    def make(
        auth: BetterAuth | None = None,
        *,
        db: SQLAlchemy | None = None,
        config: dict[str, Any] | None = None,
        prepare: Callable[[Flask], object] | None = None,
        migrate: bool = False,
        **options: Any,
    ) -> Flask:
        app = Flask("tests", root_path=str(tmp_path))
        app.test_client_class = Browser
        app.jinja_options = {"bytecode_cache": templates}
        file = tmp_path / f"app-{len(made)}.sqlite"
        app.config.update(TESTING=True, SQLALCHEMY_DATABASE_URI=f"sqlite:///{file}")
        app.config.update(config or {})
        if prepare is not None:
            prepare(app)
        auth = auth or make_auth(**options)
        auth.init_app(app, db=db or shared_db)
        made.append(app)
        with app.app_context():
            event.listen(app.extensions["sqlalchemy"].engine, "connect", hurry)
        if migrate:
            with app.app_context():
                auth.migrate()
        else:
            shutil.copy(migrated_file, file)
        return app

    yield make
    for app in made:
        with app.app_context():
            for engine in app.extensions["sqlalchemy"].engines.values():
                engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An app with the default options."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser of `app` that nobody has signed in with."""
    return browser(app)


@pytest.fixture
def signed_in(app: Flask, client: Browser, inhabited_file: tuple[Path, str]) -> Browser:
    """The same browser, in which Ada has just signed up."""
    file, cookie = inhabited_file
    shutil.copy(file, app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    client.keep("session_token", cookie)
    return client


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every SQL statement that any engine runs, as it runs; clear it to start over."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def hurry(connection: sqlite3.Connection, record: object) -> None:
    """Let SQLite not wait for the disk: a test's file need not outlive a power cut."""
    connection.execute("PRAGMA synchronous = OFF")


def browser(app: Flask) -> Browser:
    """A new browser of *app*."""
    visitor = app.test_client()
    assert isinstance(visitor, Browser)
    return visitor
