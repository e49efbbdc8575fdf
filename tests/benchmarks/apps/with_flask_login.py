"""Flask-Login as its documentation shows it: a user row loaded for each request."""

from __future__ import annotations

from flask import Flask
from flask import request
from flask_login import LoginManager
from flask_login import UserMixin
from flask_login import current_user
from flask_login import login_required
from flask_login import login_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from werkzeug.security import generate_password_hash

from tests.benchmarks.people import GREETING
from tests.benchmarks.people import SECRET
from tests.benchmarks.people import greet

db = SQLAlchemy()


class User(UserMixin, db.Model):  # type: ignore[name-defined, misc]
    """A user with the columns a small app needs."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]


def create_app(*, database: str) -> Flask:
    """Return the app on the SQLite file *database*, its table made."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = SECRET
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database}"
    db.init_app(app)
    with app.app_context():
        db.create_all()
    login_manager = LoginManager(app)

    @login_manager.user_loader
    def load_user(user_id: str) -> User | None:
        return db.session.get(User, int(user_id))

    @app.get("/")
    def bare() -> str:
        return GREETING

    @app.get("/protected")
    @login_required
    def protected() -> str:
        return greet(current_user.name)

    @app.post("/sign-up")
    def sign_up() -> dict[str, str]:
        body = request.get_json()
        user = User(
            name=body["name"],
            email=body["email"],
            password_hash=generate_password_hash(body["password"]),
        )
        db.session.add(user)
        db.session.commit()
        login_user(user)
        return {}

    return app
