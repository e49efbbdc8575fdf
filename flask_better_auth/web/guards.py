"""Decorators for views."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any
from typing import TypeVar

from flask import Response
from flask import current_app
from flask import redirect
from flask import request
from flask import url_for

from flask_better_auth.errors import SESSION_NOT_FRESH
from flask_better_auth.errors import UNAUTHORIZED
from flask_better_auth.errors import APIError
from flask_better_auth.runtime.dispatch import error_reply
from flask_better_auth.web.bridge import to_response
from flask_better_auth.web.current import current_auth
from flask_better_auth.web.current import known_to_request

F = TypeVar("F", bound=Callable[..., Any])


def login_required(view: F) -> F:
    """Let only people who are signed in reach *view*.

    Others: a browser gets a 303 to the sign-in page, which leads back here; anything
    else 401 ``UNAUTHORIZED`` in the protocol's shape.
    """
    return _guarded(view, _require_session)


def fresh_login_required(view: F) -> F:
    """Let only people reach *view* who signed in within ``session.fresh_age``.

    Others: a browser gets a 303 to the page that asks for the password again;
    anything else 403 ``SESSION_NOT_FRESH``.
    """
    return _guarded(view, _require_fresh)


def _guarded(view: F, refuse: Callable[[], Response | None]) -> F:
    is_async = inspect.iscoroutinefunction(view)

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        refused = refuse()
        if refused is not None:
            return refused
        if is_async:
            return current_app.ensure_sync(view)(*args, **kwargs)
        return view(*args, **kwargs)

    return guarded  # type: ignore[return-value]  # same signature, by wraps


def _require_session() -> Response | None:
    # `get`, so that a view that is called outside of a request's course is refused.
    if known_to_request().get("auth_session") is not None:
        return None
    return _refusal(APIError(401, UNAUTHORIZED), page="sign_in")


def _require_fresh() -> Response | None:
    view = known_to_request().get("auth_session")
    if view is None:
        return _require_session()
    auth = current_auth()
    if auth.sessions.is_fresh(view, now=auth.clock()):
        return None
    return _refusal(APIError(403, SESSION_NOT_FRESH), page="reauthenticate")


def _refusal(error: APIError, *, page: str) -> Response:
    auth = current_auth()
    if auth.options.pages.enabled and wants_html():
        # A form that was posted cannot be led back to: its fields are gone.
        back = None
        if request.method == "GET":
            back = request.script_root + request.full_path.rstrip("?")
        target = url_for(f"better_auth_pages.{page}", next=back)
        response = redirect(target, 303)
        assert isinstance(response, Response)  # noqa: S101 - narrows the type
        return response
    return to_response(error_reply(error))


def wants_html() -> bool:
    """Whether the client is a browser that shows a page.

    It says so in ``Accept``; a script's ``*/*`` gets JSON.
    """
    accept = request.headers.get("Accept")
    return accept is None or "text/html" in accept


def answer_api_error(error: APIError) -> Response:
    """The answer to an ``APIError`` that a view of the app let through."""
    return to_response(error_reply(error))
