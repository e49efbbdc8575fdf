"""Flask-WTF guards the pages; the JSON endpoints have the origin check."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask import current_app
from flask import request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError


def exempter(app: Flask, *blueprints: str) -> Callable[[], None]:
    """A before-request function that takes *blueprints* out of the app's CSRFProtect.

    It works whether that is initialised before us or after: it runs before the
    check of the first request. Our pages check their token themselves, since the
    check on Referer would refuse forms of pages that send none.
    """
    done = False

    def exempt() -> None:
        nonlocal done
        if done:
            return
        protect = app.extensions.get("csrf")
        if protect is not None:
            for name in blueprints:
                blueprint = app.blueprints.get(name)
                if blueprint is not None:
                    protect.exempt(blueprint)
        done = True

    return exempt


def csrf_error() -> str | None:
    """None if the form of the current request carries our token, else what is wrong."""
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return None
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError as error:
        return str(error)
    return None
