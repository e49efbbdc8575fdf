"""Remembering what was once found genuine."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def remember_genuine(
    check: Callable[[str], T | None], *, size: int
) -> Callable[[str], T | None]:
    """*check*, which is not asked again about the last *size* texts it accepted.

    What it refused is forgotten: whoever sends long forgeries would fill the memory,
    and push out what the others need.
    """

    @functools.lru_cache(maxsize=size)
    def accepted(text: str) -> T:
        found = check(text)
        if found is None:
            # Only what is returned is remembered.
            raise _Refused
        return found

    def remembering(text: str) -> T | None:
        try:
            return accepted(text)
        except _Refused:
            return None

    return remembering


class _Refused(Exception):
    """The check said None."""
