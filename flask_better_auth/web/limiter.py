"""Rate limits, counted by Flask-Limiter's strategy."""

from __future__ import annotations

import logging
import math
import threading
import time

from flask import Flask
from flask_limiter import Limiter as FlaskLimiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerSecond
from limits.strategies import RateLimiter

from flask_better_auth.endpoints.limits import RateRule
from flask_better_auth.errors import SERVICE_UNAVAILABLE
from flask_better_auth.errors import APIError

log = logging.getLogger("flask_better_auth")


class AppLimiter:
    """Counts in the app's own Limiter if it has one, else in one of ours.

    Ours is made at the first request and stores where ``RATELIMIT_STORAGE_URI`` says,
    in this process's memory by default. A storage that is away refuses the request
    with a 503: letting it through would switch the limit off.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._strategy: RateLimiter | None = None
        self._lock = threading.Lock()

    def hit(self, rule: RateRule, *key: str) -> int | None:
        """Count one for *key*; None if allowed, else seconds until it will be.

        Raises:
            APIError: 503; the storage did not answer.
        """
        seconds = max(1, math.ceil(rule.window.total_seconds()))
        item = RateLimitItemPerSecond(rule.max, seconds, namespace="better-auth")
        try:
            if self.strategy.hit(item, *key):
                return None
            reset_at = self.strategy.get_window_stats(item, *key).reset_time
        except Exception as error:
            log.exception("the storage of rate limits did not answer")
            raise APIError(503, SERVICE_UNAVAILABLE) from error
        return max(1, math.ceil(reset_at - time.time()))

    @property
    def strategy(self) -> RateLimiter:
        """Flask-Limiter's strategy."""
        if self._strategy is None:
            with self._lock:
                self._strategy = self._strategy or self._make()
        return self._strategy

    def _make(self) -> RateLimiter:
        for limiter in self._app.extensions.get("limiter", ()):
            own: RateLimiter = limiter.limiter
            return own
        # On an app of its own: ours must not check the host's views.
        bare = Flask("flask_better_auth_limits")
        bare.config.update(
            {
                name: value
                for name, value in self._app.config.items()
                if name.startswith("RATELIMIT_STORAGE")
            }
        )
        bare.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
        limiter = FlaskLimiter(get_remote_address, strategy="fixed-window")
        limiter.init_app(bare)
        return limiter.limiter
