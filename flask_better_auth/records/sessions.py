"""Statements on the `session` table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update

from flask_better_auth.crypto.tokens import random_string
from flask_better_auth.models import Models
from flask_better_auth.models import fields_of
from flask_better_auth.records.database import Database

#: How many sessions a list shows at most, as upstream.
LIST_LIMIT = 100


class SessionRecords:
    """Reads and writes sessions; a :class:`~..sessions.engine.SessionStore`."""

    def __init__(self, database: Database, models: Models) -> None:
        self._database = database
        self._model = models.session
        self._user = models.user

    @cached_property
    def _find(self) -> Select[Any]:
        """One statement for a session and its user, built once."""
        columns = (*fields_of(self._model).columns, *fields_of(self._user).columns)
        return (
            select(*columns)
            .join_from(self._model, self._user, self._user.id == self._model.user_id)
            .where(self._model.token == bindparam("token"))
        )

    def find(self, token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The session with *token* and its user, in wire form, by one statement.

        Expired ones too.
        """
        row = self._database.read(self._find, {"token": token})
        if row is None:
            return None
        session_fields, user_fields = fields_of(self._model), fields_of(self._user)
        width = len(session_fields.returned)
        session = session_fields.row_to_wire(tuple(row[:width]))
        # A collation that ignores case finds tokens that were never issued.
        if session["token"] != token:
            return None
        return session, user_fields.row_to_wire(tuple(row[width:]))

    def extend(self, token: str, *, expires_at: datetime, now: datetime) -> bool:
        """Move the expiry of a session that is still there, at once and for good."""
        statement = (
            update(self._model)
            .where(self._model.token == token, self._model.expires_at >= now)
            .values(expires_at=expires_at, updated_at=now)
        )
        return self._database.write(statement) > 0

    def end(self, token: str) -> None:
        """Remove the session with *token*, at once and for good."""
        statement = delete(self._model).where(self._model.token == token)
        self._database.write(statement)

    def create(
        self,
        user_id: str,
        *,
        expires_at: datetime,
        now: datetime,
        ip_address: str,
        user_agent: str,
        values: Mapping[str, Any] | None = None,
    ) -> Any:
        """Insert a session with a new token of 32 letters and digits (190 bits)."""
        row = self._model(
            expires_at=expires_at,
            token=random_string(),
            created_at=now,
            updated_at=now,
            ip_address=ip_address,
            user_agent=user_agent,
            user_id=user_id,
            **(values or {}),
        )
        session = self._database.session
        session.add(row)
        session.flush()
        return row

    def list_active(self, user_id: str, *, now: datetime) -> list[Any]:
        """The user's live sessions, oldest first, a hundred at most."""
        model = self._model
        statement = (
            select(model)
            .where(model.user_id == user_id, model.expires_at > now)
            .order_by(model.created_at, model.id)
            .limit(LIST_LIMIT)
        )
        return list(self._database.session.scalars(statement))

    def delete_own(self, token: str, *, user_id: str) -> list[str]:
        """Delete the session with *token* if it belongs to the user; its id."""
        model = self._model
        return self._delete(model.token == token, model.user_id == user_id)

    def delete_all(self, user_id: str, *, but: str | None = None) -> list[str]:
        """Delete the user's sessions, or all *but* the one with that token.

        Returns their ids.
        """
        model = self._model
        others = (model.token != but,) if but is not None else ()
        return self._delete(model.user_id == user_id, *others)

    def _delete(self, *conditions: Any) -> list[str]:
        session = self._database.session
        ids = list(session.scalars(select(self._model.id).where(*conditions)))
        # By the conditions, not by the ids: one that was started meanwhile goes too.
        statement = delete(self._model).where(*conditions)
        session.execute(statement, execution_options={"synchronize_session": False})
        return ids
