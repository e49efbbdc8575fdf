"""The requests that are sent, and the proof that their answers are the right ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from http.client import HTTPConnection
from http.cookies import SimpleCookie

from tests.benchmarks.people import EMAIL
from tests.benchmarks.people import GREETING
from tests.benchmarks.people import PASSWORD
from tests.benchmarks.people import sign_ups
from tests.benchmarks.servers import CannotMeasure
from tests.benchmarks.servers import Server

_TOKEN, _CACHE = "better-auth.session_token", "better-auth.session_data"

#: The cookies a browser holds once it is signed in.
_COOKIES = {
    "flask-login": {"session"},
    "node-cache": {_TOKEN, _CACHE},
    "node-database": {_TOKEN},
    "ours-cache": {_TOKEN, _CACHE},
    "ours-database": {_TOKEN},
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """One signed-in browser: whose it is, and the `Cookie` header it sends."""

    email: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Request:
    """What the load generator sends again and again, each cookie in its turn."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    cookies: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, the cookies set, and the body."""

    status: int
    cookies: Mapping[str, str]
    body: bytes


def sign_everybody_up(server: Server) -> list[Visitor]:
    """Every user exists on *server*; return their browsers, signed in."""
    path = "/sign-up" if server.name == "flask-login" else "/api/auth/sign-up/email"
    visitors = []
    for body in sign_ups():
        answer = send(server, _post(server, path, body))
        _insist(server, "signing up", answer, answer.status == 200)
        _insist(
            server, "signing up", answer, set(answer.cookies) == _COOKIES[server.name]
        )
        cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        visitors.append(Visitor(body["email"], cookie))
    return visitors


def request_for(what: str, server: Server, visitors: Sequence[Visitor]) -> Request:
    """The request of the kind *what* (`bare`, `protected`, …) that *visitors* send."""
    cookies = [visitor.cookie for visitor in visitors]
    match what:
        case "bare":
            return Request("GET", "/")
        case "protected":
            return Request("GET", "/protected", cookies=cookies)
        case "get-session":
            return Request("GET", "/api/auth/get-session", cookies=cookies)
        case "sign-in":
            return _sign_in(server, PASSWORD)
        case _:
            raise ValueError(what)


def check(what: str, server: Server, visitors: Sequence[Visitor]) -> None:
    """Raise unless *server* answers rightly to each of *visitors* and to a stranger."""
    match what:
        case "bare":
            _check_greeting(server, what, send(server, request_for(what, server, ())))
        case "protected":
            for visitor in visitors:
                answer = send(server, request_for(what, server, [visitor]))
                _check_greeting(server, what, answer)
            stranger = send(server, request_for(what, server, ()))
            _insist(server, "a stranger", stranger, stranger.status != 200)
        case "get-session":
            for visitor in visitors:
                answer = send(server, request_for(what, server, [visitor]))
                _check_user(server, what, answer, visitor.email)
                # A read from the database writes the cookie cache anew: none, a hit.
                _insist(server, what, answer, not answer.cookies)
            stranger = send(server, request_for(what, server, ()))
            _insist(server, "a stranger", stranger, stranger.body == b"null")
        case "sign-in":
            answer = send(server, _sign_in(server, PASSWORD))
            _check_user(server, what, answer, EMAIL)
            wrong = send(server, _sign_in(server, "a wrong password"))
            _insist(server, "a wrong password", wrong, wrong.status == 401)


def send(server: Server, request: Request) -> Answer:
    """Send *request*, which has one visitor at most, to *server* once."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        headers = dict(request.headers)
        for cookie in request.cookies:
            headers["Cookie"] = cookie
        connection.request(request.method, request.path, request.body, headers)
        response = connection.getresponse()
        cookies = SimpleCookie()
        for line in response.headers.get_all("Set-Cookie", []):
            cookies.load(line)
        return Answer(
            response.status,
            {name: morsel.coded_value for name, morsel in cookies.items()},
            response.read(),
        )
    finally:
        connection.close()


def _post(server: Server, path: str, body: Mapping[str, str]) -> Request:
    headers = {"Content-Type": "application/json", "Origin": server.origin}
    return Request("POST", path, headers, json.dumps(body))


def _sign_in(server: Server, password: str) -> Request:
    body = {"email": EMAIL, "password": password}
    return _post(server, "/api/auth/sign-in/email", body)


def _check_greeting(server: Server, what: str, answer: Answer) -> None:
    right = answer.status == 200 and answer.body == GREETING.encode()
    _insist(server, what, answer, right)


def _check_user(server: Server, what: str, answer: Answer, email: str) -> None:
    _insist(server, what, answer, answer.status == 200)
    _insist(server, what, answer, json.loads(answer.body)["user"]["email"] == email)


def _insist(server: Server, what: str, answer: Answer, right: bool) -> None:
    if not right:
        raise CannotMeasure(
            f"{server.name} answers {what} wrongly: {answer.status} "
            f"{answer.body[:300]!r}, cookies {sorted(answer.cookies)}"
        )
