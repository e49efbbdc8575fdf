"""The cookie cache: a signed snapshot of a session in the `session_data` cookie.

Source: better-auth packages/better-auth/src/cookies/index.ts (compact strategy)
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from itsdangerous.encoding import base64_encode

from flask_better_auth.crypto.signing import SnapshotSigner
from flask_better_auth.sessions.memory import remember_genuine
from flask_better_auth.sessions.view import SessionView
from flask_better_auth.wire import dump_json
from flask_better_auth.wire import load_json
from flask_better_auth.wire import read_wire_date

#: How long a snapshot of a session that is not remembered is believed.
_NOT_REMEMBERED = timedelta(seconds=60)

#: How many cookies are remembered as decoded, by each process.
_REMEMBERED = 1024

_HEAD = b'{"session":'
_TAIL = re.compile(
    rb',"expiresAt":([0-9]{1,16}),"signature":"([\w+/=-]{1,64})"\}\Z', re.A
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a genuine cookie said."""

    view: SessionView
    version: str
    expires_at_ms: int
    session_ends_at_ms: int

    def is_valid(self, *, token: str, version: str, now_ms: int) -> bool:
        """Whether it may be believed now, for the session with *token*."""
        if self.view.session.wire["token"] != token or self.version != version:
            return False
        return self.expires_at_ms >= now_ms and self.session_ends_at_ms >= now_ms


class CookieCache:
    """Writes and reads snapshots.

    Args:
        signer: signs the text of a snapshot.
        max_age: how long a snapshot is believed.
        version: what version a snapshot must carry, or what works it out from the
            session and the user in wire form.
    """

    def __init__(
        self,
        *,
        signer: SnapshotSigner,
        max_age: timedelta,
        version: str | Callable[[dict[str, Any], dict[str, Any]], str],
    ) -> None:
        self._signer = signer
        self.max_age = max_age
        self.version = version
        # A browser sends the same cookie again and again: what was once found genuine
        # is not checked and parsed anew. Whether it is still valid always is.
        self.decode = remember_genuine(self._decode, size=_REMEMBERED)

    def encode(self, view: SessionView, *, now: datetime, remembered: bool) -> str:
        """*view* as a cookie value: URL-safe base64 of signed JSON, without padding."""
        now_ms = to_ms(now)
        max_age = self.max_age if remembered else min(self.max_age, _NOT_REMEMBERED)
        expires_at = now_ms + int(max_age.total_seconds() * 1000)
        payload = dump_json(
            {
                "session": _plain(view.session.wire),
                "user": _plain(view.user.wire),
                "updatedAt": now_ms,
                "version": self.expected_version(view),
            }
        )
        signature = self._signer.get_signature(_signed_text(payload, expires_at))
        text = (
            f'{{"session":{payload},"expiresAt":{expires_at},'
            f'"signature":"{signature.decode()}"}}'
        )
        return base64_encode(text).decode()

    def expected_version(self, view: SessionView) -> str:
        """The version that a copy of *view* must carry to be believed."""
        if isinstance(self.version, str):
            return self.version
        return self.version(_plain(view.session.wire), _plain(view.user.wire))

    def _decode(self, value: str) -> Snapshot | None:
        """The snapshot in a cookie *value*, or None if we did not sign it.

        The signature is checked over the bytes that were sent, so nothing that was
        not signed is ever parsed.
        """
        try:
            text = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        except (ValueError, binascii.Error):
            return None
        tail = _TAIL.search(text)
        if tail is None or not text.startswith(_HEAD):
            return None
        payload = text[len(_HEAD) : tail.start()]
        expires_at = int(tail[1])
        signed = payload[:-1] + b',"expiresAt":%d}' % expires_at
        if not self._signer.verify_signature(signed, tail[2]):
            return None
        return _read(payload, expires_at)


def _plain(wire: Mapping[str, Any]) -> dict[str, Any]:
    """*wire* as JSON is made from; a shared view holds it read-only."""
    return dict(wire) if isinstance(wire, MappingProxyType) else wire  # type: ignore[return-value]


def _signed_text(payload: str, expires_at: int) -> str:
    return f'{payload[:-1]},"expiresAt":{expires_at}}}'


def _read(payload: bytes, expires_at: int) -> Snapshot | None:
    """The signed *payload* as a snapshot, or None if it lacks what a session has."""
    try:
        data = load_json(payload)
        session, user = data["session"], data["user"]
        for wire, keys in (
            (session, ("id", "token", "userId")),
            (user, ("id", "email")),
        ):
            if not all(isinstance(wire[key], str) for key in keys):
                return None
        ends_at = to_ms(read_wire_date(session["expiresAt"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    version = str(data.get("version", "1"))
    # Read-only: the view is remembered, and shared by the requests that bring it.
    view = SessionView(MappingProxyType(session), MappingProxyType(user))
    return Snapshot(view, version, expires_at, ends_at)


def to_ms(moment: datetime) -> int:
    """*moment* as whole milliseconds since 1970."""
    return round(moment.timestamp() * 1000)
