"""``migrate`` and ``generate``: the database and what it lacks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from flask_better_auth.cli.state import current_auth
from flask_better_auth.cli.state import database_errors
from flask_better_auth.cli.state import say
from flask_better_auth.cli.state import shown_url
from flask_better_auth.errors import BetterAuthError
from flask_better_auth.migrate import Plan
from flask_better_auth.migrate import apply_plan
from flask_better_auth.migrate import describe
from flask_better_auth.migrate import describe_steps
from flask_better_auth.migrate import make_plan
from flask_better_auth.migrate import render_sql
from flask_better_auth.migrate import whole_schema
from flask_better_auth.migrate import write_revision
from flask_better_auth.runtime.auth import Auth
