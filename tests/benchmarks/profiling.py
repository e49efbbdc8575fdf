"""Where our server spends its time under the load of one contest."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.benchmarks.contests import OURS
from tests.benchmarks.contests import Contest
from tests.benchmarks.load import apply_load
from tests.benchmarks.load import wrk_command
from tests.benchmarks.servers import CannotMeasure
from tests.benchmarks.servers import Server
from tests.benchmarks.servers import running
from tests.benchmarks.servers import worker_pids
from tests.benchmarks.traffic import Request
from tests.benchmarks.traffic import check
from tests.benchmarks.traffic import request_for
from tests.benchmarks.traffic import send
from tests.benchmarks.traffic import sign_everybody_up

_LINES = 30

#: Where threads stand that have nothing to do: not time spent.
_WAITING = ("_worker (concurrent/futures/thread.py", "EpollSelector.select (")


def profile(contest: Contest, *, folder: Path, seconds: int) -> str:
    """Return the lines of code that cost most, for our side of *contest*."""
    (entry,) = (entry for entry in contest.entries if entry.column == OURS)
    py_spy = _py_spy()
    # cProfile follows one thread, so its server has one.
    with running(
        entry.server,
        folder / entry.server,
        threads=4 if py_spy else 1,
        profiled=py_spy is None,
    ) as server:
        visitors = sign_everybody_up(server)
        check(entry.what, server, visitors)
        request = request_for(entry.what, server, visitors)
        warm = apply_load(
            server, request, seconds=contest.patience, connections=contest.connections
        )
        seconds = max(seconds, 5) * contest.patience
        if py_spy is None:
            send(server, Request("POST", "/profile"))
            apply_load(
                server, request, seconds=seconds, connections=contest.connections
            )
            found = send(server, Request("GET", "/profile")).body.decode()
        else:
            command = wrk_command(
                server, request, seconds=seconds + 2, connections=contest.connections
            )
            found = _sampled(py_spy, server, command, folder, seconds)
    return f"{contest.title}: {warm.per_second:,.0f} a second unprofiled\n\n{found}"


def _py_spy() -> str | None:
    beside = Path(sys.executable).with_name("py-spy")
    return str(beside) if beside.exists() else shutil.which("py-spy")


def _sampled(
    py_spy: str, server: Server, load: list[str], folder: Path, seconds: int
) -> str:
    (worker,) = worker_pids(server.pid)
    samples = folder / "samples.txt"
    with subprocess.Popen(load, stdout=subprocess.DEVNULL) as running_load:
        finished = subprocess.run(
            [
                *(py_spy, "record", "--pid", str(worker), "--duration", str(seconds)),
                *("--rate", "250", "--format", "raw", "--output", str(samples)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        running_load.terminate()
    if finished.returncode != 0:
        raise CannotMeasure(f"py-spy failed: {finished.stderr}")
    return _ranked(samples.read_text())


def _ranked(samples: str) -> str:
    itself: Counter[str] = Counter()
    inclusive: Counter[str] = Counter()
    for line in samples.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        if frames[-1].startswith(_WAITING):
            continue
        itself[frames[-1]] += int(count)
        # A set: recursion must not count a sample twice.
        functions = [frame.rpartition(":")[0] + ")" for frame in frames]
        for function in set(functions[_start_of_flask(functions) :]):
            inclusive[function] += int(count)
    total = itself.total()
    return "\n".join(
        [
            f"{total} samples",
            "",
            "itself, by line",
            *_shares(itself, total),
            "",
            "with what it calls, by function, from Flask down",
            *_shares(inclusive, total),
        ]
    )


def _start_of_flask(functions: list[str]) -> int:
    """Where the server's own frames end; their end if Flask was not called."""
    for index, function in enumerate(functions):
        if function.startswith("Flask.__call__"):
            return index
    return len(functions)


def _shares(counted: Counter[str], total: int) -> list[str]:
    return [
        f"{count / total:7.1%}  {frame}" for frame, count in counted.most_common(_LINES)
    ]
