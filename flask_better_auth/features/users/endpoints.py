"""`/update-user`."""

from __future__ import annotations

from typing import Any
from typing import ClassVar

from pydantic import ConfigDict

from flask_better_auth.endpoints.endpoint import endpoint
from flask_better_auth.endpoints.guards import live
from flask_better_auth.errors import EMAIL_CAN_NOT_BE_UPDATED
from flask_better_auth.errors import UNAUTHORIZED
from flask_better_auth.errors import APIError
from flask_better_auth.runtime.context import Context
from flask_better_auth.sessions.view import SessionView
from flask_better_auth.wire import OptionalText
from flask_better_auth.wire import Wire


class UpdateUser(Wire):
    """What to change; an `image` of null removes the picture."""

    shapes: ClassVar[tuple[str, ...]] = ("record",)
    model_config = ConfigDict(extra="allow")

    name: OptionalText = None
    image: str | None = None


@endpoint(
    "/update-user",
    body=UpdateUser,
    guards=(live,),
    errors=(EMAIL_CAN_NOT_BE_UPDATED, UNAUTHORIZED),
)
def update_user(ctx: Context, body: UpdateUser) -> dict[str, Any]:
    """Change the name or the picture of whoever is signed in."""
    if (body.model_extra or {}).get("email"):
        raise APIError(400, EMAIL_CAN_NOT_BE_UPDATED)
    changes = body.model_dump(include={"name", "image"} & body.model_fields_set)
    if not changes:
        raise APIError(400, message="No fields to update")
    view = ctx.session()
    user = ctx.auth.users.get(view.user.id) if view else None
    if view is None or user is None:
        raise APIError(401, UNAUTHORIZED)
    ctx.auth.users.update(user, now=ctx.now, **changes)
    # The copy in the browser's cookie must not go on showing the old values.
    ctx.sign_in(SessionView(view.session.wire, ctx.user_wire(user)))
    return {"status": True}
