"""Who is signed in, and what the browser's cookies should become.

The engine takes strings and gives decisions. It reads and writes sessions through a
:class:`SessionStore` and never sees a request or a response.

Source: core-session.md (better-auth api/routes/session.ts)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Literal
from typing import Protocol

from flask_better_auth.crypto.signing import CookieSigner
from flask_better_auth.sessions.cache import CookieCache
from flask_better_auth.sessions.cache import Snapshot
from flask_better_auth.sessions.cache import to_ms
from flask_better_auth.sessions.cookies import CookieChange
from flask_better_auth.sessions.cookies import RequestCookies
from flask_better_auth.sessions.cookies import SessionCookies
from flask_better_auth.sessions.cookies import chunked
from flask_better_auth.sessions.cookies import decoded
from flask_better_auth.sessions.memory import remember_genuine
from flask_better_auth.sessions.view import SessionView
from flask_better_auth.wire import wire_date

#: How many signed cookies are remembered as checked, by each process.
_REMEMBERED = 4096

#: How many whole headers are, and up to which length: whoever is signed in may send
#: other cookies besides, as many and as long as the server takes.
_REMEMBERED_HEADERS = 1024
_LONGEST_HEADER = 8192

#: How long a session lives that ends with the browser.
NOT_REMEMBERED = timedelta(days=1)


class SessionStore(Protocol):
    """Where sessions are kept."""

    def find(self, token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The session with *token* and its user in wire form, expired or not."""

    def extend(self, token: str, *, expires_at: datetime, now: datetime) -> bool:
        """Move the expiry of a live session; False when there is none any more."""

    def end(self, token: str) -> None:
        """Remove the session with *token*, if it is there."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one app."""

    cookies: SessionCookies
    expires_in: timedelta
    update_age: timedelta
    fresh_age: timedelta
    refreshes: bool = True


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the engine found.

    Attributes:
        view: the session, or None.
        source: where it came from.
        cookie_changes: what the response must do to the browser's cookies.
        refreshed: its expiry was moved.
        vanished: the session was ended while it was being refreshed.
    """

    view: SessionView | None
    source: Literal["none", "cache", "store"]
    cookie_changes: tuple[CookieChange, ...] = ()
    refreshed: bool = False
    vanished: bool = False


class SessionEngine:
    """Decides about sessions under one :class:`Policy`."""

    def __init__(
        self, policy: Policy, *, signer: CookieSigner, cache: CookieCache | None
    ) -> None:
        self.policy = policy
        self._signer = signer
        self._cache = cache
        # The same cookie comes with every request; its signature is checked once.
        self._open = remember_genuine(signer.open, size=_REMEMBERED)
        self._copy_in = remember_genuine(self._find_copy, size=_REMEMBERED_HEADERS)

    @property
    def token_cookie_name(self) -> str:
        """Name of the cookie without which nobody is signed in."""
        return self.policy.cookies.token.name

    @property
    def cookie_names(self) -> tuple[str, str, str]:
        """Names of all cookies that tell of a session, without those of chunks."""
        cookies = self.policy.cookies
        return (cookies.token.name, cookies.data.name, cookies.dont_remember.name)

    def resolve(
        self,
        cookies: RequestCookies,
        store: SessionStore,
        *,
        now: datetime,
        use_cache: bool = True,
        refresh: bool = True,
    ) -> Resolution:
        """Find the session that *cookies* name; refresh it when that is due.

        With *use_cache* false the snapshot in the cookie is not believed, with
        *refresh* false the expiry stays.
        """
        token = self.token(cookies)
        if self._cache is None:
            # Left over from when caching was on: never believed, swept away.
            changes = list(self._expire_data(cookies))
        elif token is None:
            return Resolution(None, "none")
        else:
            view, changes = self._from_cache(cookies, token, now, use_cache=use_cache)
            if view is not None:
                return Resolution(view, "cache")
        if token is None:
            return Resolution(None, "none", tuple(changes))
        return self._from_store(
            cookies, token, store, changes, now=now, refresh=refresh
        )

    def glance(self, header: str, *, now: datetime) -> SessionView | None:
        """The session that a Cookie *header* has a valid copy of, or None.

        It is what :meth:`resolve` finds in the cookie cache, for less: the same header
        comes with every request of a browser, and is taken apart once. Whether the
        copy is still valid is asked each time.
        """
        if self._cache is None or len(header) > _LONGEST_HEADER:
            return None
        snapshot = self._copy_in(header)
        if snapshot is None:
            return None
        view = snapshot.view
        is_valid = snapshot.is_valid(
            token=view.session.wire["token"],
            version=self._cache.expected_version(view),
            now_ms=to_ms(now),
        )
        return view if is_valid else None

    def _find_copy(self, header: str) -> Snapshot | None:
        """The genuine copy in *header* that belongs to its session cookie."""
        cookies = RequestCookies(header)
        token = self.token(cookies)
        value = cookies.joined(self.policy.cookies.data.name)
        if self._cache is None or token is None or value is None:
            return None
        snapshot = self._cache.decode(decoded(value))
        if snapshot is None or snapshot.view.session.wire["token"] != token:
            return None
        return snapshot

    def token(self, cookies: RequestCookies) -> str | None:
        """The session token in *cookies*, if its signature is ours."""
        value = cookies.get(self.policy.cookies.token.name)
        return self._open(value) if value else None

    def is_remembered(self, cookies: RequestCookies) -> bool:
        """Whether the browser keeps its session beyond its own life."""
        value = cookies.get(self.policy.cookies.dont_remember.name)
        return not value or self._open(value) != "true"

    def is_fresh(self, view: SessionView, *, now: datetime) -> bool:
        """Whether the sign-in was recent enough for delicate actions."""
        if not self.policy.fresh_age:
            return True
        return now - view.session.created_at < self.policy.fresh_age

    def lifetime(self, *, remembered: bool) -> timedelta:
        """How long a new session lives."""
        return self.policy.expires_in if remembered else NOT_REMEMBERED

    def start(
        self,
        view: SessionView,
        cookies: RequestCookies,
        *,
        now: datetime,
        remembered: bool | None = None,
    ) -> tuple[CookieChange, ...]:
        """The changes that sign the browser in with *view*.

        With *remembered* None the browser's earlier choice stays.
        """
        names = self.policy.cookies
        keep = self.is_remembered(cookies) if remembered is None else remembered
        changes = [
            names.token.set(
                self._signer.seal(view.session.token),
                max_age=_seconds(self.policy.expires_in) if keep else None,
            )
        ]
        if not keep:
            changes.append(
                names.dont_remember.set(
                    self._signer.seal("true"), max_age=names.dont_remember.max_age
                )
            )
        elif cookies.get(names.dont_remember.name) is not None:
            changes.append(names.dont_remember.expire())
        changes.extend(self.snapshot(view, cookies, now=now, remembered=keep))
        return tuple(changes)

    def snapshot(
        self,
        view: SessionView,
        cookies: RequestCookies,
        *,
        now: datetime,
        remembered: bool,
    ) -> list[CookieChange]:
        """The changes that store *view* in the cookie cache; none while it is off."""
        if self._cache is None:
            return []
        data = self.policy.cookies.data
        max_age = _seconds(self._cache.max_age) if remembered else None
        if data.max_age is not None and remembered:
            max_age = data.max_age
        value = self._cache.encode(view, now=now, remembered=remembered)
        written = chunked(data, value, max_age=max_age)
        kept = {change.name for change in written}
        stale = [
            change for change in self._expire_data(cookies) if change.name not in kept
        ]
        return [*stale, *written]

    def clear(self, cookies: RequestCookies) -> tuple[CookieChange, ...]:
        """The changes that sign the browser out."""
        names = self.policy.cookies
        chunks = [
            change
            for change in self._expire_data(cookies)
            if change.name != names.data.name
        ]
        return (
            names.token.expire(),
            names.data.expire(),
            *chunks,
            names.dont_remember.expire(),
        )

    def _from_cache(
        self, cookies: RequestCookies, token: str, now: datetime, *, use_cache: bool
    ) -> tuple[SessionView | None, list[CookieChange]]:
        cache = self._cache
        value = cookies.joined(self.policy.cookies.data.name)
        if cache is None or not use_cache or value is None:
            return None, []
        snapshot = cache.decode(decoded(value))
        if snapshot is not None:
            view = snapshot.view
            version = cache.expected_version(view)
            if snapshot.is_valid(token=token, version=version, now_ms=to_ms(now)):
                return view, []
        return None, list(self._expire_data(cookies))

    def _from_store(
        self,
        cookies: RequestCookies,
        token: str,
        store: SessionStore,
        changes: list[CookieChange],
        *,
        now: datetime,
        refresh: bool,
    ) -> Resolution:
        found = store.find(token)
        view = SessionView(*found) if found else None
        if view is None or view.session.expires_at < now:
            if view is not None:
                store.end(token)
            return Resolution(None, "none", (*changes, *self.clear(cookies)))
        if not refresh or not self.is_remembered(cookies):
            return Resolution(view, "store", tuple(changes))
        if self.policy.refreshes and self._is_due(view, now):
            return self._refreshed(view, cookies, store, changes, now=now)
        changes.extend(self.snapshot(view, cookies, now=now, remembered=True))
        return Resolution(view, "store", tuple(changes))

    def _is_due(self, view: SessionView, now: datetime) -> bool:
        extended_at = view.session.expires_at - self.policy.expires_in
        return extended_at + self.policy.update_age <= now

    def _refreshed(
        self,
        view: SessionView,
        cookies: RequestCookies,
        store: SessionStore,
        changes: Iterable[CookieChange],
        *,
        now: datetime,
    ) -> Resolution:
        expires_at = now + self.policy.expires_in
        if not store.extend(view.session.token, expires_at=expires_at, now=now):
            # Revoked in this very moment: never brought back by a refresh.
            return Resolution(
                None, "none", (*changes, *self.clear(cookies)), vanished=True
            )
        moved = {"expiresAt": wire_date(expires_at), "updatedAt": wire_date(now)}
        extended = SessionView({**view.session.wire, **moved}, view.user.wire)
        signed_in = self.start(extended, cookies, now=now, remembered=True)
        return Resolution(extended, "store", (*changes, *signed_in), refreshed=True)

    def _expire_data(self, cookies: RequestCookies) -> Iterable[CookieChange]:
        """Changes that remove the snapshot and its chunks, as far as they are there."""
        data = self.policy.cookies.data
        if cookies.get(data.name) is not None:
            yield data.expire()
        for _, name, _ in cookies.chunks(data.name):
            yield replace(data, name=name).expire()


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
