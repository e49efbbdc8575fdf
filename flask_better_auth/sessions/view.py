"""A signed-in session as views and handlers see it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_better_auth.wire import read_wire_date
from flask_better_auth.wire import wire_name

_MOMENTS = frozenset({"created_at", "updated_at", "expires_at"})


class WireView:
    """Read-only attribute access, in snake_case, to an object in wire form.

    Fields of plugins and of the app read as attributes too; one that is not there
    raises ``AttributeError``.
    """

    __slots__ = ("wire",)

    id: str
    created_at: datetime
    updated_at: datetime

    def __init__(self, wire: Mapping[str, Any]) -> None:
        self.wire = wire

    def __getattr__(self, name: str) -> Any:
        try:
            value = self.wire[wire_name(name)]
        except KeyError:
            raise AttributeError(
                f"{type(self).__name__} has no field {name!r}"
            ) from None
        if name in _MOMENTS and isinstance(value, str):
            return read_wire_date(value)
        if isinstance(value, (dict, list)):
            # A view may be shared between requests.
            return copy.deepcopy(value)
        return value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.wire == other.wire

    def __hash__(self) -> int:
        return hash(self.wire.get("id"))

    def __repr__(self) -> str:
        # No more than the id: the wire form holds the session's token.
        return f"<{type(self).__name__} {self.wire.get('id')}>"


class UserView(WireView):
    """Who is signed in."""

    __slots__ = ()

    name: str
    email: str
    email_verified: bool
    image: str | None


class SessionInfo(WireView):
    """The session they are signed in with."""

    __slots__ = ()

    token: str
    user_id: str
    expires_at: datetime
    ip_address: str | None
    user_agent: str | None


class SessionView:
    """A session together with its user.

    Attributes:
        session: the session.
        user: whose it is.
    """

    __slots__ = ("session", "user")

    def __init__(self, session: Mapping[str, Any], user: Mapping[str, Any]) -> None:
        self.session = SessionInfo(session)
        self.user = UserView(user)

    def to_wire(self) -> dict[str, Any]:
        """The body of `/get-session`; a copy, so that hooks may change it."""
        return {"session": {**self.session.wire}, "user": {**self.user.wire}}

    def __repr__(self) -> str:
        return f"<SessionView user={self.user.wire.get('id')}>"
