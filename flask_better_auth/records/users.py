"""Statements on the `user` table."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from flask_better_auth.crypto.tokens import random_string
from flask_better_auth.models import Models
from flask_better_auth.records.database import Database


class UserRecords:
    """Reads and writes users in the app's session."""

    def __init__(self, database: Database, models: Models) -> None:
        self._database = database
        self._model = models.user

    def find_by_email(self, email: str) -> Any | None:
        """The user with the address *email*, in whatever case it is given."""
        address = normal_email(email)
        statement = select(self._model).where(self._model.email == address)
        user = self._database.session.scalars(statement).first()
        # Some collations find accented or other look-alikes: those are other people.
        if user is None or normal_email(user.email) != address:
            return None
        return user

    def get(self, user_id: str) -> Any | None:
        """The user with *user_id*."""
        user = self._database.session.get(self._model, user_id)
        return user if user is not None and user.id == user_id else None

    def create(self, *, email: str, now: datetime, **values: Any) -> Any:
        """Insert a user; the address is stored in lower case.

        Raises:
            IntegrityError: the address (or another unique value) is taken.
        """
        user = self._model(
            email=normal_email(email), created_at=now, updated_at=now, **values
        )
        session = self._database.session
        session.add(user)
        session.flush()
        return user

    def rehearse(self, *, email: str, now: datetime, **values: Any) -> str:
        """Insert a row like that of *email*, to be rolled back; its id.

        The address is another one as long; no listener of the app's hears of it.
        """
        user_id = random_string()
        statement = insert(self._model).values(
            id=user_id,
            email=random_string(len(email)),
            created_at=now,
            updated_at=now,
            **values,
        )
        self._database.session.execute(statement)
        return user_id

    def update(self, user: Any, *, now: datetime, **values: Any) -> None:
        """Set *values* on *user*."""
        for name, value in values.items():
            setattr(user, name, value)
        user.updated_at = now
        # Written even if it stays: the column's default reads another clock.
        flag_modified(user, "updated_at")
        self._database.session.flush()


def normal_email(email: str) -> str:
    """The one form of an address that is stored and looked up."""
    return unicodedata.normalize("NFC", email).lower()
