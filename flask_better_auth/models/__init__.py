"""The tables: mixins, column types, and the classes built from them."""

from __future__ import annotations

from flask_better_auth.models.build import Models
from flask_better_auth.models.build import build_models
from flask_better_auth.models.fields import Field
from flask_better_auth.models.fields import Fields
from flask_better_auth.models.fields import fields_of
from flask_better_auth.models.mixins import AccountMixin
from flask_better_auth.models.mixins import SessionMixin
from flask_better_auth.models.mixins import UserMixin
from flask_better_auth.models.mixins import VerificationMixin
from flask_better_auth.models.names import Names

__all__ = [
    "AccountMixin",
    "Field",
    "Fields",
    "Models",
    "Names",
    "SessionMixin",
    "UserMixin",
    "VerificationMixin",
    "build_models",
    "fields_of",
]
