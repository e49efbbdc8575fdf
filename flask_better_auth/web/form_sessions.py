"""Flask's session where only our forms need it."""

from __future__ import annotations

from flask import Flask
from flask import Request
from flask.sessions import SecureCookieSession
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from flask_better_auth.runtime.auth import Auth


class FormSessionInterface(SecureCookieSessionInterface):
    """Flask's session for our pages, in an app that has no ``SECRET_KEY``.

    Flask-WTF keeps the forms' tokens in Flask's session, which needs a key: here one
    derived from our secret. The app's own views have no session, as before, and do
    not pay for one; once the app sets a ``SECRET_KEY`` that counts everywhere.
    """

    def __init__(self, auth: Auth) -> None:
        self._prefix = auth.options.pages.prefix
        self._key = auth.keys.derive("flask-session").hex()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session, or None where the app could not have one either."""
        if not app.secret_key and not request.path.startswith(self._prefix):
            return None
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's serializer, with our derived key unless the app has one."""
        if app.secret_key:
            return super().get_signing_serializer(app)
        return URLSafeTimedSerializer(
            self._key,
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={
                "key_derivation": self.key_derivation,
                "digest_method": self.digest_method,
            },
        )


def serve_forms_without_key(app: Flask, auth: Auth) -> None:
    """Give *app* the interface above if it has neither a key nor one of its own."""
    if app.secret_key:
        return
    # Flask-WTF asks for the app's key, wherever its sessions are, unless given one.
    app.config.setdefault("WTF_CSRF_SECRET_KEY", auth.keys.derive("form-tokens").hex())
    if type(app.session_interface) is SecureCookieSessionInterface:
        app.session_interface = FormSessionInterface(auth)
