"""From a Flask request to a Call, and from a Reply to a Flask response."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any
from typing import cast
from urllib.parse import parse_qs

from flask import Request
from flask import Response
from flask import current_app
from flask import g
from flask import has_request_context
from flask import request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import RequestEntityTooLarge

from flask_better_auth.endpoints.call import UNDEFINED
from flask_better_auth.endpoints.call import Call
from flask_better_auth.endpoints.call import Door
from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.call import RequestState
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.endpoints.origins import origin_of
from flask_better_auth.errors import BAD_REQUEST
from flask_better_auth.errors import PAYLOAD_TOO_LARGE
from flask_better_auth.errors import UNSUPPORTED_MEDIA_TYPE
from flask_better_auth.errors import VALIDATION_ERROR
from flask_better_auth.errors import APIError
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.sessions.cookies import CookieChanges
from flask_better_auth.sessions.cookies import RequestCookies
from flask_better_auth.sessions.engine import Resolution
from flask_better_auth.web.addresses import client_address
from flask_better_auth.web.render import render_page
from flask_better_auth.wire import dump_json
from flask_better_auth.wire import load_json
from flask_better_auth.wire import unstorable_text

#: No endpoint of the core needs more.
MAX_BODY = 1_000_000


def request_state() -> RequestState:
    """What the current request knows about its session; made when first asked for."""
    state: RequestState | None = g.get("_better_auth")
    if state is None:
        header = request.environ.get("HTTP_COOKIE")
        state = RequestState(RequestCookies(header), on_resolved=_publish)
        found = g.get("auth_session")
        if found is not None:
            # By a glance at the cookie cache, which needs no more than that.
            state.resolution = Resolution(found, "cache")
        g._better_auth = state
    return state


def _publish(resolution: Resolution) -> None:
    g.auth_session = resolution.view
    g.pop("_better_auth_user", None)


def to_call(
    auth: Auth, *, path: str, params: Mapping[str, str] | None = None, door: Door
) -> Call:
    """The current request as a call of the endpoint at *path*."""
    return Call(
        method=request.method,
        path=path,
        headers=_mapping(request.headers),
        state=request_state(),
        query=read_query(request) if request.query_string else {},
        params=params or {},
        ip_address=client_address(
            request.remote_addr,
            _mapping(request.headers),
            auth.options.advanced.ip_address,
        ),
        find_origin=_request_origin,
        door=door,
        request=request,
    )


def server_call(
    auth: Auth, endpoint: Endpoint[Any], headers: Mapping[str, str] | None
) -> Call:
    """A call by the app's own code.

    Without *headers* it acts for the current request, if there is one.
    """
    if headers is None and has_request_context():
        call = to_call(auth, path=endpoint.path or "", door=Door.SERVER)
        call.method = endpoint.methods[0]
        return call
    given = Headers(dict(headers or {}))
    return Call(
        method=endpoint.methods[0],
        path=endpoint.path or "",
        headers=_mapping(given),
        state=RequestState(RequestCookies(given.get("Cookie"))),
    )


def deliver(reply: Reply) -> None:
    """Let the current response carry the cookie changes of *reply*."""
    if has_request_context():
        request_state().changes.extend(reply.cookies)


@contextmanager
def taken_back() -> Iterator[None]:
    """Whoever was signed in or out within it was not, if an exception ends it.

    A cookie must not outlive the row: its copy of the session would be believed.
    """
    if not has_request_context():
        yield
        return
    state = request_state()
    known, changes = state.resolution, CookieChanges(state.changes)
    try:
        yield
    except BaseException:
        state.changes = changes
        state.remember(known)
        raise


def _mapping(headers: Headers) -> Mapping[str, str]:
    """*headers* as what they are but do not say: a mapping that ignores case."""
    return cast("Mapping[str, str]", headers)


def _request_origin() -> str | None:
    try:
        return origin_of(f"{request.scheme}://{request.host}")
    except HTTPException:  # a Host header that is none
        return None


def read_query(req: Request) -> dict[str, str | list[str]]:
    """The query string: text for a key given once, a list for one given again."""
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in req.args.lists()
        if unstorable_text([name, *values]) is None
    }


def read_body(endpoint: Endpoint[Any]) -> Any:
    """The parsed body of the current request, or ``UNDEFINED`` if it has none.

    Raises:
        APIError: 413, 415 or 400, as upstream's router.
    """
    length = request.content_length
    if length is not None and length > MAX_BODY:
        raise APIError(413, PAYLOAD_TOO_LARGE)
    if not _has_body(length):
        return UNDEFINED
    _require_media_type(endpoint)
    raw = _read_raw()
    media_type = request.mimetype
    value: Any
    if media_type == "application/x-www-form-urlencoded":
        # Read already by a function of the app, it is there in parts.
        fields = _form(raw) if raw else dict(request.form.lists())
        value = {name: values[-1] for name, values in fields.items()}
    elif re.fullmatch(r"application/(?:[\w.+-]+\+)?json", media_type):
        try:
            value = load_json(raw)
        except ValueError:
            raise APIError(
                400, BAD_REQUEST, message="Invalid JSON in request body"
            ) from None
    else:
        value = raw.decode("utf-8", "replace")
    refuse_unstorable(value, where="body")
    return value


def _has_body(length: int | None) -> bool:
    if not request.content_type or length == 0:
        return False
    return length is not None or "HTTP_TRANSFER_ENCODING" in request.environ


def _require_media_type(endpoint: Endpoint[Any]) -> None:
    media_type = request.mimetype
    if any(allowed in media_type for allowed in endpoint.media_types):
        return
    allowed = ", ".join(endpoint.media_types)
    raise APIError(
        415,
        UNSUPPORTED_MEDIA_TYPE,
        message=f'Content-Type "{request.content_type}" is not allowed. '
        f"Allowed types: {allowed}",
    )


def _read_raw() -> bytes:
    limit = min(MAX_BODY, request.max_content_length or MAX_BODY)
    # What has no length is cut off where the limit is: one more tells.
    request.max_content_length = limit + 1
    try:
        # Not the stream: a function of the app may have read it before us.
        raw = request.get_data()
    except RequestEntityTooLarge:
        raise APIError(413, PAYLOAD_TOO_LARGE) from None
    if len(raw) > limit:
        raise APIError(413, PAYLOAD_TOO_LARGE)
    return raw


def _form(raw: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(
            raw.decode("utf-8"), keep_blank_values=True, max_num_fields=1000
        )
    except ValueError:
        raise APIError(
            400, BAD_REQUEST, message="Invalid form in request body"
        ) from None


def refuse_unstorable(value: Any, *, where: str) -> None:
    """Refuse text that no database takes.

    Raises:
        APIError: VALIDATION_ERROR naming the field.
    """
    found = unstorable_text(value)
    if found is not None:
        path = ".".join((where, *found))
        raise APIError(
            400, VALIDATION_ERROR, message=f"[{path}] Invalid input: malformed text"
        )


def to_response(reply: Reply) -> Response:
    """The Flask response for *reply*; its cookies are on it."""
    headers = [*reply.headers.items(), ("Vary", "Cookie")]
    if reply.template is not None:
        text = render_page(reply.template, **reply.values)
    elif reply.text is not None:
        text = reply.text
    elif reply.body is UNDEFINED:
        text = ""
    else:
        text = dump_json(reply.body)
        if "Cache-Control" not in reply.headers:
            headers.append(("Cache-Control", "no-store"))
    if reply.cookies:
        headers += cookie_headers(reply.cookies)
    response = current_app.response_class(
        text, reply.status, headers, content_type=reply.content_type
    )
    if reply.content_type is None:
        del response.headers["Content-Type"]
    return response


def cookie_headers(changes: CookieChanges) -> list[tuple[str, str]]:
    """One Set-Cookie line for each of *changes*."""
    secure = request.is_secure if has_request_context() else False
    return [("Set-Cookie", change.header(secure=secure)) for change in changes]
