"""Who may call an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_better_auth.errors import SESSION_NOT_FRESH
from flask_better_auth.errors import UNAUTHORIZED
from flask_better_auth.errors import APIError
from flask_better_auth.sessions.view import SessionView

if TYPE_CHECKING:
    from flask_better_auth.runtime.context import Context


def signed_in(ctx: Context) -> None:
    """Somebody is signed in; the cookie cache is believed.

    Raises:
        APIError: 401 UNAUTHORIZED.
    """
    if ctx.session() is None:
        raise APIError(401, UNAUTHORIZED)


def sensitive(ctx: Context) -> None:
    """Somebody is signed in, and the session was read from the store just now.

    Raises:
        APIError: 401 UNAUTHORIZED.
    """
    if ctx.session(authoritative=True) is None:
        raise APIError(401, UNAUTHORIZED)


def live(ctx: Context) -> None:
    """Somebody is signed in; a session that the cookie cache tells of is still there.

    For what must not outlive the session, but may show what the cookie cache holds.

    Raises:
        APIError: 401 UNAUTHORIZED; cookies of a session that was ended are removed.
    """
    resolution = ctx.resolve()
    view = resolution.view
    if view is not None and resolution.source == "cache":
        found = ctx.auth.session_records.find(view.session.token)
        if found is None or SessionView(*found).session.expires_at < ctx.now:
            ctx.sign_out()
            view = None
    if view is None:
        raise APIError(401, UNAUTHORIZED)


def fresh(ctx: Context) -> None:
    """Somebody signed in not long ago.

    Raises:
        APIError: 401 UNAUTHORIZED; 403 SESSION_NOT_FRESH.
    """
    view = ctx.session()
    if view is None:
        raise APIError(401, UNAUTHORIZED)
    if not ctx.auth.sessions.is_fresh(view, now=ctx.now):
        raise APIError(403, SESSION_NOT_FRESH)


def same_origin(ctx: Context) -> None:
    """A browser that calls was asked to by a page of a trusted origin.

    Raises:
        APIError: 403, see :mod:`flask_better_auth.runtime.origin_check`.
    """
    ctx.require_same_origin()
