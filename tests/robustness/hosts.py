"""Apps with views of their own, on whatever database."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask import g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy import event

from flask_better_auth import BetterAuth
from flask_better_auth import login_required
from tests.browsing import ORIGIN
from tests.browsing import SECRET
from tests.browsing import Browser
from tests.clock import Clock

#: argon2's cheapest parameters: hashing takes no time.
CHEAP = {"memory_cost": 8, "time_cost": 1}

MakeHost = Callable[..., Flask]


def make_host(
    url: str,
    *,
    engine: dict[str, Any] | None = None,
    prepare: Callable[[Flask], object] = lambda app: None,
    **options: Any,
) -> Flask:
    """An app on the database at *url*, with a clock that stands still.

    *engine* are options of SQLAlchemy's, *prepare* is called with the app before the
    extension is initialised, the rest are options of the extension.
    """
    app = Flask("host")
    app.test_client_class = Browser
    app.config.update(
        TESTING=True,
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine or {},
    )
    prepare(app)
    _add_views(app)
    passwords = {"enabled": True, **options.pop("email_and_password", {})}
    passwords.setdefault("password", CHEAP)
    given = {"base_url": ORIGIN, "secret": SECRET, "clock": Clock(), **options}
    BetterAuth(app, db=SQLAlchemy(), email_and_password=passwords, **given)
    with app.app_context():
        _hurry(app.extensions["sqlalchemy"].engine)
    return app


def _hurry(engine: Engine) -> None:
    """Do not wait for the disk: processes are killed here, but no machine."""
    statements = {
        "sqlite": "pragma synchronous = off",
        "postgresql": "set synchronous_commit to off",
    }
    statement = statements.get(engine.dialect.name)

    def prepare(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        connection.commit()

    if statement is not None:
        event.listen(engine, "connect", prepare)


@contextmanager
def hosting() -> Iterator[MakeHost]:
    """:func:`make_host`, whose apps let go of their databases at the end."""
    made: list[Flask] = []

    def make(*args: Any, **options: Any) -> Flask:
        made.append(make_host(*args, **options))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()


def migrate(url: str) -> None:
    """Create our tables in the database at *url*."""
    app = Flask("migration")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db = SQLAlchemy()
    auth = BetterAuth(app, db=db, secret=SECRET)
    with app.app_context():
        auth.migrate()
        db.engine.dispose()


def _add_views(app: Flask) -> None:
    @app.get("/protected")
    @login_required
    def protected() -> str:
        """Only for people who are signed in."""
        return who()

    @app.get("/who")
    def who() -> str:
        """The address of whoever is signed in; nothing for nobody."""
        return g.auth_session.user.email if g.auth_session else ""
