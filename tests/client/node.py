"""Installs what the JavaScript side needs, once, and starts Node programs in it."""

from __future__ import annotations

import fcntl
import os
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent

#: Variables that would change what the original does.
_MEANINGFUL = ("BETTER_AUTH_", "AUTH_", "NEXT_PUBLIC_", "NUXT_PUBLIC_", "PUBLIC_")
_MEANINGFUL_NAMES = {"NODE_ENV", "NODE_OPTIONS", "TEST", "BASE_URL", "VERCEL_URL"}


def install() -> None:
    """`node_modules` holds what `package.json` asks for.

    Several pytest workers may call this at once: the first installs, the rest wait.
    """
    stamp = FOLDER / "node_modules" / ".installed-for"
    with (FOLDER / "package.json").open() as package:
        fcntl.flock(package, fcntl.LOCK_EX)
        wanted = package.read()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        done = subprocess.run(
            ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"],
            cwd=FOLDER,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"npm install failed:\n{done.stdout}{done.stderr}")
        stamp.write_text(wanted)


def start(
    script: str, *arguments: str, log: Path, **variables: str
) -> subprocess.Popen[str]:
    """A Node program of this folder runs, in an environment that changes nothing.

    Its stdout is yours to read, its stderr goes to `log`.
    """
    install()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_MEANINGFUL) and name not in _MEANINGFUL_NAMES
    }
    with log.open("w") as errors:
        return subprocess.Popen(
            ["node", script, *arguments],
            cwd=FOLDER,
            env={**environment, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
