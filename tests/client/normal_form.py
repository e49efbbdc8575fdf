"""Turns an answer into something that two servers can agree on.

Ids, tokens and moments differ from run to run. What is kept of them: an id is a number
in order of first sight (so the same id is the same number), a moment is its distance
from now, a signed value is checked and then shown without its signature. Of a page the
error code is kept: what else stands on it, or guards it, is not the protocol's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import re
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timezone
from typing import Any
from urllib.parse import quote
from urllib.parse import unquote

from tests.client.servers import SECRET
from tests.client.visitor import Answer

#: Headers that belong to the server program, not to the protocol.
_HOP = {"date", "server", "connection", "keep-alive", "transfer-encoding"}
#: `content-length` is there or not as the server program likes. Flask adds Vary.
_FREE = {"content-length", "vary"}
_PAGE = {
    "content-security-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
}
_SINGLE = ("content-type", "location", "cache-control", "pragma", "x-retry-after")

_ID = re.compile(r"[A-Za-z0-9]{32}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_TAGS = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)
_CODE = re.compile(r"\bcode:? (\S+)", re.IGNORECASE)
_DAY = 86_400


@dataclass(slots=True)
class Names:
    """The numbers given to the ids that one server made in one scenario."""

    numbers: dict[str, int] = field(default_factory=dict)

    def of(self, value: str) -> str:
        """`#1` for the first id seen, `#2` for the next."""
        return f"#{self.numbers.setdefault(value, len(self.numbers) + 1)}"


def normal_form(answer: Answer, names: Names) -> dict[str, Any]:
    """Status, headers, cookies and body of an answer, comparable between servers."""
    form: dict[str, Any] = {"status": answer.status}
    for name in _SINGLE:
        form[name] = ", ".join(answer.all(name)) or None
    if form["x-retry-after"]:
        # Seconds pass between the requests of a scenario, tens of them do not.
        form["x-retry-after"] = f"about {round(int(form['x-retry-after']), -1)}"
    expected = {*_HOP, *_FREE, *_SINGLE, "set-cookie"}
    if (form["content-type"] or "").startswith("text/html"):
        form["content-type"] = "text/html"
        expected |= _PAGE
    form["other headers"] = sorted({name for name, _ in answer.headers} - expected)
    form["body"] = _body(answer, form["content-type"], names)
    copies: list[Any] = []
    form["set-cookie"] = [
        _cookie(line, names, copies) for line in answer.all("set-cookie")
    ]
    form["cached copies"] = copies
    return form


def _body(answer: Answer, kind: str | None, names: Names) -> Any:
    text = answer.body.decode()
    if kind == "text/html":
        words = " ".join(html.unescape(_TAGS.sub(" ", text)).split())
        code = _CODE.search(words)
        return f"a page with code {code[1]}" if code else "a page"
    if not text or kind != "application/json":
        return f"text: {text}"
    return _value(json.loads(text), names)


def _value(value: Any, names: Names) -> Any:
    if isinstance(value, dict):
        return {key: _entry(key, inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_value(inner, names) for inner in value]
    if isinstance(value, str) and _ID.fullmatch(value):
        return names.of(value)
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return _distance(datetime.fromisoformat(value.replace("Z", "+00:00")))
    return value


def _entry(key: str, value: Any, names: Names) -> Any:
    # The original knows no address without a proxy's header; we take the peer's.
    if key == "ipAddress" and value in ("", "127.0.0.1"):
        return "the peer's address or none"
    return _value(value, names)


def _distance(moment: datetime) -> str:
    seconds = (moment - datetime.now(timezone.utc)).total_seconds()
    if abs(seconds) > 400 * _DAY:
        return f"in {moment.year}"
    # Whole minutes are never near a border here, a slow machine's seconds are not seen.
    return f"now{round(seconds / 60) * 60:+d}s"


def _cookie(line: str, names: Names, copies: list[Any]) -> str:
    """A Set-Cookie line with a checked, readable value; a cached copy goes apart."""
    pair, *attributes = line.split("; ")
    name, _, wire = pair.partition("=")
    value = unquote(wire)
    shown = ""
    if quote(value, safe="-_.!~*'()") != wire:
        shown = f"oddly encoded {wire}"
    elif re.search(r"session_data\.\d+$", name):
        shown = "a chunk" if value else ""
    elif name.endswith("session_data") and value:
        shown = "a copy"
        copies.append(_copy(value, names))
    elif value:
        shown = _signed(value, names)
    return "; ".join([f"{name}={shown}", *attributes])


def _signed(value: str, names: Names) -> str:
    text, _, signature = value.rpartition(".")
    expected = base64.b64encode(_mac(text.encode())).decode()
    if not hmac.compare_digest(signature, expected):
        return f"badly signed {value}"
    return f"signed {names.of(text) if _ID.fullmatch(text) else text}"


def _copy(value: str, names: Names) -> Any:
    """What a cached copy holds, with its signature checked."""
    padding = "=" * (-len(value) % 4)
    outer = json.loads(base64.urlsafe_b64decode(value + padding))
    inner = {**outer["session"], "expiresAt": outer["expiresAt"]}
    signed = json.dumps(inner, separators=(",", ":"), ensure_ascii=False)
    expected = base64.urlsafe_b64encode(_mac(signed.encode())).decode().rstrip("=")
    assert list(outer) == ["session", "expiresAt", "signature"]
    assert hmac.compare_digest(outer["signature"], expected)
    for key in ("updatedAt", "expiresAt"):
        moment = datetime.fromtimestamp(inner[key] / 1000, tz=timezone.utc)
        inner[key] = _distance(moment)
    return _value(inner, names)


def _mac(data: bytes) -> bytes:
    return hmac.new(SECRET.encode(), data, hashlib.sha256).digest()
