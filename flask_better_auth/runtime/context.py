"""What a handler, a guard or a hook works with."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from typing import NoReturn

from blinker import NamedSignal
from sqlalchemy.orm import Session

from flask_better_auth.endpoints.call import Call
from flask_better_auth.endpoints.call import Door
from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.endpoints.origins import is_trusted
from flask_better_auth.errors import INVALID_CALLBACK_URL
from flask_better_auth.errors import APIError
from flask_better_auth.errors import Redirect
from flask_better_auth.models import fields_of
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.runtime.callbacks import invoke
from flask_better_auth.runtime.origin_check import check_form
from flask_better_auth.runtime.unit import UnitOfWork
from flask_better_auth.runtime.unit import run_effects
from flask_better_auth.sessions.cookies import CookieChange
from flask_better_auth.sessions.cookies import CookieChanges
from flask_better_auth.sessions.engine import Resolution
from flask_better_auth.sessions.view import SessionView
from flask_better_auth.signals import session_refreshed

#: Security-relevant events, without secrets: who, what, from where.
audit_log = logging.getLogger("flask_better_auth.audit")


class Context:
    """One call of one endpoint.

    Attributes:
        auth: everything about the app's authentication.
        endpoint: what was called.
        call: the request.
        reply: the answer in the making; its headers and cookies are sent whether the
            handler succeeds or raises an ``APIError``.
        now: the moment of the call, in UTC.
        new_session: the session that this call started, or None.
        unit: the work in the app's session.
        returned: in an after-hook, what the handler returned or raised.
    """

    def __init__(self, auth: Auth, endpoint: Endpoint[Any], call: Call) -> None:
        self.auth = auth
        self.endpoint = endpoint
        self.call = call
        self.reply = Reply()
        self.now: datetime = auth.clock()
        self.new_session: SessionView | None = None
        self.returned: Any = None
        self.effects: list[Callable[[], None]] = []
        self.unit = UnitOfWork(self)
        self._may_release = False
        self._before_sign_in: tuple[Resolution | None, list[CookieChange]] | None = None

    # -- data ----------------------------------------------------------------------

    @property
    def db_session(self) -> Session:
        """The app's SQLAlchemy session; committed once, after the handler."""
        return self.auth.database.session

    def allow_release(self) -> None:
        """Let :meth:`release_connection` work: nobody else's work is pending."""
        self._may_release = not self.auth.database.is_busy()

    def release_connection(self) -> None:
        """Give the database connection back before something slow.

        Does nothing when that would commit what somebody else has begun.
        """
        if self._may_release:
            self.auth.database.release()

    def after_commit(self, effect: Callable[[], None]) -> None:
        """Run *effect* once the work is committed; never if it is rolled back."""
        self.effects.append(effect)

    def abandon(self) -> None:
        """Roll back the work, and nobody was signed in by it.

        A cookie must not outlive the row: its copy of the session would be believed.
        """
        self.unit.abandon()
        if self._before_sign_in is None:
            return
        known, cookies = self._before_sign_in
        later = CookieChanges(self.reply.cookies)
        for name in self.auth.sessions.cookie_names:
            later.discard(name)
        added = [change for change in later if change not in cookies]
        self.reply.cookies = CookieChanges([*cookies, *added])
        self._before_sign_in = self.new_session = None
        self.call.state.remember(known)

    def signal(self, signal: NamedSignal, **payload: Any) -> None:
        """Send *signal* after the commit."""
        if signal.receivers:
            sender = self.auth.sender
            self.after_commit(lambda: _ignore(signal.send(sender, **payload)))

    def audit(self, event: str, *, user_id: str | None = None) -> None:
        """Write *event* to the log ``flask_better_auth.audit`` after the commit."""
        self.after_commit(lambda: self.audit_now(event, user_id=user_id))

    def audit_now(self, event: str, *, user_id: str | None = None) -> None:
        """Write *event* at once: something was refused, and nothing will commit."""
        address = self.call.ip_address
        audit_log.info("%s user=%s ip=%s", event, user_id or "-", address or "-")

    def invoke(self, callback: Callable[..., Any], **data: Any) -> Any:
        """What the app's *callback* returns for *data*."""
        return invoke(callback, request=self.call.request, **data)

    # -- session -------------------------------------------------------------------

    def session(
        self, *, authoritative: bool = False, refresh: bool = True
    ) -> SessionView | None:
        """The session of the request, found once; a due refresh happens here.

        With *authoritative* the cookie cache is not believed, not even one that was
        believed earlier in this request.
        """
        return self.resolve(authoritative=authoritative, refresh=refresh).view

    def resolve(
        self, *, authoritative: bool = False, refresh: bool = True
    ) -> Resolution:
        """The same, with where it came from."""
        state, query = self.call.state, self.call.query
        authoritative = authoritative or bool(query.get("disableCookieCache"))
        if state.resolution is not None and (state.authoritative or not authoritative):
            return state.resolution
        resolution = self.auth.sessions.resolve(
            state.cookies,
            self.auth.session_records,
            now=self.now,
            use_cache=not authoritative,
            refresh=refresh and not query.get("disableRefresh"),
        )
        self._remember(resolution)
        self.reply.cookies.extend(resolution.cookie_changes)
        return resolution

    def _remember(self, resolution: Resolution) -> None:
        self.call.state.remember(resolution)
        if resolution.refreshed:
            announce_refresh(self.auth.sender, resolution)

    def start_session(
        self,
        user: Any,
        *,
        remember: bool | None = None,
        values: dict[str, Any] | None = None,
    ) -> SessionView:
        """Insert a session for *user* and sign the browser in with it.

        *remember* false makes it end with the browser; None keeps the browser's
        earlier choice for the cookies. *values* are further columns.
        """
        engine, call = self.auth.sessions, self.call
        lifetime = engine.lifetime(remembered=remember is not False)
        row = self.auth.session_records.create(
            user.id,
            expires_at=self.now + lifetime,
            now=self.now,
            ip_address=call.ip_address,
            user_agent=call.headers.get("User-Agent", ""),
            values=values,
        )
        view = SessionView(fields_of(type(row)).to_wire(row), self.user_wire(user))
        self.sign_in(view, remember=remember)
        self.new_session = view
        return view

    def sign_in(self, view: SessionView, *, remember: bool | None = None) -> None:
        """Make *view* the browser's session: cookies now, and this request's.

        Both are taken back if the work is not committed.
        """
        if self._before_sign_in is None:
            self._before_sign_in = (self.call.state.resolution, [*self.reply.cookies])
        self.reply.cookies.extend(
            self.auth.sessions.start(
                view, self.call.state.cookies, now=self.now, remembered=remember
            )
        )
        self._remember(Resolution(view, "store"))

    def sign_out(self) -> None:
        """Remove the session cookies, and nobody is signed in for this request."""
        self.reply.cookies.extend(self.auth.sessions.clear(self.call.state.cookies))
        self._remember(Resolution(None, "none"))

    def user_wire(self, user: Any) -> dict[str, Any]:
        """*user* as answers show it."""
        return fields_of(type(user)).to_wire(user)

    # -- reply ---------------------------------------------------------------------

    def set_header(self, name: str, value: str) -> None:
        """Send the header *name* with the answer."""
        self.reply.headers[name] = value

    def is_trusted_url(self, url: str) -> bool:
        """Whether a browser may be sent to *url*."""
        call = self.call
        origins = self.auth.trusted_origins(call.origin, call.request)
        return is_trusted(url, origins, allow_relative=True)

    def redirect(self, url: str) -> NoReturn:
        """Answer with a redirect to *url*, which is checked once more.

        Raises:
            APIError: INVALID_CALLBACK_URL; the target is not trusted.
        """
        if not self.is_trusted_url(url):
            raise APIError(403, INVALID_CALLBACK_URL)
        raise Redirect(url)

    def require_same_origin(self) -> None:
        """Refuse a browser that another site's page asked to call.

        Raises:
            APIError: 403 with the code for what was wrong.
        """
        check_form(self.auth, self.call)

    @property
    def from_browser(self) -> bool:
        """Whether a client called, not the app's own code."""
        return self.call.door is not Door.SERVER


def announce_refresh(sender: Any, resolution: Resolution) -> None:
    """Send ``session_refreshed``; a receiver that fails is logged and stops nothing."""
    if session_refreshed.receivers:
        view = resolution.view
        run_effects([lambda: _ignore(session_refreshed.send(sender, session=view))])


def _ignore(result: object) -> None:
    """Drop what the receivers of a signal return."""
