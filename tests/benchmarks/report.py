"""The outcomes as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict

from tests.benchmarks.contests import COLUMNS
from tests.benchmarks.contests import OURS
from tests.benchmarks.measure import Outcome

#: A server that keeps its core less busy than this shared it with somebody.
_ALONE = 0.85


def table(outcomes: Sequence[Outcome]) -> str:
    """Requests per second side by side, processor time a request, ratios and bars."""
    lines = [
        _row("requests per second", COLUMNS, "ours to the bar"),
        *(_row(o.contest.title, _per_second(o), _verdict(o)) for o in outcomes),
        "",
        _row("processor ms a request", COLUMNS, "by processor time"),
        *(_row(o.contest.title, _cpu_ms(o), _cpu_verdict(o)) for o in outcomes),
    ]
    share = min(o.core_share(column) for o in outcomes for column in o.rounds)
    if share < _ALONE:
        lines += [
            "",
            f"The machine was busy: a server had {share:.0%} of its core. Measure "
            "again when it is idle, or read the processor times.",
        ]
    return "\n".join(lines)


def as_json(outcomes: Sequence[Outcome], *, versions: Mapping[str, str]) -> object:
    """Everything measured, each round too, fit for `json.dumps`."""
    return {
        "versions": dict(versions),
        "contests": [
            {
                "name": outcome.contest.name,
                "perSecond": {
                    column: outcome.per_second(column) for column in outcome.rounds
                },
                "cpuMs": {column: outcome.cpu_ms(column) for column in outcome.rounds},
                "coreShare": {
                    column: outcome.core_share(column) for column in outcome.rounds
                },
                "ratios": _ratios(outcome),
                "cpuRatios": {
                    column: outcome.cpu_ratio(column) for column in _others(outcome)
                },
                "bar": asdict(outcome.contest.bar) if outcome.contest.bar else None,
                "missed": outcome.missed if outcome.judged else None,
                "rounds": {
                    column: [asdict(load) for load in loads]
                    for column, loads in outcome.rounds.items()
                },
            }
            for outcome in outcomes
        ],
    }


def _row(title: str, cells: Sequence[str], verdict: str) -> str:
    return f"{title:31}{''.join(f'{cell:>12}' for cell in cells)}   {verdict}".rstrip()


def _per_second(outcome: Outcome) -> list[str]:
    return [
        _number(outcome.per_second(column)) if column in outcome.rounds else "-"
        for column in COLUMNS
    ]


def _cpu_ms(outcome: Outcome) -> list[str]:
    return [
        f"{outcome.cpu_ms(column):.3f}" if column in outcome.rounds else "-"
        for column in COLUMNS
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _verdict(outcome: Outcome) -> str:
    bar = outcome.contest.bar
    if bar is None:
        others = [f"{ratio:.2f} x {name}" for name, ratio in _ratios(outcome).items()]
        return ", ".join(others)
    wanted = f"bar {bar.at_least:.2f} x {bar.column}"
    if not outcome.judged:
        return f"not measured ({wanted})"
    verdict = "MISSED" if outcome.missed else "reached"
    return f"{outcome.ratio(bar.column):.2f} x {bar.column}: {verdict} ({wanted})"


def _cpu_verdict(outcome: Outcome) -> str:
    bar = outcome.contest.bar
    columns = _others(outcome) if bar is None else [bar.column]
    if bar is not None and not outcome.judged:
        return ""
    return ", ".join(f"{outcome.cpu_ratio(name):.2f} x {name}" for name in columns)


def _ratios(outcome: Outcome) -> dict[str, float]:
    return {column: outcome.ratio(column) for column in _others(outcome)}


def _others(outcome: Outcome) -> list[str]:
    if OURS not in outcome.rounds:
        return []
    return [column for column in outcome.rounds if column != OURS]
