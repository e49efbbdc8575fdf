"""Calling functions of the app, which may be async and choose their arguments."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def invoke(
    function: Callable[..., Any], *args: Any, request: Any = None, **data: Any
) -> Any:
    """What *function* returns; awaited here if it is a coroutine function.

    It gets *args*, those of *data* that it names (all, if it takes ``**``), and the
    request if it names ``request``.
    """
    try:
        names, takes_all = _keywords(function)
    except TypeError:
        # A callable object that is not hashable.
        names, takes_all = _keywords.__wrapped__(function)
    offered = {**data, "request": request}
    chosen = {
        name: value
        for name, value in offered.items()
        if name in names or (takes_all and name != "request")
    }
    result = function(*args, **chosen)
    return _awaited(result) if inspect.isawaitable(result) else result


@functools.lru_cache(maxsize=512)
def _keywords(function: Callable[..., Any]) -> tuple[frozenset[str], bool]:
    parameters = inspect.signature(function).parameters.values()
    names = frozenset(
        parameter.name
        for parameter in parameters
        if parameter.kind
        in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    )
    return names, any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)


def _awaited(awaitable: Any) -> Any:
    async def wait() -> Any:
        return await awaitable

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(wait())
    # Called from inside a loop (an async view): a loop cannot wait for itself. The
    # other thread sees this one's context, so that `current_app` is the same there.
    context = contextvars.copy_context()
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(context.run, asyncio.run, wait()).result()
