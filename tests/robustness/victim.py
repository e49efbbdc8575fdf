"""A process whose children are killed in the middle of their work.

It reads one task a line, in JSON, forks, and writes what became of the child: null for
killed, else the status of the answer. A child counts its steps, each statement and
each commit, before and after, and kills itself at the one that the task names.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy import event
from sqlalchemy.pool import Pool

from tests.browsing import ORIGIN
from tests.robustness.hosts import make_host


@cache
def app_at(url: str) -> Flask:
    """An app that has not connected to its database yet."""
    return make_host(url, advanced={"database": {"validate_schema": False}})


def dies_at(step: int) -> None:
    """Make this process kill itself at its *step*-th step, as if the power went."""
    left = step

    def count(*details: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "after_cursor_execute", count)
    event.listen(Engine, "commit", count)
    # A connection goes back to its pool after the commit.
    event.listen(Pool, "checkin", count)


def live(task: dict[str, Any]) -> int:
    """The status of the answer, if there is one."""
    app = app_at(task["url"])
    dies_at(task["step"])
    client = app.test_client(use_cookies=False)
    headers = {"Origin": ORIGIN, "Cookie": task["cookie"]}
    answer = client.post(task["path"], json=task["body"], headers=headers)
    return answer.status_code


def main() -> None:
    """Do one task a line."""
    for line in sys.stdin:
        task = json.loads(line)
        app_at(task["url"])
        child = os.fork()
        if child == 0:
            os._exit(live(task) // 100)
        _, outcome = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(outcome) and os.WTERMSIG(outcome) == signal.SIGKILL
        print(json.dumps(None if killed else os.waitstatus_to_exitcode(outcome)))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
