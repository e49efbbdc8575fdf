"""Who is signed in, for the app's own views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import cast

from flask import Flask
from flask import Request
from flask import Response
from flask import current_app
from flask import g
from flask import has_request_context
from flask import request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import Headers
from werkzeug.local import LocalProxy

from flask_better_auth.runtime.auth import EXTENSION
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.runtime.context import announce_refresh
from flask_better_auth.sessions.engine import Resolution
from flask_better_auth.sessions.view import SessionView
from flask_better_auth.web.bridge import cookie_headers
from flask_better_auth.web.bridge import request_state
from flask_better_auth.web.outage import unavailable
from flask_better_auth.web.routes import JSON_BLUEPRINT


def loader(auth: Auth, app: Flask) -> Callable[[Request], None]:
    """A before-request function that sets ``g.auth_session``.

    Without a session cookie it does no I/O; static files and our JSON endpoints,
    which find the session themselves, are left out.
    """
    cookie_name = auth.sessions.token_cookie_name
    engine, store, clock = auth.sessions, auth.session_records, auth.clock

    def load(current: Request) -> None:
        known = known_to_request()
        known["auth_session"] = None
        # An outer app context, as tests have, lends its `g` to several requests.
        known.pop("_better_auth", None)
        known.pop("_better_auth_user", None)
        if _is_skipped(current):
            known["_better_auth_skips"] = True
            return
        known.pop("_better_auth_skips", None)
        header = current.environ.get("HTTP_COOKIE")
        if header is None or cookie_name not in header:
            return
        now = clock()
        view = engine.glance(header, now=now)
        if view is not None:
            known["auth_session"] = view
            return
        state = request_state()
        try:
            resolution = engine.resolve(state.cookies, store, now=now)
        except SQLAlchemyError as error:
            raise unavailable(error) from error
        state.resolution = resolution
        state.authoritative = resolution.source != "cache"
        known["auth_session"] = resolution.view
        state.changes.extend(resolution.cookie_changes)
        if resolution.refreshed:
            announce_refresh(app, resolution)

    return load


def this_request() -> Request:
    """The request itself: each use of its proxy costs a good part of a microsecond."""
    found: Request = cast("LocalProxy[Request]", request)._get_current_object()
    return found


def known_to_request() -> dict[str, Any]:
    """What ``g`` holds, without its proxy."""
    known: dict[str, Any] = vars(cast("LocalProxy[Any]", g)._get_current_object())
    return known


def _is_skipped(current: Request) -> bool:
    endpoint = current.endpoint
    return (
        endpoint is None
        or endpoint.startswith(_JSON)
        or endpoint == "static"
        or endpoint.endswith(".static")
    )


_JSON = f"{JSON_BLUEPRINT}."


def writer(response: Response) -> Response:
    """Send the pending cookie changes, and keep caches from mixing people up.

    A response that depends on cookies says so with ``Vary``; one for somebody who is
    signed in is not to be stored, unless the view decided otherwise.
    """
    known = known_to_request()
    view = known.get("auth_session", _NOT_LOADED)
    if view is _NOT_LOADED or "_better_auth_skips" in known:
        return response
    headers = response.headers
    # One pass: asking for a header that is not there costs an exception inside.
    present = {name.lower() for name, _ in headers}
    if "vary" not in present or not _varies(headers):
        headers.add("Vary", "Cookie")
    state = known.get("_better_auth")
    changes = state.changes if state is not None else None
    if (view is not None or changes) and "cache-control" not in present:
        headers.add("Cache-Control", "no-store")
    if changes:
        headers.extend(cookie_headers(changes))
    return response


#: In place of a session, where the loader has not run.
_NOT_LOADED = object()


def _varies(headers: Headers) -> bool:
    """Whether caches are told that cookies matter, in one of several lines."""
    names = ",".join(headers.getlist("Vary")).lower().split(",")
    return not {"cookie", "*"}.isdisjoint(name.strip() for name in names)


def current_auth() -> Auth:
    """What the current app has.

    Raises:
        RuntimeError: it has no BetterAuth.
    """
    auth: Auth | None = current_app.extensions.get(EXTENSION)
    if auth is None:
        raise RuntimeError(
            "this Flask app has no BetterAuth: write BetterAuth(app), or "
            "auth.init_app(app) in its factory"
        )
    return auth


def current_session() -> SessionView | None:
    """The session of the current request, or None."""
    if not has_request_context():
        return None
    view: SessionView | None = g.get("auth_session")
    return view


def load_user() -> Any | None:
    """The model instance of whoever is signed in, from ``db.session``, or None."""
    view = current_session()
    if view is None:
        return None
    if "_better_auth_user" not in g:
        auth = current_auth()
        try:
            found = auth.users.get(view.user.id)
        except SQLAlchemyError as error:
            raise unavailable(error) from error
        if found is None:
            # Deleted while a copy in the cookie was believed: it is swept away.
            state = request_state()
            state.changes.extend(auth.sessions.clear(state.cookies))
            state.remember(Resolution(None, "none"))
        g._better_auth_user = found
    return g._better_auth_user


#: Whoever is signed in, as an instance of the app's user model; false when nobody is.
#: Loaded when first touched.
current_user: Any = LocalProxy(load_user)

#: The session of the current request, for templates; false when nobody is signed in.
session_proxy: Any = LocalProxy(current_session)
