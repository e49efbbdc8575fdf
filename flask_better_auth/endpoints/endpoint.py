"""An endpoint is a value; ``@endpoint`` makes one and registers nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Generic
from typing import TypedDict
from typing import TypeVar
from typing import overload

from typing_extensions import Unpack

from flask_better_auth.errors import ErrorCode
from flask_better_auth.wire import Wire

if TYPE_CHECKING:
    from flask_better_auth.runtime.context import Context

B = TypeVar("B", bound=Wire)
Q = TypeVar("Q", bound=Wire)
R = TypeVar("R")

#: Runs after validation and before the handler; raises to refuse.
Guard = Callable[["Context"], None]

JSON = ("application/json",)
FORM_OR_JSON = ("application/x-www-form-urlencoded", "application/json")


@dataclass(frozen=True, eq=False)
class Endpoint(Generic[R]):
    """One thing clients can ask for, with all that is known about it.

    The Flask rule, ``auth.api.<name>``, hooks, limits and disabled paths all derive
    from this value.

    Attributes:
        name: snake_case, from the handler's name.
        path: below the mount, with ``:name`` parameters; None for server code only.
        handler: called with the context and, as declared, the body and the query.
        methods: HTTP methods.
        body: model of the body, or None if any body is accepted.
        query: model of the query string.
        result: model of what the handler returns, for descriptions.
        errors: codes it may answer with besides the common ones.
        guards: checked in order.
        media_types: accepted content types.
        reads_body: False leaves the body unread, whatever it is.
        writes: whether its work is committed at the end.
        no_store: answers must not be stored by anybody.
        description: the handler's docstring.
    """

    name: str
    path: str | None
    handler: Callable[..., R]
    methods: tuple[str, ...] = ("POST",)
    body: type[Wire] | None = None
    query: type[Wire] | None = None
    result: Any = None
    errors: tuple[ErrorCode, ...] = ()
    guards: tuple[Guard, ...] = ()
    media_types: tuple[str, ...] = JSON
    reads_body: bool = True
    writes: bool = True
    no_store: bool = False
    description: str = field(default="", repr=False)


class EndpointOptions(TypedDict, total=False):
    """What ``@endpoint`` takes besides path, body and query; see :class:`Endpoint`."""

    methods: tuple[str, ...]
    result: Any
    errors: tuple[ErrorCode, ...]
    guards: tuple[Guard, ...]
    media_types: tuple[str, ...]
    reads_body: bool
    writes: bool
    no_store: bool


@overload
def endpoint(
    path: str | None,
    *,
    body: type[B],
    query: type[Q],
    **options: Unpack[EndpointOptions],
) -> Callable[[Callable[[Context, B, Q], R]], Endpoint[R]]: ...


@overload
def endpoint(
    path: str | None, *, body: type[B], **options: Unpack[EndpointOptions]
) -> Callable[[Callable[[Context, B], R]], Endpoint[R]]: ...


@overload
def endpoint(
    path: str | None, *, query: type[Q], **options: Unpack[EndpointOptions]
) -> Callable[[Callable[[Context, Q], R]], Endpoint[R]]: ...


@overload
def endpoint(
    path: str | None, **options: Unpack[EndpointOptions]
) -> Callable[[Callable[[Context], R]], Endpoint[R]]: ...


def endpoint(
    path: str | None,
    *,
    body: type[Wire] | None = None,
    query: type[Wire] | None = None,
    **options: Unpack[EndpointOptions],
) -> Callable[[Callable[..., R]], Endpoint[R]]:
    """Make the decorated function an :class:`Endpoint`; registers nothing.

    Args:
        path: below the mount; None makes it callable by server code only.
        body: model of the body, handed to the function after the context.
        query: model of the query string, handed to it last.
        options: the other fields of :class:`Endpoint`; an endpoint for GET alone is
            taken not to write.
    """

    def make(handler: Callable[..., R]) -> Endpoint[R]:
        methods = options.get("methods", ("POST",))
        values: dict[str, Any] = {"writes": methods != ("GET",), **options}
        return Endpoint(
            name=handler.__name__,
            path=path,
            handler=handler,
            body=body,
            query=query,
            description=(handler.__doc__ or "").strip(),
            **values,
        )

    return make
