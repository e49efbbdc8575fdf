"""Everything one app's authentication consists of, fixed at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from flask_better_auth.crypto.keys import KeyRing
from flask_better_auth.crypto.passwords import Passwords
from flask_better_auth.endpoints.limits import Limiter
from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.models import Models
from flask_better_auth.options import Options
from flask_better_auth.records import AccountRecords
from flask_better_auth.records import Database
from flask_better_auth.records import SessionRecords
from flask_better_auth.records import UserRecords
from flask_better_auth.runtime.registry import Registry
from flask_better_auth.runtime.schema import SchemaCheck
from flask_better_auth.sessions.engine import SessionEngine

#: Key of an app's :class:`Auth` in ``app.extensions``.
EXTENSION = "better_auth"


@dataclass(frozen=True, eq=False)
class Auth:
    """One per app, in ``app.extensions["better_auth"]``; read-only.

    Attributes:
        options: the checked options.
        plugins: CORE and the app's plugins, in order.
        registry: every endpoint and page.
        models: the mapped classes.
        database: the app's database.
        engine: decides about sessions.
        passwords: hashes and checks.
        keys: the secret and what derives from it.
        limiter: counts requests; None while limits are off.
        clock: the time, aware and in UTC.
        sender: of signals: the Flask app.
    """

    options: Options
    plugins: tuple[Plugin, ...]
    registry: Registry
    models: Models
    database: Database
    sessions: SessionEngine
    passwords: Passwords
    keys: KeyRing
    users: UserRecords
    accounts: AccountRecords
    session_records: SessionRecords
    schema: SchemaCheck
    clock: Callable[[], datetime]
    sender: Any
    limiter: Limiter | None = None

    @property
    def db(self) -> Any:
        """The Flask-SQLAlchemy object."""
        return self.database.db

    @property
    def engine(self) -> Engine:
        """The database engine of the current app."""
        return self.database.engine

    def plugin(self, plugin_id: str) -> Plugin | None:
        """The plugin called *plugin_id*, if it is there."""
        return next((one for one in self.plugins if one.id == plugin_id), None)

    def trusted_origins(self, request_origin: str | None, request: Any) -> list[str]:
        """The patterns of trusted origins for one request."""
        return self.registry.trusted_origins(self.options, request_origin, request)
