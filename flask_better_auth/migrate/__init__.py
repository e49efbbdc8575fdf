"""Bringing a live database up to the models: plan, show, apply.

Only ever adds tables, columns and indexes.
"""

from __future__ import annotations

from flask_better_auth.errors import UnsafeMigration
from flask_better_auth.migrate.apply import apply_plan
from flask_better_auth.migrate.apply import migrate
from flask_better_auth.migrate.autogenerate import render_type
from flask_better_auth.migrate.check import schema_findings
from flask_better_auth.migrate.plan import Plan
from flask_better_auth.migrate.plan import make_plan
from flask_better_auth.migrate.plan import whole_schema
from flask_better_auth.migrate.render import count
from flask_better_auth.migrate.render import describe
from flask_better_auth.migrate.render import remarks
from flask_better_auth.migrate.render import render_sql
from flask_better_auth.migrate.revision import write_revision

__all__ = [
    "Plan",
    "UnsafeMigration",
    "apply_plan",
    "count",
    "describe",
    "make_plan",
    "migrate",
    "remarks",
    "render_sql",
    "render_type",
    "schema_findings",
    "whole_schema",
    "write_revision",
]
