"""The app's database: its session, and short connections beside it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any
from typing import Protocol
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy import Executable
from sqlalchemy import Row
from sqlalchemy import UpdateBase
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.orm import scoped_session
from sqlalchemy.pool import SingletonThreadPool
from sqlalchemy.pool import StaticPool

from flask_better_auth.records.failures import gave_way

T = TypeVar("T")

#: How often a single statement is tried that gave way to others.
_TRIES = 3


class HostDatabase(Protocol):
    """What we use of a Flask-SQLAlchemy object."""

    @property
    def session(self) -> scoped_session[Any]:
        """The session of the current app context."""

    @property
    def engines(self) -> Any:
        """Engines of the current app by bind key."""


class Database:
    """Access to the database that holds the *model*'s table.

    An endpoint works in :attr:`session`, the app's own ``db.session``. Session
    look-ups use :meth:`reading` and refreshes :meth:`short_transaction`, so that they
    neither hold a connection nor commit or roll back what the app has pending.
    """

    def __init__(self, db: HostDatabase, model: type[Any]) -> None:
        self.db = db
        self._bind_key = model.__table__.metadata.info.get("bind_key")

    @property
    def session(self) -> Session:
        """The app's session, begun or not."""
        session: Session = self.db.session()
        return session

    @property
    def engine(self) -> Engine:
        """The engine of the current app."""
        engine: Engine = self.db.engines[self._bind_key]
        return engine

    def is_busy(self) -> bool:
        """Whether the app's session is in a transaction already."""
        if not self.db.session.registry.has():
            return False
        session = self.session
        return session.in_transaction() or _has_pending(session)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with.

        The app's own while that is in a transaction, so that what it has flushed is
        seen; else one that goes back to the pool right after.
        """
        if self.is_busy():
            yield self.session.connection(bind_arguments={"bind": self.engine})
            return
        with self.engine.connect() as connection:
            yield connection

    def read(self, statement: Executable, values: Mapping[str, Any]) -> Row[Any] | None:
        """The first row of *statement*, by a connection as of :meth:`reading`."""

        def first() -> Row[Any] | None:
            with self.reading() as connection:
                return connection.execute(statement, values).first()

        return self._insisting(first)

    def write(self, statement: UpdateBase) -> int:
        """How many rows *statement* touched, in a :meth:`short_transaction`."""

        def count() -> int:
            with self.short_transaction() as connection:
                return connection.execute(statement).rowcount

        return self._insisting(count)

    def _insisting(self, act: Callable[[], T]) -> T:
        """What *act* returns; it is tried again when it gave way to somebody else.

        So is the first use of a connection that broke while it lay in the pool, as
        all do when the server is started anew. Within the app's own transaction
        nothing is tried again.
        """
        for _ in range(_TRIES - 1):
            try:
                return act()
            except SQLAlchemyError as error:
                if not gave_way(error) or self.is_busy():
                    raise
        return act()

    @contextmanager
    def short_transaction(self) -> Iterator[Connection]:
        """A connection whose work is committed at the end, whatever follows.

        While the app's session has written to a database that takes one writer, the
        work joins its transaction: another connection would wait for it in vain.
        """
        if self.is_busy() and self._has_one_writer():
            with self._joined() as connection:
                yield connection
            return
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _joined(self) -> Iterator[Connection]:
        """The connection of the app's session; committed if the app only read."""
        connection = self.session.connection(bind_arguments={"bind": self.engine})
        raw: Any = connection.connection.dbapi_connection
        # SQLite's driver begins at the first write: nothing of the app's is in there.
        is_ours = not getattr(raw, "in_transaction", True)
        try:
            yield connection
            if is_ours:
                # As a statement, so that a failure is one of SQLAlchemy's.
                connection.exec_driver_sql("COMMIT")
        except BaseException:
            if is_ours:
                raw.rollback()
            raise

    def savepoint(self) -> SessionTransaction:
        """A nested transaction in the app's session."""
        session = self.session
        if self.engine.dialect.name == "sqlite":
            # The driver begins at the first write, and a savepoint outside of a
            # transaction would commit when it is released.
            connection = session.connection(bind_arguments={"bind": self.engine})
            raw: Any = connection.connection.dbapi_connection
            if not raw.in_transaction:
                connection.exec_driver_sql("BEGIN")
        return session.begin_nested()

    def is_open(self, savepoint: SessionTransaction) -> bool:
        """Whether *savepoint* is still to be ended, also after a flush failed in it."""
        current = self.session.get_nested_transaction()
        while current is not None and current is not savepoint:
            current = current.parent
        return current is savepoint

    def release(self) -> None:
        """Give the connection back before something slow, if nothing is pending.

        Loaded objects stay usable.
        """
        session = self.session
        if not session.in_transaction() or _has_pending(session):
            return
        expires = session.expire_on_commit
        session.expire_on_commit = False
        try:
            session.commit()
        finally:
            session.expire_on_commit = expires

    def _has_one_writer(self) -> bool:
        engine = self.engine
        return engine.dialect.name == "sqlite" or isinstance(
            engine.pool, (StaticPool, SingletonThreadPool)
        )


def _has_pending(session: Session) -> bool:
    return bool(session.new or session.dirty or session.deleted)
