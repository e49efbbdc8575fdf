"""``session``: how long people stay signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from typing import Literal

from pydantic import Field

from flask_better_auth.options.models import ModelOptions
from flask_better_auth.options.section import Duration
from flask_better_auth.options.section import PositiveDuration
from flask_better_auth.options.section import Section


class CookieCacheOptions(Section):
    """``session.cookie_cache``: a signed copy of the session in a cookie."""

    enabled: bool = False
    """Answer from the cookie while it is valid. A session that was revoked
    elsewhere is then believed for up to `max_age`."""

    max_age: PositiveDuration = timedelta(minutes=5)
    """How long the copy is believed."""

    strategy: Literal["compact"] = "compact"
    """Format of the cookie: JSON signed with HMAC-SHA256, as upstream."""

    version: str | Callable[..., str] = "1"
    """Raise it to drop every copy at once. A callable gets `session` and `user`
    (dicts in wire form)."""


class SessionOptions(ModelOptions):
    """``session``: lifetimes, refreshing, freshness and the cookie cache."""

    expires_in: PositiveDuration = timedelta(days=7)
    """How long a session lives after its last refresh."""

    update_age: Duration = timedelta(days=1)
    """How old a session must be before a use moves its expiry; 0 moves it at each
    use."""

    fresh_age: Duration = timedelta(days=1)
    """How long after sign-in a session counts as fresh; 0 means always."""

    disable_session_refresh: bool = False
    """Never move the expiry of a session."""

    cookie_cache: CookieCacheOptions = Field(default_factory=CookieCacheOptions)


def expected_version(
    version: str | Callable[..., str], session: dict[str, Any], user: dict[str, Any]
) -> str:
    """The version that a cookie copy of *session* and *user* must carry."""
    if callable(version):
        return version(session=session, user=user)
    return version
