"""The original and we answer the same requests with the same responses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import needs
from tests.client import servers
from tests.client.differences import DIFFERENCES
from tests.client.differences import is_everywhere
from tests.client.normal_form import Names
from tests.client.normal_form import normal_form
from tests.client.scenarios import SCENARIOS
from tests.client.scenarios.configured import CHEAP
from tests.client.scenarios.configured import CONFIGURATIONS
from tests.client.steps import Scenario
from tests.client.steps import Send
from tests.client.visitor import Visitor

pytestmark = needs.node()


@dataclass(frozen=True, slots=True)
class Pair:
    """Both servers, each with every configuration."""

    original: dict[str, servers.Server]
    ours: dict[str, servers.Server]
    pool: ThreadPoolExecutor


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both servers run, each with an empty database per configuration."""
    theirs, mine = (tmp_path_factory.mktemp(name) for name in ("original", "ours"))
    with (
        servers.original(CONFIGURATIONS, folder=theirs, cheap=CHEAP) as original,
        servers.ours(CONFIGURATIONS, folder=mine, cheap=CHEAP) as ours,
        ThreadPoolExecutor(2) as pool,
    ):
        yield Pair(original, ours, pool)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_both_answer_the_same(scenario: Scenario, pair: Pair) -> None:
    """Every response is equal, but for the differences that are written down."""
    runs = [
        pair.pool.submit(_run, scenario, each[scenario.on])
        for each in (pair.original, pair.ours)
    ]
    theirs, ours = (run.result() for run in runs)
    intended = DIFFERENCES.get(scenario.name)
    found = _differing(theirs, ours)
    steps = [str(step) for step in scenario.steps if isinstance(step, Send)]
    told = {f"{number} {steps[number]}": found[number] for number in found}
    wanted = intended.found if intended else {}
    assert told == {f"{number} {steps[number]}": wanted[number] for number in wanted}


def test_every_difference_belongs_to_a_scenario() -> None:
    """No reason is given for something that nobody compares."""
    names = [scenario.name for scenario in SCENARIOS]
    assert len(names) == len(set(names))
    assert set(DIFFERENCES) <= set(names)


def _run(scenario: Scenario, server: servers.Server) -> list[dict[str, Any]]:
    """The normal forms of every answer, in order."""
    slug = re.sub(r"[^a-z0-9]+", "-", scenario.name.lower()).strip("-")[:60]
    names = Names()
    visitor = Visitor(server, _base_path(scenario.on), slug)
    forms = []
    for step in scenario.steps:
        if isinstance(step, Send):
            forms.append(normal_form(visitor.send(step), names))
        else:
            visitor.run(step)
    return forms


def _base_path(configuration: str) -> str:
    options = servers.merged(CONFIGURATIONS[configuration])
    path = urlsplit(options["baseURL"]).path or options.get("basePath", "/api/auth")
    return str(path).rstrip("/")


def _differing(
    theirs: list[dict[str, Any]], ours: list[dict[str, Any]]
) -> dict[int, dict[str, tuple[Any, Any]]]:
    """The fields that are not equal, by step."""
    found: dict[int, dict[str, tuple[Any, Any]]] = {}
    for number, (their, our) in enumerate(zip(theirs, ours, strict=True)):
        for name in their:
            both = (their[name], our[name])
            if their[name] != our[name] and not is_everywhere(name, both):
                found.setdefault(number, {})[name] = both
    return found
