"""Bodies and queries: from what was sent to a checked model."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from flask_better_auth.endpoints.call import UNDEFINED
from flask_better_auth.endpoints.call import Call
from flask_better_auth.endpoints.call import Door
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.errors import VALIDATION_ERROR
from flask_better_auth.errors import APIError
from flask_better_auth.wire import Wire
from flask_better_auth.wire import issue_texts
from flask_better_auth.wire import js_type


def validated(endpoint: Endpoint[Any], call: Call) -> list[Wire]:
    """The arguments of the handler after the context: body, then query.

    Raises:
        APIError: VALIDATION_ERROR, naming each field as on the wire.
    """
    arguments: list[Wire] = []
    trusted = call.door is Door.SERVER
    if endpoint.body is not None:
        arguments.append(_read(endpoint.body, call.body, "body", by_name=trusted))
    if endpoint.query is not None:
        query = dict(call.query)
        arguments.append(_read(endpoint.query, query, "query", by_name=trusted))
    return arguments


def _read(model: type[Wire], value: Any, where: str, *, by_name: bool) -> Wire:
    if value is UNDEFINED and not model.required:
        value = {}
    if not isinstance(value, dict):
        received = "undefined" if value is UNDEFINED else js_type(value)
        raise _refusal(
            "; ".join(
                f"[{where}] Invalid input: expected {kind}, received {received}"
                for kind in model.shapes
            )
        )
    try:
        # Names as on the wire only: the origin check looked at no others.
        return model.model_validate(value, by_alias=True, by_name=by_name)
    except ValidationError as error:
        raise _refusal(issue_texts(model, error, where=where)) from None


def _refusal(message: str) -> APIError:
    return APIError(400, VALIDATION_ERROR, message=message)
