"""A request as endpoints see it, and the answer they give."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from enum import Enum
from typing import Any

from flask_better_auth.sessions.cookies import CookieChanges
from flask_better_auth.sessions.cookies import RequestCookies
from flask_better_auth.sessions.engine import Resolution


class Undefined(Enum):
    """The body of a request that has none; ``null`` is None."""

    UNDEFINED = "undefined"


UNDEFINED = Undefined.UNDEFINED


class Door(Enum):
    """How a call came in."""

    JSON = "json"
    #: A form of ours whose CSRF token was checked.
    PAGE = "page"
    #: The app's own code, which is trusted.
    SERVER = "server"


def _no_origin() -> str | None:
    return None


_NOBODY = Resolution(None, "none")


@dataclass(slots=True)
class RequestState:
    """What one HTTP request has found out about its session so far.

    Shared by everything that serves the request, so that the session is resolved
    once; `changes` are the cookie changes that still have to reach the browser.
    """

    cookies: RequestCookies
    resolution: Resolution | None = None
    authoritative: bool = False
    """The resolution did not come from the cookie cache."""
    changes: CookieChanges = field(default_factory=CookieChanges)
    on_resolved: Callable[[Resolution], None] | None = None
    """Told of each resolution, also when somebody signs in or out."""

    def remember(self, resolution: Resolution | None) -> None:
        """Make *resolution* what is known; None when nothing is, any more."""
        self.resolution = resolution
        self.authoritative = resolution is not None and resolution.source != "cache"
        if self.on_resolved is not None:
            self.on_resolved(resolution or _NOBODY)


@dataclass(slots=True)
class Call:
    """One call of an endpoint.

    Attributes:
        method: HTTP method.
        path: below the mount, without a trailing slash: ``/sign-in/email``.
        body: parsed JSON or form, or ``UNDEFINED``.
        query: a string for a key given once, a list for one given several times.
        params: from the path.
        headers: of the request; look-ups ignore case.
        state: cookies and session of the request.
        ip_address: of the client, IPv6 cut to its network; ``""`` if unknown.
        find_origin: works out scheme, host and port that the request was sent to.
        door: how it came in.
        request: the framework's request, for callbacks that ask for it.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    state: RequestState
    body: Any = UNDEFINED
    query: Mapping[str, str | list[str]] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    ip_address: str = ""
    find_origin: Callable[[], str | None] = _no_origin
    door: Door = Door.SERVER
    request: Any = None

    @property
    def origin(self) -> str | None:
        """Scheme, host and port that the request was sent to, if known."""
        return self.find_origin()


@dataclass(slots=True)
class Reply:
    """What goes back.

    Attributes:
        status: HTTP status.
        body: a value in wire form, or ``UNDEFINED`` for an empty body.
        headers: without cookies.
        cookies: changes to the browser's cookies.
        content_type: of the body; JSON unless said otherwise.
        text: a body that is sent as it is, instead of JSON.
        template: a page below ``better_auth/`` that is the body, drawn with `values`.
    """

    status: int = 200
    body: Any = UNDEFINED
    headers: dict[str, str] = field(default_factory=dict)
    cookies: CookieChanges = field(default_factory=CookieChanges)
    content_type: str | None = "application/json"
    text: str | None = None
    template: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
