"""``auth.api``: every endpoint as a function for the app's own code."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from flask_better_auth.endpoints.call import UNDEFINED
from flask_better_auth.endpoints.call import Call
from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.errors import APIError
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.runtime.dispatch import dispatch
from flask_better_auth.runtime.dispatch import run

#: Makes a call of the app's own code: endpoint, and the headers given or None.
CallMaker = Callable[[Endpoint[Any], Mapping[str, str] | None], Call]


class API:
    """Calls endpoints without a door: no rate limit, no origin check; hooks run.

    ``api.sign_in_email(body={…})`` returns what the endpoint answers, in wire form,
    and raises :class:`APIError` where it would answer with an error.
    """

    def __init__(
        self,
        auth: Callable[[], Auth],
        make_call: CallMaker,
        deliver: Callable[[Reply], None],
        to_response: Callable[[Reply], Any],
    ) -> None:
        self._auth = auth
        self._make_call = make_call
        self._deliver = deliver
        self._to_response = to_response

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        endpoint = self._auth().registry.find(name)
        if endpoint is None:
            raise AttributeError(f"no endpoint is called {name!r}")
        return self._caller(endpoint)

    def __dir__(self) -> list[str]:
        return [endpoint.name for endpoint in self]

    def __iter__(self) -> Iterator[Endpoint[Any]]:
        return iter(self._auth().registry)

    def _caller(self, endpoint: Endpoint[Any]) -> Callable[..., Any]:
        def call_endpoint(
            *,
            body: Mapping[str, Any] | None = None,
            query: Mapping[str, Any] | None = None,
            params: Mapping[str, str] | None = None,
            headers: Mapping[str, str] | None = None,
            as_response: bool = False,
            return_headers: bool = False,
        ) -> Any:
            call = self._make_call(endpoint, headers)
            call.body = UNDEFINED if body is None else dict(body)
            call.query = dict(query or {})
            call.params = dict(params or {})
            auth = self._auth()
            auth.schema.require()
            if as_response:
                return self._to_response(dispatch(auth, endpoint, call))
            ctx, outcome = run(auth, endpoint, call)
            if headers is None:
                self._deliver(ctx.reply)
            if isinstance(outcome, APIError):
                raise outcome
            body_value = outcome.body if isinstance(outcome, Reply) else outcome
            if not return_headers:
                return body_value
            lines = [("Set-Cookie", change.header()) for change in ctx.reply.cookies]
            return {
                "headers": [*ctx.reply.headers.items(), *lines],
                "response": body_value,
            }

        call_endpoint.__name__ = endpoint.name
        call_endpoint.__doc__ = endpoint.description
        return call_endpoint
