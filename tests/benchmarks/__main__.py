"""Measure requests per second beside bare Flask, Flask-Login and the original on Node.

    python -m tests.benchmarks [--only NAME …] [--without COLUMN …] [--seconds N]
                               [--rounds N] [--json] [--profile NAME]

Run it from the project's folder, with the `test` extra, Flask-Login and wrk installed
(`pip install -e ".[test]" flask-login`, `apt-get install wrk`) and Node.js, whose
packages are fetched at the first run. Every server runs alone on core 0 under load
from core 1, Flask under gunicorn with one worker of four threads; rate limits and
logs are off everywhere, and each SQLite file holds the same users, who take turns.
The sides take turns too, in short rounds, and medians are compared, so a busy machine
blurs the numbers more than the ratios. Answers are checked before and after.

Exit status: 0, or 1 if a bar is missed, or 2 if something could not be measured.

`--profile NAME` puts that load on our server alone and prints where the time goes:
by py-spy if it is installed (`pip install py-spy`), else by cProfile.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.contests import COLUMNS
from tests.benchmarks.contests import CONTESTS
from tests.benchmarks.load import require_tools
from tests.benchmarks.measure import Outcome
from tests.benchmarks.measure import hold
from tests.benchmarks.profiling import profile
from tests.benchmarks.report import as_json
from tests.benchmarks.report import table
from tests.benchmarks.servers import CannotMeasure
from tests.benchmarks.versions import journal_modes
from tests.benchmarks.versions import versions


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit status."""
    asked = _parser().parse_args(arguments)
    contests = [c for c in CONTESTS if not asked.only or c.name in asked.only]
    try:
        require_tools()
        with tempfile.TemporaryDirectory(prefix="benchmarks-") as name:
            folder = Path(name)
            if asked.profile:
                (contest,) = (c for c in CONTESTS if c.name == asked.profile)
                print(profile(contest, folder=folder, seconds=asked.seconds))
                return 0
            outcomes = hold(
                contests,
                folder=folder,
                without=asked.without,
                seconds=asked.seconds,
                rounds=asked.rounds,
                say=_say,
            )
            described = versions()
            for server, mode in journal_modes(folder.glob("*/app.db")).items():
                described[f"journal mode ({server})"] = mode
    except CannotMeasure as reason:
        _say(str(reason))
        return 2
    if asked.json:
        print(json.dumps(as_json(outcomes, versions=described), indent=2))
    else:
        print("\n".join(f"{name}: {value}" for name, value in described.items()))
        print(f"\n{table(outcomes)}")
    return exit_status(outcomes)


def exit_status(outcomes: Sequence[Outcome]) -> int:
    """1 if any bar was missed, else 0."""
    return int(any(outcome.missed for outcome in outcomes))


def _parser() -> argparse.ArgumentParser:
    names = [contest.name for contest in CONTESTS]
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=(__doc__ or "").partition("\n")[0],
    )
    parser.add_argument(
        "--only", nargs="+", choices=names, default=[], help="measure these alone"
    )
    parser.add_argument(
        "--without", nargs="+", choices=COLUMNS, default=[], help="leave columns out"
    )
    parser.add_argument(
        "--seconds", type=int, default=1, help="of load a side and round (default 1)"
    )
    parser.add_argument(
        "--rounds", type=int, default=9, help="in which sides take turns (default 9)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--profile", choices=names, help="profile our server under this load instead"
    )
    return parser


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
