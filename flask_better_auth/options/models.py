"""Names of tables and columns."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flask_better_auth.options.section import Section


class ModelOptions(Section):
    """Names for a core model: `user`, `session`, `account` or `verification`."""

    model_name: str | None = None
    """Name of the table instead of upstream's."""

    fields: dict[str, str] = Field(default_factory=dict)
    """Column names by field name: `{"email": "email_address"}`."""


class DatabaseOptions(Section):
    """``database``: how the tables are laid out."""

    casing: Literal["camel", "snake"] = "camel"
    """Column names: upstream's `emailVerified`, or `email_verified`. A Node app on
    the same database needs `camel`."""
