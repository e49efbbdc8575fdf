"""A session store without a database, and an engine on it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import Any

from flask_better_auth.crypto.keys import KeyRing
from flask_better_auth.crypto.signing import CookieSigner
from flask_better_auth.crypto.signing import SnapshotSigner
from flask_better_auth.options import AdvancedOptions
from flask_better_auth.sessions.cache import CookieCache
from flask_better_auth.sessions.cookies import CookieChange
from flask_better_auth.sessions.cookies import RequestCookies
from flask_better_auth.sessions.cookies import session_cookies
from flask_better_auth.sessions.engine import Policy
from flask_better_auth.sessions.engine import SessionEngine
from flask_better_auth.wire import wire_date
from tests.clock import START

SECRET = "a-very-secret-secret-0123456789-ABCDEFGH"
KEYS = KeyRing((SECRET,))
SIGNER = CookieSigner(KEYS)

TOKEN = "t" * 32

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def session(**changes: Any) -> dict[str, Any]:
    """A session in wire form that began at `START`."""
    return {
        "expiresAt": wire_date(START + WEEK),
        "token": TOKEN,
        "createdAt": wire_date(START),
        "updatedAt": wire_date(START),
        "ipAddress": "",
        "userAgent": "",
        "userId": "user1",
        "id": "session1",
        **changes,
    }


def user(**changes: Any) -> dict[str, Any]:
    """A user in wire form."""
    return {
        "name": "Ada",
        "email": "ada@example.com",
        "emailVerified": False,
        "image": None,
        "createdAt": wire_date(START),
        "updatedAt": wire_date(START),
        "id": "user1",
        **changes,
    }


@dataclass
class Store:
    """Sessions by token, and a list of what was asked of it."""

    sessions: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {TOKEN: session()}
    )
    users: dict[str, dict[str, Any]] = field(default_factory=lambda: {"user1": user()})
    asked: list[str] = field(default_factory=list)
    revoked_meanwhile: bool = False

    def find(self, token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The session with its user, both copies."""
        self.asked.append("find")
        found = self.sessions.get(token)
        owner = self.users.get(found["userId"]) if found else None
        return ({**found}, {**owner}) if found and owner else None

    def extend(self, token: str, *, expires_at: datetime, now: datetime) -> bool:
        """Move the end, if the session is still there."""
        self.asked.append("extend")
        if self.revoked_meanwhile:
            self.sessions.pop(token)
        if token not in self.sessions:
            return False
        moved = {"expiresAt": wire_date(expires_at), "updatedAt": wire_date(now)}
        self.sessions[token].update(moved)
        return True

    def end(self, token: str) -> None:
        """Remove it."""
        self.asked.append("end")
        self.sessions.pop(token, None)


def make_engine(
    *,
    cached: bool = False,
    max_age: timedelta = timedelta(minutes=5),
    version: str = "1",
    expires_in: timedelta = WEEK,
    update_age: timedelta = DAY,
    fresh_age: timedelta = DAY,
    refreshes: bool = True,
    secure: bool = False,
    advanced: AdvancedOptions | None = None,
    keys: KeyRing = KEYS,
) -> SessionEngine:
    """An engine with upstream's defaults but for what is given."""
    cache = CookieCache(
        signer=SnapshotSigner(keys),
        max_age=max_age,
        version=lambda session, user: version,
    )
    policy = Policy(
        cookies=session_cookies(advanced or AdvancedOptions(), secure=secure),
        expires_in=expires_in,
        update_age=update_age,
        fresh_age=fresh_age,
        refreshes=refreshes,
    )
    return SessionEngine(
        policy, signer=CookieSigner(keys), cache=cache if cached else None
    )


def cookies(**values: str | None) -> RequestCookies:
    """The cookies of a request, by the names without their prefix."""
    sent = {name: value for name, value in values.items() if value is not None}
    return RequestCookies(
        "; ".join(f"better-auth.{name}={value}" for name, value in sent.items()) or None
    )


def signed_in(token: str = TOKEN, **others: str | None) -> RequestCookies:
    """The cookies of a browser that holds the session with *token*."""
    return cookies(session_token=SIGNER.seal(token), **others)


def lines(changes: tuple[CookieChange, ...] | list[CookieChange]) -> list[str]:
    """The Set-Cookie lines that *changes* are, without the common attributes."""
    common = "; Path=/; HttpOnly; SameSite=Lax"
    return [change.header().removesuffix(common) for change in changes]


#: Short for a line that removes a cookie.
GONE = "=; Max-Age=0"
