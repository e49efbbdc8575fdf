"""Doing many things at the very same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

#: How many are many.
CROWD = 16

#: How long anybody waits for the others, in seconds, before the test has failed.
_PATIENCE = 30


def together(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """What each of *tasks* returned; all begin at once, each in a thread of its own."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T:
        start.wait(_PATIENCE)
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result() for future in [pool.submit(run, one) for one in tasks]]


class Meeting:
    """A place that nobody leaves before *size* have come; later ones pass through.

    It is open from the start until :meth:`call` makes it a meeting.
    """

    def __init__(self) -> None:
        self._missing = 0
        self._complete = threading.Condition()

    def call(self, size: int) -> None:
        """Let the next *size* wait for one another."""
        self._missing = size

    def attend(self) -> None:
        """Come, and go on when all are there."""
        with self._complete:
            if self._missing == 0:
                return
            self._missing -= 1
            self._complete.notify_all()
            if not self._complete.wait_for(lambda: self._missing == 0, _PATIENCE):
                raise TimeoutError(f"{self._missing} did not come")
