"""Code that runs before and after endpoints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from flask_better_auth.endpoints.endpoint import Endpoint

if TYPE_CHECKING:
    from flask_better_auth.runtime.context import Context


def every_endpoint(endpoint: Endpoint[Any]) -> bool:
    """A matcher for all endpoints."""
    return True


@dataclass(frozen=True, slots=True)
class Hook:
    """A function around the endpoints that `matches` picks.

    Before an endpoint it sees the raw body in ``ctx.call.body`` and may change it;
    what it returns, unless None, is the answer, and nothing else runs. After an
    endpoint ``ctx.returned`` is the result or the :class:`APIError`; what it returns,
    unless None, becomes the body. Raising an ``APIError`` answers with that.
    """

    handler: Callable[[Context], Any]
    matches: Callable[[Endpoint[Any]], bool] = every_endpoint


def for_endpoints(*names: str) -> Callable[[Endpoint[Any]], bool]:
    """A matcher for the endpoints with these names."""
    wanted = frozenset(names)
    return lambda endpoint: endpoint.name in wanted
