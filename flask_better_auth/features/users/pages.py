"""The account page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.page import Done
from flask_better_auth.endpoints.page import Form
from flask_better_auth.endpoints.page import Page
from flask_better_auth.features.users.endpoints import update_user
from flask_better_auth.runtime.context import Context


def _saved(ctx: Context, reply: Reply) -> Done:
    return Done(page="account", notice="profile_saved")


def _profile_body(ctx: Context, values: dict[str, Any]) -> dict[str, Any]:
    """An empty picture field removes the picture."""
    return {"name": values.get("name", ""), "image": values.get("image") or None}


def _current(ctx: Context) -> Mapping[str, Mapping[str, str]]:
    view = ctx.session()
    if view is None:
        return {}
    return {"profile": {"name": view.user.name, "image": view.user.image or ""}}


PAGES = (
    Page(
        name="account",
        path="/account",
        template="account.html",
        title="Your account",
        signed_in=True,
        values=_current,
        forms=(
            Form(
                "profile",
                submit=update_user,
                fields=("name", "image"),
                keep_empty=("name", "image"),
                body=_profile_body,
                done=_saved,
            ),
        ),
    ),
)

NOTICES = {"profile_saved": "Your profile is saved."}
