"""Sign-out, and the session centre."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.page import Done
from flask_better_auth.endpoints.page import Form
from flask_better_auth.endpoints.page import Page
from flask_better_auth.features.session_management.devices import describe_device
from flask_better_auth.features.session_management.endpoints import (
    revoke_other_sessions,
)
from flask_better_auth.features.session_management.endpoints import revoke_session
from flask_better_auth.features.session_management.endpoints import revoke_sessions
from flask_better_auth.features.session_management.endpoints import sign_out
from flask_better_auth.runtime.context import Context


def _after_sign_out(ctx: Context, reply: Reply) -> Done:
    url = ctx.auth.options.pages.after_sign_out
    return Done(url=url) if url else Done(page="sign_in", notice="signed_out")


def _after_revoke(ctx: Context, reply: Reply) -> Done:
    if ctx.session() is None:
        return Done(page="sign_in", notice="signed_out")
    return Done(page="sessions", notice="session_revoked")


def _after_revoke_others(ctx: Context, reply: Reply) -> Done:
    return Done(page="sessions", notice="others_revoked")


def _after_revoke_all(ctx: Context, reply: Reply) -> Done:
    return Done(page="sign_in", notice="signed_out_everywhere")


def _token_of(ctx: Context, values: dict[str, Any]) -> dict[str, Any]:
    """The endpoint's body for a session *id*: no page ever holds a token."""
    view = ctx.session()
    rows = (
        ctx.auth.session_records.list_active(view.user.id, now=ctx.now) if view else []
    )
    wanted = values.get("sessionId")
    return {"token": next((row.token for row in rows if row.id == wanted), "")}


def _sessions(ctx: Context) -> Mapping[str, Any]:
    view = ctx.session()
    if view is None:
        return {"sessions": []}
    rows = ctx.auth.session_records.list_active(view.user.id, now=ctx.now)
    shown = [_shown(row, current=row.token == view.session.token) for row in rows]
    shown.sort(key=lambda one: one["last_active_at"], reverse=True)
    shown.sort(key=lambda one: not one["is_current"])
    return {"sessions": shown}


def _shown(row: Any, *, current: bool) -> dict[str, Any]:
    device = describe_device(row.user_agent or "")
    return {
        "id": row.id,
        "device": device.label,
        "device_kind": device.kind,
        "browser": device.browser,
        "os": device.os,
        "ip_address": row.ip_address or "",
        "created_at": row.created_at,
        "last_active_at": row.updated_at,
        "expires_at": row.expires_at,
        "is_current": current,
    }


PAGES = (
    Page(
        name="sign_out",
        path="/sign-out",
        template="sign_out.html",
        title="Sign out",
        forms=(Form("sign_out", submit=sign_out, fields=(), done=_after_sign_out),),
    ),
    Page(
        name="sessions",
        path="/sessions",
        template="sessions.html",
        title="Your sessions",
        signed_in=True,
        fresh=True,
        load=_sessions,
        forms=(
            Form(
                "revoke",
                submit=revoke_session,
                fields=("session_id",),
                body=_token_of,
                done=_after_revoke,
            ),
            Form(
                "revoke_others",
                submit=revoke_other_sessions,
                fields=(),
                done=_after_revoke_others,
            ),
            Form(
                "revoke_all",
                submit=revoke_sessions,
                fields=(),
                done=_after_revoke_all,
            ),
        ),
    ),
)

NOTICES = {
    "signed_out": "You are signed out.",
    "signed_out_everywhere": "You are signed out on all your devices.",
    "session_revoked": "That device is signed out.",
    "others_revoked": "All your other devices are signed out.",
}
