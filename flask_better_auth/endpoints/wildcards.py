"""Wildcards in trusted origins and rate-limit rules.

``?`` is one character, ``*`` any number of them, within one part between slashes; a
part that is ``**`` stands for any number of parts.

Source: core-security.md §2 (better-auth utils/wildcard.ts)
"""

from __future__ import annotations

import functools
import re

_SEPARATOR = r"[/\\]"
_OTHER = r"[^/\\]"


def matches_wildcard(pattern: str, sample: str) -> bool:
    """Whether all of *sample* is described by *pattern*; case counts."""
    return _compiled(pattern).fullmatch(sample) is not None


@functools.lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = pattern.split("/")
    text = ""
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            # Any number of parts, each with the separators that follow it.
            text += f"(?:{_OTHER}+(?:{_SEPARATOR}+|$))*" if not last else ".*"
            continue
        if not part and index:
            continue
        text += _part(part)
        if not last:
            text += f"{_SEPARATOR}+"
    if not pattern.endswith("/"):
        text += f"{_SEPARATOR}*"
    return re.compile(text, re.DOTALL)


def _part(part: str) -> str:
    text, escaped = "", False
    for char in part:
        if escaped:
            text, escaped = text + re.escape(char), False
        elif char == "\\":
            escaped = True
        elif char == "?":
            text += _OTHER
        elif char == "*":
            text += f"{_OTHER}*"
        else:
            text += re.escape(char)
    return text
