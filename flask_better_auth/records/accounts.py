"""Statements on the `account` table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy import insert
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
        account = self._model(**_credential(user_id, password=password, now=now))
        session = self._database.session
        session.add(account)
        session.flush()
        return account

    def rehearse(self, user_id: str, *, password: str, now: datetime) -> None:
        """Insert such a row, to be rolled back; no listener of the app's hears it."""
        row = _credential(user_id, password=password, now=now)
        self._database.session.execute(insert(self._model).values(**row))

    def password_of(self, account_id: str) -> str | None:
        """The hash that is stored right now."""
        model = self._model
        statement = select(model.password).where(model.id == account_id)
        found: str | None = self._database.session.scalar(statement)
        return found

    def keeps_password(self, account_id: str, password: str) -> bool:
        """Whether the stored hash is *password*, and stays so until the commit.

        On SQLite, which has no such lock, call it once something was written.
        """
        model = self._model
        statement = (
            select(model.id)
            .where(model.id == account_id, model.password == password)
            .with_for_update(read=True)
        )
        return self._database.session.scalar(statement) is not None

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


def _credential(user_id: str, *, password: str, now: datetime) -> dict[str, Any]:
    return {
        "account_id": user_id,
        "provider_id": CREDENTIAL,
        "user_id": user_id,
        "password": password,
        "created_at": now,
        "updated_at": now,
    }
