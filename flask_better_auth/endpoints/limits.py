"""Rules on how often one client may call.

Source: core-security.md §3 (better-auth api/rate-limiter/index.ts)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RateRule:
    """At most `max` requests of one client in `window`."""

    window: timedelta
    max: int


@dataclass(frozen=True, slots=True)
class PathRule:
    """A rule for every path that starts with `prefix`, or equals it if `exact`."""

    prefix: str
    rule: RateRule
    exact: bool = False

    def matches(self, path: str) -> bool:
        """Whether the rule is for *path*."""
        return path == self.prefix if self.exact else path.startswith(self.prefix)


class Limiter(Protocol):
    """Counts requests."""

    def hit(self, rule: RateRule, *key: str) -> int | None:
        """Count one for *key*; None if allowed, else seconds until it will be."""
