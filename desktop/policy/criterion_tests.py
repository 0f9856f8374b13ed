"""What the answers show by themselves: tests that an agreement sets for a criterion (``agreements_parts.Test``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from db.records import Answers
from desktop.policy.agreements import Criterion, Test
from desktop.policy.answers import text_of
from desktop.policy.clocks import add_months
from desktop.policy.dates import parse_date
from desktop.policy.identifiers import parse_money
from desktop.policy.nameless import is_no_code, names_someone


def failed_tests(criterion: Criterion, answers: Answers) -> list[str]:
    """Why "met" cannot stand, one for each test that fails: fits "Criterion 3 is answered met, but …"."""
    return [why for one in criterion.tests if (why := _TESTS[one.kind](one, answers))]


def _least(test: Test, answers: Answers) -> str:
    amount, on = parse_money(text_of(answers.get(test.field))), parse_date(answers.get(test.dated_by))
    if amount is None or on is None:
        return ""
    steps = [step.least for step in sorted(test.steps, key=lambda one: one.since) if step.since <= on]
    if not steps:
        return test.why_none
    return test.why if amount < steps[-1] else ""


def _older(test: Test, answers: Answers) -> str:
    first, last = parse_date(answers.get(test.field)), parse_date(answers.get(test.until))
    holds = first is None or last is None or add_months(first, test.months) + timedelta(days=test.days) <= last
    return "" if holds else test.why


def _younger(test: Test, answers: Answers) -> str:
    first, last = parse_date(answers.get(test.field)), parse_date(answers.get(test.until))
    holds = first is None or last is None or last <= add_months(first, test.months) + timedelta(days=test.days)
    return "" if holds else test.why


def _not_after(test: Test, answers: Answers) -> str:
    first, last = parse_date(answers.get(test.field)), parse_date(answers.get(test.until))
    return test.why if first is not None and last is not None and first > last else ""


def _full_date(test: Test, answers: Answers) -> str:
    value = answers.get(test.field)
    return test.why if value and parse_date(value) is None else ""


def _is(test: Test, answers: Answers) -> str:
    value = text_of(answers.get(test.field))
    return test.why if value and value not in test.words else ""


def _starts(test: Test, answers: Answers) -> str:
    value = "".join(text_of(answers.get(test.field)).split()).upper()
    return test.why if value and not any(value.startswith(word.upper()) for word in test.words) else ""


def _nameless(test: Test, answers: Answers) -> str:
    return test.why if names_someone(text_of(answers.get(test.field))) else ""


def _code(test: Test, answers: Answers) -> str:
    return test.why if is_no_code(text_of(answers.get(test.field))) else ""


_TESTS: Mapping[str, Callable[[Test, Answers], str]] = {
    "least": _least,
    "older": _older,
    "younger": _younger,
    "not_after": _not_after,
    "full_date": _full_date,
    "is": _is,
    "starts": _starts,
    "nameless": _nameless,
    "code": _code,
}
