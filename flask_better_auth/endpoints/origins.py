"""Which origins and callback URLs are trusted.

Source: core-security.md §1 (better-auth auth/trusted-origins.ts,
api/middlewares/origin-check.ts)
"""

from __future__ import annotations

import ipaddress
import posixpath
import re
from collections.abc import Iterable
from urllib.parse import unquote
from urllib.parse import urlsplit

from flask_better_auth.endpoints.wildcards import matches_wildcard

_DEFAULT_PORTS = {"http": 80, "https": 443}
#: Scheme and authority; to a browser a backslash is a slash.
_HTTP = re.compile(r"(https?):[/\\]*([^/\\?#]*)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HOST = re.compile(r"[a-z0-9._~!$&'()*+,;=\-\u0080-\U0010ffff]+|\[[0-9a-f:.]+\]", re.I)


def origin_of(url: str) -> str | None:
    """Scheme, host and non-default port of an http(s) *url*, as a browser reads it.

    None when it is no such URL.
    """
    if _CONTROL.search(url):
        return None
    match = _HTTP.match(url.strip(" "))
    if match is None:
        return None
    scheme, authority = match[1].lower(), match[2]
    host_port = authority.rpartition("@")[2]
    host, port = _split_port(host_port)
    if host is None:
        return None
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        return f"{scheme}://{host}:{port}"
    return f"{scheme}://{host}"


def _split_port(text: str) -> tuple[str | None, int | None]:
    # Five digits after any zeros: Python refuses to read a number of thousands.
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(?:0*([0-9]{1,5}))?)?", text)
    if match is None or not _HOST.fullmatch(match[1]):
        return None, None
    port = int(match[2]) if match[2] else None
    if port is not None and port > 65535:
        return None, None
    host = match[1].lower()
    if host.isascii():
        return host, port
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None, None
    # Full-width letters become plain ones, but so do a colon, a slash and an at sign.
    return (host, port) if _HOST.fullmatch(host) else (None, None)


def is_safe_path(url: str) -> bool:
    """Whether *url* is a root-relative path that stays on this origin in a browser."""
    if not url.startswith("/") or url.startswith("//"):
        return False
    if "\\" in url or _CONTROL.search(url):
        return False
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    if re.search(r"%2f|%5c", path, re.IGNORECASE):
        return False
    # Whoever adds a parameter re-serialises the URL, which resolves dot segments.
    return not _resolved(path).startswith("//")


def _resolved(path: str) -> str:
    """*path* without dot segments, encoded ones included (WHATWG URL, path state)."""
    parts: list[str] = []
    segments = path[1:].split("/")
    for index, segment in enumerate(segments):
        dots = re.sub("%2e", ".", segment, flags=re.IGNORECASE)
        last = index == len(segments) - 1
        if dots == "..":
            if parts:
                parts.pop()
            if last:
                parts.append("")
        elif dots == ".":
            if last:
                parts.append("")
        else:
            parts.append(segment)
    return "/" + "/".join(parts)


def is_trusted(
    url: str, patterns: Iterable[str], *, allow_relative: bool = False
) -> bool:
    """Whether *url* is one of the trusted *patterns*.

    Relative paths count only with *allow_relative*, which is for callback URLs and
    never for an Origin header.
    """
    if not _is_unambiguous(url):
        return False
    if url.startswith("/"):
        return allow_relative and is_safe_path(url)
    return any(_matches(url, pattern) for pattern in patterns if pattern)


def is_url(url: str) -> bool:
    """Whether *url* can be sent in a Location header, wherever it leads."""
    return not _CONTROL.search(url) and _is_readable(url)


def _is_unambiguous(url: str) -> bool:
    """Whether Python reads *url* as a browser does.

    A Location header is taken apart and put together again on its way out. What ends
    the host for a browser, a backslash, is part of a password there; what a browser
    forgives, a missing slash or half an IPv6 address, is an exception.
    """
    if not _is_readable(url):
        return False
    match = _HTTP.match(url.strip(" "))
    return match is None or match[2] == urlsplit(url).netloc


def _is_readable(url: str) -> bool:
    try:
        url.encode()
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")
        _ = parts.port
    except ValueError:
        return False
    # Brackets that hold no address: Python 3.10 reads on, later ones do not.
    return not set("[]") & set(parts.netloc.rpartition("@")[0])


def _matches(url: str, pattern: str) -> bool:
    custom = _is_custom(url)
    if "*" in pattern or "?" in pattern:
        if custom:
            return "://" in pattern and _matches_custom_wildcard(url, pattern)
        return _matches_wildcard_origin(url, pattern)
    if custom:
        return _matches_custom(url, pattern)
    return origin_of(url) == pattern


def _is_custom(url: str) -> bool:
    match = re.match(r"([a-z][a-z0-9+.\-]*):", url, re.IGNORECASE)
    return match is not None and match[1].lower() not in _DEFAULT_PORTS


def _matches_wildcard_origin(url: str, pattern: str) -> bool:
    origin = origin_of(url)
    if origin is None:
        return False
    host = origin.partition("://")[2]
    scheme, separator, pattern_host = pattern.rpartition("://")
    bare = re.sub(r":[^:\]]*$", "", pattern_host)
    if re.fullmatch(r"[0-9.*?]+", bare) and re.search("[0-9]", bare):
        # A range of addresses: `192.168.*.*` must not match 192.168.evil.com.
        if not _is_ipv4(re.sub(r":[0-9]+$", "", host)):
            return False
    if separator:
        return matches_wildcard(f"{scheme}://{pattern_host}", origin)
    return matches_wildcard(pattern, host)


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _custom_parts(url: str) -> tuple[str, str, str] | None:
    """Scheme, authority and path of a URL with a scheme of its own."""
    match = re.fullmatch(
        r"([a-z][a-z0-9+.\-]*):(?://([^/?#]*))?([^?#]*)(?:[?#].*)?",
        url,
        re.IGNORECASE | re.DOTALL,
    )
    if match is None:
        return None
    return match[1].lower(), (match[2] or "").lower(), match[3]


def _plain_path(path: str) -> str:
    """*path* decoded and without dot segments; ``/`` when it is empty."""
    decoded = unquote(path)
    return posixpath.normpath("/" + decoded.lstrip("/")) if decoded else "/"


def _matches_custom(url: str, pattern: str) -> bool:
    if _CONTROL.search(url):
        return False
    parts, wanted = _custom_parts(url), _custom_parts(pattern)
    if parts is None or wanted is None or parts[0] != wanted[0]:
        return False
    if wanted[1] and wanted[1] != parts[1]:
        return False
    if wanted[2] in ("", "/"):
        return True
    path, below = _plain_path(parts[2]), _plain_path(wanted[2])
    return path == below or path.startswith(below.rstrip("/") + "/")


def _matches_custom_wildcard(url: str, pattern: str) -> bool:
    if _CONTROL.search(url):
        return False
    parts = _custom_parts(url)
    # `?` is a wildcard here, so the pattern has no query to cut off.
    wanted = re.fullmatch(r"([^:]+)://([^/]*)(/.*)?", pattern, re.DOTALL)
    if parts is None or wanted is None or parts[0] != wanted[1].lower():
        return False
    if "@" in parts[1]:
        return False
    authority = wanted[2]
    if authority not in ("", "**") and not matches_wildcard(
        authority.lower(), parts[1]
    ):
        return False
    return not wanted[3] or matches_wildcard(wanted[3], _plain_path(parts[2]))
