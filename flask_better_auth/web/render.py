"""Drawing the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask import render_template
from flask import session
from flask import url_for
from flask_wtf.csrf import generate_csrf

from flask_better_auth.endpoints.page import Page
from flask_better_auth.runtime.auth import Auth


def text(message: str, **values: Any) -> str:
    """*message* with its named placeholders filled in."""
    return message % values if values else message


class TemplateTools:
    """What the templates call ``better_auth``."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth
        passwords = auth.options.email_and_password
        self.app_name = auth.options.app_name
        self.min_password_length = passwords.min_password_length
        self.max_password_length = passwords.max_password_length
        self.lang = "en"
        self.dir = "ltr"

    def url(self, page: str, **query: Any) -> str:
        """The address of the page called *page*."""
        given = {name: value for name, value in query.items() if value}
        return url_for(f"better_auth_pages.{page}", **given)

    def has_page(self, page: str) -> bool:
        """Whether there is a page called *page*, and something to do there."""
        return self._auth.options.pages.enabled and self._auth.registry.offers(page)

    def static(self, filename: str) -> str:
        """The address of a file of ours."""
        return url_for("better_auth_assets.static", filename=filename)

    def has_forms(self) -> bool:
        """Whether the page being drawn may hold forms of ours.

        Their tokens need Flask's session: a page of the app has it when there is a
        ``SECRET_KEY``, our own pages always.
        """
        return not current_app.session_interface.is_null_session(session)

    def csrf_token(self) -> str:
        """The value of the hidden field ``csrf_token``."""
        token: str = generate_csrf()
        return token

    def slots(self, place: str) -> tuple[str, ...]:
        """Templates that plugins add at *place*."""
        return self._auth.registry.slots.get(place, ())


def render_page(template: str, *, page: Page | None = None, **values: Any) -> str:
    """The text of ``better_auth/<template>``; the app's own file wins."""
    context: Mapping[str, Any] = {
        "page": page or {"name": "error", "title": "Something went wrong"},
        "forms": {},
        "next": None,
        "notice": None,
        "home": "/",
    }
    return render_template(f"better_auth/{template}", **{**context, **values})
