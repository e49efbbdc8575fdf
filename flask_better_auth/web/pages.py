"""Pages as a Flask blueprint.

=================================  ================================================
request                            answer
=================================  ================================================
GET, allowed                       200 with the page
GET, not signed in where needed    303 to the sign-in page, with ``next``
GET, session not fresh             303 to the page that asks for the password
GET of sign-in while signed in     303 onward
POST, accepted                     303 onward; cookies of the endpoint's reply
POST, refused                      the page again with the error and its status
POST without our CSRF token        400 with the page and a hint to send it again
any, of a page that is not offered 404 with the error page
=================================  ================================================
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from flask import Blueprint
from flask import Response
from flask import make_response
from flask import redirect
from flask import request
from flask import url_for
from sqlalchemy.exc import SQLAlchemyError

from flask_better_auth.endpoints.call import Call
from flask_better_auth.endpoints.call import Door
from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.endpoints.page import Done
from flask_better_auth.endpoints.page import Form
from flask_better_auth.endpoints.page import Page
from flask_better_auth.errors import SERVICE_UNAVAILABLE
from flask_better_auth.errors import APIError
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.runtime.context import Context
from flask_better_auth.runtime.dispatch import error_reply
from flask_better_auth.runtime.dispatch import serve
from flask_better_auth.web.bridge import MAX_BODY
from flask_better_auth.web.bridge import deliver
from flask_better_auth.web.bridge import refuse_unstorable
from flask_better_auth.web.bridge import to_call
from flask_better_auth.web.csrf import csrf_error
from flask_better_auth.web.outage import unavailable
from flask_better_auth.web.page_headers import page_headers
from flask_better_auth.web.render import render_page
from flask_better_auth.wire import wire_name

PAGES_BLUEPRINT = "better_auth_pages"

_METHODS = ["GET", "POST"]


@dataclass(frozen=True, slots=True)
class FormError:
    """What was wrong with a form.

    Attributes: code, message, and the name of the field it is about, or None.
    """

    code: str | None
    message: str
    field: str | None = None


@dataclass(slots=True)
class FormState:
    """A form as the template draws it."""

    name: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    error: FormError | None = None


#: Code -> the fields it is about; the first that the form has is marked.
_FIELD_OF_CODE = {
    "INVALID_EMAIL": ("email",),
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": ("email",),
    "PASSWORD_TOO_SHORT": ("new_password", "password"),
    "PASSWORD_TOO_LONG": ("new_password", "password"),
    "INVALID_PASSWORD": ("current_password", "password"),
    "CREDENTIAL_ACCOUNT_NOT_FOUND": ("current_password",),
}

_EXPIRED = FormError("CSRF", "This form is no longer valid. Please send it again.")


def pages_blueprint(auth: Auth) -> Blueprint:
    """A blueprint with a rule for each page."""
    prefix = auth.options.pages.prefix
    blueprint = Blueprint(
        PAGES_BLUEPRINT, __name__, url_prefix=prefix if prefix != "/" else None
    )
    for page in auth.registry.pages.values():
        blueprint.add_url_rule(
            page.path, endpoint=page.name, view_func=_view(auth, page), methods=_METHODS
        )
    blueprint.after_request(page_headers(auth))
    return blueprint


def _view(auth: Auth, page: Page) -> Callable[[], Response]:
    def view() -> Response:
        visit = PageView(auth, page)
        try:
            return visit.answer()
        except SQLAlchemyError as error:
            return visit.unavailable(error)

    view.__name__ = page.name
    view.__doc__ = page.title
    return view


class PageView:
    """One request for one page."""

    def __init__(self, auth: Auth, page: Page) -> None:
        self._auth = auth
        self._page = page
        self._ctx = Context(
            auth,
            Endpoint(page.name, None, _never_called, writes=False),
            to_call(auth, path=page.path, door=Door.PAGE),
        )
        self._status = 200
        self._forms = {
            form.name: FormState(form.name, _address()) for form in page.forms
        }

    def answer(self) -> Response:
        """The response, whichever method it is."""
        if not self._auth.registry.offers(self._page.name):
            return self._error_page(APIError(404, message="This page is not in use."))
        # What the loader found may be a copy in a cookie: pages show the truth.
        view = self._ctx.session(authoritative=True)
        deliver(self._ctx.reply)
        if self._page.signed_in and view is None:
            return self._to("sign_in", next=self._here())
        if request.method == "POST":
            return self._submit()
        if self._page.signed_out_only and view is not None:
            return self._onward(Done())
        if self._page.fresh and view is not None and not self._is_fresh():
            return self._to("reauthenticate", next=self._here())
        return self._draw()

    def unavailable(self, error: SQLAlchemyError) -> Response:
        """The page that says so, when the database is away; else *error* is raised."""
        unavailable(error)
        return self._error_page(APIError(503, SERVICE_UNAVAILABLE))

    # -- forms ---------------------------------------------------------------------

    def _submit(self) -> Response:
        if (request.content_length or 0) > MAX_BODY:
            return self._error_page(APIError(413, message="That form is too large."))
        request.max_content_length = MAX_BODY
        form = self._form()
        if form is None:
            return self._error_page(APIError(400, message="Unknown form."))
        state = self._forms[form.name]
        fields = self._fields(form)
        state.values = {
            name: value for name, value in fields.items() if "password" not in name
        }
        if csrf_error() is not None:
            state.error, self._status = _EXPIRED, 400
            return self._draw()
        if self._page.fresh and not self._is_fresh():
            return self._to("reauthenticate", next=self._here())
        try:
            refuse_unstorable(fields, where="body")
        except APIError as error:
            return self._refused(form, error_reply(error))
        reply = self._serve(form, fields)
        deliver(reply)
        if reply.status < 400:
            return self._onward(form.done(self._ctx, reply))
        return self._refused(form, reply)

    def _form(self) -> Form | None:
        forms = self._page.forms
        name = request.form.get("form") or (forms[0].name if len(forms) == 1 else "")
        return next((form for form in forms if form.name == name), None)

    def _fields(self, form: Form) -> dict[str, str]:
        """What was sent; of a box and the hidden field before it, the last counts."""
        sent = {
            name: request.form.getlist(name)
            for name in (*form.fields, *form.checkboxes)
        }
        return {name: values[-1] for name, values in sent.items() if values}

    def _serve(self, form: Form, fields: dict[str, str]) -> Reply:
        body: dict[str, Any] = {
            wire_name(name): value
            for name, value in fields.items()
            if name not in form.checkboxes and (value or name in form.keep_empty)
        }
        for name in form.checkboxes:
            body[wire_name(name)] = fields.get(name) == "true"
        for name in form.fields:
            # A field that was left empty is a mistake of the form, not of its shape.
            if "password" in name or name == "email":
                body.setdefault(wire_name(name), "")
        if form.body is not None:
            self._ctx.allow_release()
            body = form.body(self._ctx, body)
            # What was read is over, so that the endpoint may try its work again.
            self._ctx.release_connection()
        call: Call = to_call(self._auth, path=form.submit.path or "", door=Door.PAGE)
        call.method = form.submit.methods[0]
        call.body = body
        call.query = {}
        return serve(self._auth, form.submit, call)

    def _refused(self, form: Form, reply: Reply) -> Response:
        said: dict[str, Any] = reply.body if isinstance(reply.body, dict) else {}
        code, message = said.get("code"), said.get("message") or "Something went wrong."
        if code == "UNAUTHORIZED":
            return self._to("sign_in", next=self._here())
        if code == "SESSION_NOT_FRESH":
            return self._to("reauthenticate", next=self._here())
        names = [*_FIELD_OF_CODE.get(code or "", ()), *_named_field(form, message)]
        marked = next((name for name in names if name in form.fields), None)
        text = form.messages.get(code or "") or _MESSAGES.get(code or "", message)
        if code == "VALIDATION_ERROR":
            text = _field_text(marked)
        wait = reply.headers.get("X-Retry-After")
        if wait is not None:
            text = f"Too many tries. Please wait {_duration(int(wait))} and try again."
        self._forms[form.name].error = FormError(code, text, marked)
        self._status = reply.status
        response = self._draw()
        if wait is not None:
            # RFC 9110 §10.2.3, for whoever is no browser.
            response.headers["Retry-After"] = wait
        return response

    # -- answers -------------------------------------------------------------------

    def _draw(self) -> Response:
        ctx, page = self._ctx, self._page
        if page.values is not None:
            for name, values in page.values(ctx).items():
                state = self._forms[name]
                if state.error is None:
                    state.values = {**values, **state.values}
        extra = page.load(ctx) if page.load is not None else {}
        text = render_page(
            page.template,
            page=page,
            forms=self._forms,
            next=self._next(),
            notice=self._notice(),
            home=self._auth.options.pages.after_sign_in,
            **extra,
        )
        return make_response(text, self._status)

    def _error_page(self, error: APIError) -> Response:
        values = {
            "code": error.code or str(error.status),
            "message": error.message,
            "status": error.status,
            "retry_after": None,
        }
        return make_response(
            render_page("error.html", error=values, home="/"), error.status
        )

    def _notice(self) -> str | None:
        notice = request.args.get("notice", "")
        return self._auth.registry.notices.get(notice)

    def _onward(self, done: Done) -> Response:
        """A 303 to where *done* says; the target was checked, and is once more."""
        if done.page is not None:
            return self._to(done.page, notice=done.notice)
        pages = self._auth.options.pages
        target = done.url or self._next() or pages.after_sign_in
        if not self._ctx.is_trusted_url(target):
            target = "/"
        return _see_other(target)

    def _to(self, page: str, **query: str | None) -> Response:
        given: dict[str, Any] = {name: text for name, text in query.items() if text}
        return _see_other(url_for(f"{PAGES_BLUEPRINT}.{page}", **given))

    def _next(self) -> str | None:
        """Where the visitor came from, if it may be trusted."""
        target = request.form.get("next") or request.args.get("next")
        if not target or not self._ctx.is_trusted_url(target):
            return None
        return target

    def _here(self) -> str | None:
        """Where to come back to after signing in, or proving it once more."""
        return self._next() if self._page.name == "reauthenticate" else _address()

    def _is_fresh(self) -> bool:
        view = self._ctx.session()
        return view is not None and self._auth.sessions.is_fresh(
            view, now=self._ctx.now
        )


def _address() -> str:
    """The path of this page, below where the app is mounted."""
    return request.script_root + request.path


def _duration(seconds: int) -> str:
    """*seconds* in words."""
    if seconds < 120:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"{math.ceil(seconds / 60)} minutes"


def _see_other(target: str) -> Response:
    response = redirect(target, 303)
    assert isinstance(response, Response)  # noqa: S101 - narrows the type
    return response


def _never_called() -> None:
    raise AssertionError("a page has no handler")


#: What people read instead of the protocol's text.
_MESSAGES = {
    "INVALID_EMAIL": "Enter a valid email address.",
    "INVALID_EMAIL_OR_PASSWORD": "The email address or the password is wrong.",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": (
        "There is already an account with this email address."
    ),
    "PASSWORD_TOO_SHORT": "This password is too short.",
    "PASSWORD_TOO_LONG": "This password is too long.",
    "INVALID_PASSWORD": "This is not your current password.",
    "EMAIL_NOT_VERIFIED": "Please confirm your email address first.",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Your account has no password.",
}

_FIELD_TEXTS = {
    "email": "Enter a valid email address.",
    "password": "Enter a password.",
    "name": "Enter a name that can be stored.",
}


def _field_text(name: str | None) -> str:
    return _FIELD_TEXTS.get(name or "", "Please check what you entered.")


def _named_field(form: Form, message: str) -> list[str]:
    """The fields that a VALIDATION_ERROR names as ``[body.<field>]``."""
    return [name for name in form.fields if f"[body.{wire_name(name)}]" in message]
