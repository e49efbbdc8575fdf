"""What people may change about themselves."""

from __future__ import annotations

from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.features.users.endpoints import update_user
from flask_better_auth.features.users.pages import NOTICES
from flask_better_auth.features.users.pages import PAGES

users = Plugin(id="users", endpoints=(update_user,), pages=PAGES, notices=NOTICES)
