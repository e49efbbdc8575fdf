"""``rate_limit``: how often one client may call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated
from typing import Any
from typing import Literal

from annotated_types import Ge
from pydantic import Field

from flask_better_auth.options.section import PositiveDuration
from flask_better_auth.options.section import Section


class RateLimitRule(Section):
    """At most `max` requests in `window`."""

    window: PositiveDuration
    max: Annotated[int, Ge(1)]


#: A rule, False for no limit, or a callable that returns either.
CustomRule = RateLimitRule | Literal[False] | Callable[..., Any]


class RateLimitOptions(Section):
    """``rate_limit``: counted per client address and path, by Flask-Limiter."""

    enabled: bool | None = None
    """On unless the app is under test (`TESTING`)."""

    window: PositiveDuration = timedelta(seconds=10)
    """Length of the window for paths without a rule of their own."""

    max: Annotated[int, Ge(1)] = 100
    """Requests in that window."""

    custom_rules: dict[str, CustomRule] = Field(default_factory=dict)
    """Rules by path (`*` and `**` are wildcards): `{"window": …, "max": …}`, False
    for no limit, or `f(request=…, rule=…)` returning either. The first that matches
    counts."""
