"""What must hold in an agreement's retention rule: periods that can be, and what its trigger needs to be told."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.policy.agreements_clockchecks import Mistake
from desktop.policy.agreements_format import Agreement
from desktop.policy.retention import WAITS_FOR

_LONGEST = 100


def retention_mistakes(agreement: Agreement) -> Iterator[Mistake]:
    """Of the retention rule."""
    rule = agreement.retention
    for name in ("record", "authority"):
        if not getattr(rule, name).strip():
            yield Mistake(("retention", name), "this cannot be empty.")
    for name in ("years", "months", "journal_years", "longstop_years", "appealed_years"):
        if not 0 <= getattr(rule, name) <= _LONGEST:
            yield Mistake(("retention", name), f"use a number from 0 to {_LONGEST}.")
    months = rule.years * 12 + rule.months
    if months == 0:
        yield Mistake(("retention", "years"), "a record cannot be due for review on the day it is closed.")
    if rule.appealed_years and rule.appealed_years * 12 <= months:
        yield Mistake(("retention", "appealed_years"), "use more than the usual period.")
    if (rule.trigger in WAITS_FOR) != bool(rule.longstop_years):
        said = "give the years after which a case is reviewed although it has not happened."
        missing = "this trigger always happens: leave the longstop out."
        yield Mistake(("retention", "longstop_years"), said if rule.trigger in WAITS_FOR else missing)
    elif rule.longstop_years and rule.longstop_years * 12 < max(months, rule.appealed_years * 12):
        yield Mistake(("retention", "longstop_years"), "use no less than the period itself.")
    for unknown in sorted(set(rule.answers) - {one.id for one in agreement.answers}):
        yield Mistake(("retention", "answers"), f"there is no answer “{unknown}”.")
    yield from _code(agreement)


def _code(agreement: Agreement) -> Iterator[Mistake]:
    rule = agreement.retention
    codes = rule.trigger == "share_code_expired"
    if codes != (1 <= rule.code_days <= 3650):
        words = "give the days for which a share code can be used." if codes else "this is for a share code alone."
        yield Mistake(("retention", "code_days"), words)
    field = agreement.field(rule.code_from) if rule.code_from else None
    if rule.code_from and (not codes or field is None or field.kind != "date"):
        yield Mistake(("retention", "code_from"), "name a field of the kind “date” that the form has.")
