"""Apps behind a real server, and requests written by hand."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browsing import ORIGIN

_ROOT = Path(__file__).parents[2]

#: How long a server may take to start, and an answer to come, in seconds.
_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes: status, body and the Set-Cookie lines; status 0 for a closed
    connection without an answer.
    """

    status: int
    body: bytes = b""
    cookies: tuple[str, ...] = ()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Site:
    """A running server."""

    port: int

    def call(self, path: str, body: Any = None, *, cookie: str = "") -> Answer:
        """POST *body* to an endpoint, or GET it without one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, _PATIENCE)
        headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
        if cookie:
            headers["Cookie"] = cookie
        method = "GET" if body is None else "POST"
        text = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, text, headers)
            return _read(connection.getresponse())
        finally:
            connection.close()

    def send(self, *parts: bytes) -> Answer:
        """Send *parts* as they are, and read the first answer."""
        with socket.create_connection(("127.0.0.1", self.port), _PATIENCE) as wire:
            try:
                for part in parts:
                    wire.sendall(part)
            except OSError:
                # Refused before all of it was sent; the answer may be there already.
                pass
            response = http.client.HTTPResponse(wire)
            try:
                response.begin()
                return _read(response)
            except (http.client.HTTPException, OSError):
                return Answer(0)


def _read(response: http.client.HTTPResponse) -> Answer:
    cookies = tuple(response.headers.get_all("Set-Cookie", []))
    return Answer(response.status, response.read(), cookies)


@contextmanager
def served(url: str, *, folder: Path) -> Iterator[Site]:
    """A host on the database at *url* under gunicorn: two workers of eight threads."""
    log = folder / "gunicorn.log"
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("w") as errors:
        command = [sys.executable, "-m", "gunicorn", "tests.robustness.site:app"]
        command += ["--workers", "2", "--threads", "8", "--preload"]
        command += [f"--bind=fd://{listener.fileno()}", "--log-level", "warning"]
        process = subprocess.Popen(
            command,
            cwd=_ROOT,
            env={**os.environ, "ROBUSTNESS_DATABASE": url},
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            pass_fds=[listener.fileno()],
        )
        site = Site(listener.getsockname()[1])
        try:
            _wait_for(site, process, log)
            yield site
        finally:
            process.terminate()
            process.wait(_PATIENCE)
        # A worker that failed somewhere says so here, whatever the client saw.
        assert "Traceback" not in log.read_text(), log.read_text()


def _wait_for(site: Site, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if site.call("/api/auth/ok").status == 200:
                return
        except OSError:
            continue
    raise RuntimeError(f"gunicorn did not start:\n{log.read_text()}")
