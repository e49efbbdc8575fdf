"""The registry as a Flask blueprint."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import Response
from flask import request

from flask_better_auth.endpoints.call import Door
from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.runtime.dispatch import admit
from flask_better_auth.runtime.dispatch import serve
from flask_better_auth.web.bridge import read_body
from flask_better_auth.web.bridge import to_call
from flask_better_auth.web.bridge import to_response
from flask_better_auth.web.page_headers import page_headers

#: Name of the blueprint with the JSON endpoints.
JSON_BLUEPRINT = "better_auth"


def json_blueprint(auth: Auth) -> Blueprint:
    """A blueprint with a rule for each endpoint that has a path."""
    blueprint = Blueprint(
        JSON_BLUEPRINT, __name__, url_prefix=auth.options.mount or None
    )
    for endpoint in auth.registry:
        if endpoint.path is not None:
            blueprint.add_url_rule(
                _rule(endpoint.path),
                endpoint=endpoint.name,
                view_func=_view(auth, endpoint),
                methods=list(endpoint.methods),
                strict_slashes=not auth.options.advanced.skip_trailing_slashes,
            )
    blueprint.after_request(page_headers(auth))
    return blueprint


def _rule(path: str) -> str:
    """``/callback/:id`` as Flask writes it."""
    return re.sub(r":(\w+)", r"<\1>", path)


def _view(auth: Auth, endpoint: Endpoint[Any]) -> Callable[..., Response]:
    path = endpoint.path or ""

    def view(**params: str) -> Response:
        concrete = _filled(path, params) if params else path
        call = to_call(auth, path=concrete, params=params, door=Door.JSON)
        reply = serve(auth, endpoint, call, read_body=lambda: read_body(endpoint))
        return to_response(reply)

    view.__name__ = endpoint.name
    view.__doc__ = endpoint.description
    return view


def _filled(path: str, params: Mapping[str, str]) -> str:
    return re.sub(r":(\w+)", lambda match: params[match[1]], path)


def unmatched(auth: Auth) -> Callable[[], Response | None]:
    """A before-request function that answers below the mount where no rule matches.

    Upstream gives an empty 404 there, also for a known path with another method, a
    doubled slash or a trailing one; Flask would redirect or answer 405.
    """
    mount = auth.options.mount

    def answer() -> Response | None:
        error = request.routing_exception
        if error is None or not mount or not request.path.startswith(f"{mount}/"):
            return None
        path = "/" + request.path[len(mount) :].strip("/")
        call = to_call(auth, path=path, door=Door.JSON)
        refused = admit(auth, call, route="unknown")
        return to_response(refused or Reply(404, content_type=None))

    return answer
