"""Snapshots of a session in a cookie."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from flask_better_auth.crypto.keys import KeyRing
from flask_better_auth.crypto.signing import SnapshotSigner
from flask_better_auth.sessions.cache import CookieCache
from flask_better_auth.sessions.view import SessionView
from tests.clock import START
from tests.sessions.fakes import KEYS
from tests.sessions.fakes import TOKEN
from tests.sessions.fakes import WEEK
from tests.sessions.fakes import session
from tests.sessions.fakes import user

NOW_MS = 1893456000000


def make_cache(keys: KeyRing = KEYS) -> CookieCache:
    """A cache with upstream's defaults."""
    return CookieCache(
        signer=SnapshotSigner(keys),
        max_age=WEEK,
        version=lambda session, user: "1",
    )


def encoded(**person: Any) -> str:
    """A snapshot of a session of Ada."""
    view = SessionView(session(), user(**person))
    return make_cache().encode(view, now=START, remembered=True)


def tampered(change: Any) -> str:
    """A snapshot whose decoded text *change* was applied to."""
    value = encoded()
    text = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
    return base64.urlsafe_b64encode(change(text).encode()).decode().rstrip("=")


def test_what_is_written_is_read() -> None:
    """Session, user and version, whatever letters they hold."""
    name = 'Zoë "quoted" \\ 日本 😀 \u2028\n\t\x01'
    found = make_cache().decode(encoded(name=name))
    assert found is not None
    assert found.view.to_wire() == {"session": session(), "user": user(name=name)}
    assert found.version == "1"


def test_value_needs_no_escaping() -> None:
    """URL-safe base64 without padding is a cookie value as it is."""
    assert set(encoded()) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    )


@pytest.mark.parametrize(
    ("token", "version", "now_ms", "valid"),
    [
        (TOKEN, "1", NOW_MS, True),
        (TOKEN, "1", NOW_MS + 7 * 86_400_000, True),
        (TOKEN, "1", NOW_MS + 7 * 86_400_000 + 1, False),
        (TOKEN, "2", NOW_MS, False),
        ("another", "1", NOW_MS, False),
    ],
)
def test_snapshot_is_valid_for_one_token_one_version_and_a_time(
    token: str, version: str, now_ms: int, valid: bool
) -> None:
    """Being genuine is not enough."""
    found = make_cache().decode(encoded())
    assert found is not None
    assert found.is_valid(token=token, version=version, now_ms=now_ms) is valid


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Ada", "Eve"),
        lambda text: text.replace("false", "true"),
        lambda text: text.replace("user1", "user2"),
        lambda text: text.replace("2030-01-08", "2031-01-08"),
        lambda text: text.replace('"expiresAt":189', '"expiresAt":199'),
        lambda text: text.replace('"session":{"session"', '"session":{ "session"'),
        lambda text: text.replace('{"session"', '{"x":1,"session"', 1),
        lambda text: text + " ",
        lambda text: text + text,
        lambda text: text[:-2],
        lambda text: json.dumps({**json.loads(text), "signature": ""}),
        lambda text: text[: text.index(',"signature')] + "}",
        lambda text: text[: text.index('"signature":"') + 13] + 'x"}',
        lambda text: text[: text.index('"signature":"') + 13] + "A" * 43 + '"}',
        lambda text: "{}",
        lambda text: "null",
        lambda text: "",
    ],
)
def test_tampered_snapshot_is_none(change: Any) -> None:
    """Never an exception, whatever came of the text."""
    assert make_cache().decode(tampered(change)) is None


@pytest.mark.parametrize("value", ["", "x", "é", "{", "%", ".", "A" * 100_000])
def test_value_that_is_no_snapshot_is_none(value: str) -> None:
    """Not base64, or base64 of nothing of ours."""
    assert make_cache().decode(value) is None


@pytest.mark.parametrize(
    "payload",
    [
        {"session": {}, "user": user()},
        {"session": session(id=5), "user": user()},
        {"session": session(expiresAt="tomorrow"), "user": user()},
        {"session": session(expiresAt="2030-01-08T00:00:00.000"), "user": user()},
        {"session": session(), "user": {}},
        {"session": session(), "user": None},
        {"session": [], "user": []},
        {"user": user()},
    ],
)
def test_genuine_snapshot_that_lacks_something_is_none(payload: Any) -> None:
    """Another program with our secret may have signed anything."""
    text = json.dumps(payload, separators=(",", ":"))
    if not text.startswith('{"session"'):
        text = '{"session":1,' + text[1:]
    signed = f'{text[:-1]},"expiresAt":{NOW_MS}}}'
    signature = SnapshotSigner(KEYS).get_signature(signed).decode()
    whole = f'{{"session":{text},"expiresAt":{NOW_MS},"signature":"{signature}"}}'
    value = base64.urlsafe_b64encode(whole.encode()).decode().rstrip("=")
    assert make_cache().decode(value) is None


def test_secret_of_yesterday_is_still_read() -> None:
    """A rotation drops no cache; taking the secret away does."""
    value = encoded()
    assert make_cache(KeyRing((KEYS.current, "new"))).decode(value) is not None
    assert make_cache(KeyRing(("new",))).decode(value) is None


def test_what_was_genuine_once_is_not_believed_for_ever() -> None:
    """The check is remembered, its outcome in time is not."""
    cache, value = make_cache(), encoded()
    first, second = cache.decode(value), cache.decode(value)
    assert first is not None
    assert second is not None
    assert first.is_valid(token=TOKEN, version="1", now_ms=NOW_MS)
    late = NOW_MS + 8 * 86_400_000
    assert not second.is_valid(token=TOKEN, version="1", now_ms=late)


def test_what_a_reader_changes_stays_its_own() -> None:
    """The body of an answer is a copy: a hook may change it."""
    cache, value = make_cache(), encoded()
    first = cache.decode(value)
    assert first is not None
    first.view.to_wire()["user"]["name"] = "Eve"
    second = cache.decode(value)
    assert second is not None
    assert second.view.user.name == "Ada"


def test_view_of_a_copy_is_read_only() -> None:
    """It is remembered, and shared by the requests that bring the same cookie."""
    found = make_cache().decode(encoded())
    assert found is not None
    with pytest.raises(TypeError):
        found.view.user.wire["name"] = "Eve"  # type: ignore[index]  # the point
    found.view.to_wire()["user"]["name"] = "Eve"
    assert found.view.user.name == "Ada"
