"""Starts the original and ours side by side, each with the same configurations."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.client import node

SECRET = "a-very-secret-secret-0123456789-ABCDEFGH"

#: What every configuration starts from. Ports are chosen by the machine, so the base
#: URL is a fixed one: it decides trusted origins and cookies, not where to connect.
BASE_URL = "http://localhost:3000"
DEFAULTS: dict[str, Any] = {
    "baseURL": BASE_URL,
    "secret": SECRET,
    "emailAndPassword": {"enabled": True},
    "rateLimit": {"enabled": False},
}

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Server:
    """One running server: where it listens and the SQLite file behind it."""

    kind: str
    port: int
    database: Path

    @property
    def url(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def original(
    configurations: Mapping[str, Mapping[str, Any]],
    *,
    folder: Path,
    cheap: Collection[str] = (),
) -> Iterator[dict[str, Server]]:
    """The original serves every configuration, until the block ends.

    `configurations` are its own options (camelCase) by a name of your choice, on top
    of `DEFAULTS`; each has its database in `folder`, new or found there. Those named
    in `cheap` spend no time on hashing passwords.
    """
    databases = {name: folder / f"{name}.db" for name in configurations}
    payload = [
        {
            "options": merged(options),
            "database": str(databases[name]),
            "cheap": name in cheap,
        }
        for name, options in configurations.items()
    ]
    log = folder / "original.log"
    process = node.start(
        "reference.mjs", log=log, ORIGINAL_CONFIGURATIONS=json.dumps(payload)
    )
    with _ended(process):
        assert process.stdout is not None
        words = process.stdout.readline().split()
        if words[:1] != ["ready"]:
            raise RuntimeError(f"the original did not start:\n{log.read_text()}")
        yield {
            name: Server("original", int(port), databases[name])
            for name, port in zip(configurations, words[1:], strict=True)
        }


@contextmanager
def ours(
    configurations: Mapping[str, Mapping[str, Any]],
    *,
    folder: Path,
    cheap: Collection[str] = (),
) -> Iterator[dict[str, Server]]:
    """Ours serves the same configurations under gunicorn, until the block ends."""
    with ExitStack() as stack:
        sockets = {
            name: stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            for name in configurations
        }
        servers = {
            name: Server("ours", listener.getsockname()[1], folder / f"{name}.db")
            for name, listener in sockets.items()
        }
        apps = {
            servers[name].port: {
                "options": snake_cased(merged(options)),
                "database": str(servers[name].database),
                "cheap": name in cheap,
            }
            for name, options in configurations.items()
        }
        descriptors = [listener.fileno() for listener in sockets.values()]
        command = [sys.executable, "-m", "gunicorn", "tests.client.flask_app:app"]
        command += ["--threads", "4", "--keep-alive", "30"]
        # The original's server takes 16 kB of headers, gunicorn half of that a header.
        command += ["--limit-request-field_size", "16384", "--log-level", "error"]
        command += [f"--bind=fd://{number}" for number in descriptors]
        log = folder / "ours.log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                command,
                cwd=_ROOT,
                env={**_clean_environment(), "FLASK_CONFIGURATIONS": json.dumps(apps)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=descriptors,
            )
        with _ended(process):
            for server in servers.values():
                if not _answers(server, process):
                    raise RuntimeError(f"ours did not start:\n{log.read_text()}")
            yield servers


def merged(options: Mapping[str, Any]) -> dict[str, Any]:
    """`options` on top of `DEFAULTS`, section by section."""
    whole = dict(DEFAULTS)
    for name, value in options.items():
        old = whole.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            value = {**old, **value}
        whole[name] = value
    return whole


def snake_cased(value: Any) -> Any:
    """The original's option names in ours' spelling; paths and cookie names stay."""
    if isinstance(value, list):
        return [snake_cased(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name if "/" in name else _snake(name): snake_cased(each)
        for name, each in value.items()
    }


def _snake(name: str) -> str:
    # disableCSRFCheck is disable_csrf_check, baseURL is base_url.
    borders = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
    return re.sub(borders, "_", name).lower()


def _clean_environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BETTER_AUTH_", "GUNICORN_"))
    }


def _answers(server: Server, process: subprocess.Popen[bytes]) -> bool:
    """Wait for a first answer; the socket listens already, so nothing is refused."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=0.5) as wire:
        wire.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while process.poll() is None:
            with suppress(TimeoutError):
                return bool(wire.recv(1))
    return False


@contextmanager
def _ended(process: subprocess.Popen[Any]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.communicate(timeout=30)
