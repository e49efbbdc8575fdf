"""Better Auth for Flask."""

from __future__ import annotations

from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.endpoint import endpoint
from flask_better_auth.endpoints.hooks import Hook
from flask_better_auth.endpoints.hooks import for_endpoints
from flask_better_auth.endpoints.page import Done
from flask_better_auth.endpoints.page import Form
from flask_better_auth.endpoints.page import Page
from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.errors import APIError
from flask_better_auth.errors import BetterAuthError
from flask_better_auth.errors import ErrorCode
from flask_better_auth.errors import OptionsError
from flask_better_auth.errors import PluginError
from flask_better_auth.errors import SchemaError
from flask_better_auth.errors import UnsafeMigration
from flask_better_auth.extension import BetterAuth
from flask_better_auth.models import AccountMixin
from flask_better_auth.models import SessionMixin
from flask_better_auth.models import UserMixin
from flask_better_auth.models import VerificationMixin
from flask_better_auth.runtime.context import Context
from flask_better_auth.sessions.view import SessionView
from flask_better_auth.signals import password_changed
from flask_better_auth.signals import session_refreshed
from flask_better_auth.signals import session_revoked
from flask_better_auth.signals import user_signed_in
from flask_better_auth.signals import user_signed_out
from flask_better_auth.signals import user_signed_up
from flask_better_auth.web.current import current_session
from flask_better_auth.web.current import current_user
from flask_better_auth.web.guards import fresh_login_required
from flask_better_auth.web.guards import login_required
from flask_better_auth.wire import Wire

__all__ = [
    "APIError",
    "AccountMixin",
    "BetterAuth",
    "BetterAuthError",
    "Context",
    "Done",
    "ErrorCode",
    "Form",
    "Hook",
    "OptionsError",
    "Page",
    "Plugin",
    "PluginError",
    "Reply",
    "SchemaError",
    "SessionMixin",
    "SessionView",
    "UnsafeMigration",
    "UserMixin",
    "VerificationMixin",
    "Wire",
    "current_session",
    "current_user",
    "endpoint",
    "for_endpoints",
    "fresh_login_required",
    "login_required",
    "password_changed",
    "session_refreshed",
    "session_revoked",
    "user_signed_in",
    "user_signed_out",
    "user_signed_up",
]
