"""The benchmark judges rightly and its app answers rightly; nothing here is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.__main__ import exit_status
from tests.benchmarks.apps import ours
from tests.benchmarks.contests import CONTESTS
from tests.benchmarks.load import Load
from tests.benchmarks.measure import Outcome
from tests.benchmarks.people import EMAIL
from tests.benchmarks.people import GREETING
from tests.benchmarks.people import sign_ups
from tests.benchmarks.report import as_json
from tests.benchmarks.report import table

SIGN_IN = next(contest for contest in CONTESTS if contest.name == "sign-in")


def loads(*per_second: float) -> list[Load]:
    """One round for each rate."""
    return [Load(int(rate), rate, 1.0, 2.0, 1000 / rate) for rate in per_second]


def test_a_bar_reached_exits_with_0() -> None:
    """Three times Node's sign-ins is enough."""
    outcome = Outcome(SIGN_IN, {"Node": loads(10, 10), "ours": loads(30, 31)})
    assert not outcome.missed
    assert exit_status([outcome]) == 0
    assert "3.05 x Node: reached (bar 3.00 x Node)" in table([outcome])


def test_a_bar_missed_exits_with_1() -> None:
    """Less than three times Node's sign-ins is not."""
    outcome = Outcome(SIGN_IN, {"Node": loads(10, 10), "ours": loads(29, 29)})
    assert outcome.missed
    assert exit_status([outcome]) == 1
    assert "2.90 x Node: MISSED (bar 3.00 x Node)" in table([outcome])


def test_rounds_are_compared_within_themselves() -> None:
    """A stretch in which the whole machine is slow leaves the ratio as it is."""
    outcome = Outcome(SIGN_IN, {"Node": loads(10, 2, 10), "ours": loads(32, 6.4, 32)})
    assert outcome.ratio("Node") == pytest.approx(3.2)


def test_a_busy_machine_is_told_of() -> None:
    """Half a core for one side makes the rates worth little; the reader learns it."""
    alone = Outcome(SIGN_IN, {"Node": loads(10), "ours": loads(40)})
    assert "busy" not in table([alone])
    sharing = Outcome(SIGN_IN, {"Node": [Load(5, 5, 1, 2, 100)], "ours": loads(40)})
    assert "a server had 50% of its core" in table([sharing])
    assert sharing.ratio("Node") == 8
    assert sharing.cpu_ratio("Node") == 4


def test_a_side_left_out_is_said_to_be_unmeasured() -> None:
    """Without Node there is nothing to compare with, and no bar is missed."""
    outcome = Outcome(SIGN_IN, {"ours": loads(29)})
    assert exit_status([outcome]) == 0
    assert "not measured (bar 3.00 x Node)" in table([outcome])


def test_json_holds_the_medians_and_every_round() -> None:
    """A program reads the same numbers as people do."""
    outcome = Outcome(SIGN_IN, {"Node": loads(10), "ours": loads(40)})
    assert as_json([outcome], versions={"python": "3"}) == {
        "versions": {"python": "3"},
        "contests": [
            {
                "name": "sign-in",
                "perSecond": {"Node": 10, "ours": 40},
                "cpuMs": {"Node": 100.0, "ours": 25.0},
                "coreShare": {"Node": 1.0, "ours": 1.0},
                "ratios": {"Node": 4.0},
                "cpuRatios": {"Node": 4.0},
                "bar": {"column": "Node", "at_least": 3.0},
                "missed": False,
                "rounds": {
                    "Node": [
                        {
                            "requests": 10,
                            "per_second": 10,
                            "p50_ms": 1.0,
                            "p99_ms": 2.0,
                            "cpu_ms": 100.0,
                        }
                    ],
                    "ours": [
                        {
                            "requests": 40,
                            "per_second": 40,
                            "p50_ms": 1.0,
                            "p99_ms": 2.0,
                            "cpu_ms": 25.0,
                        }
                    ],
                },
            }
        ],
    }


@pytest.mark.parametrize("cookie_cache", [True, False])
def test_our_app_greets_whoever_signed_up(tmp_path: Path, cookie_cache: bool) -> None:
    """The routes that are measured answer the signed in and refuse strangers."""
    app = ours.create_app(
        database=str(tmp_path / "app.db"),
        base_url="http://localhost",
        cookie_cache=cookie_cache,
    )
    client = app.test_client()
    assert client.get("/protected").status_code != 200
    signed_up = client.post("/api/auth/sign-up/email", json=sign_ups()[0])
    assert signed_up.status_code == 200
    assert client.get("/").text == GREETING
    assert client.get("/protected").text == GREETING
    assert client.get("/api/auth/get-session").json["user"]["email"] == EMAIL
