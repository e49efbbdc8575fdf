"""Is the server there, and what went wrong."""

from __future__ import annotations

from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.features.status.endpoints import error
from flask_better_auth.features.status.endpoints import ok

status = Plugin(id="status", endpoints=(ok, error))
