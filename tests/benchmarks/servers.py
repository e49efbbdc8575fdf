"""Servers, each on core 0 with a folder of its own, up until the benchmark ends."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.benchmarks.people import CACHE_SECONDS
from tests.benchmarks.people import GREETING
from tests.benchmarks.people import SECRET
from tests.client import node

SERVER_CORE = "0"
START_SECONDS = 30

#: Where the original and its database driver are installed, for the client's tests too.
NODE_MODULES = node.FOLDER / "node_modules"

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parent.parent

#: All that a server sees of our environment: no NODE_ENV, BETTER_AUTH_…, FLASK_…
_PASSED_ON = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")


class CannotMeasure(Exception):
    """Something is missing or answers wrongly; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """One running server."""

    name: str
    port: int
    pid: int
    folder: Path

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers send it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """The SQLite file of this server alone."""
        return self.folder / "app.db"

    def cpu_seconds(self) -> float:
        """Processor time spent so far by the server and its workers."""
        ticks = 0
        for pid in (self.pid, *worker_pids(self.pid)):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    name: str, folder: Path, *, threads: int = 4, profiled: bool = False
) -> Iterator[Server]:
    """Start the server called *name*, wait until it answers, stop it at the end."""
    folder.mkdir()
    port = _free_port()
    server = Server(name=name, port=port, pid=0, folder=folder)
    if name.startswith("node-"):
        command = _node_command(server)
    else:
        command = _gunicorn_command(server, threads=threads, profiled=profiled)
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["taskset", "--cpu-list", SERVER_CORE, *command],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_it_answers(process, name=name, port=port, log=log)
        yield Server(name=name, port=port, pid=process.pid, folder=folder)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def worker_pids(pid: int) -> list[int]:
    """The children of the process *pid*; gunicorn's workers, none for Node."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children]


def _gunicorn_command(server: Server, *, threads: int, profiled: bool) -> list[str]:
    database = str(server.database)
    match server.name:
        case "flask":
            module, arguments = "bare", ""
        case "flask-login":
            module, arguments = "with_flask_login", f"database={database!r}"
        case "ours-cache" | "ours-database":
            module = "ours_profiled" if profiled else "ours"
            arguments = (
                f"database={database!r}, base_url={server.origin!r}, "
                f"cookie_cache={server.name == 'ours-cache'}"
            )
        case _:
            raise ValueError(server.name)
    return [
        *(sys.executable, "-m", "gunicorn"),
        *("--bind", f"127.0.0.1:{server.port}"),
        *("--workers", "1", "--worker-class", "gthread", "--threads", str(threads)),
        *("--log-level", "warning"),
        f"tests.benchmarks.apps.{module}:create_app({arguments})",
    ]


def _node_command(server: Server) -> list[str]:
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise CannotMeasure(
            "the original needs Node.js and npm: install them (Debian, Ubuntu: "
            "`apt-get install nodejs npm`), or leave it out with `--without Node`"
        )
    try:
        node.install()
    except RuntimeError as reason:
        raise CannotMeasure(f"the original cannot be installed: {reason}") from reason
    settings = {
        "modules": str(NODE_MODULES),
        "port": server.port,
        "database": str(server.database),
        "secret": SECRET,
        "cookieCache": server.name == "node-cache",
        "cacheSeconds": CACHE_SECONDS,
        "greeting": GREETING,
    }
    return ["node", str(_HERE / "original.mjs"), json.dumps(settings)]


def _environment(folder: Path) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # gunicorn's control socket goes into the run's folder: several servers run at once.
    return {**kept, "PYTHONPATH": str(_ROOT), "XDG_RUNTIME_DIR": str(folder)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(
    process: subprocess.Popen[bytes], *, name: str, port: int, log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
    raise CannotMeasure(f"the server {name!r} did not start; its log ends:\n{tail}")
