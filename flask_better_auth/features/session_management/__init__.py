"""Who is signed in where: read, list and end sessions."""

from __future__ import annotations

from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.features.session_management.endpoints import get_session
from flask_better_auth.features.session_management.endpoints import list_sessions
from flask_better_auth.features.session_management.endpoints import (
    revoke_other_sessions,
)
from flask_better_auth.features.session_management.endpoints import revoke_session
from flask_better_auth.features.session_management.endpoints import revoke_sessions
from flask_better_auth.features.session_management.endpoints import sign_out
from flask_better_auth.features.session_management.pages import NOTICES
from flask_better_auth.features.session_management.pages import PAGES

session_management = Plugin(
    id="session-management",
    endpoints=(
        get_session,
        sign_out,
        list_sessions,
        revoke_session,
        revoke_sessions,
        revoke_other_sessions,
    ),
    pages=PAGES,
    notices=NOTICES,
)
