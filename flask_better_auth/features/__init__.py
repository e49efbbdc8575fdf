"""The core, built as plugins are."""

from __future__ import annotations

from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.features.email_password import email_password
from flask_better_auth.features.session_management import session_management
from flask_better_auth.features.status import status
from flask_better_auth.features.users import users

#: What every app has.
CORE: tuple[Plugin, ...] = (email_password, session_management, users, status)
