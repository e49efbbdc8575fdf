"""Flask alone: one route, nothing before or after it."""

from __future__ import annotations

from flask import Flask

from tests.benchmarks.people import GREETING


def create_app() -> Flask:
    """Return the app whose only route greets."""
    app = Flask(__name__)

    @app.get("/")
    def bare() -> str:
        return GREETING

    return app
