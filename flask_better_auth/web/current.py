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
from flask_better_auth.sessions.view import SessionView
from flask_better_auth.web.bridge import cookie_headers
from flask_better_auth.web.bridge import request_state
from flask_better_auth.web.outage import unavailable
from flask_better_auth.web.routes import JSON_BLUEPRINT


def loader(auth: Auth, app: Flask) -> Callable[[], None]:
    """A before-request function that sets ``g.auth_session``.

    Without a session cookie it does no I/O; static files and our JSON endpoints,
    which find the session themselves, are left out.
    """
    cookie_name = auth.sessions.token_cookie_name
    engine, store, clock = auth.sessions, auth.session_records, auth.clock

    def load() -> None:
        # Looked up once: every use of a proxy costs a good part of a microsecond.
        current, state_of_app = _request(), _g()
        state_of_app.auth_session = None
        # An outer app context, as tests have, lends its `g` to several requests.
        state_of_app.pop("_better_auth", None)
        state_of_app.pop("_better_auth_user", None)
        header = current.environ.get("HTTP_COOKIE")
        if header is None or cookie_name not in header or _is_skipped(current):
            return
        state = request_state()
        try:
            resolution = engine.resolve(state.cookies, store, now=clock())
        except SQLAlchemyError as error:
            raise unavailable(error) from error
        state.resolution = resolution
        state.authoritative = resolution.source != "cache"
        state_of_app.auth_session = resolution.view
        if resolution.cookie_changes:
            state.changes.extend(resolution.cookie_changes)
        if resolution.refreshed:
            announce_refresh(app, resolution)

    return load


def _request() -> Request:
    found: Request = cast("LocalProxy[Request]", request)._get_current_object()
    return found


def _g() -> Any:
    return cast("LocalProxy[Any]", g)._get_current_object()


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
    current, state_of_app = _request(), _g()
    if _is_skipped(current) or "auth_session" not in state_of_app:
        return response
    headers = response.headers
    if "Vary" not in headers or not _varies(headers):
        headers.add("Vary", "Cookie")
    state = state_of_app.get("_better_auth")
    if state is None:
        return response
    changes = state.changes
    if (changes or state_of_app.auth_session) and "Cache-Control" not in headers:
        headers.add("Cache-Control", "no-store")
    if changes:
        headers.extend(cookie_headers(changes))
    return response


def _varies(headers: Headers) -> bool:
    """Whether caches are told that cookies matter, in one of several lines."""
    names = ",".join(headers.getlist("Vary")).lower().split(",")
    return not {"cookie", "*"}.isdisjoint(name.strip() for name in names)


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
        auth: Auth = current_app.extensions[EXTENSION]
        try:
            g._better_auth_user = auth.users.get(view.user.id)
        except SQLAlchemyError as error:
            raise unavailable(error) from error
    return g._better_auth_user


#: Whoever is signed in, as an instance of the app's user model; false when nobody is.
#: Loaded when first touched.
current_user: Any = LocalProxy(load_user)

#: The session of the current request, for templates; false when nobody is signed in.
session_proxy: Any = LocalProxy(current_session)
