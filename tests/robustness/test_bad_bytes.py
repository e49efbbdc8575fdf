"""Requests that no client writes, by hand on the wire to a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.browsing import ADA
from tests.browsing import ORIGIN
from tests.expected import INVALID_CREDENTIALS
from tests.robustness.hosts import MakeHost
from tests.robustness.served import Site
from tests.robustness.served import served
from tests.rows import rows

TOO_LARGE = {"message": "Request body is too large", "code": "PAYLOAD_TOO_LARGE"}
NO_JSON = {"message": "Invalid JSON in request body", "code": "BAD_REQUEST"}
SIGN_IN = b"/api/auth/sign-in/email"


@dataclass(frozen=True, slots=True)
class Target:
    """A server on which Ada is signed in: her cookie."""

    site: Site
    cookie: bytes

    def is_well(self) -> bool:
        """Whether it goes on serving her."""
        answer = self.site.call("/api/auth/get-session", cookie=self.cookie.decode())
        return bool(answer.json["user"]["email"] == ADA["email"])


@pytest.fixture(scope="module")
def target(
    sqlite_url: str,
    make_shared_host: MakeHost,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Target]:
    """The same server for all tests; it logs no failure, and nothing is changed."""
    folder = tmp_path_factory.mktemp("site")
    with served(sqlite_url, folder=folder) as site:
        signed_up = site.call("/api/auth/sign-up/email", ADA)
        [line] = signed_up.cookies
        app = make_shared_host(sqlite_url)
        before = rows(app, "user"), rows(app, "account")
        yield Target(site, line.partition(";")[0].encode())
        assert (rows(app, "user"), rows(app, "account")) == before


def _head(line: bytes, *headers: bytes, host: bytes = b"Host: localhost:3000") -> bytes:
    return b"\r\n".join([line, *([host] if host else []), *headers, b"", b""])


def _post(body: bytes, *headers: bytes, path: bytes = SIGN_IN) -> bytes:
    length = b"Content-Length: %d" % len(body)
    kind = b"Content-Type: application/json"
    return _head(b"POST " + path + b" HTTP/1.1", kind, length, *headers) + body


def _chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    head = _head(
        b"POST " + SIGN_IN + b" HTTP/1.1",
        b"Content-Type: application/json",
        b"Transfer-Encoding: chunked",
    )
    return head + b"".join(b"%x\r\n%b\r\n" % (len(c), c) for c in chunks) + end


CREDENTIALS = json.dumps({"email": ADA["email"], "password": ADA["password"]}).encode()
WRONG = json.dumps({"email": ADA["email"], "password": "wrong password"}).encode()

#: What the server in front refuses or we do: any of the statuses will do.
REFUSED = {
    "no request": b"\r\n\r\n",
    "no version": b"GET /api/auth/ok\r\n\r\n",
    "binary": bytes(range(256)) + b"\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200 + b"\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "odd method": _head(b"G\x00T /api/auth/ok HTTP/1.1"),
    "lower case method": _head(b"post /api/auth/sign-out HTTP/1.1"),
    "long path": _head(b"GET /" + b"a" * 100_000 + b" HTTP/1.1"),
    "NUL in a header": _head(b"GET /who HTTP/1.1", b"User-Agent: a\0b"),
    "folded header": _head(b"GET /who HTTP/1.1", b"User-Agent: a\r\n b"),
    "header without a colon": _head(b"GET /who HTTP/1.1", b"Cookie"),
    "nameless header": _head(b"GET /who HTTP/1.1", b": x"),
    "cookies of 60 kB": _head(b"GET /who HTTP/1.1", b"Cookie: a=" + b"x" * 60_000),
    "two lengths": _post(CREDENTIALS, b"Content-Length: 0"),
    "length and chunks": _post(CREDENTIALS, b"Transfer-Encoding: chunked"),
    "negative length": _head(
        b"POST " + SIGN_IN + b" HTTP/1.1",
        b"Content-Type: application/json",
        b"Content-Length: -1",
    ),
    "chunk of no size": _chunked(end=b"x\r\n"),
    "chunk of a negative size": _chunked(end=b"-1\r\nx\r\n0\r\n\r\n"),
    "JSON of 20,000 levels": _post(b'{"email":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "JSON in UTF-16": _post(CREDENTIALS.decode().encode("utf-16")),
    "JSON with a NUL": _post(CREDENTIALS.replace(b"ada@", b"ada\\u0000@")),
    "JSON with a lone surrogate": _post(CREDENTIALS.replace(b"ada@", b"\\ud800@")),
    "body of 10 MB": _post(b"x" * 10_000_000),
    "chunks of 2 MB": _chunked(*[b" " * 100_000] * 20),
    "encoded body": _post(
        CREDENTIALS, b"Content-Encoding: gzip", path=b"/auth/sign-in"
    ),
}


@pytest.mark.parametrize("request_name", REFUSED)
def test_refused_on_the_wire(target: Target, request_name: str) -> None:
    """A 4xx or a closed connection; no server error, and nobody is signed in."""
    answer = target.site.send(REFUSED[request_name])
    assert answer.status == 0 or 400 <= answer.status < 500, answer
    assert not any("better-auth" in line for line in answer.cookies)
    assert target.is_well()


@pytest.mark.parametrize(
    ("sent", "status", "body"),
    [
        (_post(b"x" * 1_000_001), 413, TOO_LARGE),
        (_post(b"x" * 10_000_000), 413, TOO_LARGE),
        (_chunked(*[b" " * 100_000] * 20), 413, TOO_LARGE),
        (_post(b"[" * 20_000 + b"]" * 20_000), 400, NO_JSON),
        (_post(CREDENTIALS.decode().encode("utf-16")), 400, NO_JSON),
        (_post(WRONG), 401, INVALID_CREDENTIALS),
        (_chunked(WRONG[:5], WRONG[5:]), 401, INVALID_CREDENTIALS),
    ],
    ids=["1 MB", "10 MB", "chunks", "nested", "UTF-16", "wrong", "wrong in chunks"],
)
def test_our_own_refusal_reaches_the_client(
    target: Target, sent: bytes, status: int, body: object
) -> None:
    """Also when it comes before all was sent, and when no length was."""
    answer = target.site.send(sent)
    assert (answer.status, answer.json) == (status, body)


#: Whom `/who` names for each, sent by nobody.
IGNORED = {
    "absolute address": _head(b"GET http://localhost:3000/who HTTP/1.1"),
    "absolute foreign address": _head(b"GET http://evil.example/who HTTP/1.1"),
    "foreign host": _head(b"GET /who HTTP/1.1", host=b"Host: evil.example"),
    "odd host": _head(b"GET /who HTTP/1.1", host=b"Host: \xff/:x@"),
    "bad escape in the path": _head(b"GET /who?%zz=%ff HTTP/1.1"),
    "raw letters in a header": _head(b"GET /who HTTP/1.1", b"User-Agent: \xff\xfe"),
    "raw letters in a cookie": _head(
        b"GET /who HTTP/1.1", b"Cookie: better-auth.session_token=\xff.\xfe"
    ),
    "escapes in a cookie": _head(
        b"GET /who HTTP/1.1", b"Cookie: better-auth.session_token=%ff.%ff"
    ),
}


@pytest.mark.parametrize("request_name", IGNORED)
def test_ignored_on_the_wire(target: Target, request_name: str) -> None:
    """The sender is nobody, as without it."""
    answer = target.site.send(IGNORED[request_name])
    assert (answer.status, answer.body) in [(200, b""), (400, answer.body)]
    assert target.is_well()


def test_thousand_cookies_in_as_many_bytes_as_a_server_takes(target: Target) -> None:
    """The one that counts is found among them."""
    crowd = b"; ".join(b"c%d=" % number for number in range(1_000))
    cookie = b"Cookie: " + crowd + b"; " + target.cookie
    answer = target.site.send(_head(b"GET /who HTTP/1.1", cookie))
    assert (answer.status, answer.body) == (200, ADA["email"].encode())


def test_cookies_in_two_headers_are_never_somebody_else_s(target: Target) -> None:
    """Servers join them in their own way; hers is found, or nobody's is."""
    stolen = b"better-auth.session_token=x.y"
    for pair in ((stolen, target.cookie), (target.cookie, stolen)):
        headers = [b"Cookie: " + cookie for cookie in pair]
        answer = target.site.send(_head(b"GET /who HTTP/1.1", *headers))
        assert answer.status == 200
        assert answer.body in (b"", ADA["email"].encode())


@pytest.mark.parametrize(
    "callback",
    [
        "/\r\nSet-Cookie: planted=1",
        "/%0d%0aSet-Cookie: planted=1",
        f"{ORIGIN}/\nSet-Cookie: planted=1",
        "/\u560d\u560aSet-Cookie: planted=1",
        "/\u2028Set-Cookie: planted=1",
    ],
    ids=ascii,
)
def test_callback_url_writes_no_header(target: Target, callback: str) -> None:
    """Neither as it is nor decoded, nor cut down to a byte a letter."""
    body = {"email": ADA["email"], "password": ADA["password"], "callbackURL": callback}
    answer = target.site.send(_post(json.dumps(body, ensure_ascii=False).encode()))
    assert answer.status in (200, 400, 403)
    assert not any("planted" in line for line in answer.cookies)


def test_body_that_is_promised_too_long_is_not_waited_for(target: Target) -> None:
    """By its own word it will be refused: the worker is free at once."""
    promise = _head(
        b"POST " + SIGN_IN + b" HTTP/1.1",
        b"Content-Type: application/json",
        b"Content-Length: 2000000",
    )
    answer = target.site.send(promise)
    assert (answer.status, answer.json) == (413, TOO_LARGE)
    assert target.is_well()


def test_sign_in_by_hand_is_answered(target: Target) -> None:
    """What is right is not refused: the server and these tests do work."""
    answer = target.site.send(_post(CREDENTIALS))
    assert answer.status == 200
    assert answer.json["user"]["email"] == ADA["email"]
