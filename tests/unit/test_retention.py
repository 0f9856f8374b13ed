"""When a closed case is due for review."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.records import Outcome
from desktop.policy.agreements import RetentionRule, load_agreements
from desktop.policy.retention import (
    Bucket,
    bucket,
    months_in,
    period_words,
    review,
    review_date,
    rule_words,
    trigger_of,
)

CASES: list[dict[str, Any]] = [
    case
    for case in json.loads((Path(__file__).parent / "data" / "deadlines.json").read_text("utf-8"))
    if case["kind"] == "retention_date"
]


def rule(years: int, months: int = 0, **more: Any) -> RetentionRule:
    said = {"trigger": "letter_issued", "record": "Test", "authority": "Test", "source": "Test"}
    return RetentionRule(years=years, months=months, **(said | more))


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


@pytest.mark.parametrize(("years", "months"), [(8, 6), (1, 0), (0, 1), (0, 18), (12, 1), (0, 0)])
def test_the_period_of_a_rule_is_read_from_its_words(years: int, months: int) -> None:
    assert months_in(rule_words(rule(years, months))) == years * 12 + months


def test_the_shipped_agreements_keep_for_at_least_some_time() -> None:
    for agreement in load_agreements().all():
        assert review_date(agreement.retention, date(2017, 6, 14)) > date(2017, 6, 14)
        assert "after the" in rule_words(agreement.retention)
        assert agreement.retention.record
        assert agreement.retention.authority


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


def test_what_waits_for_longer_than_a_month_says_so_and_is_due_like_any_other() -> None:
    today = date(2018, 5, 15)
    assert bucket(date(2018, 6, 16), today, waits=True) == "waiting"
    assert bucket(date(2018, 6, 15), today, waits=True) == "soon"
    assert bucket(today, today, waits=True) == "due"


CLOSED = date(2024, 2, 29)


@pytest.mark.parametrize(
    ("trigger", "happened", "due_on"),
    [
        ("letter_issued", None, "2027-02-28"),
        ("case_closed", "2020-01-01", "2027-02-28"),
        ("debt_settled", None, "2030-02-28"),
        ("debt_settled", "2025-08-31", "2028-08-31"),
        ("debt_settled", "2020-08-31", "2027-02-28"),
        ("letter_sent", "2024-03-04", "2027-03-04"),
        ("share_code_expired", "2024-05-29", "2027-05-29"),
        ("agreement_withdrawn", None, "2030-02-28"),
        ("last_consulted", None, "2027-02-28"),
        ("last_consulted", "2026-12-31", "2029-12-31"),
    ],
)
def test_what_starts_a_timer_counts_from_its_day_and_never_from_before_the_closing(
    trigger: str, happened: str | None, due_on: str
) -> None:
    kept = rule(3, trigger=trigger, longstop_years=6)
    day = date.fromisoformat(happened) if happened else None
    assert review(kept, trigger, CLOSED, day, appealed=False) == date.fromisoformat(due_on)


def test_an_appeal_lengthens_and_never_shortens() -> None:
    kept = rule(3, appealed_years=6)
    assert review(kept, "letter_issued", CLOSED, CLOSED, appealed=True) == date(2030, 2, 28)
    assert review(kept, "letter_issued", CLOSED, CLOSED, appealed=False) == date(2027, 2, 28)
    assert review(rule(10), "letter_issued", CLOSED, CLOSED, appealed=True) == date(2034, 2, 28)


@pytest.mark.parametrize(
    ("trigger", "outcome", "answer", "expected"),
    [
        ("debt_settled", Outcome.STATUS, "reported", "debt_settled"),
        ("debt_settled", Outcome.STATUS, "not_yet", "letter_issued"),
        ("debt_settled", Outcome.REFUSED, "", "letter_issued"),
        ("debt_settled", Outcome.WITHDRAWN, "", "case_closed"),
        ("letter_issued", Outcome.WITHDRAWN, "", "case_closed"),
        ("letter_sent", Outcome.REJECTED, "reported", "letter_sent"),
        ("letter_sent", Outcome.WITHDRAWN, "reported", "case_closed"),
        ("last_consulted", Outcome.WITHDRAWN, "reported", "last_consulted"),
        ("agreement_withdrawn", Outcome.REFUSED, "reported", "agreement_withdrawn"),
    ],
)
def test_a_trigger_bears_on_what_it_is_about(trigger: str, outcome: Outcome, answer: str, expected: str) -> None:
    assert trigger_of(rule(3, trigger=trigger, answers=("reported",)), outcome, answer) == expected
