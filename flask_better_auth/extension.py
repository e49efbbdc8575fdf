"""The Flask extension."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint
from flask import Flask
from flask import Response
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from typing_extensions import Unpack

from flask_better_auth.assembly import create_auth
from flask_better_auth.assets import asset_folder
from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.errors import APIError
from flask_better_auth.errors import OptionsError
from flask_better_auth.migrate import Plan
from flask_better_auth.migrate import migrate
from flask_better_auth.models import Models
from flask_better_auth.models.mixins import now
from flask_better_auth.options import load_options
from flask_better_auth.options.arguments import OptionArguments
from flask_better_auth.runtime.api import API
from flask_better_auth.runtime.auth import EXTENSION
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.runtime.unit import transaction
from flask_better_auth.web.bridge import deliver
from flask_better_auth.web.bridge import server_call
from flask_better_auth.web.bridge import taken_back
from flask_better_auth.web.bridge import to_response
from flask_better_auth.web.csrf import exempter
from flask_better_auth.web.current import current_user
from flask_better_auth.web.current import loader
from flask_better_auth.web.current import session_proxy
from flask_better_auth.web.current import this_request
from flask_better_auth.web.current import writer
from flask_better_auth.web.form_sessions import serve_forms_without_key
from flask_better_auth.web.guards import answer_api_error
from flask_better_auth.web.limiter import AppLimiter
from flask_better_auth.web.pages import PAGES_BLUEPRINT
from flask_better_auth.web.pages import pages_blueprint
from flask_better_auth.web.render import TemplateTools
from flask_better_auth.web.render import text
from flask_better_auth.web.routes import JSON_BLUEPRINT
from flask_better_auth.web.routes import json_blueprint
from flask_better_auth.web.routes import unmatched

log = logging.getLogger("flask_better_auth")


class BetterAuth:
    """Accounts and sessions for a Flask app.

    ``BetterAuth(app, db=db, email_and_password={"enabled": True})``, or without the
    app and ``auth.init_app(app)`` later. The object keeps only these arguments; what
    an app has is in ``app.extensions["better_auth"]``, so one object may serve several
    apps.

    Args:
        app: initialised at once if given.
        db: the app's Flask-SQLAlchemy object. Without it the one that is registered
            on the app is used, else one on a SQLite file in the instance folder.
        plugins: in the order in which their hooks run.
        models: your own model classes: ``{"user": User}``; each inherits from its
            mixin, ``class User(UserMixin, db.Model)``.
        clock: the time, for tests; aware and in UTC.
        options: see the table in README. Values in ``app.config`` under
            ``BETTER_AUTH_…`` fill in what is not given here.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        db: SQLAlchemy | None = None,
        plugins: Sequence[Plugin] = (),
        models: Mapping[str, type[Any]] | None = None,
        clock: Callable[[], datetime] = now,
        **options: Unpack[OptionArguments],
    ) -> None:
        self._db = db
        self._plugins = tuple(plugins)
        self._models = dict(models or {})
        self._clock = clock
        self._options: dict[str, Any] = dict(options)
        #: Every endpoint as a function for your own code; see README.
        self.api = API(
            lambda: self.auth,
            lambda endpoint, headers: server_call(self.auth, endpoint, headers),
            deliver,
            to_response,
        )
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask, *, db: SQLAlchemy | None = None) -> None:
        """Set *app* up: endpoints, pages, ``g.auth_session``, commands.

        Reads ``app.config`` once; later changes have no effect.

        Raises:
            OptionsError: an option is wrong.
            PluginError: plugins do not fit together.
            RuntimeError: *app* has a BetterAuth already.
        """
        if EXTENSION in app.extensions:
            raise RuntimeError(
                "this Flask app has a BetterAuth already; call init_app once, and give "
                "all plugins to that one"
            )
        options = load_options(self._options, config=app.config, environ=os.environ)
        lenient = bool(app.debug or app.testing)
        enabled = options.rate_limit.enabled
        limited = not app.testing if enabled is None else enabled
        auth = create_auth(
            options,
            db=_database(app, db or self._db),
            plugins=self._plugins,
            models=self._models,
            clock=self._clock,
            limiter=AppLimiter(app) if limited else None,
            sender=app,
            lenient=lenient,
        )
        serve_forms_without_key(app, auth)
        app.extensions[EXTENSION] = auth
        _register(app, auth)

    @property
    def auth(self) -> Auth:
        """What the current app has.

        Raises:
            RuntimeError: outside of an app context, or the app was not initialised.
        """
        auth: Auth | None = current_app.extensions.get(EXTENSION)
        if auth is None:
            raise RuntimeError("call BetterAuth.init_app(app) first")
        return auth

    @property
    def models(self) -> Models:
        """The model classes: ``.user``, ``.session``, ``.account``, …"""
        return self.auth.models

    def migrate(self) -> Plan:
        """Create what the database lacks: tables, columns, indexes; drops nothing.

        Returns: what was done.
        """
        auth = self.auth
        return migrate(auth.engine, auth.models.tables)

    def transaction(self) -> AbstractContextManager[None]:
        """Commit your rows and several ``auth.api`` calls together, or none of it."""
        return transaction(self.auth.database, around=taken_back())


def _database(app: Flask, db: SQLAlchemy | None) -> SQLAlchemy:
    registered: SQLAlchemy | None = app.extensions.get("sqlalchemy")
    if registered is not None:
        if db is not None and db is not registered:
            raise OptionsError(
                "this app is registered with another SQLAlchemy object than db=; give "
                "the one whose init_app(app) was called"
            )
        return registered
    if db is not None:
        if not (
            app.config.get("SQLALCHEMY_DATABASE_URI")
            or app.config.get("SQLALCHEMY_BINDS")
        ):
            _use_sqlite(app)
        db.init_app(app)
        return db
    own = SQLAlchemy()
    if not app.config.get("SQLALCHEMY_DATABASE_URI"):
        _use_sqlite(app)
    own.init_app(app)
    return own


def _use_sqlite(app: Flask) -> None:
    folder = Path(app.instance_path)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "better_auth.sqlite"
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{file}"
    log.warning("no database is configured: using the SQLite file %s", file.name)


def _register(app: Flask, auth: Auth) -> None:
    options = auth.options
    if options.pages.enabled and options.mount == options.pages.prefix:
        log.warning(
            "endpoints and pages are both at %s, so some forms reach an endpoint: give "
            "base_path or pages.prefix another value",
            options.mount,
        )
    # So deep that pages at the root leave the app its own /static/.
    static = f"{auth.options.pages.prefix.rstrip('/')}/static/better_auth"
    app.register_blueprint(
        Blueprint(
            "better_auth_assets",
            __name__,
            static_folder=asset_folder("static") / "better_auth",
            static_url_path=static,
            template_folder=str(asset_folder("templates")),
        )
    )
    app.register_blueprint(json_blueprint(auth))
    if auth.options.pages.enabled:
        app.register_blueprint(pages_blueprint(auth))
    app.register_error_handler(APIError, answer_api_error)
    # First of all functions, whatever was registered before: CSRFProtect may have been.
    functions = app.before_request_funcs.setdefault(None, [])
    functions.insert(0, _first(app, auth))
    app.after_request(writer)
    app.jinja_env.globals.update(
        auth_session=session_proxy,
        current_user=current_user,
        better_auth=TemplateTools(auth),
    )
    # Our base template in the app's own pages; Flask-Babel's function wins.
    app.jinja_env.globals.setdefault("_", text)
    app.shell_context_processor(lambda: {"auth": auth, **_models_by_name(auth)})


def _first(app: Flask, auth: Auth) -> Callable[[], Response | None]:
    """What happens before everything else in a request; one function, as each costs."""
    exempt = exempter(app, JSON_BLUEPRINT, PAGES_BLUEPRINT)
    answer_unmatched, load = unmatched(auth), loader(auth, app)

    def begin_better_auth() -> Response | None:
        current = this_request()
        exempt()
        if current.routing_exception is not None:
            answer = answer_unmatched()
            if answer is not None:
                return answer
        load(current)
        return None

    return begin_better_auth


def _models_by_name(auth: Auth) -> dict[str, type[Any]]:
    return {model.__name__: model for model in auth.models.all}
