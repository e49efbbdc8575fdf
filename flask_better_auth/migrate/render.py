"""A plan as text: for people, and as SQL."""

from __future__ import annotations

from sqlalchemy import Dialect

from flask_better_auth.migrate.plan import Plan


def describe(plan: Plan) -> list[str]:
    """One line for each step, then what is wrong with the database or the plan."""
    return [
        *(f"-> {step}" for step in plan.steps),
        *(f"warning: {text}" for text in plan.warnings),
        *(f"problem: {text}" for text in plan.problems),
        *(f"refused: {text}" for text in plan.refusals),
    ]


def render_sql(plan: Plan, dialect: Dialect) -> str:
    """The statements that applying *plan* runs, each ended by ``;`` and a blank line.

    What would be refused stands on top as comments.
    """
    comments = [f"-- refused: {text}\n" for text in plan.refusals]
    if comments:
        comments.append("\n")
    return "".join([*comments, *(f"{text};\n\n" for text in statements(plan, dialect))])


def statements(plan: Plan, dialect: Dialect) -> list[str]:
    """The SQL of each step."""
    return [
        _readable(str(step.ddl().compile(dialect=dialect)), dialect)
        for step in plan.steps
    ]


def _readable(sql: str, dialect: Dialect) -> str:
    if dialect.paramstyle in ("format", "pyformat"):
        # Doubled for the driver, which takes one away.
        sql = sql.replace("%%", "%")
    lines = (line.rstrip().replace("\t", "  ") for line in sql.strip().splitlines())
    return "\n".join(lines)
