"""Did the browser send this because one of our own pages asked it to?

Source: core-security.md §1.2-1.3 (better-auth api/middlewares/origin-check.ts)
"""

from __future__ import annotations

from typing import Any

from flask_better_auth.endpoints.call import Call
from flask_better_auth.endpoints.call import Door
from flask_better_auth.endpoints.origins import is_trusted
from flask_better_auth.endpoints.origins import is_url
from flask_better_auth.endpoints.origins import origin_of
from flask_better_auth.errors import CROSS_SITE_NAVIGATION_LOGIN_BLOCKED
from flask_better_auth.errors import INVALID_CALLBACK_URL
from flask_better_auth.errors import INVALID_ERROR_CALLBACK_URL
from flask_better_auth.errors import INVALID_NEW_USER_CALLBACK_URL
from flask_better_auth.errors import INVALID_ORIGIN
from flask_better_auth.errors import INVALID_REDIRECT_URL
from flask_better_auth.errors import MISSING_OR_NULL_ORIGIN
from flask_better_auth.errors import APIError
from flask_better_auth.runtime.auth import Auth

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: Body field -> (label in messages, error).
_URL_FIELDS = {
    "callbackURL": ("callbackURL", INVALID_CALLBACK_URL),
    "redirectTo": ("redirectURL", INVALID_REDIRECT_URL),
    "errorCallbackURL": ("errorCallbackURL", INVALID_ERROR_CALLBACK_URL),
    "newUserCallbackURL": ("newUserCallbackURL", INVALID_NEW_USER_CALLBACK_URL),
}


def check_request(auth: Auth, call: Call) -> None:
    """Refuse an unsafe request of another site, and foreign callback URLs.

    Where the options switch that off, a callback URL must still be a URL.

    Raises:
        APIError: 403 with the code for what was wrong; 400 for a URL that is no
            string.
    """
    if call.method in _SAFE:
        return
    if not _skips_headers(auth, call) and call.state.cookies.present:
        _check_origin(auth, call)
    if _skips_urls(auth, call):
        _check_form_of_urls(call)
    else:
        _check_urls(auth, call)


def check_form(auth: Auth, call: Call) -> None:
    """The stricter check of sign-in and sign-up, which also counts without cookies.

    It keeps another site from signing a browser in as somebody else.

    Raises:
        APIError: 403, as :func:`check_request`, or
            CROSS_SITE_NAVIGATION_LOGIN_BLOCKED.
    """
    if call.door is not Door.JSON or _skips_headers(auth, call):
        return
    headers = call.headers
    if call.state.cookies.present:
        _check_origin(auth, call)
        return
    fetch = {
        name: (headers.get(f"Sec-Fetch-{name}") or "").strip()
        for name in ("Site", "Mode", "Dest")
    }
    if any(fetch.values()):
        if fetch["Site"] == "cross-site" and fetch["Mode"] == "navigate":
            raise APIError(403, CROSS_SITE_NAVIGATION_LOGIN_BLOCKED)
        _check_origin(auth, call)
    elif headers.get("Origin") or headers.get("Referer"):
        _check_origin(auth, call)


def _skips_headers(auth: Auth, call: Call) -> bool:
    # A page's form carries a token of ours, which is the better proof.
    if call.door is not Door.JSON or auth.options.advanced.disable_csrf_check:
        return True
    return _skips_urls(auth, call)


def _skips_urls(auth: Auth, call: Call) -> bool:
    skipped = auth.options.advanced.disable_origin_check
    if isinstance(skipped, bool):
        return skipped
    return any(
        call.path == path or call.path.startswith(f"{path.rstrip('/')}/")
        for path in skipped
    )


def _check_origin(auth: Auth, call: Call) -> None:
    headers = call.headers
    origin = headers.get("Origin") or headers.get("Referer") or ""
    if origin == "null" and headers.get("Sec-Fetch-Site") == "same-origin":
        origin = call.origin or ""
    if not origin or origin == "null":
        raise APIError(403, MISSING_OR_NULL_ORIGIN)
    origins = auth.trusted_origins(call.origin, call.request)
    # A Referer is a whole address; its origin is what counts.
    if not is_trusted(origin_of(origin) or origin, origins):
        raise APIError(403, INVALID_ORIGIN)


def _check_urls(auth: Auth, call: Call) -> None:
    given = _given_urls(call)
    if not given:
        return
    origins = auth.trusted_origins(call.origin, call.request)
    for name, value in given.items():
        label, error = _URL_FIELDS[name]
        if not isinstance(value, str):
            raise APIError(400, message=f"Invalid {label}: expected a string")
        if not is_trusted(value, origins, allow_relative=True):
            raise APIError(403, error)


def _check_form_of_urls(call: Call) -> None:
    """Refuse what no header can hold, where every target is welcome."""
    for name, value in _given_urls(call).items():
        if isinstance(value, str) and not is_url(value):
            raise APIError(403, _URL_FIELDS[name][1])


def _given_urls(call: Call) -> dict[str, Any]:
    body: dict[str, Any] = call.body if isinstance(call.body, dict) else {}
    given = {name: body.get(name) for name in _URL_FIELDS}
    given["callbackURL"] = given["callbackURL"] or call.query.get("callbackURL")
    return {name: value for name, value in given.items() if value}
