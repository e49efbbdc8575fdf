"""A small notebook with accounts: ``flask --app example/app.py run --debug``."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from werkzeug.wrappers import Response

from flask_better_auth import BetterAuth
from flask_better_auth import current_user
from flask_better_auth import fresh_login_required
from flask_better_auth import login_required

db = SQLAlchemy()
csrf = CSRFProtect()
auth = BetterAuth(
    db=db,
    app_name="Notebook",
    email_and_password={"enabled": True},
    session={"fresh_age": timedelta(minutes=15)},
    pages={"after_sign_in": "/dashboard"},
)


class Note(db.Model):  # type: ignore[name-defined]  # made by Flask-SQLAlchemy
    """What somebody wrote down."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The app, with its tables made and a secret of its own."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = _secret(Path(app.instance_path) / "secret")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///notebook.sqlite"
    app.config.update(config or {})
    auth.init_app(app)
    csrf.init_app(app)
    with app.app_context():
        auth.migrate()
        db.create_all()

    @app.get("/")
    def home() -> str:
        """Everybody may see this."""
        return render_template("home.html")

    @app.get("/dashboard")
    @login_required
    def dashboard() -> str:
        """Only people who are signed in come here; others are asked to sign in."""
        return render_template("dashboard.html", notes=_own_notes())

    @app.post("/dashboard")
    @login_required
    def add_note() -> Response:
        """Keep what was written, unless that is nothing."""
        text = request.form.get("text", "").strip()
        if text:
            db.session.add(Note(user_id=current_user.id, text=text))
            db.session.commit()
        return redirect(url_for("dashboard"), 303)

    @app.get("/danger-zone")
    @fresh_login_required
    def danger_zone() -> str:
        """Who signed in a while ago is asked for the password once more."""
        return render_template("danger_zone.html", notes=_own_notes())

    @app.post("/danger-zone")
    @fresh_login_required
    def delete_notes() -> Response:
        """Delete every note of whoever is signed in."""
        db.session.execute(db.delete(Note).where(Note.user_id == current_user.id))
        db.session.commit()
        return redirect(url_for("dashboard"), 303)

    return app


def _own_notes() -> list[Note]:
    mine = db.select(Note).where(Note.user_id == current_user.id)
    return list(db.session.scalars(mine.order_by(Note.id.desc())))


def _secret(file: Path) -> str:
    """A key that is made once and kept in *file*."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text()
