"""Apps on a free loopback port, for a browser to visit."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler
from werkzeug.serving import make_server

EXAMPLE = Path(__file__).parents[2] / "example"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Keep the tests' output for the tests."""


@contextmanager
def in_threads(app: Flask) -> Iterator[str]:
    """*app* answers at the yielded address, in threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def example_under_gunicorn(folder: Path) -> Iterator[str]:
    """A copy of the example in *folder* answers under gunicorn, as in production."""
    copy = _copy_of_example(folder)
    log = folder / "gunicorn.log"
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("w") as output:
        number = listener.fileno()
        command = [sys.executable, "-m", "gunicorn", "app:create_app()"]
        command += ["--chdir", str(copy), "--bind", f"fd://{number}", "--threads", "4"]
        server = subprocess.Popen(
            command,
            env=_clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[number],
        )
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            # The socket listens already: this waits for the first answer.
            with urllib.request.urlopen(url, timeout=30) as answer:
                assert answer.status == 200, log.read_text()
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)


def example_app(folder: Path, config: Mapping[str, Any]) -> Flask:
    """The app of a copy of the example in *folder*, which has its own database."""
    name = f"example_in_{folder.name}"
    spec = importlib.util.spec_from_file_location(
        name, _copy_of_example(folder) / "app.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Flask finds the instance folder by the module's name.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    app: Flask = module.create_app(config)
    return app


def _copy_of_example(folder: Path) -> Path:
    return shutil.copytree(
        EXAMPLE,
        folder / "example",
        ignore=shutil.ignore_patterns("instance", "__pycache__"),
    )


def _clean_environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BETTER_AUTH_", "GUNICORN_", "FLASK_"))
    }
