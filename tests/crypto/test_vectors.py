"""Cookies, caches and hashes that the original made, and its verdicts on broken ones.

Where we judge otherwise on purpose, the case stands in a table with the reason.
"""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from pathlib import Path
from typing import Any

import pytest

from flask_better_auth.crypto.keys import KeyRing
from flask_better_auth.crypto.passwords import verify_scrypt
from flask_better_auth.crypto.signing import CookieSigner
from flask_better_auth.crypto.signing import SnapshotSigner
from flask_better_auth.options import AdvancedOptions
from flask_better_auth.sessions.cache import CookieCache
from flask_better_auth.sessions.cookies import RequestCookies
from flask_better_auth.sessions.cookies import session_cookies
from flask_better_auth.sessions.engine import Policy
from flask_better_auth.sessions.engine import Resolution
from flask_better_auth.sessions.engine import SessionEngine
from flask_better_auth.sessions.view import SessionView

_FOLDER = Path(__file__).resolve().parent.parent / "vectors"


def _load(name: str) -> Any:
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


SIGNED = _load("signed_cookies")
CACHES = _load("cookie_cache")
COMPACT = [case for case in CACHES["cases"] if case["strategy"] == "compact"]
HASHES = _load("password_hashes")["cases"]

KEYS = KeyRing((SIGNED["secret"],))
NOW = datetime.fromtimestamp(CACHES["now_ms"] / 1000, timezone.utc)


def _named(cases: list[Any], *, where: Any = lambda case: True) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in cases if where(case)]


# -- signed cookies --------------------------------------------------------------------


@pytest.mark.parametrize(
    "case", _named(SIGNED["cases"], where=lambda case: case["value"] is not None)
)
def test_value_is_signed_as_the_original_signs_it(case: dict[str, Any]) -> None:
    """Byte for byte, percent-encoding included."""
    assert CookieSigner(KEYS).seal(case["value"]) == case["cookie"]


@pytest.mark.parametrize("case", _named(SIGNED["cases"]))
def test_signed_cookie_is_read_as_the_original_reads_it(case: dict[str, Any]) -> None:
    """The value of a good one, nothing of a broken one."""
    sent = RequestCookies(f"a=1; probe={case['cookie']}; z=1").get("probe")
    found = CookieSigner(KEYS).open(sent) if sent else None
    assert found == case["result"]


# -- compact cookie caches -------------------------------------------------------------

#: Cases that the original accepts and we do not: we check the signature over the bytes
#: that were sent, so nothing unsigned is parsed, and nobody writes such bytes.
NOT_CANONICAL = {
    "outer keys in another order",
    "an unknown outer key",
    "white space in the JSON text",
    "non-ASCII written as escapes",
    "dates of six digits",
    "one character more",
}
#: Cases that the original refuses and we do not. It takes any text that looks like a
#: date for one, so that such a name is none any more; with a point in the base64 it
#: answers 500. The signature is good in all of them.
READ_HERE = {
    "name that reads as a date",
    "name that reads as a date of three digits",
    "null name",
    "a point in base64",
}
#: What we have no occasion to write: text with lone surrogates is refused at the edge,
#: and no field of the core is a fraction, which JavaScript spells in its own way.
NEVER_WRITTEN = {
    "lone surrogates",
    "numbers in unknown fields",
    "written under the wrong secret",
}


class NoRows:
    """A store without any session."""

    def find(self, token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Nothing."""
        return None

    def extend(self, token: str, *, expires_at: datetime, now: datetime) -> bool:
        """Never reached."""
        raise AssertionError("a cached session is not extended")

    def end(self, token: str) -> None:
        """Never reached."""
        raise AssertionError("there is no session to end")


def _cache(version: str, *, max_age: float = 300) -> CookieCache:
    return CookieCache(
        signer=SnapshotSigner(KEYS),
        max_age=timedelta(seconds=max_age),
        version=lambda session, user: version,
    )


def _resolve(case: dict[str, Any]) -> Resolution:
    policy = Policy(
        cookies=session_cookies(AdvancedOptions(), secure=False),
        expires_in=timedelta(days=7),
        update_age=timedelta(days=1),
        fresh_age=timedelta(days=1),
    )
    engine = SessionEngine(
        policy, signer=CookieSigner(KEYS), cache=_cache(case["version"])
    )
    token, data = case["session_token"]["cookie"], case["session_data"]
    cookies = RequestCookies(
        f"better-auth.session_token={token}; better-auth.session_data={data}"
    )
    return engine.resolve(cookies, NoRows(), now=NOW)


@pytest.mark.parametrize("case", _named(COMPACT))
def test_cache_is_judged_as_the_original_judges_it(case: dict[str, Any]) -> None:
    """A good one signs in without any row; of a broken one nothing is believed."""
    expected = case["accepted"]
    if case["name"] in NOT_CANONICAL | READ_HERE:
        expected = not expected
    found = _resolve(case)
    assert found.source == ("cache" if expected else "none")


@pytest.mark.parametrize(
    "case",
    _named(
        COMPACT,
        where=lambda case: case["accepted"] and case["name"] not in NOT_CANONICAL,
    ),
)
def test_cache_says_the_same_to_both(case: dict[str, Any]) -> None:
    """Session and user come out as the original answers them."""
    view = _resolve(case).view
    assert view is not None
    shown = view.to_wire()
    # The original lowers the address once more; both only ever store it lowered.
    shown["user"] = {**shown["user"], "email": shown["user"]["email"].lower()}
    assert shown == case["answer"]


@pytest.mark.parametrize(
    "case",
    _named(
        COMPACT,
        where=lambda case: "written" in case and case["name"] not in NEVER_WRITTEN,
    ),
)
def test_cache_is_written_as_the_original_writes_it(case: dict[str, Any]) -> None:
    """The same session gives the same bytes."""
    payload = case["written"]["payload"]
    view = SessionView(payload["session"], payload["user"])
    written_at = datetime.fromtimestamp(payload["updatedAt"] / 1000, timezone.utc)
    max_age = case["written"]["max_age"]
    cache = _cache(payload["version"], max_age=max_age or 300)
    text = cache.encode(view, now=written_at, remembered=max_age is not None)
    assert text == case["session_data"]


# -- scrypt ----------------------------------------------------------------------------

#: The original cuts a stored hash at each colon and looks at two parts; nobody
#: stores a third.
STRICTER = {"a third part is ignored"}


@pytest.mark.parametrize("case", _named(HASHES))
def test_hash_is_judged_as_the_original_judges_it(case: dict[str, Any]) -> None:
    """One that is none is a wrong password here, and an exception there."""
    expected = case["accepted"] and case["name"] not in STRICTER
    assert verify_scrypt(case["hash"], case["password"]) is expected
