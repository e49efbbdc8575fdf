"""A Node app and ours share a database and cookies, whoever made them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests import needs
from tests.client import servers
from tests.client.steps import PASSWORD
from tests.client.steps import Send
from tests.client.steps import get
from tests.client.steps import post
from tests.client.steps import sign_in
from tests.client.steps import sign_up
from tests.client.visitor import Visitor

pytestmark = needs.node()

_SCRYPT: dict[str, Any] = {"emailAndPassword": {"password": {"scheme": "scrypt"}}}
_CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "store": _SCRYPT,
    "cache": {**_SCRYPT, "session": {"cookieCache": {"enabled": True}}},
}
_STARTS = {"original": servers.original, "ours": servers.ours}

Running = dict[str, dict[str, servers.Server]]


@pytest.fixture(scope="module", params=["original first", "ours first"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Both servers on one database, whose tables the first of them made."""
    folder = tmp_path_factory.mktemp("shared")
    first = request.param.split()[0]
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(_STARTS[name](_CONFIGURATIONS, folder=folder))
            for name in sorted(_STARTS, key=lambda name: name != first)
        }


@pytest.fixture(params=["original to ours", "ours to original"])
def direction(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Who makes it, and who reads it."""
    maker, _, reader = request.param.split()
    return maker, reader


class Couple:
    """One browser that talks to both servers with the same cookies."""

    def __init__(
        self, running: Running, direction: tuple[str, str], *, on: str, slug: str
    ) -> None:
        maker, reader = (running[name][on] for name in direction)
        slug = f"{slug}-{direction[0]}"
        self.maker = Visitor(maker, "/api/auth", slug)
        self.reader = Visitor(
            reader, "/api/auth", slug, known=self.maker.known, jars=self.maker.jars
        )

    def make(self, step: Send) -> Any:
        """The body of the maker's good answer."""
        return _body(self.maker, step)

    def read(self, step: Send) -> Any:
        """The body of the reader's good answer."""
        return _body(self.reader, step)


def _body(visitor: Visitor, step: Send) -> Any:
    answer = visitor.send(step)
    assert answer.status == 200, answer
    return json.loads(answer.body)


def test_a_session_is_read_with_every_field(
    running: Running, direction: tuple[str, str]
) -> None:
    """What one server wrote to the database the other hands out unchanged."""
    both = Couple(running, direction, on="store", slug="session")
    both.make(sign_up(name="Zoë 日本 😀", image="/i.png"))
    made = both.make(get("/get-session"))
    assert both.read(get("/get-session")) == made
    assert both.read(get("/list-sessions")) == both.make(get("/list-sessions"))
    assert both.read(get("/list-sessions")) == [made["session"]]


def test_a_password_opens_both(running: Running, direction: tuple[str, str]) -> None:
    """Hashes of one are verified by the other, also after a change there."""
    both = Couple(running, direction, on="store", slug="password")
    made = both.make(sign_up(password="ﬁve-ofﬁces-é"))
    assert both.read(sign_in(password="five-offices-e\u0301"))["user"] == made["user"]
    both.read(
        post(
            "/change-password",
            {"currentPassword": "five-offices-é", "newPassword": PASSWORD},
        )
    )
    assert both.make(sign_in())["token"]


def test_changes_are_seen_by_both(running: Running, direction: tuple[str, str]) -> None:
    """A new name, a revoked session and a sign-out at one hold at the other."""
    both = Couple(running, direction, on="store", slug="changes")
    both.make(sign_up())
    both.make(sign_in().using("phone"))
    both.read(post("/update-user", {"name": "New", "image": None}))
    assert both.make(get("/get-session"))["user"]["name"] == "New"
    both.read(post("/revoke-other-sessions", {}))
    assert both.make(get("/get-session", by="phone")) is None
    cookies = f"better-auth.session_token={both.maker.known['ada session_token']}"
    both.read(post("/sign-out", {}))
    assert both.make(get("/get-session", cookies=cookies)) is None


def test_a_cached_copy_is_believed_without_a_row(
    running: Running, direction: tuple[str, str]
) -> None:
    """The cookie cache of one answers at the other when the row is gone."""
    both = Couple(running, direction, on="cache", slug="copy")
    both.make(sign_up(name="Zoë \"'\\ \u2028 😀", rememberMe=False))
    made = both.make(get("/get-session"))
    cookies = "; ".join("=".join(pair) for pair in both.maker.jars["ada"].items())
    both.make(post("/sign-out", {}))
    assert both.read(get("/get-session", cookies=cookies)) == made
    assert both.read(get("/get-session?disableCookieCache=1", cookies=cookies)) is None
