"""A clock that stands still until a test moves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from datetime import timezone

#: When every test begins.
START = datetime(2030, 1, 1, tzinfo=timezone.utc)


@dataclass(slots=True)
class Clock:
    """Called, it tells the time; `now` is aware and in UTC."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, *, days: float = 0, seconds: float = 0) -> None:
        """Make it later, or with negative numbers earlier."""
        self.now += timedelta(days=days, seconds=seconds)
