"""``flask better-auth …``: tables, keys, a first app.

Registered through the entry point group ``flask.commands``, so it is there in every
Flask app of the environment.
"""

from __future__ import annotations

from flask.cli import AppGroup

from flask_better_auth.cli.first_app import init
from flask_better_auth.cli.info import info
from flask_better_auth.cli.secret import secret
from flask_better_auth.cli.tables import generate
from flask_better_auth.cli.tables import migrate

__all__ = ["group"]

group = AppGroup(
    "better-auth", help="Accounts and sessions: tables, keys, a first app."
)

for command in (migrate, generate, init, secret, info):
    group.add_command(command)
