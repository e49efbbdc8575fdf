"""What was measured: the versions, the processor, the databases' settings."""

from __future__ import annotations

import json
import platform
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.servers import NODE_MODULES

_DISTRIBUTIONS = (
    "flask-better-auth",
    "flask",
    "werkzeug",
    "gunicorn",
    "flask-login",
    "flask-sqlalchemy",
    "sqlalchemy",
    "argon2-cffi",
)


def versions() -> dict[str, str]:
    """The name and version of everything that takes part."""
    return {
        "processor": _processor(),
        "python": platform.python_version(),
        **{name: _distribution(name) for name in _DISTRIBUTIONS},
        "sqlite (Python)": sqlite3.sqlite_version,
        "node": _first_line("node", "--version"),
        **{name: _package(name) for name in ("better-auth", "better-sqlite3")},
        "wrk": _first_line("wrk", "--version"),
    }


def journal_modes(databases: Iterable[Path]) -> dict[str, str]:
    """The journal mode of each SQLite file, by the name of its server."""
    modes = {}
    for path in databases:
        connection = sqlite3.connect(path)
        try:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        finally:
            connection.close()
        modes[path.parent.name] = str(mode)
    return modes


def _distribution(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _package(name: str) -> str:
    manifest = NODE_MODULES / name / "package.json"
    if not manifest.is_file():
        return "not installed"
    return str(json.loads(manifest.read_text())["version"])


def _first_line(program: str, argument: str) -> str:
    if shutil.which(program) is None:
        return "not installed"
    # wrk says its version and its usage, and exits with 1.
    finished = subprocess.run(
        [program, argument], capture_output=True, text=True, check=False
    )
    return finished.stdout.splitlines()[0].partition(" [")[0]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
