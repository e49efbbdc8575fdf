"""Rounds in which the sides take turns, so that a busy machine favours none."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.contests import OURS
from tests.benchmarks.contests import Contest
from tests.benchmarks.contests import Entry
from tests.benchmarks.load import Load
from tests.benchmarks.load import apply_load
from tests.benchmarks.servers import Server
from tests.benchmarks.servers import running
from tests.benchmarks.traffic import Visitor
from tests.benchmarks.traffic import check
from tests.benchmarks.traffic import request_for
from tests.benchmarks.traffic import sign_everybody_up

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A contest and every round of it, by column."""

    contest: Contest
    rounds: Mapping[str, Sequence[Load]]

    def per_second(self, column: str) -> float:
        """The median requests per second of *column*."""
        return median(load.per_second for load in self.rounds[column])

    def cpu_ms(self, column: str) -> float:
        """The median processor milliseconds per request of *column*."""
        return median(load.cpu_ms for load in self.rounds[column])

    def core_share(self, column: str) -> float:
        """How much of its core *column* had, in the median round: 1 if it was alone."""
        return median(
            load.per_second * load.cpu_ms / 1000 for load in self.rounds[column]
        )

    def cpu_ratio(self, column: str) -> float:
        """:meth:`ratio` if each had a core to itself: by processor time alone."""
        pairs = zip(self.rounds[OURS], self.rounds[column], strict=True)
        return median(other.cpu_ms / ours.cpu_ms for ours, other in pairs)

    def ratio(self, column: str) -> float:
        """Ours to *column*: the median over rounds, each compared within itself."""
        pairs = zip(self.rounds[OURS], self.rounds[column], strict=True)
        return median(ours.per_second / other.per_second for ours, other in pairs)

    @property
    def judged(self) -> bool:
        """Whether both sides of the bar were measured."""
        bar = self.contest.bar
        return bar is not None and {OURS, bar.column} <= self.rounds.keys()

    @property
    def missed(self) -> bool:
        """Whether the bar was measured and not reached."""
        bar = self.contest.bar
        return bar is not None and self.judged and self.ratio(bar.column) < bar.at_least


def hold(
    contests: Sequence[Contest],
    *,
    folder: Path,
    without: Sequence[str],
    seconds: int,
    rounds: int,
    say: Say,
) -> list[Outcome]:
    """Start the servers that *contests* name, measure, and stop them."""
    entries = [
        entry
        for contest in contests
        for entry in contest.entries
        if entry.column not in without
    ]
    with ExitStack() as stack:
        servers = {}
        for name in dict.fromkeys(entry.server for entry in entries):
            say(f"starting {name}")
            servers[name] = stack.enter_context(running(name, folder / name))
        visitors = {
            name: [] if name == "flask" else sign_everybody_up(server)
            for name, server in servers.items()
        }
        outcomes = []
        for contest in contests:
            sides = [entry for entry in contest.entries if entry.column not in without]
            say(f"measuring {contest.title}")
            outcomes.append(
                _measure(
                    contest, sides, servers, visitors, seconds=seconds, rounds=rounds
                )
            )
        return outcomes


def _measure(
    contest: Contest,
    sides: Sequence[Entry],
    servers: Mapping[str, Server],
    visitors: Mapping[str, Sequence[Visitor]],
    *,
    seconds: int,
    rounds: int,
) -> Outcome:
    def check_all() -> None:
        for side in sides:
            check(side.what, servers[side.server], visitors[side.server])

    def load(side: Entry, *, seconds: int) -> Load:
        server = servers[side.server]
        request = request_for(side.what, server, visitors[side.server])
        return apply_load(
            server, request, seconds=seconds, connections=contest.connections
        )

    check_all()
    for side in sides:
        load(side, seconds=contest.patience)
    measured: dict[str, list[Load]] = {side.column: [] for side in sides}
    for number in range(rounds):
        # Every other round runs backwards: whoever goes first gains nothing by it.
        for side in sides if number % 2 == 0 else reversed(sides):
            measured[side.column].append(load(side, seconds=seconds * contest.patience))
    # Once more: a session that ended midway would have made its side look fast.
    check_all()
    return Outcome(contest, measured)
