"""What the answers show by themselves: tests that an agreement sets for a criterion (``agreements_parts.Test``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from db.records import Answers
from desktop.policy.agreements import Criterion, Test
from desktop.policy.answers import text_of
from desktop.policy.clocks import add_months
from desktop.policy.dates import parse_date
from desktop.policy.identifiers import parse_money


def failed_tests(criterion: Criterion, answers: Answers) -> list[str]:
    """Why "met" cannot stand, one for each test that fails: fits "Criterion 3 is answered met, but …"."""
    return [one.why for one in criterion.tests if not _HOLDS[one.kind](one, answers)]


def _least(test: Test, answers: Answers) -> bool:
    amount, on = parse_money(text_of(answers.get(test.field))), parse_date(answers.get(test.dated_by))
    if amount is None or on is None:
        return True
    steps = [step.least for step in sorted(test.steps, key=lambda one: one.since) if step.since <= on]
    return bool(steps) and amount >= steps[-1]


def _older(test: Test, answers: Answers) -> bool:
    first, last = parse_date(answers.get(test.field)), parse_date(answers.get(test.until))
    return first is None or last is None or add_months(first, test.months) + timedelta(days=test.days) <= last


def _younger(test: Test, answers: Answers) -> bool:
    first, last = parse_date(answers.get(test.field)), parse_date(answers.get(test.until))
    return first is None or last is None or last <= add_months(first, test.months) + timedelta(days=test.days)


def _never_says(test: Test, answers: Answers) -> bool:
    said = text_of(answers.get(test.field)).casefold()
    return not any(re.search(rf"\b{re.escape(word.casefold())}", said) for word in test.words)


def _is(test: Test, answers: Answers) -> bool:
    value = text_of(answers.get(test.field))
    return not value or value in test.words


def _starts(test: Test, answers: Answers) -> bool:
    value = "".join(text_of(answers.get(test.field)).split()).upper()
    return not value or any(value.startswith(word.upper()) for word in test.words)


_HOLDS: Mapping[str, Callable[[Test, Answers], bool]] = {
    "least": _least,
    "older": _older,
    "younger": _younger,
    "never_says": _never_says,
    "is": _is,
    "starts": _starts,
}
