"""Ours behind gunicorn: one Flask app per configuration, told apart by its port."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from flask_better_auth import BetterAuth

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse
    from _typeshed.wsgi import WSGIEnvironment


_CHEAP = {"memory_cost": 8, "time_cost": 1}


def make_app(options: dict[str, Any], *, database: str, cheap: bool) -> Flask:
    """A Flask app with nothing but the extension, on a migrated SQLite file.

    `cheap` passwords cost no time to hash.
    """
    if cheap:
        options["email_and_password"]["password"] = _CHEAP
    flask_app = Flask(__name__)
    flask_app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database}"
    auth = BetterAuth(flask_app, db=SQLAlchemy(flask_app), **options)
    with flask_app.app_context():
        auth.migrate()
    return flask_app


_apps = {
    port: make_app(**each)
    for port, each in json.loads(os.environ["FLASK_CONFIGURATIONS"]).items()
}


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Hand the request to the app of the port it came in by."""
    return _apps[environ["SERVER_PORT"]](environ, start_response)
