"""What a person would call the device behind a User-Agent header."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from ua_parser import parse

Kind = Literal["desktop", "mobile", "tablet", "bot", "other"]


@dataclass(frozen=True, slots=True)
class Device:
    """Attributes: label ("Firefox on Linux"), kind, browser, os; ``""`` if unknown."""

    label: str
    kind: Kind
    browser: str
    os: str


#: How much of a header is looked at and remembered, and of how many.
_LONGEST = 1000
_REMEMBERED = 1024


def describe_device(user_agent: str) -> Device:
    """The device that sends *user_agent*, as far as the header tells."""
    return _described(user_agent[:_LONGEST])


@functools.lru_cache(maxsize=_REMEMBERED)
def _described(user_agent: str) -> Device:
    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    family = found.device.family if found.device else ""
    kind = _kind(user_agent, system=system, family=family)
    if browser and system:
        return Device(f"{browser} on {system}", kind, browser, system)
    return Device(browser or system or "Unknown device", kind, browser, system)


def _kind(user_agent: str, *, system: str, family: str) -> Kind:
    if family == "Spider":
        return "bot"
    if "iPad" in family or "Tablet" in user_agent:
        return "tablet"
    if system == "Android":
        # Android browsers say "Mobile" on telephones only.
        return "mobile" if "Mobile" in user_agent else "tablet"
    if "iPhone" in family or "Mobile" in user_agent:
        return "mobile"
    if system in ("Windows", "Mac OS X", "Linux", "Ubuntu", "Chrome OS", "Fedora"):
        return "desktop"
    return "other"
