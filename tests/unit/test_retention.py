"""When a closed case is due for review."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.policy.agreements import RetentionRule, load_agreements
from desktop.policy.retention import Bucket, bucket, period_words, review_date, rule_words

CASES: list[dict[str, Any]] = [
    case
    for case in json.loads((Path(__file__).parent / "data" / "deadlines.json").read_text("utf-8"))
    if case["kind"] == "retention_date"
]


def rule(years: int, months: int = 0) -> RetentionRule:
    return RetentionRule(years=years, months=months, trigger="letter_issued", source="Test")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_published_retention_date_comes_out(case: dict[str, Any]) -> None:
    found = review_date(rule(**case["params"]), date.fromisoformat(case["received"]))
    assert found.isoformat() == case["expected"], case["source"]


@pytest.mark.parametrize(
    ("years", "months", "started", "due_on"),
    [
        (3, 0, "2017-06-14", "2020-06-14"),
        (3, 0, "2016-02-29", "2019-02-28"),
        (4, 0, "2016-02-29", "2020-02-29"),
        (0, 1, "2017-01-31", "2017-02-28"),
        (0, 6, "2017-08-31", "2018-02-28"),
        (8, 6, "2017-12-31", "2026-06-30"),
        (20, 0, "2017-12-31", "2037-12-31"),
    ],
)
def test_the_end_of_a_month_is_kept_to(years: int, months: int, started: str, due_on: str) -> None:
    assert review_date(rule(years, months), date.fromisoformat(started)).isoformat() == due_on


def test_a_rule_in_words() -> None:
    assert rule_words(rule(3)) == "3 years after the letter is issued"
    assert rule_words(rule(3), "case_closed") == "3 years after the case is closed"
    assert period_words(rule(8, 6)) == "8 years and 6 months"
    assert period_words(rule(1)) == "1 year"
    assert period_words(rule(0, 1)) == "1 month"


def test_the_shipped_agreements_keep_for_at_least_some_time() -> None:
    for agreement in load_agreements().all():
        assert review_date(agreement.retention, date(2017, 6, 14)) > date(2017, 6, 14)
        assert "after the" in rule_words(agreement.retention)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        ("2000-01-01", "due"),
        ("2018-05-15", "due"),
        ("2018-05-16", "soon"),
        ("2018-06-15", "soon"),
        ("2018-06-16", "running"),
        ("2030-01-01", "running"),
    ],
)
def test_due_within_a_month_and_running_meet_without_a_gap(due_on: str, expected: Bucket) -> None:
    assert bucket(date.fromisoformat(due_on), date(2018, 5, 15)) == expected
