"""The pipeline: what happens between a request and its answer.

``serve`` is the door for anything from a browser; ``dispatch`` is what it shares with
trusted server code.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import DataError
from sqlalchemy.exc import SQLAlchemyError

from flask_better_auth.endpoints.call import Call
from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.endpoints.hooks import Hook
from flask_better_auth.errors import SERVICE_UNAVAILABLE
from flask_better_auth.errors import VALIDATION_ERROR
from flask_better_auth.errors import APIError
from flask_better_auth.records import hide_values
from flask_better_auth.records import is_exhausted
from flask_better_auth.records import is_passing
from flask_better_auth.records import reason
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.runtime.callbacks import invoke
from flask_better_auth.runtime.context import Context
from flask_better_auth.runtime.origin_check import check_request
from flask_better_auth.runtime.validation import validated

log = logging.getLogger("flask_better_auth")

_TOO_MANY = "Too many requests. Please try again later."

#: How often work is tried that lost a race against other transactions.
_TRIES = 3


def serve(
    auth: Auth,
    endpoint: Endpoint[Any],
    call: Call,
    *,
    read_body: Callable[[], Any] | None = None,
) -> Reply:
    """The answer to a browser.

    In this order: disabled path, schema, rate limit, body, origin; then
    :func:`dispatch`. *read_body* parses the body and may raise ``APIError``.
    """
    refused = admit(auth, call, route=endpoint.path or "")
    if refused is not None:
        return refused
    try:
        if read_body is not None and endpoint.reads_body:
            call.body = read_body()
        check_request(auth, call)
    except APIError as error:
        return error_reply(error)
    return dispatch(auth, endpoint, call)


def admit(auth: Auth, call: Call, *, route: str) -> Reply | None:
    """None if the path is served and the client has not called too often.

    *route* is the path as declared: what is counted, so that a path parameter gives
    no fresh budget.
    """
    if auth.registry.is_disabled(call.path):
        return Reply(404, content_type="text/plain;charset=UTF-8", text="Not Found")
    auth.schema.require()
    retry_after = _spend(auth, call, route)
    if retry_after is None:
        return None
    return Reply(
        429, body={"message": _TOO_MANY}, headers={"X-Retry-After": str(retry_after)}
    )


def _spend(auth: Auth, call: Call, route: str) -> int | None:
    if auth.limiter is None or auth.options.advanced.ip_address.disable_ip_tracking:
        return None
    rule = auth.registry.rate_rule(call.path, call.request)
    if rule is None:
        return None
    # Clients without an address share one bucket: leaving it out is no way around.
    return auth.limiter.hit(rule, call.ip_address or "no-trusted-ip", route)


def dispatch(auth: Auth, endpoint: Endpoint[Any], call: Call) -> Reply:
    """The answer to *call*, errors included."""
    ctx, outcome = run(auth, endpoint, call)
    reply = ctx.reply
    if isinstance(outcome, Reply):
        outcome.headers = {**reply.headers, **outcome.headers}
        outcome.cookies = reply.cookies
        return outcome
    if isinstance(outcome, APIError):
        failed = error_reply(outcome)
        failed.headers = {**reply.headers, **failed.headers}
        failed.cookies = reply.cookies
        return failed
    reply.body = outcome
    return reply


def run(auth: Auth, endpoint: Endpoint[Any], call: Call) -> tuple[Context, Any]:
    """Run *endpoint*; the context, and what it returned or the ``APIError``.

    Work that loses a race against other transactions is tried again; after that, or
    when the database is away, the outcome is a 503.
    """
    known = call.state.resolution
    for attempt in range(1, _TRIES + 1):
        ctx = Context(auth, endpoint, call)
        try:
            return ctx, _run_once(ctx)
        except DataError as error:
            ctx.abandon()
            log.info("value refused by the database: %s", reason(error))
            refusal = APIError(400, VALIDATION_ERROR, message="[body] Invalid input")
            return ctx, refusal
        except SQLAlchemyError as error:
            owns = ctx.unit.owns
            ctx.abandon()
            if not is_passing(error) or not (owns or ctx.from_browser):
                hide_values(error)
                raise
            log.warning(
                "%s lost a race or the database, try %d of %d: %s",
                endpoint.name,
                attempt,
                _TRIES,
                reason(error),
            )
            # What was found out, and told the browser, may not be so.
            call.state.remember(known)
            ctx.reply = Reply()
            if not owns or is_exhausted(error):
                break
        except BaseException:
            ctx.abandon()
            raise
    return ctx, APIError(503, SERVICE_UNAVAILABLE)


def _run_once(ctx: Context) -> Any:
    unit = ctx.unit
    unit.begin()
    before, after = ctx.auth.registry.hooks(ctx.endpoint)
    try:
        for hook in before:
            answer = _call(hook, ctx)
            if answer is not None:
                unit.finish()
                return answer
    except APIError as error:
        ctx.abandon()
        return error
    outcome = _handle(ctx)
    if isinstance(outcome, APIError) and not unit.keeps(outcome):
        ctx.abandon()
    for hook in after:
        ctx.returned = outcome
        try:
            changed = _call(hook, ctx)
        except APIError as error:
            changed = error
        if changed is not None:
            outcome = _replaced(outcome, changed)
    if not isinstance(outcome, APIError) or unit.keeps(outcome):
        unit.finish()
    else:
        ctx.abandon()
    return outcome


def _call(hook: Hook, ctx: Context) -> Any:
    """What *hook* returns; it may be async, as every function of the app's."""
    return invoke(hook.handler, ctx, request=ctx.call.request)


def _handle(ctx: Context) -> Any:
    endpoint = ctx.endpoint
    if endpoint.no_store:
        ctx.reply.headers.update({"Cache-Control": "no-store", "Pragma": "no-cache"})
    try:
        arguments = validated(endpoint, ctx.call)
        for guard in endpoint.guards:
            guard(ctx)
        ctx.allow_release()
        return endpoint.handler(ctx, *arguments)
    except APIError as error:
        return error


def _replaced(outcome: Any, changed: Any) -> Any:
    """What an after-hook makes of the outcome: the status of a failure sticks."""
    if isinstance(outcome, APIError):
        if isinstance(changed, APIError):
            return APIError(
                outcome.status,
                message=changed.message,
                body=changed.body,
                headers={**outcome.headers, **changed.headers},
            )
        return APIError(outcome.status, body=changed, headers=outcome.headers)
    return changed


def error_reply(error: APIError) -> Reply:
    """The answer that *error* is."""
    reply = Reply(error.status, headers=dict(error.headers))
    if error.body is not None:
        reply.body = error.body
    return reply
