"""Names, attributes and lines of cookies.

Source: better-auth packages/better-auth/src/cookies/index.ts
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from typing import Literal
from urllib.parse import unquote

from flask_better_auth.options import AdvancedOptions
from flask_better_auth.options import CookieAttributes

SameSite = Literal["lax", "strict", "none"]

#: A whole Set-Cookie line stays within this many characters.
_LINE_LIMIT = 4050
#: Chunks are numbered with two digits; what has a higher number is not ours.
_MAX_CHUNKS = 100


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie we may send: its name and attributes, without a value."""

    name: str
    path: str = "/"
    domain: str | None = None
    secure: bool = False
    http_only: bool = True
    same_site: SameSite = "lax"
    partitioned: bool = False
    max_age: int | None = None

    def set(self, value: str, *, max_age: int | None) -> CookieChange:
        """A change that stores *value* (already percent-encoded where needed).

        *max_age* is in seconds; None makes it end with the browser.
        """
        return CookieChange(self, value, max_age)

    def expire(self) -> CookieChange:
        """A change that removes the cookie."""
        return CookieChange(self, "", 0)

    def attributes(self, max_age: int | None, *, secure: bool) -> str:
        """The attributes as they follow the value, in upstream's order."""
        parts = [
            f"; Max-Age={max_age}" if max_age is not None else "",
            f"; Domain={self.domain}" if self.domain else "",
            f"; Path={self.path}" if self.path else "",
            "; HttpOnly" if self.http_only else "",
            "; Secure" if self.secure or secure else "",
            f"; SameSite={self.same_site.capitalize()}",
            "; Partitioned" if self.partitioned else "",
        ]
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class CookieChange:
    """One `Set-Cookie` line to be."""

    cookie: Cookie
    value: str
    max_age: int | None

    @property
    def name(self) -> str:
        """Name of the cookie."""
        return self.cookie.name

    def header(self, *, secure: bool = False) -> str:
        """The value of the Set-Cookie header; *secure* adds the Secure flag."""
        attributes = self.cookie.attributes(self.max_age, secure=secure)
        return f"{self.name}={self.value}{attributes}"


class CookieChanges:
    """The changes a response will carry, in order."""

    __slots__ = ("_changes",)

    def __init__(self, changes: Iterable[CookieChange] = ()) -> None:
        self._changes: list[CookieChange] = []
        self.extend(changes)

    def put(self, change: CookieChange) -> None:
        """Add *change*; one that expires a cookie undoes what was set before."""
        if change.max_age == 0:
            self.discard(change.name)
        self._changes.append(change)

    def extend(self, changes: Iterable[CookieChange]) -> None:
        """Add several."""
        for change in changes:
            self.put(change)

    def discard(self, name: str) -> None:
        """Forget pending changes of cookie *name* and of its chunks."""
        self._changes = [
            change
            for change in self._changes
            if change.name != name and not _is_chunk(change.name, name)
        ]

    def __iter__(self) -> Iterator[CookieChange]:
        return iter(self._changes)

    def __bool__(self) -> bool:
        return bool(self._changes)


class RequestCookies:
    """The cookies of a request, parsed from its header when first asked for.

    Of several with one name the first counts, as upstream.
    """

    __slots__ = ("_header", "_parsed")

    def __init__(self, header: str | None) -> None:
        self._header = header
        self._parsed: dict[str, str] | None = None

    @property
    def present(self) -> bool:
        """Whether there was a Cookie header at all."""
        return self._header is not None

    def get(self, name: str) -> str | None:
        """The raw value of cookie *name*, still percent-encoded."""
        return self._values.get(name)

    def chunks(self, name: str) -> list[tuple[int, str, str]]:
        """(index, cookie name, value) of the parts of *name*, in order."""
        if f"{name}." not in (self._header or ""):
            return []
        return sorted(
            (int(key[len(name) + 1 :]), key, value)
            for key, value in self._values.items()
            if _is_chunk(key, name)
        )

    def joined(self, name: str) -> str | None:
        """The value of *name*, put together from chunks if it came in chunks."""
        return (
            self.get(name) or "".join(part for _, _, part in self.chunks(name)) or None
        )

    def with_cookie(self, name: str, value: str) -> RequestCookies:
        """The same cookies with *name* set to *value*."""
        changed = RequestCookies(self._header or "")
        changed._parsed = {**self._values, name: value}
        return changed

    @property
    def _values(self) -> dict[str, str]:
        if self._parsed is None:
            self._parsed = _parse(self._header or "")
        return self._parsed


def _parse(header: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in header.split(";"):
        name, separator, value = pair.partition("=")
        name = name.strip()
        if not separator or not name or name in values:
            continue
        value = value.strip()
        if value[:1] == '"':
            value = value[1:-1]
        values[name] = value
    return values


def decoded(value: str) -> str:
    """*value* percent-decoded, or as it is when the escapes are malformed."""
    if "%" not in value:
        return value
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        return value


def _is_chunk(candidate: str, name: str) -> bool:
    return (
        candidate.startswith(f"{name}.")
        and re.fullmatch(r"0|[1-9][0-9]?", candidate[len(name) + 1 :], re.ASCII)
        is not None
    )


def chunked(cookie: Cookie, value: str, *, max_age: int | None) -> list[CookieChange]:
    """*value* as one change, or as several named ``<name>.0``, ``<name>.1``, …

    Returns an empty list when it would take more than 100.
    """
    widest = replace(cookie, name=f"{cookie.name}.99").set("", max_age=max_age)
    size = _LINE_LIMIT - len(widest.header())
    if len(value) <= size:
        return [cookie.set(value, max_age=max_age)]
    count = -(-len(value) // size)
    if count > _MAX_CHUNKS:
        return []
    return [
        replace(cookie, name=f"{cookie.name}.{index}").set(
            value[index * size : (index + 1) * size], max_age=max_age
        )
        for index in range(count)
    ]


@dataclass(frozen=True, slots=True)
class SessionCookies:
    """The cookies of the core."""

    token: Cookie
    data: Cookie
    dont_remember: Cookie


def make_cookie(key: str, *, options: AdvancedOptions, secure: bool) -> Cookie:
    """The cookie called *key* with the names and attributes that options give it.

    *secure* puts ``__Secure-`` before the name, unless it has such a prefix, and marks
    it Secure.
    """
    own = options.cookies.get(key)
    name = own.name if own and own.name else f"{options.cookie_prefix}.{key}"
    if secure and not name.startswith(("__Host-", "__Secure-")):
        name = f"__Secure-{name}"
    cookie = Cookie(name, secure=secure)
    cookie = _with(cookie, options.default_cookie_attributes)
    cookie = _with(cookie, own.attributes) if own else cookie
    if cookie.name.startswith("__Host-"):
        # RFC 6265bis §4.1.3.2: anything else makes the browser drop it.
        cookie = replace(cookie, secure=True, path="/", domain=None)
    return cookie


def _with(cookie: Cookie, attributes: CookieAttributes) -> Cookie:
    given = {
        name: value
        for name, value in attributes.model_dump(exclude={"max_age"}).items()
        if value is not None
    }
    if attributes.max_age is not None:
        given["max_age"] = int(attributes.max_age.total_seconds())
    return replace(cookie, **given)


def session_cookies(options: AdvancedOptions, *, secure: bool) -> SessionCookies:
    """The core's cookies under *options*."""
    return SessionCookies(
        token=make_cookie("session_token", options=options, secure=secure),
        data=make_cookie("session_data", options=options, secure=secure),
        dont_remember=make_cookie("dont_remember", options=options, secure=secure),
    )
