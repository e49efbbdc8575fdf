"""wrk on core 1: so many seconds of one request, and what came of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.servers import SERVER_CORE
from tests.benchmarks.servers import CannotMeasure
from tests.benchmarks.servers import Server
from tests.benchmarks.traffic import Request

LOAD_CORE = "1"

_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """One stretch of load on one server."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    """Processor time of the server for one request; a busy machine hardly moves it."""


def apply_load(
    server: Server, request: Request, *, seconds: int, connections: int
) -> Load:
    """Send *request* for *seconds* over *connections* kept open."""
    before = server.cpu_seconds()
    finished = subprocess.run(
        wrk_command(server, request, seconds=seconds, connections=connections),
        capture_output=True,
        text=True,
        check=False,
    )
    spent = server.cpu_seconds() - before
    found = re.search(r"^RESULT (.*)$", finished.stdout, re.MULTILINE)
    if found is None:
        raise CannotMeasure(f"wrk failed: {finished.stdout}{finished.stderr}")
    result = json.loads(found[1])
    if not result["requests"]:
        raise CannotMeasure(
            f"{server.name} gave no answer on {request.path} within {seconds} s; is "
            "the machine busy? Try more `--seconds`"
        )
    if result["refused"] or result["broken"]:
        raise CannotMeasure(
            f"{server.name} under load on {request.path}: {result['requests']} "
            f"answers, {result['refused']} of them errors, {result['broken']} broken "
            "connections"
        )
    return Load(
        requests=result["requests"],
        per_second=result["requests"] / (result["microseconds"] / 1_000_000),
        p50_ms=result["p50"] / 1000,
        p99_ms=result["p99"] / 1000,
        cpu_ms=spent * 1000 / result["requests"],
    )


def wrk_command(
    server: Server, request: Request, *, seconds: int, connections: int
) -> list[str]:
    """The command that sends *request* for *seconds*."""
    headers = [f"--header={name}: {value}" for name, value in request.headers.items()]
    return [
        *("taskset", "--cpu-list", LOAD_CORE, "wrk"),
        *("--threads", "1", "--connections", str(connections)),
        *("--duration", f"{seconds}s", "--timeout", "30s", "--script", str(_SCRIPT)),
        *headers,
        f"{server.origin}{request.path}",
        *("--", request.method, request.body or "", *request.cookies),
    ]


def require_tools() -> None:
    """Raise, with the cure, when a program or a core that is needed is not there."""
    if shutil.which("wrk") is None:
        raise CannotMeasure("wrk is missing: `apt-get install wrk` (Debian, Ubuntu)")
    if shutil.which("taskset") is None:
        raise CannotMeasure("taskset is missing: `apt-get install util-linux`")
    if not {int(SERVER_CORE), int(LOAD_CORE)} <= os.sched_getaffinity(0):
        raise CannotMeasure("two cores are needed: one for the servers, one for wrk")
