"""Statements on the `account` table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy import select
from sqlalchemy import update

from flask_better_auth.models import Models
from flask_better_auth.records.database import Database

#: `provider_id` of an account with a password.
CREDENTIAL = "credential"


class AccountRecords:
    """Reads and writes the ways a user can sign in."""

    def __init__(self, database: Database, models: Models) -> None:
        self._database = database
        self._model = models.account

    def find_credential(self, user_id: str) -> Any | None:
        """The password account of the user; its `account_id` is the user's id."""
        model = self._model
        statement = select(model).where(
            model.user_id == user_id,
            model.provider_id == CREDENTIAL,
            model.account_id == user_id,
        )
        return self._database.session.scalars(statement).first()

    def create_credential(self, user_id: str, *, password: str, now: datetime) -> Any:
        """Insert a password account; *password* is a hash."""
        account = self._model(
            account_id=user_id,
            provider_id=CREDENTIAL,
            user_id=user_id,
            password=password,
            created_at=now,
            updated_at=now,
        )
        session = self._database.session
        session.add(account)
        session.flush()
        return account

    def set_password(
        self, account: Any, *, password: str, replacing: str, now: datetime
    ) -> bool:
        """Store the hash *password* if the stored one is still *replacing*.

        False when somebody else changed it meanwhile.
        """
        model = self._model
        statement = (
            update(model)
            .where(model.id == account.id, model.password == replacing)
            .values(password=password, updated_at=now)
        )
        result = self._database.session.execute(statement)
        assert isinstance(result, CursorResult)  # noqa: S101 - narrows the type
        return result.rowcount > 0
