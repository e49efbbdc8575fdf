"""What a scenario is made of: requests to send and rows to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

PASSWORD = "correct horse battery"
ORIGIN = "http://localhost:3000"


@dataclass(frozen=True, slots=True)
class Send:
    """One request.

    In texts, header values and bodies these stand for what is known by then:
    ``<email>`` and ``<eve email>``, an address of this scenario's own;
    ``<ada token>``, the last session token that browser `ada` was given;
    ``<ada session_token>``, the raw value of a cookie of hers, ``<cookie prefix>``
    left out.

    `path` is below ``/api/auth`` unless it starts with ``//``, which stands for the
    root. `body` is sent as JSON, bytes as they are, None not at all. A header of None
    is not sent. `cookies` is a whole Cookie header in place of the browser's own;
    `""` sends none.
    """

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    cookies: str | None = None
    by: str = "ada"

    def using(self, browser: str) -> Send:
        """The same from another browser."""
        return replace(self, by=browser)

    def __str__(self) -> str:
        return f"{self.method} {self.path} by {self.by}"


@dataclass(frozen=True, slots=True)
class Sql:
    """One statement on the server's database; `:email` is ada's address."""

    statement: str


Step = Send | Sql


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps in order, against the servers of one configuration."""

    name: str
    steps: tuple[Step, ...]
    on: str = "default"


def scenario(name: str, *steps: Step, on: str = "default") -> Scenario:
    """A scenario of these steps."""
    return Scenario(name, steps, on)


def get(path: str, **rest: Any) -> Send:
    """A GET request; GETs carry no Origin, as in a browser."""
    return Send("GET", path, **rest)


def post(path: str, body: Any = None, **rest: Any) -> Send:
    """A POST request with the Origin of the app's own pages."""
    headers = {"origin": ORIGIN, **rest.pop("headers", {})}
    return Send("POST", path, body, headers=headers, **rest)


def sign_up(**fields: Any) -> Send:
    """Sign up with good values; `fields` replace or add some, None removes one."""
    body = {"name": "Ada", "email": "<email>", "password": PASSWORD, **fields}
    return post("/sign-up/email", {k: v for k, v in body.items() if v is not None})


def sign_in(**fields: Any) -> Send:
    """Sign in with good values; `fields` replace or add some, None removes one."""
    body = {"email": "<email>", "password": PASSWORD, **fields}
    return post("/sign-in/email", {k: v for k, v in body.items() if v is not None})
