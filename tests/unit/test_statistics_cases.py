"""Published statistics: rates, and tables that add up or do not, each with where it was published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop.policy.publishedtables import check_table
from desktop.policy.rates import average, rate

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "addresses_letters.json").read_text("utf-8"))


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(one, id=one["id"]) for one in CASES if one["kind"].startswith(kind)]


def test_the_cases_are_there() -> None:
    found = {one["id"] for one in CASES if one["kind"].startswith("stats_")}
    assert found == {"X120", "X122", "X123", "X124", "X125", "X126", "X127", "X129"}


@pytest.mark.parametrize("case", of_kind("stats_compliance_rate"))
def test_a_published_rate_is_the_one_that_its_counts_make(case: dict[str, Any]) -> None:
    whole = case["input"].get("responses", case["input"].get("received"))
    places = int(case["kind"].removesuffix("dp").rsplit("_", 1)[1])
    assert rate(case["input"]["on_time"], whole, places) == f"{case['expected']}%"


def requests_table(one: dict[str, Any]) -> str:
    return (
        "Period,Total received,On time,Permitted extension,Late,Closed without a response\n"
        f"{one['period']},{one['total']},{one['on_time']},{one['extended']},{one['late']},"
        f"{one['closed_without_response']}\n"
    )


def outcomes_table(one: dict[str, Any]) -> str:
    cells = ",".join(map(str, one["not_held_exempt_released_partial"]))
    return f"Period,Responded,Not held,Exempt,Released,Released in part\n{one['period']},{one['responded']},{cells}\n"


@pytest.mark.parametrize("case", of_kind("stats_reconcile"))
def test_a_published_table_that_does_not_reconcile_is_reported_with_its_cell(case: dict[str, Any]) -> None:
    table = requests_table if case["kind"] == "stats_reconcile_requests" else outcomes_table
    found = check_table(table(case["input"]).encode())
    assert found.sums == 1
    assert (found.faults == ()) is case["expected"]


def test_the_real_table_that_does_not_reconcile_names_its_cell() -> None:
    case = next(one for one in CASES if one["id"] == "X126")
    (fault,) = check_table(outcomes_table(case["input"]).encode()).faults
    assert fault == "Row 2, Jul-Sep, Responded: 58, but the other columns make 57."


@pytest.mark.parametrize(
    ("part", "whole", "places", "said"),
    [
        (0, 0, 1, "–"),
        (0, 3, 1, "0.0%"),
        (3, 3, 1, "100.0%"),
        (1, 3, 1, "33.3%"),
        (1, 16, 1, "6.3%"),  # 6.25: half a last place goes up
        (1, 8, 0, "13%"),
        (999, 1000, 0, "100%"),
    ],
)
def test_a_rate(part: int, whole: int, places: int, said: str) -> None:
    assert rate(part, whole, places) == said


def test_an_average() -> None:
    assert (average(7, 20), average(0, 20), average(1, 0)) == ("0.4", "0.0", "–")
