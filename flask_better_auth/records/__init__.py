"""Every core SQL statement."""

from __future__ import annotations

from flask_better_auth.records.accounts import CREDENTIAL
from flask_better_auth.records.accounts import AccountRecords
from flask_better_auth.records.database import Database
from flask_better_auth.records.failures import hide_values
from flask_better_auth.records.failures import is_exhausted
from flask_better_auth.records.failures import is_passing
from flask_better_auth.records.failures import reason
from flask_better_auth.records.sessions import SessionRecords
from flask_better_auth.records.users import UserRecords
from flask_better_auth.records.users import normal_email

__all__ = [
    "CREDENTIAL",
    "AccountRecords",
    "Database",
    "SessionRecords",
    "UserRecords",
    "hide_values",
    "is_exhausted",
    "is_passing",
    "normal_email",
    "reason",
]
