"""What is measured against what, and the bars that must be reached."""

from __future__ import annotations

from dataclasses import dataclass

#: The columns of the table.
FLASK, FLASK_LOGIN, NODE, OURS = "Flask", "Flask-Login", "Node", "ours"
COLUMNS = (FLASK, FLASK_LOGIN, NODE, OURS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a contest: the request *what* sent to the server called *server*."""

    column: str
    server: str
    what: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Ours must reach *at_least* times the requests per second of *column*."""

    column: str
    at_least: float


@dataclass(frozen=True, slots=True)
class Contest:
    """One row of the table; its entries take turns within each round."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    bar: Bar | None = None
    connections: int = 16
    patience: int = 1
    """Times the usual seconds, for a request of which a second sees few."""


CONTESTS = (
    Contest(
        "bare",
        "bare route",
        (
            Entry(FLASK, "flask", "bare"),
            Entry(FLASK_LOGIN, "flask-login", "bare"),
            Entry(NODE, "node-cache", "bare"),
            Entry(OURS, "ours-cache", "bare"),
        ),
    ),
    Contest(
        "protected-cache",
        "protected route, cookie cache",
        (
            # Flask alone protects nothing: this is what the guard may cost at most.
            Entry(FLASK, "flask", "bare"),
            Entry(NODE, "node-cache", "protected"),
            Entry(OURS, "ours-cache", "protected"),
        ),
        Bar(FLASK, 0.85),
    ),
    Contest(
        "protected-database",
        "protected route, database",
        (
            Entry(FLASK_LOGIN, "flask-login", "protected"),
            Entry(NODE, "node-database", "protected"),
            Entry(OURS, "ours-database", "protected"),
        ),
        Bar(FLASK_LOGIN, 1.3),
    ),
    Contest(
        "get-session-cache",
        "get-session, cookie cache",
        (
            Entry(NODE, "node-cache", "get-session"),
            Entry(OURS, "ours-cache", "get-session"),
        ),
        Bar(NODE, 2.0),
    ),
    Contest(
        "get-session-database",
        "get-session, database",
        (
            Entry(NODE, "node-database", "get-session"),
            Entry(OURS, "ours-database", "get-session"),
        ),
        Bar(NODE, 1.2),
    ),
    Contest(
        "sign-in",
        "sign-in/email",
        (
            Entry(NODE, "node-database", "sign-in"),
            Entry(OURS, "ours-database", "sign-in"),
        ),
        Bar(NODE, 3.0),
        connections=2,
        patience=4,
    ),
)
