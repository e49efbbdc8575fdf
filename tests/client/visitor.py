"""A browser that sends exactly what it is told and keeps cookies."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from dataclasses import field
from http.client import HTTPConnection
from typing import Any

from tests.client.servers import Server
from tests.client.steps import Send
from tests.client.steps import Sql

_SLOT = re.compile(r"<(\w+ ?\w*)>")


@dataclass(frozen=True, slots=True)
class Answer:
    """One response: headers as (lower-case name, value) in order."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]


@dataclass(slots=True)
class Visitor:
    """Everybody of one scenario, at one server: browsers by name, and what they hold.

    `known` are the values that stand in requests as ``<name>``.
    """

    server: Server
    base_path: str
    slug: str
    known: dict[str, str] = field(default_factory=dict)
    jars: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known["email"] = f"{self.slug}@example.com"
        self.known["eve email"] = f"eve-{self.slug}@example.com"

    def send(self, step: Send) -> Answer:
        """Send the request, and remember the cookies and the token of the answer."""
        jar = self.jars.setdefault(step.by, {})
        headers, body = self._prepared(step, jar)
        path = self._filled(step.path)
        path = path[1:] if path.startswith("//") else self.base_path + path
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        with closing(connection):
            connection.putrequest(step.method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value.encode("utf-8"))
            chunked = headers.get("transfer-encoding") == "chunked"
            connection.endheaders(
                iter([body]) if chunked and body else body, encode_chunked=chunked
            )
            response = connection.getresponse()
            answer = Answer(
                response.status,
                [(name.lower(), value) for name, value in response.getheaders()],
                response.read(),
            )
        self._remember(step.by, jar, answer)
        return answer

    def run(self, step: Sql) -> None:
        """Change the server's database behind its back."""
        with closing(sqlite3.connect(self.server.database, timeout=10)) as database:
            with database:
                database.execute(step.statement, {"email": self.known["email"]})

    def _prepared(
        self, step: Send, jar: Mapping[str, str]
    ) -> tuple[dict[str, str], bytes | None]:
        headers: dict[str, str] = {"user-agent": "differential/1"}
        cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
        if step.cookies is not None:
            cookies = step.cookies
        if cookies:
            headers["cookie"] = cookies
        body: bytes | None = None
        if isinstance(step.body, bytes):
            body = self._filled(step.body.decode("latin-1")).encode("latin-1")
        elif step.body is not None:
            body = self._filled(json.dumps(step.body)).encode()
            headers["content-type"] = "application/json"
        if body is not None:
            headers["content-length"] = str(len(body))
        for name, value in step.headers.items():
            headers.pop(name, None)
            if value is not None:
                headers[name] = value
        if "transfer-encoding" in headers:
            headers.pop("content-length", None)
        return {name: self._filled(value) for name, value in headers.items()}, body

    def _filled(self, text: str) -> str:
        return _SLOT.sub(lambda found: self.known.get(found[1], found[0]), text)

    def _remember(self, browser: str, jar: dict[str, str], answer: Answer) -> None:
        for line in answer.all("set-cookie"):
            pair, *attributes = line.split("; ")
            name, _, value = pair.partition("=")
            if "Max-Age=0" in attributes:
                jar.pop(name, None)
            else:
                jar[name] = value
                self.known[f"{browser} {name.rpartition('.')[2]}"] = value
        token = _token_in(answer)
        if token is not None:
            self.known[f"{browser} token"] = token


def _token_in(answer: Answer) -> str | None:
    try:
        body: Any = json.loads(answer.body)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    found = body.get("token") or (body.get("session") or {}).get("token")
    return found if isinstance(found, str) else None
