"""The headers that lock an HTML page up."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from flask_better_auth.runtime.auth import Auth


def page_headers(auth: Auth) -> Callable[[Response], Response]:
    """An after-request function: HTML runs nothing foreign, is framed and kept nowhere.

    What a view has set stays.
    """
    policy = _policy(auth)

    def add(response: Response) -> Response:
        if response.mimetype != "text/html":
            return response
        headers = response.headers
        if policy:
            headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cache-Control", "no-store")
        return response

    return add


def _policy(auth: Auth) -> str | None:
    """The policy of the options, with forms allowed to lead to trusted origins.

    Chromium holds a redirect after a form against ``form-action`` too.
    """
    policy = auth.options.pages.content_security_policy
    origins = auth.options.trusted_origins
    if policy is None or callable(origins):
        return policy
    leading = [one for one in origins if one.startswith(("https://", "http://"))]
    return policy.replace(
        "form-action 'self'", " ".join(["form-action 'self'", *leading])
    )
