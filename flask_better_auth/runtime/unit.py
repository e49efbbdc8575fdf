"""One endpoint's work in the app's session: committed once, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import AbstractContextManager
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from flask_better_auth.errors import APIError
from flask_better_auth.errors import Redirect
from flask_better_auth.records import Database

if TYPE_CHECKING:
    from sqlalchemy.orm import SessionTransaction

    from flask_better_auth.runtime.context import Context

log = logging.getLogger("flask_better_auth")

#: The app's own ``auth.transaction()`` of each database, and the effects that wait for
#: its end. Two apps with a database each may be at work within one another.
_open: ContextVar[tuple[tuple[Database, list[Callable[[], None]]], ...]] = ContextVar(
    "better_auth_transactions", default=()
)


class UnitOfWork:
    """From :meth:`begin` to :meth:`finish` or :meth:`abandon`.

    Attributes:
        owns: the app had nothing begun, so a roll-back takes nothing of its away.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._database = ctx.auth.database
        self._savepoint: SessionTransaction | None = None
        self._writes = ctx.endpoint.writes
        self.owns = False

    def begin(self) -> None:
        """Take note of what the app has begun, so as not to undo it."""
        if not self._writes:
            # Reading leaves nothing to undo; the app's own reading goes on.
            self.owns = self._ctx.from_browser
            return
        self.owns = not self._database.is_busy()
        if not self.owns:
            self._savepoint = self._database.savepoint()

    def keeps(self, error: APIError) -> bool:
        """Whether work is committed although *error* is the answer."""
        return isinstance(error, Redirect)

    def finish(self) -> None:
        """Commit, then let the effects go: signals, messages, log lines.

        Inside ``auth.transaction()`` both wait for its end.
        """
        effects, self._ctx.effects = self._ctx.effects, []
        waiting = _waiting(self._database)
        if self._savepoint is not None and self._savepoint.is_active:
            self._savepoint.commit()
        if waiting is not None:
            if self._writes:
                self._database.session.flush()
            waiting.extend(effects)
            return
        if self._writes and self._database.is_busy():
            self._database.session.commit()
        if effects:
            run_effects(effects)

    def abandon(self) -> None:
        """Roll back what this call did, and only that."""
        self._ctx.effects = []
        if self._savepoint is not None:
            if self._database.is_open(self._savepoint):
                self._savepoint.rollback()
        elif self.owns and self._database.is_busy():
            self._database.session.rollback()

    def restart(self) -> None:
        """Roll back what this call did, and let it go on."""
        self.abandon()
        if self._savepoint is not None:
            self._savepoint = self._database.savepoint()


def run_effects(effects: list[Callable[[], None]]) -> None:
    """Run each of *effects*; one that fails is logged and does not stop the others.

    The work is committed by now: no failure can undo it or change the answer.
    """
    for effect in effects:
        try:
            effect()
        except Exception:
            log.exception("an effect after the commit failed")


def _waiting(database: Database) -> list[Callable[[], None]] | None:
    """The effects that wait for the end of the app's transaction, if it has one."""
    return next((effects for owner, effects in _open.get() if owner is database), None)


@contextmanager
def transaction(
    database: Database, *, around: AbstractContextManager[None]
) -> Iterator[None]:
    """A unit of work of the app's own, around its rows and several calls.

    *around* is entered unless this one is within another, and sees what rolls it back.
    """
    if _waiting(database) is not None:
        yield
        return
    effects: list[Callable[[], None]] = []
    token = _open.set((*_open.get(), (database, effects)))
    try:
        with around:
            yield
            database.session.commit()
    except BaseException:
        database.session.rollback()
        raise
    finally:
        _open.reset(token)
    run_effects(effects)
