"""The smallest app that shows everything: ``flask --app example/app.py run``."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import Flask
from flask import render_template

from flask_better_auth import BetterAuth
from flask_better_auth import login_required

auth = BetterAuth(app_name="Example", email_and_password={"enabled": True})


def create_app() -> Flask:
    """The app, with its tables made and a secret of its own."""
    app = Flask(__name__)
    app.config["BETTER_AUTH_SECRET"] = _secret(Path(app.instance_path) / "secret")
    auth.init_app(app)
    with app.app_context():
        auth.migrate()

    @app.get("/")
    def home() -> str:
        return render_template("home.html")

    @app.get("/dashboard")
    @login_required
    def dashboard() -> str:
        return render_template("dashboard.html")

    return app


def _secret(file: Path) -> str:
    """The key in the environment, else one that is made once and kept in *file*."""
    if os.environ.get("BETTER_AUTH_SECRET"):
        return os.environ["BETTER_AUTH_SECRET"]
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text()
