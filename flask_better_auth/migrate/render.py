"""A plan as text: for people, and as SQL."""

from __future__ import annotations

from sqlalchemy import Dialect

from flask_better_auth.migrate.plan import Plan
from flask_better_auth.migrate.steps import AddColumn
from flask_better_auth.migrate.steps import CreateIndex
from flask_better_auth.migrate.steps import CreateTable

_KINDS = {CreateTable: "table", AddColumn: "column", CreateIndex: "index"}


def describe(plan: Plan) -> list[str]:
    """One line for each step, then what is wrong with the database or the plan."""
    return [*(f"-> {step}" for step in plan.steps), *remarks(plan)]


def remarks(plan: Plan) -> list[str]:
    """What is wrong with the database, and why the plan must not run."""
    return [
        *(f"warning: {text}" for text in plan.warnings),
        *(f"problem: {text}" for text in plan.problems),
        *(f"refused: {text}" for text in plan.refusals),
    ]


def count(plan: Plan) -> str:
    """How much there is to create: ``4 tables and 6 indexes``."""
    parts = []
    for kind, word in _KINDS.items():
        number = sum(isinstance(step, kind) for step in plan.steps)
        plural = "indexes" if word == "index" else f"{word}s"
        if number:
            parts.append(f"{number} {word if number == 1 else plural}")
    *first, last = parts or ["nothing"]
    return f"{', '.join(first)} and {last}" if first else last


def render_sql(plan: Plan, dialect: Dialect) -> str:
    """The statements that applying *plan* runs, each ended by ``;`` and a blank line.

    What would be refused stands on top as comments.
    """
    comments = [f"-- refused: {text}\n" for text in plan.refusals]
    if comments:
        comments.append("\n")
    sql = (str(step.ddl().compile(dialect=dialect)) for step in plan.steps)
    return "".join([*comments, *(f"{_readable(text, dialect)};\n\n" for text in sql)])


def _readable(sql: str, dialect: Dialect) -> str:
    if dialect.paramstyle in ("format", "pyformat"):
        # Doubled for the driver, which takes one away.
        sql = sql.replace("%%", "%")
    lines = (line.rstrip() for line in sql.strip().splitlines())
    return "\n".join("  " + line[1:] if line[:1] == "\t" else line for line in lines)
