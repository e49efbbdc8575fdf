"""Flask with flask_better_auth, its cookie cache on or off."""

from __future__ import annotations

from flask import Flask
from flask import g
from flask_sqlalchemy import SQLAlchemy

from flask_better_auth import BetterAuth
from flask_better_auth import login_required
from tests.benchmarks.people import CACHE_SECONDS
from tests.benchmarks.people import GREETING
from tests.benchmarks.people import SECRET
from tests.benchmarks.people import greet


def create_app(*, database: str, base_url: str, cookie_cache: bool) -> Flask:
    """Return the app on the SQLite file *database*, its tables made."""
    # No SECRET_KEY: neither this app nor the bare one uses Flask's own session.
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database}"
    auth = BetterAuth(
        app,
        db=SQLAlchemy(app),
        base_url=base_url,
        secret=SECRET,
        email_and_password={"enabled": True},
        session={"cookie_cache": {"enabled": cookie_cache, "max_age": CACHE_SECONDS}},
        rate_limit={"enabled": False},
    )
    with app.app_context():
        auth.migrate()

    @app.get("/")
    def bare() -> str:
        return GREETING

    @app.get("/protected")
    @login_required
    def protected() -> str:
        return greet(g.auth_session.user.name)

    return app
