"""`/get-session`, `/list-sessions`, `/sign-out`, `/revoke-…`."""

from __future__ import annotations

from typing import Any
from typing import ClassVar

from flask_better_auth.endpoints.endpoint import endpoint
from flask_better_auth.endpoints.guards import fresh
from flask_better_auth.endpoints.guards import live
from flask_better_auth.endpoints.guards import sensitive
from flask_better_auth.errors import FAILED_TO_GET_SESSION
from flask_better_auth.errors import METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED
from flask_better_auth.errors import SESSION_NOT_FRESH
from flask_better_auth.errors import UNAUTHORIZED
from flask_better_auth.errors import APIError
from flask_better_auth.models import fields_of
from flask_better_auth.runtime.context import Context
from flask_better_auth.sessions.view import SessionView
from flask_better_auth.signals import session_revoked
from flask_better_auth.signals import user_signed_out
from flask_better_auth.wire import Wire


class SignOut(Wire):
    """Nothing is needed."""

    required: ClassVar[bool] = False


class RevokeSession(Wire):
    """Which session to end."""

    token: str


@endpoint(
    "/get-session",
    methods=("GET", "POST"),
    reads_body=False,
    writes=False,
    no_store=True,
    errors=(FAILED_TO_GET_SESSION, METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED),
)
def get_session(ctx: Context) -> dict[str, Any] | None:
    """Tell who is signed in, or null; a session that is due is refreshed."""
    if ctx.call.method == "POST" and ctx.from_browser:
        raise APIError(405, METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED)
    resolution = ctx.resolve()
    if resolution.vanished:
        raise APIError(401, FAILED_TO_GET_SESSION)
    return resolution.view.to_wire() if resolution.view else None


@endpoint("/sign-out", body=SignOut)
def sign_out(ctx: Context, body: SignOut) -> dict[str, Any]:
    """End the session of this browser and remove its cookies, come what may."""
    token = ctx.auth.sessions.token(ctx.call.state.cookies)
    found = ctx.auth.session_records.find(token) if token else None
    if token and found:
        session, user = found
        ctx.auth.session_records.delete_own(token, user_id=user["id"])
        ctx.audit("user_signed_out", user_id=user["id"])
        ctx.signal(user_signed_out, user_id=user["id"], session_id=session["id"])
    ctx.sign_out()
    return {"success": True}


@endpoint(
    "/list-sessions",
    methods=("GET",),
    guards=(live, fresh),
    errors=(UNAUTHORIZED, SESSION_NOT_FRESH),
)
def list_sessions(ctx: Context) -> list[dict[str, Any]]:
    """List the live sessions of whoever is signed in."""
    records = ctx.auth.session_records
    rows = records.list_active(_own(ctx).user.id, now=ctx.now)
    return [fields_of(type(row)).to_wire(row) for row in rows]


@endpoint("/revoke-session", body=RevokeSession, guards=(sensitive,))
def revoke_session(ctx: Context, body: RevokeSession) -> dict[str, Any]:
    """End one session of whoever is signed in.

    The answer is the same for a token of somebody else or of nobody.
    """
    view = _own(ctx)
    records = ctx.auth.session_records
    _announce(ctx, view, records.delete_own(body.token, user_id=view.user.id))
    if body.token == view.session.token:
        ctx.sign_out()
    return {"status": True}


@endpoint("/revoke-sessions", guards=(sensitive,))
def revoke_sessions(ctx: Context) -> dict[str, Any]:
    """End every session of whoever is signed in, this one included."""
    view = _own(ctx)
    _announce(ctx, view, ctx.auth.session_records.delete_all(view.user.id))
    ctx.sign_out()
    return {"status": True}


@endpoint("/revoke-other-sessions", guards=(sensitive,))
def revoke_other_sessions(ctx: Context) -> dict[str, Any]:
    """End every session of whoever is signed in but this one."""
    view = _own(ctx)
    records = ctx.auth.session_records
    _announce(ctx, view, records.delete_all(view.user.id, but=view.session.token))
    return {"status": True}


def _own(ctx: Context) -> SessionView:
    view = ctx.session()
    if view is None:
        raise APIError(401, UNAUTHORIZED)
    return view


def _announce(ctx: Context, view: SessionView, ended: list[str]) -> None:
    if ended:
        ctx.audit("session_revoked", user_id=view.user.id)
        ctx.signal(session_revoked, user_id=view.user.id, session_ids=ended)
